"""One row a worker: shift, absence, visits, the ways between, and what links the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QPen

from coordination.deployment.board_warnings import SHORT_BY
from coordination.deployment.model import Worker
from coordination.deployment.travel import minutes_between
from coordination.values import Window
from ui.deployment import layout, words
from ui.deployment.layout import Spot
from ui.deployment.messages import KINDS
from ui.deployment.paint_brush import CENTRE, LEFT, RIGHT, Brush
from ui.style import fonts, icons, theme


class RowsPart(Brush):
    """The rows. What a row holds is painted once, and again when it changes: see row_cache.py."""

    def _rows(self) -> None:
        area = self.view.rows_area()
        seen = area & self.exposed
        if seen.isEmpty():
            return
        self.p.save()
        self.p.setClipRect(seen)
        height, top = self.laid.row_height, self.view.row_top(0)
        first = max(0, int((seen.top() - top) // height))
        last = min(len(self.laid.workers), int((seen.bottom() - top) // height) + 1)
        rows = [
            (self.laid.workers[number], QRectF(0, top + number * height, self.box.width(), height))
            for number in range(first, last)
        ]
        self._hours(rows, seen)
        for worker, row in rows:
            self._names(worker, row)
        end = self.view.row_top(len(self.laid.workers))
        if end < seen.bottom():
            self._fill(QRectF(0, end, self.box.width(), seen.bottom() - end), self._colour("ground"))
            self._nobody(QRectF(self.names, end, self.box.width() - self.names, height))
        self.p.setClipRect(seen & self.view.time_area())
        self._links(seen, first, last)
        self._chosen_in_rows(seen)
        self.p.restore()

    def _nobody(self, box: QRectF) -> None:
        if not self.laid.workers:
            says = "No worker of this team fits what is looked for." if self.laid.board.workers else "No worker yet."
            self._words(box.adjusted(self.px(12), 0, 0, 0), says, "text-quiet", self.small)

    def _hours(self, rows: Sequence[tuple[Worker, QRectF]], seen: QRectF) -> None:
        """Right of the names, one kind of thing after the other: most of them over all rows at once."""
        time = seen & self.view.time_area()
        self.p.save()
        self.p.setClipRect(time)
        self._fill(time, self._colour("sunken"))
        for worker, row in rows:
            for work in worker.at_work:
                self._fill(self._across(work, row), self._colour("surface"))
        self._hour_lines(time)
        for worker, row in rows:
            for absent in worker.away:
                self._absence(absent.kind, self._across(absent.window, row))
        self._window_of_selected(time)
        for worker, row in rows:
            if self.view.drag is not None:
                self._lane_while_dragging(worker, row)
            self._content(worker, row)
            self._outside(worker, row.adjusted(self.names, 0, 0, 0))
        self.p.restore()

    def _names(self, worker: Worker, row: QRectF) -> None:
        if self.exposed.left() < self.names:
            names = self.view.cache.get(
                ("name", worker.id), (worker, self.laid.board.row_of[worker.id], *self._look()),
                lambda: self._onto(self.names, row.height(), lambda: self._name(worker, self.box)),
            )  # fmt: skip
            self.p.drawPixmap(row.topLeft(), names)
        self._lit(worker, row)
        self._line(row.bottom() - 1)

    def _content(self, worker: Worker, row: QRectF) -> None:
        """Visits and ways: the picture that was painted before, unless something in this row is on its way."""
        drag, board = self.view.drag, self.laid.board
        pairs = board.row_of[worker.id]
        if self.view.proposed is not None:
            self._left_behind(worker, row)
        if drag is not None and any(visit.id == drag.visit.id for visit, _ in pairs):
            self._blocks(worker, row)
            return
        spots = [Spot(visit.id, held.slot) for visit, held in pairs]
        key = (
            pairs, worker, board.elsewhere_of.get(worker.id, ()), tuple(self.view.warnings_at(s) for s in spots),
            tuple(self._with(visit, spot) for (visit, _), spot in zip(pairs, spots, strict=True)),
            tuple(visit.id in self.view.changed for visit, _ in pairs), tuple(self._strength(s) for s in spots),
            self.view.proposed, self.laid.start, self.laid.width, *self._look(),
        )  # fmt: skip
        picture = self.view.cache.get(
            ("row", worker.id),
            key,
            lambda: self._onto(
                self.laid.width, row.height(), lambda: self._blocks(worker, QRectF(0, 0, self.laid.width, row.height()))
            ),
        )
        self.p.setOpacity(0.35 if drag is not None and not drag.open[worker.id] else 1)
        self.p.drawPixmap(QRectF(self.origin, row.top(), 0, 0).topLeft(), picture)
        self.p.setOpacity(1)

    def _look(self) -> tuple[object, ...]:
        return (self.laid.row_height, theme.mode(), fonts.scale(), self.view.devicePixelRatioF())

    def _blocks(self, worker: Worker, row: QRectF) -> None:
        for stay in self.laid.board.elsewhere_of.get(worker.id, ()):
            self._elsewhere(stay.window, stay.person, row)
        pairs = self.laid.board.row_of[worker.id]
        ends = [*(self.laid.x(held.window.start) for _, held in pairs[1:]), self.laid.width]
        for (visit, held), end in zip(pairs, ends, strict=False):
            room = min(max(0.0, end - self.laid.x(held.window.end)), self.px(90))
            spot = Spot(visit.id, held.slot)
            self.p.setOpacity(self._strength(spot))
            self._block(visit, self._box(held.window, row), spot, room=room)
            self.p.setOpacity(1)
        self._travel(worker, row)

    def _box(self, window: Window, row: QRectF) -> QRectF:
        """A visit's block in its row."""
        close = row.height() < self.px(layout.ROW)
        return self._across(window, row).adjusted(0.5, self.px(2 if close else 4), -0.5, -self.px(4 if close else 5))

    def _name(self, worker: Worker, box: QRectF) -> None:
        self._fill(box, self._colour("surface"))
        inner = box.adjusted(self.px(16), self.px(4), -self.px(8), -self.px(5))
        gives = words.given(self.laid.board, worker)
        width = self._width(gives, self.small)
        if box.height() < self.px(layout.ROW):
            inner = box.adjusted(self.px(16), 0, -self.px(8), -1)
            self._words(inner, gives, "text-quiet", self.small, RIGHT)
            self._words(inner.adjusted(0, 0, -width - self.px(6), 0), worker.name, "text", self.strong, LEFT)
        else:
            half = inner.height() / 2
            top, bottom = QRectF(inner.topLeft(), inner.size()), QRectF(inner)
            top.setHeight(half)
            bottom.setTop(inner.top() + half)
            self._words(top, worker.name, "text", self.strong, LEFT)
            self._words(bottom, gives, "text-quiet", self.small, RIGHT)
            tone = "tone:plum" if worker.away else "text-quiet"
            self._words(bottom.adjusted(0, 0, -width - self.px(6), 0), words.hours_of(worker), tone)
        self._fill(QRectF(box.right() - 1, box.top(), 1, box.height()), self._colour("line"))

    def _absence(self, kind: str, box: QRectF) -> None:
        self._fill(box, self._colour("sunken"))
        self.p.setOpacity(0.5)
        self._fill(box, QBrush(self._colour("tone:plum"), Qt.BrushStyle.BDiagPattern))
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
        y = row.bottom() - self.px(3 if row.height() < self.px(layout.ROW) else 5)
        for (here, held), (there, then) in pairwise(pairs):
            takes = minutes_between(here.person.place, there.person.place, worker.travel)
            gap = (then.window.start - held.window.end).total_seconds() / 60
            if not takes or gap < 0:
                continue
            left, right = self._x(held.window.end), self._x(held.window.end + timedelta(minutes=min(takes, gap)))
            short = takes - gap >= SHORT_BY
            if right - left > 1:
                way = QRectF(left, y, right - left, self.px(2))
                self._fill(way, self._colour("fill:amber" if short else "text-off"))
            if short:
                size = self.px(7)
                self._dot(QRectF(self._x(then.window.start) - size / 2, y - size / 2 + 1, size, size))

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

    def _elsewhere(self, window: Window, person: str, row: QRectF) -> None:
        box = self._box(window, row)
        self._rounded(box, "soft:neutral", "line", 1)
        says = f"Other team: {person}" if person else "Still elsewhere"
        self._words(box.adjusted(self.px(6), 0, -self.px(2), 0), says, "text-quiet", self.small)

    def _outside(self, worker: Worker, time: QRectF) -> None:
        """Visits that the hours leave out are told at the edge where they would be."""
        before, after = self.laid.beyond(worker)
        for count, left in ((before, True), (after, False)):
            if count:
                says = f"\u2039 {count}" if left else f"{count} \u203a"
                width = self._width(says, self.strong) + self.px(12)
                x = time.left() + self.px(3) if left else self.box.right() - width - self.px(14)
                chip = QRectF(x, time.center().y() - self.px(9), width, self.px(18))
                self._rounded(chip, "soft:amber", "tone:amber", 1)
                self._words(chip, says, "tone:amber", self.strong, CENTRE)

    def _lit(self, worker: Worker, row: QRectF) -> None:
        """Somebody else has just changed this row."""
        strength = self.view.flash.strengths.get(worker.id, 0.0)
        if strength:
            light = self._colour("accent")
            light.setAlphaF(0.22 * strength)
            self._fill(row, light)

    def _links(self, seen: QRectF, first: int, last: int) -> None:
        """Both halves of a double-up, and two visits that stand a stated gap apart, are joined by a line."""
        chosen = self.view.spot
        for link in self.laid.links:
            if link.last < first or link.first > last:
                continue
            here, there, double = link.one, link.other, link.double
            strong = chosen is not None and chosen.visit in (here.visit, there.visit)
            if not (double or strong):  # two visits apart may be hours apart: the mark says that there is another
                continue
            one, other = self.view.box_of(here), self.view.box_of(there)
            if double:
                line = self._upright(one, other)
            else:
                line = QLineF(one.right(), one.center().y(), other.left(), other.center().y())
            if not QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1).intersects(seen):
                continue
            pen = QPen(self._colour("focus" if strong else "edge"), self.px(2 if strong else 1.25))
            pen.setStyle(Qt.PenStyle.SolidLine if double else Qt.PenStyle.DotLine)
            self.p.setPen(pen)
            self.p.setOpacity(1 if strong else 0.5)
            self.p.drawLine(line)
            self.p.setOpacity(1)

    def _upright(self, one: QRectF, other: QRectF) -> QLineF:
        """From the lower edge of the upper half to the upper edge of the lower one."""
        upper, lower = (one, other) if one.top() < other.top() else (other, one)
        x = upper.left() + self.px(2)
        return QLineF(x, upper.bottom() - self.px(5), x, lower.top() + self.px(4))

    def _chosen_in_rows(self, seen: QRectF) -> None:
        """What is chosen, the other half of it, what else is chosen, and what others have in front of them."""
        view, laid = self.view, self.laid
        chosen = view.spot
        spots = {s for s in (*view.marked, chosen) if s is not None and s in laid.placed}
        if chosen is not None:
            spots |= {s for a in (view.visit.allocations if view.visit else ()) if (s := Spot(chosen.visit, a.slot))}
        if view.proposed is not None and chosen is not None and chosen in view.proposed.spots:
            self._came_from(chosen)
        for spot in spots & laid.placed.keys():
            box = self._block_of(spot)
            if box.intersects(seen):
                self._selected(box, spot == chosen or spot in view.marked)
        for visit, who in view.others.items():
            for spot in (Spot(visit, 1), Spot(visit, 2)):
                if spot in laid.placed and (box := self._block_of(spot)).intersects(seen):
                    self._elsewhere_open(box, who)

    def _left_behind(self, worker: Worker, row: QRectF) -> None:
        """As proposed: where visits stand now that would go elsewhere."""
        assert self.view.proposed is not None
        for visit, held in self.view.proposed.left.get(worker.id, ()):
            box = self._box(held.window, row)
            pen = QPen(self._colour("tone:yours"), self.px(1.25))
            pen.setStyle(Qt.PenStyle.DashLine)
            self.p.setPen(pen)
            self.p.setBrush(Qt.BrushStyle.NoBrush)
            self.p.drawRoundedRect(box, self.px(4), self.px(4))
            self._words(box.adjusted(self.px(6), 0, -self.px(2), 0), visit.person.surname.upper(), "tone:yours")

    def _came_from(self, chosen: Spot) -> None:
        """A line to the chosen visit from where it stands now."""
        view, laid = self.view, self.laid
        assert view.proposed is not None
        change = view.proposed.changes[chosen.visit]
        there = self._block_of(chosen) if chosen in laid.placed else view.box_of(chosen)
        pen = QPen(self._colour("tone:yours"), self.px(1.5))
        pen.setStyle(Qt.PenStyle.DashLine)
        self.p.setPen(pen)
        for held in change.before.allocations:
            number = laid.row_of.get(held.worker_id)
            if number is not None:
                row = QRectF(0, view.row_top(number), self.box.width(), laid.row_height)
                self.p.drawLine(self._box(held.window, row).center(), there.center())

    def _block_of(self, spot: Spot) -> QRectF:
        _, held = self.laid.placed[spot]
        row = QRectF(0, self.view.row_top(self.laid.row_of[held.worker_id]), self.box.width(), self.laid.row_height)
        return self._box(held.window, row)

    def _elsewhere_open(self, box: QRectF, who: str) -> None:
        """Initials of somebody who has this visit in front of them, at another desk."""
        width = self._width(who, self.strong) + self.px(18)
        tag = QRectF(box.right() - width, box.bottom() - self.px(12), width, self.px(14))
        self._rounded(tag, "fill:yours")
        size = self.px(10)
        icons.paint(self.p, QRectF(tag.left() + self.px(3), tag.center().y() - size / 2, size, size), "user-fill",
                    self._colour("on-fill:yours"))  # fmt: skip
        self._words(tag.adjusted(self.px(14), 0, 0, 0), who, "on-fill:yours", self.strong)
