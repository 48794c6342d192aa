"""What of the apartment board scrolls with the days: grid, stays with their marks at day 28, 35 and 42, days."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from coordination.apartments import rules
from coordination.apartments.model import Pause, Stay
from coordination.values import ApartmentId, DateRange
from ui.apartments import board_words, layout
from ui.apartments.painting_brush import CENTRE, LEFT, RIGHT, Brush
from ui.style import theme, tokens

AGAINST, NO_CLEANING = "scales", "sparkle"
"""Booked against what the scheme takes; struck out: no room for the cleaning that should follow."""
_MONTHS = tuple(calendar.month_name)[1:]


def look_of(stay: Stay, today: date) -> tuple[str, str]:
    """Tone and mark of a stay. Amber from day 28, red past day 42 while the person is there: colour kept for time."""
    if stay.hidden:
        return "neutral", "lock-simple"
    if stay.kind != "stay":
        look = tokens.state(stay.kind)
        return look.tone, look.mark
    if stay.state == "ended":
        return "neutral", "check"
    day = rules.day_of_stay(stay, today)
    if day is not None and stay.state == "in_stay":
        if day > rules.SIX_WEEKS:
            return "red", "warning-octagon-fill"
        if day >= rules.MARKS[0]:
            return "amber", "timer"
    look = tokens.state("stay" if stay.state == "in_stay" else "booked")
    return look.tone, look.mark


class Strip(Brush):
    """Some days of the board, painted from their own left edge: a picture that is kept while one scrolls."""

    def __init__(
        self, painter: QPainter, laid: layout.Layout, today: date, free: dict[ApartmentId, DateRange], days: DateRange
    ) -> None:
        super().__init__(painter)
        self.laid, self.today, self.free, self.days = laid, today, free, days
        self.left = theme.px(laid.left(days.start))
        self.p.setRenderHint(QPainter.RenderHint.TextAntialiasing)

    def x(self, day: date) -> float:
        return float(theme.px(self.laid.left(day)) - self.left)

    def days_box(self, days: DateRange, line: layout.Line) -> QRectF:
        """As the board's own, in pixels of this strip."""
        left, right = self.x(days.start), self.x(days.end)
        top, height = theme.px(line.top + 4), theme.px(line.height - 8)
        return QRectF(left + 1, top, max(2.0, right - left - 2), height)

    def body(self) -> None:
        """Grid and everything that stands on it."""
        wide, high = self.x(self.days.end), theme.px(self.laid.height)
        self.fill(QRectF(0, 0, wide, high), "surface")
        self.grid(QRectF(0, 0, wide, high))
        for line in self.laid.lines:
            top, height = theme.px(line.top), theme.px(line.height)
            if line.heading:
                self.fill(QRectF(0, top, wide, height), "sunken")
            self.fill(QRectF(0, top + height - 1, wide, 1), "line")
        for line in self.laid.flats:
            self._row(line)
        self.today_line(QRectF(0, 0, wide, high))

    def grid(self, box: QRectF) -> None:
        """Weekends, weeks, months."""
        width = theme.px(self.laid.day_width)
        for day in self.days:
            if day.weekday() >= 5 and self.laid.day_width >= 5:
                self.fill(QRectF(self.x(day), box.top(), width, box.height()), "ground")
            if day.weekday() == 0 and self.laid.day_width >= 8:
                self.fill(QRectF(self.x(day), box.top(), 1, box.height()), "line")
            if day.day == 1 and self.laid.day_width < 8:
                self.fill(QRectF(self.x(day), box.top(), 1, box.height()), "line")

    def today_line(self, box: QRectF) -> None:
        if self.today in self.days:
            self.fill(QRectF(self.x(self.today), box.top(), max(2, theme.px(2)), box.height()), "accent")

    # ------------------------------------------------------------------ rows

    def _row(self, line: layout.Line) -> None:
        assert line.apartment is not None
        for pause in self.laid.board.pauses_of(line.apartment.id):
            self._pause(pause, line)
        offered = self.free.get(line.apartment.id)
        if offered is not None:
            self._offer(offered, line)
        for stay in self.laid.seen(line.apartment.id, self.days.start, self.days.end):
            self.stay(stay, self.days_box(stay.period, line))

    def _pause(self, pause: Pause, line: layout.Line) -> None:
        """Takes nobody in: a band behind what stands there, with its reason where there is room."""
        end = min(pause.end or self.laid.board.days.end, self.laid.board.days.end)
        start = max(pause.start, self.laid.board.days.start)
        if end <= start or end <= self.days.start or start >= self.days.end:
            return
        band = self.days_box(DateRange(start, end), line).adjusted(-1, -3, 1, 3)
        self.p.setPen(Qt.PenStyle.NoPen)
        self.p.fillRect(band, QBrush(theme.colour("soft:amber")))
        self.p.setOpacity(0.35)
        self.p.fillRect(band, QBrush(theme.colour("tone:amber"), Qt.BrushStyle.FDiagPattern))
        self.p.setOpacity(1)
        self.mark_and_words(band, "door", f"Not accepting: {pause.reason}", "tone:amber")

    def _offer(self, days: DateRange, line: layout.Line) -> None:
        """The days offered for the referral that is chosen at the side."""
        box = self.days_box(days, line)
        self.rounded(box, "soft:yours", "tone:yours", dashed=True)
        self.words(box.adjusted(theme.px(8), 0, -theme.px(4), 0), "free", "tone:yours", LEFT)

    def stay(self, stay: Stay, box: QRectF, seen: QRectF | None = None) -> None:
        """One bar; what is written on it stands in ``seen``, the part of it that is in sight."""
        tone, mark = look_of(stay, self.today)
        solid = stay.kind == "stay" and stay.state == "in_stay"
        outlined = stay.kind == "stay" and not stay.hidden and not solid
        self.rounded(box, f"{'fill' if solid else 'soft'}:{tone}", f"tone:{tone}" if outlined else "")
        if stay.kind != "stay" or stay.hidden:
            self.p.setBrush(QBrush(theme.colour(f"tone:{tone}"), Qt.BrushStyle.BDiagPattern))
            self.p.setPen(Qt.PenStyle.NoPen)
            self.p.setOpacity(0.22)
            self.p.drawRoundedRect(box, theme.px(4), theme.px(4))
            self.p.setOpacity(1)
        ink = f"{'on-fill' if solid else 'tone'}:{tone}"
        self._marks(stay, box, ink)
        if (
            stay.kind == "stay"
            and stay.state == "booked"
            and self.laid.board.pause_on(stay.apartment_id, stay.period.start)
        ):
            mark, ink = "warning", "tone:amber"
        self._name(stay, QRectF(box if seen is None else seen), ink, mark)

    def _name(self, stay: Stay, seen: QRectF, ink: str, mark: str) -> None:
        if stay.id in self.laid.without_turnaround:
            self._at_the_right(seen, NO_CLEANING, ink, struck=True)
        if stay.overridden:
            self._at_the_right(seen, AGAINST, ink)
        day = rules.day_of_stay(stay, self.today) if stay.state == "in_stay" else None
        if day is not None:
            words = f"day {day}"
            wide = self.width(words, strong=True)
            if seen.width() > wide + theme.px(90):
                self.words(seen.adjusted(0, 0, -theme.px(5), 0), words, ink, RIGHT, strong=True)
                seen.setRight(seen.right() - wide - theme.px(8))
        if stay.continues is not None:
            mark = "arrow-bend-down-right"
        self.mark_and_words(seen, mark, board_words.caption(stay), ink, strong=True)

    def _at_the_right(self, seen: QRectF, mark: str, ink: str, *, struck: bool = False) -> None:
        """A mark at the right end; what is left of ``seen`` is for the words."""
        side = theme.px(14)
        if seen.width() < side + theme.px(22):
            return
        box = QRectF(seen.right() - side - theme.px(4), seen.center().y() - side / 2, side, side)
        self.icon(box, mark, ink)
        if struck:
            self.strike(box, ink)
        seen.setRight(box.left() - theme.px(2))

    def _marks(self, stay: Stay, box: QRectF, ink: str) -> None:
        """Ticks at day 28, 35 and 42 (N3), at the foot of the bar."""
        if stay.kind != "stay" or stay.hidden:
            return
        for day in rules.mark_days(stay).values():
            if day in stay.period:
                x = self.x(day) + theme.px(self.laid.day_width) / 2
                self.fill(QRectF(x, box.bottom() - theme.px(6), max(2, theme.px(2)), theme.px(6)), ink)

    # ------------------------------------------------------------------ days

    def head(self) -> None:
        """Months and days."""
        high, width = theme.px(layout.HEAD), theme.px(self.laid.day_width)
        half = high / 2
        self.fill(QRectF(0, 0, self.x(self.days.end), high), "surface")
        self.fill(QRectF(0, high - 1, self.x(self.days.end), 1), "line")
        first = self.days.start.replace(day=1)
        while first < self.days.end:
            end = (first + timedelta(days=32)).replace(day=1)
            begins = max(first, self.laid.board.days.start)
            self.month(first, QRectF(self.x(begins), 0, self.x(end) - self.x(begins), half))
            first = end
        for day in self.days:
            self._day_number(day, QRectF(self.x(day), half, width, half))

    def month(self, first: date, box: QRectF) -> None:
        """The name of a month in as much room as there is."""
        room = box.adjusted(theme.px(6), 0, -theme.px(2), 0)
        month, year = _MONTHS[first.month - 1], f" {first.year}"
        if room.width() < theme.px(88):
            month, year = month[:3], year if room.width() > theme.px(62) else ""
        if room.width() > theme.px(22):
            self.words(room, f"{month}{year}", "text", LEFT, strong=True)

    def _day_number(self, day: date, box: QRectF) -> None:
        if day == self.today:
            wide = max(box.width(), theme.px(20))
            self.rounded(QRectF(box.center().x() - wide / 2, box.top() + 1, wide, box.height() - 4), "accent")
            number = box.adjusted(-theme.px(8), -2, theme.px(8), 0)
            self.words(number, str(day.day), "on-accent", CENTRE, strong=True)
        elif self.laid.day_width >= 18 or (self.laid.day_width >= 5 and day.weekday() == 0):
            role = "text-quiet" if day.weekday() < 5 else "text-off"
            self.words(box.adjusted(-theme.px(8), 0, theme.px(8), 0), str(day.day), role, CENTRE)
