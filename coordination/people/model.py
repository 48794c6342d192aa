"""Who a person is, how they are found, and everything in place around them (R1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.values import (
    NhsNumber,
    PersonId,
    Postcode,
    UserName,
)

Gender = Literal["female", "male", "other", "not_known"]
GENDERS: tuple[Gender, ...] = ("female", "male", "other", "not_known")
NhsStatus = Literal["verified", "traced", "not_traced", "none_known"]
NHS_STATUSES: tuple[NhsStatus, ...] = ("verified", "traced", "not_traced", "none_known")
SharingLevel = Literal["everything", "summary", "named_teams"]
SHARING_LEVELS: tuple[SharingLevel, ...] = ("everything", "summary", "named_teams")
RiskTier = Literal["very_high", "high", "moderate", "low"]
AlertKind = Literal["safeguarding", "do_not_visit_alone", "infection", "access", "key_safe", "allergy", "other"]
ALERT_KINDS: tuple[AlertKind, ...] = (
    "safeguarding",
    "do_not_visit_alone",
    "infection",
    "access",
    "key_safe",
    "allergy",
    "other",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood with the locality that it lies in (P1). ``locality`` is a code: north, central, south."""

    neighbourhood_id: int
    neighbourhood: str
    locality: str


@dataclass(frozen=True, slots=True)
class Responsibility:
    """P2. Who is responsible for what: ``None`` where it is not known, or lies outside the city.

    ``health`` follows the practice, ``social_care`` the residence.
    """

    health: Place | None
    social_care: Place | None

    @property
    def differ(self) -> bool:
        """Both must be shown: they are not the same neighbourhood."""
        return self.health != self.social_care


@dataclass(frozen=True, slots=True)
class Practice:
    """A GP practice. ``place`` is None for one outside the city."""

    code: str
    name: str
    place: Place | None
    phone: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Home:
    """Where a postcode lies."""

    ward_code: str
    ward: str
    place: Place


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """What somebody says about a person, as typed. Checked by ``rules.check``, never on construction.

    Names are kept exactly as they come. ``birth_date`` is a day, or text such as ``14/7/45``.
    ``practice_code`` is an ODS code, empty when there is no GP or nobody knows.
    """

    surname: str = ""
    given: str = ""
    title: str = ""
    known_as: str = ""
    birth_date: date | str | None = None
    gender: str = "not_known"
    nhs_number: str = ""
    nhs_status: str = ""  # empty: not_traced with a number, none_known without
    address: str = ""
    postcode: str = ""
    phone: str = ""
    other_phone: str = ""
    email: str = ""
    language: str = ""
    interpreter: bool = False
    communication: str = ""
    access_notes: str = ""
    practice_code: str = ""
    deceased_on: date | str | None = None


@dataclass(frozen=True, slots=True)
class PersonFields:
    """A draft that has been checked: what may be stored."""

    surname: str
    given: str
    title: str
    known_as: str
    birth_date: date | None
    gender: Gender
    nhs_number: NhsNumber | None
    nhs_status: NhsStatus
    address: str
    postcode: Postcode | None
    phone: str
    other_phone: str
    email: str
    language: str
    interpreter: bool
    communication: str
    access_notes: str
    practice_code: str | None
    deceased_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A person's identity as it is stored."""

    id: PersonId
    fields: PersonFields
    home: Home | None  # None: the postcode lies outside the city, is not known, or there is none
    practice: Practice | None
    risk_score: int | None
    risk_tier: RiskTier
    sharing_level: SharingLevel
    registered_at: datetime
    registered_by: UserName
    revision: int

    @property
    def responsibility(self) -> Responsibility:
        """P2. A resident with no GP is placed by residence, for health too."""
        residence = self.home.place if self.home else None
        return Responsibility(self.practice.place if self.practice else residence, residence)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Codes of what deserves a second look and refuses nothing: ``postcode_not_in_city_table``."""
        return ("postcode_not_in_city_table",) if self.fields.postcode and not self.home else ()


MatchField = Literal[
    "nhs_number",
    "surname",
    "given",
    "known_as",
    "birth_date",
    "postcode",
    "phone",
    "around_phone",
    "merged_record",  # what is told was said by a record that has been merged into this one
]
MatchHow = Literal["exact", "prefix", "misspelt", "part", "swapped", "differs"]


@dataclass(frozen=True, slots=True)
class Match:
    """Why a row was found: the field that agrees, and how well.

    ``exact`` the same; ``prefix`` begins so; ``misspelt`` nearly so; ``part`` the year or outward code agrees;
    ``swapped`` given name and surname, or day and month, the other way round; ``differs`` speaks against it.
    """

    field: MatchField
    how: MatchHow


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of a list of people, with why it is there."""

    id: PersonId
    title: str
    surname: str
    given: str
    known_as: str
    birth_date: date | None
    deceased_on: date | None
    gender: Gender
    nhs_number: NhsNumber | None
    address: str
    postcode: Postcode | None
    phone: str
    other_phone: str
    neighbourhood: str | None
    locality: str | None
    matched: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A registered person who may be the one in the draft. Strength ``same``: they have that NHS number."""

    row: PersonRow
    reasons: tuple[Match, ...]
    strength: Literal["same", "likely", "possible"]


@dataclass(frozen=True, slots=True)
class AlertDraft:
    kind: str
    words: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a worker must know. ``until`` in the past: no longer in force."""

    id: UUID
    kind: AlertKind
    words: str
    since: date
    until: date | None
    revision: int


@dataclass(frozen=True, slots=True)
class AroundDraft:
    name: str
    relation: str = ""
    phone: str = ""
    is_carer: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """Somebody around the person: a carer, a relative, a neighbour."""

    id: UUID
    name: str
    relation: str
    phone: str
    is_carer: bool
    revision: int
    until: date | None = None  # in the past: around them no longer


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """What a form can say of a draft while it is typed, without saving: errors at fields, warnings, the place."""

    problems: tuple[tuple[str, str], ...]  # (field, reason)
    warnings: tuple[tuple[str, str], ...]
    responsibility: Responsibility
