"""How facts are written and how dates are read."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.errors import BadValue
from ui import wording

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_names():
    assert wording.name("Pankhurst", "Emmeline", "Mrs") == "PANKHURST, Emmeline (Mrs)"
    assert wording.name("O’Connor", "Séamus") == "O’CONNOR, Séamus"
    assert wording.name("", "Emmeline") == "Emmeline"
    assert wording.name(None, None) == "Not known"
    assert wording.initials("Pankhurst", "Emmeline") == "E.P."


def test_days_and_times():
    assert wording.day(date(2026, 11, 2)) == "02-Nov-2026"
    assert wording.day(None) == "Not known"
    assert wording.clock_time(NOW) == "10:00"  # British Summer Time
    assert wording.day_time(NOW) == "01-Jul-2026 10:00"
    assert wording.near_time(NOW + timedelta(hours=1), NOW) == "11:00"
    assert wording.near_time(NOW + timedelta(days=1), NOW) == "Tomorrow 10:00"
    assert wording.near_time(NOW + timedelta(days=2), NOW) == "03-Jul-2026 10:00"
    assert wording.weekday(TODAY) == "Sun 22-Nov-2026"


@pytest.mark.parametrize(
    ("birth", "words"),
    [(date(1945, 7, 14), "81y"), (date(1945, 11, 22), "81y"), (date(1945, 11, 23), "80y"), (date(2024, 11, 22), "2y"),
     (date(2024, 11, 23), "23m"), (date(2026, 10, 1), "7w"), (date(2026, 11, 20), "2d"),
     (date(2026, 11, 23), "Not known"), (None, "Not known"), (date(1948, 2, 29), "78y")],
)  # fmt: skip
def test_ages(birth, words):
    assert wording.age(birth, TODAY) == words


def test_born_and_died():
    birth, death = date(1945, 7, 14), date(2026, 2, 3)
    assert wording.born(birth, TODAY) == "14-Jul-1945 (81y)"
    assert wording.born(birth, TODAY, death) == "14-Jul-1945"
    assert wording.died(death, birth) == "03-Feb-2026 (80y)"
    assert wording.born(None, TODAY) == "Not known"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(80, "in 1 h 20 min"), (45, "in 45 min"), (60, "in 1 h"), (0, "now"), (-25, "overdue 25 min"),
     (-95, "overdue 1 h 35 min"), (1500, "in 1 d 1 h"), (2880, "in 2 d")],
)  # fmt: skip
def test_time_left(minutes, words):
    assert wording.time_left(NOW + timedelta(minutes=minutes), NOW) == words


def test_counts_and_lists():
    assert wording.count(1, "visit") == "1 visit"
    assert wording.count(2014, "person", "people") == "2,014 people"
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "b", "c"]) == "a, b and c"
    assert wording.known("  ") == wording.known(None) == "Not known"
    assert wording.known(0) == "0"


@pytest.mark.parametrize(
    "typed",
    ["14071945", "14/7/1945", "14-Jul-1945", "14 July 1945", "14.07.1945", "1945-07-14", "14th jul 1945", "14jul1945",
     "14/7/45", "140745"],
)  # fmt: skip
def test_births_as_typed(typed):
    assert wording.parse_date(typed, TODAY, past=True) == date(1945, 7, 14)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("today", TODAY), ("tomorrow", date(2026, 11, 23)), ("+3", date(2026, 11, 25)), ("-1", date(2026, 11, 21)),
     ("1/2/27", date(2027, 2, 1)), ("1/2/70", date(2070, 2, 1)), ("1/2/80", date(1980, 2, 1)), ("", None),
     ("  ", None)],
)  # fmt: skip
def test_other_days_as_typed(typed, day):
    assert wording.parse_date(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed", ["31/2/1945", "14/13/1945", "hello", "14 Foo 1945", "1", "99999999", "14//1945", "0/0/0"]
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(BadValue) as refused:
        wording.parse_date(typed, TODAY, field="birth_date")
    assert refused.value == BadValue("birth_date", "not_a_date")


@given(DAYS)
def test_what_is_shown_can_be_typed(day):
    assert wording.parse_date(wording.day(day), TODAY) == day
    assert wording.parse_date(day.strftime("%d%m%Y"), TODAY) == day
    assert wording.parse_date(day.isoformat(), TODAY) == day


@given(st.text(max_size=14))
def test_any_text_is_a_date_or_refused(text):
    try:
        found = wording.parse_date(text, TODAY, past=True)
    except BadValue:
        return
    assert found is None or isinstance(found, date)


@pytest.mark.parametrize(
    ("typed", "at"),
    [("9", time(9)), ("09", time(9)), ("930", time(9, 30)), ("0930", time(9, 30)), ("9:30", time(9, 30)),
     ("21.15", time(21, 15)), ("", None)],
)  # fmt: skip
def test_times_as_typed(typed, at):
    assert wording.parse_time(typed) == at


@pytest.mark.parametrize("typed", ["25", "9:60", "noon", "12345", "-1"])
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(BadValue):
        wording.parse_time(typed)


@given(st.times())
def test_times_come_back(at):
    shown = wording.clock_time(at)
    assert wording.parse_time(shown) == at.replace(second=0, microsecond=0, fold=0)
