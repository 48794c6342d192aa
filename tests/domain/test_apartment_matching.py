"""Which apartments suit, with reasons for and against; criteria; reasons of a referral (N4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.apartments.criteria import age_on, has_connection, not_taken, overridable, unmet
from coordination.apartments.matching import Asked, matches
from coordination.apartments.model import Apartment, ApartmentBoard, Pause, Stay
from coordination.apartments.referrals_model import NO_HOME, Home, RequestDraft, WayBack
from coordination.apartments.referrals_rules import check_request, check_way_back, in_force
from coordination.apartments.schemes_model import Flat, Scheme, SchemeNeed
from coordination.distance import straight_km
from coordination.errors import BadValues, obstacle
from coordination.reference import standing
from coordination.values import ApartmentId, DateRange, PersonId, ReferralId, StayId, new_id

DAY = date(2026, 11, 22)
LEASED = date(2017, 1, 1)


def flat(number: int, **more: object) -> Flat:
    facts = {
        "bedrooms": 1, "step_free": False, "hoist": False, "pets": False, "furnished": True, "lease_end": None, **more,
    }  # fmt: skip
    return Flat(ApartmentId(number), f"Flat {number}", lease_start=LEASED, **facts)  # type: ignore[arg-type]


def scheme(number: int, *flats: Flat, **more: object) -> Scheme:
    facts = {"locality": "north", "neighbourhood_id": 1, "least_age": 60, "local_connection": "", **more}
    return Scheme(
        number, f"Court {number}", "sheltered", neighbourhood="Cheetham", address="", postcode="", staff_on_site=False,
        staff_hours="", notes="", revision=1, flats=flats, **facts,  # type: ignore[arg-type]
    )  # fmt: skip


def board(schemes: list[Scheme], stays: tuple[Stay, ...] = (), pauses: tuple[Pause, ...] = ()) -> ApartmentBoard:
    flats = tuple(
        Apartment(f.id, f.name, s.name, s.kind, s.locality, "", f.bedrooms, f.step_free, f.hoist, f.pets, False,
                  s.least_age, f.lease_start, f.lease_end)
        for s in schemes for f in s.flats
    )  # fmt: skip
    return ApartmentBoard(DateRange.of(DAY - timedelta(days=30), 150), flats, stays, pauses)


def stay(number: int, days: int) -> Stay:
    return Stay(StayId(new_id()), ApartmentId(number), "stay", DateRange.of(DAY, days), "in_stay", PersonId(new_id()))


def request(**more: object) -> RequestDraft:
    return RequestDraft(ReferralId(new_id()), "respite", **more)  # type: ignore[arg-type]


def codes(reasons: tuple[object, ...]) -> list[str]:
    return [each.code for each in reasons]  # type: ignore[attr-defined]


def test_what_is_needed_comes_before_when_and_when_before_how_near() -> None:
    here, near, far = (53.50, -2.24), (53.51, -2.24), (53.38, -2.26)
    schemes = [
        scheme(1, flat(1), flat(2, step_free=True, pets=True), place=near),
        scheme(2, flat(3, step_free=True), flat(4, step_free=True), place=far, locality="south"),
    ]
    asked = Asked(date(1940, 1, 1), Home(1, "", "north", here), request(step_free=True, wanted_locality="north"))
    found = matches(board(schemes, (stay(2, 10), stay(4, 3))), schemes, asked, 28, DAY)
    assert [m.apartment.id for m in found] == [2, 3, 4, 1]
    best, second, _third, last = found
    assert best.possible and best.free_from == DAY + timedelta(days=10) and best.km == pytest.approx(1.11, abs=0.01)
    assert codes(best.pros) == ["has_step_free", "own_locality", "near"] and codes(best.cons) == ["free_later"]
    assert codes(second.cons) == ["other_locality", "far"] and codes(second.pros) == ["has_step_free", "free_at_once"]
    assert last.unmet == ("step_free",) and codes(last.cons)[0] == "lacks_step_free" and not last.possible
    assert last.free_from == DAY  # it can be booked all the same, with a reason


def test_every_reason_is_said() -> None:
    one = scheme(1, flat(1, lease_end=DAY + timedelta(days=40), furnished=False), least_age=70, place=None,
                 local_connection="neighbourhood",
                 needs=(SchemeNeed("oxygen", False, "no store"), SchemeNeed("meals", True)))  # fmt: skip
    asked = Asked(
        date(1960, 1, 1), Home(2, "Elsewhere", "north"),
        request(step_free=True, hoist=True, pets=True, bedrooms=2, wanted_scheme=9,
                needs=frozenset({"oxygen", "meals", "nursing"})),
    )  # fmt: skip
    pause = Pause(new_id(), ApartmentId(1), DAY, DAY + timedelta(days=2), "Lift broken")
    (match,) = matches(board([one], pauses=(pause,)), [one], asked, 28, DAY)
    assert match.unmet == ("age", "local_connection", "step_free", "hoist", "pets", "bedrooms", "need:oxygen")
    assert codes(match.pros) == ["meets_need"]
    assert codes(match.cons)[len(match.unmet) :] == [
        "need_not_said", "other_scheme", "distance_not_known", "takes_nobody", "lease_ends", "free_later",
        "not_furnished",
    ]  # fmt: skip


def test_nobody_is_refused_for_what_is_not_known() -> None:
    one = scheme(1, flat(1), local_connection="locality")
    assert unmet(one, one.flats[0], None, NO_HOME, None, DAY) == ()
    assert has_connection(one, NO_HOME) is None
    assert unmet(one, one.flats[0], date(1990, 1, 1), Home(9, "", "south"), None, DAY) == ("age", "local_connection")


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_an_age_is_the_birthdays_that_have_been(born: date, on: date) -> None:
    been = [y for y in range(born.year + 1, on.year + 1) if _birthday(born, y) <= on]
    assert age_on(born, on) == len(been)


def _birthday(born: date, year: int) -> date:
    return date(year, 3, 1) if (born.month, born.day) == (2, 29) and year % 4 else born.replace(year=year)


@given(st.tuples(st.floats(53, 54), st.floats(-3, -2)), st.tuples(st.floats(53, 54), st.floats(-3, -2)))
def test_distance_is_the_same_both_ways(here: tuple[float, float], there: tuple[float, float]) -> None:
    assert straight_km(here, there) == pytest.approx(straight_km(there, here))
    assert straight_km(here, here) == 0


def test_a_refusal_is_answered_by_a_reason_only_where_nothing_else_is_in_the_way() -> None:
    told = not_taken("age,need:oxygen")
    assert codes(told) == ["not_taken_age", "not_taken_need", "not_taken_how"]
    assert overridable(told) == ("age", "need:oxygen")
    assert overridable((*told, obstacle("apartment_taken"))) == () == overridable(())


def test_the_list_of_reasons_has_versions_and_each_asks_its_questions() -> None:
    known = standing.read()
    old = {r.code for r in in_force(known, "apartments-2017-09")}
    new = {r.code for r in in_force(known)}
    assert "crisis" in old - new and {"domestic_abuse", "homelessness_risk"} <= new - old
    assert {"step_down", "respite", "carer_breakdown", "adaptations", "fire_or_flood", "cuckooing"} <= old & new
    draft = request(answers={"expected_end": "soon", "stray": "x"})
    with pytest.raises(BadValues) as told:
        check_request(draft, known)
    assert [(p.field, p.reason) for p in told.value.problems] == [
        ("expected_end", "not_a_date"), ("carer_plan", "apartment_answer_missing"),
    ]  # fmt: skip
    whole = check_request(replace(draft, answers={"expected_end": "2026-12-01", "carer_plan": " rest "}), known)
    assert whole.answers == {"expected_end": "2026-12-01", "carer_plan": "rest"}
    with pytest.raises(BadValues):
        check_request(replace(draft, reason="crisis"), known)


def test_a_decline_says_what_is_next_and_when() -> None:
    with pytest.raises(BadValues) as told:
        check_way_back(WayBack("x", " ", DAY - timedelta(days=1)), DAY)
    assert [p.field for p in told.value.problems] == ["next_step", "look_again_on"]
    assert check_way_back(WayBack("x", " Ask housing ", DAY), DAY).next_step == "Ask housing"
