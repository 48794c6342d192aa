"""NHS England's own BaRS examples, each asserted in substance; and the rules that they break."""

import json
from datetime import UTC, date, datetime

import pytest

from coordination.messages.model import Alert, Kind, Severity
from coordination.values import NhsNumber, Postcode
from tests.domain.messages_support import as_json, codes, finding, read, read_path, read_referral, referral
from tests.shared_data import shared, shared_files

EXAMPLES = shared_files("bars/examples/*.xml")
SINGLES = shared_files("ukcore/*.xml")


def example(start: str):
    return read_path(next(p for p in shared("bars/examples").iterdir() if p.name.startswith(start)))


@pytest.mark.parametrize("path", EXAMPLES + SINGLES, ids=lambda p: p.stem[:30])
def test_every_file_is_taken_in_or_refused_with_reasons(path):
    message = read_path(path)
    assert message.taken_in != bool(message.reasons)
    assert "unforeseen" not in codes(message)
    assert all(f.path for f in message.findings)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem[:30])
def test_json_says_the_same_as_xml(path):
    of_xml = read_path(path)
    of_json = read(json.dumps(as_json(path.read_text())), "same.json")
    same = (
        "kind",
        "message_key",
        "content_key",
        "known_as",
        "concerns",
        "sender",
        "person",
        "channel",
        "need",
        "urgency",
    )
    same += ("safeguarding", "adjustments", "alerts", "consent", "notes", "findings", "sent_at", "respond_by")
    for name in same:
        assert getattr(of_json, name) == getattr(of_xml, name), name
    assert of_json.sha256 != of_xml.sha256


def test_111_to_emergency_department():
    message = example("REFREQ01")
    assert (message.kind, message.taken_in) == (Kind.BARS_REFERRAL, True)
    person = message.person
    assert (person.title, person.surname, person.given) == ("Mrs", "Jones", "Julie")
    assert (person.birth_date, person.gender) == (date(1959, 5, 4), "female")
    assert person.nhs_number is None and person.nhs_number_sent == "3478526985"
    assert person.postcode == Postcode("LS10 4YU")
    assert [p.number for p in person.phones] == ["07736312544", "01138698975"]  # by rank
    assert person.practice_code == "G82080" and person.practice_name == "Patient's Surgery"
    assert (person.around[0].name, person.around[0].relation) == ("Jack Grayson", "emergency contact")
    assert (message.sender.organisation, message.sender.organisation_code) == ("Sender Organization", "RND")
    assert (message.sender.name, message.sender.role) == ("Marcy BLAKE", "Administrative healthcare staff")
    assert message.channel == "gp_out_of_hours"
    assert message.need.startswith("ED post tonsillectomy bleeding")
    assert "\nThe nose was continuing to bleed.\n" in message.need  # the sender writes /n for a line break
    assert message.urgency.level == "two_hours" and "within 1 hour" in message.urgency.reason
    assert message.safeguarding == ("Child is cause for safeguarding concern (finding)",)
    assert message.adjustments == ("Adjust for needle phobia",)
    assert Alert("allergy", "Amoxicillin: Urticarial rash") in message.alerts
    assert next(a for a in message.alerts if a.kind == "do_not_visit_alone").words.endswith("not be seen alone")
    assert (message.consent.agreed, message.consent.scope, message.consent.basis) == (True, "Direct Care", "implied")
    assert message.service_wanted == "Emergency Department - Adult"
    assert message.sent_at == datetime(2021, 10, 11, 15, 23, 30, tzinfo=UTC)
    bad = finding(message, "nhs_number_check_digit_fails")
    assert (bad.path, bad.severity) == ("Patient.identifier[nhs-number]", Severity.REFUSED_FIELD)
    assert bad.fact("value") == "3478526985"
    assert any(n.title == "Medication" and "Aspirin" in n.words for n in message.notes)


def test_practice_to_pharmacy_is_wanted_within_a_day():
    message = example("REFREQ03")
    assert message.channel == "gp"
    assert message.need.startswith("Vomiting\n") and "Unable to pass stool" in message.need
    assert message.urgency.level == "24_hours"
    assert message.respond_by == datetime(2023, 6, 27, 11, 30, tzinfo=UTC)


def test_window_that_is_empty_says_nothing_of_urgency():
    message = example("REFREQ06")
    assert message.urgency is None
    assert finding(message, "window_is_empty").severity is Severity.INFO
    assert any("Systolic blood pressure 120" in n.words for n in message.notes)


