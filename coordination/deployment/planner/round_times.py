"""Times that people can say: a visit that the plan gives anew begins on whole five minutes where nothing is lost by
it, neither its window nor the way to what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from coordination.deployment.model import Allocation, Board, Visit, Worker
from coordination.deployment.planner.check import Wanted, with_places
from coordination.deployment.rules import bounds
from coordination.deployment.suggest import free_time
from coordination.deployment.travel import minutes_between
from coordination.values import PersonId, VisitId, Window, WorkerId

STEP = timedelta(minutes=5)
_Rows = dict[WorkerId, list[tuple[Visit, Window]]]
_Doors = dict[PersonId, list[Visit]]


def rounded(board: Board, wanted: Wanted, not_before: datetime | None = None) -> dict[VisitId, tuple[Allocation, ...]]:
    """``wanted`` with later starts, the last of the day first, so that each has the room that the next one left."""
    planned = with_places(board, wanted)
    rows: _Rows = {w: [(v, a.window) for v, a in row] for w, row in planned.row_of.items()}
    doors: _Doors = {}
    for visit in planned.visits:
        doors.setdefault(visit.person.id, []).append(visit)
    found = dict(wanted)
    late_first = sorted((v for v in wanted if wanted[v]), key=lambda v: wanted[v][0].window.start, reverse=True)
    for visit_id in late_first:
        visit, places = planned.visit_by_id[visit_id], found[visit_id]
        start = places[0].window.start
        later = _next_step(start)
        stood = any(a.window.start == start for a in board.visit_by_id[visit_id].allocations)
        if stood or later == start or later > visit.arrive.end or list(bounds(planned, visit)):
            continue
        window = Window.of(later, visit.minutes)
        workers = [planned.worker_by_id[a.worker_id] for a in places]
        if _is_alone(doors, found, visit, window) and all(_fits(board, rows, visit, w, window) for w in workers):
            found[visit_id] = tuple(replace(a, window=window) for a in places)
            for worker in workers:
                rows[worker.id] = [(v, window if v.id == visit_id else at) for v, at in rows[worker.id]]
    return found


def _next_step(moment: datetime) -> datetime:
    over = (moment - datetime.min.replace(tzinfo=moment.tzinfo)) % STEP
    return moment + STEP - over if over else moment


def _is_alone(doors: _Doors, found: Wanted, visit: Visit, window: Window) -> bool:
    """Nobody else comes to this person meanwhile, for another visit."""
    others = (o for o in doors[visit.person.id] if o.id != visit.id and not o.is_over)
    return not any(a.window.overlaps(window) for o in others for a in found.get(o.id, o.allocations))


def _fits(board: Board, rows: _Rows, visit: Visit, worker: Worker, window: Window) -> bool:
    """Inside a stretch of work, and in time for what comes next."""
    if not any(free.covers(window) for free in free_time(worker.at_work, (a.window for a in worker.away))):
        return False
    if any(stay.window.overlaps(window) for stay in board.elsewhere_of.get(worker.id, ())):
        return False
    for other, at in rows[worker.id]:
        way = timedelta(minutes=minutes_between(visit.person.place, other.person.place, worker.travel))
        if other.id != visit.id and at.end > window.start and at.start < window.end + way:
            return False
    return True
