"""What nobody has, on top of the board, in lanes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPixmap

from coordination.deployment.model import Visit
from ui import wording
from ui.deployment import layout, words
from ui.deployment.layout import Spot
from ui.deployment.paint_brush import Brush
from ui.style import fonts, icons, theme, tokens

Lane = Sequence[tuple[Spot, Visit]]


class LanesPart(Brush):
    """Lanes of chips, and their name at the left."""

    def _lanes(self) -> None:
        area = self.view.lanes_area()
        self._fill(area, self._colour("ground"))
        self.p.save()
        self.p.setClipRect(area)
        drag = self.view.drag
        self._hour_lines(area)
        self._window_of_selected(area)
        self._chips(area)
        if not self.laid.lanes and drag is None:
            hint = QRectF(area.left() + self.names + self.px(12), area.top(), area.width() - self.names, area.height())
            nothing = (
                "Every visit has its workers." if self.laid.board.visits else "No visits are planned for this day."
            )
            self._words(hint, nothing, "text-quiet", self.small)
        self.p.restore()
        self._lanes_name(QRectF(0, area.top(), self.names, area.height()))
        self._fill(QRectF(0, area.bottom() - 1, self.box.width(), 1), self._colour("edge"))

    def _chips(self, area: QRectF) -> None:
        """The lanes in sight: as they were painted before, unless one of them is on its way."""
        laid, view = self.laid, self.view
        plain = view.drag is None
        for number, lane in enumerate(laid.lanes):
            top = view.lane_top(number)
            if top <= area.bottom() and top + self.px(layout.LANE) >= area.top():
                if plain:
                    self.p.drawPixmap(QRectF(self.origin, top, 0, 0).topLeft(), self._painted(number, lane))
                else:
                    self._lane(lane, top)
        for spot in {*view.marked, view.spot}:
            if spot is not None and spot in laid.lane_of:
                self._selected(
                    self._chip_box(laid.board.visit_by_id[spot.visit], view.lane_top(laid.lane_of[spot])), True
                )

    def _painted(self, number: int, lane: Lane) -> QPixmap:
        laid, view = self.laid, self.view
        warned = tuple(view.warnings_at(spot) for spot, _ in lane)
        strong = tuple(self._strength(spot) for spot, _ in lane)
        look = (theme.mode(), fonts.scale(), view.devicePixelRatioF())
        high = self.px(layout.LANE)
        return view.cache.get(
            ("lane", number), (lane, warned, strong, view.proposed, laid.start, laid.width, *look),
            lambda: self._onto(laid.width, high, lambda: self._lane(lane, 0)),
        )  # fmt: skip

    def _lane(self, lane: Lane, top: float) -> None:
        for spot, visit in lane:
            self._chip(spot, visit, top)

    def _chip_box(self, visit: Visit, top: float) -> QRectF:
        left, width = self.laid.chip(visit)
        return QRectF(self.origin + left + 0.5, top + self.px(3), width - 1, self.px(layout.LANE - 6))

    def _chip(self, spot: Spot, visit: Visit, top: float) -> None:
        box = self._chip_box(visit, top)
        self.p.setOpacity(self._strength(spot))
        tone = tokens.state("unplaced").tone
        freed = bool(self._proposed(spot))
        self._rounded(box, "surface", "tone:yours" if freed else f"tone:{tone}", 2 if freed else 1)
        if not visit.allocations:
            x, length = self.laid.across(visit.arrive)
            begin = self.origin + x
            whisker = QRectF(begin, box.bottom() - self.px(3), max(length, 2), self.px(3))
            self._fill(whisker, self._colour(f"fill:{tone}"))
        inner = box.adjusted(self.px(6), self.px(2), -self.px(5), -self.px(4))
        half = inner.height() / 2
        first = QRectF(inner.left(), inner.top(), inner.width(), half)
        taken = self._paint_marks(first, self._marks(visit, self.view.warnings_at(spot)), left=False)
        self._words(first.adjusted(0, 0, -taken, 0), visit.person.listed, "text", self.strong)
        needs = [self.laid.board.skills.get(code, code) for code in visit.skills]
        if visit.allocations:
            says = f"{wording.clock_time(visit.starts)} second worker"
        else:
            says = f"{words.span(visit.arrive)}, {visit.minutes} min"
        proposed = self._proposed(spot)
        says = ", ".join([*([proposed] if proposed else []), says, *needs])
        self._words(QRectF(inner.left(), inner.top() + half, inner.width(), half), says, "text-quiet", self.small)
        self.p.setOpacity(1)

    def _lanes_name(self, box: QRectF) -> None:
        self._fill(box, self._colour("surface"))
        open_ = len(self.laid.board.unplaced)
        inner = box.adjusted(self.px(16), self.px(6), -self.px(8), 0)
        inner.setHeight(self.px(18))
        self._words(inner, "Not placed", "text", self.strong)
        if open_:
            size = self.px(15)
            number = QRectF(
                inner.right() - self._width(str(open_), self.strong), inner.top(), box.width(), inner.height()
            )
            icons.paint(
                self.p, QRectF(number.left() - size - self.px(4), inner.top() + self.px(1.5), size, size),
                tokens.state("unplaced").mark, self._colour("tone:amber"),
            )  # fmt: skip
            self._words(number, str(open_), "tone:amber", self.strong)
        if self.view.drag is not None and self.view.drag.placed and box.height() > self.px(44):
            hint = inner.translated(0, self.px(19))
            self._words(hint, "Drop here to take it back", "tone:ok", self.small)
        self._fill(QRectF(box.right() - 1, box.top(), 1, box.height()), self._colour("line"))
