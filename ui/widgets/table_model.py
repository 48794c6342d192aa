"""A table model that keeps still: rows are updated by key, so that selection and scroll stay where they are.

COLUMNS = [
    Column("due", "Time left", lambda r: time_left(r.due, now()), sort=lambda r: r.due, width=120,
           badge=lambda r: tokens.state(due_state(r))),
    Column("name", "Person", lambda r: r.name, width=220, strong=True),
    Column("age", "Age", lambda r: r.age, numeric=True),
]
model = StableTableModel(COLUMNS, key=lambda r: r.id)
model.set_rows(rows)            # again and again: only what changed is repainted
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from ui.style.tokens import State
from ui.widgets.tips import plain_tip

if TYPE_CHECKING:
    from ui.widgets.marks import Mark

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
KEY_ROLE = Qt.ItemDataRole.UserRole + 2
BADGE_ROLE = Qt.ItemDataRole.UserRole + 3
COLUMN_ROLE = Qt.ItemDataRole.UserRole + 4
TOUCHED_ROLE = Qt.ItemDataRole.UserRole + 5

MOST_RUNS = 400
"""Beyond so many separate insertions and removals one reset is cheaper; the view puts selection and scroll back."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column. ``text`` gives the words; ``sort`` what to order by (default: the words); ``badge`` a look
    (tone and mark) to show the words as a badge, or None; ``marks`` what is shown in place of the words, for a
    ``MarkTable``; ``value`` what a spreadsheet gets in their place: a date, an aware moment, a number; ``numeric``
    right-aligns; ``width`` pixels at 100 %."""

    id: str
    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    badge: Callable[[Row], State | None] | None = None
    tip: Callable[[Row], str] | None = None
    marks: Callable[[Row], tuple[Mark, ...]] | None = None
    value: Callable[[Row], Any] | None = None
    width: int = 120
    numeric: bool = False
    strong: bool = False
    quiet: bool = False
    stretch: bool = False
    hidden: bool = False
    help: str = ""

    def order(self, row: Row) -> tuple[bool, Any]:
        """A key for sorting in which None comes last."""
        value = self.sort(row) if self.sort is not None else self.text(row).casefold()
        return (value is None, 0 if value is None else value)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as inclusive runs: 1 2 3 7 -> (1, 3), (7, 7)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


class StableTableModel(QAbstractTableModel, Generic[Row]):
    """Rows are frozen records; ``key`` says which is which. Sorting and filtering happen in plain lists."""

    held_changed = Signal(int)
    """how many new rows wait (see ``hold_new``)"""
    shown_changed = Signal(int)
    """how many rows are shown"""

    def __init__(self, columns: Sequence[Column[Row]], key: Callable[[Row], Hashable]) -> None:
        super().__init__()
        self.columns = list(columns)
        self._key = key
        self._all: dict[Hashable, Row] = {}
        self._rows: list[Row] = []
        self._keys: list[Hashable] = []
        self._place: dict[Hashable, int] = {}
        self._sort: tuple[int, Qt.SortOrder] | None = None
        self._filter: Callable[[Row], bool] | None = None
        self._held: dict[Hashable, Row] = {}
        self._touched: set[Hashable] = set()
        self._left: frozenset[Hashable] = frozenset()

    # rows in

    def set_rows(self, rows: Sequence[Row], *, hold_new: bool = False) -> None:
        """Show these rows. With ``hold_new`` rows not seen before wait until :meth:`release`, and no row moves:
        only what a row says changes (it is then ``touched`` until :meth:`seen`)."""
        fresh = {self._key(row): row for row in rows}
        if hold_new and self._all:
            self._hold(fresh)
            return
        self._touched.intersection_update(fresh)
        self._left = frozenset()
        self._held.clear()
        self._all = fresh
        self._show(self._ordered())
        self.held_changed.emit(0)

    def _hold(self, fresh: dict[Hashable, Row]) -> None:
        waiting = {key: row for key, row in fresh.items() if key not in self._all}
        self._touched |= {key for key, row in self._all.items() if key in fresh and fresh[key] != row}
        self._all = {key: fresh[key] for key in self._all if key in fresh}
        self._touched.intersection_update(self._all)
        kept = [self._all[key] for key in self._keys if key in self._all]
        self._show(kept)
        self._held = waiting
        self.held_changed.emit(len(waiting))

    def patch(self, rows: Sequence[Row], gone: Iterable[Hashable] = ()) -> None:
        """Some rows as they are now, the others stay. What is shown is brought up to date where it stands; a new row
        waits until :meth:`release`; what is ``gone`` goes, also from those that wait."""
        fresh = {self._key(row): row for row in rows}
        gone = set(gone)
        self._touched |= {key for key, row in fresh.items() if key in self._all and self._all[key] != row}
        self._all = {key: fresh.get(key, row) for key, row in self._all.items() if key not in gone}
        self._touched.intersection_update(self._all)
        new = {key: row for key, row in fresh.items() if key not in self._all and key not in gone}
        if not self._all:
            self._all, new = new, {}
            self._show(self._ordered())
        else:
            self._show([self._all[key] for key in self._keys if key in self._all])
        held = {key: row for key, row in self._held.items() if key not in gone and key not in self._all} | new
        if held != self._held:
            counted, self._held = len(self._held), held
            if len(held) != counted:
                self.held_changed.emit(len(held))

    def set_left(self, keys: Iterable[Hashable]) -> None:
        """Rows that stay although they do not belong to the list any more: they are shown quietly."""
        before, self._left = self._left, frozenset(keys) & self._all.keys()
        self._repaint(sorted(self._place[key] for key in before ^ self._left if key in self._place))

    @property
    def left(self) -> frozenset[Hashable]:
        return self._left

    def left_at(self, number: int) -> bool:
        """Whether the row shown at a place does not belong to the list any more."""
        return self._keys[number] in self._left

    def held_row(self, key: Hashable) -> Row | None:
        """A row that waits."""
        return self._held.get(key)

    def release(self) -> None:
        """Let in the rows that wait, and put all in order."""
        self._all |= self._held
        self._held = {}
        self._touched.clear()
        self._show(self._ordered())
        self._repaint(range(len(self._rows)))
        self.held_changed.emit(0)

    @property
    def held(self) -> int:
        return len(self._held)

    def seen(self, key: Hashable) -> None:
        """The person has looked at a row: it no longer counts as touched."""
        if key in self._touched:
            self._touched.discard(key)
            self._repaint([self._place[key]] if key in self._place else [])

    def touched(self, key: Hashable) -> bool:
        return key in self._touched

    def badge_at(self, number: int, column: int) -> State | None:
        """The look of a cell that is a badge."""
        look = self.columns[column].badge
        return look(self._rows[number]) if look is not None else None

    def touched_at(self, number: int) -> bool:
        """Whether the row shown at a place has changed since it was looked at."""
        return self._keys[number] in self._touched

    def set_filter(self, wanted: Callable[[Row], bool] | None) -> None:
        """Show only some of the rows; None shows all."""
        self._filter = wanted
        self._show(self._ordered())

    def repaint_all(self) -> None:
        """Ask for every text again (the clock has moved on)."""
        self._repaint(range(len(self._rows)))

    # rows out

    @property
    def rows(self) -> list[Row]:
        """What is shown, in order."""
        return list(self._rows)

    @property
    def all_rows(self) -> list[Row]:
        """What is known, filtered out or not."""
        return list(self._all.values())

    def row_at(self, number: int) -> Row:
        return self._rows[number]

    def number_of(self, key: Hashable) -> int | None:
        """Where a key is shown."""
        return self._place.get(key)

    def by_key(self, key: Hashable) -> Row | None:
        return self._all.get(key)

    # showing

    def _ordered(self) -> list[Row]:
        rows = [row for row in self._all.values() if self._filter is None or self._filter(row)]
        if self._sort is not None:
            column, order = self.columns[self._sort[0]], self._sort[1]
            down = order == Qt.SortOrder.DescendingOrder
            known = [row for row in rows if not column.order(row)[0]]
            known.sort(key=lambda row: column.order(row)[1], reverse=down)
            rows = known + [row for row in rows if column.order(row)[0]]
        return rows

    def _show(self, rows: list[Row]) -> None:
        keys = [self._key(row) for row in rows]
        if keys == self._keys:
            self._update_in_place(rows)
            return
        wanted = set(keys)
        gone = _runs([n for n, key in enumerate(self._keys) if key not in wanted])
        before = set(self._keys)
        come = _runs([n for n, key in enumerate(keys) if key not in before])
        if not self._keys or len(gone) + len(come) > MOST_RUNS:
            self.beginResetModel()
            self._adopt(rows, keys)
            self.endResetModel()
        else:
            self._remove(gone)
            self._reorder([key for key in keys if key in before])
            self._insert(come, rows, keys)
            self._update_in_place(rows)
        self.shown_changed.emit(len(rows))

    def _adopt(self, rows: list[Row], keys: list[Hashable]) -> None:
        self._rows, self._keys = rows, keys
        self._place = {key: number for number, key in enumerate(keys)}

    def _remove(self, runs: list[tuple[int, int]]) -> None:
        for first, last in reversed(runs):
            self.beginRemoveRows(QModelIndex(), first, last)
            rows = self._rows[:first] + self._rows[last + 1 :]
            self._adopt(rows, self._keys[:first] + self._keys[last + 1 :])
            self.endRemoveRows()

    def _reorder(self, keys: list[Hashable]) -> None:
        if keys == self._keys:
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        held = [(index, self._keys[index.row()]) for index in old]
        self._adopt([self._rows[self._place[key]] for key in keys], keys)
        self.changePersistentIndexList(old, [self.createIndex(self._place[key], index.column()) for index, key in held])
        self.layoutChanged.emit()

    def _insert(self, runs: list[tuple[int, int]], rows: list[Row], keys: list[Hashable]) -> None:
        for first, last in runs:
            self.beginInsertRows(QModelIndex(), first, last)
            grown = self._rows[:first] + rows[first : last + 1] + self._rows[first:]
            self._adopt(grown, self._keys[:first] + keys[first : last + 1] + self._keys[first:])
            self.endInsertRows()

    def _update_in_place(self, rows: list[Row]) -> None:
        changed = [n for n, (old, new) in enumerate(zip(self._rows, rows, strict=True)) if old != new]
        self._rows = rows
        self._repaint(changed)

    def _repaint(self, numbers: Sequence[int]) -> None:
        last_column = len(self.columns) - 1
        for first, last in _runs(numbers):
            self.dataChanged.emit(self.index(first, 0), self.index(last, last_column))

    # Qt's questions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(row)
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            return column.order(row)[1]
        if role == KEY_ROLE:
            return self._keys[index.row()]
        if role == BADGE_ROLE:
            return column.badge(row) if column.badge else None
        if role == TOUCHED_ROLE:
            return self._keys[index.row()] in self._touched
        if role == COLUMN_ROLE:
            return column
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole) and column.tip:
            said = column.tip(row)
            return (plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.help or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    @property
    def sorted_by(self) -> int | None:
        """The column that orders what is shown; None: as it came."""
        return self._sort[0] if self._sort is not None else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; -1 goes back to the order that the rows came in."""
        self._sort = None if column < 0 else (column, order)
        self._show(self._ordered())
