"""The forecast as a grid: neighbourhoods down, hours or days across. A number, a mark and a tone in each cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from coordination.clock import LONDON, at_local
from coordination.deployment.forecast_model import EMPTY, HOUR, Cell, Forecast, Neighbourhood, Waiting
from coordination.values import Window
from ui import wording
from ui.reablement import forecast_words as words
from ui.reablement.words import short_day
from ui.style import fonts, theme
from ui.widgets import tableio
from ui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TIGHT_HEAD = (
    "QHeaderView::section { padding-left: 2px; padding-right: 3px; } QHeaderView::section:first { padding-left: 8px; }"
)
NARROW, WIDE = 600, 6000
"""minutes from which a column of days or hours, and a sum, are in whole hours"""
TIGHT = 10
"""per cent of what is asked: with less than that to spare it is tight"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A cell that is opened: a neighbourhood, or all of them, and the hours of one day."""

    neighbourhood: Neighbourhood
    all_: bool
    reach: Window
    words: str
    cell: Cell


class ForecastModel(QAbstractTableModel):
    """Of a day its hours, of a fortnight its days. The last column adds up, the last row too."""

    def __init__(self) -> None:
        super().__init__()
        self.forecast: Forecast | None = None
        self.day: date | None = None
        self.number = "balance"
        self._across: list[tuple[str, Window]] = []
        self._down: list[Neighbourhood] = []
        self._waits: list[Waiting] = []
        self._cells: list[list[Cell]] = []

    def show(self, forecast: Forecast, day: date | None, number: str) -> None:
        """``day`` None: the whole fortnight."""
        self.beginResetModel()
        self.forecast, self.day, self.number = forecast, day, number
        self._down = list(forecast.neighbourhoods)
        if day is None:
            self._across = [(short_day(d)[:6].replace(" ", "\n"), _day(d)) for d in forecast.dates]
            self._cells = [[forecast.of_day(n, d) for d in forecast.dates] for n in self._down]
            self._waits = [*(forecast.waits(n) for n in self._down), forecast.all_waiting] if forecast.waiting else []
        else:
            hours = forecast.hours_of(day)
            self._waits = []
            self._across = [(f"{wording.clock_time(h)[:2]}", Window(h, h + HOUR)) for h in hours]
            self._cells = [[forecast.cell(n, h) for h in hours] for n in self._down]
        for line in self._cells:
            line.append(sum(line, EMPTY))
        self._cells.append([sum((line[n] for line in self._cells), EMPTY) for n in range(len(self._across) + 1)])
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or not self._cells else len(self._across) + 2 + bool(self._waits)

    @property
    def sums_from(self) -> int:
        """The first column after the days or hours."""
        return len(self._across) + 1

    @property
    def columns(self) -> list[Any]:
        """For print and export: every number stands at the right."""
        return [SimpleNamespace(numeric=n > 0, stretch=n == 0, value=None) for n in range(self.columnCount())]

    def cell(self, index: Index) -> Cell | None:
        inside = index.isValid() and 0 < index.column() <= len(self._across) + 1
        return self._cells[index.row()][index.column() - 1] if inside else None

    def waits(self, index: Index) -> Waiting | None:
        """Of the last column of the fortnight: what waits in the queue, in no cell and no sum."""
        inside = index.isValid() and index.column() == len(self._across) + 2
        return self._waits[index.row()] if inside and self._waits else None

    def is_sum(self, index: Index) -> bool:
        return index.row() == len(self._down) or index.column() == len(self._across) + 1

    def chosen(self, index: Index) -> Chosen | None:
        cell, whole = self.cell(index), self.forecast
        if cell is None or whole is None:
            return None
        all_ = index.row() == len(self._down)
        place = None if all_ else self._down[index.row()]
        if index.column() <= len(self._across):
            reach = self._across[index.column() - 1][1]
        elif self.day is not None:
            reach = _day(self.day)
        else:
            return None
        name = words.WHOLE if all_ else words.place(whole, place)
        when = short_day(self.day) + " " + words.stretch(reach.start, reach.end) if self.day is not None else ""
        if not when or reach == (_day(self.day) if self.day else None):
            when = short_day(reach.start.astimezone(LONDON).date())
        return Chosen(place, all_, reach, f"{name}, {when}", cell)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell, waits = self.cell(index), self.waits(index)
        if waits is not None and role == Qt.ItemDataRole.DisplayRole:
            return words.figure(waits.minutes) if waits.referrals else ""
        if waits is not None and role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            said = f"{self._name(index.row())}: {words.waiting(waits)}"
            return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said
        if role == Qt.ItemDataRole.DisplayRole:
            most = NARROW if index.column() < self.sums_from else WIDE
            return self._name(index.row()) if cell is None else words.of_cell(cell, self.number, most)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            found = self.chosen(index)
            said = self._full_name(index.row()) if found is None else f"{found.words}: {words.whole(found.cell)}"
            return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said
        return None

    def _name(self, row: int) -> str:
        if row == len(self._down):
            return words.WHOLE
        return words.place(self.forecast, self._down[row]) if self.forecast is not None else ""

    def _full_name(self, row: int) -> str:
        if row == len(self._down) or self.forecast is None:
            return words.WHOLE
        return words.full_place(self.forecast, self._down[row])

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if way != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if section else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == 0:
            return "Neighbourhood"
        if section <= len(self._across):
            return self._across[section - 1][0]
        return "Sum" if section == len(self._across) + 1 else "Waiting,\na week"


