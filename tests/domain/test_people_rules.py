"""What may be registered, who is responsible, who may be the same person."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.errors import BadValue, BadValues
from coordination.people.dates import read_birth_date
from coordination.people.model import AlertDraft, AroundDraft, Match, PersonDraft, Place, Responsibility
from coordination.people.rules import check, check_alert, check_around, readable, responsible_for, weigh

TODAY = date(2026, 11, 22)
NORTH, SOUTH = Place(1, "Cheetham and Crumpsall", "north"), Place(12, "Didsbury", "south")


def reasons(error: pytest.ExceptionInfo[BadValues]) -> dict[str, str]:
    return {problem.field: problem.reason for problem in error.value.problems}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31/02/1950", "impossible_date"),
        ("14/13/1950", "impossible_date"),
        ("23/11/2026", "in_the_future"),
        ("31/12/1889", "before_1890"),
        ("yesterday week", "not_a_date"),
        ("14/7", "not_a_date"),
    ],
)
def test_impossible_births(text: str, reason: str) -> None:
    with pytest.raises(BadValue) as told:
        read_birth_date(text, TODAY)
    assert told.value.reason == reason


def test_a_form_reads_one_day_and_the_last_century_that_was() -> None:
    assert read_birth_date("6/11/20", TODAY) == date(2020, 11, 6)
    assert read_birth_date("6-Nov-27", TODAY) == date(1927, 11, 6)
    assert read_birth_date("  ", TODAY) is None
    assert read_birth_date(date(1945, 7, 14), TODAY) == date(1945, 7, 14)


def test_a_person_without_anything_but_a_surname_is_normal() -> None:
    fields = check(PersonDraft(surname="Unknown man"), TODAY)
    assert (fields.nhs_number, fields.nhs_status, fields.birth_date, fields.postcode) == (
        None,
        "none_known",
        None,
        None,
    )


def test_died_before_born() -> None:
    with pytest.raises(BadValues) as told:
        check(PersonDraft(surname="x", birth_date="1/1/1950", deceased_on="1/1/1949"), TODAY)
    assert reasons(told) == {"deceased_on": "before_birth"}


@given(st.text(min_size=1, max_size=200))
def test_any_name_is_kept_but_for_unseen_controls_or_refused_with_a_reason(name: str) -> None:
    seen = re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", name).strip()
    try:
        assert check(PersonDraft(surname=name), TODAY).surname == seen
    except BadValues as bad:
        assert {p.reason for p in bad.problems} <= {"missing", "has_unstorable_character"}
        assert not seen or "\0" in name or any("\ud800" <= c <= "\udfff" for c in name)


@given(st.builds(PersonDraft, **dict.fromkeys(("surname", "given", "postcode", "nhs_number", "birth_date"), st.text())))  # type: ignore[arg-type]
def test_whatever_is_half_typed_is_readable(draft: PersonDraft) -> None:
    readable(draft, TODAY)


def test_a_key_safe_code_is_never_written_down() -> None:
    with pytest.raises(BadValues) as told:
        check_alert(AlertDraft("key_safe", "Left of the door, 4711"))
    assert reasons(told) == {"words": "no_key_safe_code"}
    assert check_alert(AlertDraft("key_safe", "Left of the door")).words == "Left of the door"


def test_alerts_and_people_around_are_checked() -> None:
    with pytest.raises(BadValues) as told:
        check_alert(AlertDraft("other", since=date(2026, 2, 1), until=date(2026, 1, 1)))
    assert reasons(told) == {"words": "missing", "until": "ends_before_it_starts"}
    with pytest.raises(BadValues) as told:
        check_around(AroundDraft(" "))
    assert reasons(told) == {"name": "missing"}


# P2
def test_health_follows_the_practice_and_social_care_the_residence() -> None:
    both = Responsibility(health=NORTH, social_care=SOUTH)
    assert both.differ
    assert responsible_for("health", both) == NORTH
    assert responsible_for("social_care", both) == SOUTH
    assert responsible_for("both", both) == SOUTH
    outside = Responsibility(health=NORTH, social_care=None)
    assert responsible_for("both", outside) == NORTH
    assert responsible_for("social_care", outside) is None
    assert not Responsibility(NORTH, NORTH).differ


@pytest.mark.parametrize(
    ("agree", "strength"),
    [
        ({"nhs_number": "exact"}, "same"),
        ({"surname": "exact", "given": "exact", "birth_date": "exact"}, "possible"),  # never more by themselves
        ({"surname": "exact", "given": "exact", "birth_date": "exact", "postcode": "exact"}, "likely"),
        ({"surname": "misspelt", "given": "exact", "birth_date": "exact", "phone": "exact"}, "likely"),
        ({"surname": "swapped", "given": "swapped", "birth_date": "exact", "phone": "exact"}, "likely"),
        ({"surname": "exact", "given": "exact", "birth_date": "differs", "postcode": "exact"}, "possible"),
        (
            {"surname": "exact", "given": "exact", "birth_date": "exact", "phone": "exact", "nhs_number": "differs"},
            "possible",
        ),
        ({"birth_date": "exact", "phone": "exact"}, "possible"),
        ({"surname": "exact", "given": "exact"}, None),
        ({"surname": "exact", "birth_date": "exact"}, None),
        ({"postcode": "exact"}, None),
        ({}, None),
    ],
)
def test_how_likely_two_are_one(agree: dict[str, str], strength: str | None) -> None:
    assert weigh([Match(field, how) for field, how in agree.items()]) == strength  # type: ignore[arg-type]
