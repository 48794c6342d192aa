"""D3, by suggestion: when a worker could begin a visit, and who could take it, with a reason for every worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coordination.clock import at_local
from coordination.deployment.model import Board, Visit, Worker
from coordination.deployment.rules import bounds, obstacles, partner_of, slot_for, standing, warnings
from coordination.deployment.travel import kilometres, minutes_between
from coordination.errors import Obstacle, obstacle
from coordination.values import Window, WorkerId

STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Starts:
    """A stretch of moments at which a visit may begin, both ends in; they may be the same moment."""

    first: datetime
    last: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.first <= moment <= self.last


@dataclass(frozen=True, slots=True)
class Candidate:
    """One worker for one visit. Able: ``start`` is set, ``reasons`` say what speaks for them and ``warnings`` what
    against. Not able: ``start`` is None and ``obstacles`` say what is in the way at the time asked for."""

    worker: Worker
    start: datetime | None
    obstacles: tuple[Obstacle, ...]
    warnings: tuple[Obstacle, ...]
    reasons: tuple[Obstacle, ...]


def open_starts(
    board: Board, visit: Visit, worker: Worker, slot: int | None = None,
    kept: dict[WorkerId, tuple[Starts, ...]] | None = None,
) -> tuple[Starts, ...]:  # fmt: skip
    """All moments at which ``obstacles`` would be empty, in order. What lights up in a lane while dragging.

    ``kept``: an empty dict at first, given again for the next worker of the same visit on the same board: what is
    found of the other half of a double-up is found once."""
    slot = slot or slot_for(visit, worker.id)
    if slot is None or slot > visit.workers_needed or visit.is_over:
        return ()
    held, own = visit.at_slot(slot), visit.of_worker(worker.id)
    if own is not None and own.slot != slot:
        return ()
    if held is not None and held.pinned:
        fixed = held.window.start
        return (Starts(fixed, fixed),) if not obstacles(board, visit, worker, fixed, slot) else ()
    stretches = _alone(board, visit, worker)
    partner = partner_of(visit, slot)
    if partner is None:
        return stretches
    together = partner.window.start
    with_partner = [Starts(together, together)] if any(together in s for s in stretches) else []
    other = board.worker_by_id.get(partner.worker_id)
    if partner.pinned or other is None:
        return tuple(with_partner)
    kept = {} if kept is None else kept
    if other.id not in kept:
        kept[other.id] = _alone(board, visit, other)
    return _merged([*_common(stretches, kept[other.id]), *with_partner])


def best_start(
    board: Board, visit: Visit, worker: Worker, slot: int | None = None, not_before: datetime | None = None
) -> datetime | None:
    """Where to put it: with its partner if it has one; else the earliest start in the window, leaving time for the
    way if the window has such a start; else the nearest to the window. On whole five minutes where the stretch holds
    one. None when the worker cannot take it at all."""
    slot = slot or slot_for(visit, worker.id)
    stretches = _from(open_starts(board, visit, worker, slot), not_before)
    partner = partner_of(visit, slot)
    if partner is not None and any(partner.window.start in s for s in stretches):
        return partner.window.start
    unhurried = [_nearest(s, visit.arrive) for s in with_ways(board, visit, worker, stretches)]
    nearest = [at for at in unhurried if not _distance(at, visit.arrive)]
    nearest = nearest or [_nearest(s, visit.arrive) for s in stretches]
    return min(nearest, key=lambda at: (_distance(at, visit.arrive), at), default=None)


def with_ways(board: Board, visit: Visit, worker: Worker, stretches: Iterable[Starts]) -> Iterable[Starts]:
    """The stretches without what the ways from the visit before and to the one after take."""
    row = [(v.person.place, a.window) for v, a in board.row_of.get(worker.id, ()) if v.id != visit.id]
    length = timedelta(minutes=visit.minutes)
    for stretch in stretches:
        first, last = stretch.first, stretch.last
        before = max((p for p in row if p[1].end <= first), key=lambda p: p[1].end, default=None)
        after = min((p for p in row if p[1].start >= last + length), key=lambda p: p[1].start, default=None)
        if before is not None:
            way = minutes_between(before[0], visit.person.place, worker.travel)
            first = max(first, before[1].end + timedelta(minutes=way))
        if after is not None:
            way = minutes_between(visit.person.place, after[0], worker.travel)
            last = min(last, after[1].start - length - timedelta(minutes=way))
        if first <= last:
            yield Starts(first, last)


def who_could_take(
    board: Board, visit: Visit, slot: int | None = None, not_before: datetime | None = None
) -> tuple[Candidate, ...]:
    """Every worker of the board, the best first, those who can't last and the nearest of them first."""
    found = [_candidate(board, visit, worker, slot, not_before) for worker in board.workers]
    return tuple(sorted(found, key=lambda c: _rank(board, visit, c)))


