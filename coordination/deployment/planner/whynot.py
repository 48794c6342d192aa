"""Why a visit is not placed (D3): every worker in order of how near they come, what is in the way of each, and the
smallest change that would place it, ready to be applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from coordination.deployment import rules
from coordination.deployment.model import Allocation, Board, Shift, Visit, Worker
from coordination.deployment.planner.check import stands_still, what_holds, with_places
from coordination.deployment.planner.edit import Edit, Stretch
from coordination.deployment.planner.figures import LATEST, LATEST_CRITICAL
from coordination.deployment.suggest import Starts, open_starts, with_ways
from coordination.errors import Obstacle, obstacle
from coordination.values import AllocationId, VisitId, Window, WorkerId, new_id

LONGER = timedelta(minutes=60)  # how far a shift may be stretched to take one more visit
Kind = Literal["fits", "late", "early", "shift_other", "swap", "stretch"]
_FAR = {
    "busy": 200,
    "off_shift": 260,
    "contact_limit": 300,
    "gap_short": 350,
    "gap_long": 350,
    "lacks_skill": 400,
    "gender_asked": 400,
}
_NO_HELP = ("contact_limit", "lacks_skill", "gender_asked", "away", "not_working", "may_not_visit")
_FARTHEST = {"away": 500, "not_working": 500, "may_not_visit": 900}


@dataclass(frozen=True)
class Remedy:
    """A small change that places the visit. ``said`` is what it is, with its facts; ``minutes`` how much it moves."""

    kind: Kind
    minutes: int
    said: Obstacle
    edit: Edit


@dataclass(frozen=True)
class NearMiss:
    """One worker: what is ``in_the_way`` at the best time, and what would help, if anything would."""

    worker: Worker
    in_the_way: tuple[Obstacle, ...]
    remedy: Remedy | None
    distance: float


_About = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class _Place:
    """A start for the visit, and everything else that has to move for it."""

    kind: Kind
    minutes: int
    start: datetime
    cost: float
    others: dict[VisitId, tuple[Allocation, ...]]
    about: _About = ()
    stretch: Stretch | None = None


def why_not(board: Board, visit: Visit, not_before: datetime | None = None) -> tuple[NearMiss, ...]:
    """Every worker of the board who is not going already, the nearest first."""
    going = {a.worker_id for a in visit.allocations}
    found = [_near(board, visit, w, not_before) for w in board.workers if w.id not in going]
    return tuple(sorted(found, key=lambda n: (n.distance, n.worker.name)))


def _near(board: Board, visit: Visit, worker: Worker, not_before: datetime | None) -> NearMiss:
    in_the_way = _in_the_way(board, visit, worker)
    if any(o.code in _NO_HELP for o in in_the_way):
        return NearMiss(worker, in_the_way, None, _distance(in_the_way))
    for place in sorted(_places(board, visit, worker, not_before), key=lambda p: p.cost):
        remedy = _remedy(board, visit, worker, place, not_before)
        if remedy is not None:
            return NearMiss(worker, in_the_way, remedy, place.cost)
    return NearMiss(worker, in_the_way, None, _distance(in_the_way))


def _distance(in_the_way: Iterable[Obstacle]) -> float:
    far = [_FARTHEST.get(o.code, _FAR.get(o.code, 250)) for o in in_the_way]
    return float(max(far, default=250) + len(far))


def _in_the_way(board: Board, visit: Visit, worker: Worker) -> tuple[Obstacle, ...]:
    """At the moment of the window at which least is."""
    window = visit.arrive
    partner = next(iter(visit.allocations), None)
    moments = [partner.window.start] if partner else [window.start, window.start + (window.end - window.start) / 2]
    moments += [] if partner else [window.end]
    slot = next(iter(visit.free_slots), None)
    found = [rules.obstacles(board, visit, worker, at, slot) for at in moments]
    return min(found, key=len)


# ---------------------------------------------------------------- places that something small would open


def _places(board: Board, visit: Visit, worker: Worker, not_before: datetime | None) -> Iterator[_Place]:
    small = _own(board, visit, worker)
    direct = _from(_starts(small, visit, worker), not_before)
    yield from _in_or_near(visit, direct)
    if any(s.first <= visit.arrive.end and s.last >= visit.arrive.start for s in direct):
        return
    for other, held in small.row_of.get(worker.id, ()):
        if other.id == visit.id or other.workers_needed > 1 or stands_still(other, not_before):
            continue
        yield from _without(board, small, visit, worker, other, held, not_before)
    yield from _stretched(small, visit, worker, not_before)


def _own(board: Board, visit: Visit, worker: Worker) -> Board:
    """The worker's day, the visit, and whatever is a gap apart from any of them: all that the rules look at."""
    row = {v.id for v, _ in board.row_of.get(worker.id, ())} | {visit.id}
    row |= {p.other for v in row for p in board.visit_by_id[v].pairs}
    visits = tuple(v for v in board.visits if v.id in row)
    partners = {a.worker_id for v in visits for a in v.allocations} | {worker.id}
    return replace(
        board,
        workers=tuple(w for w in board.workers if w.id in partners),
        visits=visits,
        elsewhere=tuple(e for e in board.elsewhere if e.worker_id in partners),
    )


