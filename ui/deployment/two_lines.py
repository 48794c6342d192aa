"""Lists of two lines a row beside the board: their rows, their keys and how a row is filled and written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.deployment import words
from ui.style import fonts, theme

ROW = Qt.ItemDataRole.UserRole
HIGH = 47
_V = Qt.AlignmentFlag.AlignVCenter


class Rows(QAbstractListModel):
    """Any records, in the order given. ``spoken`` is a row in one line, ``tip`` what does not fit into it."""

    def __init__(self, spoken: Callable[[Any], str], tip: Callable[[Any], str]) -> None:
        super().__init__()
        self._spoken, self._tip = spoken, tip
        self.rows: list[Any] = []

    def set_rows(self, rows: Sequence[Any]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        found = self.rows[index.row()]
        if role == ROW:
            return found
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(found)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tip(self._tip(found)) or None
        return None


class RowPainter(QStyledItemDelegate):
    """Fills a row, and leaves its two lines to :meth:`lines`."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, theme.px(HIGH))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        state, box = option.state, QRectF(option.rect)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, theme.colour("selection" if chosen else "hover" if over else "surface"))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRectF(box.left(), box.top(), theme.px(3), box.height()), theme.colour("focus"))
        inner = box.adjusted(theme.space(4), theme.px(4), -theme.space(4), -theme.px(5))
        first, second = QRectF(inner), QRectF(inner)
        first.setHeight(inner.height() / 2)
        second.setTop(inner.center().y())
        self.lines(painter, index.data(ROW), first, second, chosen)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        painter.restore()

    def lines(self, painter: QPainter, row: Any, first: QRectF, second: QRectF, chosen: bool) -> None:
        """Write the row into its two lines."""
        raise NotImplementedError


def write(painter: QPainter, box: QRectF, says: str, role: str, *, strong: bool = False, right: bool = False) -> float:
    """Written, cut to the box; gives the width."""
    face = fonts.font("body", strong=True) if strong else fonts.font("small")
    painter.setFont(face)
    painter.setPen(theme.colour(role))
    metrics = QFontMetricsF(face)
    shown = metrics.elidedText(says, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, _V | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft), shown)
    return metrics.horizontalAdvance(shown)


class TwoLines(QListView):
    """Keys first: arrows look, Enter or a double click takes, Escape leaves."""

    taken = Signal(object)
    looked_at = Signal(object)
    left = Signal()

    def __init__(self, name: str, rows: Rows, painter: RowPainter) -> None:
        super().__init__()
        self._rows = rows
        self.setModel(rows)
        painter.setParent(self)
        self.setItemDelegate(painter)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.take(index.data(ROW)))
        self.selectionModel().currentChanged.connect(lambda now, _was: self.look(now))
        theme.hub().changed.connect(self.doItemsLayout)

    @property
    def current(self) -> Any:
        """The row that is chosen, or None."""
        return self.currentIndex().data(ROW) if self.currentIndex().isValid() else None

    def choose(self, number: int) -> None:
        if 0 <= number < len(self._rows.rows):
            self.setCurrentIndex(self._rows.index(number))

    def take(self, row: Any) -> None:
        self.taken.emit(row)

    def look(self, index: QModelIndex) -> None:
        self.looked_at.emit(index.data(ROW) if index.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.current is not None:
            self.take(self.current)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
