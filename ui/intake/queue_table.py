"""The table of the queue: it gives up its less needed columns by itself when there is no room for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from ui.widgets.table import Table

GIVE_UP = ("waiting", "source", "neighbourhood", "age", "holder", "urgency", "here")
"""in this order"""


class QueueTable(Table):
    """What the person hides or shows is remembered; what is given up for want of room is not, and comes back."""

    def __init__(self, *args: object, **named: object) -> None:
        self._given_up: set[int] = set()
        self._fitting = False
        self.borrowed = False
        """the look is that of a saved view: what is changed in it is not one's own"""
        super().__init__(*args, **named)  # type: ignore[arg-type]

    def save_state(self) -> None:
        if not self._fitting and not self._given_up and not self.borrowed:
            super().save_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def look(self) -> dict[str, Any]:
        """Which columns are shown, in which order, and by which they are sorted; for a saved view."""
        header, columns = self.horizontalHeader(), self.table_model.columns
        places = [header.logicalIndex(place) for place in range(header.count())]
        shown = [columns[n].id for n in places if not self.isColumnHidden(n) or n in self._given_up]
        by = header.sortIndicatorSection()
        down = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        return {"columns": shown, "sort": [columns[by].id, down] if 0 <= by < len(columns) else None}

    def take_look(self, look: Mapping[str, Any]) -> None:
        """As :meth:`look` gave it; columns that are not known any more are passed over. Not remembered as one's own."""
        header, columns = self.horizontalHeader(), self.table_model.columns
        numbers = {column.id: number for number, column in enumerate(columns)}
        named = look.get("columns")
        wanted = [numbers[name] for name in named if name in numbers] if isinstance(named, list) else []
        self._fitting = True
        if wanted:
            for number in range(len(columns)):
                self.setColumnHidden(number, number not in wanted)
            for place, number in enumerate(wanted):
                header.moveSection(header.visualIndex(number), place)
        sort = look.get("sort")
        known = isinstance(sort, list | tuple) and len(sort) == 2 and sort[0] in numbers
        order = Qt.SortOrder.DescendingOrder if known and sort[1] is True else Qt.SortOrder.AscendingOrder
        self.sortByColumn(numbers[sort[0]] if known else -1, order)
        self._given_up = set()
        self._fitting = False
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
            self._room.declared(number) if columns[number].stretch else self._room.own(number) for number in shown
        )
        by_id = {column.id: number for number, column in enumerate(columns)}
        for column_id in GIVE_UP:
            number = by_id[column_id]
            if needed <= self.viewport().width():
                break
            if number in shown:
                needed -= self._room.own(number)
                self.setColumnHidden(number, True)
                self._given_up.add(number)
        self._room.share()
        self._fitting = False
