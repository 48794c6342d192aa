"""A list row of two lines: who, in strong; beneath, quietly, what there is to know."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.style import fonts, theme

DETAIL = Qt.ItemDataRole.UserRole + 1
TONE = Qt.ItemDataRole.UserRole + 2
HEIGHT = 50


class TwoLines(QStyledItemDelegate):
    """Paints DisplayRole above DETAIL; TONE colours the second line."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, theme.px(HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.colour("selection" if chosen else "hover"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        room = box.adjusted(theme.px(10), theme.px(5), -theme.px(10), -theme.px(6))
        half = room.height() / 2
        upper, lower = QRectF(room), QRectF(room)
        upper.setHeight(half)
        lower.setTop(room.top() + half)
        ink = "on-selection" if chosen else "text"
        self._line(painter, upper, index.data(), ink, strong=True)
        tone = index.data(TONE)
        quiet = f"tone:{tone}" if tone else ("on-selection" if chosen else "text-quiet")
        self._line(painter, lower, index.data(DETAIL), quiet)

    @staticmethod
    def _line(painter: QPainter, box: QRectF, words: str, role: str, *, strong: bool = False) -> None:
        face = fonts.font("body" if strong else "small", strong=strong)
        painter.setFont(face)
        painter.setPen(theme.colour(role))
        shown = QFontMetricsF(face).elidedText(words or "", Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
