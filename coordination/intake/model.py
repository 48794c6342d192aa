"""Contacts, referrals and the one queue (E1-E5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from coordination.intake.reference import Urgency
from coordination.people.callers.model import AroundId, ProfessionalDraft, ProfessionalId
from coordination.safeguarding.model import ConcernFacts, ConcernId
from coordination.values import ContactId, PersonId, ReferralId, UserName

Channel = Literal[
    "telephone",
    "online_form",
    "email",
    "social_media",
    "gp",
    "community_clinic",
    "ward",
    "emergency_department",
    "ambulance",
    "gp_out_of_hours",
    "walk_in",
    "other_centre",
]
CHANNELS: tuple[Channel, ...] = (
    "telephone",
    "online_form",
    "email",
    "social_media",
    "gp",
    "community_clinic",
    "ward",
    "emergency_department",
    "ambulance",
    "gp_out_of_hours",
    "walk_in",
    "other_centre",
)
# What a channel adds to the form and keeps in Contact.details; everything else is the same for all (E1).
CHANNEL_DETAILS: Mapping[str, tuple[str, ...]] = {
    "email": ("sender", "subject", "text"),
    "online_form": ("form", "reference"),
    "social_media": ("account", "link", "text"),
    "gp": ("practice", "clinician"),
    "community_clinic": ("clinic", "clinician"),
    "ward": ("site", "ward", "consultant", "moft_at"),
    "emergency_department": ("site", "clinician"),
    "ambulance": ("incident", "crew", "conveyed"),
    "gp_out_of_hours": ("clinician", "reference"),
    "other_centre": ("centre", "colleague"),
}

EndingKind = Literal["advice", "referral", "linked", "no_action"]
ENDINGS: tuple[EndingKind, ...] = ("advice", "referral", "linked", "no_action")
State = Literal["waiting", "claimed", "accepted", "declined", "closed"]
OPEN_STATES: tuple[State, ...] = ("waiting", "claimed", "accepted")
# The legal moves; the database holds the same list.
MOVES: Mapping[str, tuple[State, ...]] = {
    "waiting": ("claimed", "declined", "closed"),
    "claimed": ("waiting", "accepted", "declined", "closed"),
    "accepted": ("waiting", "claimed", "closed", "declined"),
    "declined": ("waiting",),
    "closed": ("waiting",),
}


@dataclass(frozen=True, slots=True)
class GivenAdvice:
    """Information or advice as it was given (Care Act 2014): the topic, and its words of that day.

    ``given_at`` and ``by_name`` are the database's to say.
    """

    code: str
    title: str
    words: str
    given_at: datetime | None = None
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """One call, mail or form as it is written down. Checked by ``rules.check_contact``.

    ``received_at`` is None for now. ``locality`` is None for that of the desk. ``details`` holds what the channel adds
    (``CHANNEL_DETAILS``), as text.

    Who calls is kept beside whom it is about: at most one of ``caller_person_id`` (a registered person, who may be the
    same), ``caller_around_id``, ``caller_professional_id`` and ``new_professional``, who goes into the register in the
    same breath. ``advice`` is the information and advice that was given, whatever the end.

    ``concern`` opens the path of a safeguarding concern without a referral, with whoever takes the contact as its owner
    (E3); what was seen or said is the need, unless it says so itself. ``concern_id`` comes from ``values.new_id()``.
    """

    channel: str = "telephone"
    person_id: PersonId | None = None
    caller_name: str = ""
    caller_relation: str = ""
    caller_phone: str = ""
    need: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    received_at: datetime | None = None
    locality: str | None = None
    caller_person_id: PersonId | None = None
    caller_around_id: AroundId | None = None
    caller_professional_id: ProfessionalId | None = None
    new_professional: ProfessionalDraft | None = None
    advice: tuple[GivenAdvice, ...] = ()
    concern: ConcernFacts | None = None
    concern_id: ConcernId | None = None  # None: one is made


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a rule of triage makes of a need (E3): a service with its urgency, or a question to ask first (``ask``), or
    that it may be a safeguarding concern. ``words`` are those that made it; ``rule`` and ``version`` are kept with the
    referral, so that the rule can be judged."""

    rule: str
    version: str
    service: str
    urgency: str
    reason: str
    ask: str = ""
    safeguarding: bool = False
    words: tuple[str, ...] = ()
    taken: bool = False  # by a human


