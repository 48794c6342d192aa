"""Random small days to plan, and a checker of plans that shares nothing with the planner but its records."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import inf

from hypothesis import strategies as st

from coordination.deployment.planner.problem import (
    Able,
    Break,
    Crew,
    Job,
    Link,
    Placed,
    Plan,
    Problem,
    Service,
    Span,
    Weights,
)

PLACES = 5
minutes = st.integers(0, 40)


@st.composite
def crews(draw: st.DrawFn) -> Crew:
    first = draw(st.integers(400, 560))
    spans = [Span(first, first + draw(st.integers(60, 300)))]
    if draw(st.booleans()):
        again = spans[0].end + draw(st.integers(30, 120))
        spans.append(Span(again, again + draw(st.integers(40, 200))))
    if draw(st.integers(0, 9)) == 0:
        spans = []
    place = st.one_of(st.none(), st.integers(0, PLACES - 1))
    rest = Break(first + 60, first + 150, 20, 30.0)
    return Crew(
        tuple(spans),
        draw(place),
        draw(place),
        draw(st.integers(0, 1)),
        draw(st.sampled_from([inf, 90.0, 200.0])),
        draw(st.sampled_from([0.0, 0.0, 30.0])),
        (rest,) if draw(st.booleans()) else (),
        draw(st.booleans()),
    )


@st.composite
def jobs(draw: st.DrawFn, many: int) -> Job:
    opens = draw(st.integers(400, 800))
    windows = [Span(opens, opens + draw(st.integers(0, 90)))]
    if draw(st.integers(0, 3)) == 0:
        windows.append(Span(windows[0].end + 60, windows[0].end + 120))
    able = st.lists(st.integers(0, many - 1), min_size=0 if draw(st.integers(0, 7)) == 0 else 1, unique=True)
    services = tuple(
        Service(draw(st.integers(5, 60)), tuple(Able(c, float(draw(st.integers(0, 9)))) for c in draw(able)))
        for _ in range(draw(st.sampled_from([1, 1, 2])))
    )
    least = draw(st.sampled_from([0, 0, 20]))
    return Job(
        draw(st.integers(0, PLACES - 1)),
        tuple(windows),
        services,
        float(draw(st.integers(50, 900))),
        draw(st.sampled_from([1.0, 5.0])),
        draw(st.sampled_from([inf, windows[-1].end, windows[-1].end + 45])),
        least,
        least + draw(st.sampled_from([0, 30])),
        draw(st.integers(0, 4)) == 0,
    )


@st.composite
def days(draw: st.DrawFn) -> Problem:
    """A few crews, up to nine jobs, of which some are fixed (anywhere at all), some held, and two perhaps linked."""
    people = tuple(draw(st.lists(crews(), min_size=1, max_size=4)))
    visits = draw(st.lists(jobs(len(people)), max_size=9))
    for number, job in enumerate(visits):
        what = draw(st.integers(0, 7))
        if what > 1:
            continue
        placing = tuple(
            Placed(draw(st.integers(0, len(people) - 1)), float(draw(st.integers(400, 900)))) for _ in job.services
        )
        if len(placing) == 2 and placing[0].crew == placing[1].crew:
            continue
        visits[number] = replace(job, fixed=placing) if what == 0 else replace(job, held=placing)
    table = [[float(draw(minutes)) if a != b else 0.0 for b in range(PLACES)] for a in range(PLACES)]
    slow = [[2 * way for way in row] for row in table]
    links = (Link(0, 1, 60, 150),) if len(visits) > 1 and draw(st.booleans()) else ()
    weights = Weights(
        wait=draw(st.sampled_from([0.0, 0.5])),
        fairness=draw(st.sampled_from([0.0, 1.0])),
        most_late=draw(st.sampled_from([0.0, 2.0])),
        most_idle=draw(st.sampled_from([0.0, 1.0])),
        change_crew=draw(st.sampled_from([0.0, 20.0])),
        change_time=draw(st.sampled_from([0.0, 1.0])),
        change_free=5.0,
    )
    return Problem(people, tuple(visits), [table, slow], links, weights)


def wrongs(problem: Problem, plan: Plan, breaks: tuple[tuple[float | None, ...], ...]) -> list[str]:
    """Every hard rule that a plan breaks, in words."""
    found = []
    for number, (job, placing) in enumerate(zip(problem.jobs, plan, strict=True)):
        if job.fixed is not None and placing != job.fixed:
            found.append(f"job {number} was fixed")
        if placing is not None and job.fixed is None:
            found += [f"job {number}: {what}" for what in _of_job(problem, job, placing)]
    for link in problem.links:
        one, two = plan[link.first], plan[link.second]
        both_fixed = problem.jobs[link.first].fixed is not None and problem.jobs[link.second].fixed is not None
        if one and two and not both_fixed and not link.least <= two[0].start - one[0].start <= link.most:
            found.append("linked jobs not their gap apart")
    for number in range(len(problem.crews)):
        found += [f"crew {number}: {what}" for what in _of_crew(problem, number, plan, breaks[number])]
    return found


def _of_job(problem: Problem, job: Job, placing: tuple[Placed, ...]) -> list[str]:
    found = []
    if len(placing) != len(job.services):
        found.append("half of it")
    if len(placing) == 2 and not job.apart:
        if placing[0].crew == placing[1].crew:
            found.append("one crew for two")
        gap = placing[1].start - placing[0].start
        if not job.least_gap <= gap <= job.most_gap:
            found.append(f"gap {gap}")
    for service, placed in zip(job.services, placing, strict=True):
        crew = problem.crews[placed.crew]
        if placed.crew not in {able.crew for able in service.able}:
            found.append("not able")
        if placed.start < job.windows[0].start:
            found.append("before the window")
        latest = job.latest + (job.most_gap if placed is placing[-1] and len(placing) == 2 and not job.apart else 0)
        if placed.start > latest:
            found.append("after the latest start")
        end = placed.start + service.minutes
        spans = [(s.start, s.end + (crew.most_overtime if s is crew.spans[-1] else 0.0)) for s in crew.spans]
        if not any(a <= placed.start and end <= b for a, b in spans):
            found.append("out of shift")
    return found


def _of_crew(problem: Problem, number: int, plan: Plan, breaks: tuple[float | None, ...]) -> list[str]:
    crew, found = problem.crews[number], []
    way = problem.travel[crew.mode]
    row = sorted(
        (placed.start, placed.start + service.minutes, job.place, job.fixed is not None)
        for job, placing in zip(problem.jobs, plan, strict=True)
        for service, placed in zip(job.services, placing or (), strict=False)
        if placed.crew == number
    )
    own = [end - start for start, end, _, fixed in row if not fixed]
    if own and sum(end - start for start, end, _, _ in row) > crew.most_contact:
        found.append("too many minutes")
    rests = [(s, s + b.minutes) for s, b in zip(breaks, crew.breaks, strict=True) if s is not None]
    for start, rest in zip(breaks, crew.breaks, strict=True):
        if start is not None and not rest.earliest - 1e-6 <= start <= rest.latest + 1e-6:
            found.append("break out of its time")
    for here, there in pairwise(row):
        if here[3] and there[3]:
            continue
        if here[3] and sum(other[3] and other[:2] == here[:2] for other in row) > 1:
            continue  # fixed in two places at once: which of them the way is from cannot be said
        resting = sum(b - a for a, b in rests if here[0] <= a < there[0])
        if here[1] + way[here[2]][there[2]] + resting > there[0] + 1e-6:
            found.append(f"not there in time: {here} {there} {resting}")
    if crew.ways_in_shift and row:
        if crew.start_place is not None and not row[0][3]:
            out = crew.spans[0].start + way[crew.start_place][row[0][2]]
            if out > row[0][0] + 1e-6:
                found.append("left before the shift")
        if crew.end_place is not None and not row[-1][3]:
            back = row[-1][1] + way[row[-1][2]][crew.end_place]
            if back > crew.spans[-1].end + crew.most_overtime + 1e-6:
                found.append("back after the shift")
    return found
