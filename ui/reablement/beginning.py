"""Reablement begun from the worklist: the person is found beside it, and the episode's page asks the rest."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from coordination.people.model import PersonRow
from ui import wording
from ui.desk import Desk
from ui.people.finder import PersonFinder
from ui.reablement.opening import OfPerson
from ui.widgets.basics import column, label
from ui.widgets.panels import SidePanel


class BeginPanel(SidePanel):
    """Hidden until somebody is looked for. Esc leaves it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Begin reablement", width=420)
        self._desk = desk
        self.finder: PersonFinder | None = None
        self.hide()

    def begin(self) -> None:
        """Ask who it is for; typing begins at once."""
        self.finder = PersonFinder(self._desk)
        self.finder.chosen.connect(self._chosen)
        part = QWidget()
        part.setLayout(column(label("Who is it for?", strong=True), self.finder, margins=(0, 0, 0, 0)))
        self.set_content(part)
        self.show()
        self.finder.field.setFocus()

    def _chosen(self, row: PersonRow) -> None:
        """Whoever has an open episode is shown it: the page sees to that."""
        self.hide()
        self._desk.go.to("episode", OfPerson(row.id, wording.name(row.surname, row.given, row.title)))
