"""The small parts that every part of the board is painted with: boxes, words, marks, a visit's block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPixmap

from coordination.deployment.board_warnings import BoardWarning
from coordination.deployment.model import Visit
from coordination.values import Window
from ui.deployment import layout, words
from ui.deployment.layout import Layout, Spot
from ui.deployment.messages import WARNINGS
from ui.deployment.proposed import mark_of
from ui.style import fonts, icons, theme, tokens

if TYPE_CHECKING:
    from ui.deployment.frame import BoardFrame

_V = Qt.AlignmentFlag.AlignVCenter
LEFT, RIGHT, CENTRE = _V | Qt.AlignmentFlag.AlignLeft, _V | Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignCenter


class Brush:
    """A painter with the board's measures, fonts and colours at hand."""

    def __init__(self, painter: QPainter, view: BoardFrame, laid: Layout) -> None:
        self.p, self.view, self.laid = painter, view, laid
        self.px = theme.px
        self.names = theme.px(layout.NAMES)
        self.small, self.strong = fonts.font("small"), fonts.font("small", strong=True)
        self._metrics = {id(f): QFontMetricsF(f) for f in (self.small, self.strong)}
        self._colours: dict[str, QColor] = {}
        self.box = QRectF(view.viewport().rect())
        self.exposed = self.box
        self.origin = float(self.names - view.scrolled_x())  # where the hours begin

    def _x(self, moment: datetime) -> float:
        return self.origin + self.laid.x(moment)

    def _across(self, window: Window, row: QRectF) -> QRectF:
        left, width = self.laid.across(window)
        return QRectF(self.origin + left, row.top(), width, row.height())

    def _hour_lines(self, row: QRectF) -> None:
        line = self._colour("line")
        for x, _hour in self.laid.hour_marks:
            self._fill(QRectF(round(self.origin + x), row.top(), 1, row.height()), line)

    def _window_of_selected(self, row: QRectF) -> None:
        visit = self.view.visit
        if visit is None or visit.is_over:
            return
        box = self._across(visit.arrive, row)
        shade = self._colour("accent")
        shade.setAlphaF(0.10)
        self._fill(box, shade)
        self._fill(QRectF(box.left(), row.top(), 1, row.height()), self._colour("accent"))
        self._fill(QRectF(box.right(), row.top(), 1, row.height()), self._colour("accent"))

    def _fill(self, box: QRectF, with_: QColor | QBrush) -> None:
        """On whole pixels: an order of magnitude faster than with edges in between, and sharper."""
        left, top = round(box.left()), round(box.top())
        width, height = round(box.right()) - left, round(box.bottom()) - top
        if width >= 0 and height >= 0:
            self.p.fillRect(left, top, max(1, width), max(1, height), with_)  # type: ignore[call-overload]

    def _line(self, y: float) -> None:
        self._fill(QRectF(0, y, self.box.width(), 1), self._colour("line"))

    def _rounded(self, box: QRectF, fill: str, edge: str = "", width: float = 0) -> None:
        self.p.setPen(QPen(self._colour(edge), self.px(width)) if edge else Qt.PenStyle.NoPen)
        self.p.setBrush(self._colour(fill))
        radius = self.px(4)
        self.p.drawRoundedRect(box, radius, radius)

    def _words(self, box: QRectF, says: str, role: str, face: object = None, align: object = LEFT) -> None:
        font = face or self.small
        if box.width() < self.px(8) or not says:
            return
        metrics = self._metrics[id(font)]
        shown = metrics.elidedText(says, Qt.TextElideMode.ElideRight, box.width() + 1)
        if len(shown) < 3 and shown != says:  # some letters say more than dots
            shown = says[: max(1, int(box.width() / metrics.averageCharWidth()))]
            while len(shown) > 1 and metrics.horizontalAdvance(shown) > box.width() + 1:
                shown = shown[:-1]
        self.p.setFont(font)  # type: ignore[arg-type]
        self.p.setPen(self._colour(role))
        self.p.drawText(box, int(align) | int(Qt.TextFlag.TextSingleLine), shown)  # type: ignore[call-overload]

    def _width(self, says: str, face: object) -> float:
        return self._metrics[id(face)].horizontalAdvance(says)

    def _colour(self, role: str) -> QColor:
        if role not in self._colours:
            self._colours[role] = theme.colour(role)
        return QColor(self._colours[role])

    def _onto(self, width: float, height: float, paint: Callable[[], object]) -> QPixmap:
        """A picture of its own, clear where nothing is painted, with the hours beginning at its left edge."""
        ratio = self.view.devicePixelRatioF()
        picture = QPixmap(max(1, round(width * ratio)), max(1, round(height * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        before = self.p, self.origin, self.box
        self.p, self.origin, self.box = QPainter(picture), 0.0, QRectF(0, 0, width, height)
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            paint()
        finally:
            self.p.end()
            self.p, self.origin, self.box = before
        return picture

    def _block(self, visit: Visit, box: QRectF, spot: Spot, *, room: float) -> None:
        """``room`` is what is free at its right, for a name that a short visit has no place for."""
        look = tokens.state(words.state_of(visit))
        gone = visit.state in ("cancelled", "moved")
        warned = self.view.warnings_at(spot)
        broken = any(WARNINGS[w.kind][2] == "red" for w in warned)
        self._rounded(box, f"soft:{look.tone}", f"tone:{look.tone}" if not broken else "fill:red", 2 if broken else 1)
        self._fill(QRectF(box.left(), box.top() + 1, self.px(4), box.height() - 2), self._colour(f"fill:{look.tone}"))
        proposed = self._proposed(spot)
        if proposed:
            self._rounded(box.adjusted(1, 1, -1, -1), f"soft:{look.tone}", "tone:yours", 2)
        elif visit.id in self.view.changed and self.view.proposed is None:
            self._changed(box)
        inner = box.adjusted(self.px(8), self.px(2), -self.px(4), -self.px(2))
        marks = [] if gone else self._marks(visit, warned)
        if self.laid.row_height < self.px(layout.ROW):
            self._one_line(visit, inner, marks, room)
        else:
            self._text_of(visit, inner, marks, room, proposed or self._with(visit, spot) or visit.need)

    def _proposed(self, spot: Spot) -> str:
        """Where a plan takes it from; nothing of what stays as it is."""
        proposed = self.view.proposed
        return proposed.said(spot.visit) if proposed is not None and spot in proposed.spots else ""

    def _changed(self, box: QRectF) -> None:
        """A folded corner: not as it was published."""
        side, corner = self.px(9), box.bottomRight()
        self.p.setPen(Qt.PenStyle.NoPen)
        self.p.setBrush(self._colour("text"))
        self.p.drawPolygon([corner, corner - QPointF(side, 0), corner - QPointF(0, side)])

    def _with(self, visit: Visit, spot: Spot) -> str:
        """Who goes there too."""
        other = next((a for a in visit.allocations if a.slot != spot.slot), None)
        worker = self.laid.board.worker_by_id.get(other.worker_id) if other is not None else None
        return f"with {worker.name}" if worker is not None else ""

    def _marks(self, visit: Visit, warned: Sequence[BoardWarning] = ()) -> list[tuple[str, str]]:
        """Icon and colour, most important first."""
        kinds = dict.fromkeys(w.kind for w in warned)
        proposed = self.view.proposed
        change = proposed.changes.get(visit.id) if proposed is not None else None
        found = [(mark_of(change), "tone:yours")] if change is not None else []
        found += [(mark, f"tone:{tone}") for _, mark, tone in (WARNINGS[kind] for kind in kinds)]
        if visit.is_over or visit.is_pinned:
            look = tokens.state("pinned" if visit.is_pinned and not visit.is_over else visit.state)
            found.append((look.mark, f"tone:{look.tone}"))
        if visit.time_critical:
            found.append(("alarm", "text"))
        if visit.workers_needed == 2:
            found.append(("users", "text"))
        if visit.pairs:
            found.append(("link", "text"))
        return found

    def _text_of(
        self, visit: Visit, box: QRectF, marks: list[tuple[str, str]], room: float, beneath: str
    ) -> None:  # fmt: skip
        """Name and need; marks at the right of the name where there is room, else beneath it instead of the need."""
        half = box.height() / 2
        first = QRectF(box.left(), box.top(), box.width(), half)
        second = first.translated(0, half)
        narrow = box.width() < self.px(84)
        taken = self._paint_marks(second if narrow else first, marks, left=narrow)
        name = visit.person.surname.upper() if narrow else visit.person.listed
        self._words(first.adjusted(0, 0, room if narrow else -taken, 0), name, "text", self.strong)
        if not (narrow and taken) and box.width() > self.px(38):
            self._words(second, beneath, "text-quiet", self.small)

    def _one_line(self, visit: Visit, box: QRectF, marks: list[tuple[str, str]], room: float) -> None:
        """Where rows are close: the gravest mark, and the name."""
        taken = self._paint_marks(box, marks[:1], left=True) if box.width() > self.px(18) else 0.0
        name = visit.person.surname.upper() if box.width() < self.px(110) else visit.person.listed
        self._words(box.adjusted(taken, 0, room, 0), name, "text", self.strong)

    def _paint_marks(self, box: QRectF, marks: list[tuple[str, str]], *, left: bool) -> float:
        """As many as fit; gives back the width they take."""
        size, gap = self.px(14), self.px(2)
        shown = marks[: max(0, int((box.width() + gap) // (size + gap)))]
        for number, (name, role) in enumerate(shown):
            x = box.left() + number * (size + gap) if left else box.right() - (number + 1) * (size + gap) + gap
            icons.paint(self.p, QRectF(x, box.center().y() - size / 2, size, size), name, self._colour(role))
        return len(shown) * (size + gap)

    def _selected(self, box: QRectF, itself: bool) -> None:
        pen = QPen(self._colour("focus"), self.px(2.5) if itself else self.px(1.5))
        if not itself:
            pen.setStyle(Qt.PenStyle.DashLine)
        self.p.setPen(pen)
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        radius = self.px(4)
        self.p.drawRoundedRect(box.adjusted(-1, -1, 1, 1), radius, radius)

    def _strength(self, spot: Spot) -> float:
        """What is on its way is faint where it came from; so is what has nothing that is looked for."""
        if self.view.drag is not None:
            return 0.35 if self.view.drag.spot == spot else 1
        if self.view.standing_out is not None and spot not in self.view.standing_out:
            return 0.3
        proposed = self.view.proposed
        return 0.5 if proposed is not None and spot not in proposed.spots else 1