@dataclass(frozen=True, slots=True)
class ReferralDraft:
    """One referral out of a contact. ``id`` comes from ``values.new_id()``, so sending it twice makes one.

    ``need`` empty: that of the contact. ``source`` empty: its channel. Neighbourhood and locality follow
    responsibility (P2); ``locality`` overrides when the person is not known. ``hold``: whoever takes the contact has it
    from the first moment; ``give_to``: a named colleague does, with the reason. ``safeguarding`` opens the path of a
    concern, with what ``concern`` says of it and with whoever takes the contact as its owner (E3: never just queued).
    ``suggestions``: what the rules said while it was written, first shown first. ``outside_reason`` and
    ``outside_whom``: nobody in the city is responsible, why it is referred all the same, and whom to contact (P2).
    """

    id: ReferralId
    service: str
    urgency: str
    urgency_reason: str
    need: str = ""
    source: str = ""
    safeguarding: bool = False
    locality: str | None = None
    hold: bool = False
    give_to: UserName | None = None
    give_reason: str = ""
    concern: ConcernFacts | None = None
    concern_id: ConcernId | None = None  # from new_id(); None: the database makes one
    suggestions: tuple[Suggestion, ...] = ()
    outside_reason: str = ""
    outside_whom: str = ""


# E2: the four ends of a contact.
@dataclass(frozen=True, slots=True)
class Advice:
    """Information and advice (Care Act 2014), recorded in words."""

    words: str


@dataclass(frozen=True, slots=True)
class Refer:
    referrals: tuple[ReferralDraft, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """It belongs to a referral that is already open."""

    referral_id: ReferralId
    words: str = ""


@dataclass(frozen=True, slots=True)
class NoAction:
    reason: str


Ending: TypeAlias = Advice | Refer | Link | NoAction


@dataclass(frozen=True, slots=True)
class Contact:
    id: ContactId
    channel: Channel
    received_at: datetime
    recorded_at: datetime
    recorded_by: UserName
    recorded_by_name: str
    locality: str | None
    person_id: PersonId | None
    caller_name: str
    caller_relation: str
    caller_phone: str
    need: str
    details: Mapping[str, Any]
    ending: EndingKind | None
    ending_reason: str
    linked_referral_id: ReferralId | None
    ended_at: datetime | None
    revision: int
    caller_person_id: PersonId | None = None
    caller_around_id: AroundId | None = None
    caller_professional_id: ProfessionalId | None = None
    caller_of: str = ""  # around whom the caller is, as a listed name
    caller_organisation: str = ""
    advice: tuple[GivenAdvice, ...] = ()


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral as it is stored, with the names that a screen needs beside the codes."""

    id: ReferralId
    number: int  # said aloud on the telephone
    contact_id: ContactId
    person_id: PersonId | None
    service: str
    service_name: str
    urgency: Urgency
    urgency_reason: str
    need: str
    source: str
    locality: str | None
    neighbourhood_id: int | None
    neighbourhood: str | None
    received_at: datetime
    due_at: datetime
    state: State
    state_reason: str
    holder: UserName | None  # of a declined referral: who settles it next
    holder_name: str | None
    claimed_at: datetime | None
    safeguarding: bool
    closed_at: datetime | None
    revision: int
    # What the database says of its clocks (coordination.intake.clocks); ``due_at`` is that of ``due_kind``.
    due_kind: str = "response"
    stage_due_at: datetime | None = None  # until when it may stay as it is: then it turns amber
    responded_at: datetime | None = None
    assessed_at: datetime | None = None
    moft_at: datetime | None = None
    paused_reason: str | None = None
    paused_until: datetime | None = None
    asked_at: datetime | None = None  # more information was asked for, and has not come

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class EndedContact:
    """A contact with its end, and what came of it: referrals, or a safeguarding concern without one."""

    contact: Contact
    referrals: tuple[Referral, ...] = ()
    concern_id: ConcernId | None = None
    concern_number: int | None = None


@dataclass(frozen=True, slots=True)
class ReferralEvent:
    """What happened to a referral, as the database recorded it."""

    at: datetime
    by: UserName
    by_name: str
    from_state: State | None
    to_state: State
    holder: UserName | None
    holder_name: str | None
    reason: str
    kind: str = ""  # what was done; empty in entries from before it was kept
    details: Mapping[str, Any] = field(default_factory=dict)  # codes, names of places, times (ISO)


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """What a referral can be for. ``side``: health, social_care or both (P2)."""

    code: str
    name: str
    side: Literal["health", "social_care", "both"]
