"""One row a worker: shift, absence, visits, the ways between."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPen

from coordination.deployment.board_warnings import SHORT_BY
from coordination.deployment.model import Visit, Worker
from coordination.deployment.travel import minutes_between
from coordination.values import Window
from ui.deployment import layout, words
from ui.deployment.layout import Spot
from ui.deployment.messages import KINDS
from ui.deployment.paint_brush import CENTRE, LEFT, RIGHT, Brush


class RowsPart(Brush):
    """The rows."""

    def _rows(self) -> None:
        area = self.view.rows_area()
        self.p.save()
        self.p.setClipRect(area)
        height = self.px(layout.ROW)
        first = max(0, int((area.top() - self.view.row_top(0)) // height))
        last = min(len(self.laid.board.workers), int((area.bottom() - self.view.row_top(0)) // height) + 1)
        for number in range(first, last):
            worker = self.laid.board.workers[number]
            self._row(worker, QRectF(0, self.view.row_top(number), self.box.width(), height))
        end = self.view.row_top(len(self.laid.board.workers))
        if end < area.bottom():
            self.p.fillRect(QRectF(0, end, self.box.width(), area.bottom() - end), self._colour("ground"))
        self.p.restore()

    def _row(self, worker: Worker, row: QRectF) -> None:
        time = row.adjusted(self.names, 0, 0, 0)
        self.p.save()
        self.p.setClipRect(time & self.view.rows_area())
        self.p.fillRect(time, self._colour("sunken"))
        for work in worker.at_work:
            self.p.fillRect(self._across(work, row), self._colour("surface"))
        self._hour_lines(row)
        for absent in worker.away:
            self._absence(absent.kind, self._across(absent.window, row))
        self._window_of_selected(row)
        if self.view.drag is not None:
            self._lane_while_dragging(worker, row)
        for stay in self.laid.board.elsewhere_of.get(worker.id, ()):
            self._elsewhere(stay.window, stay.person, row)
        closed = self.view.drag is not None and not self.view.drag.open[worker.id]
        pairs = self.laid.board.row_of[worker.id]
        ends = [*(self.laid.x(held.window.start) for _, held in pairs[1:]), self.laid.width]
        for (visit, held), end in zip(pairs, ends, strict=False):
            room = min(max(0.0, end - self.laid.x(held.window.end)), self.px(90))
            self._visit(visit, Spot(visit.id, held.slot), held.window, row, closed, room)
        self._travel(worker, row)
        self.p.restore()
        self._name(worker, QRectF(0, row.top(), self.names, row.height()))
        self._line(row.bottom() - 1)

    def _name(self, worker: Worker, box: QRectF) -> None:
        self.p.fillRect(box, self._colour("surface"))
        inner = box.adjusted(self.px(16), self.px(4), -self.px(8), -self.px(5))
        half = inner.height() / 2
        top, bottom = QRectF(inner.topLeft(), inner.size()), QRectF(inner)
        top.setHeight(half)
        bottom.setTop(inner.top() + half)
        self._words(top, worker.name, "text", self.strong, LEFT)
        gives = words.given(self.laid.board, worker)
        width = self._width(gives, self.small)
        self._words(bottom, gives, "text-quiet", self.small, RIGHT)
        hours = words.hours_of(worker)
        self._words(bottom.adjusted(0, 0, -width - self.px(6), 0), hours, "tone:plum" if worker.away else "text-quiet")
        self.p.fillRect(QRectF(box.right() - 1, box.top(), 1, box.height()), self._colour("line"))

    def _absence(self, kind: str, box: QRectF) -> None:
        self.p.fillRect(box, self._colour("sunken"))
        self.p.setOpacity(0.5)
        self.p.fillRect(box, QBrush(self._colour("tone:plum"), Qt.BrushStyle.BDiagPattern))
        self.p.setOpacity(1)
        seen = box & self.view.time_area()
        label = KINDS[kind].capitalize()
        width = self._width(label, self.strong) + self.px(12)
        if seen.width() > width:
            chip = QRectF(seen.left() + self.px(6), box.center().y() - self.px(9), width, self.px(18))
            self._rounded(chip, "surface")
            self._words(chip, label, "tone:plum", self.strong, CENTRE)

    def _travel(self, worker: Worker, row: QRectF) -> None:
        """The way from one to the next, as long as it takes (an estimate); amber where there is no time for it."""
        pairs = self.laid.board.row_of[worker.id]
        y = row.bottom() - self.px(5)
        for (here, held), (there, then) in pairwise(pairs):
            takes = minutes_between(here.person.place, there.person.place, worker.travel)
            gap = (then.window.start - held.window.end).total_seconds() / 60
            if not takes or gap < 0:
                continue
            left, right = self._x(held.window.end), self._x(held.window.end + timedelta(minutes=min(takes, gap)))
            short = takes - gap >= SHORT_BY
            if right - left > 1:
                way = QRectF(left, y, right - left, self.px(2))
                self.p.fillRect(way, self._colour("fill:amber" if short else "text-off"))
            if short:
                size = self.px(7)
                at = QRectF(self._x(then.window.start) - size / 2, y - size / 2 + 1, size, size)
                self._dot(at)

    def _dot(self, at: QRectF) -> None:
        self.p.setPen(QPen(self._colour("surface"), 1))
        self.p.setBrush(self._colour("fill:amber"))
        self.p.drawEllipse(at)

    def _lane_while_dragging(self, worker: Worker, row: QRectF) -> None:
        drag = self.view.drag
        assert drag is not None
        inner = row.adjusted(0, 1, 0, -2)
        length = timedelta(minutes=drag.visit.minutes)
        for stretch in drag.open[worker.id]:
            box = self._across(Window(stretch.first, stretch.last + length), inner)
            self.p.setOpacity(0.85)
            self._rounded(box, "soft:ok", "tone:ok", 1)
            self.p.setOpacity(1)

    def _visit(self, visit: Visit, spot: Spot, window: Window, row: QRectF, closed: bool, room: float) -> None:
        box = self._across(window, row).adjusted(0.5, self.px(4), -0.5, -self.px(5))
        if box.right() < self.names or box.left() > self.box.width():
            return
        self.p.setOpacity(self._strength(spot, closed=closed))
        self._block(visit, box, spot, room=room)
        self.p.setOpacity(1)

    def _elsewhere(self, window: Window, person: str, row: QRectF) -> None:
        box = self._across(window, row).adjusted(0.5, self.px(4), -0.5, -self.px(5))
        self._rounded(box, "soft:neutral", "line", 1)
        self._words(box.adjusted(self.px(6), 0, -self.px(2), 0), f"Other team: {person}", "text-quiet", self.small)
