"""The list "Who could take this?": every worker, the best first, a reason for each. Enter gives the visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from coordination.deployment.suggest import Candidate
from ui import wording
from ui.deployment import words
from ui.style import fonts, icons, theme

CANDIDATE = Qt.ItemDataRole.UserRole
HIGH = 46
_V = Qt.AlignmentFlag.AlignVCenter


class CandidateModel(QAbstractListModel):
    """Candidates in the order given."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Candidate] = []

    def set_rows(self, rows: Sequence[Candidate]) -> None:
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        found = self._rows[index.row()]
        if role == CANDIDATE:
            return found
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(found)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tip("\n".join(words.full(o) for o in (*found.obstacles, *found.warnings))) or None
        return None


def spoken(found: Candidate) -> str:
    """One line that a screen reader can say."""
    if found.start is None:
        return f"{found.worker.name} cannot: {reason(found)}"
    return f"{found.worker.name}, from {wording.clock_time(found.start)}, {reason(found)}"


def reason(found: Candidate) -> str:
    """Why, or why not, in a few words; what to think about first."""
    if found.start is None:
        return "; ".join(words.short(o) for o in found.obstacles)
    thought_of = {o.code: o for o in found.warnings}  # two ways that are too long are told once
    return "; ".join(words.short(o) for o in (*thought_of.values(), *found.reasons))


class _Painter(QStyledItemDelegate):
    """Name and start on the first line, the reason on the second."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, theme.px(HIGH))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        found: Candidate = index.data(CANDIDATE)
        state, box = option.state, QRectF(option.rect)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(box, theme.colour("selection" if chosen else "hover" if over else "surface"))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(QRectF(box.left(), box.top(), theme.px(3), box.height()), theme.colour("focus"))
        inner = box.adjusted(theme.space(4), theme.px(4), -theme.space(4), -theme.px(4))
        half = inner.height() / 2
        first, second = QRectF(inner), QRectF(inner)
        first.setHeight(half)
        second.setTop(inner.top() + half)
        able = found.start is not None
        role = "on-selection" if chosen else "text" if able else "text-quiet"
        quiet = "on-selection" if chosen else "text-quiet"
        if able:
            late = any(o.code in ("late", "early") for o in found.warnings)
            clock = "on-selection" if chosen else "tone:amber" if late else "tone:ok"
            self._words(painter, first, wording.clock_time(found.start), clock, strong=True, right=True)
        self._words(painter, first.adjusted(0, 0, -theme.px(48), 0), found.worker.name, role, strong=True)
        mark = "prohibit" if not able else "warning" if found.warnings else ""
        if mark:
            side = theme.px(13)
            tone = quiet if chosen or not able else "tone:amber"
            icons.paint(
                painter, QRectF(second.left(), second.center().y() - side / 2, side, side), mark, theme.colour(tone)
            )
            second.setLeft(second.left() + theme.px(18))
        self._words(painter, second, reason(found), quiet)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        painter.restore()

    @staticmethod
    def _words(
        painter: QPainter, box: QRectF, says: str, role: str, *, strong: bool = False, right: bool = False
    ) -> None:
        face = fonts.font("small", strong=strong) if not strong else fonts.font("body", strong=True)
        painter.setFont(face)
        painter.setPen(theme.colour(role))
        shown = QFontMetricsF(face).elidedText(says, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, _V | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft), shown)


class CandidateList(QListView):
    """``taken`` with the candidate on Enter or a double click; ``looked_at`` as the choice moves."""

    taken = Signal(object)
    looked_at = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = CandidateModel()
        self._in_use = False
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName("Who could take this?")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.taken.emit(index.data(CANDIDATE)))
        self.selectionModel().currentChanged.connect(lambda now, _was: self._look(now))
        theme.hub().changed.connect(self.doItemsLayout)

    @property
    def current(self) -> Candidate | None:
        return self.currentIndex().data(CANDIDATE) if self.currentIndex().isValid() else None

    def show_candidates(self, rows: Sequence[Candidate]) -> None:
        """Replace the list. While it is in use, whoever was chosen stays chosen, or the best is."""
        before = self.current.worker.id if self.current else None
        self._model.set_rows(rows)
        if self._in_use and rows:
            at = next((n for n, c in enumerate(rows) if c.worker.id == before), 0)
            self.setCurrentIndex(self._model.index(at))

    def begin(self) -> None:
        """Take the focus, at the best candidate: now, or when they are known."""
        self._in_use = True
        self.setFocus()
        if self._model.rowCount() and not self.currentIndex().isValid():
            self.setCurrentIndex(self._model.index(0))
        self._look(self.currentIndex())

    def _look(self, index: QModelIndex) -> None:
        self.looked_at.emit(index.data(CANDIDATE) if index.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.taken.emit(self.current)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self._in_use = False
        self.looked_at.emit(None)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self._in_use = True
        self._look(self.currentIndex())
