"""The left of the page: who is at the desks now, by locality, and the handovers that wait."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QWidget

from coordination.duty import rules
from coordination.duty.model import DeskShift, Offered
from ui import wording
from ui.duty import words
from ui.duty.watch import DutyWatch
from ui.widgets.basics import LinkLabel, column, label, row
from ui.widgets.panels import Section

ORDER = ("north", "central", "south", None)


class WhoIsThere(QWidget):
    """Built anew when somebody comes or goes: some tens of lines at most."""

    def __init__(
        self, watch: DutyWatch, see: Callable[[UUID], object], ended_for: Callable[[DeskShift], object]
    ) -> None:
        super().__init__()
        self._watch, self._see, self._ended_for = watch, see, ended_for
        self.may_end: Callable[[DeskShift], bool] = lambda _shift: False
        self.lines: list[str] = []
        self._body = column(gap=0)
        self.setLayout(self._body)

    def show_there(self) -> None:
        """As the watch has it."""
        while self._body.count():
            taken = self._body.takeAt(0)
            old = taken.widget() if taken is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self.lines = []
        inside: list[QWidget | int | None] = []
        waiting = self._watch.there.offered
        if waiting:
            inside.append(self._waiting(waiting))
            inside.append(3)
        for code in ORDER:
            shifts = [s for s in self._watch.there.shifts if s.locality == code]
            if shifts or code is not None:
                inside.append(self._place(code, shifts))
        whole = QWidget()
        whole.setLayout(column(*inside, None, gap=3, margins=(6, 4, 4, 4)))
        self._body.addWidget(whole)

    def _waiting(self, offers: tuple[Offered, ...]) -> QWidget:
        section = Section("Handovers not accepted")
        for offer in offers:
            lying = self._watch.is_lying(offer)
            to = f"{words.what(offer)} to {words.to_whom(offer.to_name, offer.locality)}"
            to += f", waiting {wording.length(self._watch.now - offer.signed_at)}" if lying else ""
            self.lines.append(f"{offer.from_name}: {to}")
            see = partial(self._see, offer.id)
            section.add(_named(offer.from_name, "See it", see, f"See the handover of {offer.from_name}"))
            section.add(label(to, quiet=not lying, tone="amber" if lying else "", size="small", wrap=True))
        return section

    def _place(self, code: str | None, shifts: list[DeskShift]) -> QWidget:
        section = Section(f"{words.place(code)}  {len(shifts) or ''}".strip())
        if not shifts:
            section.add(label("Nobody on shift", quiet=True, size="small"))
        for shift in shifts:
            section.add(self._colleague(shift))
        return section

    def _colleague(self, shift: DeskShift) -> QWidget:
        now = self._watch.now
        said = words.at_desk(shift, now)
        self.lines.append(f"{shift.user_name}: {said}")
        away = shift.on_break is not None or rules.is_forgotten(shift, now)
        line = label(said, quiet=not away, size="small", tone="amber" if away else "", wrap=True)
        name: QWidget = label(shift.user_name, strong=True, wrap=True)
        if self.may_end(shift):
            name = _named(
                shift.user_name, "End…", partial(self._ended_for, shift), f"End the shift of {shift.user_name}"
            )
        made = QWidget()
        made.setAccessibleName(f"{shift.user_name}, {said}")
        made.setLayout(column(name, line, gap=0.5, margins=(0, 0, 0, 1)))
        return made


def _named(name: str, verb: str, do: Callable[[], object], about: str) -> QWidget:
    """A name, and beside it what can be done."""
    made = QWidget()
    link = LinkLabel(verb, do)
    link.setAccessibleName(about)
    made.setLayout(row(label(name, strong=True, wrap=True), None, link, gap=0))
    return made
