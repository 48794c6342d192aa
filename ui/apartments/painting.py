"""How the apartment board is painted: strips of days, kept while one scrolls; names at the left; what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from coordination.apartments.model import Apartment
from coordination.values import ApartmentId, DateRange
from ui import wording
from ui.apartments import board_words, layout
from ui.apartments.messages import SCHEME_WORDS
from ui.apartments.painting_brush import LEFT, RIGHT, Brush
from ui.apartments.painting_carried import CarriedPart
from ui.apartments.painting_strip import Strip, look_of
from ui.apartments.painting_view import BoardView
from ui.style import theme

__all__ = ["BoardPainter", "BoardView", "look_of"]

_WIDE = 320
"""About how wide a strip is, in design pixels."""


class BoardPainter(CarriedPart, Brush):
    """One painting of the board. Only what can be seen is painted, and only once."""

    def __init__(
        self, painter: QPainter, view: BoardView, laid: layout.Layout, free: dict[ApartmentId, DateRange]
    ) -> None:
        super().__init__(painter)
        self.view, self.laid, self.free = view, laid, free
        self.box = QRectF(view.viewport().rect())
        self.at = view.origin()
        self.head, self.gutter = theme.px(layout.HEAD), theme.px(layout.GUTTER)
        self.seen = view.days_seen or laid.board.days
        self.p.setRenderHint(QPainter.RenderHint.TextAntialiasing)

    def paint(self) -> None:
        self._rest()
        strips = self._strips()
        self.p.setClipRect(self.box.adjusted(self.gutter, self.head, 0, 0))
        for days in strips:
            self.p.drawPixmap(QPointF(self.x(days.start), self.at.y()), self._picture("body", days, self.laid.height))
        self._cut_at_the_left()
        self._place()
        self.p.setClipRect(QRectF(0, self.head, self.gutter, self.box.height()))
        self.p.drawPixmap(QPointF(0, self.at.y()), self._names())
        self.p.setClipRect(QRectF(self.gutter, 0, self.box.width(), self.head))
        for days in strips:
            self.p.drawPixmap(QPointF(self.x(days.start), 0), self._picture("head", days, layout.HEAD))
        self._first_month()
        self.p.setClipping(False)
        self._corner()

    def x(self, day: date) -> float:
        return self.at.x() + theme.px(self.laid.left(day))

    # ------------------------------------------------------------------ pictures

    def _strips(self) -> list[DateRange]:
        """The days in sight, in strips that begin where they always do."""
        days, many = self.laid.board.days, max(7, round(_WIDE / self.laid.day_width))
        first = (self.seen.start - days.start).days // many
        last = (self.seen.last - days.start).days // many
        starts = [days.start + timedelta(days=many * n) for n in range(max(0, first), last + 1)]
        return [DateRange(s, min(s + timedelta(days=many), days.end)) for s in starts if s < days.end]

    def _picture(self, part: str, days: DateRange, height: float) -> QPixmap:
        wide = theme.px(self.laid.left(days.end)) - theme.px(self.laid.left(days.start))

        def paint(painter: QPainter) -> None:
            strip = Strip(painter, self.laid, self.view.today, self.free, days)
            (strip.body if part == "body" else strip.head)()

        return self._kept((part, days.start), QSizeF(wide, theme.px(height)), (), paint)

    def _kept(self, name: object, size: QSizeF, more: tuple[object, ...], paint: Callable[[QPainter], None]) -> QPixmap:
        ratio = self.view.devicePixelRatioF()
        key = (self.view.version, theme.mode(), theme.px(1000), ratio, *more)

        def make() -> QPixmap:
            picture = QPixmap((size * ratio).toSize().expandedTo(QSize(1, 1)))  # no apartment, no height
            picture.setDevicePixelRatio(ratio)
            painter = QPainter(picture)
            paint(painter)
            painter.end()
            return picture

        return self.view.cache.get(name, key, make)

    def _names(self) -> QPixmap:
        chosen = self.view.apartment

        def paint(painter: QPainter) -> None:
            names = Names(painter, self.laid, self.view.today, chosen)
            names.paint()

        size = QSizeF(self.gutter, theme.px(self.laid.height))
        return self._kept("names", size, (chosen.id if chosen is not None else None,), paint)

    # ------------------------------------------------------------------ what no picture holds

    def _rest(self) -> None:
        """Beneath the last apartment, and after the last day."""
        self.fill(self.box, "surface")
        foot = max(self.at.y() + theme.px(self.laid.height), self.head)
        if foot < self.box.height():
            strip = Strip(self.p, self.laid, self.view.today, {}, self.seen)
            self.p.save()
            self.p.setClipRect(QRectF(self.gutter, foot, self.box.width(), self.box.height()))
            self.p.translate(self.x(self.seen.start), 0)
            strip.grid(QRectF(0, foot, 0, self.box.height() - foot))
            strip.today_line(QRectF(0, foot, 0, self.box.height() - foot))
            self.p.restore()

    def _cut_at_the_left(self) -> None:
        """What is written on a bar stays readable while it runs out at the left."""
        strip = Strip(self.p, self.laid, self.view.today, {}, self.seen)
        strip.left = -round(self.at.x())
        for line in self.laid.flats:
            assert line.apartment is not None
            stay = self.laid.stay_at(line.apartment, self.seen.start)
            box = self.view.days_box(stay.period, line) if stay is not None else None
            if stay is not None and box is not None and box.left() < self.gutter:
                seen = QRectF(box)
                seen.setLeft(self.gutter)
                strip.stay(stay, box, seen)
                strip.today_line(box)

    def _first_month(self) -> None:
        """The month that has begun before what is in sight."""
        first = self.seen.start
        end = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        if self.x(first.replace(day=1)) < self.gutter:
            box = QRectF(self.gutter, 0, min(self.x(end), self.box.width()) - self.gutter, self.head / 2)
            self.fill(box, "surface")
            Strip(self.p, self.laid, self.view.today, {}, self.seen).month(first.replace(day=1), box)

    def _corner(self) -> None:
        corner = QRectF(0, 0, self.gutter, self.head)
        self.fill(corner, "surface")
        self.fill(QRectF(0, self.head - 1, self.gutter, 1), "line")
        self.words(corner.adjusted(theme.px(24), 0, 0, 0), "Apartment", "text-quiet", LEFT, strong=True)
        self.fill(QRectF(self.gutter - 1, 0, 1, self.box.height()), "line")

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
            box = QRectF(self.x(view.day), self.at.y() + theme.px(line.top) + 1, max(3, width), height - 2)
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        self.p.setPen(QPen(theme.colour("focus" if view.hasFocus() else "edge"), 2))
        self.p.drawRoundedRect(box, theme.px(4), theme.px(4))


class Names(Brush):
    """The apartments at the left: what they have, and how they are today."""

    def __init__(self, painter: QPainter, laid: layout.Layout, today: date, chosen: Apartment | None) -> None:
        super().__init__(painter)
        self.laid, self.today, self.chosen = laid, today, chosen
        self.p.setRenderHint(QPainter.RenderHint.TextAntialiasing)

    def paint(self) -> None:
        wide = theme.px(layout.GUTTER)
        self.fill(QRectF(0, 0, wide, theme.px(self.laid.height)), "surface")
        for line in self.laid.lines:
            box = QRectF(0, theme.px(line.top), wide, theme.px(line.height))
            if line.heading:
                self.fill(box, "sunken")
                self.words(box.adjusted(theme.px(24), 0, 0, 0), line.heading, "text", LEFT, strong=True)
            else:
                self._flat(line, box)
                self.fill(QRectF(0, box.bottom() - 1, wide, 1), "line")

    def _flat(self, line: layout.Line, box: QRectF) -> None:
        flat = line.apartment
        assert flat is not None
        if flat == self.chosen:
            self.fill(box, "selection")
        room = box.adjusted(theme.px(24), theme.px(3), -theme.px(8), -theme.px(4))
        half = room.height() / 2
        first, second = QRectF(room), QRectF(room)
        first.setHeight(half)
        second.setTop(room.top() + half)
        says, tone = board_words.state_of(self.laid.board, flat, self.today)
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
