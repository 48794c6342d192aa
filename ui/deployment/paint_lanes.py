"""What nobody has, on top of the board, in lanes."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from coordination.deployment.model import Visit
from ui import wording
from ui.deployment import layout, words
from ui.deployment.layout import Spot
from ui.deployment.paint_brush import Brush
from ui.style import fonts, icons, theme, tokens

MOST_PIXELS = 6_000_000  # of the picture of all lanes; more are painted as they come into sight


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
        """The picture that was painted before, unless one of them is on its way, or some step back."""
        laid, view = self.laid, self.view
        size = laid.width * laid.lanes_height
        if view.drag is None and not view.standing_out and size < MOST_PIXELS:
            warned = tuple(view.warnings_at(spot) for lane in laid.lanes for spot, _ in lane)
            look = (theme.mode(), fonts.scale(), view.devicePixelRatioF())
            picture = view.cache.get(
                "lanes", (laid.board.unplaced, warned, laid.start, laid.width, *look),
                lambda: self._onto(laid.width, laid.lanes_height, lambda: self._lines(0, laid.lanes_height, 0)),
            )  # fmt: skip
            self.p.drawPixmap(QRectF(self.origin, view.lane_top(0), 0, 0).topLeft(), picture)
        else:
            self._lines(area.top(), area.bottom(), view.lane_top(0))
        chosen = view.spot
        for spot in {*view.marked, chosen}:
            if spot is not None and spot in laid.lane_of:
                self._selected(
                    self._chip_box(laid.board.visit_by_id[spot.visit], view.lane_top(laid.lane_of[spot])), True
                )

    def _lines(self, top: float, bottom: float, first: float) -> None:
        for number, lane in enumerate(self.laid.lanes):
            at = first + number * self.px(layout.LANE)
            if at <= bottom and at + self.px(layout.LANE) >= top:
                for spot, visit in lane:
                    self._chip(spot, visit, at)

    def _chip_box(self, visit: Visit, top: float) -> QRectF:
        left, width = self.laid.chip(visit)
        return QRectF(self.origin + left + 0.5, top + self.px(3), width - 1, self.px(layout.LANE - 6))

    def _chip(self, spot: Spot, visit: Visit, top: float) -> None:
        box = self._chip_box(visit, top)
        self.p.setOpacity(self._strength(spot))
        tone = tokens.state("unplaced").tone
        self._rounded(box, "surface", f"tone:{tone}", 1)
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
        says = ", ".join([says, *needs])
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