def _day(day: date) -> Window:
    return Window(at_local(day, 0), at_local(day + timedelta(days=1), 0))


class _Cells(QStyledItemDelegate):
    """Tone, mark and number: short is red with a full corner and a minus, tight amber with an open corner."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ForecastModel)
        cell, box = model.cell(index), QRectF(option.rect)
        painter.save()
        tone, mark = look(cell) if cell is not None and not model.is_sum(index) else ("", "")
        if tone:
            painter.fillRect(box.adjusted(1, 1, -1, -1), theme.colour(f"soft:{tone}"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.colour("focus"), theme.px(2)))
            painter.drawRect(box.adjusted(1.5, 1.5, -1.5, -1.5))
        said = str(index.data() or "")
        strong = bool(cell is not None and cell.short) or model.is_sum(index)
        name = index.column() == 0
        painter.setFont(fonts.font("body" if name else "small", strong=strong))
        plain = "text" if name or (cell is not None and cell.demand) else "text-quiet"
        painter.setPen(theme.colour(f"tone:{tone}" if tone else plain))
        left = theme.space(2) if name else theme.px(2)
        inner = box.adjusted(left, 0, -theme.px(4), 0)
        if mark:
            self._mark(painter, box, mark, tone)
        if name:
            said = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, round(inner.width()))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter if name else _RIGHT, said)
        painter.restore()

    @staticmethod
    def _mark(painter: QPainter, box: QRectF, mark: str, tone: str) -> None:
        """A corner: full for short, open for tight."""
        side, left, top = theme.px(8), box.left() + 1.5, box.top() + 1.5
        corner = QPolygonF([QPointF(left, top), QPointF(left + side, top), QPointF(left, top + side)])
        painter.save()
        painter.setPen(QPen(theme.colour(f"tone:{tone}"), 1))
        painter.setBrush(theme.colour(f"tone:{tone}") if mark == "full" else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(corner)
        painter.restore()


def look(cell: Cell) -> tuple[str, str]:
    """Tone and mark of a cell."""
    if cell.short:
        return "red", "full"
    if cell.demand and cell.spare * 100 < cell.demand * TIGHT:
        return "amber", "open"
    return "", ""


class ForecastGrid(QTableView):
    """Cells are chosen with the arrow keys; Enter opens one."""

    opened = Signal(object)
    moved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        fonts.dress(self)
        self._name = "forecast"
        self.about: Callable[[], list[str]] = list
        self.grid = ForecastModel()
        self.setModel(self.grid)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName("Forecast: neighbourhoods and hours")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(30))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        fonts.dress(self.horizontalHeader(), "small", strong=True)
        self.horizontalHeader().setFixedHeight(theme.px(42))
        self.horizontalHeader().setStyleSheet(_TIGHT_HEAD)
        self.doubleClicked.connect(self._open)
        self.grid.modelReset.connect(self._widths)

    def _widths(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(theme.px(38))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        if self.grid.columnCount():
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(0, theme.px(136))
            for sums in range(self.grid.sums_from, self.grid.columnCount()):
                header.setSectionResizeMode(sums, QHeaderView.ResizeMode.Fixed)
                self.setColumnWidth(sums, theme.px(62))

    def show_forecast(self, forecast: Forecast, day: date | None, number: str) -> None:
        """What was chosen stays chosen, when it is still there."""
        at = self.currentIndex()
        row, across = max(0, at.row()), max(1, at.column())
        self.grid.show(forecast, day, number)
        row, across = min(row, self.grid.rowCount() - 1), min(across, self.grid.columnCount() - 1)
        self.setCurrentIndex(self.grid.index(row, across))

    @property
    def chosen(self) -> Chosen | None:
        return self.grid.chosen(self.currentIndex())

    @property
    def said(self) -> str:
        """The chosen number in words, that of what waits too."""
        at = self.currentIndex()
        return str(at.data(Qt.ItemDataRole.AccessibleTextRole) or "") if at.isValid() and at.column() else ""

    @property
    def chosen_day(self) -> date | None:
        """The day of the chosen column."""
        found = self.chosen
        return found.reach.start.astimezone(LONDON).date() if found is not None else self.grid.day

    def choose(self, row: int, column: int) -> None:
        self.setCurrentIndex(self.grid.index(row, column))

    def copy(self) -> None:
        heads, rows = tableio.shown(self)
        QGuiApplication.clipboard().setText(tableio.as_tsv(heads, rows))

    def _open(self, _index: Index | None = None) -> None:
        found = self.chosen
        if found is not None:
            self.opened.emit(found)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.moved.emit(self.grid.chosen(current))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.text() and event.text().isprintable():
            event.ignore()  # letters are commands here
        else:
            super().keyPressEvent(event)
