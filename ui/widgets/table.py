"""The table of the centre: calm rows, keyboard, column chooser, copy, export and print.

table = Table(model, settings=desk.settings, name="queue", title="Queue",
              empty=EmptyState("Nothing waits", "New contacts appear here.", icon="tray"))
table.opened.connect(self.open_row)          # Enter or double click: the record
table.current_changed.connect(self.show_row) # the record, or None
table.current, table.selected, table.select_key(key)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, cast

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QPoint,
    QSettings,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
    QToolButton,
    QWidget,
)

from ui.commands import Command
from ui.style import fonts, theme, tokens
from ui.widgets import table_room, tableio
from ui.widgets.basics import icon_button
from ui.widgets.empty import EmptyState
from ui.widgets.table_model import (
    KEY_ROLE,
    ROW_ROLE,
    Index,
    StableTableModel,
)
from ui.widgets.table_paint import RowDelegate, TableHeader


class Table(QTableView):
    """A view on a :class:`StableTableModel`. ``name`` is where its columns are remembered in the settings; ``inset``
    the room at its left in grid steps (2 for a table inside a panel)."""

    opened = Signal(object)
    """Enter or a double click on a row: its record"""
    current_changed = Signal(object)
    """the record of the current row, or None"""

    def __init__(
        self, model: StableTableModel[Any], *, settings: QSettings | None = None, name: str = "", title: str = "",
        empty: EmptyState | None = None, many: bool = False, inset: float = 6,
    ) -> None:  # fmt: skip
        super().__init__()
        self.inset: float = inset
        self.hovered_row = -1
        self.current_mark = -1
        self._title, self._name, self._settings = title or name, name, settings
        self.about: Callable[[], list[str]] = list
        """what the table shows, in lines, for its print and its workbook"""
        self.hides: Callable[[Any, str], bool] | None = None
        """O3: whether a cell (record, id of the column) is hidden in what leaves the screen: copy, print, workbook"""
        self._empty = empty
        self._kept: tuple[Hashable, int] | None = None
        self._room = table_room.Room(self, lambda: cast(TableHeader, self.horizontalHeader()).pulled)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._room.share)
        self.setAccessibleName(title or name)
        self._dress(many)
        self.setModel(model)
        self._columns_as_declared()
        self._restore()
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._put_back)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self._show_empty)
            signal.connect(lambda *_args: self._soon.start())
        if empty is not None:
            empty.setParent(self.viewport())
        self._show_empty()

    # what is chosen

    @property
    def table_model(self) -> StableTableModel[Any]:
        return self.model()  # type: ignore[return-value]

    @property
    def current(self) -> Any:
        """The record of the current row, or None."""
        index = self.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    @property
    def current_key(self) -> Hashable | None:
        index = self.currentIndex()
        return index.data(KEY_ROLE) if index.isValid() else None

    @property
    def selected(self) -> list[Any]:
        """The records of the selected rows, from the top."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.table_model.row_at(number) for number in numbers]

    def select_key(self, key: Hashable) -> bool:
        """Go to the row of a key; False when it is not shown."""
        number = self.table_model.number_of(key)
        if number is None:
            return False
        index = self.model().index(number, self.first_column())
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)
        return True

    def first_column(self) -> int:
        """The leftmost column that is shown."""
        header = self.horizontalHeader()
        for place in range(header.count()):
            if not header.isSectionHidden(header.logicalIndex(place)):
                return header.logicalIndex(place)
        return 0

    def left_pad(self, column: int) -> int:
        """Room at the left of a cell: the first column stands where the words of the page begin."""
        return theme.space(self.inset if column == self.first_column() else 2)

    # what can be done with a table

    def copy(self) -> None:
        """The selected rows (all, when none is) to the clipboard, with heads, separated by tabs."""
        heads, rows = tableio.shown(self, only_selected=bool(self.selectionModel().selectedRows()))
        QGuiApplication.clipboard().setText(tableio.as_tsv(heads, rows))
        tableio.note_copy(self)

    def menu(self) -> QMenu:
        """Columns, copy, export, print."""
        return tableio.table_menu(self, self._title, self._column_menu)

    def menu_button(self) -> QToolButton:
        """A button for the head of a page that opens :meth:`menu`."""
        made = icon_button("dots-three-vertical", f"{self._title}: columns, copy, export, print")
        made.clicked.connect(lambda: self.popup_menu(made.mapToGlobal(QPoint(0, made.height()))))
        return made

    def commands(self, page: str) -> list[Command]:
        """Copying, exporting and printing as commands of a page; Ctrl+C is the table's own key."""
        title, of = self._title, self._title.lower()
        return [
            Command(f"{page}.export", f"Export {of}", lambda: tableio.export_table(self, title), "Ctrl+Shift+E",
                    group=title, icon="export", also="excel csv save"),
            Command(f"{page}.print_table", f"Print {of}", lambda: tableio.print_table(self, title), "Ctrl+P",
                    group=title, icon="printer"),
        ]  # fmt: skip

    def sort_by(self, column_id: str, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        number = next(n for n, column in enumerate(self.table_model.columns) if column.id == column_id)
        self.sortByColumn(number, order)

    def save_state(self) -> None:
        """Remember columns, widths and order. Also done by itself when they change."""
        if self._settings is not None and self._name:
            self._settings.setValue(f"table/{self._name}", self.horizontalHeader().saveState())
            made = [self.table_model.columns[number].id for number in sorted(self._room.by_hand)]
            self._settings.setValue(f"table/{self._name} by hand", made)

    # inside

    def _dress(self, many: bool) -> None:
        fonts.dress(self)
        header = TableHeader(self)
        self.setHorizontalHeader(header)
        header.customContextMenuRequested.connect(
            lambda place: self._column_menu(self).popup(header.mapToGlobal(place))
        )
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._set_row_height()
        theme.hub().changed.connect(self._set_row_height)
        self.setItemDelegate(RowDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW_ROLE)))

    def _set_row_height(self) -> None:
        self.verticalHeader().setMinimumSectionSize(theme.px(24))
        self.verticalHeader().setDefaultSectionSize(theme.px(tokens.measure("row")))
        self._soon.start()

    def _columns_as_declared(self) -> None:
        header = self.horizontalHeader()
        for number, column in enumerate(self.table_model.columns):
            self.setColumnHidden(number, column.hidden)
            super().setColumnWidth(number, self._room.declared(number))
        self._room.by_hand = set()
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _restore(self) -> None:
        header = self.horizontalHeader()
        if self._settings is not None and self._name:
            state = self._settings.value(f"table/{self._name}")
            if isinstance(state, QByteArray) and header.restoreState(state):
                self.table_model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
                made = self._settings.value(f"table/{self._name} by hand") or []
                self._room.by_hand = {n for n, column in enumerate(self.table_model.columns) if column.id in made}
        for signal in (header.sectionMoved, header.sortIndicatorChanged):
            signal.connect(lambda *_args: self.save_state())
        header.sectionResized.connect(self._resized)

    def _column_menu(self, parent: QWidget) -> QMenu:
        menu = QMenu("Columns", parent)
        header = self.horizontalHeader()
        for place in range(header.count()):
            number = header.logicalIndex(place)
            entry = menu.addAction(self.table_model.columns[number].title or self.table_model.columns[number].id)
            entry.setCheckable(True)
            entry.setChecked(not self.isColumnHidden(number))
            entry.toggled.connect(lambda on, number=number: self._show_column(number, on))
        menu.addSeparator()
        menu.addAction("As they were", self._forget_columns)
        return menu

    def show_column(self, name: str, on: bool) -> None:
        """A column that says something in some lists of this table only."""
        number = next(n for n, each in enumerate(self.table_model.columns) if each.id == name)
        if self.isColumnHidden(number) is on:
            self.setColumnHidden(number, not on)
            self._room.share()

    def _show_column(self, number: int, on: bool) -> None:
        if on or self.horizontalHeader().count() - self.horizontalHeader().hiddenSectionCount() > 1:
            self.setColumnHidden(number, not on)
            self._room.share()
            self.save_state()

    def _forget_columns(self) -> None:
        header = self.horizontalHeader()
        for number in range(header.count()):
            header.moveSection(header.visualIndex(number), number)
        self._columns_as_declared()
        self._room.share()
        self.save_state()

    def _keep(self) -> None:
        key = self.current_key
        self._kept = None if key is None else (key, self.verticalScrollBar().value())

    def _put_back(self) -> None:
        if self._kept is not None:
            key, scroll = self._kept
            self.select_key(key)
            self.verticalScrollBar().setValue(scroll)

    def _show_empty(self) -> None:
        if self._empty is not None:
            self._empty.setVisible(self.model().rowCount() == 0)
            self._empty.setGeometry(self.viewport().rect())
            self._empty.fit()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                self._update_row(index.row())
        if current.row() != previous.row() or not previous.isValid():
            self.current_changed.emit(current.data(ROW_ROLE) if current.isValid() else None)

    def _update_row(self, number: int) -> None:
        top = self.rowViewportPosition(number)
        self.viewport().update(0, top, self.viewport().width(), self.rowHeight(number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not event.modifiers() and self.model().rowCount():
            number = 0 if event.key() == Qt.Key.Key_Home else self.model().rowCount() - 1
            self.selectRow(number)
        elif event.text() and event.text().isprintable() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            event.ignore()  # letters are commands here, not a search in the first column
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if self.model().rowCount() and not self.selectionModel().hasSelection():
            self.selectRow(max(0, self.currentIndex().row()))
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, number: int) -> None:
        if number != self.hovered_row:
            before, self.hovered_row = self.hovered_row, number
            for each in (before, number):
                if each >= 0:
                    self._update_row(each)

    def resizeEvent(self, event: QResizeEvent) -> None:
        chosen = self.visualRect(self.currentIndex())
        super().resizeEvent(event)
        if chosen.isValid() and 0 <= chosen.top() < event.oldSize().height():
            self.scrollTo(self.currentIndex())  # what was in sight stays in sight, when a notice takes room
        self._show_empty()
        self._room.share()

    def setColumnWidth(self, number: int, width: int) -> None:
        """The column stays so, whatever room there is."""
        self._room.by_hand.add(number)
        super().setColumnWidth(number, width)

    def _resized(self, number: int, _before: int, _after: int) -> None:
        self._room.resized(number)
        self.save_state()

    def popup_menu(self, at: QPoint) -> None:
        """Open the menu of the table at a place on the screen."""
        self.menu().popup(at)
