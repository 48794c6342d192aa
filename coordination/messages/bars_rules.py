"""What BaRS asks of a message. Every breach is a finding and none refuses: NHS England's own examples break them."""

from __future__ import annotations

from coordination.messages.codes import codes, use_case
from coordination.messages.facts import Reading
from coordination.messages.fhir_bundle import Bundle, words
from coordination.messages.fhir_reader import Element
from coordination.messages.model import Kind

EVENTS = ("servicerequest-request", "servicerequest-response", "booking-request", "booking-response")
REASONS = ("new", "update", "delete")
WITHDRAWN = ("revoked", "entered-in-error")


def check(bundle: Bundle, header: Element, focus: Element, kind: Kind, reading: Reading) -> None:
    _check_header(bundle, header, reading)
    _check_request(header, focus, kind, reading)
    _check_counts(bundle, header, reading)
    _check_references(bundle, reading)


def _check_header(bundle: Bundle, header: Element, reading: Reading) -> None:
    found = reading.findings
    if bundle.root.text("type") != "message":
        found.warn("Bundle.type", "bundle_is_not_message", value=bundle.root.text("type") or "—")
    if not header.resource:
        found.warn("MessageHeader", "header_missing")
        return
    event, reason = header.text("eventCoding", "code"), header.text("reason", "coding", "code")
    if event not in EVENTS:
        found.warn("MessageHeader.eventCoding", "event_unknown", value=event or "—")
    if reason not in REASONS:
        found.warn("MessageHeader.reason", "reason_unknown", value=reason or "—")
    if header.text("focus", "reference") and not bundle.follow(header, "focus").resource:
        found.warn("MessageHeader.focus", "focus_missing", value=header.text("focus", "reference"))
    wanted = "Appointment" if event.startswith("booking") else "ServiceRequest"
    named = bundle.follow(header, "focus").resource
    if named and named != wanted:
        found.warn("MessageHeader.focus", "focus_of_wrong_kind", value=named, wanted=wanted)
    if not bundle.follow(header, "sender").resource:
        found.info("MessageHeader.sender", "sender_missing")


def _check_request(header: Element, focus: Element, kind: Kind, reading: Reading) -> None:
    found = reading.findings
    if focus.resource != "ServiceRequest":
        return
    if focus.text("intent") != "plan" and header.resource:
        found.warn("ServiceRequest.intent", "intent_is_not_plan", value=focus.text("intent") or "—")
    status = focus.text("status")
    if kind is Kind.BARS_CANCEL:
        if header.text("reason", "coding", "code") not in ("update", "delete"):
            found.warn(
                "MessageHeader.reason", "cancel_with_wrong_reason", value=header.text("reason", "coding", "code") or "—"
            )
        if status not in WITHDRAWN:
            found.warn("ServiceRequest.status", "cancel_with_wrong_status", value=status or "—")
    elif kind.asks_for_care and status not in ("active", "draft"):
        found.warn("ServiceRequest.status", "request_is_not_active", value=status or "—")
    code = use_case_code(focus)
    if code and not use_case(code):
        found.info("ServiceRequest.category", "code_unknown", value=code)


def _check_counts(bundle: Bundle, header: Element, reading: Reading) -> None:
    address = header.text("definition")
    rules = codes()["definition"].get(address.rstrip("/").rsplit("/", 1)[-1])
    if rules is None:
        if header.resource:
            reading.findings.warn("MessageHeader.definition", "definition_unknown", value=address or "—")
        return
    for resource, (least, *most) in rules.items():
        count = len(bundle.every(resource))
        if count < least:
            reading.findings.warn(resource, "too_few", resource=resource, count=count, wanted=least)
        elif most and count > most[0]:
            reading.findings.warn(resource, "too_many", resource=resource, count=count, wanted=most[0])


def _check_references(bundle: Bundle, reading: Reading) -> None:
    """References inside the message (``urn:uuid:…``) that name nothing in it."""
    for resource in bundle.resources:
        for path, element in _walk(resource, resource.resource):
            reference = element.text("reference") if element.name != "reference" else ""
            if reference.startswith("urn:uuid:") and not bundle.follow(element).resource:
                reading.findings.info(path, "reference_dangling", value=reference)


def _walk(element: Element, path: str) -> list[tuple[str, Element]]:
    found, waiting = [], [(path, element)]
    while waiting:
        here, one = waiting.pop()
        found.append((here, one))
        for name, children in one.children.items():
            waiting += [(f"{here}.{name}", child) for child in children]
    return found


def use_case_code(focus: Element) -> str:
    for holder in ("category", "serviceCategory"):
        for coding in focus.many(holder, "coding"):
            if "usecases-categories" in coding.text("system"):
                return coding.text("code").lower()
    return ""


def use_case_words(focus: Element) -> str:
    """In our words when we know the code, else in the sender's."""
    code = use_case_code(focus)
    known = use_case(code).get("words")
    if known:
        return str(known)
    for coding in focus.many("category", "coding"):
        if coding.text("code").lower() == code and code:
            return words(coding)
    return code
