"""The top of the board: demand against capacity, the hours, and now."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush

from ui import wording
from ui.deployment import layout
from ui.deployment.paint_brush import CENTRE, Brush
from ui.style import icons


class HeadPart(Brush):
    """Demand, hours, now."""

    def _head(self) -> None:
        strip, axis = self.px(layout.STRIP), self.px(layout.AXIS)
        self._fill(QRectF(0, 0, self.box.width(), strip + axis), self._colour("surface"))
        self.p.save()
        self.p.setClipRect(QRectF(self.names, 0, self.box.width(), strip + axis))
        self._demand(QRectF(self.names, 0, self.box.width(), strip))
        for x, hour in self.laid.hour_marks[:-1]:
            at = self.origin + x
            box = QRectF(at + self.px(4), strip, self.px(48), axis)
            self._words(box, f"{hour:02d}", "text-quiet", self.small)
            self._fill(QRectF(at, strip, 1, axis), self._colour("line"))
        self.p.restore()
        box = QRectF(self.px(16), 0, self.names - self.px(24), strip)
        self._words(
            QRectF(box.left(), self.px(4), box.width(), self.px(15)), "Demand against capacity", "text", self.small
        )
        self._legend(QRectF(box.left(), self.px(19), box.width(), self.px(15)))
        self._fill(QRectF(0, strip + axis - 1, self.box.width(), 1), self._colour("line"))
        self._fill(QRectF(self.names - 1, 0, 1, strip + axis), self._colour("line"))

    def _legend(self, box: QRectF) -> None:
        x, side = box.left(), self.px(9)
        for says, role in (("given", "fill:accent"), ("open", "tone:amber"), ("capacity", "text")):
            at = QRectF(x, box.center().y() - side / 2, side, side)
            if says == "capacity":
                self._fill(QRectF(x, box.center().y() - 1, side, self.px(1.5)), self._colour(role))
            elif says == "open":
                self._fill(at, self._colour("soft:amber"))
                self._fill(at, QBrush(self._colour(role), Qt.BrushStyle.BDiagPattern))
            else:
                self._fill(at, self._colour(role))
            width = self._width(says, self.small)
            spot = QRectF(x + side + self.px(4), box.top(), width + 2, box.height())
            self._words(spot, says, "text-quiet", self.small)
            x += side + width + self.px(12)

    def _demand(self, box: QRectF) -> None:
        """A bar an hour: given work dark, open work hatched; a line where capacity ends; amber where it is short."""
        hours = self.view.balance
        most = max((max(h.demand, h.capacity) for h in hours), default=0)
        if not most:
            return
        tall = box.height() - self.px(8)
        for hour in hours:
            left = self._x(hour.start) + self.px(3)
            width = self._x(hour.start + timedelta(hours=1)) - left - self.px(3)
            if width <= 0:
                continue
            base = box.bottom() - self.px(2)
            given, open_ = tall * hour.placed / most, tall * hour.unplaced / most
            limit = base - tall * hour.capacity / most
            self._fill(QRectF(left, limit, width, base - limit), self._colour("sunken"))
            self._fill(QRectF(left, base - given, width, given), self._colour("fill:accent"))
            spot = QRectF(left, base - given - open_, width, open_)
            self._fill(spot, self._colour("soft:amber"))
            self._fill(spot, QBrush(self._colour("tone:amber"), Qt.BrushStyle.BDiagPattern))
            self._fill(QRectF(left - self.px(1), limit - 0.5, width + self.px(2), self.px(1.5)), self._colour("text"))
            if hour.is_short:
                size = self.px(13)
                icons.paint(self.p, QRectF(left + width - size, box.top() + 1, size, size), "warning-fill",
                            self._colour("tone:amber"))  # fmt: skip

    def _now(self) -> None:
        now = self.view.now
        if now is None or not self.laid.start <= now <= self.laid.end:
            return
        x = round(self._x(now))
        if x < self.names:
            return
        top = self.px(layout.STRIP)
        self._fill(QRectF(x - 0.5, top, self.px(1.5), self.box.height() - top), self._colour("tone:red"))
        label = wording.clock_time(now)
        chip = QRectF(x - self.px(20), top + self.px(3), self.px(40), self.px(17))
        self._rounded(chip, "fill:red")
        self._words(chip, label, "on-fill:red", self.strong, CENTRE)
