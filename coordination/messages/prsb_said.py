"""What a notice says, in the terms of every message: person, sender, need, alerts, keys. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import groupby

from coordination.clock import local_date
from coordination.errors import BadValue
from coordination.messages.codes import codes as message_codes
from coordination.messages.facts import NEED_LIMIT, Reading
from coordination.messages.findings import line, paragraph
from coordination.messages.model import (
    Alert,
    Around,
    ConsentSent,
    Note,
    ParsedMessage,
    PersonFacts,
    Sender,
    Urgency,
)
from coordination.messages.prsb import (
    AssessmentNotice,
    DischargeNotice,
    Head,
    Notice,
    NoticeReceipt,
    Said,
    Stay,
    WithdrawalNotice,
)
from coordination.messages.prsb_tree import Tree, shown
from coordination.reference.hospital_headings import Path, codes
from coordination.values import NhsNumber, Postcode

MAX_NOTES = 500
WARD_SERVICE = "hospital-notice"  # as a use case of resources/reference/messages.toml
_WANTED: Path = (
    "Referral details", "Referral details record entry", "Referral to", "Service", "Free text",
)  # fmt: skip
_GENDERS = {"1": "male", "2": "female", "9": "other", "X": "not_known"}
_ALERT_KINDS = {"Infection risk": "infection", "Causative agent": "allergy", "Substance": "allergy"}


def message(base: ParsedMessage, notices: tuple[Notice, ...], tree: Tree, reading: Reading) -> ParsedMessage:
    """The message that holds these notices, the leading one first."""
    first = notices[0]
    head, said = first.head, first.said
    words = dict(tree.leaves)
    key = _own_key(head)
    request = request_keys(head)
    safeguarding = _safeguarding(words, reading)
    return replace(
        base,
        message_key=f"hospital:{key}" if key else f"hospital:content:{base.content_key[:40]}",
        known_as=(*((f"notice:{_digest(head.message_id)}",) if head.message_id else ()), *request),
        concerns=_concerns(notices, request),
        sender=_sender(head),
        person=_person(head, words, reading),
        channel="ward",
        need=paragraph(need_of(notices), "", reading.findings, NEED_LIMIT),
        use_case_code=WARD_SERVICE,
        urgency=_urgency(first, safeguarding),
        service_wanted=line(words.get(_WANTED, ""), shown(_WANTED), reading.findings),
        sent_at=head.sent_at or first.issued_at,
        safeguarding=safeguarding,
        alerts=_alerts(said, reading),
        consent=_consent(first),
        notes=_notes(said),
        notices=notices,
        details=details_of(stay_of(first)),
    )


def need_of(notices: tuple[Notice, ...]) -> str:
    """What is asked for, in words: those of the ward where it wrote some."""
    first = notices[0]
    if isinstance(first, AssessmentNotice):
        wanted = [first.reason, first.care_needs]
        return "\n\n".join(part for part in wanted if part) or "Assessment wanted before discharge from hospital."
    return "\n".join(news(one) for one in notices)


def news(notice: Notice) -> str:
    """A notice in one line, as a contact keeps it."""
    match notice:
        case AssessmentNotice():
            return "Assessment notice: an assessment is wanted before discharge from hospital."
        case DischargeNotice():
            day = f" on {local_date(notice.discharge_at):%d-%b-%Y}" if notice.discharge_at else ""
            return f"Discharge notice: the person can leave hospital{day}."
        case WithdrawalNotice():
            what = codes("withdrawal_type").get(notice.type, "type not said")
            why = codes("withdrawal_reason").get(notice.reason, "reason not said")
            return f"Withdrawal notice ({what}): {'; '.join((why, *notice.words))}"
        case NoticeReceipt():
            what = codes("notice_type").get(notice.notice_type, "type not said")
            response = codes("response").get(notice.response, "answer not said")
            return f"Notice receipt ({what}): {'; '.join((response, *notice.details))}"


def details_of(stay: Stay) -> tuple[tuple[str, str], ...]:
    """E1. What a contact of a ward keeps."""
    said = {
        "site": stay.site or stay.site_code,
        "ward": stay.ward,
        "consultant": stay.consultant,
        "moft_at": stay.moft_at.isoformat() if stay.moft_at else "",
    }
    return tuple((name, words) for name, words in said.items() if words)


def stay_of(notice: Notice) -> Stay:
    return notice.stay if isinstance(notice, AssessmentNotice | DischargeNotice) else Stay()


# ---------------------------------------------------------------- keys


def request_keys(head: Head) -> tuple[str, ...]:
    """Under what the hospital's later notices speak of this referral: its own id, else the person's NHS number."""
    body = head.referrer.organisation_code or head.referrer.organisation
    if head.referral_id:
        return ("ward:" + _digest(body, head.referral_id),)
    if head.person.nhs_number:
        return ("ward:person:" + _digest(body, head.person.nhs_number),)
    return ()


def _concerns(notices: tuple[Notice, ...], request: tuple[str, ...]) -> tuple[str, ...]:
    """Where the message is looked for that this one speaks of. A receipt names it."""
    answered = [one.answers for one in notices if isinstance(one, NoticeReceipt) and one.answers]
    return (*(f"notice:{_digest(one)}" for one in answered), *request)


def _own_key(head: Head) -> str:
    body = head.referrer.organisation_code or head.referrer.organisation
    return _digest(body, head.message_id) if head.message_id else ""


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(p.strip().lower() for p in parts).encode("utf-8", "replace")).hexdigest()[:40]


# ---------------------------------------------------------------- parts


def _sender(head: Head) -> Sender:
    wrote = head.referrer
    return Sender(
        organisation=wrote.organisation or wrote.organisation_code,
        organisation_code=wrote.organisation_code.upper(),
        name=wrote.name,
        role=wrote.role or wrote.team,
        phone=wrote.contact,
        email=wrote.answer_to if "@" in wrote.answer_to else "",
    )


def _person(head: Head, words: dict[Path, str], reading: Reading) -> PersonFacts | None:
    sent = head.person
    number = words.get(("Person demographics", "NHS number"), "")
    name = words.get(("Person demographics", "Person name", "Person full name"), "")
    if not (sent.surname or sent.given or number or name or sent.birth_date):
        reading.findings.warn("Person demographics", "person_missing")
        return None
    if not sent.surname:
        reading.findings.warn("Person demographics > Person name", "name_missing")
    if not number:
        reading.findings.info("Person demographics > NHS number", "nhs_number_missing")
    return PersonFacts(
        nhs_number=_number(sent.nhs_number),
        nhs_number_sent=line(number, "", reading.findings, 40),
        nhs_status=message_codes()["nhs_status"].get(sent.nhs_status, "not_traced"),
        nhs_status_sent=sent.nhs_status,
        title=sent.title,
        surname=sent.surname,
        given=" ".join(sent.given),
        known_as=sent.preferred,
        name_as_sent="" if sent.surname else line(name, "", reading.findings),
        birth_date=sent.birth_date,
        gender=_GENDERS.get(sent.gender, "not_known"),
        address=", ".join(sent.address),
        postcode=_postcode(sent.postcode),
        practice_code=sent.practice_code.upper(),
        practice_name=sent.practice_name,
        around=_around(words),
    )


def _number(digits: str) -> NhsNumber | None:
    try:
        return NhsNumber(digits) if digits else None
    except BadValue:
        return None


def _postcode(text: str) -> Postcode | None:
    try:
        return Postcode(text) if text else None
    except BadValue:
        return None


def _around(words: dict[Path, str]) -> tuple[Around, ...]:
    start = ("Personal contacts", "Personal contacts record entry")
    found = []
    for path, name in words.items():
        if path[:2] == start and path[-1] == "Name":
            near = path[:-1]
            relation = words.get((*near, "Relationship"), "")
            found.append(Around(name[:200], relation[:100], words.get((*near, "Contact details"), "")[:60]))
    return tuple(found[:50])


def _safeguarding(words: dict[Path, str], reading: Reading) -> tuple[str, ...]:
    """E3. Never just queued."""
    told = []
    for path, said in words.items():
        if path[0] == "Safeguarding" and path[-1] == "Safeguarding indicator" and said.strip().upper() in ("Y", "YES"):
            inner = [w for p, w in words.items() if p[: len(path) - 1] == path[:-1] and p[-1] == "Free text"]
            told.append(paragraph("; ".join(inner), shown(path), reading.findings, 2_000) or "Said by the ward")
    if told:
        reading.findings.warn("Safeguarding", "safeguarding_concern", count=len(told))
    return tuple(told)


def _alerts(said: tuple[Said, ...], reading: Reading) -> tuple[Alert, ...]:
    found = []
    for path, words in said:
        kind = "other" if path[0] == "Alerts" and path[-1] == "Alert" else ""
        for name in path:
            kind = _ALERT_KINDS.get(str(name), kind)
        if kind and path[-1] in ("Alert", "Infection risk", "Free text", "Causative agent", "Coded value"):
            found.append(Alert(kind, line(words, shown(path), reading.findings, 500)))
    return tuple(found[:100])


def _urgency(first: Notice, safeguarding: tuple[str, ...]) -> Urgency | None:
    """T1 for whoever has to triage it; a safeguarding concern is never just queued (E3)."""
    if safeguarding:
        return Urgency(message_codes()["urgency"]["safeguarding"], f"Safeguarding: {safeguarding[0]}"[:1_000])
    if isinstance(first, AssessmentNotice):
        return Urgency("24_hours", "Assessment notice from a hospital ward: to be assessed within 24 hours")
    return None


def _consent(first: Notice) -> ConsentSent | None:
    if not isinstance(first, AssessmentNotice) or not first.consent:
        return None
    agreed = {"Y": True, "N": False, "L": None}[first.consent]
    basis = codes("consent")["L"].lower() if first.consent == "L" else ""
    source = codes("consent_source").get(first.consent_source, "")
    return ConsentSent(agreed, "assessment", ", ".join(part for part in (basis, source) if part))


def _notes(said: tuple[Said, ...]) -> tuple[Note, ...]:
    """All the rest in words: a note for each entry, its headings beneath one another."""
    found = []
    for place, group in groupby(said, key=lambda one: one.path[:-1]):
        leaves = list(group)
        title = shown(place) or str(leaves[0].path[-1])
        if all(isinstance(one.path[-1], int) for one in leaves) or len({one.path[-1] for one in leaves}) == 1:
            last = leaves[0].path[-1]
            title = title if isinstance(last, int) or not place else f"{title} > {last}"
            found.append(Note(title, "\n".join(one.words for one in leaves)))
        else:
            found.append(Note(title, "\n".join(f"{one.path[-1]}: {one.words}" for one in leaves)))
    return tuple(found[:MAX_NOTES])
