"""A safeguarding concern and its path (E3): raised, looked into, decided. Never queued: it always has an owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.values import ContactId, PersonId, ReferralId, UserName

ConcernId = NewType("ConcernId", UUID)

Stage = Literal["raised", "looking", "decided"]
STAGES: tuple[Stage, ...] = ("raised", "looking", "decided")
# The legal moves; the database holds the same list. Back from looked into is the undo of beginning.
MOVES: Mapping[str, tuple[Stage, ...]] = {
    "raised": ("looking", "decided"),
    "looking": ("decided", "raised"),
    "decided": ("looking",),
}
Danger = Literal["not_known", "no", "yes"]
DANGERS: tuple[Danger, ...] = ("not_known", "no", "yes")
How = Literal["telephone", "in_person", "email", "secure_system", "letter"]
HOWS: tuple[How, ...] = ("telephone", "in_person", "email", "secure_system", "letter")
# Who may have a concern. Seeing those of others is narrower: see the policies of the database.
OWNERS = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead", "manager"})


@dataclass(frozen=True, slots=True)
class ConcernFacts:
    """What is written down when it is raised. ``seen_or_said`` stays as it is for good; ``made_safe`` says what was
    done at once, ``consent`` what the person knows, wants and is able to decide."""

    seen_or_said: str = ""
    danger: str = "not_known"
    made_safe: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True)
class ConcernDraft:
    """A concern to raise. ``id`` comes from ``values.new_id()``: raised twice it is one. Out of a referral or of a
    contact that makes none, or else about a person, or about somebody whom nobody knows yet. ``person_id`` and
    ``locality`` count only without a referral or contact."""

    id: ConcernId
    facts: ConcernFacts
    referral_id: ReferralId | None = None
    person_id: PersonId | None = None
    locality: str | None = None
    contact_id: ContactId | None = None


@dataclass(frozen=True, slots=True)
class LookedInto:
    """What may change on the way: what was found, and the danger, safety and consent as they are now."""

    found: str = ""
    danger: str = "not_known"
    made_safe: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True)
class ToldDraft:
    """Somebody was told. ``role`` is what they are and of which organisation; ``told_at`` None is now."""

    id: UUID
    name: str
    role: str
    how: str = "telephone"
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    id: UUID
    name: str
    role: str
    how: How
    told_at: datetime
    recorded_by_name: str


@dataclass(frozen=True, slots=True)
class Concern:
    id: ConcernId
    number: int
    referral_id: ReferralId | None
    person_id: PersonId | None
    stage: Stage
    seen_or_said: str
    found: str
    danger: Danger
    made_safe: str
    consent: str
    owner: UserName
    owner_name: str
    owner_since: datetime
    decision: str | None
    decision_name: str | None
    decision_words: str
    decided_at: datetime | None
    decided_by_name: str | None
    locality: str | None
    raised_at: datetime
    raised_by: UserName
    raised_by_name: str
    revision: int
    contact_id: ContactId | None = None  # it was raised in that contact, which made no referral

    @property
    def is_decided(self) -> bool:
        return self.stage == "decided"


@dataclass(frozen=True, slots=True)
class ConcernEvent:
    """A step of the path, as the database recorded it."""

    at: datetime
    by_name: str
    from_stage: Stage | None
    to_stage: Stage
    owner_name: str
    decision_name: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ConcernContact:
    """The contact that it was raised in, where that made no referral: who called, and how it ended."""

    channel: str
    received_at: datetime
    caller_name: str
    caller_relation: str
    caller_phone: str
    ending: str | None
    ending_reason: str
    said_to_be: str = ""  # whom it is about, in words, where nobody was chosen


@dataclass(frozen=True, slots=True)
class ConcernDetail:
    """One concern in full. Names are empty while nobody knows whom it is about."""

    concern: Concern
    title: str
    surname: str
    given: str
    birth_date: date | None
    referral_number: int | None
    told: tuple[Told, ...]
    events: tuple[ConcernEvent, ...]
    as_of: datetime
    contact: ConcernContact | None = None


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """One line of the list."""

    id: ConcernId
    number: int
    person_id: PersonId | None
    title: str
    surname: str
    given: str
    seen_or_said: str  # the beginning of it
    danger: Danger
    stage: Stage
    owner: UserName
    owner_name: str
    owner_active: bool
    raised_at: datetime
    decided_at: datetime | None
    decision_name: str | None
    locality: str | None
    told: int
    revision: int


@dataclass(frozen=True, slots=True)
class ConcernFilter:
    """``undecided`` False: those decided, the newest first. Empty localities mean the whole city."""

    undecided: bool = True
    mine: bool = False
    localities: frozenset[str] = frozenset()
    person_id: PersonId | None = None
    referral_id: ReferralId | None = None
    limit: int = 300


@dataclass(frozen=True, slots=True)
class DecisionKind:
    """What may be decided, from the reference data."""

    code: str
    name: str
    asks_reason: bool
