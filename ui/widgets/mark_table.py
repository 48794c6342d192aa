"""A table of which one column is a row of marks.

Column("lights", "Lights", words_of, marks=lambda r: tuple(Mark("pill", "to_do", "Medicines: to do") for …))
table = MarkTable(model, …)         # Left and Right choose a mark, a click opens it
table.mark_opened.connect(lambda row, number: …)
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QMouseEvent

from ui.widgets.marks import Mark, mark_at
from ui.widgets.table import Table


class MarkTable(Table):
    """A table of which one column is marks. ``current_mark`` is the one chosen, in whichever row is current."""

    mark_chosen = Signal(int)
    mark_opened = Signal(object, int)
    """a click on a mark: the record of its row, and which"""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.current_mark = 0
        self._pressed: tuple[int, int] | None = None
        self._column = next(n for n, c in enumerate(self.table_model.columns) if c.marks is not None)

    def choose_mark(self, number: int) -> None:
        """Tells nobody: whoever shows the same elsewhere calls this."""
        if number != self.current_mark:
            self.current_mark = number
            self.viewport().update()

    def marks_of(self, row: int) -> tuple[Mark, ...]:
        """In the row shown at a place."""
        marks = self.table_model.columns[self._column].marks
        return marks(self.table_model.row_at(row)) if marks is not None else ()

    def _mark_under(self, event: QMouseEvent) -> tuple[int, int] | None:
        """Row and number of the mark under the pointer."""
        place = event.position()
        index = self.indexAt(place.toPoint())
        if not index.isValid() or index.column() != self._column:
            return None
        left = self.visualRect(index).left() + self.left_pad(self._column)
        number = mark_at(self.marks_of(index.row()), left, place.x())
        return None if number < 0 else (index.row(), number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = self._mark_under(event) if event.button() == Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed == self._mark_under(event):
            self.choose_mark(pressed[1])
            self.mark_chosen.emit(pressed[1])
            self.mark_opened.emit(self.table_model.row_at(pressed[0]), pressed[1])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._mark_under(event) is None:  # the first click has opened it
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._mark_under(event) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        row = self.currentIndex().row()
        if not step or event.modifiers() or row < 0:
            super().keyPressEvent(event)
            return
        marks = self.marks_of(row)
        self.choose_mark((self.current_mark + step) % len(marks))
        self.mark_chosen.emit(self.current_mark)
        said = QAccessibleAnnouncementEvent(self, marks[self.current_mark].words)
        QAccessible.updateAccessibility(said)
