"""Online forms: the published example, every breach at its field, nothing unknown lost."""

import base64
import copy
import json
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from coordination.messages.model import Kind, Note, Severity
from coordination.messages.online_form import schema
from coordination.values import NhsNumber, Postcode
from tests.domain.messages_support import codes, finding, read
from tests.domain.test_messages_hostile import assert_keepable, with_random_branches

EXAMPLE = json.loads(files("resources").joinpath("schemas", "online-form.example.json").read_text(encoding="utf-8"))


def form(**changes):
    """The published example with changes, sent."""
    return read(json.dumps({**copy.deepcopy(EXAMPLE), **changes}), "form.json")


def person(**changes):
    return form(person={**EXAMPLE["person"], **changes})


def test_schema_and_example_are_sound():
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate(EXAMPLE)


def test_the_published_example():
    message = form()
    assert (message.kind, message.taken_in, message.channel) == (Kind.ONLINE_FORM, True, "online_form")
    assert not message.findings
    assert message.person.nhs_number == NhsNumber("9434765919") and message.person.nhs_status == "not_traced"
    assert (message.person.surname, message.person.birth_date) == ("Pankhurst", date(1945, 7, 14))
    assert message.person.postcode == Postcode("M13 9WP")
    assert message.person.address == "62 Nelson Street, Chorlton-on-Medlock, Manchester"
    assert message.person.communication == ("Large print",)
    assert message.adjustments == ("Let the telephone ring for a long time",)
    assert (message.sender.name, message.sender.role) == ("Sylvia Pankhurst", "daughter")
    assert (message.urgency.level, message.urgency.reason) == ("same_day", "On the form: today")
    assert message.sent_at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert message.consent.agreed is True and message.consent.on == date(2026, 11, 22)
    assert Note("Do you feel safe at home?", "yes") in message.notes


def test_every_breach_is_shown_at_its_field_and_the_rest_is_taken():
    message = form(
        how_soon="yesterday",
        submitted_at=20261122,
        person={**EXAMPLE["person"], "gender": "F", "interpreter": "yes", "birth_date": "2026-02-31", "postcode": "XX"},
        around=[{"relation": "son"}],
    )
    assert message.taken_in and message.person.surname == "Pankhurst"
    refused = {f.path: f.code for f in message.findings if f.severity is Severity.REFUSED_FIELD}
    assert refused == {
        "how_soon": "field_not_a_choice",
        "submitted_at": "field_of_wrong_type",
        "person.gender": "field_not_a_choice",
        "person.interpreter": "field_of_wrong_type",
        "person.birth_date": "birth_date_impossible",
        "person.postcode": "postcode_not_a_postcode",
        "around[0].name": "field_missing",
    }
    assert Note("person.interpreter", "yes") in message.notes  # what was refused is still to be seen


def test_unknown_fields_are_kept():
    message = person(favourite_colour="purple", pets=[{"kind": "cat"}])
    assert message.taken_in
    assert Note("person.favourite_colour", "purple") in message.notes
    assert Note("person.pets", '[{"kind": "cat"}]') in message.notes
    assert finding(message, "field_unknown").severity is Severity.INFO


def test_no_need_is_no_contact():
    data = {k: v for k, v in EXAMPLE.items() if k != "need"}
    message = read(json.dumps(data), "form.json")
    assert [f.code for f in message.reasons] == ["form_without_need"]
    assert finding(message, "field_missing").path == "need"
    assert not form(need="   ").taken_in


def test_no_person():
    message = read(json.dumps({k: v for k, v in EXAMPLE.items() if k != "person"}), "form.json")
    assert message.taken_in and message.person is None and "person_missing" in codes(message)


def test_same_submission_in_other_bytes():
    one = read(json.dumps(EXAMPLE), "a.json")
    other = read(json.dumps(EXAMPLE, indent=4, sort_keys=True), "b.json")
    assert one.sha256 != other.sha256
    assert (one.message_key, one.content_key) == (other.message_key, other.content_key)


def test_same_submission_with_other_words():
    assert form().message_key == form(need="Something else").message_key
    assert form().content_key != form(need="Something else").content_key


def test_safeguarding_is_at_least_same_day():
    message = form(safeguarding=True, safeguarding_words="She is hit", how_soon="can_wait")
    assert message.safeguarding == ("She is hit",)
    assert message.urgency.level == "same_day" and "safeguarding_concern" in codes(message)


def test_nhs_number_that_fails():
    message = person(nhs_number="943 476 5918")
    assert message.taken_in and message.person.nhs_number is None
    assert finding(message, "nhs_number_check_digit_fails").path == "person.nhs_number"


def test_refused_consent():
    assert finding(form(consent={"to_contact": False}), "consent_refused").path == "consent.to_contact"


def test_attachments():
    good, bad = {"name": "a/b/../x.txt", "content": base64.b64encode(b"hi").decode()}, {"name": "y", "content": "%"}
    message = form(attachments=[good, bad])
    assert [(a.name, a.size) for a in message.attachments] == [("x.txt", 2)]
    assert finding(message, "attachment_not_base64").path == "attachments[1].content"


def test_a_hundred_thousand_characters_of_need():
    message = form(need="x" * 100_000)
    assert message.taken_in and len(message.need) == 20_000 and "text_shortened" in codes(message)
    over = form(need="x" * 100_001)
    assert over.taken_in and {"field_too_long", "text_shortened"} <= codes(over)


def test_repeated_key_and_nan():
    text = json.dumps(EXAMPLE).replace('"how_soon": "today"', '"how_soon": "today", "how_soon": "can_wait", "x": NaN')
    message = read(text, "a.json")
    assert finding(message, "json_key_repeated").path == "how_soon"
    assert finding(message, "json_not_a_number").path == "x"
    assert message.urgency.level == "same_day"


@pytest.mark.parametrize("value", [None, [], "text", 5, {"surname": ["a"]}])
def test_person_of_any_shape(value):
    assert_keepable(form(person=value))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(with_random_branches(EXAMPLE))
def test_random_branches(value):
    assert_keepable(read(json.dumps(value), "a.json"))
