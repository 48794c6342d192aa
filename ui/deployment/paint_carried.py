"""A visit on its way: where it would go, and why it may not."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen

from coordination.deployment.model import Visit, Worker
from coordination.values import Window
from ui import wording
from ui.deployment import words
from ui.deployment.paint_brush import Brush
from ui.style import icons


class CarriedPart(Brush):
    """What is carried or tried out."""

    def _reason_in_lane(self, worker: Worker, row: QRectF) -> None:
        drag = self.view.drag
        assert drag is not None
        found = drag.why_not(worker)
        if not found:
            return
        says = words.short(found[0])
        width = min(self._width(says, self.small) + self.px(30), self.box.width() - self.names - self.px(16))
        chip = QRectF(self.names + self.px(8), row.center().y() - self.px(10), width, self.px(20))
        self._rounded(chip, "surface", "line", 1)
        size = self.px(13)
        icons.paint(self.p, QRectF(chip.left() + self.px(6), chip.center().y() - size / 2, size, size), "prohibit",
                    self._colour("text-quiet"))  # fmt: skip
        self._words(chip.adjusted(self.px(23), 0, -self.px(4), 0), says, "text", self.small)

    def _ghost(self) -> None:
        drag = self.view.drag
        assert drag is not None
        if drag.to_unplaced and drag.placed:
            self.p.setPen(QPen(self._colour("tone:ok"), self.px(2)))
            self.p.setBrush(Qt.BrushStyle.NoBrush)
            self.p.drawRect(self.view.lanes_area().adjusted(1, 1, -1, -2))
        if drag.to_unplaced or drag.over is None or drag.start is None:
            return
        row = QRectF(0, self.view.row_top(self.laid.row_of[drag.over.id]), self.box.width(), self.laid.row_height)
        name = QRectF(0, row.top(), self.px(4), row.height() - 1)
        self._fill(name, self._colour("focus"))
        tone = "ok" if drag.is_open else "red"
        self._carried(drag.visit, Window.of(drag.start, drag.visit.minutes), row, tone)
        found = drag.in_the_way or drag.to_think_of
        says = wording.clock_time(drag.start)
        if found:
            says += "  " + "; ".join(words.short(o) for o in found[:2])
        self._caption(row, self._x(drag.start), says, tone, "prohibit" if not drag.is_open else "check")

    def _reasons(self) -> None:
        area = self.view.rows_area()
        self.p.save()
        self.p.setClipRect(area)
        height = self.laid.row_height
        for number, worker in enumerate(self.laid.workers):
            row = QRectF(0, self.view.row_top(number), self.box.width(), height)
            if row.bottom() > area.top() and row.top() < area.bottom():
                self._reason_in_lane(worker, row)
        self.p.restore()

    def _preview(self) -> None:
        """Where the candidate that is chosen in the list would go."""
        assert self.view.preview is not None
        visit, worker_id, start = self.view.preview
        number = self.laid.row_of.get(worker_id)
        if number is None:
            return
        row = QRectF(0, self.view.row_top(number), self.box.width(), self.laid.row_height)
        if not row.intersects(self.view.rows_area()):
            return
        self.p.save()
        self.p.setClipRect(self.view.rows_area().adjusted(self.names, 0, 0, 0))
        self._carried(visit, Window.of(start, visit.minutes), row, "ok")
        self.p.restore()

    def _carried(self, visit: Visit, window: Window, row: QRectF, tone: str) -> None:
        box = self._across(window, row).adjusted(0.5, self.px(4), -0.5, -self.px(5))
        self.p.setOpacity(0.92)
        self._rounded(box, f"soft:{tone}", f"tone:{tone}", 2)
        self.p.setOpacity(1)
        self._words(box.adjusted(self.px(7), 0, -self.px(3), 0), visit.person.listed, f"tone:{tone}", self.strong)

    def _caption(self, row: QRectF, x: float, says: str, tone: str, mark: str) -> None:
        width = self._width(says, self.strong) + self.px(34)
        left = min(max(self.names + self.px(4), x), self.box.width() - width - self.px(8))
        top = row.bottom() - self.px(2)
        if top + self.px(26) > self.box.height():
            top = row.top() - self.px(26)
        box = QRectF(left, top, width, self.px(26))
        self._rounded(box, f"fill:{tone}")
        size = self.px(15)
        icons.paint(self.p, QRectF(left + self.px(7), box.center().y() - size / 2, size, size), mark,
                    self._colour(f"on-fill:{tone}"))  # fmt: skip
        self._words(box.adjusted(self.px(26), 0, 0, 0), says, f"on-fill:{tone}", self.strong)
