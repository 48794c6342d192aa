"""Random days, planned and repaired, held against every hard rule by a checker that shares nothing with the planner.

The checker counts in whole minutes of UTC and knows the rules from the brief (D2) alone; it imports records only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.deployment.model import (
    Allocation,
    Board,
    Elsewhere,
    Pair,
    PersonBrief,
    Place,
    Shift,
    Team,
    Visit,
    Worker,
    WorkerSkill,
)
from coordination.deployment.planner.happened import ill
from coordination.deployment.planner.plan import plan, repair
from coordination.deployment.planner.problem import Budget
from coordination.deployment.planner.weights import Weights
from coordination.errors import BadValue
from coordination.values import AllocationId, PersonId, TeamId, VisitId, Window, WorkerId, new_id

LONDON = ZoneInfo("Europe/London")
DAYS = (date(2026, 11, 23), date(2027, 3, 28), date(2026, 10, 25))  # an ordinary one, and both clock changes
BUDGET = Budget(iterations=150, chains=1)
TEAM = TeamId(1)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

# ---------------------------------------------------------------- the checker


def minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def faults(board: Board, before: Board | None = None, now: datetime | None = None) -> list[str]:
    """Every hard rule that a board breaks. ``before``: what it was planned from; ``now``: nothing new begins sooner."""
    found: list[str] = []
    spans: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for visit in board.visits:
        for held in visit.allocations:
            spans[held.worker_id].append((minute(held.window.start), minute(held.window.end), f"visit {visit.id}"))
        if visit.state == "planned":
            found += _of_visit(board, visit)
    for stay in board.elsewhere:
        spans[stay.worker_id].append((minute(stay.window.start), minute(stay.window.end), "elsewhere"))
    for worker in board.workers:
        row = sorted(spans[worker.id])
        found += [f"{worker.name} is in two places" for (_, end, _), (start, *_) in pairwise(row)
                  if start < end]  # fmt: skip
        if worker.most_minutes is not None and sum(end - start for start, end, _ in row) > worker.most_minutes:
            found.append(f"{worker.name} has more than they may")
    found += _of_gaps(board)
    return found + (_of_change(before, board, now) if before is not None else [])


def _of_visit(board: Board, visit: Visit) -> list[str]:
    found, held = [], visit.allocations
    if len({a.slot for a in held}) < len(held) or any(not 1 <= a.slot <= visit.workers_needed for a in held):
        found.append("a place twice, or one that there is not")
    if len({a.worker_id for a in held}) < len(held):
        found.append("one worker in both places")
    if len({a.window for a in held}) > 1:
        found.append("two who do not go together")
    for one in held:
        worker = next((w for w in board.workers if w.id == one.worker_id), None)
        if worker is None:
            found.append("a worker who is not there")
            continue
        found += _of_one(visit, worker, minute(one.window.start), minute(one.window.end))
        if one.window.start.astimezone(LONDON).date() != visit.day:
            found.append("another day")
    return found


def _of_one(visit: Visit, worker: Worker, start: int, end: int) -> list[str]:
    found = []
    if end - start != visit.minutes:
        found.append("not its length")
    at_work = [(minute(s.window.start), minute(s.window.end)) for s in worker.shifts if s.kind == "work"]
    if not any(a <= start and end <= b for a, b in at_work):
        found.append("off shift")
    away = [(minute(s.window.start), minute(s.window.end)) for s in worker.shifts if s.kind != "work"]
    if any(start < b and a < end for a, b in away):
        found.append("away")
    able = {s.code for s in worker.skills if s.expires_on is None or visit.day <= s.expires_on}
    if not set(visit.skills) <= able:
        found.append("lacks a skill")
    if visit.gender_asked not in (None, worker.gender):
        found.append("another gender was asked for")
    if visit.person.id in worker.not_to:
        found.append("may not go there")
    return found


def _of_gaps(board: Board) -> list[str]:
    by_id, found = {v.id: v for v in board.visits}, []
    for visit in board.visits:
        for pair in visit.pairs:
            other = by_id.get(pair.other)
            if other is None or pair.other_first or "cancelled" in (visit.state, other.state):
                continue
            for a in visit.allocations:
                for b in other.allocations:
                    gap = minute(b.window.start) - minute(a.window.end)
                    if gap < pair.least or (pair.most is not None and gap > pair.most):
                        found.append(f"a gap of {gap}")
    return found


def _of_change(before: Board, after: Board, now: datetime | None) -> list[str]:
    found = []
    then = {v.id: v for v in after.visits}
    for was in before.visits:
        is_now = then[was.id]
        stood = {(a.worker_id, a.slot, a.window) for a in was.allocations}
        stands = {(a.worker_id, a.slot, a.window) for a in is_now.allocations}
        begun = now is not None and any(a.window.start < now for a in was.allocations)
        if (was.state != "planned" or any(a.pinned for a in was.allocations) or begun) and not stood <= stands:
            found.append("what stands still was moved")
        if was.state != "planned" and stood != stands:
            found.append("what is over was changed")
        if now is not None and any(start.start < now for *_, start in stands - stood):
            found.append("begins in the past")
    return found


# ---------------------------------------------------------------- random days


def at(day: date, hour: int, quarter: int = 0) -> datetime:
    wall = datetime(day.year, day.month, day.day, tzinfo=LONDON) + timedelta(hours=hour, minutes=quarter * 15)
    return wall.astimezone(UTC)


def between(day: date, start: int, end: int) -> Window:
    return Window(at(day, start), at(day, end))


@st.composite
def workers(draw: st.DrawFn, number: int, day: date) -> Worker:
    hours = draw(st.sampled_from([((7, 15),), ((14, 22),), ((7, 11), (16, 20)), ((9, 17),), ()]))
    away = draw(st.sampled_from([(), (), (("leave", 7, 12),), (("sickness", 10, 22),)]))
    shifts = [Shift("work", between(day, a, b)) for a, b in hours]
    shifts += [Shift(kind, between(day, a, b)) for kind, a, b in away]  # type: ignore[arg-type]
    lapse = draw(st.sampled_from([None, day, day - timedelta(days=1)]))
    skills = tuple(WorkerSkill(code, lapse) for code in draw(st.sets(st.sampled_from(["hoist", "insulin"]))))
    return Worker(
        WorkerId(number), TEAM, f"Worker {number}", draw(st.sampled_from(["female", "male"])), "Officer",
        draw(st.sampled_from(["car", "foot"])), Place(53.4 + number / 50, -2.3), skills, tuple(shifts),
        most_minutes=draw(st.sampled_from([None, None, 60, 240])),
    )  # fmt: skip


@st.composite
def visits(draw: st.DrawFn, day: date, people: list[PersonBrief]) -> Visit:
    begins = at(day, draw(st.integers(7, 20)), draw(st.integers(0, 3)))
    wide = draw(st.sampled_from([1, 1, 30, 120]))  # a minute: a fixed time
    return Visit(
        VisitId(new_id()), draw(st.sampled_from(people)), TEAM, day, Window(begins, begins + timedelta(minutes=wide)),
        draw(st.sampled_from([15, 30, 60, 90, 500])), "Washing", draw(st.sampled_from([1, 1, 2])),
        draw(st.sampled_from([(), (), ("hoist",), ("insulin",), ("nobody has it",)])), draw(st.booleans()),
        draw(st.sampled_from([None, None, "female", "male"])), draw(st.integers(1, 5)),
        fixed=begins if wide == 1 else None,
    )  # fmt: skip


@st.composite
def days(draw: st.DrawFn) -> Board:
    """Workers, visits of every kind, some a gap apart, some placed where the checker lets them, of which some pinned
    and some over."""
    day = draw(st.sampled_from(DAYS))
    people = [PersonBrief(PersonId(new_id()), name, "A", place=Place(53.41 + n / 60, -2.28)) for n, name in
              enumerate(("Adams", "Bell", "Chew", "Davies"))]  # fmt: skip
    staff = [draw(workers(n, day)) for n in range(1, draw(st.integers(1, 4)) + 1)]
    staff[0] = replace(staff[0], not_to=frozenset(p.id for p in people[: draw(st.integers(0, 2))]))
    asked = [draw(visits(day, people)) for _ in range(draw(st.integers(0, 9)))]
    for one, two in draw(st.sampled_from([[], [(0, 1)], [(0, 1), (1, 2)]])):
        if two < len(asked):
            least, most = draw(st.sampled_from([(0, None), (60, 300), (120, None)]))
            asked[two] = replace(asked[two], person=asked[one].person, pairs=(*asked[two].pairs, Pair(
                asked[one].id, least, most, True)))  # fmt: skip
            asked[one] = replace(asked[one], pairs=(*asked[one].pairs, Pair(asked[two].id, least, most, False)))
    made = Board(Team(TEAM, "North", "reablement", "north", ""), day, tuple(staff), tuple(asked))
    if draw(st.booleans()):
        stay = Elsewhere(staff[-1].id, VisitId(new_id()), TeamId(2), "Else", between(day, 9, 10))
        made = replace(made, elsewhere=(stay,))
    for number in range(len(asked)):
        made = _placed(draw, made, number)
    return made


def _placed(draw: st.DrawFn, made: Board, number: int) -> Board:
    """Somewhere at random, kept when no rule is broken by it."""
    visit, day = made.visits[number], made.day
    start = draw(st.sampled_from([visit.arrive.start, at(day, draw(st.integers(7, 20)))]))
    many = draw(st.integers(0, min(visit.workers_needed, len(made.workers))))
    chosen = draw(st.permutations(made.workers))[:many]
    pinned, state = draw(st.sampled_from([(False, "planned")] * 4 + [(True, "planned"), (False, "done")]))
    window = Window(start, start + timedelta(minutes=visit.minutes))
    held = tuple(Allocation(AllocationId(new_id()), w.id, n, window, pinned) for n, w in enumerate(chosen, 1))
    tried = replace(visit, allocations=held)
    wanted = replace(made, visits=tuple(tried if v is visit else v for v in made.visits))
    if not held or faults(wanted):
        return made
    over = replace(tried, state=state)  # type: ignore[arg-type]
    return replace(made, visits=tuple(over if v is visit else v for v in made.visits))


# ---------------------------------------------------------------- what is held against it


@FEW
@given(days(), st.integers(0, 5), st.sampled_from([None, None, 9, 13]))
def test_a_plan_breaks_no_hard_rule(board: Board, seed: int, hour: int | None) -> None:
    assert faults(board) == []
    now = None if hour is None else at(board.day, hour)
    found = plan(board, Weights(), seed=seed, not_before=now, budget=BUDGET)
    assert faults(found.planned, board, now) == []
    assert [v.id for v in found.planned.visits] == [v.id for v in board.visits]
    named = {t.code for t in found.troubles}
    for visit in found.planned.visits:
        if visit.state == "planned" and not visit.allocations and "nobody has it" in visit.skills:
            assert "plan_skill_nobody_has" in named


@FEW
@given(days(), st.integers(7, 18), st.integers(0, 3))
def test_a_repair_breaks_no_hard_rule(board: Board, hour: int, seed: int) -> None:
    worker, now = board.workers[0], at(board.day, hour)
    try:
        happened = ill(worker, now)
    except BadValue:
        return
    found = repair(board, happened, Weights(), seed=seed, budget=BUDGET)
    planned = found.planned
    sick = replace(worker, shifts=(*worker.shifts, Shift("sickness", happened.window)))
    really = replace(planned, workers=tuple(sick if w.id == worker.id else w for w in planned.workers))
    over = [v for v in board.visits if v.state != "planned"]
    assert faults(really) == []
    assert all(v in planned.visits for v in over), "what is over stays"
    for was in board.visits:
        if was.state == "planned" and any(a.pinned for a in was.allocations):
            stood = {(a.worker_id, a.window) for a in was.allocations if a.worker_id != worker.id}
            stands = {(a.worker_id, a.window) for a in next(v for v in planned.visits if v.id == was.id).allocations}
            assert stood <= stands, "only the pin of whoever is ill does not hold"


def test_the_checker_sees_what_is_wrong() -> None:
    """Each rule broken once: a checker that finds nothing proves nothing."""
    day = DAYS[0]
    who = PersonBrief(PersonId(new_id()), "Adams", "A")
    amina = Worker(WorkerId(1), TEAM, "Amina", "female", "Officer", "car", None, (), (
        Shift("work", between(day, 7, 15)), Shift("leave", between(day, 12, 13))), most_minutes=90)  # fmt: skip
    fine = Visit(VisitId(new_id()), who, TEAM, day, between(day, 9, 10), 30, "x")

    def held(start: int, minutes: int = 30, slot: int = 1) -> Allocation:
        begin = at(day, start)
        return Allocation(AllocationId(new_id()), amina.id, slot, Window(begin, begin + timedelta(minutes=minutes)))

    def of(*visits: Visit, worker: Worker = amina) -> list[str]:
        return faults(Board(Team(TEAM, "North", "reablement", None, ""), day, (worker,), visits))

    nine = replace(fine, allocations=(held(9),))
    other = replace(fine, id=VisitId(new_id()), allocations=(held(9),))
    assert of(nine) == []
    assert of(nine, other) == ["Amina is in two places"]
    assert of(replace(fine, allocations=(held(16),))) == ["off shift"]
    assert of(replace(fine, allocations=(held(12),))) == ["away"]
    assert of(replace(fine, allocations=(held(9, 45),))) == ["not its length"]
    assert of(replace(nine, skills=("hoist",))) == ["lacks a skill"]
    lapsed = replace(amina, skills=(WorkerSkill("hoist", day - timedelta(days=1)),))
    assert of(replace(nine, skills=("hoist",)), worker=lapsed) == ["lacks a skill"]
    assert of(replace(nine, gender_asked="male")) == ["another gender was asked for"]
    assert of(nine, worker=replace(amina, not_to=frozenset({who.id}))) == ["may not go there"]
    assert of(nine, worker=replace(amina, most_minutes=29)) == ["Amina has more than they may"]
    assert of(replace(nine, day=day + timedelta(days=1))) == ["another day"]
    assert "one worker in both places" in of(replace(fine, workers_needed=2, allocations=(held(9), held(9, slot=2))))
    later = replace(other, allocations=(held(11),))
    gap = replace(nine, pairs=(Pair(later.id, 0, 60, False),))
    assert of(gap, later) == ["a gap of 90"]
    pinned = replace(nine, allocations=(replace(nine.allocations[0], pinned=True),))
    boards = [Board(Team(TEAM, "N", "r", None, ""), day, (amina,), (v,)) for v in (pinned, fine)]
    assert _of_change(*boards, None) == ["what stands still was moved"]
    assert _of_change(boards[1], boards[0], at(day, 10)) == ["begins in the past"]
