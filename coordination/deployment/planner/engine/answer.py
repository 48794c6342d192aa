"""What a plan costs and whether it stands, worked out plainly from its times; and a chain's plan with its times."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from typing import Any

from coordination.deployment.planner.engine import layout as at
from coordination.deployment.planner.problem import Cost, Crew, Job, Placed, Placing, Plan, Problem, Solution

EPS = 1e-6
Breaks = tuple[tuple[float | None, ...], ...]
_Row = list[tuple[float, float, int]]  # start, end, place


def cost_of(problem: Problem, plan: Plan, breaks: Breaks) -> Cost:
    """The cost of a plan, by :class:`~coordination.deployment.planner.problem.Weights`."""
    w = problem.weights
    rows = _rows(problem, plan)
    lates = [late for job, placing in _placed(problem, plan) for late in _lates(job, placing)]
    weighed = [late * job.late_factor for job, placing in _placed(problem, plan) for late in _lates(job, placing)]
    days = [_day(problem, crew, row, rest) for crew, row, rest in zip(problem.crews, rows, breaks, strict=True)]
    return Cost(
        travel=w.travel * sum(day[0] for day in days),
        late=w.late * sum(weighed),
        most_late=w.most_late * max(lates, default=0.0),
        wait=w.wait * sum(day[1] for day in days),
        overtime=w.overtime * sum(day[2] for day in days),
        preference=w.preference * sum(_liking(job, placing) for job, placing in _placed(problem, plan)),
        fairness=w.fairness * sum(_share(crew, row) for crew, row in zip(problem.crews, rows, strict=True)),
        most_idle=w.most_idle * max((day[3] for day in days), default=0.0),
        breaks=sum(b.cost for c, r in zip(problem.crews, breaks, strict=True) for b, s in _pairs(c, r) if s is None),
        changes=sum(_changes(problem, job, placing) for job, placing in _placed(problem, plan)),
        unplaced=sum(job.unplaced for job, placing in zip(problem.jobs, plan, strict=True) if placing is None),
    )


def _pairs(crew: Crew, starts: tuple[float | None, ...]) -> Iterator[tuple[Any, float | None]]:
    if crew.spans:
        yield from zip(crew.breaks, starts, strict=True)


def _placed(problem: Problem, plan: Plan) -> list[tuple[Job, Placing]]:
    return [(job, placing) for job, placing in zip(problem.jobs, plan, strict=True) if placing is not None]


def _rows(problem: Problem, plan: Plan) -> list[_Row]:
    rows: list[_Row] = [[] for _ in problem.crews]
    for job, placing in _placed(problem, plan):
        for service, placed in zip(job.services, placing, strict=True):
            rows[placed.crew].append((placed.start, placed.start + service.minutes, job.place))
    for row in rows:
        row.sort()
    return rows


def _lates(job: Job, placing: Placing) -> Iterator[float]:
    for service, placed in zip(job.services, placing, strict=True):
        due = inf
        for k, window in enumerate(job.windows):
            if k == 0 or window.start <= placed.start + EPS:
                due = window.end - service.late_before
        late = placed.start - due
        yield late if late > EPS else 0.0


def _liking(job: Job, placing: Placing) -> float:
    return sum(
        next((able.cost for able in service.able if able.crew == placed.crew), 0.0)
        for service, placed in zip(job.services, placing, strict=True)
    )


def _changes(problem: Problem, job: Job, placing: Placing) -> float:
    w, total = problem.weights, 0.0
    held = job.fixed or job.held
    for placed, was in zip(placing, held or (), strict=False):
        total += w.change_crew * (placed.crew != was.crew)
        away = abs(placed.start - was.start) - w.change_free
        total += w.change_time * max(0.0, away)
        total += w.change_start * (away > EPS and placed.crew == was.crew)
    return total


def _share(crew: Crew, row: _Row) -> float:
    minutes = max(60.0, sum(span.end - span.start for span in crew.spans))
    return sum(end - start for start, end, _ in row) ** 2 / minutes


def _day(
    problem: Problem, crew: Crew, row: _Row, breaks: tuple[float | None, ...]
) -> tuple[float, float, float, float]:
    """Minutes on the way, waiting, over time and idle."""
    if not crew.spans:
        return 0.0, 0.0, 0.0, 0.0
    ways = problem.travel[crew.mode]
    shift = crew.spans[-1].end - crew.spans[0].start
    rests = [(s, s + b.minutes) for b, s in _pairs(crew, breaks) if s is not None]
    rested = sum(end - start for start, end in rests)
    if not row:
        return 0.0, 0.0, 0.0, max(0.0, shift - rested)
    out = 0.0 if crew.start_place is None else float(ways[crew.start_place][row[0][2]])
    back = 0.0 if crew.end_place is None else float(ways[row[-1][2]][crew.end_place])
    legs = [float(ways[here[2]][there[2]]) for here, there in pairwise(row)]
    travel = out + back + sum(legs)
    last, free = 0.0, row[-1][1]  # waiting for a break after the last visit
    for start, ends in sorted(rest for rest in rests if rest[0] >= row[-1][1] - EPS):
        last, free = last + max(0.0, start - free), ends
    between = sum(e - s for s, e in rests if row[0][0] < s < row[-1][0])
    gaps = sum(max(0.0, there[0] - here[1] - leg) for (here, there), leg in zip(pairwise(row), legs, strict=True))
    end = max([row[-1][1], *(e for _, e in rests if e > row[-1][1])]) + (back if crew.ways_in_shift else 0.0)
    work = travel + rested + sum(e - s for s, e, _ in row)
    idle = max(0.0, max(shift, end - crew.spans[0].start) - work)  # a way home after the shift is work, too
    return travel, max(0.0, gaps - between) + last, max(0.0, end - crew.spans[-1].end), idle


def stands(problem: Problem, plan: Plan) -> bool:
    """Whether a plan keeps the hard rules; what fixed jobs do to one another is not held against it."""
    jobs = _placed(problem, plan)
    if any(job.fixed is not None and plan[n] != job.fixed for n, job in enumerate(problem.jobs)):
        return False
    if not all(job.fixed is not None or _job_stands(problem, job, placing) for job, placing in jobs):
        return False
    for link in problem.links:
        one, two = plan[link.first], plan[link.second]
        if one and two and not link.least - EPS <= two[0].start - one[0].start <= link.most + EPS:
            return False
    rows: list[list[tuple[float, float, int, bool]]] = [[] for _ in problem.crews]
    for job, placing in jobs:
        for service, placed in zip(job.services, placing, strict=True):
            entry = (placed.start, placed.start + service.minutes, job.place, job.fixed is not None)
            rows[placed.crew].append(entry)
    return all(_row_stands(problem, crew, sorted(row)) for crew, row in zip(problem.crews, rows, strict=True))


def _job_stands(problem: Problem, job: Job, placing: Placing) -> bool:
    gap = placing[-1].start - placing[0].start
    bound = len(placing) == 2 and not job.apart
    if bound and (placing[0].crew == placing[1].crew or not job.least_gap - EPS <= gap <= job.most_gap + EPS):
        return False
    opens = job.windows[0].start if job.windows else -inf
    for k, (service, placed) in enumerate(zip(job.services, placing, strict=True)):
        latest = job.latest + (job.most_gap if k == 1 and not job.apart else 0.0)
        if not opens - EPS <= placed.start <= latest + EPS or all(a.crew != placed.crew for a in service.able):
            return False
        crew = problem.crews[placed.crew]
        ends = [s.end for s in crew.spans[:-1]] + [s.end + crew.most_overtime for s in crew.spans[-1:]]
        if not any(
            s.start - EPS <= placed.start and placed.start + service.minutes <= end + EPS
            for s, end in zip(crew.spans, ends, strict=True)
        ):
            return False
    return True


def _row_stands(problem: Problem, crew: Crew, row: list[tuple[float, float, int, bool]]) -> bool:
    """A crew's day: start, end, place and whether it is fixed, in order."""
    ways = problem.travel[crew.mode]
    contact = sum(end - start for start, end, _, _ in row)
    if contact > crew.most_contact + EPS and not all(fixed for *_, fixed in row):
        return False
    for here, there in pairwise(row):
        if here[1] + ways[here[2]][there[2]] > there[0] + EPS and not (here[3] and there[3]):
            return False
    if row and crew.ways_in_shift and crew.spans:
        out = 0.0 if crew.start_place is None else ways[crew.start_place][row[0][2]]
        back = 0.0 if crew.end_place is None else ways[row[-1][2]][crew.end_place]
        if not row[0][3] and crew.spans[0].start + out > row[0][0] + EPS:
            return False
        if not row[-1][3] and row[-1][1] + back > crew.spans[-1].end + crew.most_overtime + EPS:
            return False
    return True


