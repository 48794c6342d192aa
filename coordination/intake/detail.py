"""One referral in full, with all that stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from coordination.intake.clocks import Clocks
from coordination.intake.model import Contact, Referral, ReferralEvent
from coordination.intake.ward import WardStory
from coordination.people.model import Person
from coordination.values import OriginalId


@dataclass(frozen=True, slots=True)
class KeptSuggestion:
    """A suggestion as it was kept, beside what the referral was made with: so that the rule can be judged."""

    rule: str
    version: str
    service: str  # empty: a safeguarding concern, or a question first
    urgency: str
    reason: str
    taken: bool
    chosen_service: str
    chosen_urgency: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a referral. ``outside_reason`` None: somebody in the city is responsible (P2)."""

    suggestions: tuple[KeptSuggestion, ...] = ()
    outside_reason: str | None = None
    outside_whom: str = ""


@dataclass(frozen=True, slots=True)
class OriginalLink:
    """The message that it came from, kept as it was sent."""

    original_id: OriginalId
    message_id: UUID
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ReferralDetail:
    """One referral in full, for the panel beside the queue."""

    referral: Referral
    contact: Contact
    events: tuple[ReferralEvent, ...]
    original: OriginalLink | None = None
    clocks: Clocks = field(default_factory=Clocks)
    beside: Beside = field(default_factory=Beside)
    person: Person | None = None  # for who is responsible (P2)
    ward: WardStory = field(default_factory=WardStory)  # notices from a hospital, and what they were answered
