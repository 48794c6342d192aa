"""Whatever the bytes: a message or a reason, never an exception, and nothing that cannot be kept."""

import dataclasses
import json
from datetime import UTC, datetime
from enum import Enum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.messages.model import Severity
from coordination.messages.reading import MAX_FILE, not_read, read_message
from tests.domain.messages_support import TODAY, as_json, codes, finding, read, read_referral, referral
from tests.shared_data import shared_files

EXAMPLES = [p.read_bytes() for p in shared_files("bars/examples/*.xml")] or [json.dumps(referral()).encode()]
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def texts_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, Enum | int | float | None.__class__):
        return
    elif isinstance(value, tuple):
        for one in value:
            yield from texts_of(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts_of(getattr(value, field.name))


def assert_keepable(message):
    """Everything in it can be stored by PostgreSQL and shown without turning the reading direction."""
    assert "unforeseen" not in codes(message), message.findings
    assert message.taken_in or message.reasons
    for text in texts_of(message):
        text.encode("utf-8")
        assert "\x00" not in text
        assert not any(mark in text for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert len(message.need) <= 20_000


# ---------------------------------------------------------------- hypothesis


@QUICK
@given(st.binary(max_size=3000), st.sampled_from(["a.xml", "b.json", "c.eml", "d", "e.pdf"]))
def test_random_bytes(data, name):
    assert_keepable(read(data, name))


@st.composite
def mutated(draw):
    data = bytearray(draw(st.sampled_from(EXAMPLES)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data) - 1))
        match draw(st.sampled_from(["flip", "cut", "drop", "insert", "repeat"])):
            case "flip":
                data[at] = draw(st.integers(0, 255))
            case "cut":
                del data[max(at, 1) :]
            case "drop":
                del data[at : at + draw(st.integers(1, 400))]
            case "insert":
                data[at:at] = draw(st.binary(max_size=30))
            case "repeat":
                data[at:at] = data[at : at + 200]
        if not data:
            data = bytearray(b"<")
    return bytes(data)


@QUICK
@given(mutated())
def test_mutated_examples(data):
    assert_keepable(read(data))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    max_leaves=25,
)


@QUICK
@given(anything)
def test_random_json(value):
    assert_keepable(read(json.dumps(value), "a.json"))


@st.composite
def with_random_branches(draw, of):
    """A good message with some branches replaced by anything at all."""
    root = json.loads(json.dumps(of))
    for _ in range(draw(st.integers(1, 5))):
        here = root
        while isinstance(here, dict | list) and here:
            key = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
            if not isinstance(here[key], dict | list) or draw(st.integers(0, 4)) == 0:
                here[key] = draw(anything)
                break
            here = here[key]
    return root


@QUICK
@given(with_random_branches(referral()))
def test_referral_with_random_branches(value):
    assert_keepable(read(json.dumps(value), "a.json"))


@QUICK
@given(with_random_branches(as_json(EXAMPLES[6].decode()) if len(EXAMPLES) > 6 else referral()))
def test_example_with_random_branches(value):
    assert_keepable(read(json.dumps(value), "a.json"))


@QUICK
@given(st.text(max_size=60))
def test_names_are_kept_as_they_are(name):
    """Whatever a name holds, except what cannot be stored or would turn the text around."""
    message = read_referral({"name": [{"family": name}]})
    assert_keepable(message)
    if name.isprintable() and name.strip() == name and "  " not in name:
        assert message.person.surname == name


# ---------------------------------------------------------------- XML


BOMB = """<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;&a;">]><Bundle>&c;</Bundle>"""
EXTERNAL = """<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Bundle xmlns="http://hl7.org/fhir"><id value="&x;"/></Bundle>"""
PARAMETER = """<!DOCTYPE b SYSTEM "http://example.org/evil.dtd"><Bundle xmlns="http://hl7.org/fhir"/>"""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "xml_entity"),
        (EXTERNAL, "xml_external_entity"),
        (PARAMETER, "xml_external_entity"),
        ("<!DOCTYPE Bundle><Bundle/>", "xml_document_type"),
        ("<Bundle xmlns='http://hl7.org/fhir'><type value='message'/><entry>", "xml_broken"),
        ("<Bundle><a></b></Bundle>", "xml_broken"),
        ("<Bundle>&undefined;</Bundle>", "xml_broken"),
        ("<html><body>Sign in</body></html>", "format_unsupported"),
        ("<ClinicalDocument xmlns='urn:hl7-org:v3'><title/></ClinicalDocument>", "not_a_message"),
        ("<a:b xmlns:a='urn:x'/>", "not_a_message"),
        ("<Bundle xmlns='http://hl7.org/fhir'><type value='message'/></Bundle>", "bundle_is_empty"),
    ],
)
def test_xml_that_is_refused(data, code):
    message = read(data)
    assert [f.code for f in message.reasons] == [code]


