"""The Patient of a message as :class:`PersonFacts`. Each field by itself: a bad one is left out and the rest stays."""

from __future__ import annotations

from datetime import date

from coordination.messages import facts
from coordination.messages.codes import codes
from coordination.messages.facts import Reading
from coordination.messages.fhir_bundle import Bundle, has_code, human_name, identifier, words
from coordination.messages.fhir_reader import Element
from coordination.messages.findings import line
from coordination.messages.model import Around, PersonFacts, Phone
from coordination.values import NhsNumber, Postcode

_GENDERS = {"female": "female", "male": "male", "other": "other", "unknown": "not_known"}
_ENGLISH = ("en", "eng")
_SIGNED = ("bfi", "703963007", "bsl")  # spoken of as languages, but needs of communication
_OWN = ("ONESELF", "SELF")


def person_of(bundle: Bundle, patient: Element, reading: Reading) -> PersonFacts:
    number, sent, status, status_sent = _nhs_number(patient, reading)
    title, surname, given, as_sent = _name(patient, reading)
    address, postcode = _address(patient, reading)
    language, interpreter, communication = _communication(patient, reading)
    practice_code, practice_name = _practice(bundle, patient, reading)
    dead_on = patient.text("deceasedDateTime")
    return PersonFacts(
        nhs_number=number,
        nhs_number_sent=sent,
        nhs_status=status,
        nhs_status_sent=status_sent,
        title=title,
        surname=surname,
        given=given,
        name_as_sent=as_sent,
        known_as=_known_as(patient, reading),
        birth_date=_birth_date(patient, reading),
        gender=_gender(patient, reading),
        deceased=bool(dead_on) or patient.text("deceasedBoolean") == "true",
        deceased_on=facts.calendar_day(dead_on, "Patient.deceasedDateTime", reading) if dead_on else None,
        address=address,
        postcode=postcode,
        phones=_phones(patient, reading),
        email=_email(patient, reading),
        language=language,
        interpreter=interpreter,
        communication=communication,
        practice_code=practice_code,
        practice_name=practice_name,
        around=_around(patient, reading),
    )


def _nhs_number(patient: Element, reading: Reading) -> tuple[NhsNumber | None, str, str, str]:
    path = "Patient.identifier[nhs-number]"
    ours = [i for i in patient.many("identifier") if i.text("system").lower().rstrip("/").endswith("/nhs-number")]
    sent = {i.text("value") for i in ours if i.text("value")}
    if not sent:
        reading.findings.info(path, "nhs_number_missing")
        return None, "", "not_traced", ""
    if len(sent) > 1:
        reading.findings.refuse_field(path, "nhs_number_several", count=len(sent))
        return None, line(", ".join(sorted(sent)), path, reading.findings), "not_traced", ""
    found = ours[0]
    status = found.extension("NHSNumberVerificationStatus").one("valueCodeableConcept")
    code = line(status.text("coding", "code"), path, reading.findings)
    value = line(found.text("value"), path, reading.findings)
    number = facts.nhs_number(value, path, reading)
    if number is None:
        return None, value, "not_traced", code
    known = codes()["nhs_status"].get(code.lower(), "not_traced")
    if known != "verified":
        reading.findings.warn(path, "nhs_number_not_verified", status=words(status) or code or "—")
    return number, value, known, code


def _best_name(patient: Element) -> Element:
    by_use = {name.text("use"): name for name in reversed(patient.many("name"))}
    return by_use.get("official") or by_use.get("usual") or patient.one("name")


def _name(patient: Element, reading: Reading) -> tuple[str, str, str, str]:
    path, name = "Patient.name", _best_name(patient)
    title = line(" ".join(name.texts("prefix")), f"{path}.prefix", reading.findings)
    surname = line(name.text("family"), f"{path}.family", reading.findings)
    given = line(" ".join(name.texts("given")), f"{path}.given", reading.findings)
    as_sent = line(name.text("text"), f"{path}.text", reading.findings)
    if not surname and as_sent:
        reading.findings.warn(path, "name_in_one_line", value=as_sent)
    elif not surname:
        reading.findings.warn(path, "name_missing")
    return title, surname, given, as_sent


def _known_as(patient: Element, reading: Reading) -> str:
    for name in patient.many("name"):
        if name.text("use") == "nickname":
            return line(human_name(name), "Patient.name[nickname]", reading.findings)
    return ""


def _birth_date(patient: Element, reading: Reading) -> date | None:
    text = patient.text("birthDate")
    if not text:
        reading.findings.info("Patient.birthDate", "birth_date_missing")
        return None
    return facts.birth_date(text, "Patient.birthDate", reading)


def _gender(patient: Element, reading: Reading) -> str:
    sent = patient.text("gender")
    if sent and sent.lower() not in _GENDERS:
        reading.findings.refuse_field("Patient.gender", "gender_unknown", value=sent)
    return _GENDERS.get(sent.lower(), "not_known")


