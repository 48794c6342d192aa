"""What a change makes of the calendar, against plain counting over days (N3, N4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.apartments import calendar, rules
from coordination.apartments.calendar import Plan
from coordination.apartments.model import Apartment, ApartmentBoard, Pause, Stay
from coordination.errors import Refused
from coordination.values import ApartmentId, DateRange, PersonId, StayId, new_id

DAY = date(2026, 3, 1)  # the clocks go forward on the 29th, and back on 25 October: days are days all the same
SPAN = DateRange(DAY - timedelta(days=60), DAY + timedelta(days=400))
LENGTHS = {"cleaning": 1, "inspection": 1}
FLATS = tuple(
    Apartment(
        ApartmentId(n), f"Flat {n}", "Court", "sheltered", "north", "", 1, True, False, False, False, None,
        date(2017, 1, 1), None,
    )
    for n in (1, 2, 3)
)  # fmt: skip


def stay(flat: int, start: int, days: int, **more: object) -> Stay:
    period = DateRange.of(DAY + timedelta(days=start), days)
    return Stay(StayId(new_id()), ApartmentId(flat), "stay", period, "booked", PersonId(new_id()), revision=1, **more)  # type: ignore[arg-type]


def done(board: ApartmentBoard, made: Plan) -> ApartmentBoard:
    """The board as the database would keep it."""
    rows = {row.id: replace(row, revision=max(1, row.revision)) for row in made.rows}
    kept = [s for s in board.stays if s.id not in rows]
    return replace(board, stays=(*kept, *(r for r in rows.values() if r.state != "cancelled")))


def apart(board: ApartmentBoard) -> bool:
    """No day of an apartment is taken twice."""
    days = [(s.apartment_id, day) for s in board.stays for day in s.period]
    return len(days) == len(set(days))


@st.composite
def boards(draw: st.DrawFn) -> ApartmentBoard:
    """Stays booked one after another with what follows them, where there was room."""
    board = ApartmentBoard(SPAN, FLATS, ())
    for flat, start, days in draw(
        st.lists(st.tuples(st.integers(1, 3), st.integers(0, 60), st.integers(1, 20)), min_size=2, max_size=9)
    ):
        made = calendar.plan(board, [stay(flat, start, days)], LENGTHS)
        if not calendar.in_the_way(board, made):
            board = done(board, made)
    return board


@given(boards(), st.data())
def test_whatever_is_not_in_the_way_can_be_done_and_what_is_offered_is_free(
    board: ApartmentBoard, data: st.DataObject
) -> None:
    stays = [s for s in board.stays if s.kind == "stay"]
    one, other = data.draw(st.sampled_from(stays)), data.draw(st.sampled_from(stays))
    shift, longer = data.draw(st.integers(-30, 30)), data.draw(st.integers(-10, 20))
    day = DAY + timedelta(days=data.draw(st.integers(0, 80)))
    moved = DateRange.of(one.period.start + timedelta(days=shift), max(1, one.period.days + longer))
    flat = ApartmentId(data.draw(st.integers(1, 3)))
    wishes = [
        lambda: (replace(one, apartment_id=flat, period=moved),),
        lambda: calendar.swapped(board, one, other, data.draw(st.sampled_from([None, day]))),
        lambda: calendar.split(board, one, day, flat),
        lambda: (replace(one, state="cancelled", reason="went home"),),
    ]
    try:
        wanted = data.draw(st.sampled_from(wishes))()
    except Refused as refusal:
        assert refusal.obstacles and refusal.obstacles[0].facts
        return
    made = calendar.plan(board, wanted, LENGTHS)
    found = calendar.in_the_way(board, made)
    after = done(board, made)
    if found:
        assert all(o.facts for o in found)
        for offer in calendar.offers(board, made, DAY):
            there = replace(
                made.main[0], apartment_id=offer.fact("at"), period=DateRange(offer.fact("start"), offer.fact("end"))
            )
            assert not calendar.in_the_way(board, calendar.plan(board, [there], LENGTHS))
    else:
        assert apart(after)
        for row in (s for s in after.stays if s.kind == "stay"):
            assert all(
                f.apartment_id == row.apartment_id and f.period.start >= row.period.end for f in after.following(row.id)
            )


@given(boards(), st.integers(0, 60))
def test_a_swap_from_a_day_leaves_everybody_their_days(board: ApartmentBoard, after: int) -> None:
    stays = [s for s in board.stays if s.kind == "stay"]
    for one, other in pairwise(stays):
        day = DAY + timedelta(days=after)
        try:
            rows = calendar.swapped(board, one, other, day)
        except Refused:
            continue
        for before, there in ((one, other.apartment_id), (other, one.apartment_id)):
            parts = [r for r in rows if r.person_id == before.person_id]
            assert sorted(d for r in parts for d in r.period) == list(before.period)
            for part in parts:
                begins = part.period.start >= day or before.period.start >= day
                assert part.apartment_id == (there if begins else before.apartment_id)
                assert part.first_day == before.first_day


@given(boards())
def test_what_gave_way_is_what_a_change_of_the_stay_would_not_lay(board: ApartmentBoard) -> None:
    """Cleaning that is missing although there is room is no mark: the next change lays it."""
    board = replace(board, lengths=LENGTHS)
    for each in (s for s in board.stays if s.kind == "stay"):
        laid = {row.kind for row in calendar.plan(board, [each], LENGTHS).rows if row.state != "cancelled"}
        assert set(calendar.gave_way(board, each)) == set(calendar.missing(board, each, LENGTHS)) - laid
    bare = replace(board, stays=tuple(s for s in board.stays if s.kind == "stay"))
    assert all(calendar.gave_way(replace(bare, lengths={}), s) == () for s in bare.stays)


def test_after_a_refused_exchange_nothing_is_offered_that_the_other_still_has() -> None:
    board = ApartmentBoard(SPAN, FLATS, ())
    one, other, third = stay(1, 0, 1), stay(2, 1, 1), stay(2, 0, 1)
    for each in (one, other, third):
        board = done(board, calendar.plan(board, [each], LENGTHS))
    made = calendar.plan(board, calendar.swapped(board, one, other, None), LENGTHS)
    assert [o.fact("stay") for o in calendar.in_the_way(board, made)] == [third.id]
    for offer in calendar.offers(board, made, DAY):
        there = replace(one, apartment_id=offer.fact("at"), period=DateRange(offer.fact("start"), offer.fact("end")))
        assert not calendar.in_the_way(board, calendar.plan(board, [there], LENGTHS)), offer.code


def test_day_28_35_and_42_are_counted_over_all_parts_of_a_stay() -> None:
    first = stay(1, 0, 30)
    board = ApartmentBoard(SPAN, FLATS, (first,))
    _, second = calendar.split(board, first, DAY + timedelta(days=20), ApartmentId(2))
    assert rules.mark_days(second)[28] == DAY + timedelta(days=27)
    assert rules.day_of_stay(second, DAY + timedelta(days=20)) == 21
    assert second.whole_days == 30


@pytest.mark.parametrize(("day", "free"), [(9, True), (10, False), (14, False), (15, True)])
def test_nobody_is_taken_in_while_an_apartment_does_not_accept(day: int, free: bool) -> None:
    pause = Pause(
        new_id(), ApartmentId(1), DAY + timedelta(days=10), DAY + timedelta(days=15), "Sickness in the scheme"
    )
    board = ApartmentBoard(SPAN, FLATS[:1], (), (pause,))
    made = calendar.plan(board, [stay(1, day, 10)], LENGTHS)
    assert [o.code for o in calendar.in_the_way(board, made)] == ([] if free else ["not_accepting_until"])
    here = rules.first_free(board, FLATS[0], 10, DAY + timedelta(days=day))
    assert here == (DAY + timedelta(days=day) if free else DAY + timedelta(days=15))
    for_good = replace(board, pauses=(replace(pause, end=None),))
    assert rules.first_free(for_good, FLATS[0], 1, DAY + timedelta(days=10)) is None


def test_a_stay_keeps_its_days_over_both_clock_changes() -> None:
    board = ApartmentBoard(SPAN, FLATS, ())
    for begins in (date(2026, 3, 28), date(2026, 10, 24)):
        made = calendar.plan(board, [replace(stay(1, 0, 3), period=DateRange.of(begins, 3))], LENGTHS)
        assert [(r.kind, (r.period.start - begins).days, r.period.days) for r in made.rows] == [
            ("stay", 0, 3), ("cleaning", 3, 1), ("inspection", 4, 1),
        ]  # fmt: skip