def test_bomb_is_refused_even_when_small_and_says_nothing_of_its_content():
    assert "ha" not in str(read(BOMB).findings)


def test_truncated_anywhere():
    whole = EXAMPLES[0]
    for cut in range(0, len(whole) - 20, 997):
        message = read(whole[:cut])
        assert not message.taken_in
        assert_keepable(message)


def test_truncated_says_where():
    whole = b"<Bundle xmlns='http://hl7.org/fhir'>\n <type value='message'/>\n <entry>\n  <resou"
    broken = finding(read(whole), "xml_broken")
    assert broken.fact("line") > 1


@pytest.mark.parametrize("depth", [61, 5_000, 200_000])
def test_xml_too_deep(depth):
    data = "<Bundle xmlns='http://hl7.org/fhir'>" + "<a>" * depth + "</a>" * depth + "</Bundle>"
    assert [f.code for f in read(data).reasons] == ["too_deep"]


@pytest.mark.parametrize("depth", [61, 5_000, 200_000])
@pytest.mark.parametrize(("open_", "close"), [('{"a":', "}"), ("[", "]")])
def test_json_too_deep(depth, open_, close):
    data = '{"resourceType":"Bundle","x":' + open_ * depth + "1" + close * depth + "}"
    message = read(data, "a.json")
    assert not message.taken_in
    assert_keepable(message)


def test_too_many_elements():
    assert [f.code for f in read("<Bundle>" + "<a/>" * 101_000 + "</Bundle>").reasons] == ["too_many_elements"]
    assert [f.code for f in read("[" + "1," * 510_000 + "1]").reasons] == ["too_many_elements"]


# ---------------------------------------------------------------- JSON


def test_repeated_key_is_not_chosen_silently():
    text = json.dumps(referral()).replace(
        '"birthDate": "1945-07-14"', '"birthDate": "1945-07-14", "birthDate": "1999-01-01"'
    )
    message = read(text, "a.json")
    assert finding(message, "json_key_repeated").path == "Patient.birthDate"


def test_two_nhs_numbers_are_none():
    identifiers = [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": v} for v in ("9434765919", "9876543210")]
    message = read_referral({"identifier": identifiers})
    assert message.person.nhs_number is None
    assert finding(message, "nhs_number_several").fact("count") == 2


def test_nan_and_infinity():
    text = json.dumps(referral()).replace('"1945-07-14"', "NaN")
    message = read(text, "a.json")
    assert message.taken_in and message.person.birth_date is None
    assert finding(message, "json_not_a_number").path == "Patient.birthDate"


def test_number_of_ten_thousand_digits():
    assert_keepable(read('{"resourceType":"Patient","birthDate":' + "9" * 10_000 + "}", "a.json"))


@pytest.mark.parametrize(("data", "code"), [
    ('{"resourceType": "Bundle",', "json_broken"), ("[1, 2]", "json_of_no_known_kind"), ("{}", "json_of_no_known_kind"),
])  # fmt: skip
def test_json_that_is_refused(data, code):
    assert [f.code for f in read(data, "a.json").reasons] == [code]


# ---------------------------------------------------------------- bytes and sizes


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("xml", [True, False])
def test_encodings(encoding, xml):
    text = EXAMPLES[0].decode() if xml else json.dumps(referral())
    message = read(text.encode(encoding), "a.xml" if xml else "a.json")
    assert message.taken_in, message.findings
    assert message.need or message.person


def test_declared_encoding_is_believed():
    body = '<Patient xmlns="http://hl7.org/fhir"><name><family value="Müller"/></name></Patient>'
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + body
    assert read(text.encode("latin-1")).person.surname == "Müller"


def test_declared_encoding_that_is_not_true():
    body = '<Patient xmlns="http://hl7.org/fhir"><name><family value="Müller"/></name></Patient>'
    text = '<?xml version="1.0" encoding="UTF-8"?>' + body
    message = read(text.encode("cp1252"))
    assert message.person.surname == "Müller"
    assert finding(message, "encoding_wrong").fact("encoding") == "utf-8"


def test_declared_encoding_that_nobody_knows():
    message = read('<?xml version="1.0" encoding="x-evil"?><Patient xmlns="http://hl7.org/fhir"/>')
    assert "encoding_unknown" in codes(message)


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf", b"\x00\x00\x00"])
def test_empty_file(data):
    assert [f.code for f in read(data).reasons] == ["file_is_empty"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"PK\x03\x04....", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "outlook_or_old_office"),
    ],
)
def test_other_formats_are_named(data, kind):
    assert finding(read(data, "referral.xml"), "format_unsupported").fact("format") == kind