def solution_of(chain: Any) -> Solution:
    """The plan as it stands in ``chain``, with its times and cost."""
    packed, m = chain.packed, chain.model
    starts, crews = _starts(packed, m)
    first = packed.nodes.first
    plan: list[Placing | None] = []
    for number, job in enumerate(packed.problem.jobs):
        n = first[number]
        held = (
            [Placed(crews[n + k], starts[n + k]) for k in range(len(job.services))]
            if n >= 0 and crews[n] >= 0
            else None
        )
        plan.append(job.fixed or (tuple(held) if held else None))
    rests: list[list[float | None]] = [[None] * len(crew.breaks) for crew in packed.problem.crews]
    services = len(packed.nodes.job)
    for k, (crew, number) in enumerate(packed.nodes.rests):
        if crews[services + k] >= 0:
            rests[crew][number] = starts[services + k]
    breaks = tuple(tuple(row) for row in rests)
    return Solution(tuple(plan), breaks, cost_of(packed.problem, tuple(plan), breaks), int(m.i[at.TRIES]))


def _starts(packed: Any, m: Any) -> tuple[list[float], list[int]]:
    """Start and crew of each node. What a later visit would wait for is taken up by beginning the day later."""
    base, count = packed.crews, packed.nodes.count
    starts, crews = [0.0] * count, [-1] * count
    for w in range(base):
        n, row = int(m.i[w * at.ROW_I + at.TAIL]), []
        later = _absorbed(m, n)
        while n >= 0:
            row.append(n)
            crews[n - base] = w
            starts[n - base] = float(m.f[n * at.ROW_F + at.START]) + later
            later += float(m.f[n * at.ROW_F + at.ABSORBED])
            n = int(m.i[n * at.ROW_I + at.PREV])
        _rest(m, w, row[::-1], starts, base)
    return starts, crews


