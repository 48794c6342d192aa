"""A stay on its way over the apartment board: what is free lights up, the rest says why not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from coordination.values import DateRange
from ui import wording
from ui.apartments import board_words, layout
from ui.apartments.painting_brush import LEFT, Brush
from ui.style import theme

if TYPE_CHECKING:
    from ui.apartments.board_carry import Carry
    from ui.apartments.painting_view import BoardView


class CarriedPart(Brush):
    """Painted over a picture of the board as it stands."""

    view: BoardView
    laid: layout.Layout
    box: QRectF
    gutter: float
    head: float
    seen: DateRange

    def x(self, day: date) -> float:
        raise NotImplementedError

    def paint_carried(self, carry: Carry) -> None:
        """The stay where it would go, and what there is to say of each apartment."""
        self.p.setClipRect(self.box.adjusted(self.gutter, self.head, 0, 0))
        for line in self.laid.flats:
            if carry.part == "whole" or (line.apartment is not None and line.apartment.id == carry.apartment):
                self._row_of(carry, line)
        over = self.laid.line_of.get(carry.apartment)
        if over is not None:
            self._ghost(carry, over)
        self.p.setClipping(False)

    def _row_of(self, carry: Carry, line: layout.Line) -> None:
        assert line.apartment is not None
        for days in carry.openings(line.apartment.id):
            if days.end > self.seen.start and days.start < self.seen.end:
                self._lit(days, line)
        if line.apartment.id != carry.apartment:
            found = carry.why_not(line.apartment.id)
            if found:
                self._says(line, board_words.short(found[0]))

    def _lit(self, days: DateRange, line: layout.Line) -> None:
        shown = DateRange(max(days.start, self.seen.start), min(days.end, self.seen.end))
        box = self.view.days_box(shown, line)
        self.p.setOpacity(0.55)
        self.fill(box, "soft:ok")
        self.p.setOpacity(1)
        self.fill(QRectF(box.left(), box.bottom() - theme.px(2), box.width(), theme.px(2)), "tone:ok")

    def _says(self, line: layout.Line, says: str) -> None:
        """Why these days are not free there."""
        box = self.view.days_box(self.seen, line)
        width = min(self.width(says) + theme.px(30), self.box.width() - self.gutter - theme.px(16))
        chip = QRectF(self.gutter + theme.px(8), box.center().y() - theme.px(10), width, theme.px(20))
        self.rounded(chip, "surface", "line")
        self.mark_and_words(chip, "prohibit", says, "text")

    def _ghost(self, carry: Carry, line: layout.Line) -> None:
        box = self.view.days_box(carry.period, line)
        tone = "ok" if carry.is_open else "red"
        self.p.setOpacity(0.92)
        self.rounded(box, f"soft:{tone}", f"tone:{tone}", width=2)
        self.p.setOpacity(1)
        seen = QRectF(box)
        seen.setLeft(max(box.left(), self.gutter))
        self.words(seen.adjusted(theme.px(7), 0, -theme.px(3), 0), board_words.name(carry.stay), f"tone:{tone}", LEFT,
                   strong=True)  # fmt: skip
        self._caption(carry, box, tone)

    def _caption(self, carry: Carry, box: QRectF, tone: str) -> None:
        says = caption(carry)
        room = self.box.width() - self.gutter - theme.px(12)
        width = min(self.width(says, strong=True) + theme.px(36), room)
        left = min(max(self.gutter + theme.px(4), box.left()), self.box.width() - width - theme.px(8))
        top = box.bottom() + theme.px(4)
        if top + theme.px(26) > self.box.height():
            top = box.top() - theme.px(30)
        chip = QRectF(left, top, width, theme.px(26))
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.rounded(chip, f"fill:{tone}")
        self.mark_and_words(chip, "check" if carry.is_open else "prohibit", says, f"on-fill:{tone}", strong=True)


def caption(carry: Carry) -> str:
    """``3 Dec to 30 Dec, 28 days``; then why not, or that somebody else has changed it."""
    days = wording.count(carry.period.days, "day")
    parts = [f"{_near(carry.period.start)} to {_near(carry.period.last)}, {days}"]
    if carry.changed:
        parts.append("somebody has just changed this stay: Esc, and look again")
    elif carry.in_the_way:
        parts.append(board_words.short(carry.in_the_way[0]))
        if carry.partner is not None:
            parts.append("set it down to change places")
    return "; ".join(parts)


def _near(day: date) -> str:
    """``3 Dec``: the year stands at the head of the board."""
    return f"{day.day} {day:%b}"
