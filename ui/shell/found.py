"""What is found, as a list: headings, hits and notes, and how each is painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.style import fonts, icons, theme
from ui.widgets.table_model import Index

ENTRY_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Hit:
    """One thing found. ``run`` goes to it."""

    title: str
    run: Callable[[], object]
    detail: str = ""
    icon: str = "arrow-right"
    keys: str = ""


@dataclass
class Group:
    name: str
    hits: list[Hit] = field(default_factory=list)
    note: str = ""


class HitList(QAbstractListModel):
    """Headings, hits and notes in one list."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[str | Hit | tuple[str]] = []

    def set_groups(self, groups: Sequence[Group]) -> None:
        self.beginResetModel()
        self._entries = []
        for group in groups:
            if group.hits or group.note:
                self._entries.append(group.name)
                self._entries += group.hits
                if group.note:
                    self._entries.append((group.note,))
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(entry, Hit):
                return f"{entry.title} {entry.detail}".strip()
            return entry if isinstance(entry, str) else entry[0]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self._entries[index.row()], Hit):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def hits(self) -> list[int]:
        """The rows that can be chosen."""
        return [number for number, entry in enumerate(self._entries) if isinstance(entry, Hit)]


class HitDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.px(200), theme.px(34 if isinstance(index.data(ENTRY_ROLE), Hit) else 28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QRectF(option.rect)
        entry = index.data(ENTRY_ROLE)
        painter.save()
        inner = box.adjusted(theme.px(14), 0, -theme.px(14), 0)
        if isinstance(entry, Hit):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            if chosen:
                painter.fillRect(box, theme.colour("selection"))
                painter.fillRect(QRectF(box.left(), box.top(), theme.px(3), box.height()), theme.colour("focus"))
            self._paint_hit(painter, inner, entry, chosen)
        else:
            note = isinstance(entry, tuple)
            painter.setFont(fonts.font("body" if note else "small", strong=not note))
            painter.setPen(theme.colour("text-quiet"))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, entry[0] if isinstance(entry, tuple) else entry)
        painter.restore()

    @staticmethod
    def _paint_hit(painter: QPainter, box: QRectF, hit: Hit, chosen: bool) -> None:
        side = theme.px(17)
        ink = theme.colour("on-selection" if chosen else "text")
        quiet = ink if chosen else theme.colour("text-quiet")
        icons.paint(painter, QRectF(box.left(), box.center().y() - side / 2, side, side), hit.icon, quiet)
        left, right = box.left() + theme.px(28), box.right()
        middle = Qt.AlignmentFlag.AlignVCenter
        if hit.keys:
            face = fonts.font("small", strong=True)
            painter.setFont(face)
            painter.setPen(quiet)
            painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, hit.keys)
            right -= QFontMetricsF(face).horizontalAdvance(hit.keys) + theme.px(12)
        face = fonts.font(strong=True)
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        painter.setPen(ink)
        title = metrics.elidedText(hit.title, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRectF(left, box.top(), right - left, box.height()), middle, title)
        left += metrics.horizontalAdvance(title) + theme.px(12)
        if hit.detail and left < right:
            face = fonts.font()
            painter.setFont(face)
            painter.setPen(quiet)
            detail = QFontMetricsF(face).elidedText(hit.detail, Qt.TextElideMode.ElideRight, right - left)
            painter.drawText(QRectF(left, box.top(), right - left, box.height()), middle, detail)
