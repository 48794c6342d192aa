"""Day of stay, marks, limits and holds by the calendar of London: midnight, weekends, both clock changes (N3, N4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coordination.apartments.rules import MARKS, SIX_WEEKS
from coordination.apartments.tracker_model import shown_in
from coordination.clock import LONDON, local_date
from tests.domain.test_apartment_measures import row
from ui.apartments import tracker_words as words

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
FROM, TO = datetime(2026, 1, 1), datetime(2027, 12, 31)  # noqa: DTZ001  (st.datetimes gives them the zone)
INSTANTS = st.datetimes(FROM, TO, timezones=st.just(UTC))


@given(INSTANTS, st.integers(0, 80))
@example(datetime(2026, 3, 28, 23, 59, tzinfo=UTC), 41)
@example(datetime(2026, 3, 29, 23, 0, tzinfo=UTC), 41)  # already the 30th in London
@example(datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC), 27)
@example(datetime(2026, 10, 25, 23, 30, tzinfo=UTC), 34)  # no longer summer: still the 25th
def test_the_day_of_a_stay_turns_at_midnight_in_london(now: datetime, ago: int) -> None:
    today = local_date(now)
    one = row(now.astimezone(LONDON).date() - timedelta(days=ago), 60)
    assert one.day(today) == ago + 1
    assert one.mark(today) == max((m for m in MARKS if m <= ago + 1), default=None)
    assert one.is_past_limit(today) == (ago + 1 > SIX_WEEKS) == one.lacks_reason(today)
    later = local_date(now + timedelta(seconds=1))
    assert one.day(later) - one.day(today) == (later - today).days in (0, 1)


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_six_weeks_over_a_clock_change_are_forty_two_days(change: date) -> None:
    one = row(change - timedelta(days=20), 42)
    assert words.marks_of(one)[42] == one.period.last
    for mark, on in words.marks_of(one).items():
        for hour in (0, 12, 23):
            assert one.day(local_date(datetime(on.year, on.month, on.day, hour, 30, tzinfo=LONDON))) == mark
    assert one.period.last.weekday() == (one.period.start - timedelta(days=1)).weekday()  # weekends count like any day
    assert not one.is_past_last_day(one.period.last) and one.is_past_last_day(one.period.end)


@given(INSTANTS, st.integers(1, 28))
@example(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), 7)
@example(datetime(2026, 10, 25, 0, 59, tzinfo=UTC), 7)
def test_a_hold_lasts_whole_days_and_its_clock_says_so(now: datetime, days: int) -> None:
    since = local_date(now)
    one = row(since - timedelta(days=3), away_since=since, hold_until=since + timedelta(days=days))
    assert one.hold_days_left(since) == days and words.held(one, since).startswith(str(days))
    last = datetime.combine(since + timedelta(days=days), datetime.max.time(), LONDON)
    assert words.held(one, local_date(last)) == "Until today"
    over = local_date(last + timedelta(seconds=1))
    assert words.held(one, over) == "Over by 1 day" and words.held_look(one, over).tone == "red"  # type: ignore[union-attr]
    assert shown_in(one, "held", over)  # it gives nothing back by itself


def test_a_stay_that_went_on_elsewhere_is_counted_from_its_first_day() -> None:
    today = date(2026, 11, 22)
    one = row(today - timedelta(days=4), 20, began=today - timedelta(days=44))
    assert one.day(today) == 45 and one.is_past_limit(today) and shown_in(one, "limit", today)
    assert words.day_words(one, today) == "Day 45: say why" and "In this apartment since" in words.day_tip(one, today)
