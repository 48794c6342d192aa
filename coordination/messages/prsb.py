"""Notices between a hospital ward and the council, as records: what the PRSB hospital referral for assessment for
community care and support (v1.1, © PRSB) calls assessment, discharge and withdrawal notice, and notice receipt.

A field that was not said is empty: '' for text and codes, None for moments, () for lists. Codes are those of
``resources/reference/hospital-notices.toml``; moments are aware and in UTC. ``said`` is everything else, in the order
of the standard: nothing that was sent is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from coordination.reference.hospital_headings import Path

NoticeKind = Literal["assessment", "discharge", "withdrawal", "receipt"]
KINDS: tuple[NoticeKind, ...] = ("assessment", "discharge", "withdrawal", "receipt")


class Said(NamedTuple):
    """Words at one heading that has no field of its own."""

    path: Path
    words: str


@dataclass(frozen=True, slots=True)
class WardPerson:
    """Whom it is about, as the hospital has them."""

    surname: str = ""
    given: tuple[str, ...] = ()
    title: str = ""
    preferred: str = ""
    birth_date: date | None = None
    gender: str = ""  # 1, 2, 9, X
    nhs_number: str = ""  # ten digits
    nhs_status: str = ""  # 01 to 08
    address: tuple[str, ...] = ()  # up to five lines
    postcode: str = ""
    practice_code: str = ""
    practice_name: str = ""


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who writes, from which ward, and where an answer is wanted."""

    name: str = ""
    role: str = ""
    team: str = ""
    organisation_code: str = ""
    organisation: str = ""
    contact: str = ""
    answer_to: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """The council that is addressed."""

    codes: tuple[str, ...] = ()
    name: str = ""
    teams: tuple[str, ...] = ()
    contact_name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What every message has. ``referral_id`` is the hospital's own name for the referral, in all its messages."""

    message_id: str = ""
    referral_id: str = ""
    sent_at: datetime | None = None
    person: WardPerson = WardPerson()
    referrer: Referrer = Referrer()
    authority: Authority = Authority()


@dataclass(frozen=True, slots=True)
class Stay:
    """Where the person lies, and when they are expected to leave."""

    site_code: str = ""
    site: str = ""
    ward: str = ""
    consultant: str = ""
    admitted_at: datetime | None = None
    expected: tuple[date, ...] = ()  # expected dates of discharge, as they were said
    person_informed: str = ""  # of that date: N, Y
    carer_informed: str = ""  # N, Y, NKC
    moft_at: datetime | None = None  # T2: medically optimised for transfer since


@dataclass(frozen=True, slots=True)
class AssessmentNotice:
    """An assessment will be wanted (T1)."""

    head: Head
    issued_at: datetime | None = None
    person_consulted: str = ""  # N, Y
    carer_consulted: str = ""  # N, Y, NKC
    consent: str = ""  # N, Y, L
    consent_source: str = ""  # C, O, B, N/A
    stay: Stay = Stay()
    reason: str = ""
    care_needs: str = ""
    chc_considered: str = ""  # N, Y
    chc_result: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    kind: Literal["assessment"] = "assessment"


@dataclass(frozen=True, slots=True)
class DischargeNotice:
    """The person can go home (T2)."""

    head: Head
    issued_at: datetime | None = None
    stay: Stay = Stay()
    discharge_at: datetime | None = None
    destination: str = ""
    said: tuple[Said, ...] = ()
    kind: Literal["discharge"] = "discharge"


@dataclass(frozen=True, slots=True)
class WithdrawalNotice:
    """A notice is taken back: ``type`` 1 assessment, 2 discharge, 3 both; ``reason`` 01 to 13."""

    head: Head
    issued_at: datetime | None = None
    type: str = ""
    reason: str = ""
    words: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    kind: Literal["withdrawal"] = "withdrawal"

    @property
    def takes_back_assessment(self) -> bool:
        return self.type in ("1", "3")

    @property
    def takes_back_discharge(self) -> bool:
        return self.type in ("2", "3")


@dataclass(frozen=True, slots=True)
class NoticeReceipt:
    """The council's answer. ``answers`` is the id of the message that it answers; ``response`` 1 accepts, 2 rejects."""

    head: Head
    answers: str = ""
    issued_at: datetime | None = None
    notice_type: str = ""  # 1 to 5
    response: str = ""
    details: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    kind: Literal["receipt"] = "receipt"


Notice = AssessmentNotice | DischargeNotice | WithdrawalNotice | NoticeReceipt


def notice_type(kind: str, withdrawal_type: str = "") -> str:
    """The code under which a receipt answers a notice."""
    if kind == "withdrawal":
        return {"1": "3", "2": "4", "3": "5"}[withdrawal_type]
    return {"assessment": "1", "discharge": "2"}[kind]
