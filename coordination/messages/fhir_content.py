"""The rest of a FHIR message: need, alerts, consent, attachments, and every other resource as a readable note."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator

from coordination.messages import facts
from coordination.messages.codes import codes
from coordination.messages.facts import NEED_LIMIT, Reading
from coordination.messages.fhir_bundle import Bundle, has_code, words
from coordination.messages.fhir_reader import Element
from coordination.messages.findings import line, paragraph
from coordination.messages.model import Alert, Attachment, ConsentSent, Note

NOTE_LIMIT = 6_000
MAX_NOTES = 120
_PRESENTING = "33962009"
# Told elsewhere: who, where to, whether; or a blank form whose answers come as QuestionnaireResponse.
_NOT_NOTES = frozenset(
    (
        *("MessageHeader", "ServiceRequest", "Patient", "CarePlan", "Consent", "Organization", "Practitioner"),
        *("PractitionerRole", "HealthcareService", "Questionnaire", "Binary", "DocumentReference", "Slot", "Schedule"),
        "Provenance",
    )
)


def need_of(bundle: Bundle, request: Element, reading: Reading, news: str = "") -> str:
    """The need in the sender's words: the complaint, the reason, what was asked for, what the assessment said.

    ``news`` stands before it: what an update or a response has to say.
    """
    parts = [news]
    parts += [words(c.one("code")) for c in bundle.every("Condition") if _is_complaint(c)]
    parts += [words(reason) for reason in request.many("reasonCode")]
    parts += [words(code) for code in request.many("code")]
    parts += request.texts("category", "text") + request.texts("note", "text")
    parts += request.texts("description") + request.texts("comment")
    for plan in bundle.every("CarePlan"):
        parts += plan.texts("description")
        parts += [words(outcome) for outcome in plan.many("activity", "outcomeCodeableConcept")]
        parts += [words(code) for code in plan.many("activity", "detail", "code")] + plan.texts("note", "text")
    parts += [task.text("description") for task in bundle.every("Task")]
    whole = "\n".join(dict.fromkeys(part for part in parts if part))
    return paragraph(whole, f"{request.resource or 'Bundle'}.need", reading.findings, NEED_LIMIT)


def _is_complaint(condition: Element) -> bool:
    categories = condition.many("category")
    return not categories or any(has_code(category, _PRESENTING) for category in categories)


# ---------------------------------------------------------------- flags


def flags_of(bundle: Bundle, reading: Reading) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Alert, ...]]:
    """Safeguarding concerns, reasonable adjustments, and what a worker must know before going."""
    concerns: list[str] = []
    adjustments: list[str] = []
    alerts: list[Alert] = []
    for flag in bundle.every("Flag"):
        if flag.text("status") == "entered-in-error":
            reading.findings.info("Flag", "flag_withdrawn", flag=words(flag.one("code")))
            continue
        said = line(words(flag.one("code")), "Flag.code", reading.findings, 300)
        code = flag.text("code", "coding", "code")
        _check_flag(flag, said, reading)
        match _flag_kind(flag):
            case "safeguarding" if code not in codes()["safeguarding"]["no_concern"]:
                concerns.append(said or "Safeguarding concern")
            case "adjustment":
                adjustments.append(said)
            case "scene" if code in codes()["scene"]["unsafe"]:
                alerts.append(Alert("do_not_visit_alone", said, code))
            case "infection":
                alerts.append(Alert("infection", said, code))
            case "other":
                alerts.append(Alert("other", said, code))
    alerts += _allergies(bundle, reading) + _warnings(bundle, reading)
    if concerns:
        reading.findings.warn("Flag.code", "safeguarding_concern", count=len(concerns))  # E3
    return tuple(dict.fromkeys(concerns)), tuple(dict.fromkeys(adjustments)), tuple(dict.fromkeys(alerts))


def _flag_kind(flag: Element) -> str:
    category = flag.text("category", "coding", "code")
    known = codes()["flag"].get(category)
    if known:
        return str(known)
    told = (words(flag.one("category")) + " " + flag.text("category", "text")).lower()
    if "safeguarding" in told:
        return "safeguarding"
    return "adjustment" if "adjustment" in told or category == "personalisation" else "other"


def _check_flag(flag: Element, said: str, reading: Reading) -> None:
    category = flag.text("category", "coding", "code")
    if category not in codes()["flag"]:
        reading.findings.info("Flag.category", "code_unknown", value=category or "—")
    end = flag.text("period", "end")
    if end:
        day = facts.calendar_day(end, "Flag.period.end", reading)
        if day and day < reading.today and flag.text("status") == "active":
            reading.findings.info("Flag.period.end", "flag_past_but_active", flag=said, value=day.isoformat())


def _allergies(bundle: Bundle, reading: Reading) -> list[Alert]:
    found = []
    for allergy in bundle.every("AllergyIntolerance"):
        if allergy.text("verificationStatus", "coding", "code") in ("refuted", "entered-in-error"):
            continue
        reaction = ", ".join(words(m) for m in allergy.many("reaction", "manifestation"))
        told = words(allergy.one("code")) + (f": {reaction}" if reaction else "")
        found.append(Alert("allergy", line(told, "AllergyIntolerance.code", reading.findings, 300)))
    return found


def _warnings(bundle: Bundle, reading: Reading) -> list[Alert]:
    """Special patient notes, which come as answers. One that speaks of being alone keeps a worker safe."""
    found = []
    for response in bundle.every("QuestionnaireResponse"):
        for item in _items(response):
            if item.text("linkId") != "SPNDetail":
                continue
            told = line(_answers(item), "QuestionnaireResponse.item[SPNDetail]", reading.findings, 500)
            kind = "do_not_visit_alone" if "alone" in told.lower() else "other"
            found.append(Alert(kind, told))
    return found


# ---------------------------------------------------------------- consent


def consent_of(bundle: Bundle, reading: Reading) -> ConsentSent | None:
    consents = bundle.every("Consent")
    if not consents:
        return None
    consent = next((c for c in consents if c.text("status") == "active"), consents[0])
    status, provision = consent.text("status"), consent.text("provision", "type")
    if status == "rejected" or provision == "deny":
        reading.findings.warn("Consent", "consent_refused")
    agreed = None if not status else status == "active" and provision != "deny"
    when = consent.text("dateTime")
    return ConsentSent(
        agreed=agreed,
        scope=line(words(consent.one("category")), "Consent.category", reading.findings),
        basis=line(words(consent.one("policyRule")), "Consent.policyRule", reading.findings).lower(),
        on=facts.calendar_day(when, "Consent.dateTime", reading) if when else None,
    )


# ---------------------------------------------------------------- attachments


def attachments_of(bundle: Bundle, reading: Reading) -> tuple[Attachment, ...]:
    found = []
    for index, (path, holder) in enumerate(_attached(bundle)):
        content = _base64(holder, path, reading)
        if content is None:
            continue
        found.append(
            Attachment(
                index=index,
                name=line(holder.text("title"), f"{path}.title", reading.findings) or f"attachment-{index + 1}",
                media_type=line(holder.text("contentType"), f"{path}.contentType", reading.findings, 100)
                or "application/octet-stream",
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
        )
    return tuple(found)


def attached_bytes(bundle: Bundle, index: int) -> bytes:
    """The content of one attachment. Raises IndexError, or ValueError when it is not base64."""
    _, holder = list(_attached(bundle))[index]
    return base64.b64decode("".join(holder.text("data").split()), validate=True)


def _attached(bundle: Bundle) -> Iterator[tuple[str, Element]]:
    for resource in bundle.resources:
        if resource.resource == "Binary":
            yield "Binary", resource
        for path in (("content", "attachment"), ("payload", "contentAttachment"), ("photo",)):
            for holder in resource.many(*path):
                yield ".".join((resource.resource, *path)), holder


def _base64(holder: Element, path: str, reading: Reading) -> bytes | None:
    data = holder.text("data")
    if not data:
        if holder.text("url"):
            reading.findings.info(f"{path}.url", "attachment_not_fetched", value=holder.text("url"))
        return None
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        reading.findings.refuse_field(f"{path}.data", "attachment_not_base64")
        return None


# ---------------------------------------------------------------- everything else, readable


def notes_of(bundle: Bundle, request: Element, reading: Reading) -> tuple[Note, ...]:
    found: list[Note] = []
    if request.text("patientInstruction"):
        found.append(_note("Advice given", request.text("patientInstruction"), reading))
    for resource in bundle.resources:
        if resource.resource in _NOT_NOTES:
            continue
        told = _told(resource)
        if told:
            found.append(_note(_title(resource), told, reading))
    if len(found) > MAX_NOTES:
        reading.findings.warn("Bundle.entry", "notes_left_out", count=len(found) - MAX_NOTES)
    return tuple(dict.fromkeys(found[:MAX_NOTES]))


def _note(title: str, told: str, reading: Reading) -> Note:
    return Note(line(title, title, reading.findings), paragraph(told, title, reading.findings, NOTE_LIMIT))


def _title(resource: Element) -> str:
    given = {
        "MedicationStatement": "Medication",
        "AllergyIntolerance": "Allergy",
        "QuestionnaireResponse": words(resource.extension("questionnaireresponse-reason").one("valueCodeableConcept"))
        or "Answers",
        "Flag": words(resource.one("category")) or "Flag",
    }
    return given.get(resource.resource) or resource.resource


def _told(resource: Element) -> str:
    match resource.resource:
        case "QuestionnaireResponse":
            return "\n".join(_questions(resource))
        case "Location":
            place = resource.one("address")
            parts = [words(resource.one("type")), resource.text("name"), *place.texts("line"), place.text("postalCode")]
            return ", ".join(dict.fromkeys(p for p in parts if p))
        case "Appointment":
            return ", ".join(
                p for p in (resource.text("status"), resource.text("start"), resource.text("description")) if p
            )
        case "Encounter":
            case_number = ", ".join(resource.texts("identifier", "value"))
            reason = [words(r) for r in resource.many("reasonCode")]
            return ", ".join(p for p in (resource.text("status"), case_number, *reason) if p)
    parts = [
        words(resource.one("code")),
        words(resource.one("medicationCodeableConcept")),
        words(resource.one("topic")),
    ]
    parts += [_value(resource), *(f"{words(c.one('code'))} {_value(c)}".strip() for c in resource.many("component"))]
    parts += (
        resource.texts("description") + resource.texts("dosage", "text") + resource.texts("payload", "contentString")
    )
    parts += [words(m) for m in resource.many("reaction", "manifestation")] + resource.texts("note", "text")
    return "; ".join(dict.fromkeys(p for p in parts if p))


def _value(holder: Element) -> str:
    quantity = holder.one("valueQuantity")
    if quantity:
        return f"{quantity.text('value')} {quantity.text('unit') or quantity.text('code')}".strip()
    for name, found in holder.children.items():
        if name.startswith("value") and name != "value" and found:
            return words(found[0])
    return ""


def _items(response: Element) -> Iterator[Element]:
    waiting = list(reversed(response.many("item")))
    while waiting:
        item = waiting.pop()
        yield item
        waiting += reversed(item.many("item") + item.many("answer", "item"))


def _answers(item: Element) -> str:
    return ", ".join(a for a in (_value(answer) for answer in item.many("answer")) if a)


def _questions(response: Element) -> Iterator[str]:
    for item in _items(response):
        asked, answered = item.text("text") or item.text("linkId"), _answers(item)
        if answered:
            yield f"{asked}: {answered}"
