"""Which field of a notice stands under which heading. Reading and writing both go by these lists and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from coordination.messages.prsb import (
    AssessmentNotice,
    Authority,
    DischargeNotice,
    Head,
    Notice,
    NoticeKind,
    NoticeReceipt,
    Referrer,
    Stay,
    WardPerson,
    WithdrawalNotice,
)
from coordination.reference.hospital_headings import Path

Sort = Literal["line", "text", "moment", "day", "code", "nhs_number", "postcode"]


@dataclass(frozen=True, slots=True)
class Field:
    """``name`` is dotted (``head.person.surname``). ``many``: "list" for a heading that may stand there several times,
    "lines" for numbered headings. ``needed``: a message without it is not written, and one that came without it has a
    finding."""

    name: str
    path: Path
    sort: Sort = "line"
    codes: str = ""
    many: Literal["", "list", "lines"] = ""
    needed: bool = False
    longest: int = 200


_NAME = ("Person demographics", "Person name")
_ADDRESS = ("Person demographics", "Person's address")
_PRACTICE = ("GP practice", "GP practice record entry")
_REFERRAL = ("Referral details", "Referral details record entry")
_REFERRER = (*_REFERRAL, "Referrer details")
_ADMISSION = ("Admission details", "Admission details record entry")
_DISCHARGE = ("Discharge details", "Discharge details record entry")
_INFORMED = ("Discharge details", "Discharge date informed status")
ISSUED = "Issued date and time"

HEAD = (
    Field("head.message_id", ("Message", "Identifier"), needed=True),
    Field("head.referral_id", ("Message", "Referral identifier")),
    Field("head.sent_at", ("Message", "Sent"), "moment"),
    Field("head.person.given", (*_NAME, "Person first name"), many="list", longest=100),
    Field("head.person.surname", (*_NAME, "Person family name"), longest=100),
    Field("head.person.preferred", (*_NAME, "Person preferred name"), longest=100),
    Field("head.person.title", (*_NAME, "Title"), longest=50),
    Field("head.person.birth_date", ("Person demographics", "Date of birth"), "day"),
    Field("head.person.gender", ("Person demographics", "Gender"), "code", "gender"),
    Field("head.person.nhs_number", ("Person demographics", "NHS number"), "nhs_number"),
    Field("head.person.nhs_status", ("Person demographics", "NHS number status indicator"), longest=40),
    Field("head.person.address", (*_ADDRESS, "Address line {}"), many="lines"),
    Field("head.person.postcode", (*_ADDRESS, "Postcode"), "postcode"),
    Field("head.person.practice_name", (*_PRACTICE, "GP practice details")),
    Field("head.person.practice_code", (*_PRACTICE, "GP practice identifier"), longest=20),
    Field("head.authority.codes", ("Local authority", "Organisation code"), many="list", longest=20),
    Field("head.authority.name", ("Local authority", "Local authority name")),
    Field("head.authority.teams", ("Local authority", "Social services team"), many="list"),
    Field("head.authority.contact_name", ("Local authority", "Local authority contact name")),
    Field("head.authority.contact", ("Local authority", "Local authority contact details")),
    Field("head.referrer.name", (*_REFERRER, "Name")),
    Field("head.referrer.role", (*_REFERRER, "Role")),
    Field("head.referrer.team", (*_REFERRER, "Team")),
    Field("head.referrer.organisation_code", (*_REFERRER, "Organisation", "Coded value"), longest=20),
    Field("head.referrer.organisation", (*_REFERRER, "Organisation", "Free text")),
    Field("head.referrer.contact", (*_REFERRER, "Contact details")),
    Field("head.referrer.answer_to", (*_REFERRAL, "Return response to")),
)
_STAY = (
    Field("stay.admitted_at", (*_ADMISSION, "Date of admission"), "moment"),
    Field("stay.site_code", (*_ADMISSION, "Admitted to", "Coded value"), longest=20),
    Field("stay.site", (*_ADMISSION, "Admitted to", "Free text")),
    Field("stay.consultant", (*_ADMISSION, "Responsible care professional", "Name")),
    Field("stay.ward", (*_ADMISSION, "Patient location")),
    Field("stay.expected", (*_DISCHARGE, "Expected date of discharge"), "day", many="list"),
    Field("stay.person_informed", (*_INFORMED, "Discharge date person informed indicator"), "code", "yes_no"),
    Field("stay.carer_informed", (*_INFORMED, "Discharge date carer informed indicator"), "code", "carer"),
    Field("stay.moft_at", ("Message", "Medically optimised for transfer"), "moment"),
)
_ASSESSMENT = "Assessment notice"
_CHC = "NHS CHC Assessment"
OWN: Mapping[NoticeKind, tuple[Field, ...]] = {
    "assessment": (
        *_STAY,
        Field("reason", (*_REFERRAL, "Reason for referral"), "text", longest=8_000),
        Field("care_needs", ("Care needs summary", "Care needs summary"), "text", needed=True, longest=12_000),
        Field("issued_at", (_ASSESSMENT, ISSUED), "moment", needed=True),
        Field("person_consulted", (_ASSESSMENT, "Person consultation indicator"), "code", "yes_no", needed=True),
        Field("carer_consulted", (_ASSESSMENT, "Carer consultation indicator"), "code", "carer", needed=True),
        Field("consent", (_ASSESSMENT, "Person consent indicator"), "code", "consent", needed=True),
        Field("consent_source", (_ASSESSMENT, "Third party person consent source"), "code", "consent_source"),
        Field("chc_considered", (_CHC, "Assessment considered indicator"), "code", "yes_no"),
        Field("chc_result", (_CHC, "Assessment considered result"), many="list", longest=2_000),
    ),
    "discharge": (
        *_STAY,
        Field("discharge_at", (*_DISCHARGE, "Date of discharge"), "moment"),
        Field("destination", (*_DISCHARGE, "Discharge destination", "Discharge address")),
        Field("issued_at", ("Discharge notice", ISSUED), "moment", needed=True),
    ),
    "withdrawal": (
        Field("issued_at", ("Withdrawal notice", ISSUED), "moment", needed=True),
        Field("type", ("Withdrawal notice", "Withdrawal type"), "code", "withdrawal_type", needed=True),
        Field("reason", ("Withdrawal notice", "Reason for withdrawal"), "code", "withdrawal_reason", needed=True),
        Field("words", ("Withdrawal notice", "Reason for withdrawal - other"), "text", many="list", longest=2_000),
    ),
    "receipt": (
        Field("answers", ("Message", "Answers")),
        Field("issued_at", ("Notice receipt", ISSUED), "moment", needed=True),
        Field("notice_type", ("Notice receipt", "Notice type"), "code", "notice_type", needed=True),
        Field("response", ("Notice receipt", "Response type"), "code", "response", needed=True),
        Field("details", ("Notice receipt", "Response details"), "text", many="list", longest=2_000),
    ),
}
GROUPS: Mapping[NoticeKind, str] = {
    "assessment": _ASSESSMENT,
    "discharge": "Discharge notice",
    "withdrawal": "Withdrawal notice",
    "receipt": "Notice receipt",
}
SEVERAL = frozenset({"discharge", "withdrawal", "receipt"})
"""kinds whose heading may stand in one message several times"""


def fields(kind: NoticeKind, place: int = 0) -> tuple[Field, ...]:
    """All fields of the notice that stands at ``place`` of its heading."""
    return (*HEAD, *(_placed(one, kind, place) for one in OWN[kind]))


def _placed(field: Field, kind: NoticeKind, place: int) -> Field:
    if kind not in SEVERAL or field.path[0] != GROUPS[kind]:
        return field
    path = (field.path[0], place, *field.path[1:])
    return Field(field.name, path, field.sort, field.codes, field.many, field.needed, field.longest)


def value_of(notice: Notice, name: str) -> Any:
    """The value of a field by its dotted name."""
    found: Any = notice
    for part in name.split("."):
        found = getattr(found, part)
    return found


def head_as_plain(head: Head) -> dict[str, Any]:
    """A head as JSON, by the dotted names of its fields; what was not said is left out."""
    found: dict[str, Any] = {}
    for one in HEAD:
        value: Any = head
        for part in one.name.split(".")[1:]:
            value = getattr(value, part)
        if value not in ("", None, ()):
            found[one.name] = list(value) if one.many else value if isinstance(value, str) else value.isoformat()
    return found


def head_of(plain: Mapping[str, Any]) -> Head:
    """The reverse."""
    values: dict[str, Any] = {}
    for one in HEAD:
        sent = plain.get(one.name)
        if one.many:
            values[one.name] = tuple(sent or ())
        elif one.sort == "moment":
            values[one.name] = datetime.fromisoformat(sent) if sent else None
        elif one.sort == "day":
            values[one.name] = date.fromisoformat(sent) if sent else None
        else:
            values[one.name] = sent or ""
    return built("receipt", values).head


def built(kind: NoticeKind, values: Mapping[str, Any]) -> Notice:
    """A notice from values by dotted name; what is missing is empty. ``said`` may be among them."""

    def of(start: str) -> dict[str, Any]:
        begins = f"{start}." if start else ""
        inner = {name.removeprefix(begins): value for name, value in values.items() if name.startswith(begins)}
        return {name: value for name, value in inner.items() if "." not in name}

    head = Head(
        **of("head"),
        person=WardPerson(**of("head.person")),
        referrer=Referrer(**of("head.referrer")),
        authority=Authority(**of("head.authority")),
    )
    own = of("")
    match kind:
        case "assessment":
            return AssessmentNotice(head, stay=Stay(**of("stay")), **own)
        case "discharge":
            return DischargeNotice(head, stay=Stay(**of("stay")), **own)
        case "withdrawal":
            return WithdrawalNotice(head, **own)
        case "receipt":
            return NoticeReceipt(head, **own)
