"""A visit on its way over the board: where it may go, and why not elsewhere. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from coordination.deployment import rules
from coordination.deployment.model import Board, Visit, Worker
from coordination.deployment.suggest import Starts, open_starts
from coordination.errors import Obstacle
from coordination.values import WorkerId
from ui.deployment.layout import Spot

_NEAR = timedelta(minutes=8)  # an open place this near draws the visit to it


@dataclass
class Drag:
    """``grabbed`` is how far into the visit the pointer holds it. ``over`` and ``start`` follow the pointer."""

    board: Board
    visit: Visit
    spot: Spot
    grabbed: timedelta
    open: dict[WorkerId, tuple[Starts, ...]] = field(default_factory=dict)
    over: Worker | None = None
    start: datetime | None = None
    to_unplaced: bool = False
    _closed: dict[WorkerId, tuple[Obstacle, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept: dict[WorkerId, tuple[Starts, ...]] = {}
        for worker in self.board.workers:
            self.open[worker.id] = open_starts(self.board, self.visit, worker, self.slot_for(worker), kept)

    @property
    def placed(self) -> bool:
        """Whether it comes from a worker, not from those that nobody has."""
        return self.visit.at_slot(self.spot.slot) is not None

    def slot_for(self, worker: Worker) -> int:
        """The slot it would fill there; a worker who has the other half can only move that one in time."""
        own = self.visit.of_worker(worker.id)
        return own.slot if own is not None and not self.placed else self.spot.slot

    def move(self, over: Worker | None, pointer: datetime) -> None:
        """The pointer is over a worker's row at a moment. The visit snaps to an open start that is near."""
        self.over, self.to_unplaced = over, False
        wanted = pointer - self.grabbed
        five = timedelta(minutes=5)
        midnight = wanted.replace(hour=0, minute=0, second=0, microsecond=0)
        wanted = midnight + round((wanted - midnight) / five) * five
        self.start = self._drawn(over, wanted) if over is not None else wanted

    def _drawn(self, over: Worker, wanted: datetime) -> datetime:
        edges = [edge for s in self.open[over.id] for edge in (s.first, s.last)]
        if any(wanted in s for s in self.open[over.id]):
            return wanted
        near = min(edges, key=lambda e: abs(e - wanted), default=wanted)
        return near if abs(near - wanted) <= _NEAR else wanted

    @property
    def is_open(self) -> bool:
        """Whether it may be dropped where it is."""
        if self.to_unplaced:
            return self.placed
        return self.over is not None and any(self.start in s for s in self.open[self.over.id] if self.start)

    @property
    def in_the_way(self) -> tuple[Obstacle, ...]:
        """Why it may not be dropped where it is."""
        if self.over is None or self.start is None:
            return ()
        return rules.obstacles(self.board, self.visit, self.over, self.start, self.slot_for(self.over))

    @property
    def to_think_of(self) -> tuple[Obstacle, ...]:
        """What would be worth thinking about where it is."""
        if self.over is None or self.start is None:
            return ()
        return rules.warnings(self.board, self.visit, self.over, self.start)

    def why_not(self, worker: Worker) -> tuple[Obstacle, ...]:
        """For a lane with no open place: what is in the way at the time that the visit asks for."""
        if worker.id not in self._closed:
            self._closed[worker.id] = self._find_why_not(worker)
        return self._closed[worker.id]

    def _find_why_not(self, worker: Worker) -> tuple[Obstacle, ...]:
        if self.open[worker.id]:
            return ()
        partner = rules.partner_of(self.visit, self.spot.slot)
        asked = partner.window.start if partner else self.visit.arrive.start
        return rules.obstacles(self.board, self.visit, worker, asked, self.slot_for(worker))
