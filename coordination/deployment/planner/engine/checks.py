"""What can be refused before anything is tried, job by job; everything else is still planned."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from coordination.deployment.planner.problem import Job, Link, Problem, Service

FaultKind = Literal["nobody_able", "longer_than_any_span", "window_missed", "gap_too_long", "one_crew_for_two"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why ``job`` cannot be placed whatever the others do."""

    job: int
    kind: FaultKind


def faults(problem: Problem) -> tuple[Fault, ...]:
    """At most one fault a job, the plainest first. Fixed jobs have none: they are where they are."""
    found: dict[int, Fault] = {}
    for number, job in enumerate(problem.jobs):
        kind = None if job.fixed is not None else _fault(problem, job)
        if kind is not None:
            found[number] = Fault(number, kind)
    for link in problem.links:
        if link.first not in found and link.second not in found and not reachable(problem, link):
            late = link.second if problem.jobs[link.second].fixed is None else link.first
            if problem.jobs[late].fixed is None:
                found[late] = Fault(late, "gap_too_long")
    return tuple(found[number] for number in sorted(found))


def _fault(problem: Problem, job: Job) -> FaultKind | None:
    if any(not service.able for service in job.services):
        return "nobody_able"
    if len(job.services) == 2 and not job.apart:
        if len({able.crew for service in job.services for able in service.able}) < 2:
            return "one_crew_for_two"
        if job.most_gap < job.least_gap or _opens(job) + job.least_gap > job.latest:
            return "gap_too_long"
    if _opens(job) > job.latest:
        return "window_missed"
    return next((kind for service in job.services if (kind := _never(problem, job, service))), None)


def _never(problem: Problem, job: Job, service: Service) -> FaultKind | None:
    """Why nobody who is able has the time; the first who has it is enough."""
    kind: FaultKind = "longer_than_any_span"
    for able in service.able:
        for first, last in _starts(problem, able.crew, service):
            if last >= _opens(job) and first <= job.latest:
                return None
            kind = "window_missed"
    return kind


def _starts(problem: Problem, crew: int, service: Service) -> list[tuple[float, float]]:
    """First and last moment to begin the service, for each span of the crew that is long enough."""
    spans = problem.crews[crew].spans
    over = problem.crews[crew].most_overtime
    ends = [span.end + (over if number == len(spans) - 1 else 0.0) for number, span in enumerate(spans)]
    starts = [(span.start, end - service.minutes) for span, end in zip(spans, ends, strict=True)]
    return [(first, last) for first, last in starts if first <= last]


def _opens(job: Job) -> float:
    return job.windows[0].start if job.windows else 0.0


def reachable(problem: Problem, link: Link) -> bool:
    """Whether some pair of starts keeps the gap; never where nobody has time for one of them. The first service of each
    job is meant."""
    first, second = problem.jobs[link.first], problem.jobs[link.second]
    low = (_earliest(problem, first), _last(problem, first))
    high = (_earliest(problem, second), _last(problem, second))
    return low[0] + link.least <= high[1] and high[0] - link.most <= low[1] and link.least <= link.most


def _earliest(problem: Problem, job: Job) -> float:
    if job.fixed is not None:
        return job.fixed[0].start
    starts = [s for able in job.services[0].able for s in _starts(problem, able.crew, job.services[0])]
    return max(_opens(job), min((first for first, _ in starts), default=inf))


def _last(problem: Problem, job: Job) -> float:
    if job.fixed is not None:
        return job.fixed[0].start
    starts = [s for able in job.services[0].able for s in _starts(problem, able.crew, job.services[0])]
    return min(job.latest, max((last for _, last in starts), default=-inf))
