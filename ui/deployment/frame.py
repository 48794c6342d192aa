"""The frame of a deployment board: what it shows, what is chosen, what stands out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent

from coordination.deployment.balance import HourLoad
from coordination.deployment.board_warnings import BoardWarning
from coordination.deployment.model import Visit
from coordination.values import VisitId, WorkerId
from ui.deployment import words
from ui.deployment.drag import Drag
from ui.deployment.flash import Flash
from ui.deployment.geometry import BoardGeometry
from ui.deployment.layout import Spot
from ui.deployment.outlook import Outlook
from ui.deployment.proposed import Proposed
from ui.row_cache import RowCache

_NAME = "Visits by worker and time"


class BoardFrame(BoardGeometry):
    """Shows an :class:`Outlook`; ``spot`` is what is chosen, ``marked`` what is chosen with it, ``drag`` what is on its
    way, ``others`` who has a visit in front of them at another desk."""

    spot_changed = Signal()
    proposed_changed = Signal()
    """it is shown as a plan would have it, or as it stands again"""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_NAME)
        self.viewport().setMouseTracking(True)
        self.drag: Drag | None = None
        self.preview: tuple[Visit, WorkerId, datetime] | None = None
        self.proposed: Proposed | None = None
        self.now: datetime | None = None
        self.may_drag = True
        self.standing_out: frozenset[Spot] | None = None
        self.marked: frozenset[Spot] = frozenset()
        self.others: dict[VisitId, str] = {}
        self.changed: dict[VisitId, str] = {}
        self.cache = RowCache()
        self.flash = Flash(self, self._flash_moved)
        self._waiting: Outlook | None = None
        self._outlook: Outlook | None = None
        self._spot: Spot | None = None

    # ------------------------------------------------------------------ what is shown

    @property
    def outlook(self) -> Outlook | None:
        return self._outlook

    @property
    def newest(self) -> Outlook | None:
        """The board as it stands: what is shown, or waits until a visit that is on its way has been put down, or until
        a plan that is looked at is left."""
        return self._waiting or self._outlook

    def show_board(self, outlook: Outlook | None) -> None:
        """Show a board. What is chosen and where it is scrolled to stay. A visit on its way is not disturbed, nor a
        plan that is looked at: the newer board waits until it has been put down, or left."""
        if self.proposed is not None and not _same_day(outlook, self.proposed.outlook):
            self._waiting, self.proposed = None, None
            self.proposed_changed.emit()
        if self.drag is not None or self.proposed is not None:
            self._waiting = outlook
            return
        self._put(outlook)

    def show_proposed(self, proposed: Proposed | None) -> None:
        """The whole board as a plan would have it; None: as it stands. Nothing can be changed on it meanwhile."""
        if proposed is None and self.proposed is None:
            return
        stands, self._waiting = self.newest, None
        self.proposed = proposed
        self.preview = None
        if proposed is not None:
            self._waiting = stands
            self._put(proposed.outlook)
            self.setAccessibleName("Visits by worker and time, as proposed: nothing is saved")
        else:
            self._put(stands)
            self.setAccessibleName(_NAME)
        self.proposed_changed.emit()

    def _put(self, outlook: Outlook | None) -> None:
        self._outlook = outlook
        self._board = outlook.board if outlook else None
        self._laid_out_anew()
        if self._spot is not None and (self._laid is None or not self._laid.has(self._spot)):
            self._spot = self._successor(self._spot)
        laid = self._laid
        self.marked = frozenset(s for s in self.marked if laid is not None and laid.has(s))
        self.spot_changed.emit()

    def _successor(self, gone: Spot) -> Spot | None:
        """The same visit elsewhere: it was placed, or taken back, and its slots are named anew."""
        if self._laid is None:
            return None
        same = [s for s in (*self._laid.placed, *self._laid.lane_of) if s.visit == gone.visit]
        return min(same, key=lambda s: abs(s.slot - gone.slot), default=None)

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

    def show_others(self, others: dict[VisitId, str]) -> None:
        """Initials of those who have a visit in front of them at another desk."""
        if others != self.others:
            self.others = others
            self.viewport().update()

    def flash_workers(self, workers: Iterable[WorkerId]) -> None:
        """Somebody else has changed these rows: they light up, gently, and fade."""
        self.flash.begin(workers)

    def _flash_moved(self) -> None:
        laid, area = self._laid, self.rows_area()
        for worker in self.flash.strengths:
            number = laid.row_of.get(worker) if laid is not None else None
            if laid is not None and number is not None:
                row = QRectF(0, self.row_top(number), area.width(), laid.row_height) & area
                self.viewport().update(row.toAlignedRect())

    @property
    def balance(self) -> tuple[HourLoad, ...]:
        """Demand against capacity, hour by hour."""
        return self._outlook.balance if self._outlook else ()

    # ------------------------------------------------------------------ what is chosen

    @property
    def spot(self) -> Spot | None:
        return self._spot

    @property
    def visit(self) -> Visit | None:
        """The visit that is chosen, as the board knows it."""
        return self._board.visit_by_id.get(self._spot.visit) if self._board and self._spot else None

    @property
    def selected(self) -> tuple[Spot, ...]:
        """All that is chosen, in order of time: several, or the one."""
        if self.marked:
            return tuple(sorted(self.marked, key=self._in_time))
        return (self._spot,) if self._spot is not None else ()

    def choose(self, spot: Spot | None, *, reveal: bool = True, keep: bool = False) -> None:
        """Choose a visit, and nothing else unless what is marked is to be kept; it scrolls into sight."""
        marked = self.marked if keep else frozenset()
        changed = spot != self._spot or marked != self.marked
        self._spot, self.marked = spot, marked
        if spot is not None and reveal:
            self._reveal(spot)
        self.viewport().update()
        if changed:
            self._tell(spot)
            self.spot_changed.emit()

    def mark(self, spots: Iterable[Spot], *, also: bool = True) -> None:
        """Choose several: these besides the others (``also``), or instead of them."""
        before = self.marked or frozenset((self._spot,) if self._spot is not None else ())
        self.marked = frozenset(spots) | (before if also else frozenset())
        self.viewport().update()
        self.spot_changed.emit()

    def toggle_mark(self, spot: Spot) -> None:
        """Choose this one too, or no longer."""
        before = self.marked or frozenset((self._spot,) if self._spot not in (None, spot) else ())
        self.marked = before ^ {spot}  # type: ignore[operator]
        self._spot = spot
        self._reveal(spot)
        self.viewport().update()
        self._tell(spot)
        self.spot_changed.emit()

    def mark_between(self, spot: Spot) -> None:
        """Everything of one row from what is chosen to here; across rows, both."""
        laid, here = self._laid, self._spot
        if laid is None or here is None or not laid.has(here):
            self.choose(spot)
            return
        line = laid.line(here)
        if spot in line:
            first, last = sorted((line.index(here), line.index(spot)))
            self.mark(line[first : last + 1])
        else:
            self.mark([here, spot])

    def mark_row(self) -> None:
        """Everything in the row or lane of what is chosen."""
        if self._laid is not None and self._spot is not None and self._laid.has(self._spot):
            self.mark(self._laid.line(self._spot), also=False)

    def _tell(self, spot: Spot | None) -> None:
        """Let a screen reader say what is chosen."""
        if self._board is not None and self.visit is not None and spot is not None:
            said = words.about(self._board, self.visit).replace("\n", ". ")
            warned = " ".join(words.full(w.found) for w in self.warnings_at(spot))
            several = f"{words.visits(len(self.marked))} chosen. " if len(self.marked) > 1 else ""
            since = self.changed.get(self.visit.id, "")
            if self.proposed is not None:
                since = f"As proposed, {self.proposed.said(self.visit.id) or 'as it stands'}."
            self.setAccessibleDescription(f"{several}{said} {warned} {since}".strip())
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # ------------------------------------------------------------------ what stands out

    def warnings_at(self, spot: Spot) -> tuple[BoardWarning, ...]:
        """What wants an eye there, the gravest first."""
        return self._outlook.by_spot.get(spot, ()) if self._outlook is not None else ()

    def warnings_of(self, visit: VisitId) -> tuple[BoardWarning, ...]:
        """The same of a visit, wherever it stands."""
        found = self._outlook.by_spot.items() if self._outlook is not None else ()
        return tuple(w for spot, warned in found if spot.visit == visit for w in warned)

    def show_warned(self, spots: frozenset[Spot] | None) -> None:
        """Only these stand out, the others step back; None: all alike."""
        if spots != self.standing_out:
            self.standing_out = spots
            self.viewport().update()

    def show_changed(self, changed: dict[VisitId, str]) -> None:
        """Visits that are not as they were published, and what is different about them, in words."""
        if changed != self.changed:
            self.changed = changed
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
        if step > 0:
            return next((s for s in order if self._in_time(s) >= here), order[0])
        return next((s for s in reversed(order) if self._in_time(s) < here), order[-1])

    def _in_time(self, spot: Spot) -> tuple[float, int]:
        moment = self._laid.moment_of(spot) if self._laid else None
        return (moment.timestamp() if moment else 0.0, spot.slot)


def _same_day(one: Outlook | None, other: Outlook) -> bool:
    return one is not None and (one.board.team.id, one.board.day) == (other.board.team.id, other.board.day)