def _address(patient: Element, reading: Reading) -> tuple[str, Postcode | None]:
    path = "Patient.address"
    by_use = {a.text("use"): a for a in reversed(patient.many("address")) if a.text("use") != "old"}
    place = by_use.get("home") or next(iter(by_use.values()), Element("address"))
    parts = [*place.texts("line"), place.text("city"), place.text("district")]
    unique = list(dict.fromkeys(part for part in parts if part))
    address = line(", ".join(unique) or place.text("text"), path, reading.findings, 500)
    sent = line(place.text("postalCode"), f"{path}.postalCode", reading.findings)
    return address, facts.postcode(sent, f"{path}.postalCode", reading) if sent else None


def _own_contacts(patient: Element) -> list[Element]:
    """BaRS sends a person's own telephone as a contact who is ONESELF; some leave out even that word."""
    own = []
    for contact in patient.many("contact"):
        relation = contact.many("relationship")
        if any(has_code(r, code) for r in relation for code in _OWN) or (not relation and not contact.one("name")):
            own.append(contact)
    return own


def _phones(patient: Element, reading: Reading) -> tuple[Phone, ...]:
    found = []
    holders = [("Patient.telecom", patient)] + [("Patient.contact[self].telecom", c) for c in _own_contacts(patient)]
    for path, holder in holders:
        for point in holder.many("telecom"):
            if point.text("system") in ("phone", "sms", "") and point.text("value") and point.text("use") != "old":
                number = facts.phone(line(point.text("value"), path, reading.findings, 60), path, reading)
                rank = point.text("rank")
                found.append(
                    (int(rank) if rank.isascii() and rank.isdigit() else 99, Phone(number, point.text("use")[:20]))
                )
    return tuple(dict.fromkeys(phone for _, phone in sorted(found, key=lambda pair: pair[0])))


def _email(patient: Element, reading: Reading) -> str:
    for holder in (patient, *_own_contacts(patient)):
        for point in holder.many("telecom"):
            if point.text("system") == "email" and point.text("value"):
                return line(point.text("value"), "Patient.telecom[email]", reading.findings)
    return ""


def _communication(patient: Element, reading: Reading) -> tuple[str, bool, tuple[str, ...]]:
    """Language (empty for English), whether an interpreter is wanted, and other needs of communication."""
    path = "Patient.communication"
    spoken: list[tuple[bool, str]] = []
    needs: list[str] = []
    interpreter = False
    for one in patient.many("communication"):
        interpreter = interpreter or one.extension("interpreterRequired").text("valueBoolean") == "true"
        for coding in one.many("language", "coding") or one.many("language"):
            shown = line(coding.text("display") or coding.text("text") or coding.text("code"), path, reading.findings)
            code = coding.text("code").lower()
            if code in _SIGNED:
                needs.append(shown)
            elif shown:
                spoken.append((one.text("preferred") == "true", "" if code.split("-")[0] in _ENGLISH else shown))
    interpreter = interpreter or patient.extension("interpreterRequired").text("valueBoolean") == "true"
    written = patient.extension("ContactPreference").extension("PreferredWrittenCommunicationFormat")
    if written:
        needs.append(line(words(written.one("valueCodeableConcept")), path, reading.findings))
    spoken.sort(key=lambda pair: not pair[0])
    return (spoken[0][1] if spoken else ""), interpreter, tuple(dict.fromkeys(n for n in needs if n))


def _practice(bundle: Bundle, patient: Element, reading: Reading) -> tuple[str, str]:
    """The practice where the person is registered (P2), also when the reference is to a doctor of it."""
    path = "Patient.generalPractitioner"
    for holder in (*bundle.follow_all(patient, "generalPractitioner"), bundle.follow(patient, "managingOrganization")):
        practice = bundle.follow(holder, "organization") if holder.resource == "PractitionerRole" else holder
        if practice.resource == "Organization":
            code = identifier(practice, "ods-organization-code")
            return line(code, path, reading.findings, 20).upper(), line(practice.text("name"), path, reading.findings)
    code = patient.text("generalPractitioner", "identifier", "value")
    return line(code, path, reading.findings, 20).upper(), ""


def _relation(contact: Element, reading: Reading) -> str:
    every = contact.many("relationship")
    relation = next((r for r in every if r.text("coding", "code") != "U"), contact.one("relationship"))
    told, code = words(relation), relation.text("coding", "code")
    if told == code:  # only a code was sent
        told = codes()["relation"].get(code, code.lower())
    return line(told, "Patient.contact.relationship", reading.findings)


def _around(patient: Element, reading: Reading) -> tuple[Around, ...]:
    path, own = "Patient.contact", _own_contacts(patient)
    found = []
    for contact in patient.many("contact"):
        if contact in own:
            continue
        phone = next((t.text("value") for t in contact.many("telecom") if t.text("system") in ("phone", "sms")), "")
        name = line(human_name(contact.one("name")), path, reading.findings)
        relation = _relation(contact, reading)
        if name or phone:
            found.append(Around(name, relation, facts.phone(line(phone, path, reading.findings, 60), path, reading)))
    return tuple(found)
