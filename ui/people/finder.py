"""Find a person as one types: a field, and under it who it may be, with why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from coordination.clock import local_date
from coordination.people.model import PersonRow
from coordination.people.search import parse
from ui import wording
from ui.desk import Desk
from ui.governance.seen import FEW
from ui.people import words
from ui.style import fonts, icons, theme
from ui.widgets.asking import AskAsTyped
from ui.widgets.basics import column, label
from ui.widgets.table_model import Index

MOST = 30
PROMPT = "Name, date of birth, postcode, phone or NHS number"
_ROW = Qt.ItemDataRole.UserRole


class PeopleModel(QAbstractListModel):
    """People, each with the line that says why."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[PersonRow] = []
        self.notes: list[str] = []

    def set_rows(self, rows: Sequence[PersonRow], notes: Sequence[str] | None = None) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.notes = list(notes) if notes is not None else [words.why(row.matched) for row in rows]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == _ROW:
            return row, self.notes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join([*words.found_line(row), self.notes[index.row()]])
        return None


class _PersonDelegate(QStyledItemDelegate):
    """Three lines: who, where, why. Somebody who has died is marked so."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, theme.px(70))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, note = index.data(_ROW)
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
        inner = box.adjusted(theme.px(12), theme.px(6), -theme.px(12), -theme.px(6))
        ink = theme.colour("on-selection" if chosen else "text")
        quiet = ink if chosen else theme.colour("text-quiet")
        step = inner.height() / 3
        lines = [QRectF(inner.left(), inner.top() + step * n, inner.width(), step) for n in range(3)]
        today = local_date(self._desk.clock.now())
        self._line(painter, lines[0], words.name(row), words.born(row, today), ink, quiet, strong=True)
        number = f"NHS No. {row.nhs_number}" if row.nhs_number else "NHS No. not known"
        self._line(painter, lines[1], words.address(row) or "Address not known", number, ink, quiet)
        said = f"Died {wording.day(row.deceased_on)}. {note}" if row.deceased_on else note
        self._note(painter, lines[2], said, quiet)
        painter.restore()

    @staticmethod
    def _line(
        painter: QPainter, box: QRectF, left: str, right: str, ink: Any, quiet: Any, *, strong: bool = False
    ) -> None:
        face = fonts.font()
        beside = QFontMetricsF(face).horizontalAdvance(right) + theme.px(12)
        painter.setFont(face)
        painter.setPen(quiet)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        face = fonts.font(strong=strong)
        painter.setFont(face)
        painter.setPen(ink)
        shown = QFontMetricsF(face).elidedText(left, Qt.TextElideMode.ElideRight, box.width() - beside)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

    @staticmethod
    def _note(painter: QPainter, box: QRectF, note: str, quiet: Any) -> None:
        face = fonts.font("small")
        painter.setFont(face)
        painter.setPen(quiet)
        shown = QFontMetricsF(face).elidedText(note, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class PeopleList(QListView):
    """People to choose from; Enter or a click chooses."""

    chosen = Signal(object)
    """a PersonRow"""
    left_above = Signal()

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.people = PeopleModel()
        self.setModel(self.people)
        self.setItemDelegate(_PersonDelegate(desk, self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName(name)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(lambda index: self.choose(index.row()))

    def choose(self, number: int) -> None:
        if 0 <= number < len(self.people.rows):
            self.chosen.emit(self.people.rows[number])

    def go_to(self, number: int) -> None:
        self.setCurrentIndex(self.people.index(number, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier
        ):
            self.choose(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_above.emit()
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)


class PersonFinder(QWidget):
    """``chosen`` gives the row. Down goes into the list, Enter takes the first."""

    chosen = Signal(object)
    found = Signal(int)
    """how many there are, after each answer"""

    def __init__(self, desk: Desk, find: Callable[[str], list[PersonRow]] | None = None) -> None:
        super().__init__()
        self._desk = desk
        self.field = QLineEdit()
        self.field.setPlaceholderText(PROMPT)
        self.field.setAccessibleName("Find a person")
        self.field.setAccessibleDescription(PROMPT)
        self.field.setClearButtonEnabled(False)
        fonts.dress(self.field)
        self._glass = self.field.addAction(icons.icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        self.list = PeopleList(desk, "People found")
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.said = label("", quiet=True, wrap=True)
        layout = column(self.field, self.said, self.list, None, gap=2)
        layout.setStretch(2, 100)
        self.setLayout(layout)
        people = desk.services.people
        self._asking = AskAsTyped(desk.tasks, self, "find", find or (lambda text: people.find(text, MOST)), self._show)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self.list.chosen.connect(self.chosen)
        self.list.left_above.connect(self.field.setFocus)
        theme.hub().changed.connect(self._draw_glass)
        self._answered = ""
        self._first_wanted = False
        self.instead: Callable[[str], bool] | None = None
        """asked first on Enter ("take") and Down ("down"): True when another list has seen to it"""
        self.clear()

    def _draw_glass(self) -> None:
        self._glass.setIcon(icons.icon("magnifying-glass"))

    @property
    def text(self) -> str:
        return self.field.text()

    def clear(self) -> None:
        self.field.clear()
        self._show("", [])

    def set_text(self, text: str) -> None:
        """Put words in and look for them."""
        self.field.setText(text)

    def _typed(self) -> None:
        self._first_wanted = False
        self._ask()

    def _ask(self) -> None:
        text = self.field.text().strip()
        if len(text) < 2:
            self._asking.drop()
            self._show(text, [])
        else:
            self._asking.ask(text)

    def _show(self, text: str, rows: list[PersonRow]) -> None:
        self._answered = text
        self.list.people.set_rows(rows)
        self._desk.seen.saw("search", "", *([row.id for row in rows] if len(rows) <= FEW else []))
        if rows:
            self.list.go_to(0)
        self.said.setText(self._words(text, rows))
        self.said.setVisible(bool(self.said.text()))
        self.list.setVisible(bool(rows))
        self.found.emit(len(rows))
        if self._first_wanted and rows and text == self.field.text().strip():
            self._first_wanted = False
            self.list.choose(0)

    def _words(self, text: str, rows: list[PersonRow]) -> str:
        if len(text) < 2:
            return "Type any of these, in any order, as the caller says it."
        query = parse(text, local_date(self._desk.clock.now()))
        if query.nhs_check_fails and not rows:
            return "If that is an NHS number, a digit of it is wrong. Nobody has that telephone number."
        if rows:
            return ""
        return "Nobody found. Try less of it, another spelling, or a date of birth; or register a new person."

    def take_first(self) -> None:
        """Choose the likeliest, as soon as what is typed has been answered."""
        if self.instead is not None and self.instead("take"):
            return
        if self._answered == self.field.text().strip():
            self.list.choose(0)
        else:
            self._first_wanted = True
            self._ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.instead is not None and self.instead("down"):
                return True
            if event.key() == Qt.Key.Key_Down and self.list.people.rows:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self.take_first()
                return True
        return super().eventFilter(watched, event)
