"""What is typed while a caller speaks, read into a query."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coordination.people.dates import Span
from coordination.people.distance import distance, near
from coordination.people.search import LONGEST, Query, parse, readings
from coordination.values import NhsNumber, Postcode

TODAY = date(2026, 11, 22)
BORN = date(1945, 7, 14)
DAY = Span(BORN, BORN)

BIRTHS = (
    "14/7/45",
    "14/07/1945",
    "14-7-1945",
    "14.7.45",
    "14 7 1945",
    "14 07 45",
    "14 jul 1945",
    "14 July 45",
    "14th of July 1945",
    "14-Jul-1945",
    "14jul1945",
    "July 14, 1945",
    "jul 14 1945",
    "1945-07-14",
    "1945/7/14",
    "19450714",
    "14071945",
    "140745",
    "7/14/1945",  # American, where the British reading cannot be
)
PHONES = (
    "0161 496 0123",
    "01614960123",
    "(0161) 496 0123",
    "+44 161 496 0123",
    "+44 (0)161 496 0123",
    "0044 161 4960123",
)
NHS = ("943 476 5919", "9434765919", "943-476-5919")
POSTCODES = ("M13 9WP", "m139wp", "M13  9wp")


@pytest.mark.parametrize("text", BIRTHS)
def test_a_birth_date_in_many_spellings(text: str) -> None:
    assert parse(text, TODAY) == Query(births=(DAY,))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1945", date(1945, 1, 1), date(1945, 12, 31)),
        ("jul 1945", date(1945, 7, 1), date(1945, 7, 31)),
        ("february 1948", date(1948, 2, 1), date(1948, 2, 29)),
    ],
)
def test_a_year_or_a_month_is_a_start(text: str, first: date, last: date) -> None:
    assert parse(text, TODAY).births == (Span(first, last),)


def test_two_digits_of_a_year_may_be_two_centuries() -> None:
    assert [span.first.year for span in parse("6/11/20", TODAY).births] == [1920, 2020]
    assert [span.first.year for span in parse("6/12/26", TODAY).births] == [1926]  # not born yet otherwise


@pytest.mark.parametrize("text", PHONES)
def test_telephone_numbers(text: str) -> None:
    assert parse(text, TODAY) == Query(phones=("1614960123",))


def test_a_telephone_number_may_hold_what_looks_like_a_year() -> None:
    assert parse("0161 496 1945", TODAY) == Query(phones=("1614961945",))
    assert parse("01 12 1949 07700 900123", TODAY) == Query(
        births=(Span(date(1949, 12, 1), date(1949, 12, 1)),), phones=("7700900123",)
    )


def test_ten_digits_that_fail_their_check_are_said_so() -> None:
    query = parse("943 476 5918", TODAY)
    assert query.nhs_number is None
    assert query.nhs_check_fails
    assert not parse("943 476 5919", TODAY).nhs_check_fails


def test_the_beginning_of_something() -> None:
    assert parse("943 476", TODAY).digits == ("943476",)
    assert parse("m13", TODAY).postcode_starts == ("M13 ",)
    assert parse("m13 9", TODAY).postcode_starts == ("M13 9",)


@pytest.mark.parametrize(
    ("text", "names", "before_comma"),
    [
        ("PANKHURST, Emmeline (Mrs)", ("PANKHURST", "Emmeline"), 1),
        ("Mrs Pankhurst", ("Pankhurst",), 0),
        ("de la Cruz, Ana", ("de", "la", "Cruz", "Ana"), 3),
        ("O'Brien", ("O'Brien",), 0),
        ("Smith-Jones mary", ("Smith-Jones", "mary"), 0),
        ("محمد الحسن", ("محمد", "الحسن"), 0),
        ("Lord", ("Lord",), 0),  # a title is a name when nothing else is
        ("pankhurst,", ("pankhurst",), 0),
        ("May Smith", ("May", "Smith"), 0),
    ],
)
def test_names(text: str, names: tuple[str, ...], before_comma: int) -> None:
    assert parse(text, TODAY) == Query(names=names, before_comma=before_comma)


def test_readings_try_both_orders_and_words_together() -> None:
    assert readings(("smith", "jones")) == (("jones", "smith"), ("smith", "jones"), ("smithjones", ""))
    assert readings(("smith", "mary"), before_comma=1) == (("smith", "mary"),)
    assert readings(()) == ()


@given(
    st.permutations(["name", "given", "birth", "postcode", "phone", "nhs"]),
    st.sampled_from(BIRTHS[:2] + BIRTHS[6:18]),
    st.sampled_from(POSTCODES),
    st.sampled_from(PHONES),
    st.sampled_from(NHS),
)
def test_any_order(order: list[str], birth: str, postcode: str, phone: str, nhs: str) -> None:
    parts = {"name": "Pankhurst", "given": "Emmeline", "birth": birth, "postcode": postcode, "phone": phone, "nhs": nhs}
    query = parse(" ".join(parts[part] for part in order), TODAY)
    assert set(query.names) == {"Pankhurst", "Emmeline"}
    assert query.births == (DAY,)
    assert query.postcodes == (Postcode("M13 9WP"),)
    assert query.phones == ("1614960123",)
    assert query.nhs_number == NhsNumber("9434765919")


@given(st.dates(date(1900, 1, 1), TODAY), st.sampled_from(["%d/%m/%Y", "%d-%b-%Y", "%Y-%m-%d", "%d%m%Y", "%d %B %Y"]))
@example(date(2001, 1, 19), "%d%m%Y")
def test_every_day_is_read_back(day: date, form: str) -> None:
    assert parse(day.strftime(form), TODAY).births == (Span(day, day),)


@given(st.text(max_size=400))
def test_nothing_typed_ever_fails(text: str) -> None:
    query = parse(text, TODAY)
    assert all("\0" not in name for name in query.names)
    assert len(query.names) <= 4
    assert all(span.first <= span.last and span.first <= TODAY for span in query.births)


@given(st.text(alphabet="0123456789 /-.()+jul", max_size=LONGEST))
def test_no_heap_of_digits_fails_or_takes_long(text: str) -> None:
    assert sum(1 for _ in parse(text, TODAY).births) <= LONGEST


words = st.text(alphabet="abcdefghij", min_size=1, max_size=10)


@given(words, words)
def test_distance_is_the_same_both_ways_and_nought_only_for_the_same(one: str, other: str) -> None:
    assert distance(one, other, 4) == distance(other, one, 4)
    assert (distance(one, other, 4) == 0) == (one == other)


@given(st.text(alphabet="abcdefghij", min_size=5, max_size=12), st.data())
def test_one_slip_is_always_near(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from("abcdefghij"))
    for slipped in (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ):
        assert slipped == name or near(slipped, name)


def test_short_names_are_not_everybody() -> None:
    assert not near("li", "ng")
    assert not near("ali", "kim")
    assert near("lee", "les")
    assert not near("smith", "jones")


def test_days_before_the_first_and_after_the_last_are_no_births() -> None:
    assert parse(f"{TODAY + timedelta(days=1):%d/%m/%Y}", TODAY).births == ()
    assert parse("1/1/1850", TODAY).births == ()
