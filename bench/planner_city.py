"""A day of a city: 100 workers and 1,000 visits around Manchester, invented, the same each time.

Planned in full; without double-ups beside the peers that are installed, in the same run, on the same matrices and with
the same aim (place all, then travel least); and repaired when one worker falls ill.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import ceil, cos, hypot, radians

from bench import planner_peers
from coordination.deployment.planner.engine import solve
from coordination.deployment.planner.problem import (
    Able,
    Budget,
    Crew,
    Job,
    Placed,
    Plan,
    Problem,
    Service,
    Solution,
    Span,
    Weights,
)

WORKERS, VISITS, TWO_WORKERS = 100, 1000, 0.09
MIDDLES = (  # of the twelve neighbourhoods, roughly: degrees north and west
    (53.525, 2.215), (53.510, 2.260), (53.505, 2.180), (53.490, 2.230), (53.480, 2.195), (53.470, 2.250),
    (53.460, 2.205), (53.455, 2.240), (53.440, 2.270), (53.430, 2.225), (53.395, 2.265), (53.380, 2.255),
)  # fmt: skip
KM_NORTH, KM_WEST = 111.2, 111.2 * cos(radians(53.46))
KM_AN_HOUR = (24.0, 4.8)  # by car, on foot; the ways are 1.3 times as long as the crow flies
MUST = 3000.0
SKILLS = (0.55, 0.35, 0.2, 0.1)  # how many workers have each; a visit needs none in six of ten cases


def city_day(two_workers: float = TWO_WORKERS, workers: int = WORKERS, visits: int = VISITS) -> Problem:
    """Whole minutes; windows are hard; who is on foot stays near home."""
    luck = random.Random(20260601)
    places: list[tuple[float, float]] = []

    def place() -> int:
        north, west = luck.choice(MIDDLES)
        places.append((luck.gauss(north, 0.008), luck.gauss(west, 0.012)))
        return len(places) - 1

    crews, has = [], []
    for _ in range(workers):
        home = place()
        begin = luck.choice((7, 7, 7, 8, 8, 14, 14)) * 60
        mode = int(luck.random() < 0.15)
        crews.append(Crew((Span(begin, begin + luck.choice((420, 480, 480, 540))),), home, home, mode))
        has.append({skill for skill, share in enumerate(SKILLS) if luck.random() < share})
    jobs = []
    for _ in range(visits):
        where, minutes = place(), luck.choice((15, 20, 20, 30, 30, 30, 45))
        opens = luck.choice((7, 7, 8, 8, 8, 9, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 20)) * 60
        width = luck.choice((60, 90, 120, 120, 180))
        skill = luck.randrange(4) if luck.random() < 0.4 else None
        both = luck.random() < two_workers
        able = tuple(
            Able(w) for w in range(workers)
            if (skill is None or skill in has[w]) and (crews[w].mode == 0 or _km(places, crews[w], where) < 2.5)
        )  # fmt: skip
        services = (Service(minutes, able),) * (2 if both else 1)
        jobs.append(Job(where, (Span(opens, opens + width),), services, MUST * len(services), latest=opens + width))
    ways = [_ways(places, speed) for speed in KM_AN_HOUR]
    return Problem(tuple(crews), tuple(jobs), ways, (), Weights(travel=1.0))


def _km(places: list[tuple[float, float]], crew: Crew, where: int) -> float:
    return _line(places[crew.start_place or 0], places[where])


def _line(here: tuple[float, float], there: tuple[float, float]) -> float:
    return 1.3 * hypot((here[0] - there[0]) * KM_NORTH, (here[1] - there[1]) * KM_WEST)


def _ways(places: list[tuple[float, float]], speed: float) -> list[list[int]]:
    return [[ceil(_line(here, there) / speed * 60) for there in places] for here in places]


def broken(problem: Problem, plan: Plan) -> list[str]:
    """Every hard rule that a plan breaks: worked out here, apart from the planner."""
    found = []
    days: list[list[tuple[float, float, int]]] = [[] for _ in problem.crews]
    for number, (job, placing) in enumerate(zip(problem.jobs, plan, strict=True)):
        if placing is None:
            continue
        if len(placing) != len(job.services) or len({placed.crew for placed in placing}) != len(placing):
            found.append(f"visit {number} has not its workers")
        if len({placed.start for placed in placing}) != 1:
            found.append(f"visit {number}: they do not meet")
        for service, placed in zip(job.services, placing, strict=True):
            days[placed.crew].append((placed.start, placed.start + service.minutes, job.place))
            if placed.crew not in {able.crew for able in service.able}:
                found.append(f"visit {number}: not able")
            if not job.windows[0].start <= placed.start <= job.windows[0].end:
                found.append(f"visit {number}: out of the window")
    for crew, day in zip(problem.crews, days, strict=True):
        day.sort()
        if day and not (crew.spans and crew.spans[0].start <= day[0][0] and day[-1][1] <= crew.spans[0].end):
            found.append("out of shift")
        way = problem.travel[crew.mode]
        found += ["two places at once" for a, b in pairwise(day) if a[1] + way[a[2]][b[2]] > b[0]]
    return found


def travel(problem: Problem, plan: Plan) -> float:
    """Minutes on the way, from home and back."""
    rows: list[list[tuple[float, int]]] = [[] for _ in problem.crews]
    for job, placing in zip(problem.jobs, plan, strict=True):
        for placed in placing or ():
            rows[placed.crew].append((placed.start, job.place))
    total = 0.0
    for crew, row in zip(problem.crews, rows, strict=True):
        if row and crew.start_place is not None:
            stops = [crew.start_place, *(place for _, place in sorted(row)), crew.start_place]
            total += sum(problem.travel[crew.mode][a][b] for a, b in pairwise(stops))
    return total


def _line_of(name: str, problem: Problem, plan: Plan) -> bool:
    wrong = broken(problem, plan)
    placed = sum(placing is not None for placing in plan)
    print(f"  {name:22} {placed:5} of {len(plan)} placed, {travel(problem, plan):8.0f} min on the way, "
          f"{len(wrong)} rules broken", flush=True)  # fmt: skip
    return not wrong


def report(seconds: list[float], cpu: bool, say: Callable[[str], None]) -> int:
    """The city day in full, beside the peers, and with one worker ill. 0 when all hard rules are kept."""
    full = city_day()
    budget = Budget(seconds=10.0, cpu=cpu)
    print("the day in full, 10 s")
    plan = solve(full, None, seed=1, budget=budget)
    good = _line_of("planner", full, plan.plan)
    good = _ill(full, plan, cpu) and good
    single = city_day(two_workers=0.0)
    for limit in seconds:
        print(f"the same day without double-ups, {limit:g} s")
        ours = solve(single, None, seed=1, budget=Budget(seconds=limit, cpu=cpu))
        good = _line_of("planner", single, ours.plan) and good
        for name, peer in planner_peers.PEERS.items():
            theirs = peer(single, limit)
            if theirs is None:
                print(f"  {name:22} is not installed (pip install '.[bench]')")
            else:
                _line_of(name, single, theirs)
    print("PASS" if good else "FAIL")
    return 0 if good else 1


def _ill(full: Problem, plan: Solution, cpu: bool) -> bool:
    """The busiest worker falls ill: what 2 s make of it, and how many visits move."""
    load = [sum(placed.crew == w for placing in plan.plan for placed in placing or ()) for w in range(len(full.crews))]
    ill = max(range(len(load)), key=lambda w: load[w])
    crews = tuple(replace(crew, spans=()) if w == ill else crew for w, crew in enumerate(full.crews))
    jobs = tuple(replace(job, held=placing) for job, placing in zip(full.jobs, plan.plan, strict=True))
    weights = replace(full.weights, change_crew=1600.0, change_time=25.0, change_free=5.0)
    problem = replace(full, crews=crews, jobs=jobs, weights=weights)
    found = solve(problem, plan.plan, seed=1, budget=Budget(seconds=2.0, cpu=cpu))
    moved = sum(_moved(was, now) for was, now in zip(plan.plan, found.plan, strict=True))
    out = sum(now is None and was is not None for was, now in zip(plan.plan, found.plan, strict=True))
    print(f"one worker ill, 2 s: had {load[ill]} visits, {moved} moved, {out} of them left out")
    return _line_of("repaired", problem, found.plan) and moved <= 1.5 * load[ill]


def _moved(was: tuple[Placed, ...] | None, now: tuple[Placed, ...] | None) -> bool:
    if was is None or now is None:
        return was != now
    return any(a.crew != b.crew or abs(a.start - b.start) > 5 for a, b in zip(was, now, strict=True))
