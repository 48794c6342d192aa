"""The deployment board: time across, workers down, what nobody has on top. Painted; mouse and keyboard alike.

It knows no service: it says what somebody wants (``dropped``, ``taken_back``), and is shown what came of it.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from coordination.deployment.model import Worker
from ui.deployment import layout, words
from ui.deployment.drag import Drag
from ui.deployment.frame import BoardFrame
from ui.deployment.layout import Layout, Spot
from ui.deployment.painting import BoardPainter
from ui.style import theme

_ARROWS = {
    Qt.Key.Key_Left: ("beside", -1),
    Qt.Key.Key_Right: ("beside", 1),
    Qt.Key.Key_Up: ("across_to", -1),
    Qt.Key.Key_Down: ("across_to", 1),
}
_SCROLL_MS, _EDGE = 30, 28


class DeploymentBoard(BoardFrame):
    """One team's day. ``spot`` is what is chosen; ``drag`` what is on its way."""

    dropped = Signal(object, int, object)
    """a Spot, the worker's id, the moment it is to begin: an open place, as the board knows it"""
    taken_back = Signal(object)
    """a Spot that was dragged to those that nobody has"""
    refused = Signal(object)
    """obstacles: it was dropped where it may not go"""
    undo_asked = Signal()
    """Ctrl+Z where no window has taken it: a board in a window of its own"""
    opened = Signal(object)
    """a Spot that was opened with Enter or a double click"""
    menu_asked = Signal(QPoint)
    apply_asked = Signal()
    """Ctrl+Enter while it is shown as proposed"""
    stand_asked = Signal()
    """Esc while it is shown as proposed"""

    def __init__(self) -> None:
        super().__init__()
        self._pressed: tuple[QPointF, Spot] | None = None
        self._pointer = QPointF()
        self._backdrop: tuple[object, QPixmap] | None = None
        self._edge_timer = QTimer(self, interval=_SCROLL_MS)
        self._edge_timer.timeout.connect(self._scroll_at_edge)

    # ------------------------------------------------------------------ events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        exposed = QRectF(event.rect())
        if self._laid is None:
            painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        elif self.drag is None:
            self._backdrop = None
            BoardPainter(painter, self, self._laid).paint(exposed)
        else:
            ratio = self.devicePixelRatioF()
            source = QRectF(exposed.topLeft() * ratio, exposed.size() * ratio)
            painter.drawPixmap(exposed, self._behind_the_drag(self._laid), source)
            BoardPainter(painter, self, self._laid).paint_drag()
        painter.end()

    def _behind_the_drag(self, laid: Layout) -> QPixmap:
        """All that stands still while a visit is carried, painted once."""
        bars = (self.verticalScrollBar(), self.horizontalScrollBar(), self._lane_bar)
        key = (id(self.drag), id(laid), theme.mode(), *(bar.value() for bar in bars))
        if self._backdrop is None or self._backdrop[0] != key:
            ratio = self.devicePixelRatioF()
            picture = QPixmap(self.viewport().size() * ratio)
            picture.setDevicePixelRatio(ratio)
            painter = QPainter(picture)
            BoardPainter(painter, self, laid).paint()
            painter.end()
            self._backdrop = (key, picture)
        return self._backdrop[1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._laid_out_anew()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1, event.position().x())
        elif self.lanes_area().contains(event.position()) and self._lane_bar.isVisible():
            QApplication.sendEvent(self._lane_bar, event)
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, laid = Qt.Key(event.key()), self._laid
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif self.proposed is not None and key == Qt.Key.Key_Escape:
            self.stand_asked.emit()
        elif self.proposed is not None and _is_ctrl_enter(event):
            self.apply_asked.emit()
        elif key == Qt.Key.Key_Escape and self.drag is not None:
            self._put_down(None)
        elif key == Qt.Key.Key_Escape and self.marked:
            self.choose(self._spot)
        elif laid is not None and event.matches(QKeySequence.StandardKey.SelectAll):
            self.mark_row()
        elif laid is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self._go(*_ARROWS[key])
        elif key == Qt.Key.Key_Space and self._spot is not None:
            self.toggle_mark(self._spot)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._spot is not None:
            self.opened.emit(self._spot)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (1 if key == Qt.Key.Key_PageDown else -1) * bar.pageStep())
        elif key == Qt.Key.Key_Home:
            self.choose(laid.first)
        else:
            super().keyPressEvent(event)

    def _go(self, how: str, step: int) -> None:
        assert self._laid is not None
        if self._spot is None or not self._laid.has(self._spot):
            self.choose(self._laid.first)
            return
        found = getattr(self._laid, how)(self._spot, step)
        if found is not None:
            self.choose(found, keep=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            spot = self.spot_at(event.position())
            several = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
            self._pressed = (event.position(), spot) if spot and not several else None
            if spot is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.toggle_mark(spot)
            elif spot is not None and several:
                self.mark_between(spot)
            else:
                self.choose(spot, reveal=False)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._pressed is not None and self.drag is None and self.may_drag and self.proposed is None:
            origin, spot = self._pressed
            if (event.position() - origin).manhattanLength() >= QApplication.startDragDistance():
                self._pick_up(spot, origin)
        if self.drag is not None:
            self._carry()
        else:
            over = self.spot_at(event.position()) is not None
            self._show_tip(event.position())
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        if self.drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._put_down(event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if spot is not None:
            self.opened.emit(spot)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            under = self.spot_at(QPointF(event.pos()))
            self.choose(under, reveal=False, keep=under in self.marked)
            self.menu_asked.emit(event.globalPos())
        elif self._spot is not None:
            at = self.box_of(self._spot).center().toPoint()
            self.menu_asked.emit(self.viewport().mapToGlobal(at))

    def _show_tip(self, at: QPointF | None) -> None:
        """What a block or a bar cannot show. The viewport's own tip, because PySide 6.11 ends the process when anything
        fails in a paint that was reached through an overridden ``viewportEvent``."""
        says = words.tip(self._tip_at(at)) if at is not None else ""
        if self.viewport().toolTip() != says:
            self.viewport().setToolTip(says)

    def _tip_at(self, at: QPointF) -> str:
        if self._board is None or self._laid is None:
            return ""
        spot = self.spot_at(at)
        if spot is not None:
            said = words.about(self._board, self._board.visit_by_id[spot.visit])
            proposed = self.proposed.said(spot.visit) if self.proposed is not None else ""
            also = f"As proposed: {proposed}" if proposed else self.changed.get(spot.visit, "")
            return "\n".join(part for part in (said, also) if part)
        if at.y() < theme.px(layout.STRIP) and at.x() > theme.px(layout.NAMES):
            moment = self._moment_at(at.x())
            hour = next((h for h in self.balance if h.start <= moment < h.start + timedelta(hours=1)), None)
            return words.demand(hour) if hour else ""
        return ""

    # ------------------------------------------------------------------ dragging

    def _pick_up(self, spot: Spot, origin: QPointF) -> None:
        visit = self._board.visit_by_id.get(spot.visit) if self._board else None
        if visit is None or visit.is_over or self._board is None:
            self._pressed = None
            return
        box = self.box_of(spot)
        share = 0.0 if spot not in self._placed() else (origin.x() - box.left()) / max(1.0, box.width())
        grabbed = timedelta(minutes=visit.minutes) * min(max(share, 0.0), 1.0)
        self.drag = Drag(self._board, visit, spot, grabbed)
        self.preview = None
        self.viewport().update()
        self._show_tip(None)
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self._edge_timer.start()

    def _placed(self) -> dict[Spot, object]:
        return dict(self._laid.placed) if self._laid else {}

    def _carry(self) -> None:
        if self.drag is None or self._laid is None:
            return
        at = self._pointer
        moment = self._laid.start + timedelta(seconds=1) * (
            (at.x() - theme.px(layout.NAMES) + self.scrolled_x())
            / self._laid.width
            * (self._laid.end - self._laid.start).total_seconds()
        )
        worker = self._laid.worker_at(at.y() - self.row_top(0)) if self.rows_area().contains(at) else None
        before = (self.drag.over, self.drag.to_unplaced)
        self.drag.move(worker, moment)
        self.drag.to_unplaced = worker is None and self.lanes_area().contains(at)
        for over, up in {before, (self.drag.over, self.drag.to_unplaced)}:
            self._update_around(over, up)

    def _update_around(self, over: Worker | None, to_unplaced: bool) -> None:
        """Paint again where a visit on its way is or was: its row with the caption beneath or above it."""
        laid = self._laid
        if to_unplaced:
            self.viewport().update(self.lanes_area().toAlignedRect())
        if laid is not None and over is not None:
            room = theme.px(30)
            row = QRectF(0, self.row_top(laid.row_of[over.id]), self.viewport().width(), laid.row_height)
            self.viewport().update(row.adjusted(0, -room, 0, room).toAlignedRect())

    def _put_down(self, at: QPointF | None) -> None:
        """Let go: at an open place, at a closed one (which says why), or nowhere. Then show what has come in."""
        drag, self.drag = self.drag, None
        self._edge_timer.stop()
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.show_board(waiting)
        self.viewport().update()
        if drag is None or at is None:
            return
        if drag.to_unplaced:
            if drag.placed:
                self.taken_back.emit(drag.spot)
        elif drag.over is not None and drag.start is not None:
            if not drag.is_open:
                self.refused.emit(drag.in_the_way)
            elif not self._is_there_already(drag):
                self.dropped.emit(Spot(drag.spot.visit, drag.slot_for(drag.over)), drag.over.id, drag.start)

    @staticmethod
    def _is_there_already(drag: Drag) -> bool:
        held = drag.visit.at_slot(drag.spot.slot)
        return held is not None and drag.over is not None and (held.worker_id, held.window.start) == (
            drag.over.id, drag.start,
        )  # fmt: skip

    def _scroll_at_edge(self) -> None:
        """While something is carried near an edge, the board comes along."""
        area, edge = self.rows_area(), theme.px(_EDGE)
        bar = self.verticalScrollBar()
        if area.bottom() - edge < self._pointer.y():
            bar.setValue(bar.value() + theme.px(12))
        elif area.top() < self._pointer.y() < area.top() + edge:
            bar.setValue(bar.value() - theme.px(12))
        else:
            return
        self._carry()

    def sizeHint(self):  # type: ignore[no-untyped-def]
        hint = super().sizeHint()
        hint.setWidth(theme.px(900))
        return hint


def _is_ctrl_enter(event: QKeyEvent) -> bool:
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
