"""How a table is painted: its cells and its heads."""

from __future__ import annotations

from typing import Any, Protocol, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from ui.style import fonts, theme, tokens
from ui.style.laid_out import paint_words
from ui.widgets.badge import badge_width, paint_badge, paint_dot
from ui.widgets.marks import mark_at, paint_marks
from ui.widgets.table_model import Column, Index, StableTableModel
from ui.widgets.tips import plain_tip

_CHOSEN = QStyle.StateFlag.State_Selected


class TableView(Protocol):
    """What the painters ask of the table that they paint for."""

    @property
    def table_model(self) -> StableTableModel[Any]: ...
    @property
    def hovered_row(self) -> int: ...
    @property
    def inset(self) -> float: ...
    @property
    def current_mark(self) -> int: ...
    def first_column(self) -> int: ...
    def left_pad(self, column: int) -> int: ...
    def currentIndex(self) -> Any: ...
    def hasFocus(self) -> bool: ...


def _line_at(box: QRectF, from_below: int) -> QRectF:
    """A hairline across a cell."""
    return QRectF(box.left(), box.bottom() - from_below, box.width(), 1)


class RowDelegate(QStyledItemDelegate):
    """Paints a cell: words elided, badges, a hairline under the row, a bar at the chosen row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = cast(TableView, option.widget)
        # straight to the record: asking the model through Qt, role by role, takes twice as long
        model, number, place = view.table_model, index.row(), index.column()
        column, row = model.columns[place], model.row_at(number)
        first = place == view.first_column()
        box = QRectF(option.rect)
        chosen = bool(option.state & _CHOSEN)
        painter.save()
        if chosen or view.hovered_row == number:
            painter.fillRect(box, theme.colour("selection" if chosen else "hover"))
        painter.fillRect(_line_at(box, 1), theme.colour("line"))
        if view.currentIndex().row() == number:
            self._paint_focus(painter, box, first, view.hasFocus())
        left = theme.space(view.inset if first else 2)
        inner = box.adjusted(left, 0, -theme.px(8), -1)
        if first and model.touched_at(number):
            paint_dot(painter, QPointF(box.left() + left - theme.px(8), box.center().y()), "tone:yours", 6)
        if column.marks is not None:
            here = view.current_mark if view.currentIndex().row() == number else -1
            paint_marks(painter, inner, column.marks(row), here)
            painter.restore()
            return
        badge, left_over = model.badge_at(number, place), model.left_at(number)
        if badge is not None:
            tone = "neutral" if left_over else badge.tone
            paint_badge(painter, inner, column.text(row), tone, badge.mark)
        else:
            self._paint_words(painter, inner, column.text(row), column, chosen, left_over)
        painter.restore()

    @staticmethod
    def _paint_words(
        painter: QPainter, box: QRectF, words: str, column: Column[Any], chosen: bool, left_over: bool = False
    ) -> None:
        if not words:
            return
        quiet = (column.quiet or left_over) and not chosen
        painter.setPen(theme.colour("text-quiet" if quiet else "on-selection" if chosen else "text"))
        paint_words(painter, box, words.replace("\n", " "), strong=column.strong, right=column.numeric)

    @staticmethod
    def _paint_focus(painter: QPainter, box: QRectF, first: bool, focused: bool) -> None:
        """At the current row: a bar at its left, and lines around it while the table has the keyboard."""
        if first:
            bar = QRectF(box.left(), box.top(), theme.px(3), box.height() - 1)
            painter.fillRect(bar, theme.colour("focus" if focused else "edge"))
        if focused:
            painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), theme.colour("focus"))
            painter.fillRect(_line_at(box, 2), theme.colour("focus"))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Words that have no room are said in full under the pointer."""
        if index.isValid():
            table = cast(TableView, view)
            column, words = table.table_model.columns[index.column()], str(index.data() or "")
            if column.marks is not None:
                marks = column.marks(table.table_model.row_at(index.row()))
                number = mark_at(marks, option.rect.left() + table.left_pad(index.column()), event.pos().x())
                QToolTip.showText(event.globalPos(), plain_tip(marks[number].words if number >= 0 else words), view)
                return True
            if column.tip is None and words:
                badge = table.table_model.badge_at(index.row(), index.column())
                plain = fonts.metrics(strong=column.strong).horizontalAdvance(words)
                need = badge_width(words, badge.mark) if badge else plain
                room = option.rect.width() - table.left_pad(index.column()) - theme.px(8)
                QToolTip.showText(event.globalPos(), plain_tip(words if need > room else ""), view)
                return True
        return super().helpEvent(event, view, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), theme.px(tokens.measure("row")))


class TableHeader(QHeaderView):
    """Column heads in the quiet colour; the one that orders the rows is strong and has an arrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setMinimumSectionSize(theme.px(40))
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.pulled = False
        """somebody holds the edge of a column"""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pulled = True
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pulled = True
        super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.pulled = False

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.px(30))

    def paintSection(self, painter: QPainter, rect: Any, section: int) -> None:
        model = self.model()
        box = QRectF(rect)
        painter.save()
        painter.fillRect(box, theme.colour("sunken"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(box.bottomLeft() + QPointF(0, -0.5), box.bottomRight() + QPointF(1, -0.5))
        orders = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        face = fonts.font("small", strong=True)
        painter.setFont(face)
        painter.setPen(theme.colour("text" if orders else "text-quiet"))
        left = cast(TableView, self.parentWidget()).left_pad(section)
        inner = box.adjusted(left, 0, -theme.px(8), 0)
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        if orders:
            words += " ▴" if self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder else " ▾"
        align = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        shown = QFontMetricsF(face).elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(align), shown)
        painter.restore()
