"""A board that has been made numbers, and the engine's answer read back as allocations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil

from coordination.clock import at_local
from coordination.deployment.model import Allocation, Board, Visit
from coordination.deployment.planner.engine import Fault, faults
from coordination.deployment.planner.problem import Plan, Problem
from coordination.values import AllocationId, VisitId, Window, WorkerId, new_id

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Model:
    """The problem, and what its numbers stand for. ``job_of`` are the visits to plan, ``broken`` those among them whose
    worker cannot go any more; ``free_half`` are double-ups with one worker, of which the other half is planned."""

    board: Board
    not_before: datetime | None
    problem: Problem
    start: Plan
    job_of: dict[VisitId, int]
    free_half: frozenset[VisitId]
    broken: frozenset[VisitId]
    whole_day: bool = True

    def wanted(self, plan: Plan) -> dict[VisitId, tuple[Allocation, ...]]:
        """Who goes where by the engine's answer, of the visits that it was free to plan."""
        found: dict[VisitId, tuple[Allocation, ...]] = {}
        for visit_id, job in self.job_of.items():
            visit = self.board.visit_by_id[visit_id]
            placing = plan[job]
            going = [(self.board.workers[p.crew].id, self.moment(p.start)) for p in placing or ()]
            if visit_id in self.free_half:
                going = [(a.worker_id, a.window.start) for a in visit.allocations] + going
            places = _places(visit, going)
            if places != visit.allocations:
                found[visit_id] = places
        return found

    @cached_property
    def midnight(self) -> datetime:
        return at_local(self.board.day, 0)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """Jobs that nothing could place."""
        return faults(self.problem)

    def minute(self, moment: datetime) -> float:
        return (moment - self.midnight) / _MINUTE

    def moment(self, minutes: float) -> datetime:
        return self.midnight + ceil(round(minutes, 3)) * _MINUTE


def _places(visit: Visit, going: Sequence[tuple[WorkerId, datetime]]) -> tuple[Allocation, ...]:
    """Whoever goes already keeps their half."""
    kept = {a.worker_id: a for a in visit.allocations}
    free = [s for s in range(1, visit.workers_needed + 1) if s not in {kept[w].slot for w, _ in going if w in kept}]
    found = []
    for worker, start in going:
        window = Window.of(start, visit.minutes)
        old = kept.get(worker)
        if old is not None:
            found.append(old if old.window == window else replace(old, window=window))
        else:
            found.append(Allocation(AllocationId(new_id()), worker, free.pop(0), window))
    return tuple(sorted(found, key=lambda a: a.slot))
