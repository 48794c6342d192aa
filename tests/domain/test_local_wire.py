"""Records to JSON and back: what another version of the program wrote is read as far as it goes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.errors import BadValue, BadValues, Conflict
from coordination.intake.model import Advice, ContactDraft, Link, NoAction, Refer, ReferralDraft
from coordination.local import wire
from coordination.people.model import Match, PersonRow
from coordination.values import NhsNumber, PersonId, Postcode, ReferralId, new_id

PERSON = PersonRow(
    PersonId(new_id()), "Mrs", "Łukasiewicz", "Zoë", "", date(1945, 7, 14), None, "female", NhsNumber("9434765919"),
    "1 Nelson Street", Postcode("M13 9WP"), "", "", None, "central", (Match("surname", "exact"),),
)  # fmt: skip


def there_and_back(value: Any) -> Any:
    return wire.decode(json.loads(json.dumps(wire.encode(value))))


PLAIN = (
    st.none() | st.booleans() | st.integers() | st.text() | st.uuids() | st.dates() | st.times()
    | st.datetimes(timezones=st.just(UTC)) | st.timedeltas(max_value=timedelta(days=9999), min_value=timedelta(0)).map(
        lambda span: timedelta(seconds=int(span.total_seconds())))
)  # fmt: skip
NESTED = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner) | st.frozensets(st.text())
    ),
    max_leaves=20,
)


@given(NESTED)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    back = there_and_back(value)
    assert back == value
    assert type(back) is type(value)


def test_a_mapping_with_our_own_mark_or_odd_keys_is_no_record() -> None:
    for odd in ({"$": "record", "of": "os:system", "v": {}}, {1: "one", None: 2}, {("a", 1): [{"$": "$"}]}):
        assert there_and_back(odd) == odd


@pytest.mark.parametrize(
    "record",
    [
        PERSON,
        ContactDraft(person_id=PERSON.id, need="Stairs", details={"moft_at": "x"}, received_at=datetime.now(UTC)),
        Refer((ReferralDraft(ReferralId(new_id()), "falls", "routine", "No hurry", safeguarding=True, hold=True),)),
        Advice("The 53"),
        Link(ReferralId(new_id()), "Again"),
        NoAction("Wrong number"),
        BadValues((BadValue("need", "missing"),)),
        {"at": time(9, 30), "half": "\ud800"},
    ],
)
def test_records_come_back_as_they_were(record: Any) -> None:
    assert there_and_back(record) == record


def test_an_error_brings_the_present_record_with_it() -> None:
    back = there_and_back(Conflict("intake", "x", 1, PERSON))
    assert isinstance(back, Conflict)
    assert back.current == PERSON


def test_what_a_newer_version_added_is_passed_over() -> None:
    kept = wire.encode(PERSON)
    kept["v"]["merged_into"] = {"$": "uuid", "v": str(new_id())}
    assert wire.decode(kept) == PERSON


def test_what_an_older_version_did_not_know_is_empty() -> None:
    kept = wire.encode(PERSON)
    for name in ("phone", "birth_date", "matched"):
        del kept["v"][name]
    back = wire.decode(kept)
    assert (back.phone, back.birth_date, back.matched, back.surname) == ("", None, (), "Łukasiewicz")


@pytest.mark.parametrize(
    "of", ["os:system", "coordination.people.model:NoSuch", "coordination.errors:obstacle", "coordination.clock:LONDON"]
)
def test_only_records_of_the_house_are_made(of: str) -> None:
    with pytest.raises(wire.Unreadable):
        wire.decode({"$": "record", "of": of, "v": {}})


def test_one_value_that_cannot_be_kept_or_read_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    kept = wire.encode_what_can_be({"need": "Stairs", "deep": [{"odd": object(), "fine": 1}], "person": PERSON})
    assert kept["deep"] == [{"odd": None, "fine": 1}]
    kept["person"]["of"] = "coordination.people.model:Gone"
    assert wire.decode_what_can_be(kept) == {"need": "Stairs", "deep": [{"odd": None, "fine": 1}], "person": None}
    assert "Łukasiewicz" not in caplog.text and "Stairs" not in caplog.text


TAGS = st.sampled_from(["record", "uuid", "map", "tuple", "datetime"])
ODD = st.recursive(
    st.none() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["$", "v", "of", "a"]), inner | TAGS),
)


@given(ODD)
def test_whatever_is_in_the_file_is_read_or_refused(value: Any) -> None:
    try:
        wire.decode(value)
    except wire.Unreadable:
        return
    wire.decode_what_can_be({"value": value})


def test_ids_are_ids() -> None:
    assert isinstance(there_and_back(new_id()), UUID)
