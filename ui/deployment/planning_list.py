"""A list of two lines a row, for what a plan changes and why a visit is not placed. Keys first: arrows look, Enter
does, Escape leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.deployment import words
from ui.style import fonts, icons, theme

ROW = Qt.ItemDataRole.UserRole
HIGH = 48
_V = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Line:
    """``title`` and, at its right, ``right``; ``below`` in quiet words; a ``mark`` where one is needed. ``key`` is what
    it is about, ``said`` everything in full, for the tip and a screen reader."""

    title: str
    below: str
    right: str = ""
    mark: str = ""
    tone: str = ""
    key: object = None
    said: str = ""

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.title, self.right, self.said or self.below) if part)


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Line] = []

    def set_rows(self, rows: Sequence[Line]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.rows[index.row()]
        if role == ROW:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tip(line.said or line.below) or None
        return None


class _Painter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, theme.px(HIGH))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line: Line = index.data(ROW)
        state, box = option.state, QRectF(option.rect)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, theme.colour("selection" if chosen else "hover" if over else "surface"))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRectF(box.left(), box.top(), theme.px(3), box.height()), theme.colour("focus"))
        inner = box.adjusted(theme.space(4), theme.px(5), -theme.space(4), -theme.px(5))
        first, second = QRectF(inner), QRectF(inner)
        first.setHeight(inner.height() / 2)
        second.setTop(inner.center().y())
        quiet = "on-selection" if chosen else "text-quiet"
        if line.mark:
            side = theme.px(14)
            tone = "on-selection" if chosen else f"tone:{line.tone}" if line.tone else quiet
            at = QRectF(first.left(), first.center().y() - side / 2, side, side)
            icons.paint(painter, at, line.mark, theme.colour(tone))
            first.setLeft(first.left() + theme.px(20))
        role = "on-selection" if chosen else "text"
        width = _words(painter, first, line.right, quiet, right=True)
        _words(painter, first.adjusted(0, 0, -width - theme.space(2), 0), line.title, role, strong=True)
        _words(painter, second, line.below, quiet)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        painter.restore()


def _words(painter: QPainter, box: QRectF, says: str, role: str, *, strong: bool = False, right: bool = False) -> float:
    """Paints, cut to the box, and gives the width."""
    face = fonts.font("body", strong=True) if strong else fonts.font("small")
    painter.setFont(face)
    painter.setPen(theme.colour(role))
    metrics = QFontMetricsF(face)
    shown = metrics.elidedText(says, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, _V | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft), shown)
    return metrics.horizontalAdvance(shown)


class LineList(QListView):
    """``taken`` with the key of a line on Enter or a double click; ``looked_at`` as the choice moves."""

    taken = Signal(object)
    looked_at = Signal(object)
    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._model = _Model()
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what is around it stays in sight
        self.setMinimumHeight(theme.px(2 * HIGH))
        self.doubleClicked.connect(lambda index: self.taken.emit(index.data(ROW).key))
        self.selectionModel().currentChanged.connect(lambda now, _was: self._look(now))
        theme.hub().changed.connect(self.doItemsLayout)

    @property
    def lines(self) -> list[Line]:
        return self._model.rows

    @property
    def current(self) -> Line | None:
        return self.currentIndex().data(ROW) if self.currentIndex().isValid() else None

    def show_lines(self, lines: Sequence[Line]) -> None:
        self._model.set_rows(lines)

    def choose(self, number: int) -> None:
        if 0 <= number < len(self.lines):
            self.setCurrentIndex(self._model.index(number))

    def _look(self, index: QModelIndex) -> None:
        self.looked_at.emit(index.data(ROW) if index.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.current is not None:
            self.taken.emit(self.current.key)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
