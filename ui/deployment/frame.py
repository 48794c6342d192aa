"""The frame of a deployment board: what it shows, what is chosen, where everything stands, and the scrolling."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

from coordination.deployment.balance import HourLoad
from coordination.deployment.board_warnings import BoardWarning
from coordination.deployment.model import Board, Visit
from coordination.values import VisitId, WorkerId
from ui.deployment import layout, words
from ui.deployment.drag import Drag
from ui.deployment.layout import Layout, Spot, whole_day
from ui.deployment.outlook import Outlook
from ui.style import theme


class BoardFrame(QAbstractScrollArea):
    """Shows an :class:`Outlook`; ``spot`` is what is chosen, ``drag`` what is on its way."""

    spot_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Visits by worker and time")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setMouseTracking(True)
        self.drag: Drag | None = None
        self.preview: tuple[Visit, WorkerId, datetime] | None = None
        self.now: datetime | None = None
        self.may_drag = True
        self.standing_out: frozenset[Spot] | None = None
        self._hours: tuple[int, int] | None = None
        self._laid: Layout | None = None
        self._board: Board | None = None
        self._waiting: Outlook | None = None
        self._outlook: Outlook | None = None
        self._spot: Spot | None = None
        self._marked: frozenset[Spot] = frozenset()
        self._lane_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._lane_bar.setAccessibleName("Visits that nobody has")
        self._lane_bar.valueChanged.connect(lambda _value: self.viewport().update())
        theme.hub().changed.connect(self._laid_out_anew)

    # ------------------------------------------------------------------ what is shown

    @property
    def board(self) -> Board | None:
        return self._board

    @property
    def spot(self) -> Spot | None:
        return self._spot

    @property
    def selected(self) -> tuple[Spot, ...]:
        """All that is chosen: several, or the one."""
        if self._marked:
            return tuple(sorted(self._marked, key=self._in_time))
        return (self._spot,) if self._spot is not None else ()

    def _in_time(self, spot: Spot) -> tuple[float, int]:
        moment = self._laid.moment_of(spot) if self._laid else None
        return (moment.timestamp() if moment else 0.0, spot.slot)

    @property
    def visit(self) -> Visit | None:
        """The visit that is chosen, as the board knows it."""
        return self._board.visit_by_id.get(self._spot.visit) if self._board and self._spot else None

    def show_board(self, outlook: Outlook | None) -> None:
        """Show a board. What is chosen and where it is scrolled to stay. A visit on its way is not disturbed: the
        newer board waits until it has been put down."""
        if self.drag is not None:
            self._waiting = outlook
            return
        self._outlook = outlook
        self._board = outlook.board if outlook else None
        self._laid_out_anew()
        if self._spot is not None and (self._laid is None or not self._laid.has(self._spot)):
            self._spot = self._successor(self._spot)
        laid = self._laid
        self._marked = frozenset(s for s in self._marked if laid is not None and laid.has(s))
        self.spot_changed.emit()

    def _successor(self, gone: Spot) -> Spot | None:
        """The same visit elsewhere: it was placed, or taken back, and its slots are named anew."""
        if self._laid is None:
            return None
        same = [s for s in (*self._laid.placed, *self._laid.lane_of) if s.visit == gone.visit]
        return min(same, key=lambda s: abs(s.slot - gone.slot), default=None)

    def show_hours(self, hours: tuple[int, int] | None) -> None:
        """The hours across; None for the whole day."""
        self._hours = hours
        self._laid_out_anew()

    def tell_time(self, now: datetime) -> bool:
        """Time has gone on: whether that makes another visit missed."""
        if self._outlook is None:
            return False
        before, self._outlook = self._outlook, self._outlook.at(now)
        return self._outlook is not before

    def show_now(self, now: datetime | None) -> None:
        self.now = now
        self.viewport().update()

    def show_preview(self, visit: Visit | None, worker: WorkerId | None, start: datetime | None) -> None:
        """Where a visit would go, before it does; the row scrolls into sight."""
        known = visit is not None and worker is not None and start is not None
        self.preview = (visit, worker, start) if known else None  # type: ignore[assignment]
        if known and self._laid is not None and worker in self._laid.row_of:
            self._reveal_row(self._laid.row_of[worker])
        self.viewport().update()

    def warnings_at(self, spot: Spot) -> tuple[BoardWarning, ...]:
        """What wants an eye there, the gravest first."""
        return self._outlook.by_spot.get(spot, ()) if self._outlook is not None else ()

    def warnings_of(self, visit: VisitId) -> tuple[BoardWarning, ...]:
        """The same of a visit, wherever it stands."""
        found = self._outlook.by_spot.items() if self._outlook is not None else ()
        return tuple(w for spot, warned in found if spot.visit == visit for w in warned)

    @property
    def outlook(self) -> Outlook | None:
        return self._outlook

    def show_warned(self, spots: frozenset[Spot] | None) -> None:
        """Only these stand out, the others step back; None: all alike."""
        if spots != self.standing_out:
            self.standing_out = spots
            self.viewport().update()

    def next_of(self, spots: frozenset[Spot], step: int) -> Spot | None:
        """The next (1) or the one before (-1) of some places, in order of time, and round again."""
        order = sorted((s for s in spots if self._laid is not None and self._laid.has(s)), key=self._in_time)
        if not order:
            return None
        if self._spot in order:
            return order[(order.index(self._spot) + step) % len(order)]
        if self._spot is None:
            return order[0 if step > 0 else -1]
        here = self._in_time(self._spot)
        after = [s for s in order if self._in_time(s) >= here] if step > 0 else []
        before = [s for s in order if self._in_time(s) < here]
        return (after[0] if after else order[0]) if step > 0 else (before[-1] if before else order[-1])

    @property
    def balance(self) -> tuple[HourLoad, ...]:
        """Demand against capacity, hour by hour."""
        return self._outlook.balance if self._outlook else ()

    def choose(self, spot: Spot | None, *, reveal: bool = True) -> None:
        """Choose a visit; it scrolls into sight."""
        changed, self._spot = spot != self._spot, spot
        if spot is not None and reveal:
            self._reveal(spot)
        self.viewport().update()
        if changed:
            self._tell(spot)
            self.spot_changed.emit()

    def _tell(self, spot: Spot | None) -> None:
        """Let a screen reader say what is chosen."""
        if self._board is not None and self.visit is not None and spot is not None:
            self.setAccessibleDescription(words.about(self._board, self.visit).replace("\n", ". "))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # ------------------------------------------------------------------ geometry

    def _laid_out_anew(self) -> None:
        """Lay out again: another board, width, text size or other hours."""
        if self._board is None:
            self._laid = None
        else:
            hours = self._hours or whole_day(self._board)
            least = theme.px(layout.MIN_HOUR) * (hours[1] - hours[0])
            width = max(least, self.viewport().width() - theme.px(layout.NAMES) - theme.px(10))
            self._laid = Layout(self._board, hours, width, theme.px)
        self._fit_bars()
        self.viewport().update()

    def _fit_bars(self) -> None:
        laid = self._laid
        tall = self.rows_area().height() if laid else 0.0
        wide = self.viewport().width() - theme.px(layout.NAMES)
        self.verticalScrollBar().setRange(0, max(0, round(laid.rows_height - tall)) if laid else 0)
        self.verticalScrollBar().setPageStep(max(1, round(tall)))
        self.verticalScrollBar().setSingleStep(theme.px(layout.ROW))
        self.horizontalScrollBar().setRange(0, max(0, round(laid.width + theme.px(10) - wide)) if laid else 0)
        self.horizontalScrollBar().setPageStep(max(1, wide))
        self.horizontalScrollBar().setSingleStep(theme.px(layout.MIN_HOUR))
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
        return self.rows_area().top() + number * theme.px(layout.ROW) - self.verticalScrollBar().value()

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
            return QRectF(names + left, self.row_top(laid.row_of[held.worker_id]), width, theme.px(layout.ROW))
        if spot in laid.lane_of and self._board is not None:
            left, width = laid.chip(self._board.visit_by_id[spot.visit])
            return QRectF(names + left, self.lane_top(laid.lane_of[spot]), width, theme.px(layout.LANE))
        return QRectF()

    def spot_at(self, at: QPointF) -> Spot | None:
        """What stands under a point of the viewport."""
        laid = self._laid
        if laid is None or at.x() < theme.px(layout.NAMES):
            return None
        if self.lanes_area().contains(at):
            near = [s for lane in laid.lanes for s, _ in lane]
        elif self.rows_area().contains(at):
            worker = laid.worker_at(at.y() - self.row_top(0))
            near = [Spot(v.id, a.slot) for v, a in laid.board.row_of[worker.id]] if worker else []
        else:
            return None
        return next((s for s in near if self.box_of(s).contains(at)), None)

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
        height = theme.px(layout.ROW)
        self._into_sight(self.verticalScrollBar(), number * height, height, self.rows_area().height())

    @staticmethod
    def _into_sight(bar: QScrollBar, begin: float, length: float, seen: float) -> None:
        if begin < bar.value():
            bar.setValue(int(begin))
        elif begin + length > bar.value() + seen:
            bar.setValue(round(begin + length - seen))
