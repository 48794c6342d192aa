"""A list of those to whom a number belongs: two lines each, Enter takes one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from coordination.clock import Clock
from coordination.people.callers.model import Caller
from ui.intake import caller_words
from ui.style import fonts, icons, theme
from ui.widgets.table_model import Index
from ui.widgets.tips import plain_tip

ROW = 52
MOST_SEEN = 4
_ROW = Qt.ItemDataRole.UserRole
_ICONS = {
    "person": "user",
    "around": "users",
    "professional": "identification-badge",
    "practice": "first-aid",
    "team": "users-three",
    "earlier": "clock-counter-clockwise",
}


class CallersModel(QAbstractListModel):
    """Callers, each with its two lines."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Caller] = []
        self.lines: list[tuple[str, str]] = []

    def set_rows(self, rows: Sequence[Caller], now: datetime) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.lines = [(caller_words.title(row), caller_words.why(row, now)) for row in rows]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        lines = self.lines[index.row()]
        if role == _ROW:
            return self.rows[index.row()].kind, lines
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join(lines)
        return plain_tip(lines[1]) if role == Qt.ItemDataRole.ToolTipRole else None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, theme.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        kind, (title, why) = index.data(_ROW)
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.colour("selection" if chosen else "hover"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if chosen and option.widget.hasFocus():  # type: ignore[attr-defined]
            painter.fillRect(QRectF(box.left(), box.top(), theme.px(3), box.height()), theme.colour("focus"))
        ink = theme.colour("on-selection" if chosen else "text")
        quiet = ink if chosen else theme.colour("text-quiet")
        size = theme.px(16)
        icons.paint(
            painter, QRectF(box.left() + theme.px(10), box.top() + theme.px(9), size, size), _ICONS[kind], quiet
        )
        inner = box.adjusted(theme.px(34), theme.px(5), -theme.px(10), -theme.px(5))
        step = inner.height() / 2
        for number, (text, face, colour) in enumerate(
            ((title, fonts.font(strong=True), ink), (why, fonts.font("small"), quiet))
        ):
            line = QRectF(inner.left(), inner.top() + step * number, inner.width(), step)
            painter.setFont(face)
            painter.setPen(colour)
            shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


class CallerList(QListView):
    """``taken`` gives the Caller."""

    taken = Signal(object)
    left_above = Signal()
    left = Signal()

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__()
        self._clock = clock
        self.callers = CallersModel()
        self.setModel(self.callers)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName("Those to whom the number belongs")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: self.take(index.row()))

    def show_rows(self, rows: Sequence[Caller]) -> None:
        """The likeliest is chosen; as high as what it holds, up to a few."""
        self.callers.set_rows(rows, self._clock.now())
        self.setFixedHeight(theme.px(ROW) * min(max(len(rows), 1), MOST_SEEN))
        if rows:
            self.setCurrentIndex(self.callers.index(0, 0))

    def take(self, number: int) -> None:
        if 0 <= number < len(self.callers.rows):
            self.taken.emit(self.callers.rows[number])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.take(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_above.emit()
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)
