"""What the apartments amounted to (N5): every day of a lease is one thing, and every figure keeps its stays."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coordination.apartments.measures import Happened, NotAccepting, StayFact, Wait, measures
from coordination.apartments.tracker_model import MoveOnTask, TrackerRow, shown_in, urgency
from coordination.values import DateRange, PersonId, StayId, new_id

START = date(2026, 9, 1)
LEASE = DateRange(date(2017, 1, 1), date(9999, 12, 31))
KINDS = st.sampled_from(["stay", "cleaning", "repair", "offline"])


def fact(flat: str, start: int, days: int, kind: str = "stay", **more: object) -> StayFact:
    more = {"state": "in_stay" if kind == "stay" else "booked", **more}
    period = DateRange.of(START + timedelta(days=start), days)
    return StayFact(flat, "Test Court", "north", LEASE, StayId(new_id()), kind, period=period, **more)  # type: ignore[arg-type]


@st.composite
def a_flat(draw: st.DrawFn) -> list[StayFact]:
    """One flat over some months: stretches of days that do not overlap, as the database keeps them."""
    found, day = [StayFact("Flat 1", "Test Court", "north", LEASE)], draw(st.integers(-40, 10))
    for _ in range(draw(st.integers(0, 8))):
        day += draw(st.integers(0, 12))
        days, kind = draw(st.integers(1, 50)), draw(KINDS)
        more: dict[str, object] = {}
        if kind == "stay" and draw(st.booleans()):
            away = day + draw(st.integers(0, days - 1))
            more = {
                "away_since": START + timedelta(days=away),
                "hold_until": START + timedelta(days=away + draw(st.integers(0, 28))),
            }
        found.append(fact("Flat 1", day, days, kind, **more))
        day += days
    return found


@given(a_flat(), st.integers(1, 120))
def test_every_day_of_the_lease_is_counted_once(flat: list[StayFact], length: int) -> None:
    (found,) = measures(flat, DateRange.of(START, length))
    assert found.leased_days == length == found.stay_days + sum(found.void_days.values())
    assert all(days >= 0 for days in found.void_days.values())
    assert found.occupancy is not None and 0 <= found.occupancy <= 1


@given(st.lists(a_flat(), max_size=3), st.sampled_from(["", "scheme", "locality"]))
def test_the_parts_make_the_whole_and_open_to_their_stays(flats: list[list[StayFact]], by: str) -> None:
    facts = [f for number, flat in enumerate(flats) for f in flat for f in [_in(f, number)]]
    days = DateRange.of(START, 90)
    whole = measures(facts, days)[0]
    parts = measures(facts, days, by)  # type: ignore[arg-type]
    assert sum(p.stay_days for p in parts) == whole.stay_days
    assert sum(len(p.of["stay_days"]) for p in parts) == len(whole.of["stay_days"])
    assert len(whole.of["past_six_weeks"]) == whole.past_six_weeks


def _in(one: StayFact, number: int) -> StayFact:
    from dataclasses import replace

    return replace(one, apartment=f"Flat {number}", scheme=f"Court {number % 2}")


def test_what_a_stay_stood_in_the_place_of_is_counted_where_it_was() -> None:
    facts = [
        fact("Flat 1", 0, 20, state="ended", instead_of="hospital_bed", went_to="own_home", counts_as="home"),
        fact("Flat 2", -5, 10, state="ended", instead_of="care_home", went_to="nursing_home", counts_as="care_home"),
        fact("Flat 3", 25, 50, instead_of="care_home"),
    ]
    (found,) = measures(facts, DateRange.of(START, 30))
    assert found.discharge_days == 20 and found.care_home_stays == 1 and found.past_six_weeks == 1
    assert found.lengths == (20, 10) and found.usual_length == 15
    assert found.went == {"own_home": 1, "nursing_home": 1}


def row(start: date, days: int = 42, **more: object) -> TrackerRow:
    facts = {"away_since": None, "hold_until": None, "next_booking": None, "tasks": (), **more}
    return TrackerRow(
        StayId(new_id()), 1, PersonId(new_id()), "Example", "Test", "", "Test Court · Flat 1", "Test Court", "north",
        DateRange.of(start, days), "", "", booked_by_name="Pia", **facts,  # type: ignore[arg-type]
    )  # fmt: skip


def task(due: date, **more: object) -> MoveOnTask:
    facts = {"owner": None, "owner_name": "", "blocked_by": "", "state": "to_do", "note": "", **more}
    return MoveOnTask(new_id(), StayId(new_id()), None, "Keys", due, done_at=None, done_by_name="", revision=1, **facts)  # type: ignore[arg-type]


def test_marks_limits_and_views() -> None:
    today = date(2026, 11, 22)
    for days_in, mark, past in ((27, None, False), (28, 28, False), (35, 35, False), (42, 42, False), (43, 42, True)):
        one = row(today - timedelta(days=days_in - 1), 60)
        assert (one.day(today), one.mark(today), one.is_past_limit(today)) == (days_in, mark, past)
    over = row(today - timedelta(days=14), 14)
    assert over.is_past_last_day(today) and shown_in(over, "limit", today)
    blocked = row(today, tasks=(task(today + timedelta(days=9), blocked_by="the landlord"),))
    assert shown_in(blocked, "blocked", today) and not shown_in(blocked, "due", today)
    due = row(today, tasks=(task(today + timedelta(days=7)), task(today - timedelta(days=1), state="done")))
    assert shown_in(due, "due", today) and not shown_in(due, "held", today)
    held = row(today - timedelta(days=5), away_since=today, hold_until=today + timedelta(days=7))
    assert held.hold_days_left(today) == 7 and shown_in(held, "held", today)
    assert sorted([due, over, blocked], key=lambda r: urgency(r, today)) == [over, due, blocked]


def test_empty_days_are_told_apart_by_cause() -> None:
    lease = DateRange(START + timedelta(days=5), START + timedelta(days=60))
    flat = StayFact("Flat 1", "Test Court", "north", lease)
    pause = NotAccepting("Test Court", "Flat 1", START + timedelta(days=10), START + timedelta(days=14))
    waits = (
        Wait("north", START + timedelta(days=12), START + timedelta(days=20)),
        Wait("south", START, None),
        Wait(None, START + timedelta(days=28), None),
    )
    (found,) = measures(Happened((flat,), (pause,), waits), DateRange.of(START, 30))
    assert found.unleased_days == 5 and found.leased_days == 25
    assert found.void_days["not_accepting"] == 4  # whoever waited meanwhile could not have been taken
    assert found.void_days["vacant"] == 6 + 2 and found.void_days["no_referral"] == 25 - 4 - 8
    assert [(f.period.start.day, f.period.days) for f in found.of["vacant"] if f.period] == [(15, 6), (29, 2)]


def test_whoever_has_not_left_is_there_whatever_was_to_follow() -> None:
    over, cleaning = fact("Flat 1", 0, 12), fact("Flat 1", 10, 3, "cleaning")
    (found,) = measures([over, cleaning], DateRange.of(START, 20))
    assert found.stay_days == 12 and found.void_days["cleaning"] == 1 and found.leased_days == 20


def test_a_stay_in_two_flats_is_one_stay() -> None:
    first = fact("Flat 1", 0, 30, state="ended", goes_on=True, instead_of="care_home")
    began = START
    then = fact("Flat 2", 30, 20, state="ended", began=began, went_to="family", counts_as="home", overrides=1,
                instead_of="care_home")  # fmt: skip
    (found,) = measures([first, then], DateRange.of(START, 60))
    assert found.lengths == (50,) and found.past_six_weeks == 1 and found.care_home_stays == 1
    assert found.stay_days == 50 and found.overridden == 1 and found.went == {"family": 1}
    assert [f.apartment for f in found.of["to:home"]] == ["Flat 2"] == [f.apartment for f in found.of["went:family"]]
