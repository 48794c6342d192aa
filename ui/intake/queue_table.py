"""The table of the queue: it gives up its less needed columns by itself when there is no room for them."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent

from ui.widgets.table import Table

GIVE_UP = ("waiting", "source", "neighbourhood", "age", "holder")
"""in this order"""


class QueueTable(Table):
    """What the person hides or shows is remembered; what is given up for want of room is not, and comes back."""

    def __init__(self, *args: object, **named: object) -> None:
        self._given_up: set[int] = set()
        self._fitting = False
        super().__init__(*args, **named)  # type: ignore[arg-type]

    def save_state(self) -> None:
        if not self._fitting and not self._given_up:
            super().save_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Hide and show columns so that the need stays readable without scrolling sideways."""
        self._fitting = True
        columns = self.table_model.columns
        for number in self._given_up:
            self.setColumnHidden(number, False)
        self._given_up = set()
        shown = [number for number in range(len(columns)) if not self.isColumnHidden(number)]
        needed = sum(
            self._declared_width(number) if columns[number].stretch else self.columnWidth(number) for number in shown
        )
        by_id = {column.id: number for number, column in enumerate(columns)}
        for column_id in GIVE_UP:
            number = by_id[column_id]
            if needed <= self.viewport().width():
                break
            if number in shown:
                needed -= self.columnWidth(number)
                self.setColumnHidden(number, True)
                self._given_up.add(number)
        self._stretch()
        self._fitting = False
