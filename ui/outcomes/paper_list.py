"""Whose sheets there are to enter: found by typing, emptied by entering."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.clock import local_date
from coordination.deployment.outcomes.model import Pending, Worklist
from coordination.people.resemblance import fold
from ui import wording
from ui.desk import Desk
from ui.outcomes import words
from ui.style.tokens import State
from ui.widgets import EmptyState, StableTableModel, Table, column, plane
from ui.widgets.table_model import Column

Key = tuple[object, object]


class FindLine(QLineEdit):
    """Up and Down move in the list below, Enter takes what is chosen there."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class PaperList(QWidget):
    """``chosen`` with a Pending on Enter or a click. Without words: what is still to enter; with words: everybody."""

    chosen = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._work: Worklist | None = None
        self._begun: frozenset[Key] = frozenset()
        self.search = FindLine()
        self.search.setPlaceholderText("Worker, by name")
        self.search.setAccessibleName("Worker, by name")
        self.search.setClearButtonEnabled(True)
        self.model: StableTableModel[Pending] = StableTableModel(self._columns(), key=key_of)
        self.table = Table(
            self.model, name="", title="Sheets to enter", inset=4,
            empty=EmptyState("Every visit has its outcome", "Sheets of days that are over appear here.",
                             icon="check-circle"),
        )  # fmt: skip
        self.table.setSortingEnabled(False)
        top = plane(column(self.search, margins=(4, 2, 4, 2)), "surface", "below")
        layout = column(top, self.table, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.search.textChanged.connect(lambda _text: self._show(first=True))
        self.search.returnPressed.connect(self._take)
        self.search.stepped.connect(self._step)
        self.table.opened.connect(self.chosen.emit)
        self.table.clicked.connect(lambda _index: self._take())

    def _columns(self) -> list[Column[Pending]]:
        return [
            Column("day", "Day", self._day, width=84),
            Column("worker", "Worker", words.whose, strong=True, width=110, stretch=True),
            Column("open", "To enter", self._open, width=78, badge=self._look,
                   tip=lambda row: f"{wording.count(row.visits, 'visit')} on the sheet, {row.open} without an outcome"),
        ]  # fmt: skip

    def _day(self, row: Pending) -> str:
        apart = (local_date(self._desk.clock.now()) - row.day).days
        return {0: "Today", 1: "Yesterday"}.get(apart, wording.weekday(row.day)[:10])

    def _open(self, row: Pending) -> str:
        if key_of(row) in self._begun:
            return "begun"
        return str(row.open) if row.open else "entered"

    def _look(self, row: Pending) -> State | None:
        if key_of(row) in self._begun:
            return State("accent", "pencil-simple")
        if row.worker is None and row.open:
            return State("red", "warning")
        return State("amber", "circle-dashed") if row.missing else None

    # ------------------------------------------------------------------ what is shown

    def show_work(self, work: Worklist, begun: frozenset[Key]) -> None:
        """``begun``: sheets of which a draft is kept here."""
        self._work, self._begun = work, begun
        self._show()

    def _show(self, *, first: bool = False) -> None:
        if self._work is None:
            return
        asked = fold(self.search.text())
        rows = [row for row in self._work.rows if asked in fold(row.worker_name)] if asked else self._to_enter()
        self.model.set_rows(rows)
        if rows and (first or self.table.current is None):
            self.table.selectRow(0)
        self.table.viewport().update()

    def _to_enter(self) -> list[Pending]:
        assert self._work is not None
        return [row for row in self._work.rows if row.open or key_of(row) in self._begun]

    def row(self, key: Key) -> Pending | None:
        return next((row for row in self._work.rows if key_of(row) == key), None) if self._work else None

    def _step(self, step: int) -> None:
        number = self.table.currentIndex().row() + step
        if 0 <= number < self.model.rowCount():
            self.table.selectRow(number)

    def _take(self) -> None:
        if self.table.current is not None:
            self.chosen.emit(self.table.current)

    def begin(self) -> None:
        """Ready for the next name."""
        self.search.clear()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)


def key_of(row: Pending) -> Key:
    return row.day, row.worker
