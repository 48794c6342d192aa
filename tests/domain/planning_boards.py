"""Random days for the planner: workers with shifts, leave, skills and limits; visits of every kind, some placed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from coordination.deployment import rules
from coordination.deployment.model import Allocation, Board, Elsewhere, Pair, Place, Visit, Worker
from coordination.deployment.planner.check import with_places
from coordination.deployment.suggest import best_start
from coordination.values import AllocationId, TeamId, VisitId, Window, new_id
from tests.domain.deployment_boards import at, board, person, visit, worker

SKILLS = ("hoist", "insulin")


@st.composite
def places(draw: st.DrawFn) -> Place | None:
    if draw(st.integers(0, 9)) == 0:
        return None
    return Place(53.40 + draw(st.integers(0, 20)) / 100, -2.35 + draw(st.integers(0, 20)) / 100)


@st.composite
def workers(draw: st.DrawFn, number: int) -> Worker:
    hours = draw(st.sampled_from([((7, 15),), ((14, 22),), ((7, 11), (16, 20)), ((9, 17),), ()]))
    away = draw(st.sampled_from([(), (), (), (("leave", 7, 12),), (("sickness", 10, 22),)]))
    made = worker(
        number,
        f"Worker {number}",
        hours=hours,
        skills=draw(st.lists(st.sampled_from(SKILLS), unique=True)),
        away=away,
        gender=draw(st.sampled_from(["female", "male"])),
    )
    return replace(
        made,
        place=draw(places()),
        travel=draw(st.sampled_from(["car", "foot", "bicycle"])),
        most_minutes=draw(st.sampled_from([None, None, 90, 240])),
    )


@st.composite
def visits(draw: st.DrawFn, staff: list[Worker]) -> Visit:
    made = visit(
        draw(st.sampled_from(["Adams", "Bell", "Chew", "Davies", "Eze"])),
        (draw(st.integers(7, 20)), draw(st.sampled_from([0, 15, 30]))),
        draw(st.sampled_from([15, 30, 45, 90])),
        window=draw(st.sampled_from([1, 30, 60, 180])),
        who=person(draw(st.sampled_from(["Adams", "Bell", "Chew"])), place=draw(places())),
        workers_needed=draw(st.sampled_from([1, 1, 1, 2])),
        skills=draw(st.sampled_from([(), (), ("hoist",), ("insulin",)])),
        gender_asked=draw(st.sampled_from([None, None, None, "female", "male"])),
        time_critical=draw(st.booleans()),
        priority=draw(st.integers(1, 5)),
    )
    known = draw(st.lists(st.sampled_from([w.id for w in staff]), max_size=2, unique=True))
    return replace(made, known_to=tuple(known))


@st.composite
def boards(draw: st.DrawFn, most: int = 9) -> Board:
    """A day in which everything that is placed may stand where it is."""
    staff = [draw(workers(n)) for n in range(1, draw(st.integers(1, 5)) + 1)]
    asked = [draw(visits(staff)) for _ in range(draw(st.integers(0, most)))]
    refused = draw(st.sampled_from(asked)).person.id if asked and draw(st.booleans()) else None
    if refused is not None:
        staff[0] = replace(staff[0], not_to=frozenset({refused}))
    if len(asked) >= 2 and draw(st.booleans()):
        asked[:2] = _paired(asked[0], asked[1], draw(st.sampled_from([0, 60])), draw(st.sampled_from([None, 240])))
    made = board(staff, sorted(asked, key=lambda v: v.arrive.start))
    if draw(st.booleans()):
        stay = Elsewhere(staff[-1].id, VisitId(new_id()), TeamId(9), "ELSE, Where", Window(at(9), at(10)))
        made = replace(made, elsewhere=(stay,))
    for number in range(len(made.visits)):
        if draw(st.integers(0, 2)) == 0:
            made = _placed(draw, made, made.visits[number])
    return made


def _paired(first: Visit, second: Visit, least: int, most: int | None) -> list[Visit]:
    second = replace(second, person=first.person)
    return [
        replace(first, pairs=(Pair(second.id, least, most, other_first=False),)),
        replace(second, pairs=(Pair(first.id, least, most, other_first=True),)),
    ]


def _placed(draw: st.DrawFn, made: Board, visit: Visit) -> Board:
    """With whoever can take it: one, or two together; now and then pinned, or only one of two."""
    pinned = draw(st.integers(0, 4)) == 0
    for _ in range(draw(st.integers(1, visit.workers_needed))):
        visit = made.visit_by_id[visit.id]
        for candidate in made.workers:
            slot = visit.free_slots[0] if visit.free_slots else None
            start = best_start(made, visit, candidate, slot) if slot and not visit.of_worker(candidate.id) else None
            if start is None or (visit.starts not in (None, start)):
                continue
            start = start + timedelta(minutes=0)
            if rules.obstacles(made, visit, candidate, start, slot):
                continue
            held = Allocation(AllocationId(new_id()), candidate.id, slot or 1, Window.of(start, visit.minutes), pinned)
            made = with_places(made, {visit.id: (*visit.allocations, held)})
            break
    return made
