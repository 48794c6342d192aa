"""The deployment board: time across, workers down, what nobody has on top. Painted; mouse and keyboard alike.

It knows no service: it says what somebody wants (``dropped``, ``taken_back``), and is shown what came of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QScrollBar, QToolTip

from coordination.deployment.balance import HourLoad
from coordination.deployment.model import Board, Visit
from coordination.values import WorkerId
from ui.deployment import layout, words
from ui.deployment.drag import Drag
from ui.deployment.layout import Layout, Outlook, Spot, whole_day
from ui.deployment.painting import BoardPainter
from ui.style import theme

_ARROWS = {
    Qt.Key.Key_Left: ("beside", -1),
    Qt.Key.Key_Right: ("beside", 1),
    Qt.Key.Key_Up: ("beyond", -1),
    Qt.Key.Key_Down: ("beyond", 1),
}
_SCROLL_MS, _EDGE = 30, 28


class DeploymentBoard(QAbstractScrollArea):
    """One team's day. ``spot`` is what is chosen; ``drag`` what is on its way."""

    spot_changed = Signal()
    dropped = Signal(object, int, object)
    """a Spot, the worker's id, the moment it is to begin: an open place, as the board knows it"""
    taken_back = Signal(object)
    """a Spot that was dragged to those that nobody has"""
    refused = Signal(object)
    """obstacles: it was dropped where it may not go"""
    undo_asked = Signal()
    opened = Signal(object)
    """a Spot that was opened with Enter or a double click"""
    menu_asked = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Visits by worker and time")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setMouseTracking(True)
        self.drag: Drag | None = None
        self.preview: tuple[Visit, WorkerId, datetime] | None = None
        self.now: datetime | None = None
        self.may_drag = True
        self._hours: tuple[int, int] | None = None
        self._laid: Layout | None = None
        self._board: Board | None = None
        self._waiting: Outlook | None = None
        self._outlook: Outlook | None = None
        self._backdrop: tuple[object, QPixmap] | None = None
        self._spot: Spot | None = None
        self._pressed: tuple[QPointF, Spot] | None = None
        self._pointer = QPointF()
        self._lane_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._lane_bar.setAccessibleName("Visits that nobody has")
        self._lane_bar.valueChanged.connect(lambda _value: self.viewport().update())
        self._edge_timer = QTimer(self, interval=_SCROLL_MS)
        self._edge_timer.timeout.connect(self._scroll_at_edge)
        theme.hub().changed.connect(self._laid_out_anew)

    # ------------------------------------------------------------------ what is shown

    @property
    def board(self) -> Board | None:
        return self._board

    @property
    def spot(self) -> Spot | None:
        return self._spot

    @property
    def visit(self) -> Visit | None:
        """The visit that is chosen, as the board knows it."""
        return self._board.visit_by_id.get(self._spot.visit) if self._board and self._spot else None

    def show_board(self, outlook: Outlook | None) -> None:
        """Show a board. What is chosen and where it is scrolled to stay. A visit on its way is not disturbed: the
        newer board waits until it has been put down."""
        if self.drag is not None:
            self._waiting = outlook
            return
        self._outlook = outlook
        self._board = outlook.board if outlook else None
        self._laid_out_anew()
        if self._spot is not None and (self._laid is None or not self._laid.has(self._spot)):
            self._spot = self._successor(self._spot)
        self.spot_changed.emit()

    def _successor(self, gone: Spot) -> Spot | None:
        """The same visit elsewhere: it was placed, or taken back, and its slots are named anew."""
        if self._laid is None:
            return None
        same = [s for s in (*self._laid.placed, *self._laid.lane_of) if s.visit == gone.visit]
        return min(same, key=lambda s: abs(s.slot - gone.slot), default=None)

    def show_hours(self, hours: tuple[int, int] | None) -> None:
        """The hours across; None for the whole day."""
        self._hours = hours
        self._laid_out_anew()

    def show_now(self, now: datetime | None) -> None:
        self.now = now
        self.viewport().update()

    def show_preview(self, visit: Visit | None, worker: WorkerId | None, start: datetime | None) -> None:
        """Where a visit would go, before it does; the row scrolls into sight."""
        known = visit is not None and worker is not None and start is not None
        self.preview = (visit, worker, start) if known else None  # type: ignore[assignment]
        if known and self._laid is not None and worker in self._laid.row_of:
            self._reveal_row(self._laid.row_of[worker])
        self.viewport().update()

    def broken(self, spot: Spot) -> bool:
        """Whether a placed visit cannot stand any more: somebody fell ill, or a skill ran out."""
        return self._outlook is not None and spot in self._outlook.broken

    def is_late(self, spot: Spot) -> bool:
        return self._outlook is not None and spot in self._outlook.late

    @property
    def balance(self) -> tuple[HourLoad, ...]:
        """Demand against capacity, hour by hour."""
        return self._outlook.balance if self._outlook else ()

    def choose(self, spot: Spot | None, *, reveal: bool = True) -> None:
        """Choose a visit; it scrolls into sight."""
        changed, self._spot = spot != self._spot, spot
        if spot is not None and reveal:
            self._reveal(spot)
        self.viewport().update()
        if changed:
            self._tell(spot)
            self.spot_changed.emit()

    def _tell(self, spot: Spot | None) -> None:
        """Let a screen reader say what is chosen."""
        if self._board is not None and self.visit is not None and spot is not None:
            self.setAccessibleDescription(words.about(self._board, self.visit).replace("\n", ". "))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # ------------------------------------------------------------------ geometry

    def _laid_out_anew(self) -> None:
        """Lay out again: another board, width, text size or other hours."""
        if self._board is None:
            self._laid = None
        else:
            hours = self._hours or whole_day(self._board)
            least = theme.px(layout.MIN_HOUR) * (hours[1] - hours[0])
            width = max(least, self.viewport().width() - theme.px(layout.NAMES) - theme.px(10))
            self._laid = Layout(self._board, hours, width, theme.px)
        self._fit_bars()
        self.viewport().update()

    def _fit_bars(self) -> None:
        laid = self._laid
        tall = self.rows_area().height() if laid else 0.0
        wide = self.viewport().width() - theme.px(layout.NAMES)
        self.verticalScrollBar().setRange(0, max(0, round(laid.rows_height - tall)) if laid else 0)
        self.verticalScrollBar().setPageStep(max(1, round(tall)))
        self.verticalScrollBar().setSingleStep(theme.px(layout.ROW))
        self.horizontalScrollBar().setRange(0, max(0, round(laid.width + theme.px(10) - wide)) if laid else 0)
        self.horizontalScrollBar().setPageStep(max(1, wide))
        self.horizontalScrollBar().setSingleStep(theme.px(layout.MIN_HOUR))
        lanes = self.lanes_area()
        over = round(laid.lanes_height - lanes.height()) if laid else 0
        self._lane_bar.setRange(0, max(0, over))
        self._lane_bar.setPageStep(max(1, round(lanes.height())))
        self._lane_bar.setSingleStep(theme.px(layout.LANE))
        self._lane_bar.setVisible(over > 0)
        thick = theme.px(12)
        self._lane_bar.setGeometry(
            self.viewport().width() - thick, round(lanes.top()), thick, max(1, round(lanes.height()))
        )
        self._lane_bar.raise_()

    def _head_height(self) -> float:
        return theme.px(layout.STRIP) + theme.px(layout.AXIS)

    def lanes_area(self) -> QRectF:
        """Where those stand that nobody has: as high as they need, up to two fifths of the board."""
        top = self._head_height()
        wanted = self._laid.lanes_height if self._laid else theme.px(layout.LANE)
        most = max(theme.px(layout.LANE) * 1.5, (self.viewport().height() - top) * 0.4)
        return QRectF(0, top, self.viewport().width(), min(wanted, most))

    def rows_area(self) -> QRectF:
        top = self.lanes_area().bottom()
        return QRectF(0, top, self.viewport().width(), max(0.0, self.viewport().height() - top))

    def time_area(self) -> QRectF:
        return QRectF(self.viewport().rect()).adjusted(theme.px(layout.NAMES), 0, 0, 0)

    def row_top(self, number: int) -> float:
        return self.rows_area().top() + number * theme.px(layout.ROW) - self.verticalScrollBar().value()

    def lane_top(self, number: int) -> float:
        return self.lanes_area().top() + theme.px(4) + number * theme.px(layout.LANE) - self._lane_bar.value()

    def scrolled_x(self) -> int:
        return self.horizontalScrollBar().value()

    def box_of(self, spot: Spot) -> QRectF:
        """Where a chosen place stands in the viewport; empty when it is not there."""
        laid = self._laid
        if laid is None:
            return QRectF()
        names = theme.px(layout.NAMES) - self.scrolled_x()
        if spot in laid.placed:
            _, held = laid.placed[spot]
            left, width = laid.across(held.window)
            return QRectF(names + left, self.row_top(laid.row_of[held.worker_id]), width, theme.px(layout.ROW))
        if spot in laid.lane_of and self._board is not None:
            left, width = laid.chip(self._board.visit_by_id[spot.visit])
            return QRectF(names + left, self.lane_top(laid.lane_of[spot]), width, theme.px(layout.LANE))
        return QRectF()

    def spot_at(self, at: QPointF) -> Spot | None:
        """What stands under a point of the viewport."""
        laid = self._laid
        if laid is None or at.x() < theme.px(layout.NAMES):
            return None
        if self.lanes_area().contains(at):
            near = [s for lane in laid.lanes for s, _ in lane]
        elif self.rows_area().contains(at):
            worker = laid.worker_at(at.y() - self.row_top(0))
            near = [Spot(v.id, a.slot) for v, a in laid.board.row_of[worker.id]] if worker else []
        else:
            return None
        return next((s for s in near if self.box_of(s).contains(at)), None)

    def _reveal(self, spot: Spot) -> None:
        laid = self._laid
        if laid is None:
            return
        if spot in laid.placed:
            self._reveal_row(laid.row_of[laid.placed[spot][1].worker_id])
        elif spot in laid.lane_of:
            top = laid.lane_of[spot] * theme.px(layout.LANE)
            self._into_sight(self._lane_bar, top, theme.px(layout.LANE) + theme.px(8), self.lanes_area().height())
        box = self.box_of(spot)
        left = box.left() - theme.px(layout.NAMES) + self.scrolled_x()
        self._into_sight(self.horizontalScrollBar(), left, box.width(), self.time_area().width())

    def _reveal_row(self, number: int) -> None:
        height = theme.px(layout.ROW)
        self._into_sight(self.verticalScrollBar(), number * height, height, self.rows_area().height())

    @staticmethod
    def _into_sight(bar: QScrollBar, begin: float, length: float, seen: float) -> None:
        if begin < bar.value():
            bar.setValue(int(begin))
        elif begin + length > bar.value() + seen:
            bar.setValue(round(begin + length - seen))

    # ------------------------------------------------------------------ events

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if self._laid is None:
            painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        elif self.drag is None:
            self._backdrop = None
            BoardPainter(painter, self, self._laid).paint()
        else:
            painter.drawPixmap(0, 0, self._behind_the_drag(self._laid))
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
        if self.lanes_area().contains(event.position()) and self._lane_bar.isVisible():
            QApplication.sendEvent(self._lane_bar, event)
        else:
            super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z over the board takes back the last step on the board, however long ago the notice has gone."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.matches(
            QKeySequence.StandardKey.Undo
        ):  # fmt: skip
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, laid = Qt.Key(event.key()), self._laid
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif key == Qt.Key.Key_Escape and self.drag is not None:
            self._put_down(None)
        elif laid is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self._go(*_ARROWS[key])
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
            self.choose(found)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            spot = self.spot_at(event.position())
            self._pressed = (event.position(), spot) if spot else None
            self.choose(spot, reveal=False)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._pressed is not None and self.drag is None and self.may_drag:
            origin, spot = self._pressed
            if (event.position() - origin).manhattanLength() >= QApplication.startDragDistance():
                self._pick_up(spot, origin)
        if self.drag is not None:
            self._carry()
        else:
            over = self.spot_at(event.position()) is not None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        if self.drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._put_down(event.position())
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if spot is not None:
            self.opened.emit(spot)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.choose(self.spot_at(QPointF(event.pos())), reveal=False)
            self.menu_asked.emit(event.globalPos())
        elif self._spot is not None:
            at = self.box_of(self._spot).center().toPoint()
            self.menu_asked.emit(self.viewport().mapToGlobal(at))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self.spot_at(QPointF(event.pos()))
            visit = self._board.visit_by_id.get(spot.visit) if spot and self._board else None
            if visit is not None and self._board is not None and self.drag is None:
                QToolTip.showText(event.globalPos(), words.about(self._board, visit), self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

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
        self.drag.move(worker, moment)
        self.drag.to_unplaced = worker is None and self.lanes_area().contains(at)
        self.viewport().update()

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
