"""A plan at once: each job in order of its window to the crew that costs least, at the end of its day so far.

The plan to begin with where nothing is given, and the whole answer where there is no time at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from coordination.deployment.planner.problem import Crew, Job, Placed, Placing, Plan, Problem, Service


@dataclass
class _Row:
    crew: Crew
    taken: list[tuple[float, float, int]] = field(default_factory=list)  # start, end, place
    contact: float = 0.0


def simple_plan(problem: Problem, start: Plan | None = None, out: frozenset[int] = frozenset()) -> Plan:
    """``start`` is kept as far as it stands, jobs in ``out`` are left out; the others are put into the gaps."""
    rows = [_Row(crew) for crew in problem.crews]
    plan: list[Placing | None] = [None] * len(problem.jobs)
    for number, job in enumerate(problem.jobs):
        kept = job.fixed or (start[number] if start is not None else None)
        if kept is not None:
            plan[number] = kept
            _take(rows, job, kept)
    order = sorted(range(len(problem.jobs)), key=lambda n: (_due(problem.jobs[n]), n))
    linked = {link.first for link in problem.links} | {link.second for link in problem.links}
    for number in order:
        job = problem.jobs[number]
        if plan[number] is None and number not in out and number not in linked:
            placing = _best(problem, rows, job)
            if placing is not None:
                plan[number] = placing
                _take(rows, job, placing)
    return tuple(plan)


def _due(job: Job) -> float:
    return job.windows[0].end if job.windows else inf


def _take(rows: list[_Row], job: Job, placing: Placing) -> None:
    for service, placed in zip(job.services, placing, strict=True):
        row = rows[placed.crew]
        row.taken.append((placed.start, placed.start + service.minutes, job.place))
        row.taken.sort()
        row.contact += service.minutes


def _best(problem: Problem, rows: list[_Row], job: Job) -> Placing | None:
    first = _starts(problem, rows, job, job.services[0], job.windows[0].start if job.windows else 0.0)
    if len(job.services) == 1:
        return min(((cost, (placed,)) for cost, placed in first), default=(0.0, None), key=lambda c: c[0])[1]
    found: tuple[float, Placing | None] = (inf, None)
    for cost, one in sorted(first, key=lambda c: c[0])[:8]:
        for more, two in _starts(
            problem, rows, job, job.services[1], one.start + (0.0 if job.apart else job.least_gap)
        ):
            apart = two.start - one.start
            fits = job.apart or apart <= job.most_gap
            if two.crew != one.crew and fits and cost + more < found[0]:
                found = (cost + more, (one, two))
    return found[1]


def _starts(problem: Problem, rows: list[_Row], job: Job, service: Service, after: float) -> list[tuple[float, Placed]]:
    """The earliest start from ``after`` for each crew that is able, and what it would cost."""
    found = []
    for able in service.able:
        row = rows[able.crew]
        if row.contact + service.minutes > row.crew.most_contact:
            continue
        start = _earliest(problem, row, job.place, service.minutes, max(after, _opens(job)))
        if start is not None and start <= job.latest:
            late = max(0.0, start - (job.windows[-1].end if job.windows else inf)) * job.late_factor
            found.append((late * problem.weights.late + able.cost + start * 1e-3, Placed(able.crew, start)))
    return found


def _opens(job: Job) -> float:
    return job.windows[0].start if job.windows else 0.0


def _earliest(problem: Problem, row: _Row, place: int, minutes: float, after: float) -> float | None:
    way = problem.travel[row.crew.mode]
    for span in row.crew.spans:
        home = row.crew.start_place if row.crew.ways_in_shift else None
        free = span.start + (way[home][place] if home is not None and span is row.crew.spans[0] else 0.0)
        before = [t for t in row.taken if t[0] < span.start]
        if before:
            free = max(free, before[-1][1] + way[before[-1][2]][place])
        last = row.crew.end_place if row.crew.ways_in_shift else None
        back = way[place][last] if last is not None and span is row.crew.spans[-1] else 0.0
        for start, end, there in [t for t in row.taken if t[0] >= span.start]:
            begin = max(free, after)
            if begin + minutes + way[place][there] <= start and begin + minutes <= span.end:
                return begin
            free = max(free, end + way[there][place])
        begin = max(free, after)
        if begin + minutes + back <= span.end:
            return begin
    return None
