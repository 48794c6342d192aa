"""Notices between ward and council: round trips, forgiving reading, strict writing, the standard's own structure."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coordination.errors import BadValues
from coordination.messages.facts import Reading
from coordination.messages.fhir_json import load_json
from coordination.messages.findings import Findings
from coordination.messages.model import Kind, ParsedMessage, Severity
from coordination.messages.prsb import Notice, Said, Stay, notice_type
from coordination.messages.prsb_places import known
from coordination.messages.prsb_read import notices_of
from coordination.messages.prsb_tree import taken_apart
from coordination.messages.prsb_write import written
from coordination.messages.reading import read_message
from coordination.reference.hospital_headings import Heading, codes, find, leaves, root
from coordination.reference.hospital_places import place_of, places
from tests.domain.hospital_kit import (
    NOW,
    TODAY,
    assessment,
    discharge,
    notices,
    receipt,
    withdrawal,
)
from tests.shared_data import shared

DRAWN = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # a whole record takes minutes to shrink, and says enough as it is
TYPES, REASONS = list(codes("withdrawal_type")), list(codes("withdrawal_reason"))


def again(notice: Notice) -> Notice:
    """Written and read."""
    findings = Findings()
    loaded = load_json(written(notice).decode())
    [found] = notices_of(taken_apart(loaded, findings), Reading(TODAY, findings))
    assert [f for f in findings.done() if f.severity is not Severity.INFO] == []
    return found


def read(data: bytes | dict, name: str = "notice.json") -> ParsedMessage:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return read_message(name, content, today=TODAY)


def codes_of(message: ParsedMessage) -> set[str]:
    return {finding.code for finding in message.findings}


@pytest.mark.parametrize("kind", ["assessment", "discharge", "withdrawal", "receipt"])
def test_what_is_written_is_read_again(kind: str) -> None:
    @settings(max_examples=40, deadline=None, phases=DRAWN)
    @given(notices(kind))
    def holds(notice: Notice) -> None:
        assert again(notice) == notice

    holds()


def test_every_type_with_every_reason_and_both_answers_to_each() -> None:
    assert (len(TYPES), len(REASONS)) == (3, 13)
    for type_ in TYPES:
        for reason in REASONS:
            notice = withdrawal(type_=type_, reason=reason)
            assert again(notice) == notice
            message = read(written(notice))
            assert message.taken_in and message.kind is Kind.HOSPITAL_WITHDRAWAL and message.notices == (notice,)
            assert codes("withdrawal_reason")[reason] in message.need
    for kind, type_ in (("assessment", ""), ("discharge", ""), *(("withdrawal", t) for t in TYPES)):
        for response in codes("response"):
            answer = receipt(response=response, notice_type=notice_type(kind, type_))
            assert again(answer) == answer


@settings(max_examples=25, deadline=None, phases=DRAWN)
@given(notices("withdrawal"), st.sampled_from(TYPES), st.sampled_from(REASONS))
def test_withdrawals_with_anything_around_them(notice: Notice, type_: str, reason: str) -> None:
    changed = replace(notice, type=type_, reason=reason, words=("Another",))  # type: ignore[call-arg]
    assert again(changed) == changed


def test_the_same_record_gives_the_same_bytes_in_the_order_of_the_standard() -> None:
    data = written(assessment())
    assert data == written(assessment())
    top = list(json.loads(data))
    assert top[:4] == ["Standard", "Version", "Message", "Person demographics"]
    assert top[-2:] == ["Assessment notice", "NHS CHC Assessment"]


# ---------------------------------------------------------------- the standard itself


def test_headings_are_those_of_the_standard() -> None:
    whole = json.loads(shared("prsb/HospitalforCommunityCare.json").read_text())
    ours = [one for one in root().inner if one.name != "Message"]
    assert len(ours) == len(whole["concept"])
    for heading, concept in zip(ours, whole["concept"], strict=True):
        _same(heading, concept)


def _same(heading: Heading, concept: dict) -> None:
    assert heading.name == re.sub(r"\s+", " ", concept["name"]).strip()
    assert heading.least == int(concept["minimumMultiplicity"])
    assert heading.many == (concept["maximumMultiplicity"] == "*")
    assert heading.duty == (concept.get("mro") or "-")
    inner = concept.get("concept", [])
    assert len(heading.inner) == len(inner), heading.name
    for one, other in zip(heading.inner, inner, strict=True):
        _same(one, other)


def test_codes_are_those_of_the_standard() -> None:
    whole = json.loads(shared("prsb/HospitalforCommunityCare.json").read_text())
    notices_there = {
        c["name"]: {i["name"]: i.get("valueSets", "") for i in c["concept"]} for c in whole["concept"][-5:]
    }
    wanted = {
        "yes_no": ("Assessment notice", "Person consultation indicator"),
        "carer": ("Assessment notice", "Carer consultation indicator"),
        "consent": ("Assessment notice", "Person consent indicator"),
        "consent_source": ("Assessment notice", "Third party person consent source"),
        "withdrawal_type": ("Withdrawal notice", "Withdrawal type"),
        "withdrawal_reason": ("Withdrawal notice", "Reason for withdrawal"),
        "notice_type": ("Notice receipt", "Notice type"),
        "response": ("Notice receipt", "Response type"),
    }
    for name, (group, item) in wanted.items():
        words = re.sub(r"<[^>]+>", " ", notices_there[group][item]).removeprefix("Flag")
        listed = {}
        for part in words.replace("Flag;", "").split(";"):
            code, _, meaning = part.partition(":")
            if meaning.strip():
                listed[code.strip()] = " ".join(meaning.replace("self- ", "self-").split())
        assert dict(codes(name)) == listed, name


# ---------------------------------------------------------------- reading forgives


def test_other_spellings_and_shapes_are_taken_and_told() -> None:
    message = read(
        {
            "hospital referral": {
                "assessment_notice": {"issuedDateAndTime": "2026-11-22T08:30", "person consultation indicator": True},
                "Person Demographics": {
                    "Person name": {"Person family name": "Ashworth", "Person first name": "Edith"},
                    "NHS number": "943 476 5919",
                    "Date of birth": "1941-03-09",
                    "Favourite colour": "Blue",
                },
                "Care needs summary": "Help with the stairs",
                "Withdrawal-notice": {"withdrawal type": 2, "reason for withdrawal": "7: Patient's condition"},
            }
        }
    )
    first, second = message.notices
    assert first.kind == "assessment" and first.person_consulted == "Y"
    assert first.issued_at == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    assert message.person.given == "Edith" and message.person.nhs_number.digits == "9434765919"
    assert (second.type, second.reason) == ("2", "07")
    assert {
        "heading_unknown",
        "words_where_group",
        "heading_missing",
        "time_without_zone",
        "code_otherwise",
    } <= codes_of(message)
    assert any(note.words == "Favourite colour: Blue" or "Blue" in note.words for note in message.notes)
    assert "Help with the stairs" in json.dumps([note.words for note in message.notes]) + message.need


def test_what_cannot_be_believed_is_a_finding_at_its_heading_and_is_kept() -> None:
    plain = json.loads(written(assessment()))
    plain["Person demographics"]["NHS number"] = "9434765918"
    plain["Person demographics"]["Date of birth"] = "1941-02-31"
    plain["Assessment notice"]["Person consent indicator"] = "Perhaps"
    plain["Assessment notice"]["Issued date and time"] = "yesterday"
    message = read(plain)
    wrong = {f.path: f.code for f in message.findings if f.severity is Severity.REFUSED_FIELD}
    assert wrong == {
        "Person demographics > NHS number": "nhs_number_check_digit_fails",
        "Person demographics > Date of birth": "birth_date_impossible",
        "Assessment notice > Person consent indicator": "field_not_a_choice",
        "Assessment notice > Issued date and time": "time_impossible",
    }
    [notice] = message.notices
    kept = {said.path[-1]: said.words for said in notice.said}
    assert kept["Person consent indicator"] == "Perhaps" and kept["NHS number"] == "9434765918"
    assert kept["Issued date and time"] == "yesterday" and notice.issued_at is None
    assert message.taken_in and message.person.surname == "Ashworth" and message.person.nhs_number is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([one.name for one in root().inner] + ["Issued date and time", "Withdrawal type", "x", ""]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=120, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "Withdrawal notice",
                "Discharge notice",
                "Assessment notice",
                "Message",
                "Person demographics",
                "Notice receipt",
                "Safeguarding",
            ]
        ),
        _JSON,
        max_size=5,
    )
)
def test_nothing_that_is_json_stops_the_reader(loaded: dict) -> None:  # fmt: skip
    message = read({**loaded, "Withdrawal notice": loaded.get("Withdrawal notice", {})})
    assert "unforeseen" not in codes_of(message)


@settings(max_examples=20, deadline=None, phases=DRAWN)
@given(notices("assessment"), st.text(st.characters(categories=("Lu", "Ll")), min_size=6, max_size=12))
def test_nothing_is_dropped(notice: Notice, strange: str) -> None:
    """Words at headings that nobody knows are among the notes."""
    plain = json.loads(written(notice))
    plain["Something new"] = {"inner": [{"deep": f"zz{strange}"}, f"yy{strange}"]}
    plain["Risks"] = {**plain.get("Risks", {}), "A new risk": f"xx{strange}"}
    message = read(plain)
    all_words = "\n".join(note.words for note in message.notes)
    assert all(f"{start}{strange}" in all_words for start in ("zz", "yy", "xx"))
    assert "heading_unknown" in codes_of(message)


def test_two_withdrawals_in_one_message_are_two() -> None:
    plain = json.loads(written(withdrawal(type_="2", reason="07", minutes_ago=20)))
    plain["Withdrawal notice"].append({**plain["Withdrawal notice"][0], "Withdrawal type": "1",
                                       "Issued date and time": NOW.isoformat()})  # fmt: skip
    assert [one.type for one in read(plain).notices] == ["2", "1"]


def test_more_notices_than_any_ward_sends_are_kept_as_words() -> None:
    one = {"Withdrawal type": "1", "Reason for withdrawal": "12"}
    message = read({"Withdrawal notice": [one] * 30, "Message": {"Identifier": "x"}})
    assert len(message.notices) == 20 and "notices_left_out" in codes_of(message)
    assert sum(len(notice.said) for notice in message.notices) == 20


# ---------------------------------------------------------------- writing is strict


@pytest.mark.parametrize(
    ("notice", "field", "reason"),
    [
        (withdrawal(reason="14"), "reason", "not_in_list"),
        (withdrawal(reason="13", words=()), "words", "required"),
        (withdrawal(type_=""), "type", "required"),
        (receipt(response="2", details=()), "details", "required"),
        (receipt(response="3"), "response", "not_in_list"),
        (assessment(consent="L"), "consent_source", "required"),
        (assessment(consent="Y", consent_source="B"), "consent_source", "not_in_list"),
        (assessment(care_needs=""), "care_needs", "required"),
        (assessment(care_needs="a\x00b"), "care_needs", "not_plain_text"),
        (assessment(reason="x" * 9_000), "reason", "too_long"),
        (assessment(said=()), "Allergies and adverse reactions", "required"),
        (assessment(issued_at=NOW.replace(tzinfo=None)), "issued_at", "not_a_time"),
        (discharge(said=(Said(("Nowhere",), "x"),)), "Nowhere", "heading_unknown"),
        (discharge(stay=Stay(carer_informed="Y")), "Discharge details > Discharge date informed status > "
         "Discharge date person informed indicator", "required"),
        (discharge(said=(Said(("Alerts", 1, "Alerts record entry", 0, "Alert"), "x"),)),
         "Alerts[2] > Alerts record entry[1] > Alert", "heading_too_often"),
    ],
)  # fmt: skip
def test_what_would_not_be_read_again_is_not_written(notice: Notice, field: str, reason: str) -> None:
    with pytest.raises(BadValues) as refused:
        written(notice)
    assert (field, reason) in {(bad.field, bad.reason) for bad in refused.value.problems}


# ---------------------------------------------------------------- for an assessment


def test_what_is_known_of_needs_has_a_place() -> None:
    facts = dict(known(assessment()))
    assert facts["message.care_needs_summary"].startswith("Two people")
    assert facts["message.about_me.what_is_most_important_to_me"].startswith("My cat")
    assert facts["message.social_context.household_composition"] == "Lives alone."
    assert facts["message.referral_details.reason_for_referral"].startswith("Fractured")
    assert set(facts) <= set(places())
    assert len(places()) == len(set(places())) and all(place.startswith("message.") for place in places())
    assert place_of(("Message", "Identifier")) == "" and place_of(("Nowhere", "x")) == ""
    assert all(find(path) is not None for path in leaves())
