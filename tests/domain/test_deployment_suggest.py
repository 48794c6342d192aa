"""D3, by suggestion: where a visit could begin, and who could take it."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.deployment.balance import balance
from coordination.deployment.drafts import check_drafts, repeated
from coordination.deployment.model import Board, Visit, VisitDraft, Worker
from coordination.deployment.rules import obstacles, slot_for
from coordination.deployment.suggest import best_start, open_starts, who_could_take
from coordination.errors import BadValues
from coordination.values import DateRange, PersonId, TeamId, VisitId, Window, new_id
from tests.domain.deployment_boards import DAY, at, board, visit, worker


@st.composite
def small_boards(draw: st.DrawFn) -> tuple[Board, Visit]:
    """Up to three workers with odd shifts and absences, three visits that are placed anywhere, and one to place."""
    quarter = st.integers(0, 59).map(lambda n: (7 + n // 4, n % 4 * 15))
    hours = st.lists(st.sampled_from([(7, 11), (12, 15), (16, 22)]), unique=True, max_size=2)
    away = st.lists(st.sampled_from([("leave", 9, 10), ("sickness", 13, 17)]), max_size=1)
    skills = st.lists(st.sampled_from(["hoist", "insulin"]), unique=True)
    gender = st.sampled_from(["female", "male"])
    workers = [
        worker(n, hours=draw(hours), away=draw(away), skills=draw(skills), gender=draw(gender)) for n in (1, 2, 3)
    ]
    visits = []
    for n in range(draw(st.integers(1, 4))):
        when = draw(quarter)
        sent = draw(st.lists(st.sampled_from(workers), unique_by=lambda w: w.id, max_size=2))
        visits.append(
            visit(
                f"P{n}",
                start=draw(quarter),
                minutes=draw(st.sampled_from([15, 45, 90])),
                to=[(w, when) for w in sent],
                workers_needed=max(len(sent), draw(st.integers(1, 2))),
                skills=tuple(draw(skills)),
                gender_asked=draw(st.sampled_from([None, None, "female"])),
                pinned=draw(st.booleans()),
            )
        )
    return board(workers, visits), draw(st.sampled_from(visits))


@settings(max_examples=150)
@given(small_boards(), st.integers(0, 2), st.integers(0, 24 * 12 - 1))
def test_a_start_is_open_exactly_when_nothing_is_in_the_way(found: tuple[Board, Visit], n: int, step: int) -> None:
    day, asked = found
    chosen, start = day.workers[n], at(0) + timedelta(minutes=5 * step)
    slot = slot_for(asked, chosen.id)
    is_open = any(start in stretch for stretch in open_starts(day, asked, chosen, slot))
    assert is_open == (obstacles(day, asked, chosen, start, slot) == ())


@settings(max_examples=100)
@given(small_boards())
def test_a_suggestion_can_be_taken_and_the_rest_say_why_not(found: tuple[Board, Visit]) -> None:
    day, asked = found
    suggested = who_could_take(day, asked)
    assert sorted(c.worker.id for c in suggested) == sorted(w.id for w in day.workers)
    for candidate in suggested:
        if candidate.start is None:
            assert candidate.obstacles
        else:
            assert obstacles(day, asked, candidate.worker, candidate.start) == () == candidate.obstacles
    able = [c.start is not None for c in suggested]
    assert able == sorted(able, reverse=True)


def starts_of(day: Board, asked: Visit, who: Worker) -> datetime | None:
    return best_start(day, asked, who)


def test_the_earliest_start_in_the_window_is_offered() -> None:
    amina = worker(1)
    other, asked = visit("Davies", to=[(amina, (8, 50))]), visit()
    assert starts_of(board([amina], [other, asked]), asked, amina) == at(9, 35)


def test_a_start_past_the_window_is_the_nearest_to_it() -> None:
    amina = worker(1)
    other, asked = visit("Davies", minutes=120, to=[(amina, (8, 50))]), visit(window=30)
    assert starts_of(board([amina], [other, asked]), asked, amina) == at(8, 5)


def test_odd_minutes_are_rounded_up_when_there_is_room() -> None:
    amina = worker(1)
    other, asked = visit("Davies", minutes=33, to=[(amina, (8, 50))]), visit()
    assert starts_of(board([amina], [other, asked]), asked, amina) == at(9, 25)


def test_the_second_worker_is_offered_the_time_of_the_first() -> None:
    amina, bola = worker(1), worker(2)
    asked = visit(to=[(amina, (9, 40))], workers_needed=2)
    assert starts_of(board([amina, bola], [asked]), asked, bola) == at(9, 40)


def test_nothing_is_offered_in_the_past() -> None:
    amina, asked = worker(1), visit()
    day = board([amina], [asked])
    assert best_start(day, asked, amina, not_before=at(9, 32)) == at(9, 35)
    (only,) = who_could_take(day, asked, not_before=at(14, 45))
    assert only.start is None and [o.code for o in only.obstacles] == ["no_time_left"]


def test_a_known_face_comes_first_then_the_lighter_day() -> None:
    amina, bola, carl = worker(1, "Amina"), worker(2, "Bola"), worker(3, "Carl")
    busy = visit("Davies", start=(12, 0), to=[(amina, (12, 0))])
    asked = visit(known_to=(carl.id,))
    found = who_could_take(board([amina, bola, carl], [busy, asked]), asked)
    assert [c.worker.name for c in found] == ["Carl", "Bola", "Amina"]
    assert found[0].reasons[0].code == "knows_person"


def test_demand_is_held_against_capacity_hour_by_hour() -> None:
    amina = worker(1, hours=[(7, 10)], away=[("leave", 7, 8)])
    done = visit("Davies", start=(8, 30), minutes=60, to=[(amina, (8, 30))])
    open_ = visit(start=(9, 0), minutes=45, workers_needed=2)
    hours = balance(board([amina], [done, open_]))
    assert [h.start for h in hours] == [at(h) for h in range(7, 22)]
    assert [(h.placed, h.unplaced, h.capacity) for h in hours[:4]] == [(0, 0, 0), (30, 0, 60), (30, 90, 60), (0, 0, 0)]
    assert [h.is_short for h in hours[:4]] == [False, False, True, False]


def draft(**more: object) -> VisitDraft:
    arrive = Window.of(at(9), 60)
    return VisitDraft(
        **{  # type: ignore[arg-type]
            **{"id": VisitId(new_id()), "person_id": PersonId(new_id()), "team_id": TeamId(1), "day": DAY},
            **{"arrive": arrive, "minutes": 45, "need": "Breakfast", **more},
        }
    )


def test_a_draft_names_every_field_that_is_wrong() -> None:
    wrong = draft(need=" ", minutes=3, workers_needed=3, priority=9, day=DAY + timedelta(days=1))
    try:
        check_drafts([draft(), wrong])
    except BadValues as error:
        assert [p.field for p in error.problems] == [
            "1.need",
            "1.minutes",
            "1.workers_needed",
            "1.priority",
            "1.arrive",
        ]
    else:
        raise AssertionError


def test_a_repeated_visit_keeps_its_time_by_the_clock_on_the_wall_and_its_ids() -> None:
    spring = DAY.replace(year=2027, month=3, day=27)  # the clocks go forward on the 28th
    first = draft(day=spring, arrive=Window.of(at(9, day=spring), 60))
    twice = [repeated(first, DateRange.of(spring, 3)) for _ in range(2)]
    assert twice[0] == twice[1] and twice[0][0] == first and len({d.id for d in twice[0]}) == 3
    assert [d.arrive.start for d in twice[0]] == [at(9, day=d.day) for d in twice[0]]
    check_drafts(twice[0])
