"""What the record of a person shows: what is so now, what happened, what stands in its tabs (R1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.people.emergency import Access
from coordination.people.model import Alert, Around, Person
from coordination.values import (
    ApartmentId,
    AssessmentId,
    ContactId,
    NhsNumber,
    PersonId,
    PlanId,
    ReferralId,
    StayId,
    TeamId,
    UserName,
    VisitId,
    Window,
)


@dataclass(frozen=True, slots=True)
class RecordReferral:
    """A referral, as the person's record shows it."""

    id: ReferralId
    number: int
    service: str
    service_name: str
    urgency: str
    state: str
    need: str
    received_at: datetime
    due_at: datetime
    holder: str | None  # display name


@dataclass(frozen=True, slots=True)
class RecordContact:
    id: ContactId
    channel: str
    received_at: datetime
    caller_name: str
    caller_relation: str
    need: str
    ending: str | None
    ending_reason: str


@dataclass(frozen=True, slots=True)
class RecordVisit:
    id: VisitId
    arrive: Window
    minutes: int
    team: str
    need: str
    state: str
    workers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordConcern:
    """A safeguarding concern that is not decided yet, and who has it since when."""

    id: UUID
    number: int
    owner_name: str
    owner_since: datetime


@dataclass(frozen=True, slots=True)
class RecordNotFound:
    """Nobody opened the door at a visit, and nobody has said yet where the person is (D5)."""

    id: UUID
    since: datetime
    team: str
    owner_name: str  # empty: nobody has taken it


@dataclass(frozen=True, slots=True)
class RecordStay:
    """``start`` first night, ``end`` the day of leaving."""

    id: StayId
    apartment_id: ApartmentId
    apartment: str
    scheme: str
    start: date
    end: date
    state: str


@dataclass(frozen=True, slots=True)
class RecordEquipment:
    """What the person has, or what is ordered for them (D6). ``id`` is of the order; ``day``: since when they have it,
    or when it comes; ``until_on``: the agreed end of the loan, None: as long as it is needed."""

    id: UUID
    name: str
    quantity: int
    serial: str
    state: str
    to_fit: bool
    day: date | None
    wanted_by: date
    until_on: date | None
    to_collect: bool

    @property
    def is_there(self) -> bool:
        return self.state in ("delivered", "fitted")


@dataclass(frozen=True, slots=True)
class RecordPlan:
    id: PlanId
    state: str
    lead_worker: UserName | None
    lead_worker_name: str | None
    review_on: date | None
    outcomes: int
    actions_open: int


@dataclass(frozen=True, slots=True)
class RecordAssessment:
    id: AssessmentId
    title: str
    state: str
    started_at: datetime
    started_by_name: str
    signed_at: datetime | None
    signed_by_name: str | None


@dataclass(frozen=True, slots=True)
class Former:
    """Who a merged record said it was."""

    surname: str
    given: str
    title: str
    birth_date: date | None
    nhs_number: NhsNumber | None
    address: str
    postcode: str
    phone: str


@dataclass(frozen=True, slots=True)
class Merge:
    """One merging, and its parting when there was one. ``moved``: table and how many rows went along."""

    id: UUID
    kept_id: PersonId
    merged_id: PersonId
    former: Former
    at: datetime
    by_name: str
    reason: str
    taken: frozenset[str]
    moved: tuple[tuple[str, int], ...]
    undone_at: datetime | None
    undone_by_name: str
    undone_reason: str

    @property
    def stands(self) -> bool:
        return self.undone_at is None


TimelineKind = Literal[
    "contact",
    "made",
    "advice",
    "referral",
    "safeguarding",
    "assessment",
    "plan",
    "visit",
    "stay",
    "alert",
    "message",
    "record",
]
TIMELINE_KINDS: tuple[TimelineKind, ...] = (
    "contact",
    "made",  # about somebody else
    "advice",
    "referral",
    "safeguarding",
    "assessment",
    "plan",
    "visit",
    "stay",
    "alert",
    "message",
    "record",
)


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened. ``what`` is its kind, ``state`` what became of it, ``about`` a code that says more (the
    channel of a contact, the kind of an alert); ``words`` what was written; ``key`` the id of the thing itself, and
    ``part`` of what happened to it."""

    at: datetime
    what: TimelineKind
    state: str
    about: str
    words: str
    who: str
    key: UUID
    part: UUID


@dataclass(frozen=True, slots=True)
class TimelineCursor:
    """Where a page ended: the place of its last item, newest first."""

    at: datetime
    state: str
    part: UUID


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """What happened, newest first. ``counts``: how many of each kind there are in all; ``more``: where to go on."""

    items: tuple[TimelineItem, ...]
    counts: Mapping[str, int]
    more: TimelineCursor | None


@dataclass(frozen=True, slots=True)
class RecordEntries:
    """Contacts and referrals, ended ones too, newest first."""

    contacts: tuple[RecordContact, ...]
    referrals: tuple[RecordReferral, ...]


@dataclass(frozen=True, slots=True)
class RecordAction:
    what: str
    who: str
    due_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """What the person wants, in their words, and what is done for it."""

    words: str
    actions: tuple[RecordAction, ...]


@dataclass(frozen=True, slots=True)
class RecordCare:
    """Assessments, newest first, and the one shared plan as it stands (C1)."""

    assessments: tuple[RecordAssessment, ...]
    plan: RecordPlan | None
    what_matters: str
    outcomes: tuple[RecordOutcome, ...]
    other_actions: tuple[RecordAction, ...]
    plans_ended: int


@dataclass(frozen=True, slots=True)
class RecordPlaces:
    """Visits and stays, newest first; those ahead stand first."""

    visits: tuple[RecordVisit, ...]
    stays: tuple[RecordStay, ...]


@dataclass(frozen=True, slots=True)
class RecordAround:
    """Who is around the person, all alerts (those no longer in force too), and with whom they share."""

    around: tuple[Around, ...]
    alerts: tuple[Alert, ...]
    teams: tuple[str, ...]
    merges: tuple[Merge, ...]


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """R1. The one shared view: what is so now. What happened is ``People.timeline``. ``detail_hidden``: the person
    shares a summary only, and this desk is not one of their teams, so carers, assessments and plan are kept back by the
    database (R2)."""

    person: Person
    as_of: datetime
    alerts: tuple[Alert, ...] = ()  # in force
    around: tuple[Around, ...] = ()
    shared_with: tuple[TeamId, ...] = ()
    referrals: tuple[RecordReferral, ...] = ()  # open ones
    contacts: tuple[RecordContact, ...] = ()  # newest first, the last 50
    visits: tuple[RecordVisit, ...] = ()  # today and ahead
    stay: RecordStay | None = None  # the present one, or the next
    plan: RecordPlan | None = None
    assessments: tuple[RecordAssessment, ...] = ()
    detail_hidden: bool = False
    merges: tuple[Merge, ...] = ()  # newest first, those that were parted again too
    concerns: tuple[RecordConcern, ...] = ()  # undecided, as far as this desk may see them, oldest first
    not_found: tuple[RecordNotFound, ...] = ()  # open cases of nobody found, oldest first
    equipment: tuple[RecordEquipment, ...] = ()  # what they have, then what is ordered for them
    emergency: Access | None = None  # mine, in force (R3): without it less of this would be here

    @property
    def carer(self) -> Around | None:
        return next((a for a in self.around if a.is_carer), None)

    @property
    def lead_worker(self) -> str | None:
        """Display name of the lead worker on the plan (C1)."""
        return self.plan.lead_worker_name if self.plan else None