def _candidate(board: Board, visit: Visit, worker: Worker, slot: int | None, not_before: datetime | None) -> Candidate:
    start = best_start(board, visit, worker, slot, not_before)
    if start is not None:
        return Candidate(worker, start, (), warnings(board, visit, worker, start), _speaks_for(board, visit, worker))
    partner = partner_of(visit, slot or slot_for(visit, worker.id))
    asked = partner.window.start if partner else visit.arrive.start
    found = obstacles(board, visit, worker, asked, slot)
    return Candidate(worker, None, found or (_no_gap(visit, worker),), (), ())


def _no_gap(visit: Visit, worker: Worker) -> Obstacle:
    """Free at the time asked for, but only in the past."""
    return obstacle("no_time_left", worker=worker.name, person=visit.person.listed)


def _speaks_for(board: Board, visit: Visit, worker: Worker) -> tuple[Obstacle, ...]:
    reasons = []
    if worker.id in visit.known_to or visit.person.id in worker.knows:
        reasons.append(obstacle("knows_person", worker=worker.name, person=visit.person.listed))
    way = _way(board, visit, worker)
    if way is not None:
        reasons.append(obstacle("near", kilometres=way))
    reasons.append(obstacle("load", minutes=load(board, worker), capacity=capacity(worker)))
    return tuple(reasons)


def load(board: Board, worker: Worker) -> int:
    """Minutes of visits that the worker has this day."""
    here = sum(visit.minutes for visit, _ in board.row_of.get(worker.id, ()))
    return here + sum(stay.window.minutes for stay in board.elsewhere_of.get(worker.id, ()))


def capacity(worker: Worker) -> int:
    """Minutes at work this day, less leave and sickness."""
    return sum(s.minutes for s in free_time(worker.at_work, (a.window for a in worker.away)))


def free_time(of: Iterable[Window], without: Iterable[Window]) -> list[Window]:
    """``of`` less ``without``, in order."""
    gone = sorted(without, key=lambda w: w.start)
    left: list[Window] = []
    for window in sorted(of, key=lambda w: w.start):
        at = window.start
        for taken in gone:
            if taken.start >= window.end:
                break
            if taken.start > at:
                left.append(Window(at, taken.start))
            at = max(at, taken.end)
        if at < window.end:
            left.append(Window(at, window.end))
    return left


def _way(board: Board, visit: Visit, worker: Worker) -> float | None:
    """Kilometres from the nearest other place where the worker is that day, or from home on an empty day; None when
    neither is known."""
    if visit.person.place is None:
        return None
    places = [v.person.place for v, _ in board.row_of.get(worker.id, ()) if v.id != visit.id and v.person.place]
    begins = [worker.place] if worker.place else []
    return min((round(kilometres(place, visit.person.place), 1) for place in places or begins), default=None)


