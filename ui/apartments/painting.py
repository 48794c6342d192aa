"""How the apartment board is painted: grid, gutter, stays with their marks at day 28, 35 and 42."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPen

from coordination.apartments import rules
from coordination.apartments.model import Apartment, Stay
from coordination.values import ApartmentId, DateRange
from ui import wording
from ui.apartments import layout
from ui.apartments.messages import KIND_WORDS, SCHEME_WORDS
from ui.style import fonts, icons, theme, tokens

_MONTHS = tuple(calendar.month_name)[1:]
_V = Qt.AlignmentFlag.AlignVCenter
_LEFT, _CENTRE, _RIGHT = (
    _V | Qt.AlignmentFlag.AlignLeft,
    _V | Qt.AlignmentFlag.AlignHCenter,
    _V | Qt.AlignmentFlag.AlignRight,
)


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
    def origin(self) -> QPointF: ...
    def stay_box(self, stay: Stay, line: layout.Line) -> QRectF: ...
    def viewport(self) -> Any: ...
    def horizontalScrollBar(self) -> Any: ...


class BoardPainter:
    """One painting of the board."""

    def __init__(
        self, painter: QPainter, view: BoardView, laid: layout.Layout, free: dict[ApartmentId, DateRange]
    ) -> None:
        self.p, self.view, self.laid, self.free = painter, view, laid, free
        self.box = view.viewport().rect()
        self.at = view.origin()
        self.head, self.gutter = theme.px(layout.HEAD), theme.px(layout.GUTTER)
        self.p.setRenderHint(QPainter.RenderHint.TextAntialiasing)

    def paint(self) -> None:
        self.p.fillRect(self.box, theme.colour("surface"))
        self.p.setClipRect(self.box.adjusted(self.gutter, self.head, 0, 0))
        self._grid()
        self._today_line()
        for line in self.laid.lines:
            if line.apartment is not None:
                self._offer(line)
                for stay in self.laid.board.of(line.apartment.id):
                    self._stay(stay, line)
        self.p.setClipping(False)
        self._gutter()
        self._head()

    def _x(self, day: date) -> float:
        return self.at.x() + theme.px(self.laid.left(day))

    def _days(self) -> list[date]:
        first = self.laid.day_at((self.view.horizontalScrollBar().value()) / theme.px(1000) * 1000)
        many = int((self.box.width() - self.gutter) / theme.px(self.laid.day_width)) + 2
        days = self.laid.board.days
        return [d for d in (first + timedelta(days=n) for n in range(many)) if d in days]

    def _grid(self) -> None:
        width = theme.px(self.laid.day_width)
        for day in self._days():
            x = self._x(day)
            if day.weekday() >= 5:
                self.p.fillRect(QRectF(x, self.head, width, self.box.height()), theme.colour("ground"))
            if day.weekday() == 0:
                self.p.fillRect(QRectF(x, self.head, 1, self.box.height()), theme.colour("line"))
        for line in self.laid.lines:
            y = self.at.y() + theme.px(line.top)
            if line.heading:
                self.p.fillRect(QRectF(self.gutter, y, self.box.width(), theme.px(line.height)), theme.colour("sunken"))
            bottom = y + theme.px(line.height)
            self.p.fillRect(QRectF(self.gutter, bottom - 1, self.box.width(), 1), theme.colour("line"))

    def _offer(self, line: layout.Line) -> None:
        """The days offered for the referral that is chosen at the side."""
        assert line.apartment is not None
        days = self.free.get(line.apartment.id)
        if days is None:
            return
        box = QRectF(
            self._x(days.start), self.at.y() + theme.px(line.top + 4),
            theme.px(days.days * self.laid.day_width), theme.px(line.height - 8),
        ).adjusted(1, 0, -1, 0)  # fmt: skip
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.p.setBrush(theme.colour("soft:yours"))
        pen = QPen(theme.colour("tone:yours"), 1, Qt.PenStyle.DashLine)
        self.p.setPen(pen)
        self.p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))
        self._words(box.adjusted(theme.px(8), 0, -theme.px(4), 0), "free", "tone:yours", _LEFT)

    def _stay(self, stay: Stay, line: layout.Line) -> None:
        box = self.view.stay_box(stay, line)
        if box.right() < self.gutter or box.left() > self.box.width():
            return
        tone, mark = look_of(stay, self.view.today)
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.p.setPen(Qt.PenStyle.NoPen)
        solid = stay.kind == "stay" and stay.state == "in_stay"
        self.p.setBrush(theme.colour(f"{'fill' if solid else 'soft'}:{tone}"))
        radius = theme.px(4)
        self.p.drawRoundedRect(box, radius, radius)
        if stay.kind != "stay" or stay.hidden:
            self.p.setBrush(QBrush(theme.colour(f"tone:{tone}"), Qt.BrushStyle.BDiagPattern))
            self.p.setOpacity(0.22)
            self.p.drawRoundedRect(box, radius, radius)
            self.p.setOpacity(1)
        elif not solid:
            self.p.setBrush(Qt.BrushStyle.NoBrush)
            self.p.setPen(QPen(theme.colour(f"tone:{tone}"), 1))
            self.p.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        ink = f"{'on-fill' if solid else 'tone'}:{tone}"
        self._marks(stay, box, ink)
        self._name(stay, box, ink, mark)

    def _name(self, stay: Stay, box: QRectF, ink: str, mark: str) -> None:
        # The name stays readable while its bar runs out at the left.
        seen = QRectF(box)
        seen.setLeft(max(box.left(), self.gutter))
        side = theme.px(14)
        if seen.width() < side + theme.px(6):
            return
        left = seen.left() + theme.px(6)
        icons.paint(self.p, QRectF(left, seen.center().y() - side / 2, side, side), mark, theme.colour(ink))
        room = seen.adjusted(theme.px(25), 0, -theme.px(5), 0)
        if stay.kind == "stay" and (day := rules.day_of_stay(stay, self.view.today)) and stay.state == "in_stay":
            words = f"day {day}"
            face = fonts.font("small", strong=True)
            wide = QFontMetricsF(face).horizontalAdvance(words)
            if room.width() > wide + theme.px(60):
                self._words(room, words, ink, _RIGHT, strong=True)
                room.setRight(room.right() - wide - theme.px(8))
        name = stay.who or ("Not shared with you" if stay.hidden else KIND_WORDS[stay.kind])
        self._words(room, name, ink, _LEFT, strong=True)

    def _marks(self, stay: Stay, box: QRectF, ink: str) -> None:
        """Ticks at day 28, 35 and 42 (N3), at the foot of the bar."""
        if stay.kind != "stay" or stay.hidden:
            return
        for day in rules.mark_days(stay).values():
            if day in stay.period:
                x = self._x(day) + theme.px(self.laid.day_width) / 2
                self.p.fillRect(
                    QRectF(x, box.bottom() - theme.px(6), max(2, theme.px(2)), theme.px(6)), theme.colour(ink)
                )

    def _today_line(self) -> None:
        if self.view.today in self.laid.board.days:
            x = self._x(self.view.today)
            self.p.fillRect(QRectF(x, self.head, max(2, theme.px(2)), self.box.height()), theme.colour("accent"))

    def _gutter(self) -> None:
        self.p.fillRect(QRectF(0, 0, self.gutter, self.box.height()), theme.colour("surface"))
        for line in self.laid.lines:
            y = self.at.y() + theme.px(line.top)
            box = QRectF(0, y, self.gutter, theme.px(line.height))
            if line.heading:
                self.p.fillRect(box, theme.colour("sunken"))
                self._words(box.adjusted(theme.px(24), 0, 0, 0), line.heading, "text", _LEFT, strong=True)
                continue
            self._flat(line, box)
            self.p.fillRect(QRectF(0, box.bottom() - 1, self.gutter, 1), theme.colour("line"))
        self.p.fillRect(QRectF(self.gutter - 1, 0, 1, self.box.height()), theme.colour("line"))

    def _flat(self, line: layout.Line, box: QRectF) -> None:
        flat = line.apartment
        assert flat is not None
        if flat == self.view.apartment:
            self.p.fillRect(box, theme.colour("selection"))
        room = box.adjusted(theme.px(24), theme.px(3), -theme.px(8), -theme.px(4))
        half = room.height() / 2
        first, second = QRectF(room), QRectF(room)
        first.setHeight(half)
        second.setTop(room.top() + half)
        self._words(first, flat.label, "text", _LEFT, strong=True)
        beds = wording.count(flat.bedrooms, "bed") if flat.bedrooms else "studio"
        self._words(second, f"{SCHEME_WORDS[flat.scheme_kind]}, {beds}", "text-quiet", _LEFT)
        self._has(flat, second)

    def _has(self, flat: object, box: QRectF) -> None:
        side, x = theme.px(13), box.right()
        for name, mark in (("pets", "paw-print"), ("hoist", "arrows-out-line-vertical"), ("step_free", "wheelchair")):
            if getattr(flat, name):
                x -= side + theme.px(4)
                icons.paint(
                    self.p, QRectF(x, box.center().y() - side / 2, side, side), mark, theme.colour("text-quiet")
                )

    def _head(self) -> None:
        self.p.fillRect(QRectF(0, 0, self.box.width(), self.head), theme.colour("surface"))
        self.p.fillRect(QRectF(0, self.head - 1, self.box.width(), 1), theme.colour("line"))
        self._words(QRectF(theme.px(24), 0, self.gutter, self.head), "Apartment", "text-quiet", _LEFT, strong=True)
        self.p.setClipRect(QRectF(self.gutter, 0, self.box.width(), self.head))
        half, width = self.head / 2, theme.px(self.laid.day_width)
        days = self._days()
        for day in days:
            x = self._x(day)
            if day.day == 1 or day == days[0]:
                end = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
                box = QRectF(
                    max(x, self.gutter) + theme.px(6), 0, self._x(end) - max(x, self.gutter) - theme.px(8), half
                )
                self._words(box, f"{_MONTHS[day.month - 1]} {day.year}", "text", _LEFT, strong=True)
            self._day_number(day, QRectF(x, half, width, half))
        self.p.setClipping(False)
        self.p.fillRect(QRectF(self.gutter - 1, 0, 1, self.head), theme.colour("line"))

    def _day_number(self, day: date, box: QRectF) -> None:
        if day == self.view.today:
            self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.p.setPen(Qt.PenStyle.NoPen)
            self.p.setBrush(theme.colour("accent"))
            wide = max(box.width(), theme.px(20))
            self.p.drawRoundedRect(QRectF(box.center().x() - wide / 2, box.top() + 1, wide, box.height() - 4), 4, 4)
            self._words(box.adjusted(-theme.px(8), -2, theme.px(8), 0), str(day.day), "on-accent", _CENTRE, strong=True)
        elif self.laid.day_width >= 18 or day.weekday() == 0:
            role = "text-quiet" if day.weekday() < 5 else "text-off"
            self._words(box.adjusted(-theme.px(6), 0, theme.px(6), 0), str(day.day), role, _CENTRE)

    def _words(self, box: QRectF, words: str, role: str, how: Qt.AlignmentFlag, *, strong: bool = False) -> None:
        face = fonts.font("small", strong=strong)
        self.p.setFont(face)
        self.p.setPen(theme.colour(role))
        self.p.drawText(box, how, QFontMetricsF(face).elidedText(words, Qt.TextElideMode.ElideRight, box.width()))
