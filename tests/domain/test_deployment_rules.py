"""D2: what is in the way of a worker at a visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from coordination.deployment.model import Elsewhere, Place, WorkerSkill
from coordination.deployment.rules import lasting, may_end, obstacles, warnings
from coordination.errors import Obstacle
from coordination.values import TeamId, VisitId, new_id
from tests.domain.deployment_boards import DAY, alert, at, board, person, span, visit, worker


def codes(found: tuple[Obstacle, ...]) -> list[str]:
    return [o.code for o in found]


def test_nothing_is_in_the_way_of_a_free_worker_with_the_skill() -> None:
    amina, asked = worker(1, skills=["hoist"]), visit(skills=("hoist",))
    assert obstacles(board([amina], [asked]), asked, amina, at(9)) == ()


def test_busy_names_the_other_visit_and_its_time() -> None:
    amina = worker(1, "Amina")
    other, asked = visit("Davies", to=[(amina, (9, 30))]), visit()
    (found,) = obstacles(board([amina], [other, asked]), asked, amina, at(9))
    assert found.code == "busy" and found.fact("other") == "DAVIES, Emmeline"
    assert (found.fact("start"), found.fact("end")) == (at(9, 30), at(10, 15)) and found.fact("visit") == other.id


def test_visits_may_follow_each_other_without_a_minute_between() -> None:
    amina = worker(1)
    other, asked = visit("Davies", to=[(amina, (9, 45))]), visit()
    assert obstacles(board([amina], [other, asked]), asked, amina, at(9)) == ()


def test_a_visit_of_another_team_is_in_the_way_too() -> None:
    amina, asked = worker(1), visit()
    there = Elsewhere(amina.id, VisitId(new_id()), TeamId(2), "DAVIES, Ann", span((9, 15), (9, 45)))
    (found,) = obstacles(board([amina], [asked], elsewhere=(there,)), asked, amina, at(9))
    assert found.code == "busy" and found.fact("other") == "DAVIES, Ann"


def test_moving_a_visit_does_not_collide_with_itself() -> None:
    amina = worker(1)
    asked = visit(to=[(amina, (9, 0))])
    assert obstacles(board([amina], [asked]), asked, amina, at(9, 15)) == ()


@pytest.mark.parametrize(("hour", "code"), [(6, "off_shift"), (14, None), (15, "off_shift")])
def test_the_whole_visit_lies_in_one_shift(hour: int, code: str | None) -> None:
    amina, asked = worker(1, hours=[(7, 15)]), visit()
    assert codes(obstacles(board([amina], [asked]), asked, amina, at(hour))) == ([code] if code else [])


def test_two_shifts_that_touch_are_still_two() -> None:
    amina, asked = worker(1, hours=[(7, 11), (11, 15)]), visit()
    (found,) = obstacles(board([amina], [asked]), asked, amina, at(10, 30))
    assert found.code == "off_shift" and found.fact("hours") == ((at(7), at(11)), (at(11), at(15)))


def test_nobody_is_sent_who_does_not_work_that_day() -> None:
    amina, asked = worker(1, hours=[]), visit()
    assert codes(obstacles(board([amina], [asked]), asked, amina, at(9))) == ["not_working"]


@pytest.mark.parametrize("kind", ["leave", "sickness"])
def test_leave_and_sickness_take_precedence_over_a_shift(kind: str) -> None:
    amina, asked = worker(1, away=[(kind, 8, 12)]), visit()
    (found,) = obstacles(board([amina], [asked]), asked, amina, at(9))
    assert (found.code, found.fact("kind")) == ("away", kind)
    assert obstacles(board([amina], [asked]), asked, amina, at(12)) == ()


def test_a_missing_skill_is_named_and_one_run_out_is_said_to_have() -> None:
    lapsed = WorkerSkill("insulin", DAY - timedelta(days=1))
    amina = worker(1)
    amina = replace(amina, skills=(lapsed,))
    asked = visit(skills=("hoist", "insulin"))
    (found,) = obstacles(board([amina], [asked]), asked, amina, at(9))
    assert found.fact("skills") == ("Hoist", "Insulin") and found.fact("expired") == ("Insulin",)


def test_a_skill_counts_through_its_last_day() -> None:
    amina = worker(1)
    amina = replace(amina, skills=(WorkerSkill("insulin", DAY),))
    asked = visit(skills=("insulin",))
    assert obstacles(board([amina], [asked]), asked, amina, at(9)) == ()


def test_the_gender_that_was_asked_for() -> None:
    omar, asked = worker(1, gender="male"), visit(gender_asked="female")
    assert codes(obstacles(board([omar], [asked]), asked, omar, at(9))) == ["gender_asked"]


@pytest.mark.parametrize("state", ["done", "no_access", "declined", "cancelled", "moved"])
def test_nobody_is_sent_to_a_visit_that_is_over(state: str) -> None:
    amina, asked = worker(1), visit(state=state)
    assert codes(obstacles(board([amina], [asked]), asked, amina, at(9))) == ["visit_over"]


def test_a_visit_stays_on_its_day() -> None:
    amina, asked = worker(1), visit()
    tomorrow = at(9) + timedelta(days=1)
    assert "another_day" in codes(obstacles(board([amina], [asked]), asked, amina, tomorrow))


def test_a_placed_visit_has_no_room_for_another() -> None:
    amina, bola = worker(1), worker(2)
    asked = visit(to=[(amina, (9, 0))])
    assert codes(obstacles(board([amina, bola], [asked]), asked, bola, at(9))) == ["fully_placed"]
    assert obstacles(board([amina, bola], [asked]), asked, bola, at(9), slot=1) == ()


def test_a_pinned_visit_stays_until_it_is_released() -> None:
    amina = worker(1)
    asked = visit(to=[(amina, (9, 0))], pinned=True)
    assert codes(obstacles(board([amina], [asked]), asked, amina, at(9, 15))) == ["pinned"]


def test_one_worker_is_not_both_halves_of_a_double_up() -> None:
    amina = worker(1)
    asked = visit(to=[(amina, (9, 0))], workers_needed=2)
    assert codes(obstacles(board([amina], [asked]), asked, amina, at(9), slot=2)) == ["already_there"]


def test_the_second_worker_comes_when_the_first_does_or_takes_the_first_along() -> None:
    amina, bola = worker(1, "Amina", hours=[(7, 10)]), worker(2, "Bola")
    asked = visit(to=[(amina, (9, 0))], workers_needed=2)
    day = board([amina, bola], [asked])
    assert obstacles(day, asked, bola, at(9)) == ()
    (found,) = obstacles(day, asked, bola, at(10))
    assert (found.code, found.fact("worker")) == ("off_shift", "Amina")
    fixed = visit(to=[(amina, (9, 0))], workers_needed=2, pinned=True)
    assert codes(obstacles(board([amina, bola], [fixed]), fixed, bola, at(9, 5))) == ["partner_pinned"]


def test_a_missed_window_is_warned_of_and_not_refused() -> None:
    amina, asked = worker(1), visit(start=(9, 0), window=60)
    day = board([amina], [asked])
    assert obstacles(day, asked, amina, at(11)) == ()
    (late,) = warnings(day, asked, amina, at(10, 30))
    (early,) = warnings(day, asked, amina, at(8, 45))
    assert (late.code, late.fact("minutes"), early.code, early.fact("minutes")) == ("late", 30, "early", 15)
    assert warnings(day, asked, amina, at(9)) == warnings(day, asked, amina, at(10)) == ()


def test_a_way_that_takes_longer_than_the_gap_is_warned_of() -> None:
    amina = worker(1)
    here, far = Place(53.50, -2.20), Place(53.58, -2.20)  # about 9 km
    before = visit("Davies", start=(8, 0), to=[(amina, (8, 0))], who=person("Davies", place=here))
    asked = visit(who=person(place=far))
    (found,) = warnings(board([amina], [before, asked]), asked, amina, at(9))
    assert found.code == "travel_short" and found.fact("has") == 15 and found.fact("needed") > 15


def test_what_stands_may_become_wrong_later() -> None:
    amina = worker(1, away=[("sickness", 7, 15)])
    asked = visit(to=[(amina, (9, 0))])
    assert codes(lasting(board([amina], [asked]), asked, asked.allocations[0])) == ["away"]


@pytest.mark.parametrize(
    ("outcome", "sent", "hour", "code"),
    [
        ("done", True, 10, None),
        ("done", True, 8, "not_yet"),
        ("no_access", True, 8, "not_yet"),
        ("done", False, 10, "nobody_sent"),
        ("cancelled", False, 8, None),
        ("declined", True, 8, None),
    ],
)
def test_how_a_visit_may_end(outcome: str, sent: bool, hour: int, code: str | None) -> None:
    asked = visit(to=[(worker(1), (9, 0))] if sent else [])
    assert codes(may_end(asked, outcome, at(hour))) == ([code] if code else [])


def test_sending_one_worker_where_nobody_should_go_alone_is_warned_of() -> None:
    amina, who = worker(1), person(alerts=(alert("do_not_visit_alone"),))
    single, double = visit(who=who), visit(who=who, workers_needed=2)
    assert codes(warnings(board([amina], [single]), single, amina, at(9))) == ["alone"]
    assert warnings(board([amina], [double]), double, amina, at(9)) == ()
