"""Where everything stands in the viewport of a deployment board: areas, rows, zoom, hours, and the scrolling."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

from coordination.deployment.model import DAY_ENDS, DAY_STARTS, Board, Worker
from ui.deployment import layout
from ui.deployment.layout import Layout, Spot, whole_day
from ui.style import theme

ZOOMS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0)


class BoardGeometry(QAbstractScrollArea):
    """A board laid out in the room that there is. Hours, zoom, the rows shown and their height can be chosen."""

    laid_out = Signal()
    """another board, width, text size, other hours or rows"""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._hours: tuple[int, int] | None = None
        self._zoom = 1.0
        self._close_rows = False
        self._wanted: Callable[[Worker], bool] | None = None
        self._laid: Layout | None = None
        self._board: Board | None = None
        self._lane_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._lane_bar.setAccessibleName("Visits that nobody has")
        self._lane_bar.valueChanged.connect(lambda _value: self.viewport().update())
        theme.hub().changed.connect(self._laid_out_anew)

    @property
    def board(self) -> Board | None:
        return self._board

    @property
    def laid(self) -> Layout | None:
        """The board as it is laid out now."""
        return self._laid

    # ------------------------------------------------------------------ what of it is shown, and how large

    @property
    def hours(self) -> tuple[int, int]:
        """First and last hour shown, on the centre's wall clock."""
        return self._laid.hours if self._laid else self._hours or (DAY_STARTS, DAY_ENDS)

    def show_hours(self, hours: tuple[int, int] | None) -> None:
        """The hours across; None for 07:00 to 22:00, or as long as anything on the board lasts."""
        self._hours = hours
        self._laid_out_anew()

    def show_workers(self, wanted: Callable[[Worker], bool] | None) -> None:
        """Only the rows of these; None for all."""
        self._wanted = wanted
        self._laid_out_anew()

    @property
    def close_rows(self) -> bool:
        return self._close_rows

    def show_close_rows(self, close: bool) -> None:
        """Rows of one line, twice as many in sight; or of two, with the need."""
        first = self.verticalScrollBar().value() // (self._laid.row_height if self._laid else 1)
        self._close_rows = close
        self._laid_out_anew()
        self.verticalScrollBar().setValue(first * (self._laid.row_height if self._laid else 1))

    @property
    def zoom(self) -> float:
        return self._zoom

    def show_zoom(self, zoom: float, at: float | None = None) -> None:
        """So many times as wide as the room; what stands ``at`` (pixels of the viewport; the middle) stays there."""
        if self._laid is None or zoom == self._zoom:
            self._zoom = zoom
            return
        x = self.time_area().center().x() if at is None else at
        moment = self._moment_at(x)
        self._zoom = zoom
        self._laid_out_anew()
        left = self._laid.x(moment) - (x - theme.px(layout.NAMES))
        self.horizontalScrollBar().setValue(round(left))

    def step_zoom(self, step: int, at: float | None = None) -> None:
        """In (1), out (-1), or back to the whole width (0)."""
        here = min(range(len(ZOOMS)), key=lambda n: abs(ZOOMS[n] - self._zoom))
        self.show_zoom(ZOOMS[min(max(here + step, 0), len(ZOOMS) - 1)] if step else 1.0, at)

    def _moment_at(self, x: float) -> datetime:
        """The moment under a point of the viewport."""
        assert self._laid is not None
        return self._laid.moment(x - theme.px(layout.NAMES) + self.scrolled_x())

    # ------------------------------------------------------------------ laying out

    def _laid_out_anew(self) -> None:
        """Lay out again: another board, width, text size, other hours or rows."""
        board = self._board
        if board is None:
            self._laid = None
        else:
            hours = self._hours or whole_day(board)
            least = theme.px(layout.MIN_HOUR) * (hours[1] - hours[0])
            width = max(least, self.viewport().width() - theme.px(layout.NAMES) - theme.px(10)) * self._zoom
            shown = tuple(w for w in board.workers if self._wanted(w)) if self._wanted else None
            row = layout.CLOSE_ROW if self._close_rows else layout.ROW
            self._laid = Layout(board, hours, width, theme.px, shown, row)
        self._fit_bars()
        self.viewport().update()
        self.laid_out.emit()

    def _fit_bars(self) -> None:
        laid = self._laid
        tall = self.rows_area().height() if laid else 0.0
        wide = self.viewport().width() - theme.px(layout.NAMES)
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, round(laid.rows_height - tall)) if laid else 0)
        down.setPageStep(max(1, round(tall)))
        down.setSingleStep(laid.row_height if laid else theme.px(layout.ROW))
        across.setRange(0, max(0, round(laid.width + theme.px(10) - wide)) if laid else 0)
        across.setPageStep(max(1, wide))
        across.setSingleStep(theme.px(layout.MIN_HOUR))
        lanes = self.lanes_area()
        over = round(laid.lanes_height - lanes.height()) if laid else 0
        self._lane_bar.setRange(0, max(0, over))
        self._lane_bar.setPageStep(max(1, round(lanes.height())))
        self._lane_bar.setSingleStep(theme.px(layout.LANE))
        self._lane_bar.setVisible(over > 0)
        thick = theme.px(12)
        self._lane_bar.setGeometry(
            self.viewport().width() - thick, round(lanes.top()), thick, max(1, round(lanes.height()))
        )
        self._lane_bar.raise_()

    # ------------------------------------------------------------------ areas and boxes, in the viewport

    def _head_height(self) -> float:
        return theme.px(layout.STRIP) + theme.px(layout.AXIS)

    def lanes_area(self) -> QRectF:
        """Where those stand that nobody has: as high as they need, up to a third of the board."""
        top = self._head_height()
        wanted = self._laid.lanes_height if self._laid else theme.px(layout.LANE)
        most = max(theme.px(layout.LANE) * 1.5, (self.viewport().height() - top) / 3)
        return QRectF(0, top, self.viewport().width(), min(wanted, most))

    def rows_area(self) -> QRectF:
        top = self.lanes_area().bottom()
        return QRectF(0, top, self.viewport().width(), max(0.0, self.viewport().height() - top))

    def time_area(self) -> QRectF:
        return QRectF(self.viewport().rect()).adjusted(theme.px(layout.NAMES), 0, 0, 0)

    def row_top(self, number: int) -> float:
        height = self._laid.row_height if self._laid else theme.px(layout.ROW)
        return self.rows_area().top() + number * height - self.verticalScrollBar().value()

    def lane_top(self, number: int) -> float:
        return self.lanes_area().top() + theme.px(4) + number * theme.px(layout.LANE) - self._lane_bar.value()

    def scrolled_x(self) -> int:
        return self.horizontalScrollBar().value()

    def box_of(self, spot: Spot) -> QRectF:
        """Where a chosen place stands in the viewport; empty when it is not there."""
        laid = self._laid
        if laid is None:
            return QRectF()
        names = theme.px(layout.NAMES) - self.scrolled_x()
        if spot in laid.placed:
            _, held = laid.placed[spot]
            left, width = laid.across(held.window)
            return QRectF(names + left, self.row_top(laid.row_of[held.worker_id]), width, laid.row_height)
        if spot in laid.lane_of:
            left, width = laid.chip(laid.board.visit_by_id[spot.visit])
            return QRectF(names + left, self.lane_top(laid.lane_of[spot]), width, theme.px(layout.LANE))
        return QRectF()

    def spot_at(self, at: QPointF) -> Spot | None:
        """What stands under a point of the viewport."""
        laid = self._laid
        if laid is None or at.x() < theme.px(layout.NAMES):
            return None
        if self.lanes_area().contains(at):
            number = int((at.y() - self.lane_top(0)) // theme.px(layout.LANE))
            near = [s for s, _ in laid.lanes[number]] if 0 <= number < len(laid.lanes) else []
        elif self.rows_area().contains(at):
            worker = laid.worker_at(at.y() - self.row_top(0))
            near = [Spot(v.id, a.slot) for v, a in laid.board.row_of[worker.id]] if worker else []
        else:
            return None
        return next((s for s in near if self.box_of(s).contains(at)), None)

    # ------------------------------------------------------------------ into sight

    def _reveal(self, spot: Spot) -> None:
        laid = self._laid
        if laid is None:
            return
        if spot in laid.placed:
            self._reveal_row(laid.row_of[laid.placed[spot][1].worker_id])
        elif spot in laid.lane_of:
            top = laid.lane_of[spot] * theme.px(layout.LANE)
            self._into_sight(self._lane_bar, top, theme.px(layout.LANE) + theme.px(8), self.lanes_area().height())
        box = self.box_of(spot)
        left = box.left() - theme.px(layout.NAMES) + self.scrolled_x()
        self._into_sight(self.horizontalScrollBar(), left, box.width(), self.time_area().width())

    def _reveal_row(self, number: int) -> None:
        height = self._laid.row_height if self._laid else theme.px(layout.ROW)
        self._into_sight(self.verticalScrollBar(), number * height, height, self.rows_area().height())

    @staticmethod
    def _into_sight(bar: QScrollBar, begin: float, length: float, seen: float) -> None:
        if begin < bar.value():
            bar.setValue(int(begin))
        elif begin + length > bar.value() + seen:
            bar.setValue(round(begin + length - seen))
