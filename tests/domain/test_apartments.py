"""Rules of the apartments, against plain counting over days (N3, N4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.apartments import rules
from coordination.apartments.model import Apartment, ApartmentBoard, Stay, StayDraft
from coordination.errors import IllegalMove
from coordination.values import ApartmentId, DateRange, PersonId, StayId, new_id

DAY = date(2026, 11, 1)
SPAN = DateRange.of(DAY, 90)


def flat(number: int = 1, end: date | None = None) -> Apartment:
    return Apartment(
        ApartmentId(number), f"Flat {number}", "Court", "sheltered", "north", "x", 1, number == 2, False, False, False,
        60, date(2017, 1, 1), end,
    )  # fmt: skip


def stay(start: int, days: int, number: int = 1, **more: object) -> Stay:
    period = DateRange.of(DAY + timedelta(days=start), days)
    return Stay(StayId(new_id()), ApartmentId(number), "stay", period, "booked", PersonId(new_id()), **more)  # type: ignore[arg-type]


@st.composite
def stays_apart(draw: st.DrawFn) -> list[Stay]:
    """Stays of one apartment that do not overlap, as the database keeps them."""
    found, at = [], 0
    for gap, days in draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 20)), max_size=6)):
        found.append(stay(at + gap, days))
        at += gap + days
    return found


@given(stays_apart(), st.integers(1, 30), st.integers(0, 60))
def test_the_first_free_days_are_free_and_the_first(stays: list[Stay], days: int, after: int) -> None:
    board = ApartmentBoard(SPAN, (flat(),), tuple(stays))
    not_before = DAY + timedelta(days=after)
    found = rules.first_free(board, flat(), days, not_before)

    def free(day: date) -> bool:
        return not any(s.period.overlaps(DateRange.of(day, days)) for s in stays)

    by_counting = next((d for d in (not_before + timedelta(days=n) for n in range(400)) if free(d)), None)
    assert found == (by_counting if by_counting is not None and by_counting < SPAN.end else None)


@given(stays_apart(), st.integers(0, 80), st.integers(1, 42))
def test_something_is_in_the_way_exactly_when_days_are_shared(stays: list[Stay], start: int, days: int) -> None:
    draft = StayDraft(ApartmentId(1), DateRange.of(DAY + timedelta(days=start), days), person_id=PersonId(new_id()))
    board = ApartmentBoard(SPAN, (flat(),), tuple(stays))
    shared = [s for s in stays if set(s.period) & set(draft.period)]
    assert len(rules.in_the_way(board, draft)) == len(shared)


def test_a_lease_that_ends_is_in_the_way() -> None:
    board = ApartmentBoard(SPAN, (flat(end=DAY + timedelta(days=10)),), ())
    draft = StayDraft(ApartmentId(1), DateRange.of(DAY, 11), person_id=PersonId(new_id()))
    assert [o.code for o in rules.in_the_way(board, draft)] == ["not_leased"]
    assert rules.first_free(board, board.apartments[0], 11, DAY) is None


@pytest.mark.parametrize(("days", "mark"), [(26, None), (27, 28), (33, 28), (34, 35), (41, 42), (60, 42)])
def test_the_marks_are_reached_on_day_28_35_and_42(days: int, mark: int | None) -> None:
    assert rules.nearness(stay(0, 70), DAY + timedelta(days=days)) == mark


def test_day_one_is_the_first_day() -> None:
    here = stay(3, 10)
    assert rules.day_of_stay(here, DAY + timedelta(days=2)) is None
    assert rules.day_of_stay(here, DAY + timedelta(days=3)) == 1


@pytest.mark.parametrize("length", [42, 43])
def test_past_six_weeks_asks_for_a_reason(length: int) -> None:
    draft = StayDraft(ApartmentId(1), DateRange.of(DAY, length), person_id=PersonId(new_id()))
    assert [p.reason for p in rules.check_draft(draft)] == (["past_six_weeks_needs_reason"] if length > 42 else [])


def test_who_has_moved_on_is_not_cancelled() -> None:
    with pytest.raises(IllegalMove):
        rules.check_move(_ended(), "cancelled")


def _ended() -> Stay:
    period = DateRange.of(DAY, 5)
    return Stay(StayId(new_id()), ApartmentId(1), "stay", period, "ended", PersonId(new_id()))
