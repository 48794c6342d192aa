"""For whom something is ordered, found as one types, before what they need is asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from coordination.people.model import PersonRow
from ui import wording
from ui.desk import Desk
from ui.equipment.ordering import OrderFor
from ui.people.finder import PersonFinder
from ui.widgets.basics import column


class WhoFirst(QWidget):
    """Find the person; then ``then`` is called with who it is for."""

    def __init__(self, desk: Desk, then: Callable[[OrderFor], object]) -> None:
        super().__init__()
        self._finder = PersonFinder(desk)
        self._finder.chosen.connect(lambda found: then(_for(found)))
        self.setLayout(column(self._finder))

    def begin(self) -> None:
        self._finder.field.setFocus()


def _for(found: PersonRow) -> OrderFor:
    return OrderFor(found.id, wording.name(found.surname, found.given, found.title))
