"""Somebody was faster: what one saw and what stands now, side by side, with who and when; one key goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from coordination.intake.model import Referral, ReferralEvent
from coordination.intake.versions import Changed, Version, changed
from ui import wording
from ui.intake import words
from ui.intake.move_forms import MoveForm
from ui.style import theme
from ui.widgets.basics import label, rule

CAPTIONS = {
    "state": "State",
    "holder": "Who has it",
    "service": "For",
    "urgency": "Urgency",
    "place": "Goes to",
    "due_at": "Due",
    "paused": "Paused",
    "asked_at": "Information",
    "moft_at": "Medically optimised",
    "responded_at": "First response",
    "person_id": "Whom it is about",
}
_VERBS = {"Claimed": "Claim", "Accepted": "Accept", "Released": "Release", "Its clocks run on,": "Run on"}


class BothVersions(QWidget):
    """A line a field: what was seen, what stands now, and under it by whom."""

    def __init__(self, lines: Sequence[Changed], now: datetime, me: str) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(0.5))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for place, said in enumerate(("You saw", "Stands now"), start=1):
            grid.addWidget(label(said, size="small", quiet=True), 0, place)
        for number, each in enumerate(lines):
            line = 1 + number * 3
            saw, stands = value_words(each.field, each.saw, now), value_words(each.field, each.now, now)
            by = _by(each.event, now, me)
            caption = label(CAPTIONS[each.field], quiet=True, wrap=True)
            cells = (caption, label(saw, wrap=True), label(stands, strong=True, wrap=True))
            cells[2].setAccessibleName(f"{CAPTIONS[each.field]}: you saw {saw}, now it is {stands}. {by}")
            grid.addWidget(rule(), line, 0, 1, 3)
            for place, cell in enumerate(cells):
                grid.addWidget(cell, line + 1, place, Qt.AlignmentFlag.AlignTop)
            if by:
                grid.addWidget(label(by, size="small", quiet=True, wrap=True), line + 2, 2)


class AgainForm(MoveForm):
    """A move that asks for no words met a change: nothing to fill in, one key does it all the same.

    ``said``: what is said when it is done, as ``Claimed``."""

    def __init__(self, number: int, said: str, do: Callable[[], object], leave: Callable[[], object]) -> None:
        verb = _VERBS.get(said, "Do it")
        super().__init__(f"{verb} no. {number}?", f"{verb} all the same", lambda _values: do(), leave)
        self.form.hide()

    def start(self) -> None:
        self.confirm.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go()
        else:
            super().keyPressEvent(event)


def lay_beside(
    form: MoveForm, saw: Version, stands: Referral, events: Sequence[ReferralEvent], now: datetime, me: str
) -> None:
    """Into a form that met a change. What is typed in it stays; sent again it is about what stands now."""
    lines = changed(saw, stands, events)
    last = events[-1] if events else None
    told = words.event(last, None) if last is not None else ""
    at = f", {words.when(last.at, now)}" if last is not None else ""
    said = f"No. {stands.number} was changed meanwhile."
    form.stands = stands
    form.say_changed(f"{said} {told}{at}." if told else said, stands.revision)
    form.show_beside(BothVersions(lines, now, me) if lines else None)


def value_words(field: str, value: Any, now: datetime) -> str:
    """What a field holds, as it is read."""
    match field:
        case "state":
            return words.STATES[value]
        case "holder":
            return value or "Nobody"
        case "urgency":
            return words.URGENCIES[value]
        case "place":
            parts = [part for part in (value[0], words.LOCALITIES.get(value[1] or "")) if part]
            return ", ".join(parts) or wording.NOT_KNOWN
        case "due_at":
            return wording.near_time(value, now)
        case "paused":
            return f"{words.pause_name(value[0])}, until {words.when(value[1], now)}" if value else "Runs"
        case "asked_at":
            return f"Asked for {words.when(value, now)}" if value else "Nothing is asked for"
        case "moft_at":
            return f"Since {words.when(value, now)}" if value else "No"
        case "responded_at":
            return f"Made {words.when(value, now)}" if value else "Not made"
        case "person_id":
            return "Named: open the record" if value else "Nobody knows yet"
    return str(value)


def _by(event: ReferralEvent | None, now: datetime, me: str) -> str:
    if event is None:
        return ""
    return f"{'You' if event.by == me else event.by_name}, {words.when(event.at, now)}"