def test_ambulance_message_about_somebody_unknown():
    message = example("REFREQ8A")
    assert message.kind is Kind.BARS_REFERRAL and message.taken_in
    assert message.person.surname == "" and message.person.around[0].name == "Jack Grayson"
    assert {"name_missing", "nhs_number_missing", "needs_emergency_response"} <= codes(message)
    assert message.channel == "ambulance" and message.urgency.level == "two_hours"
    assert message.need == "Arrest/ Peri Arrest"
    assert any("CPR has started" in n.words for n in message.notes)
    assert any("399 Chorley New Road" in n.words for n in message.notes)


def test_update_names_the_request_that_it_updates():
    first, update = example("REFREQ8A"), example("REFREQ8B")
    assert update.kind is Kind.BARS_UPDATE
    assert set(update.concerns) & set(first.known_as)
    assert update.person.surname == "Jones"
    many = finding(update, "too_many")
    assert (many.path, many.fact("count"), many.fact("wanted")) == ("Encounter", 2, 1)


def test_one_bundle_id_under_three_messages_is_three_messages():
    """REFREQ8A, REFREQ8B and VALREQ01 carry the same Bundle.id."""
    keys = {example(start).message_key for start in ("REFREQ8A", "REFREQ8B", "VALREQ01")}
    assert len(keys) == 3


def test_cancel_names_the_request_that_it_withdraws():
    request, cancel = example("VALREQ01"), example("SERVREQ01")
    assert request.kind is Kind.BARS_VALIDATION
    assert request.urgency.level == "two_hours" and "Cat3" in request.urgency.reason
    assert cancel.kind is Kind.BARS_CANCEL and cancel.status == "revoked"
    assert cancel.concerns and set(cancel.concerns) <= set(request.known_as)
    assert cancel.urgency is None and cancel.need == "Request: withdrawn"


def test_response_names_the_message_that_it_answers():
    request, response = example("REFREQ01"), example("REFRESP01")
    assert response.kind is Kind.BARS_RESPONSE
    assert set(response.concerns) & set(request.known_as)
    assert "Appointment: did not attend" in response.need
    assert response.safeguarding == ("Unspecified Safeguarding Concern Identified",)
    assert response.urgency is None


def test_short_response_with_a_definition_that_does_not_exist():
    message = example("REFRESP02")
    assert message.taken_in and message.kind is Kind.BARS_RESPONSE
    assert finding(message, "definition_unknown").path == "MessageHeader.definition"
    assert "Case reciever1234: cancelled: Requested resource not available" in message.need


def test_booking():
    message = example("BOOKREQ01")
    assert message.kind is Kind.BARS_BOOKING and message.taken_in
    assert message.person.nhs_number == NhsNumber("9476719931") and message.person.nhs_status == "verified"
    assert message.respond_by == datetime(2021, 10, 12, 12, 30, 30, tzinfo=UTC)
    assert message.person.address == "123 High Street, Leeds"


def test_a_flag_is_no_message_but_its_concern_is_seen():
    message = example("FLA06")
    assert not message.taken_in and message.kind is Kind.FHIR_RESOURCE
    assert message.reasons[0].code == "not_a_message" and message.reasons[0].fact("resource") == "Flag"
    assert message.safeguarding and "safeguarding_concern" in codes(message)
    assert finding(message, "subject_not_in_file").path == "Flag.subject"


def test_a_bare_patient_is_refused_with_what_it_holds():
    message = read_path(shared("ukcore/UKCore-Patient-RichardSmith-Example.xml"))
    assert [f.code for f in message.reasons] == ["not_a_message"]
    assert message.person.surname == "SMITH" and message.person.nhs_number == NhsNumber("9912003888")
    assert message.person.nhs_status == "verified"  # code 01
    assert set(message.person.communication) == {"British Sign Language", "Makaton vocabulary", "Large print"}


def test_language_other_than_english():
    message = read_referral({"communication": [
        {"language": {"coding": [{"code": "en", "display": "English"}]}},
        {"language": {"coding": [{"code": "ur", "display": "Urdu"}]}, "preferred": True},
    ]})  # fmt: skip
    assert message.person.language == "Urdu"


# ---------------------------------------------------------------- rules broken on purpose


def test_small_referral_is_taken_in():
    message = read_referral()
    assert message.taken_in and message.person.nhs_number == NhsNumber("9434765919")
    assert message.sender.organisation_code == "P84004" and message.channel == "gp"
    assert message.need == "Cannot manage the stairs"


