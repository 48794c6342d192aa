"""How the apartment board is painted: grid, gutter, stays with their marks at day 28, 35 and 42."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from coordination.apartments import rules
from coordination.apartments.model import Apartment, Pause, Stay
from coordination.values import ApartmentId, DateRange
from ui import wording
from ui.apartments import board_words, layout
from ui.apartments.messages import SCHEME_WORDS
from ui.apartments.painting_brush import CENTRE, LEFT, RIGHT, Brush
from ui.apartments.painting_carried import CarriedPart
from ui.style import theme, tokens

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


class BoardView(Protocol):
    """What the painter asks of the widget that it paints for."""

    today: date

    @property
    def apartment(self) -> Apartment | None: ...
    @property
    def day(self) -> date | None: ...
    @property
    def stay(self) -> Stay | None: ...
    @property
    def days_seen(self) -> DateRange | None: ...
    def hasFocus(self) -> bool: ...
    def origin(self) -> QPointF: ...
    def days_box(self, days: DateRange, line: layout.Line) -> QRectF: ...
    def viewport(self) -> Any: ...
    def horizontalScrollBar(self) -> Any: ...


class BoardPainter(CarriedPart, Brush):
    """One painting of the board. Only what can be seen is painted."""

    def __init__(
        self, painter: QPainter, view: BoardView, laid: layout.Layout, free: dict[ApartmentId, DateRange]
    ) -> None:
        super().__init__(painter)
        self.view, self.laid, self.free = view, laid, free
        self.box = QRectF(view.viewport().rect())
        self.at = view.origin()
        self.head, self.gutter = theme.px(layout.HEAD), theme.px(layout.GUTTER)
        self.seen = view.days_seen or laid.board.days
        self.days = [day for day in self.seen if day in laid.board.days]
        self.p.setRenderHint(QPainter.RenderHint.TextAntialiasing)

    def paint(self, exposed: QRectF | None = None) -> None:
        self.fill(self.box if exposed is None else exposed, "surface")
        self.p.setClipRect(self.box.adjusted(self.gutter, self.head, 0, 0))
        lines = [ln for ln in self.laid.lines if self._top(ln) < self.box.height() and self._foot(ln) > self.head]
        self._grid(lines)
        for line in lines:
            if line.apartment is not None:
                self._row(line, line.apartment)
        self._today_line()
        self._place()
        self.p.setClipRect(QRectF(0, self.head, self.box.width(), self.box.height()))
        self._gutter(lines)
        self.p.setClipping(False)
        self._head()

    def _top(self, line: layout.Line) -> float:
        return self.at.y() + theme.px(line.top)

    def _foot(self, line: layout.Line) -> float:
        return self._top(line) + theme.px(line.height)

    def x(self, day: date) -> float:
        return self.at.x() + theme.px(self.laid.left(day))

    # ------------------------------------------------------------------ rows

    def _grid(self, lines: list[layout.Line]) -> None:
        width, height = theme.px(self.laid.day_width), self.box.height()
        for day in self.days:
            if day.weekday() == 5 and self.laid.day_width >= 5:
                self.fill(QRectF(self.x(day), self.head, 2 * width, height), "ground")
            if day.weekday() == 0 and self.laid.day_width >= 8:
                self.fill(QRectF(self.x(day), self.head, 1, height), "line")
            if day.day == 1 and self.laid.day_width < 8:
                self.fill(QRectF(self.x(day), self.head, 1, height), "line")
        for line in lines:
            if line.heading:
                self.fill(QRectF(self.gutter, self._top(line), self.box.width(), theme.px(line.height)), "sunken")
            self.fill(QRectF(self.gutter, self._foot(line) - 1, self.box.width(), 1), "line")

    def _row(self, line: layout.Line, apartment: Apartment) -> None:
        for pause in self.laid.board.pauses_of(apartment.id):
            self._pause(pause, line)
        offered = self.free.get(apartment.id)
        if offered is not None:
            self._offer(offered, line)
        for stay in self.laid.seen(apartment.id, self.seen.start, self.seen.end):
            self.stay(stay, self.view.days_box(stay.period, line))

    def _pause(self, pause: Pause, line: layout.Line) -> None:
        """Takes nobody in: a band behind what stands there, with its reason where there is room."""
        end = min(pause.end or self.laid.board.days.end, self.laid.board.days.end)
        start = max(pause.start, self.laid.board.days.start)
        if end <= start or end <= self.seen.start or start >= self.seen.end:
            return
        band = self.view.days_box(DateRange(start, end), line).adjusted(-1, -3, 1, 3)
        self.p.setPen(Qt.PenStyle.NoPen)
        self.p.fillRect(band, QBrush(theme.colour("soft:amber")))
        self.p.setOpacity(0.35)
        self.p.fillRect(band, QBrush(theme.colour("tone:amber"), Qt.BrushStyle.FDiagPattern))
        self.p.setOpacity(1)
        self.mark_and_words(self._in_sight(band), "door", f"Not accepting: {pause.reason}", "tone:amber")

    def _offer(self, days: DateRange, line: layout.Line) -> None:
        """The days offered for the referral that is chosen at the side."""
        box = self.view.days_box(days, line)
        self.rounded(box, "soft:yours", "tone:yours", dashed=True)
        self.words(box.adjusted(theme.px(8), 0, -theme.px(4), 0), "free", "tone:yours", LEFT)

    def _in_sight(self, box: QRectF) -> QRectF:
        """The part of a bar that is right of the names: what is written on it stays readable."""
        seen = QRectF(box)
        seen.setLeft(max(box.left(), self.gutter))
        return seen

    def stay(self, stay: Stay, box: QRectF) -> None:
        """One bar."""
        tone, mark = look_of(stay, self.view.today)
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
        self._name(stay, self._in_sight(box), ink, mark)

    def _name(self, stay: Stay, seen: QRectF, ink: str, mark: str) -> None:
        day = rules.day_of_stay(stay, self.view.today) if stay.state == "in_stay" else None
        if day is not None:
            words = f"day {day}"
            wide = self.width(words, strong=True)
            if seen.width() > wide + theme.px(90):
                self.words(seen.adjusted(0, 0, -theme.px(5), 0), words, ink, RIGHT, strong=True)
                seen.setRight(seen.right() - wide - theme.px(8))
        if stay.continues is not None:
            mark = "arrow-bend-down-right"
        self.mark_and_words(seen, mark, board_words.name(stay), ink, strong=True)

    def _marks(self, stay: Stay, box: QRectF, ink: str) -> None:
        """Ticks at day 28, 35 and 42 (N3), at the foot of the bar."""
        if stay.kind != "stay" or stay.hidden:
            return
        for day in rules.mark_days(stay).values():
            if day in stay.period:
                x = self.x(day) + theme.px(self.laid.day_width) / 2
                self.fill(QRectF(x, box.bottom() - theme.px(6), max(2, theme.px(2)), theme.px(6)), ink)

    def _today_line(self) -> None:
        if self.view.today in self.laid.board.days:
            self.fill(QRectF(self.x(self.view.today), self.head, max(2, theme.px(2)), self.box.height()), "accent")

    def _place(self) -> None:
        """The frame around what is chosen."""
        view = self.view
        line = self.laid.line_of.get(view.apartment.id) if view.apartment is not None else None
        if line is None or view.day is None:
            return
        if view.stay is not None:
            box = view.days_box(view.stay.period, line).adjusted(-1, -1, 1, 1)
        else:
            width, height = theme.px(self.laid.day_width), theme.px(line.height)
            box = QRectF(self.x(view.day), self._top(line) + 1, max(3, width), height - 2)
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        self.p.setPen(QPen(theme.colour("focus" if view.hasFocus() else "edge"), 2))
        self.p.drawRoundedRect(box, theme.px(4), theme.px(4))

    # ------------------------------------------------------------------ names and days

    def _gutter(self, lines: list[layout.Line]) -> None:
        self.fill(QRectF(0, 0, self.gutter, self.box.height()), "surface")
        for line in lines:
            box = QRectF(0, self._top(line), self.gutter, theme.px(line.height))
            if line.heading:
                self.fill(box, "sunken")
                self.words(box.adjusted(theme.px(24), 0, 0, 0), line.heading, "text", LEFT, strong=True)
            else:
                self._flat(line, box)
                self.fill(QRectF(0, box.bottom() - 1, self.gutter, 1), "line")
        self.fill(QRectF(self.gutter - 1, 0, 1, self.box.height()), "line")

    def _flat(self, line: layout.Line, box: QRectF) -> None:
        flat = line.apartment
        assert flat is not None
        if flat == self.view.apartment:
            self.fill(box, "selection")
        room = box.adjusted(theme.px(24), theme.px(3), -theme.px(8), -theme.px(4))
        half = room.height() / 2
        first, second = QRectF(room), QRectF(room)
        first.setHeight(half)
        second.setTop(room.top() + half)
        says, tone = board_words.state_of(self.laid.board, flat, self.view.today)
        if says:
            self.words(first, says, f"tone:{tone}" if tone != "neutral" else "text-quiet", RIGHT)
            first.setRight(first.right() - self.width(says) - theme.px(6))
        self.words(first, flat.label, "text", LEFT, strong=True)
        beds = wording.count(flat.bedrooms, "bed") if flat.bedrooms else "studio"
        self._has(flat, second)
        self.words(second, f"{SCHEME_WORDS[flat.scheme_kind]}, {beds}", "text-quiet", LEFT)

    def _has(self, flat: Apartment, box: QRectF) -> None:
        side, x = theme.px(13), box.right()
        for name, mark in (("pets", "paw-print"), ("hoist", "arrows-out-line-vertical"), ("step_free", "wheelchair")):
            if getattr(flat, name):
                x -= side + theme.px(4)
                self.icon(QRectF(x, box.center().y() - side / 2, side, side), mark, "text-quiet")

    def _head(self) -> None:
        self.fill(QRectF(0, 0, self.box.width(), self.head), "surface")
        self.fill(QRectF(0, self.head - 1, self.box.width(), 1), "line")
        self.words(QRectF(theme.px(24), 0, self.gutter, self.head), "Apartment", "text-quiet", LEFT, strong=True)
        self.p.setClipRect(QRectF(self.gutter, 0, self.box.width(), self.head))
        half, width = self.head / 2, theme.px(self.laid.day_width)
        months = [day for day in self.days if day.day == 1 or day == self.days[0]]
        for day in months:
            end = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
            left = max(self.x(day), self.gutter)
            box = QRectF(left + theme.px(6), 0, self.x(end) - left - theme.px(8), half)
            month, year = _MONTHS[day.month - 1], f" {day.year}"
            if box.width() < theme.px(88):
                month, year = month[:3], year if box.width() > theme.px(62) else ""
            if box.width() > theme.px(22):
                self.words(box, f"{month}{year}", "text", LEFT, strong=True)
        for day in self.days:
            self._day_number(day, QRectF(self.x(day), half, width, half))
        self.p.setClipping(False)
        self.fill(QRectF(self.gutter - 1, 0, 1, self.head), "line")

    def _day_number(self, day: date, box: QRectF) -> None:
        if day == self.view.today:
            wide = max(box.width(), theme.px(20))
            self.rounded(QRectF(box.center().x() - wide / 2, box.top() + 1, wide, box.height() - 4), "accent")
            number = box.adjusted(-theme.px(8), -2, theme.px(8), 0)
            self.words(number, str(day.day), "on-accent", CENTRE, strong=True)
        elif self.laid.day_width >= 18 or (self.laid.day_width >= 5 and day.weekday() == 0):
            role = "text-quiet" if day.weekday() < 5 else "text-off"
            self.words(box.adjusted(-theme.px(8), 0, theme.px(8), 0), str(day.day), role, CENTRE)