def test_200_megabytes_are_refused_unread():
    message = not_read("C:\\Users\\nadia\\big.xml", "file_too_large", size=200 * 1024 * 1024, limit=MAX_FILE)
    assert message.name == "big.xml" and not message.taken_in
    assert finding(message, "file_too_large").fact("limit") == MAX_FILE
    assert [f.code for f in read(b"<" + b" " * MAX_FILE).reasons] == ["file_too_large"]


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize(
    ("birth", "code"),
    [
        ("2026-02-31", "birth_date_impossible"),
        ("2026-11-23", "birth_date_in_future"),
        ("1850-01-01", "birth_date_too_long_ago"),
        ("1945", "birth_date_incomplete"),
        ("1945-07", "birth_date_incomplete"),
        ("14/07/1945", "birth_date_impossible"),
        ("٢٠٠٠-٠١-٠١", "birth_date_impossible"),
    ],
)
def test_birth_dates_that_cannot_be(birth, code):
    message = read_referral({"birthDate": birth})
    assert message.taken_in and message.person.birth_date is None
    bad = finding(message, code)
    assert (bad.path, bad.severity, bad.fact("value")) == ("Patient.birthDate", Severity.REFUSED_FIELD, birth)


def test_born_today():
    assert read_referral({"birthDate": "2026-11-22"}).person.birth_date == TODAY


@pytest.mark.parametrize(
    ("value", "code"), [("9434765918", "nhs_number_check_digit_fails"), ("943", "nhs_number_needs_ten_digits")]
)
def test_nhs_numbers_that_fail(value, code):
    message = read_referral({"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": value}]})
    assert message.taken_in and message.person.nhs_number is None and message.person.nhs_number_sent == value
    assert finding(message, code).fact("value") == value


def test_postcode_form_and_existence_are_two_questions():
    wrong = read_referral({"address": [{"postalCode": "NOT A CODE"}]})
    assert wrong.person.postcode is None
    assert finding(wrong, "postcode_not_a_postcode").severity is Severity.REFUSED_FIELD
    unknown = read_referral({"address": [{"postalCode": "m99 9zz"}]})
    assert unknown.person.postcode.text == "M99 9ZZ"
    assert finding(unknown, "postcode_unknown").severity is Severity.WARNING


def test_postcode_cannot_be_asked():
    data = json.dumps(referral({"address": [{"postalCode": "M99 9ZZ"}]})).encode()
    assert "postcode_unknown" not in codes(read_message("a.json", data, today=TODAY))


@pytest.mark.parametrize(
    "name",
    [
        "O’Brien-D'Souza",
        "Łukasiewicz",
        "Nguyễn",
        "Zoë",
        "محمد",
        "שרה",
        "李小龍",
        "Ünal 🌻",
        "Aoife Ní Dhomhnaill",
        "ʻOkina",
    ],
)
def test_names_of_a_city_of_many_languages(name):
    message = read_referral({"name": [{"family": name, "given": [name]}]})
    assert (message.person.surname, message.person.given) == (name, name)
    assert "direction_marks_removed" not in codes(message)


def test_right_to_left_mark_stays_and_override_goes():
    message = read_referral({"name": [{"family": "כהן\u200f", "given": ["\u202eannA\u202c"]}]})
    assert message.person.surname == "כהן\u200f"
    assert message.person.given == "annA"
    assert finding(message, "direction_marks_removed").path == "Patient.name.given"


def test_nul_and_lone_surrogate():
    text = json.dumps(referral({"name": [{"family": "Jo\x00nes", "given": ["\ud800Ann"]}]}))
    message = read(text, "a.json")
    assert (message.person.surname, message.person.given) == ("Jo\ufffdnes", "\ufffdAnn")
    assert finding(message, "characters_replaced").severity is Severity.WARNING


def test_a_hundred_thousand_characters_of_need():
    message = read_referral(request={"reasonCode": [{"text": "falls " * 20_000}]})
    assert message.taken_in and len(message.need) == 20_000
    short = finding(message, "text_shortened")
    assert (short.path, short.fact("limit")) == ("ServiceRequest.need", 20_000) and short.fact("length") > 100_000


def test_findings_are_limited():
    bundle = referral()
    for n in range(2_000):
        bundle["entry"].append({"resource": {"resourceType": "Observation", "subject": {"reference": f"urn:uuid:{n}"}}})
    message = read(json.dumps(bundle), "a.json")
    assert len(message.findings) <= 301 and message.findings[-1].code == "more_findings"


def test_times_with_many_digits_and_without_a_zone():
    request = {"authoredOn": "2021-10-11T15:23:30.8185338+00:00"}
    assert read_referral(request=request).sent_at.replace(microsecond=0) == datetime(
        2021, 10, 11, 15, 23, 30, tzinfo=UTC
    )
    local = read_referral(request={"authoredOn": "2026-07-01T10:00:00"})
    assert local.sent_at == datetime(2026, 7, 1, 9, 0, tzinfo=UTC) and "time_without_zone" in codes(local)
    assert "time_impossible" in codes(read_referral(request={"authoredOn": "yesterday"}))
