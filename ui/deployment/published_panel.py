"""Beside the board: the versions of a day, and what differs between one and the next, or the board."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from coordination.deployment.published import Edition
from ui.deployment.planning_list import Line, LineList
from ui.deployment.published_messages import BOARD, EMPTY_DRAFT, MARKS
from ui.deployment.published_words import ChangeRow, headline
from ui.widgets import Choice, button, column, label, row


class ChangesPanel(QWidget):
    """``asked`` with two versions (0 as the second: the board); ``opened`` with a ChangeRow to go to."""

    asked = Signal(int, int)
    opened = Signal(object)
    print_asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._head = label("", wrap=True)
        self.older, self.newer = Choice(), Choice()
        self.older.setAccessibleName("Compare version")
        self.newer.setAccessibleName("With")
        self.list = LineList("Changes since the published plan")
        self._print = button("Print changes", self.print_asked.emit, icon="printer")
        self._choices = QWidget()
        self._choices.setLayout(
            column(
                label("From", quiet=True, size="small"), self.older,
                label("To", quiet=True, size="small"), self.newer, gap=0.5,
            )
        )  # fmt: skip
        whole = column(self._head, self._choices, self.list, row(self._print, None), gap=2, margins=4)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.list.taken.connect(self.opened.emit)
        self.list.left.connect(self.left.emit)
        self.older.chosen.connect(lambda _value: self._ask())
        self.newer.chosen.connect(lambda _value: self._ask())

    def show_versions(self, editions: Sequence[Edition]) -> None:
        """Every version of the day, the newest first; the newest against the board is chosen."""
        words = [(e.version, headline(e)) for e in editions]
        for choice, items in ((self.older, words), (self.newer, [(0, BOARD), *words])):
            choice.blockSignals(True)
            choice.set_items(items)
            choice.set_value(items[0][0] if items else None)
            choice.blockSignals(False)
        self._choices.setVisible(bool(words))
        self._print.setEnabled(bool(words))

    def show_changes(self, head: str, rows: Sequence[ChangeRow], *, draft: bool) -> None:
        """What differs, worker by worker."""
        self._head.setText(EMPTY_DRAFT if draft else head)
        self.list.show_lines([self._line(r) for r in rows])
        self.list.setVisible(bool(rows))
        self.list.choose(0)

    @staticmethod
    def _line(found: ChangeRow) -> Line:
        mark, tone = MARKS[found.change.kind]
        below = f"{found.what}. {found.person}"
        return Line(found.worker, below, found.time, mark, tone, found, f"{found.what}: {found.person}")

    @property
    def compares(self) -> tuple[int, int]:
        """The two versions; 0 as the second is the board."""
        older, newer = self.older.value, self.newer.value
        return (older if isinstance(older, int) else 0, newer if isinstance(newer, int) else 0)

    def _ask(self) -> None:
        older, newer = self.compares
        if older:
            self.asked.emit(older, newer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
