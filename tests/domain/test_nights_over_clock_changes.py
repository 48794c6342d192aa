"""Nights and hours over midnight, weekends and both changes of the clock (T1, T2, T6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from coordination.clock import LONDON, at_local, local_date
from coordination.transfer.hours import last_moment
from coordination.transfer.model import LIST, AssessClock, Delay, Transfer, TransferId
from coordination.values import PersonId, new_id
from ui.transfer import words

HOUR = timedelta(hours=1)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # the clocks change in their first hours
INSTANTS = st.one_of(
    st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    *(
        st.integers(-200, 200).map(lambda quarter, day=day: at_local(day, 1) + timedelta(minutes=15 * quarter))
        for day in (SPRING, AUTUMN, date(2026, 12, 31), date(2026, 11, 21))
    ),
)
ONE = Transfer(
    TransferId(new_id()), PersonId(new_id()), "Pankhurst", "Emmeline", "Mrs", None, "NMGH", "North Manchester", "F5",
    LIST, at_local(SPRING, 0), None, "", "", "in_hospital", None, "", None, "", (), "north", (), (), 1,
)  # fmt: skip


def midnights(start: datetime, end: datetime) -> int:
    """London's midnights after ``start``, up to ``end``: counted one by one."""
    day, found = start.astimezone(LONDON).date() + timedelta(days=1), 0
    while at_local(day, 0) <= end:
        day, found = day + timedelta(days=1), found + 1
    return found


@given(INSTANTS, st.timedeltas(timedelta(), timedelta(days=50)))
@example(at_local(SPRING, 0) - timedelta(minutes=1), timedelta(minutes=1))
@example(at_local(AUTUMN, 0), 24 * HOUR)  # that day has 25
@example(at_local(SPRING, 0), 23 * HOUR)  # and that one 23
def test_a_night_is_a_midnight_of_london(ready: datetime, length: timedelta) -> None:
    now = ready + length
    one, today = replace(ONE, ready_at=ready), local_date(now)
    assert one.nights_waited(today) == midnights(ready, now)
    left = replace(one, left_at=now, state="left")
    assert left.nights_waited(local_date(now + 100 * HOUR)) == midnights(ready, now)
    # Stretches of one reason after another add up to the whole, wherever the clock changes in between.
    middle = local_date(ready + length / 2)
    parts = (Delay(new_id(), "x", local_date(ready), middle), Delay(new_id(), "y", middle, None))
    assert replace(one, delays=parts).nights_without_reason(today) == 0
    assert parts[0].nights(today) + parts[1].nights(today) == midnights(ready, now)


@given(INSTANTS, st.sampled_from((4, 24)), st.timedeltas(-timedelta(hours=30), timedelta(hours=30)))
@example(at_local(AUTUMN, 0), 4, 3 * HOUR)
@example(at_local(SPRING, 0), 4, 5 * HOUR)
def test_hours_that_are_left_are_hours(started: datetime, hours: int, passed: timedelta) -> None:
    due, now = started + hours * HOUR, started + passed
    clock = AssessClock("assess_4h" if hours == 4 else "assess_24h", started, due, "Cora Example")
    one = replace(ONE, clocks=(clock,))
    assert clock.left(now) == timedelta(hours=hours) - passed
    said = words.assess_words(one, now)
    over = passed - timedelta(hours=hours)
    if over >= HOUR:
        assert said == f"{over // HOUR} h over"
    elif over > timedelta():
        assert said == f"{over // timedelta(minutes=1)} min over"
    else:
        assert "over" not in said
    look = words.assess_look(one, now)
    assert (look is not None and look.tone == "red") == (due < now)
    # Social work is there from 08:00 to 22:00: what is shown is never later than what is due.
    latest = last_moment(due)
    assert latest <= due and due - latest <= 11 * HOUR and 8 <= latest.astimezone(LONDON).hour <= 22


@given(INSTANTS, st.integers(1, 600), st.integers(0, 600))
def test_a_clock_that_stands_still_goes_on_with_what_was_left(started: datetime, pause: int, later: int) -> None:
    """The database moves what is due by the planned length of a pause at once."""
    begins = started + HOUR
    until = begins + timedelta(minutes=pause)
    clock = AssessClock("assess_4h", started, started + 4 * HOUR + (until - begins), "", until, "not_well_enough")
    now = begins + timedelta(minutes=later)
    assert clock.stands_still(now) == (now < until)
    assert clock.left(now) == (3 * HOUR if now < until else 3 * HOUR - (now - until))
