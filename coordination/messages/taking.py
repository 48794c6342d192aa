"""From what a message says to what the centre records: contact, referral, person. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from coordination.intake.model import CHANNEL_DETAILS, ContactDraft, ReferralDraft
from coordination.messages.codes import codes, service_for
from coordination.messages.model import Finding, ParsedMessage, Severity
from coordination.people.model import LikelyDuplicate, PersonDraft
from coordination.values import PersonId, ReferralId

LATE = timedelta(hours=24)
_ORGANISATION = frozenset(("practice", "clinic", "site", "centre"))
_PERSON = frozenset(("clinician", "colleague"))


def contact_draft(message: ParsedMessage, person_id: PersonId | None) -> ContactDraft:
    """E1. The message as a contact, received now: what it says of its own time is a finding when that is long ago."""
    sender = message.sender
    return ContactDraft(
        channel=message.channel,
        person_id=person_id,
        caller_name=sender.name or sender.organisation or sender.email,
        caller_relation=sender.role[:100],
        caller_phone=sender.phone[:50],
        need=message.need,
        details=_details(message),
    )


def _details(message: ParsedMessage) -> dict[str, str]:
    sender, found = message.sender, dict(message.details)
    for name in CHANNEL_DETAILS.get(message.channel, ()):
        if name in found:
            continue
        if name in _ORGANISATION:
            found[name] = sender.organisation
        elif name in _PERSON:
            found[name] = sender.name
        elif name == "sender":
            found[name] = sender.email
        elif name == "form":
            found[name] = "online form"
    return {name: value for name, value in found.items() if value}


def referral_draft(message: ParsedMessage, referral_id: ReferralId) -> ReferralDraft:
    """E3. With the urgency that the message carries, or the one for what nobody has triaged yet."""
    if message.urgency:
        urgency, reason = message.urgency.level, message.urgency.reason
    else:
        urgency = codes()["urgency"]["untriaged"]
        reason = "Not triaged yet: the message says nothing of urgency"
    return ReferralDraft(
        referral_id,
        service_for(message.service_wanted, message.use_case_code, urgency),
        urgency,
        reason,
        need=message.need or _no_need(message),
        source=message.sender.organisation,
        safeguarding=bool(message.safeguarding),
    )


def _no_need(message: ParsedMessage) -> str:
    wanted = f"Wanted: {message.service_wanted}. " if message.service_wanted else ""
    files = f"See {len(message.attachments)} attached files. " if message.attachments else ""
    return f"{wanted}{files}The message gives no reason."


def person_draft(message: ParsedMessage) -> PersonDraft:
    """What the message says of the person, as somebody would type it. Of a mail, what its text may hold."""
    if message.person is None:
        return _suggested(message)
    person = message.person
    numbers = [phone.number[:50] for phone in person.phones]
    return PersonDraft(
        surname=person.surname,
        given=person.given,
        title=person.title[:50],
        known_as=person.known_as,
        birth_date=person.birth_date,
        gender=person.gender,
        nhs_number=person.nhs_number.digits if person.nhs_number else "",
        nhs_status=person.nhs_status if person.nhs_number else "",
        address=person.address,
        postcode=person.postcode.text if person.postcode else "",
        phone=numbers[0] if numbers else "",
        other_phone=numbers[1] if len(numbers) > 1 else "",
        email=person.email,
        language=person.language[:100],
        interpreter=person.interpreter,
        communication="; ".join(person.communication)[:2000],
        practice_code=person.practice_code,
        deceased_on=person.deceased_on,
    )


def _suggested(message: ParsedMessage) -> PersonDraft:
    first = {suggestion.kind: suggestion.value for suggestion in reversed(message.suggestions)}
    return PersonDraft(
        nhs_number=first.get("nhs_number", ""),
        birth_date=first.get("birth_date"),
        postcode=first.get("postcode", ""),
        phone=first.get("phone", ""),
    )


def whose(message: ParsedMessage, likely: list[LikelyDuplicate]) -> tuple[PersonId | None, tuple[Finding, ...]]:
    """Who has the message's NHS number, unless the message contradicts their record. Never by name and date alone."""
    holder = next((one for one in likely if one.strength == "same"), None)
    if message.person is None or message.person.nhs_number is None:
        return None, (_found("person", "person_not_identified", count=len(likely)),) if likely else ()
    if holder is None:
        return None, (_found("person", "person_not_registered", count=len(likely)),)
    how = {reason.field: reason.how for reason in holder.reasons}
    born_otherwise = how.get("birth_date") == "differs"
    named_otherwise = bool(message.person.surname) and "surname" not in how
    if born_otherwise and (named_otherwise or not message.person.surname):
        return None, (_found("person", "nhs_number_of_another", Severity.WARNING),)
    findings = []
    if born_otherwise:
        findings.append(_found("person.birth_date", "birth_date_differs", Severity.WARNING))
    if named_otherwise:
        findings.append(_found("person.surname", "surname_differs", Severity.WARNING))
    return holder.row.id, tuple(findings)


def late(message: ParsedMessage, now: datetime) -> tuple[Finding, ...]:
    """A message that was sent long before it got here: what it says may have been overtaken."""
    if message.sent_at is None or now - message.sent_at < LATE:
        return ()
    return (_found("sent_at", "sent_long_ago", Severity.WARNING, days=(now - message.sent_at).days),)


def with_findings(message: ParsedMessage, *more: Finding) -> ParsedMessage:
    return replace(message, findings=(*message.findings, *more))


def is_message(message: ParsedMessage) -> bool:
    """Something that a system or a person sent, however broken; not a photograph that was dropped by mistake."""
    return message.media_type != "application/octet-stream"


def _found(path: str, code: str, severity: Severity = Severity.INFO, **facts: object) -> Finding:
    return Finding(path, severity, code, tuple(facts.items()))


def about_earlier(code: str, **facts: object) -> Finding:
    """What an update, a cancel or a response met with when it looked for what it speaks of."""
    return _found("MessageHeader.focus", code, Severity.WARNING, **facts)
