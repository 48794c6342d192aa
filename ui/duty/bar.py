"""The quiet bar above the pages: start a shift, end one that was forgotten, come back from a break. Never a box."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from coordination.clock import LONDON
from coordination.duty.model import DeskShift, Offered
from ui import wording
from ui.duty import words
from ui.style import icons, theme
from ui.widgets.basics import button, icon_button, label, restyle, row
from ui.widgets.dates import TimeEdit

START, FORGOTTEN, BREAK, HANDED = "start", "forgotten", "break", "handed"


class DutyBar(QFrame):
    """One line with one thing to do. ``show_*`` says what; ``dismissed`` keeps it away until there is another."""

    def __init__(
        self, start: Callable[[], object], left: Callable[[time], object], back: Callable[[], object],
        see: Callable[[Offered], object],
    ) -> None:  # fmt: skip
        super().__init__()
        self.kind = ""
        self._do_start, self._do_left, self._do_back, self._do_see = start, left, back, see
        self._dismissed: set[object] = set()
        self._key: object = None
        self._offer: Offered | None = None
        self._picture = QLabel()
        self._said = label("", wrap=False)
        self.when = TimeEdit()
        self.when.setAccessibleName("When did you leave?")
        self.act: QPushButton = button("", self.go)
        self._cross = icon_button("x", "Not now", self.dismiss)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "below")
        self.setLayout(
            row(self._picture, self._said, self.when, self.act, None, self._cross, gap=3, margins=(6, 1, 2, 1))
        )
        theme.hub().changed.connect(self._draw)
        self.hide()

    def show_start(self, until: str, key: object) -> None:
        """Offer to begin a shift."""
        self._put(START, "You have no shift open.", f"Start, until {until}  (F9)", key, "clock")

    def show_forgotten(self, shift: DeskShift) -> None:
        """Ask when a shift that was never ended was over."""
        began = f"{wording.weekday(shift.started_at.astimezone(LONDON).date())} {wording.clock_time(shift.started_at)}"
        said = f"You did not end the shift of {began}. When did you leave?"
        if self.kind != FORGOTTEN or self._key != shift.id:
            self.when.set_value(shift.planned_end.astimezone(LONDON).time().replace(second=0, microsecond=0))
        self._put(FORGOTTEN, said, "End it there", shift.id, "warning-circle", stays=True)

    def show_break(self, shift: DeskShift, over: bool) -> None:
        """On a break: the way back."""
        pause = shift.on_break
        assert pause is not None
        said = f"On a break until {wording.clock_time(pause.planned_end)}."
        if pause.cover_name:
            said += f" {pause.cover_name} looks after what you hold."
        self._put(
            BREAK, said + (" It is over." if over else ""), "Back at the desk  (Shift+F9)", pause.id, "coffee", True
        )

    def show_handed(self, offer: Offered, said: str) -> None:
        """Somebody hands over to me."""
        self._offer = offer
        self._put(HANDED, said, "See it  (F9)", (offer.id, "handed"), "handshake")

    def rest(self) -> None:
        """Nothing to say."""
        self.kind, self._key = "", None
        self.hide()

    def _put(self, kind: str, said: str, verb: str, key: object, mark: str, stays: bool = False) -> None:
        self.kind, self._key, self._mark = kind, key, mark
        self._said.setText(said)
        self.setAccessibleName(said)
        self.when.setVisible(kind == FORGOTTEN)
        self.act.setText(verb)
        self._cross.setVisible(not stays)
        restyle(self)
        self._draw()
        self.setVisible(key not in self._dismissed)

    def _draw(self) -> None:
        if self.kind:
            self._picture.setPixmap(icons.pixmap(self._mark, "text-quiet", 18, self.devicePixelRatioF()))

    def go(self) -> None:
        """Do what the bar offers."""
        if self.kind == START:
            self._do_start()
        elif self.kind == BREAK:
            self._do_back()
        elif self.kind == HANDED and self._offer is not None:
            self._do_see(self._offer)
        elif self.kind == FORGOTTEN and self.when.good and self.when.value is not None:
            self._do_left(self.when.value)
        elif self.kind == FORGOTTEN:
            self.when.setFocus()

    def dismiss(self) -> None:
        """Not now: the top bar and the page Shift offer it all the same."""
        self._dismissed.add(self._key)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)


def handed_words(offer: Offered, mine: bool) -> str:
    """``Nadia Hussain hands 4 items over to you.``"""
    what = wording.count(offer.waiting, "item") if offer.waiting else "a note"
    return f"{offer.from_name} hands {what} over to {'you' if mine else words.to_whom(None, offer.locality)}."
