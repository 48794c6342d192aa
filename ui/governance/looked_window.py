"""The answer for the person, to look at before it is printed: ordinary or large print, with or without names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.governance.looked import Looking
from coordination.governance.looked_service import LookedAt
from ui.desk import Desk
from ui.sheets.window import PaperWindow, Taken
from ui.widgets.chips import SegmentedChoice

PRINTS = (("plain", "Ordinary print"), ("large", "Large print"))
NAMES = (("roles", "Jobs and teams"), ("names", "With names"))


class LookedPaper(PaperWindow):
    """What is on the page, filtered as it is there."""

    def __init__(
        self, parent: QWidget, desk: Desk, found: LookedAt, lookings: Sequence[Looking], period: tuple[date, date]
    ) -> None:
        self._found, self._lookings, self._period = found, list(lookings), period
        self.size_of_print = SegmentedChoice(PRINTS, "plain", "Print")
        self.names = SegmentedChoice(NAMES, "roles", "Staff")
        file = f"{local_date(desk.clock.now()).isoformat()} who has looked"
        super().__init__(
            parent, desk, "Who has looked, for the person", file, None, self._note,
            choices=(self.size_of_print, 1, self.names, 2),
        )  # fmt: skip
        for choice in (self.size_of_print, self.names):
            choice.changed.connect(lambda _value: self.make())
        self.make()

    def make(self) -> None:
        """Make what is chosen."""
        large, named = self.size_of_print.value == "large", self.names.value == "names"
        made = local_date(self.desk.clock.now())

        def pdf() -> bytes:
            from ui.governance.looked_paper import pdf

            return pdf(self._found, self._lookings, self._period, made, large=large, named=named)

        self.show_made(pdf)

    def _note(self, taken: Taken) -> None:
        person = self._found.person.id
        form = "paper" if taken == "print" else "pdf"
        self.desk.services.looks.note_people(taken, "audit_trail", str(person), form, [person])
