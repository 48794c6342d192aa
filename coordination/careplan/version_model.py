"""What is frozen and acknowledged (C2), how reviews went, how lead workers stand, and the worklist of plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.careplan.rows import Agreement, Contingency, Need, Outcome, PlanAction, PlanEquipment, PlanTeam
from coordination.values import PersonId, PlanId, TeamId, UserName

LeadAlarm = Literal["left", "away", "over_caseload"]


@dataclass(frozen=True)
class PlanContent:
    """Everything on a plan, as a team reads it: the present plan, or a frozen version of it."""

    lead_worker: UserName | None
    lead_worker_name: str = field(repr=False)
    review_on: date | None
    strengths: str = field(repr=False)
    what_matters: str = field(repr=False)
    carers_part: str = field(repr=False)
    self_care: str = field(repr=False)
    funding: str = field(repr=False)
    needs: tuple[Need, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    actions: tuple[PlanAction, ...] = ()
    contingencies: tuple[Contingency, ...] = ()
    equipment: tuple[PlanEquipment, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    teams: tuple[PlanTeam, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A team has read this version and works by it."""

    version: UUID
    team: TeamId
    team_name: str
    by: UserName
    by_name: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A numbered version without what is in it. ``note``: why it was issued again."""

    id: UUID
    plan: PlanId
    number: int
    issued_at: datetime
    issued_by: UserName
    issued_by_name: str = field(repr=False)
    note: str = field(repr=False)
    acknowledged: tuple[Acknowledgement, ...] = ()


@dataclass(frozen=True)
class PlanVersion:
    """A numbered version, frozen whole."""

    head: VersionHead
    person: PersonId
    content: PlanContent


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two versions have otherwise. ``item`` None: of the head.

    ``part``: a text field, ``lead_worker``, ``review_on``, ``teams``, or a kind of row. ``name``: what the row
    is called, in its own words; ``what``: the field of it.
    ``was`` None: the row came; ``is_now`` None: it went. Values are those of the records.
    """

    part: str
    item: UUID | None
    name: str = field(repr=False)
    what: str
    was: object = field(repr=False)
    is_now: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """A review as it is written down. Each review sets the next."""

    held_on: date
    with_whom: str = field(repr=False)
    came_of_it: str = field(repr=False)
    next_review_on: date


@dataclass(frozen=True, slots=True)
class PlanReview:
    """A review that was held. ``due_on``: for which day it had been planned."""

    id: UUID
    plan: PlanId
    held_on: date
    with_whom: str = field(repr=False)
    came_of_it: str = field(repr=False)
    next_review_on: date
    due_on: date | None
    recorded_by: UserName
    recorded_by_name: str = field(repr=False)
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class LeadStanding:
    """How it is with a colleague who leads plans, or could: still here, away, holding how many of how many.

    ``most`` None: no limit is set for the role.
    """

    user: UserName
    display_name: str = field(repr=False)
    role: str
    locality: str | None
    team: TeamId | None
    active: bool
    away_kind: Literal["leave", "sickness"] | None
    away_until: datetime | None
    plans: int
    most: int | None

    @property
    def alarms(self) -> tuple[LeadAlarm, ...]:
        """The gravest first."""
        found: list[LeadAlarm] = []
        if not self.active:
            found.append("left")
        if self.away_kind is not None:
            found.append("away")
        if self.most is not None and self.plans > self.most:
            found.append("over_caseload")
        return tuple(found)


# The worklist

PlanView = Literal["reviews", "overdue", "to_acknowledge", "alarms", "unagreed", "all"]
PLAN_VIEWS: tuple[PlanView, ...] = ("reviews", "overdue", "to_acknowledge", "alarms", "unagreed", "all")


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """Which active plans are wanted. ``whose``: ``mine`` (I lead), ``team`` (mine is on it), or everybody's.

    ``reviews``: due within ``days``, the overdue ones too. ``after``: the last row of the page before.
    """

    view: PlanView = "reviews"
    localities: frozenset[str] = frozenset()
    whose: Literal["", "mine", "team"] = ""
    days: int = 14
    after: PlanCursor | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class PlanCursor:
    """Where a page of the worklist ended: in order of review date and id."""

    review_on: date
    id: PlanId


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the worklist."""

    id: PlanId
    person: PersonId
    title: str = field(repr=False)
    surname: str = field(repr=False)
    given: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    locality: str | None
    review_on: date
    lead: LeadStanding
    version: int
    issued_at: datetime
    teams: int
    waiting_for: tuple[str, ...]
    mine_to_acknowledge: bool
    agreed: bool
    why_not_agreed: str = field(repr=False)
    revision: int

    @property
    def cursor(self) -> PlanCursor:
        return PlanCursor(self.review_on, self.id)


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """How many there are in each view, of those that the same filters let through."""

    reviews: int
    overdue: int
    to_acknowledge: int
    alarms: int
    unagreed: int
    all: int


@dataclass(frozen=True)
class PlanWorklist:
    """A page of the worklist, and how many there are in each view: one query."""

    rows: tuple[PlanRow, ...]
    counts: PlanCounts
    as_of: datetime
    more: PlanCursor | None
