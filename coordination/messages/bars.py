"""A BaRS message (or what is near enough to one) as a :class:`ParsedMessage`.

Kinds: request, validation, update, cancel, response, booking. A bundle that holds one request and one person but no
header is taken in too. A resource by itself is no message, and a bundle that asks for nothing is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from coordination.messages import bars_rules, facts
from coordination.messages.bars_urgency import respond_by, urgency_of
from coordination.messages.codes import channel_of, codes
from coordination.messages.facts import Reading
from coordination.messages.fhir_bundle import Bundle, human_name, identifier, words
from coordination.messages.fhir_content import attachments_of, consent_of, flags_of, need_of, notes_of
from coordination.messages.fhir_person import person_of
from coordination.messages.fhir_reader import Element, fingerprint
from coordination.messages.findings import line
from coordination.messages.model import Kind, ParsedMessage, Sender

_ENOUGH = ("message", "collection", "document", "transaction", "batch", "")


def read(root: Element, base: ParsedMessage, reading: Reading) -> ParsedMessage:
    """Everything that ``root`` says, added to ``base``. Refuses with a fatal finding, never by raising."""
    base = replace(base, content_key=fingerprint(root))
    if root.resource != "Bundle":
        return _refuse_single(root, base, reading)
    bundle = Bundle.of(root)
    header = bundle.first("MessageHeader")
    focus = _focus(bundle, header)
    kind = _kind(bundle, header, focus)
    base = replace(base, kind=kind)
    if not _worth_taking(bundle, header, focus, reading):
        return base
    bars_rules.check(bundle, header, focus, kind, reading)
    return _message(bundle, header, focus, base, reading)


def _refuse_single(root: Element, base: ParsedMessage, reading: Reading) -> ParsedMessage:
    name = line(root.resource, "", reading.findings, 60)
    if not name or not name.isascii() or not name.isalpha():
        reading.findings.fatal("", "not_fhir", root=name or "—")
        return replace(base, kind=Kind.UNKNOWN)
    reading.findings.fatal(name, "not_a_message", resource=name)
    # Refused all the same, but what it holds is checked and shown: a safeguarding flag must not pass unseen (E3).
    bundle = Bundle.of(root)
    for pointer in ("subject", "patient", "for"):
        if root.text(pointer, "reference"):
            reading.findings.info(f"{name}.{pointer}", "subject_not_in_file", value=root.text(pointer, "reference"))
    safeguarding, adjustments, alerts = flags_of(bundle, reading)
    return replace(
        base,
        kind=Kind.FHIR_RESOURCE,
        person=person_of(bundle, root, reading) if name == "Patient" else None,
        need=need_of(bundle, root, reading) if name == "ServiceRequest" else "",
        consent=consent_of(bundle, reading),
        safeguarding=safeguarding,
        adjustments=adjustments,
        alerts=alerts,
        notes=notes_of(bundle, root, reading),
    )


def _focus(bundle: Bundle, header: Element) -> Element:
    """What the message is about: what the header names, else the only request or appointment there is.

    Some validation responses name the encounter; the request beside it is what is meant.
    """
    named = bundle.follow(header, "focus")
    if named.resource in ("ServiceRequest", "Appointment"):
        return named
    for kind in ("ServiceRequest", "Appointment"):
        if len(bundle.every(kind)) == 1:
            return bundle.first(kind)
    return Element("resource")


def _kind(bundle: Bundle, header: Element, focus: Element) -> Kind:
    if not header.resource:
        return Kind.FHIR_BUNDLE
    event, reason = header.text("eventCoding", "code"), header.text("reason", "coding", "code")
    status, definition = focus.text("status"), header.text("definition")
    if event.endswith("-response"):
        return Kind.BARS_RESPONSE
    withdrawn = status in bars_rules.WITHDRAWN or reason == "delete" or definition.endswith("-cancelled")
    if event == "booking-request":
        return Kind.BARS_BOOKING_CANCEL if withdrawn or status == "cancelled" else Kind.BARS_BOOKING
    if withdrawn:
        return Kind.BARS_CANCEL
    if reason == "update":
        return Kind.BARS_UPDATE
    return Kind.BARS_VALIDATION if _category(focus) == "validation" else Kind.BARS_REFERRAL


def _category(focus: Element) -> str:
    for coding in focus.many("category", "coding"):
        if "message-category" in coding.text("system"):
            return coding.text("code")
    return ""


def _worth_taking(bundle: Bundle, header: Element, focus: Element, reading: Reading) -> bool:
    found = reading.findings
    if not bundle.resources:
        found.fatal("Bundle.entry", "bundle_is_empty")
    elif not header.resource and bundle.root.text("type") not in _ENOUGH:
        found.fatal("Bundle.type", "bundle_is_not_message", value=bundle.root.text("type"))
    elif not focus.resource:
        several = len(bundle.every("ServiceRequest")) + len(bundle.every("Appointment"))
        if several:
            found.fatal("Bundle.entry", "requests_several", count=several)
        else:
            found.fatal("Bundle.entry", "request_missing", holds=", ".join(_kinds(bundle)))
    elif len(bundle.every("Patient")) > 1 and not bundle.follow(focus, "subject").resource:
        found.fatal("Patient", "patients_several", count=len(bundle.every("Patient")))
    else:
        return True
    return False


def _kinds(bundle: Bundle) -> list[str]:
    return list(dict.fromkeys(r.resource for r in bundle.resources))[:12]


def _message(bundle: Bundle, header: Element, focus: Element, base: ParsedMessage, reading: Reading) -> ParsedMessage:
    patient = _patient(bundle, focus)
    if not patient.resource:
        reading.findings.warn("Patient", "patient_missing")
    sender = _sender(bundle, header, focus, reading)
    safeguarding, adjustments, alerts = flags_of(bundle, reading)
    stamp = focus.text("authoredOn") or focus.text("created") or bundle.root.text("timestamp")
    code = line(bars_rules.use_case_code(focus), "ServiceRequest.category", reading.findings, 60)
    need = need_of(bundle, focus, reading, "" if base.kind.asks_for_care else _news(bundle, focus))
    if not need:
        reading.findings.warn(f"{focus.resource}.reasonCode", "need_missing")
    return replace(
        base,
        message_key=_message_key(bundle, header, focus, sender),
        known_as=_known_as(bundle, focus, sender),
        concerns=_concerns(header, focus, sender, base.kind),
        sender=sender,
        person=person_of(bundle, patient, reading) if patient.resource else None,
        channel=channel_of(code, sender.organisation_code, bundle.first("Encounter").text("class", "code")),
        need=need,
        urgency=urgency_of(bundle, focus, safeguarding, reading) if _wants_action(base.kind) else None,
        service_wanted=_service(bundle, focus, reading),
        respond_by=respond_by(focus, reading),
        sent_at=facts.moment(stamp, f"{focus.resource}.authoredOn", reading) if stamp else None,
        status=line(focus.text("status"), f"{focus.resource}.status", reading.findings, 40),
        use_case_code=code,
        use_case=line(bars_rules.use_case_words(focus), "ServiceRequest.category", reading.findings),
        safeguarding=safeguarding,
        adjustments=adjustments,
        alerts=alerts,
        consent=consent_of(bundle, reading),
        attachments=attachments_of(bundle, reading),
        notes=notes_of(bundle, focus, reading),
    )


def _wants_action(kind: Kind) -> bool:
    return kind.asks_for_care or kind is Kind.BARS_UPDATE


def _news(bundle: Bundle, focus: Element) -> str:
    """What an update, a cancel or a response tells: what became of the request and of its appointment."""
    told = [f"Request: {_became(focus)}"] if focus.resource == "ServiceRequest" else []
    told += [f"Appointment: {_became(a)}" for a in bundle.every("Appointment")]
    for encounter in bundle.every("Encounter"):
        reasons = "; ".join(words(r) for r in encounter.many("reasonCode"))
        name = f"Case {encounter.text('identifier', 'value')}".strip()
        told.append(": ".join(part for part in (name, _became(encounter), reasons) if part))
    return "\n".join(told)


def _became(resource: Element) -> str:
    status = resource.text("status")
    return str(codes()["outcome"].get(status, status or "status not given"))


def _patient(bundle: Bundle, focus: Element) -> Element:
    named = bundle.follow(focus, "subject")
    if named.resource == "Patient":
        return named
    for participant in bundle.follow_all(focus, "participant", "actor"):
        if participant.resource == "Patient":
            return participant
    return bundle.first("Patient")


def _sender(bundle: Bundle, header: Element, focus: Element, reading: Reading) -> Sender:
    organisation = bundle.follow(header, "sender")
    source = header.one("source")
    practitioner = bundle.follow(focus, "requester")
    role = practitioner if practitioner.resource == "PractitionerRole" else Element("resource")
    if role.resource:
        practitioner = bundle.follow(role, "practitioner")
    else:
        role = next(
            (r for r in bundle.every("PractitionerRole") if bundle.follow(r, "practitioner") is practitioner), role
        )
    system = " ".join(p for p in (source.text("software") or source.text("name"), source.text("version")) if p)
    telephone = practitioner.text("telecom", "value") or source.text("contact", "value")
    ods = identifier(organisation, "ods-organization-code")
    found = reading.findings
    return Sender(
        organisation=line(organisation.text("name"), "Organization.name", found),
        organisation_code=line(ods, "Organization.identifier", found, 20).upper(),
        system=line(system, "MessageHeader.source", found),
        name=line(human_name(practitioner.one("name")), "Practitioner.name", found),
        role=line(words(role.one("code")) or words(role.one("specialty")), "PractitionerRole.code", found),
        phone=line(telephone, "Practitioner.telecom", found, 60),
    )


def _service(bundle: Bundle, focus: Element, reading: Reading) -> str:
    performers = bundle.follow_all(focus, "performer")
    service = next((p for p in performers if p.resource == "HealthcareService"), bundle.first("HealthcareService"))
    wanted = service.text("name") or next((p.text("name") for p in performers if p.text("name")), "")
    return line(wanted, "HealthcareService.name", reading.findings)


# ---------------------------------------------------------------- keys: is it the same message, is it about that one


def _message_key(bundle: Bundle, header: Element, focus: Element, sender: Sender) -> str | None:
    """The sender's identity of this message.

    The bundle's id alone will not do: NHS England's own examples give one id to a request, its update and a request for
    validation. So who, what and when stand in it as well; XML and JSON of one message have the same key.
    """
    own = bundle.root.text("identifier", "value") or bundle.root.text("id")
    if not own:
        return None
    parts = (
        own,
        sender.organisation_code or sender.organisation,
        header.text("eventCoding", "code"),
        header.text("reason", "coding", "code"),
        _category(focus),
        bars_rules.use_case_code(focus),
        _request_id(header, focus),
        focus.text("status"),
        bundle.root.text("timestamp"),
    )
    return "bars:" + _digest(*parts)


def _known_as(bundle: Bundle, focus: Element, sender: Sender) -> tuple[str, ...]:
    """A response names the id of the bundle that it answers; an update names the request."""
    keys = []
    if bundle.root.text("id"):
        keys.append("bundle:" + _digest(bundle.root.text("id")))
    keys += _request_keys(bundle.first("MessageHeader"), focus, sender)
    return tuple(keys)


def _concerns(header: Element, focus: Element, sender: Sender, kind: Kind) -> tuple[str, ...]:
    if not kind.is_about_earlier:
        return ()
    keys = []
    answered = header.text("response", "identifier")
    if answered:
        keys.append("bundle:" + _digest(answered))
    if kind is not Kind.BARS_RESPONSE:
        keys += _request_keys(header, focus, sender)
    return tuple(keys)


def _request_keys(header: Element, focus: Element, sender: Sender) -> list[str]:
    """The request as its sender knows it. The use case belongs to it: one id is seen under several."""
    own = _request_id(header, focus)
    if not own:
        return []
    return ["request:" + _digest(sender.organisation_code or sender.organisation, own, bars_rules.use_case_code(focus))]


def _request_id(header: Element, focus: Element) -> str:
    own = focus.text("identifier", "value") or header.text("focus", "reference") or focus.text("id")
    return own.lower().removeprefix("urn:uuid:")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(p.strip().lower() for p in parts).encode("utf-8", "replace")).hexdigest()[:40]
