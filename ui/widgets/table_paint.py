"""How a table is painted: its cells and its heads."""

from __future__ import annotations

from typing import Any, Protocol, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPen
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
from ui.widgets.badge import badge_width, paint_badge, paint_dot
from ui.widgets.table_model import Column, Index, StableTableModel


class TableView(Protocol):
    """What the painters ask of the table that they paint for."""

    @property
    def table_model(self) -> StableTableModel[Any]: ...
    @property
    def hovered_row(self) -> int: ...
    def first_column(self) -> int: ...
    def left_pad(self, column: int) -> int: ...
    def currentIndex(self) -> Any: ...
    def hasFocus(self) -> bool: ...


class RowDelegate(QStyledItemDelegate):
    """Paints a cell: words elided, badges, a hairline under the row, a bar at the chosen row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = cast(TableView, option.widget)
        # straight to the record: asking the model through Qt, role by role, takes twice as long
        model, number, place = view.table_model, index.row(), index.column()
        column, row = model.columns[place], model.row_at(number)
        box = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or view.hovered_row == number:
            painter.fillRect(box, theme.colour("selection" if chosen else "hover"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(box.bottomLeft() + QPointF(0, -0.5), box.bottomRight() + QPointF(1, -0.5))
        self._paint_focus(painter, box, view, index)
        left = view.left_pad(place)
        inner = box.adjusted(left, 0, -theme.px(8), -1)
        if place == view.first_column() and model.touched_at(number):
            paint_dot(painter, QPointF(box.left() + left - theme.px(8), box.center().y()), "tone:yours", 6)
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
        painter.setFont(fonts.font(strong=column.strong))
        quiet = (column.quiet or left_over) and not chosen
        painter.setPen(theme.colour("text-quiet" if quiet else "on-selection" if chosen else "text"))
        side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
        measure = fonts.metrics(strong=column.strong)
        shown = measure.elidedText(words.replace("\n", " "), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)

    @staticmethod
    def _paint_focus(painter: QPainter, box: QRectF, view: TableView, index: Index) -> None:
        if view.currentIndex().row() != index.row():
            return
        if view.first_column() == index.column():
            role = "focus" if view.hasFocus() else "edge"
            painter.fillRect(QRectF(box.left(), box.top(), theme.px(3), box.height() - 1), theme.colour(role))
        if view.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 1))
            painter.drawLine(box.topLeft() + QPointF(0, 0.5), box.topRight() + QPointF(1, 0.5))
            painter.drawLine(box.bottomLeft() + QPointF(0, -1.5), box.bottomRight() + QPointF(1, -1.5))

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Words that have no room are said in full under the pointer."""
        if index.isValid():
            table = cast(TableView, view)
            column, words = table.table_model.columns[index.column()], str(index.data() or "")
            if column.tip is None and words:
                badge = table.table_model.badge_at(index.row(), index.column())
                plain = fonts.metrics(strong=column.strong).horizontalAdvance(words)
                need = badge_width(words, badge.mark) if badge else plain
                room = option.rect.width() - table.left_pad(index.column()) - theme.px(8)
                QToolTip.showText(event.globalPos(), words if need > room else "", view)
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
