"""Demand against capacity, hour by hour (B4): what a lead looks at before the day starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coordination.clock import at_local
from coordination.deployment.model import DAY_ENDS, DAY_STARTS, Board
from coordination.deployment.suggest import free_time
from coordination.values import Window

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class HourLoad:
    """Minutes of work in one hour: ``placed`` with a worker, ``unplaced`` without, ``capacity`` of those at work."""

    start: datetime
    placed: int
    unplaced: int
    capacity: int

    @property
    def demand(self) -> int:
        return self.placed + self.unplaced

    @property
    def is_short(self) -> bool:
        return self.demand > self.capacity


def balance(board: Board) -> tuple[HourLoad, ...]:
    """One record an hour, 07:00 to 22:00 (B1). What is unplaced counts from the start of its window."""
    first, last = at_local(board.day, DAY_STARTS), at_local(board.day, DAY_ENDS)
    at_work = [w for worker in board.workers for w in free_time(worker.at_work, (a.window for a in worker.away))]
    placed = [a.window for v in board.visits if v.state not in ("cancelled", "moved") for a in v.allocations]
    placed += [stay.window for stay in board.elsewhere]
    open_ = [Window.of(v.arrive.start, v.minutes) for v in board.unplaced for _ in v.free_slots]
    hours = [Window(first + n * _HOUR, first + (n + 1) * _HOUR) for n in range(int((last - first) / _HOUR))]
    return tuple(HourLoad(h.start, _within(h, placed), _within(h, open_), _within(h, at_work)) for h in hours)


def _within(hour: Window, windows: Iterable[Window]) -> int:
    """Minutes of ``windows`` inside ``hour``, counted once for each worker."""
    seconds = sum(
        (min(w.end, hour.end) - max(w.start, hour.start)).total_seconds() for w in windows if w.overlaps(hour)
    )
    return int(seconds // 60)
