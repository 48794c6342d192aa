"""Boards made by hand, for tests of rules and of screens that need no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from coordination.clock import at_local
from coordination.deployment.model import (
    Alert,
    Allocation,
    Board,
    PersonBrief,
    Place,
    Shift,
    Team,
    Visit,
    Worker,
    WorkerSkill,
)
from coordination.values import AllocationId, PersonId, TeamId, VisitId, Window, WorkerId, new_id

DAY = date(2026, 11, 23)
TEAM = Team(TeamId(1), "North reablement", "reablement", "north", "0161 496 0101")
SKILLS = {"hoist": "Hoist", "insulin": "Insulin"}


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return at_local(day, hour, minute)


def span(start: tuple[int, int] | int, end: tuple[int, int] | int) -> Window:
    first = at(*start) if isinstance(start, tuple) else at(start)
    last = at(*end) if isinstance(end, tuple) else at(end)
    return Window(first, last)


def worker(
    number: int,
    name: str = "",
    hours: Sequence[tuple[int, int]] = ((7, 15),),
    skills: Sequence[str] = (),
    away: Sequence[tuple[str, int, int]] = (),
    gender: str = "female",
    place: Place | None = None,
) -> Worker:
    shifts = [Shift("work", span(a, b)) for a, b in hours]
    shifts += [Shift(kind, span(a, b)) for kind, a, b in away]  # type: ignore[arg-type]
    return Worker(
        WorkerId(number),
        TEAM.id,
        name or f"Worker {number}",
        gender,  # type: ignore[arg-type]
        "Reablement officer",
        "car",
        place or Place(53.5, -2.2),
        tuple(WorkerSkill(s) for s in skills),
        tuple(shifts),
    )


def person(surname: str = "Pankhurst", given: str = "Emmeline", **more: object) -> PersonBrief:
    return PersonBrief(PersonId(new_id()), surname, given, **more)  # type: ignore[arg-type]


def alert(kind: str, words: str = "") -> Alert:
    return Alert(kind, words)


def visit(
    surname: str = "Pankhurst",
    start: tuple[int, int] = (9, 0),
    minutes: int = 45,
    to: Sequence[tuple[Worker, tuple[int, int]]] = (),
    window: int = 60,
    who: PersonBrief | None = None,
    pinned: bool = False,
    **more: object,
) -> Visit:
    begin = at(*start)
    allocations = tuple(
        Allocation(AllocationId(new_id()), w.id, slot, Window.of(at(*when), minutes), pinned)
        for slot, (w, when) in enumerate(to, 1)
    )
    return Visit(
        VisitId(new_id()),
        who or person(surname),
        TEAM.id,
        DAY,
        Window(begin, begin + timedelta(minutes=window)),
        minutes,
        **{"need": "Washing and dressing", "allocations": allocations, **more},  # type: ignore[arg-type]
    )


def board(workers: Sequence[Worker], visits: Sequence[Visit] = (), **more: object) -> Board:
    return Board(TEAM, DAY, tuple(workers), tuple(visits), **{"skills": SKILLS, **more})  # type: ignore[arg-type]
