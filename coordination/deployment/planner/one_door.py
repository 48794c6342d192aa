"""Several visits to one person on one day: one worker leaves before the next stands at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf

from coordination.deployment.model import Board
from coordination.deployment.planner.problem import Job, Link
from coordination.values import PersonId, VisitId


def one_after_the_other(
    board: Board, jobs: Sequence[Job], job_of: Mapping[VisitId, int], linked: set[VisitId]
) -> list[Link]:
    """A link for each two visits to one person that could meet, in the order of their times.

    None for a visit in ``linked`` (the engine holds one each), for two that stand and meet already (that is for whoever
    put them there), and where their windows would leave too little room for both: a visit is worth more than a queue
    at the door."""
    of_person: dict[PersonId, list[VisitId]] = {}
    for visit in board.visits:
        if visit.id in job_of and visit.id not in linked:
            of_person.setdefault(visit.person.id, []).append(visit.id)
    found, used = [], set(linked)
    for visits in of_person.values():
        for here, there in pairwise(sorted(visits, key=lambda v: _begins(jobs[job_of[v]]))):
            first, second = jobs[job_of[here]], jobs[job_of[there]]
            if not used & {here, there} and _can_meet(first, second) and _can_wait(first, second):
                used |= {here, there}
                found.append(Link(job_of[here], job_of[there], _length(first), inf))
    return found


def _length(job: Job) -> float:
    return max(service.minutes for service in job.services)


def _stands(job: Job) -> float | None:
    placing = job.fixed or job.held
    return placing[0].start if placing else None


def _begins(job: Job) -> tuple[float, float]:
    """What stands comes where it stands; of two with one window the longer goes first."""
    stands = _stands(job)
    return (job.windows[0].start if stands is None else stands, -_length(job))


def _can_meet(first: Job, second: Job) -> bool:
    return second.windows[0].start < first.windows[-1].end + _length(first)


def _can_wait(first: Job, second: Job) -> bool:
    """Both have time within their windows; where both stand, they do not meet."""
    here, there = _stands(first), _stands(second)
    if here is not None and there is not None:
        return here + _length(first) <= there
    if first.fixed is not None or second.fixed is not None:
        begin = here if first.fixed is not None and here is not None else first.windows[0].start
        last = there if second.fixed is not None and there is not None else second.windows[-1].end
        return begin + _length(first) <= last
    return first.windows[0].start + _length(first) <= second.windows[-1].end