def _starts(board: Board, visit: Visit, worker: Worker) -> list[Starts]:
    slot = next(iter(visit.free_slots), None)
    return list(with_ways(board, visit, worker, open_starts(board, visit, worker, slot)))


def _from(stretches: Iterable[Starts], not_before: datetime | None) -> list[Starts]:
    if not_before is None:
        return list(stretches)
    return [Starts(max(s.first, not_before), s.last) for s in stretches if s.last >= not_before]


def _nearest(stretches: Iterable[Starts], wanted: Window) -> datetime | None:
    """The moment nearest to ``wanted``, inside it if there is one."""
    moments = [min(max(wanted.start, s.first), s.last) for s in stretches]
    return min(moments, key=lambda at: (_off(at, wanted), at), default=None)


def _start(stretches: Iterable[Starts], visit: Visit) -> datetime | None:
    """With whoever goes already, if that is inside the window; else nearest to the window, and they move along."""
    stretches = list(stretches)
    together = next((a.window.start for a in visit.allocations), None)
    if together is not None and not _off(together, visit.arrive) and any(together in s for s in stretches):
        return together
    return _nearest(stretches, visit.arrive)


def _off(at: datetime, window: Window) -> int:
    off = max(window.start - at, at - window.end, timedelta(0))
    return -(-int(off.total_seconds()) // 60)


def _in_or_near(visit: Visit, direct: list[Starts]) -> Iterator[_Place]:
    start = _start(direct, visit)
    if start is None:
        return
    off = _off(start, visit.arrive)
    if not off:
        yield _Place("fits", 0, start, 0.0, {})
    elif off <= (LATEST_CRITICAL if visit.time_critical else LATEST):
        price = 3.0 if visit.time_critical else 1.0
        yield _Place("late" if start > visit.arrive.end else "early", off, start, off * price, {})


def _without(
    board: Board,
    small: Board,
    visit: Visit,
    worker: Worker,
    other: Visit,
    held: Allocation,
    not_before: datetime | None,
) -> Iterator[_Place]:
    """Were ``other`` not where it is: shifted a little for the same worker, or given to somebody else."""
    freed = with_places(small, {other.id: ()})
    start = _start(_from(_starts(freed, visit, worker), not_before), visit)
    if start is None or _off(start, visit.arrive):
        return
    mine = Allocation(AllocationId(new_id()), worker.id, next(iter(visit.free_slots)), Window.of(start, visit.minutes))
    taken = with_places(freed, {visit.id: (*visit.allocations, mine)})
    moved = _nearest_inside(taken, other, worker, held.window.start, not_before)
    if moved is not None:
        minutes = abs(int((moved - held.window.start).total_seconds() // 60))
        place = (replace(held, window=Window.of(moved, other.minutes)),)
        about: _About = (("person", other.person.listed), ("was", held.window.start), ("at", moved))
        yield _Place("shift_other", minutes, start, 5 + minutes / 2, {other.id: place}, about)
    for helper in board.workers:
        if helper.id == worker.id or not helper.at_work:
            continue
        theirs = _own(board, replace(other, allocations=()), helper)
        theirs = with_places(theirs, {other.id: ()})
        if any(held.window.start in s for s in _starts(theirs, theirs.visit_by_id[other.id], helper)):
            place = (replace(held, id=AllocationId(new_id()), worker_id=helper.id),)
            about = (("person", other.person.listed), ("helper", helper.name), ("at", held.window.start))
            yield _Place("swap", 0, start, 18.0, {other.id: place}, about)
            return


def _nearest_inside(
    board: Board, other: Visit, worker: Worker, was: datetime, not_before: datetime | None
) -> datetime | None:
    """Another start for ``other`` inside its own window, as near as can be to where it ``was``."""
    open_ = board.visit_by_id[other.id]
    found = []
    for stretch in _from(_starts(board, open_, worker), not_before):
        first, last = max(stretch.first, other.arrive.start), min(stretch.last, other.arrive.end)
        if first <= last:
            found.append(min(max(was, first), last))
    return min(found, key=lambda at: abs(at - was), default=None)


def _stretched(small: Board, visit: Visit, worker: Worker, not_before: datetime | None) -> Iterator[_Place]:
    """A shift that begins sooner or ends later, by an hour at most."""
    for work in worker.at_work:
        wide = Window(work.start - LONGER, work.end + LONGER)
        others = [s for s in worker.shifts if s != Shift("work", work)]
        if any(s.window.overlaps(wide) and s.kind == "work" for s in others):
            continue
        longer = replace(worker, shifts=tuple(sorted([*others, Shift("work", wide)], key=lambda s: s.window.start)))
        at = replace(small, workers=tuple(longer if w.id == worker.id else w for w in small.workers))
        start = _start(_from(_starts(at, visit, longer), not_before), visit)
        if start is None or _off(start, visit.arrive):
            continue
        window = Window(min(work.start, start), max(work.end, Window.of(start, visit.minutes).end))
        minutes = window.minutes - work.minutes
        if minutes:
            stretch = Stretch(worker.id, work, window)
            about = (("start", window.start), ("end", window.end))
            yield _Place("stretch", minutes, start, 25.0 + minutes, {}, about, stretch)


# ---------------------------------------------------------------- what is applied


def _remedy(board: Board, visit: Visit, worker: Worker, place: _Place, not_before: datetime | None) -> Remedy | None:
    """Held against every rule on the whole board; None when it would not hold, or a second worker is wanting."""
    after = stretched(board, place.stretch) if place.stretch else board
    along = (replace(held, window=Window.of(place.start, visit.minutes)) for held in visit.allocations)
    wanted = {**place.others, visit.id: (*along, _held(visit, worker.id, place.start))}
    second = None
    if len(visit.free_slots) == 2:
        second = _second(after, visit, wanted, worker, place.start)
        if second is None:
            return None
        wanted[visit.id] = (*wanted[visit.id], _held(visit, second.id, place.start, 2))
    held, dropped = what_holds(after, wanted, not_before)
    if dropped or set(held) != set(wanted):
        return None
    seen = {v: board.visit_by_id[v].revision for v in wanted}
    facts = dict(place.about)
    said = obstacle(
        f"remedy_{place.kind}",
        worker=worker.name if second is None else f"{worker.name} and {second.name}",
        minutes=place.minutes,
        begin=place.start,
        **facts,
    )
    edit = Edit(board.team.id, board.day, seen, wanted, stretch=place.stretch)
    return Remedy(place.kind, place.minutes, said, edit)


def _held(visit: Visit, worker: WorkerId, start: datetime, number: int = 1) -> Allocation:
    slot = visit.free_slots[number - 1]
    return Allocation(AllocationId(new_id()), worker, slot, Window.of(start, visit.minutes))


def _second(
    board: Board, visit: Visit, wanted: dict[VisitId, tuple[Allocation, ...]], first: Worker, start: datetime
) -> Worker | None:
    """Somebody who could come along at that time, one whom the person knows first."""
    planned = with_places(board, wanted)
    half = planned.visit_by_id[visit.id]
    order = sorted(board.workers, key=lambda w: (w.id not in visit.known_to, w.name))
    for worker in order:
        if worker.id != first.id and worker.at_work:
            small = _own(planned, half, worker)
            if any(start in s for s in _starts(small, half, worker)):
                return worker
    return None


def stretched(board: Board, stretch: Stretch) -> Board:
    """The board with other hours of one worker."""
    was, now = Shift("work", stretch.was), Shift("work", stretch.window)
    return replace(
        board,
        workers=tuple(
            replace(w, shifts=tuple(now if s == was else s for s in w.shifts)) if w.id == stretch.worker else w
            for w in board.workers
        ),
    )