def _absorbed(m: Any, tail: int) -> float:
    """Minutes of waiting for a last break that the day spares by beginning later."""
    pending = int(m.i[tail * at.ROW_I + at.PENDING]) if tail >= 0 else -1
    if pending < 0 or m.i[tail * at.ROW_I + at.FRESH] or not m.f[at.W_WAIT]:
        return 0.0
    waited = m.f[pending * at.ROW_F + at.OPEN0] - m.f[tail * at.ROW_F + at.END]
    return max(0.0, min(float(waited), float(m.f[tail * at.ROW_F + at.SLACK])))


def _rest(m: Any, w: int, row: list[int], starts: list[float], base: int) -> None:
    """When the breaks of one crew begin: where it was if the next visit leaves time for that, else where it goes."""
    free, breaks = float(m.f[w * at.ROW_F + at.BEGINS]), [n for n in row if m.i[n * at.ROW_I + at.IS_BREAK]]
    fresh = True
    for k, n in enumerate(row):
        if n not in breaks:
            fresh, free = False, starts[n - base] + float(m.f[n * at.ROW_F + at.MINUTES])
            continue
        visit = next((o for o in row[k + 1 :] if o not in breaks), None)
        earliest, latest = float(m.f[n * at.ROW_F + at.OPEN0]), float(m.f[n * at.ROW_F + at.LATEST])
        minutes = float(m.f[n * at.ROW_F + at.MINUTES])
        begin = max(free, earliest)
        if visit is not None:
            stays = fresh and not m.i[w * at.ROW_I + at.IN_SHIFT]
            way = 0.0 if stays else float(m.f[visit * at.ROW_F + at.WAY])
            if begin + minutes + way > starts[visit - base] + EPS:
                begin = max(free + way, earliest)
        starts[n - base] = min(begin, latest)
        free = starts[n - base] + minutes
