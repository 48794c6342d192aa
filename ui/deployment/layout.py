"""Where things are on a deployment board: pure geometry, in pixels of the board's own plane. No widgets.

The plane has four parts: at the left the workers' names, on top the hours with demand against capacity, beneath them
the visits that nobody has (in as many lanes as they need), then one row a worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from coordination.clock import at_local
from coordination.deployment.model import DAY_ENDS, DAY_STARTS, Allocation, Board, Visit, Worker
from coordination.values import VisitId, Window, WorkerId

# at 100 %
NAMES, STRIP, AXIS, ROW, CLOSE_ROW, LANE, CHIP = 204, 38, 24, 46, 27, 40, 164
MIN_HOUR = 38  # pixels; below that the board scrolls sideways
_FIVE = timedelta(minutes=5)


@dataclass(frozen=True)
class Spot:
    """A place on the board that can be chosen: one visit in one slot, placed or not."""

    visit: VisitId
    slot: int


@dataclass(frozen=True, slots=True)
class Link:
    """Two places that belong together; ``first`` and ``last`` are the rows that they stand in."""

    one: Spot
    other: Spot
    double: bool
    first: int
    last: int


@dataclass(frozen=True)
class Layout:
    """A board laid out over ``hours`` (first, last; on the centre's wall clock) in ``width`` pixels of time.

    ``px`` scales a length of the design to the text size in force. ``shown``: the workers to show, in their order;
    None is all. ``row`` is the height of a row at 100 %."""

    board: Board
    hours: tuple[int, int]
    width: float
    px: Callable[[float], int]
    shown: tuple[Worker, ...] | None = None
    row: float = ROW

    @cached_property
    def start(self) -> datetime:
        return at_local(self.board.day, self.hours[0])

    @cached_property
    def end(self) -> datetime:
        return at_local(self.board.day, self.hours[1])

    @cached_property
    def _per_second(self) -> float:
        return self.width / (self.end - self.start).total_seconds()

    def x(self, moment: datetime) -> float:
        """Pixels from the beginning of the hours; negative or past the width when outside of them."""
        return (moment - self.start).total_seconds() * self._per_second

    def moment(self, x: float) -> datetime:
        """The other way round, to whole five minutes."""
        five = round(x / self._per_second / _FIVE.total_seconds())
        return self.start + five * _FIVE

    def across(self, window: Window) -> tuple[float, float]:
        """Left and width."""
        left = self.x(window.start)
        return left, self.x(window.end) - left

    @cached_property
    def hour_marks(self) -> list[tuple[float, int]]:
        """Where each full hour stands, and which it is."""
        first, last = self.hours
        return [(self.x(at_local(self.board.day, h)), h % 24) for h in range(first, last + 1)]

    # what nobody has

    @cached_property
    def lanes(self) -> tuple[tuple[tuple[Spot, Visit], ...], ...]:
        """Each visit that needs a worker, by its first open slot, in the first lane where its chip fits beside the
        others. All stand in the hours shown, at their edge if need be: what is not placed must not be out of sight."""
        lanes: list[list[tuple[Spot, Visit]]] = []
        ends: list[float] = []
        for visit in self.board.unplaced:
            left, width = self.chip(visit)
            number = next((n for n, end in enumerate(ends) if end <= left), len(ends))
            if number == len(ends):
                lanes.append([])
                ends.append(0)
            lanes[number].append((Spot(visit.id, visit.free_slots[0]), visit))
            ends[number] = left + width + self.px(4)
        return tuple(tuple(lane) for lane in lanes)

    def chip(self, visit: Visit) -> tuple[float, float]:
        """Left and width of an unplaced visit: from the beginning of its window, wide enough to be read."""
        begins = visit.starts or visit.arrive.start
        width = max(self.x(begins + timedelta(minutes=visit.minutes)) - self.x(begins), self.px(CHIP))
        return min(max(0.0, self.x(begins)), max(0.0, self.width - width)), width

    @cached_property
    def lane_of(self) -> dict[Spot, int]:
        return {spot: n for n, lane in enumerate(self.lanes) for spot, _ in lane}

    @property
    def lanes_height(self) -> int:
        return max(1, len(self.lanes)) * self.px(LANE) + self.px(8)

    # who goes where

    @cached_property
    def workers(self) -> tuple[Worker, ...]:
        return self.board.workers if self.shown is None else self.shown

    @cached_property
    def row_height(self) -> int:
        return self.px(self.row)

    @cached_property
    def row_of(self) -> dict[WorkerId, int]:
        return {w.id: n for n, w in enumerate(self.workers)}

    @property
    def rows_height(self) -> int:
        return len(self.workers) * self.row_height

    def worker_at(self, y: float) -> Worker | None:
        """By pixels from the top of the first row."""
        number = int(y // self.row_height)
        return self.workers[number] if 0 <= number < len(self.workers) else None

    def beyond(self, worker: Worker) -> tuple[int, int]:
        """How many visits of a worker the hours leave out: before them, after them."""
        row = [held.window for _, held in self.board.row_of[worker.id]]
        return sum(w.end <= self.start for w in row), sum(w.start >= self.end for w in row)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """What belongs together on two rows, or in one: the halves of a double-up, and two visits a stated gap
        apart."""
        found = []
        for visit in self.board.visits:
            if not visit.pairs and len(visit.allocations) < 2:
                continue
            spots = [s for a in visit.allocations if (s := Spot(visit.id, a.slot)) in self.placed]
            if len(spots) == 2:
                found.append(self._link(spots[0], spots[1], True))
            for pair in visit.pairs:
                other = self.board.visit_by_id.get(pair.other)
                if not pair.other_first and other is not None and spots and other.allocations:
                    there = Spot(other.id, other.allocations[0].slot)
                    if there in self.placed:
                        found.append(self._link(spots[0], there, False))
        return tuple(found)

    def _link(self, one: Spot, other: Spot, double: bool) -> Link:
        rows = sorted(self.row_of[self.placed[spot][1].worker_id] for spot in (one, other))
        return Link(one, other, double, rows[0], rows[1])

    @cached_property
    def placed(self) -> dict[Spot, tuple[Visit, Allocation]]:
        """Every allocation, in order of row and time."""
        pairs = ((visit, held) for w in self.workers for visit, held in self.board.row_of[w.id])
        return {Spot(visit.id, held.slot): (visit, held) for visit, held in pairs}

    def moment_of(self, spot: Spot) -> datetime | None:
        """When it happens, or should."""
        if spot in self.placed:
            return self.placed[spot][1].window.start
        visit = self.board.visit_by_id.get(spot.visit)
        return (visit.starts or visit.arrive.start) if visit else None

    def has(self, spot: Spot | None) -> bool:
        return spot is not None and (spot in self.placed or spot in self.lane_of)

    # going about with the arrow keys

    def beside(self, spot: Spot, step: int) -> Spot | None:
        """The one before (-1) or after (+1) in the same row or lane."""
        line = self.line(spot)
        at = line.index(spot) + step
        return line[at] if 0 <= at < len(line) else None

    def across_to(self, spot: Spot, step: int) -> Spot | None:
        """The nearest in time in the next row up (-1) or down (+1) that has any; lanes stand above the rows."""
        lines = self._lines
        number = self._line_of[spot]
        wanted = self.moment_of(spot) or self.start
        number += step
        while 0 <= number < len(lines):
            if lines[number]:
                return min(lines[number], key=lambda s: abs((self.moment_of(s) or self.start) - wanted))
            number += step
        return None

    @property
    def first(self) -> Spot | None:
        """Where to begin: what nobody has, else the first visit of the first worker."""
        return next((line[0] for line in self._lines if line), None)

    def line(self, spot: Spot) -> list[Spot]:
        """Everything in the same row or lane, in order of time."""
        return self._lines[self._line_of[spot]]

    @cached_property
    def _line_of(self) -> dict[Spot, int]:
        return {spot: number for number, line in enumerate(self._lines) for spot in line}

    @cached_property
    def _lines(self) -> list[list[Spot]]:
        lanes = [[spot for spot, _ in lane] for lane in self.lanes]
        rows = [[Spot(v.id, a.slot) for v, a in self.board.row_of[w.id]] for w in self.workers]
        return lanes + rows


def whole_day(board: Board) -> tuple[int, int]:
    """07:00 to 22:00 (B1), or as long as anything on the board lasts."""
    first, last = at_local(board.day, DAY_STARTS), at_local(board.day, DAY_ENDS)
    moments = [m for v in board.visits for a in v.allocations for m in (a.window.start, a.window.end)]
    moments += [v.arrive.start for v in board.visits]
    early = min([first, *moments])
    late = max([last, *moments])
    before = -(-(first - early) // timedelta(hours=1))
    after = -(-(late - last) // timedelta(hours=1))
    return max(0, DAY_STARTS - before), min(30, DAY_ENDS + after)
