"""A day of a city, invented, the same each time: 100 workers and 1,000 visits around Manchester, as numbers for the
engine and as the board that a team lead has."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, cos, hypot, radians
from uuid import UUID

from coordination.clock import at_local
from coordination.deployment.model import Board, PersonBrief, Place, Shift, Team, Visit, Worker, WorkerSkill
from coordination.deployment.planner.problem import Able, Crew, Job, Problem, Service, Span, Weights
from coordination.values import PersonId, TeamId, VisitId, Window, WorkerId

WORKERS, VISITS, TWO_WORKERS = 100, 1000, 0.09
MIDDLES = (  # of the twelve neighbourhoods, roughly: degrees north and west
    (53.525, 2.215), (53.510, 2.260), (53.505, 2.180), (53.490, 2.230), (53.480, 2.195), (53.470, 2.250),
    (53.460, 2.205), (53.455, 2.240), (53.440, 2.270), (53.430, 2.225), (53.395, 2.265), (53.380, 2.255),
)  # fmt: skip
KM_NORTH, KM_WEST = 111.2, 111.2 * cos(radians(53.46))
KM_AN_HOUR = (24.0, 4.8)  # by car, on foot; the ways are 1.3 times as long as the crow flies
MUST = 3000.0
SKILLS = (0.55, 0.35, 0.2, 0.1)  # how many workers have each; a visit needs none in six of ten cases
NEAR_HOME = 2.5  # kilometres that somebody on foot goes
DAY = date(2026, 6, 1)


@dataclass(frozen=True)
class Goer:
    home: int
    span: Span
    on_foot: bool
    skills: frozenset[int]


@dataclass(frozen=True)
class Call:
    place: int
    minutes: int
    window: Span
    skill: int | None
    both: bool


@dataclass(frozen=True)
class Town:
    """Places are degrees north and west."""

    places: list[tuple[float, float]]
    workers: list[Goer]
    visits: list[Call]


def town(two_workers: float = TWO_WORKERS, workers: int = WORKERS, visits: int = VISITS) -> Town:
    """Whole minutes; two_workers is the share of double-ups."""
    luck = random.Random(20260601)
    places: list[tuple[float, float]] = []

    def place() -> int:
        north, west = luck.choice(MIDDLES)
        places.append((luck.gauss(north, 0.008), luck.gauss(west, 0.012)))
        return len(places) - 1

    staff, calls = [], []
    for _ in range(workers):
        home = place()
        begin = luck.choice((7, 7, 7, 8, 8, 14, 14)) * 60
        on_foot = luck.random() < 0.15
        span = Span(begin, begin + luck.choice((420, 480, 480, 540)))
        staff.append(Goer(home, span, on_foot, frozenset(s for s, share in enumerate(SKILLS) if luck.random() < share)))
    for _ in range(visits):
        where, minutes = place(), luck.choice((15, 20, 20, 30, 30, 30, 45))
        opens = luck.choice((7, 7, 8, 8, 8, 9, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 20)) * 60
        width = luck.choice((60, 90, 120, 120, 180))
        skill = luck.randrange(4) if luck.random() < 0.4 else None
        calls.append(Call(where, minutes, Span(opens, opens + width), skill, luck.random() < two_workers))
    return Town(places, staff, calls)


def problem_of(there: Town) -> Problem:
    """Windows are hard; who is on foot stays near home."""
    crews = [Crew((goer.span,), goer.home, goer.home, int(goer.on_foot)) for goer in there.workers]
    jobs = []
    for call in there.visits:
        able = tuple(Able(w) for w, goer in enumerate(there.workers) if _may(there, goer, call))
        services = (Service(call.minutes, able),) * (2 if call.both else 1)
        jobs.append(Job(call.place, (call.window,), services, MUST * len(services), latest=call.window.end))
    ways = [
        [[ceil(_km(here, to) / speed * 60) for to in there.places] for here in there.places] for speed in KM_AN_HOUR
    ]
    return Problem(tuple(crews), tuple(jobs), ways, (), Weights(travel=1.0))


def _may(there: Town, goer: Goer, call: Call) -> bool:
    near = not goer.on_foot or _km(there.places[goer.home], there.places[call.place]) < NEAR_HOME
    return near and (call.skill is None or call.skill in goer.skills)


def _km(here: tuple[float, float], there: tuple[float, float]) -> float:
    return 1.3 * hypot((here[0] - there[0]) * KM_NORTH, (here[1] - there[1]) * KM_WEST)


def board_of(there: Town) -> Board:
    """The same as a team lead has it, nothing placed: windows are soft, each person is one to know, ids are numbers."""
    team = Team(TeamId(1), "City", "reablement", "city", "0161 496 0101")

    def place(number: int) -> Place:
        north, west = there.places[number]
        return Place(north, -west)

    def window(span: Span) -> Window:
        midnight = at_local(DAY, 0)
        return Window(midnight + timedelta(minutes=span.start), midnight + timedelta(minutes=span.end))

    workers = tuple(
        Worker(
            WorkerId(n), team.id, f"Worker {n:03}", "female", "Reablement officer", "foot" if goer.on_foot else "car",
            place(goer.home), tuple(WorkerSkill(f"skill {s}") for s in sorted(goer.skills)),
            (Shift("work", window(goer.span)),),
        )
        for n, goer in enumerate(there.workers, 1)
    )  # fmt: skip
    visits = tuple(
        Visit(
            VisitId(UUID(int=n)), PersonBrief(PersonId(UUID(int=n)), f"PERSON {n:04}", "A", place=place(call.place)),
            team.id, DAY, window(call.window), call.minutes, "Care", 2 if call.both else 1,
            () if call.skill is None else (f"skill {call.skill}",),
        )
        for n, call in enumerate(there.visits, 1)
    )  # fmt: skip
    skills = {f"skill {s}": f"Skill {s}" for s in range(len(SKILLS))}
    return Board(team, DAY, workers, tuple(sorted(visits, key=lambda v: v.arrive.start)), skills=skills)
