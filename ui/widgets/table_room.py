"""Widths of columns. The room that is left goes first to those whose words are cut, then to those that stretch.

A column that somebody made wider or narrower by hand stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from PySide6.QtWidgets import QHeaderView, QWidget

from ui.style import fonts, theme
from ui.widgets.badge import badge_width
from ui.widgets.table_model import StableTableModel

MEASURED = 60
"""rows from the top whose words are measured"""
AT_MOST = 2.5
"""times its declared width that a column becomes wide by itself"""
KEPT = 0.75
"""of the room that a stretching column would get alone, which stays its own as far as its words need it; a strong one
keeps all that its words need"""


class RoomyTable(Protocol):
    """What is asked of a table to share out its room."""

    inset: float

    @property
    def table_model(self) -> StableTableModel[Any]: ...
    def first_column(self) -> int: ...
    def left_pad(self, column: int) -> int: ...
    def horizontalHeader(self) -> QHeaderView: ...
    def viewport(self) -> QWidget: ...


class Room:
    """The widths of one table. ``pulled`` says whether somebody holds the edge of a column."""

    def __init__(self, table: RoomyTable, pulled: Callable[[], bool]) -> None:
        self._table, self._pulled = table, pulled
        self._sharing = False
        self.by_hand: set[int] = set()

    def resized(self, number: int) -> None:
        """A section has another width: by hand, or by what is done here."""
        if not self._sharing and self._pulled():
            self.by_hand.add(number)

    def declared(self, number: int) -> int:
        """Pixels; the first column has besides what brings its words to where those of the page begin."""
        extra = theme.space(self._table.inset - 2) if number == self._table.first_column() else 0
        return theme.px(self._table.table_model.columns[number].width) + extra

    def own(self, number: int) -> int:
        """As somebody made it by hand, or as it was declared."""
        header = self._table.horizontalHeader()
        made = header.sectionSize(number) if number in self.by_hand else self.declared(number)
        return max(made, header.minimumSectionSize())

    def share(self) -> None:
        """Give the room that is left to columns whose words are cut, and the rest to those that stretch."""
        header, columns = self._table.horizontalHeader(), self._table.table_model.columns
        shown = [n for n in range(len(columns)) if not header.isSectionHidden(n)]
        wide = [n for n in shown if columns[n].stretch]
        own = {n: self.own(n) for n in shown if n not in wide}
        left = self._table.viewport().width() - sum(own.values())
        extra = self._extra(own, wide, left) if wide else {}
        share = (left - sum(extra.values())) // max(1, len(wide))
        widths = {n: width + extra.get(n, 0) for n, width in own.items()}
        widths |= {n: max(share, self.declared(n)) for n in wide}
        self._sharing = True
        for number, width in widths.items():
            header.resizeSection(number, width)
        self._sharing = False

    def _extra(self, own: Mapping[int, int], wide: list[int], left: int) -> dict[int, int]:
        """Pixels that columns get beyond their own width, of ``left`` for them and for those that stretch."""
        if left <= sum(self.declared(n) for n in wide):
            return {}
        share, columns = left / len(wide), self._table.table_model.columns
        most = {n: round(share * (1 if columns[n].strong else KEPT)) for n in wide}
        kept = sum(max(self.declared(n), min(self.needed(n), most[n])) for n in wide)
        wants = {
            n: min(self.needed(n), round(self.declared(n) * AT_MOST)) - width
            for n, width in own.items()
            if n not in self.by_hand
        }
        return given({n: pixels for n, pixels in wants.items() if pixels > 0}, left - kept)

    def needed(self, number: int) -> int:
        """Pixels in which the first rows of a column have room for their words; 0 for one of marks."""
        model = self._table.table_model
        column = model.columns[number]
        if column.marks is not None:
            return 0
        most = 0.0
        for place in range(min(model.rowCount(), MEASURED)):
            words = column.text(model.row_at(place))
            if words:
                badge = model.badge_at(place, number)
                wide = badge_width(words, badge.mark) if badge else _plain(words, column.strong, fonts.scale())
                most = max(most, wide)
        return round(most + 0.5) + self._table.left_pad(number) + theme.px(8) if most else 0


def given(wants: Mapping[int, int], spare: int) -> dict[int, int]:
    """Who gets how many pixels of what is spare: the smallest wishes first, so that most columns are whole."""
    got: dict[int, int] = {}
    for number, want in sorted(wants.items(), key=lambda each: each[1]):
        got[number] = min(want, max(0, spare))
        spare -= got[number]
    return {number: pixels for number, pixels in got.items() if pixels > 0}


@lru_cache(4096)
def _plain(words: str, strong: bool, _scale: float) -> float:
    return fonts.metrics(strong=strong).horizontalAdvance(words.replace("\n", " "))