def _alone(board: Board, visit: Visit, worker: Worker) -> tuple[Starts, ...]:
    """When the worker could begin, were there no partner and no pin."""
    if next(standing(board, visit, worker), None) is not None:
        return ()
    length = timedelta(minutes=visit.minutes)
    away = [shift.window for shift in worker.away]
    here = (held.window for other, held in board.row_of.get(worker.id, ()) if other.id != visit.id)
    there = (stay.window for stay in board.elsewhere_of.get(worker.id, ()) if stay.visit_id != visit.id)
    taken = [*away, *here, *there]
    sooner, later = _between_gaps(board, visit)
    found = []
    for work in worker.at_work:
        for gap in free_time([work], taken):
            last = min(gap.end - length, later)
            first = max(gap.start, sooner)
            if first <= last:
                found.append(Starts(first, last))
    return _merged(found)


def _day_start(visit: Visit) -> datetime:
    return at_local(visit.day, 0)


def _day_end(visit: Visit) -> datetime:
    return at_local(visit.day, 24) - timedelta(microseconds=1)


def _between_gaps(board: Board, visit: Visit) -> tuple[datetime, datetime]:
    """What the day, and the gaps to visits that are placed already, leave to begin in. The first may be past
    the last."""
    found = list(bounds(board, visit))
    first = max([_day_start(visit), *(b.first for b in found if b.first is not None)])
    last = min([_day_end(visit), *(b.last for b in found if b.last is not None)])
    return first, last


def _common(ones: Iterable[Starts], others: Iterable[Starts]) -> list[Starts]:
    second = list(others)
    pairs = ((max(a.first, b.first), min(a.last, b.last)) for a in ones for b in second)
    return [Starts(first, last) for first, last in pairs if first <= last]


def _merged(stretches: Iterable[Starts]) -> tuple[Starts, ...]:
    merged: list[Starts] = []
    for stretch in sorted(stretches, key=lambda s: (s.first, s.last)):
        if merged and stretch.first <= merged[-1].last:
            merged[-1] = Starts(merged[-1].first, max(merged[-1].last, stretch.last))
        else:
            merged.append(stretch)
    return tuple(merged)


def _from(stretches: Iterable[Starts], not_before: datetime | None) -> list[Starts]:
    if not_before is None:
        return list(stretches)
    return [Starts(max(s.first, not_before), s.last) for s in stretches if s.last >= not_before]


def _nearest(stretch: Starts, window: Window) -> datetime:
    """The moment of the stretch that suits the window best, on whole five minutes if one is in reach."""
    wanted = min(max(window.start, stretch.first), stretch.last)
    up = wanted + (datetime.min.replace(tzinfo=wanted.tzinfo) - wanted) % STEP
    if up in stretch and (up <= window.end or wanted > window.end):
        return up
    down = up - STEP
    return down if down in stretch and down >= window.start else wanted


def _distance(moment: datetime, window: Window) -> timedelta:
    """How far out of the window; nothing inside."""
    return max(window.start - moment, moment - window.end, timedelta(0))


def _rank(board: Board, visit: Visit, found: Candidate) -> tuple[object, ...]:
    name = found.worker.name
    if found.start is None:
        return (1, min(_HOW_FAR.get(o.code, 5) for o in found.obstacles) + len(found.obstacles), 0, 0.0, 0, name)
    late = int(_distance(found.start, visit.arrive).total_seconds())
    knows = all(reason.code != "knows_person" for reason in found.reasons)
    tight = any(w.code == "travel_short" for w in found.warnings)
    way = minutes_between(found.worker.place, visit.person.place, found.worker.travel)
    near = next((o.fact("kilometres") for o in found.reasons if o.code == "near"), way / 4)
    return (0, late, tight, knows, round(float(near) / 2), load(board, found.worker), name)


_HOW_FAR = {
    "busy": 0,
    "partner_pinned": 1,
    "gap_short": 1,
    "gap_long": 1,
    "off_shift": 1,
    "contact_limit": 2,
    "gender_asked": 3,
    "lacks_skill": 3,
    "away": 4,
    "not_working": 4,
    "may_not_visit": 9,
}