def test_cancel_with_reason_new():
    message = read_referral(request={"status": "revoked"})
    assert message.kind is Kind.BARS_CANCEL
    assert finding(message, "cancel_with_wrong_reason").fact("value") == "new"


def test_intent_other_than_plan():
    assert finding(read_referral(request={"intent": "order"}), "intent_is_not_plan").severity is Severity.WARNING


@pytest.mark.parametrize(
    ("priority", "level"), [("stat", "two_hours"), ("asap", "same_day"), ("urgent", "24_hours"), ("routine", "routine")]
)
def test_urgency_by_priority(priority, level):
    assert read_referral(request={"priority": priority}).urgency.level == level


def test_the_most_urgent_sign_governs():
    request = {"priority": "routine", "authoredOn": "2026-11-22T09:00:00Z"}
    request["occurrencePeriod"] = {"end": "2026-11-22T10:30:00Z"}
    urgency = read_referral(request=request).urgency
    assert (urgency.level, urgency.reason) == ("two_hours", "Wanted within 90 minutes")


def test_no_header_but_a_request_and_a_person():
    bundle = referral()
    bundle["entry"] = bundle["entry"][1:]
    bundle["type"] = "collection"
    message = read(json.dumps(bundle))
    assert message.taken_in and message.kind is Kind.FHIR_BUNDLE
    assert {"header_missing", "bundle_is_not_message"} <= codes(message)
    assert message.channel == "other_centre" and message.need


def test_search_result_is_refused():
    bundle = referral(type="searchset")
    bundle["entry"] = bundle["entry"][1:]
    message = read(json.dumps(bundle))
    assert [f.code for f in message.reasons] == ["bundle_is_not_message"]


def test_two_people_and_no_word_for_whom():
    bundle = referral(request={"subject": {"display": "her"}})
    bundle["entry"].append({"fullUrl": "urn:uuid:pat2", "resource": {"resourceType": "Patient"}})
    assert [f.code for f in read(json.dumps(bundle)).reasons] == ["patients_several"]


def test_nothing_asked_for():
    bundle = referral()
    bundle["entry"] = [e for e in bundle["entry"] if e["resource"]["resourceType"] != "ServiceRequest"]
    refused = read(json.dumps(bundle)).reasons[0]
    assert refused.code == "request_missing" and "Patient" in refused.fact("holds")


def test_reference_to_nothing():
    message = read_referral(request={"requester": {"reference": "urn:uuid:nobody"}})
    assert finding(message, "reference_dangling").path == "ServiceRequest.requester"


def test_attachment_in_the_message():
    bundle = referral()
    bundle["entry"].append({"resource": {
        "resourceType": "DocumentReference",
        "content": [{"attachment": {"contentType": "text/plain", "title": "note.txt", "data": "aGVsbG8="}},
                    {"attachment": {"contentType": "text/plain", "title": "bad.txt", "data": "%%%"}},
                    {"attachment": {"url": "https://example.org/letter.pdf"}}],
    }})  # fmt: skip
    message = read(json.dumps(bundle))
    assert [(a.name, a.size) for a in message.attachments] == [("note.txt", 5)]
    assert {"attachment_not_base64", "attachment_not_fetched"} <= codes(message)


def test_no_safeguarding_issue_is_no_concern():
    bundle = referral()
    flag = {"resourceType": "Flag", "status": "active", "category": [{"coding": [{"code": "SG"}]}]}
    flag["code"] = {"coding": [{"code": "861931000000100", "display": "No safeguarding issues identified"}]}
    bundle["entry"].append({"resource": flag})
    message = read(json.dumps(bundle))
    assert message.safeguarding == () and "safeguarding_concern" not in codes(message)


def test_response_whose_focus_is_an_encounter():
    bundle = referral()
    header = bundle["entry"][0]["resource"]
    header["eventCoding"]["code"] = "servicerequest-response"
    header["focus"] = [{"reference": "urn:uuid:enc"}]
    bundle["entry"].append({"fullUrl": "urn:uuid:enc", "resource": {"resourceType": "Encounter", "status": "finished"}})
    message = read(json.dumps(bundle))
    assert message.taken_in and message.kind is Kind.BARS_RESPONSE
    assert finding(message, "focus_of_wrong_kind").fact("value") == "Encounter"
    assert message.need.startswith("Request: active\nCase: finished\n")
