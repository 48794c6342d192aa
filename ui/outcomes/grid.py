"""The lines of a paper sheet as a table: one key a visit."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from ui.desk import Desk
from ui.outcomes import words
from ui.outcomes.lines import SHIFT, Line
from ui.style.tokens import State
from ui.widgets.empty import EmptyState
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

_PLAIN = Qt.KeyboardModifier.NoModifier | Qt.KeyboardModifier.KeypadModifier


def _columns() -> list[Column[Line]]:
    return [
        Column("planned", "Planned", lambda line: words.span(line.planned), sort=lambda line: line.planned.start,
               width=108),
        Column("person", "Person", lambda line: line.row.visit.person.listed, strong=True, width=160),
        Column("need", "Need", lambda line: line.row.visit.need, quiet=True, width=104),
        Column("outcome", "What happened", words.outcome, badge=words.look, width=118),
        Column("times", "When", words.times, width=98),
        Column("why", "Why", words.why, width=200, stretch=True, tip=words.why,
               badge=lambda line: State("red", "warning") if line.error else None),
    ]  # fmt: skip


class SheetGrid(Table):
    """Letters are commands of the page; digits, arrows, Enter and Backspace are the grid's own."""

    agreed = Signal()
    digit = Signal(str)
    shifted = Signal(int)
    taken_back = Signal()

    def __init__(self, desk: Desk) -> None:
        model: StableTableModel[Line] = StableTableModel(_columns(), key=lambda line: line.id)
        super().__init__(
            model, settings=desk.settings, name="paper_sheet", title="The sheet",
            empty=EmptyState("No sheet is open", "Type a worker's name at the left and press Enter.", icon="files"),
        )  # fmt: skip
        self.setSortingEnabled(False)

    @property
    def at(self) -> int:
        """The number of the line that is chosen; -1 for none."""
        return self.currentIndex().row()

    def go_to(self, number: int) -> None:
        if 0 <= number < self.model().rowCount():
            self.selectRow(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~_PLAIN
        key = event.key()
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.agreed.emit()
        elif plain and event.text().isdigit() and event.text().isascii():
            self.digit.emit(event.text())
        elif plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.shifted.emit(SHIFT if key == Qt.Key.Key_Right else -SHIFT)
        elif plain and key == Qt.Key.Key_Backspace:
            self.taken_back.emit()
        else:
            super().keyPressEvent(event)
