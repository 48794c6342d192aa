"""The calendar of the apartments: apartments down, days across, painted; keyboard and mouse alike.

It knows no service: it says what somebody wants (``dropped``, ``refused``), and is shown what came of it.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from coordination.apartments.model import Stay
from ui.apartments import board_words, layout
from ui.apartments.board_carry import Carry, Part
from ui.apartments.board_frame import ApartmentsFrame
from ui.apartments.board_words import describe_apartment
from ui.apartments.painting import BoardPainter
from ui.style import theme
from ui.widgets.tips import plain_tip

__all__ = ["ApartmentsBoard", "describe_apartment"]

_DAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -7, Qt.Key.Key_PageDown: 7}
_LINES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EDGE, _HANDLE, _SCROLL_MS = 28, 6, 30


class ApartmentsBoard(ApartmentsFrame):
    """Arrow keys move over days and apartments; Enter opens the stay. Space picks it up: then arrows move it, with
    Shift its last day and with Ctrl+Shift its first, Enter sets it down, Esc leaves it where it was."""

    opened = Signal(object)
    """a Stay that was opened with Enter or a double click"""
    dropped = Signal(object)
    """a Carry that was put down where it is free"""
    refused = Signal(object)
    """a Carry that was put down where it may not go"""
    carrying = Signal(object)
    """the Carry that is on its way, each time it moves; None when it is put down"""
    menu_asked = Signal(QPoint)
    undo_asked = Signal()
    left = Signal()
    """Esc, with nothing on its way"""

    def __init__(self) -> None:
        super().__init__()
        self.may_change = True
        self._pressed: tuple[QPointF, Stay, Part] | None = None
        self._pointer = QPointF()
        self._backdrop: tuple[object, QPixmap] | None = None
        self._edge_timer = QTimer(self, interval=_SCROLL_MS)
        self._edge_timer.timeout.connect(self._scroll_at_edge)

    # ------------------------------------------------------------------ painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if self._layout is None:
            painter.fillRect(self.viewport().rect(), theme.colour("surface"))
        elif self.carry is None:
            self._backdrop = None
            BoardPainter(painter, self, self._layout, self._free).paint()
        else:
            painter.drawPixmap(0, 0, self._behind(self._layout))
            BoardPainter(painter, self, self._layout, {}).paint_carried(self.carry)
        painter.end()

    def _behind(self, laid: layout.Layout) -> QPixmap:
        """All that stands still while a stay is carried, painted once."""
        bars = (self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        key = (id(laid), theme.mode(), self.viewport().size(), *bars)
        if self._backdrop is None or self._backdrop[0] != key:
            ratio = self.devicePixelRatioF()
            picture = QPixmap(self.viewport().size() * ratio)
            picture.setDevicePixelRatio(ratio)
            painter = QPainter(picture)
            BoardPainter(painter, self, laid, self._free).paint()
            painter.end()
            self._backdrop = (key, picture)
        return self._backdrop[1]

    # ------------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, stay = Qt.Key(event.key()), self.stay
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif self._layout is None or self._day is None:
            super().keyPressEvent(event)
        elif self.carry is not None:
            self._carry_key(event, key)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if self.pick_up():
                self._carry_key(event, key)
        elif key == Qt.Key.Key_Space and stay is not None:
            self.pick_up()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _DAYS:
            self._step_days(_DAYS[key])
        elif key in _LINES:
            self._step_lines(_LINES[key])
        elif key == Qt.Key.Key_Home and self._apartment is not None:
            self.choose(self._apartment, self.today)
        elif key in _ENTER and stay is not None:
            self.opened.emit(stay)
        else:
            super().keyPressEvent(event)

    def _carry_key(self, event: QKeyEvent, key: Qt.Key) -> None:
        carry = self.carry
        assert carry is not None
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        first = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape:
            self.put_down(leave=True)
            return
        if key in _ENTER:
            self.put_down()
            return
        if key in _DAYS and shift:
            carry.stretch(_DAYS[key], at_start=first)
        elif key in _DAYS:
            carry.shift(_DAYS[key])
        elif key in _LINES and carry.stay.state != "ended":
            carry.step(_LINES[key])
        else:
            super().keyPressEvent(event)
            return
        self._bring_into_view(carry.apartment, carry.period.last if shift and not first else carry.period.start)
        self.viewport().update()
        self.carrying.emit(carry)

    def _step_days(self, step: int) -> None:
        """By day over free days, over a stay in one step."""
        assert self._apartment is not None and self._day is not None
        stay, day = self.stay, self._day + timedelta(days=step)
        if stay is not None and abs(step) == 1:
            day = stay.period.end if step > 0 else stay.period.start - timedelta(days=1)
        self.choose(self._apartment, day)

    def _step_lines(self, step: int) -> None:
        assert self._layout is not None and self._day is not None
        flats = [line.apartment for line in self._layout.flats if line.apartment is not None]
        here = next((n for n, flat in enumerate(flats) if flat.id == self._apartment), 0)
        self.choose(flats[min(max(here + step, 0), len(flats) - 1)].id, self._day)

    # ------------------------------------------------------------------ carrying

    def pick_up(self, part: Part = "whole", grabbed: int = 0, *, by_keys: bool = True) -> bool:
        """Take the chosen stay, to move it or its end. False when it cannot be changed."""
        stay, board = self.stay, self.board
        if stay is None or board is None or stay.hidden or stay.state == "cancelled" or not self.may_change:
            return False
        self.carry = Carry(board, stay, grabbed, part, by_keys)
        if not by_keys:
            self._edge_timer.start()
        self.viewport().update()
        self.carrying.emit(self.carry)
        return True

    def put_down(self, *, leave: bool = False) -> None:
        """Let go: where it is free, where it is not (which says why), or nowhere."""
        carry, self.carry = self.carry, None
        self._edge_timer.stop()
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.viewport().update()
        self.carrying.emit(None)
        if carry is None or leave or carry.is_there_already:
            return
        (self.dropped if carry.is_open else self.refused).emit(carry)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        self._pressed = None
        if self.carry is not None:
            self.put_down(leave=True)
        if place is None:
            return
        self.choose(place[0].id, place[1], reveal=False)
        on_days = event.position().x() >= theme.px(layout.GUTTER)
        if event.button() == Qt.MouseButton.LeftButton and self.stay is not None and on_days:
            self._pressed = (event.position(), self.stay, self._part_at(event.position()))

    def _part_at(self, at: QPointF) -> Part:
        stay = self.stay
        if stay is None or self._layout is None:
            return "whole"
        box, handle = self.stay_box(stay, self._layout.line_of[stay.apartment_id]), theme.px(_HANDLE)
        if box.width() > 4 * handle:
            if at.x() > box.right() - handle:
                return "end"
            if at.x() < box.left() + handle:
                return "start"
        return "whole"

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._pressed is not None and self.carry is None:
            origin, stay, part = self._pressed
            far = (event.position() - origin).manhattanLength() >= QApplication.startDragDistance()
            grabbed = (self._day_under(origin.x()) - stay.period.start).days
            if far and not self.pick_up(part, grabbed, by_keys=False):
                self._pressed = None
        if self.carry is not None and not self.carry.by_keys:
            self._follow()
        else:
            self._hover(event.position())

    def _follow(self) -> None:
        carry = self.carry
        assert carry is not None and self._layout is not None
        line = self._line_under(self._pointer.y())
        before = (carry.apartment, carry.period)
        over = line.apartment.id if line is not None and line.apartment is not None else None
        carry.to(over if carry.stay.state != "ended" else None, self._day_under(self._pointer.x()))
        shape = Qt.CursorShape.ClosedHandCursor if carry.part == "whole" else Qt.CursorShape.SizeHorCursor
        self.viewport().setCursor(shape)
        if before != (carry.apartment, carry.period):
            self.viewport().update()
            self.carrying.emit(carry)

    def _hover(self, at: QPointF) -> None:
        says = plain_tip(self._tip(at.toPoint()))
        if self.viewport().toolTip() != says:
            self.viewport().setToolTip(says)
        place = self.place_at(at.toPoint())
        stay = self._layout.stay_at(*place) if place is not None and self._layout is not None else None
        shape = Qt.CursorShape.ArrowCursor
        if stay is not None and at.x() > theme.px(layout.GUTTER):
            shape = Qt.CursorShape.PointingHandCursor
            if stay is self.stay and self._part_at(at) != "whole":
                shape = Qt.CursorShape.SizeHorCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        if self.carry is not None and not self.carry.by_keys and event.button() == Qt.MouseButton.LeftButton:
            self.put_down(leave=self.place_at(event.position().toPoint()) is None)

    def _scroll_at_edge(self) -> None:
        """While something is carried near an edge, the board comes along."""
        area, edge = self.viewport().rect(), theme.px(_EDGE)
        across, down, at = self.horizontalScrollBar(), self.verticalScrollBar(), self._pointer
        before = (across.value(), down.value())
        if at.x() > area.right() - edge:
            across.setValue(across.value() + theme.px(14))
        elif theme.px(layout.GUTTER) < at.x() < theme.px(layout.GUTTER) + edge:
            across.setValue(across.value() - theme.px(14))
        if at.y() > area.bottom() - edge:
            down.setValue(down.value() + theme.px(10))
        elif theme.px(layout.HEAD) < at.y() < theme.px(layout.HEAD) + edge:
            down.setValue(down.value() - theme.px(10))
        if before != (across.value(), down.value()) and self.carry is not None:
            self._follow()

    # ------------------------------------------------------------------ the rest of the mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1, event.position().x())
        else:
            super().wheelEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.place_at(event.position().toPoint()) is not None and self.stay is not None:
            self.opened.emit(self.stay)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            place = self.place_at(at)
            if place is not None:
                self.choose(place[0].id, place[1], reveal=False)
        elif self._layout is not None and self.apartment is not None and self._day is not None:
            at = QPoint(
                round(self.origin().x() + theme.px(self._layout.left(self._day))),
                round(self.origin().y() + theme.px(self._layout.line_of[self.apartment.id].top + 24)),
            )
        self.menu_asked.emit(self.viewport().mapToGlobal(at))

    def _tip(self, point: QPoint) -> str:
        place, board = self.place_at(point), self.board
        if place is None or self._layout is None or board is None:
            return ""
        apartment, day = place
        stay = self._layout.stay_at(apartment, day)
        pause = board.pause_on(apartment.id, day)
        if point.x() < theme.px(layout.GUTTER):
            return describe_apartment(apartment)
        if stay is not None:
            return self.describe(stay)
        return board_words.describe_pause(pause) if pause is not None else describe_apartment(apartment)
