"""Reablement episodes, reviews and packages of care (B2, B3), as records that cross floors.

``planned_end`` and ``ended_on`` are the first day without reablement, as a range ends: an episode of six weeks from 1st
June is planned to end on 13th July, which would be its day 43. Lengths are whole minutes, days the centre's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.assessment.model import AnswerValue, Form
from coordination.names import listed
from coordination.values import AssessmentId, PersonId, PlanId, ReferralId, TeamId, WorkerId

EpisodeId = NewType("EpisodeId", UUID)
ReviewId = NewType("ReviewId", UUID)
BarrierId = NewType("BarrierId", UUID)
PackageId = NewType("PackageId", UUID)
OfferId = NewType("OfferId", UUID)
ProviderId = NewType("ProviderId", int)

Kind = Literal["standard", "complex"]
Aim = Literal["independent", "less_care", "long_term_care"]
Outcome = Literal["independent", "less_care", "long_term_care", "hospital", "moved", "declined", "died"]
Decision = Literal["continue", "reduce", "end"]
OfferState = Literal["offered", "accepted", "changed", "declined", "withdrawn"]
Answer = Literal["accepted", "changed", "declined", "withdrawn"]
BarrierKind = Literal["two_workers", "behaviour", "times", "place", "equipment", "medication", "language", "other"]

AIMS: tuple[Aim, ...] = ("independent", "less_care", "long_term_care")
OUTCOMES: tuple[Outcome, ...] = (
    "independent", "less_care", "long_term_care", "hospital", "moved", "declined", "died",
)  # fmt: skip
SCORED: frozenset[Outcome] = frozenset({"independent", "less_care", "long_term_care"})
"""Outcomes that need end scores: the person is there to look back with."""
DECISIONS: tuple[Decision, ...] = ("continue", "reduce", "end")
ANSWERS: tuple[Answer, ...] = ("accepted", "changed", "declined", "withdrawn")
BARRIERS: tuple[BarrierKind, ...] = (
    "two_workers", "behaviour", "times", "place", "equipment", "medication", "language", "other",
)  # fmt: skip
WRITERS = frozenset({"team_lead", "care_coordinator"})
"""Roles that may change an episode; for screens, the database decides."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who gives care at home for good."""

    id: ProviderId
    name: str
    phone: str
    localities: tuple[str, ...]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Episode:
    """One person's reablement, from the first day to the last."""

    id: EpisodeId
    person_id: PersonId
    team_id: TeamId
    team_name: str
    kind: Kind
    aim: Aim
    complex_reason: str
    past_six_weeks_reason: str
    started_on: date
    planned_end: date
    lead_id: WorkerId | None
    lead_name: str
    referral_id: ReferralId | None
    plan_id: PlanId | None
    start_assessment_id: AssessmentId | None
    end_assessment_id: AssessmentId | None
    ended_on: date | None
    outcome: Outcome | None
    end_words: str
    opened_at: datetime
    opened_by_name: str
    closed_at: datetime | None
    closed_by_name: str
    revision: int

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


@dataclass(frozen=True, slots=True)
class Review:
    """Due on a day; held when ``held_on`` is set."""

    id: ReviewId
    due_on: date
    held_on: date | None = None
    decision: Decision | None = None
    with_whom: str = ""
    words: str = ""
    recorded_by_name: str = ""
    revision: int = 1

    @property
    def is_held(self) -> bool:
        return self.held_on is not None


@dataclass(frozen=True, slots=True)
class Barrier:
    """What makes providers unable to take somebody on, and what has been done about it (B3)."""

    id: BarrierId
    kind: BarrierKind
    words: str
    done: str
    resolved_on: date | None
    added_by_name: str
    added_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A package as one provider was asked to take it, and what they said."""

    id: OfferId
    provider_id: ProviderId
    provider: str
    state: OfferState
    words: str
    offered_at: datetime
    offered_by_name: str
    answered_at: datetime | None
    answered_by_name: str
    revision: int


@dataclass(frozen=True, slots=True)
class Package:
    """Long-term care at home as it is wanted. ``starts_on`` is the first day on which the provider comes."""

    id: PackageId
    minutes_a_week: int
    calls_a_day: int
    workers_a_call: int
    tasks: str
    starts_on: date | None
    revision: int
    offers: tuple[Offer, ...] = ()  # the newest first

    @property
    def accepted(self) -> Offer | None:
        return next((o for o in self.offers if o.state == "accepted"), None)

    @property
    def waiting(self) -> tuple[Offer, ...]:
        return tuple(o for o in self.offers if o.state == "offered")

    @property
    def is_complete(self) -> bool:
        """A provider has taken it on, and it is known from when (B3)."""
        return self.accepted is not None and self.starts_on is not None


@dataclass(frozen=True, slots=True)
class EpisodeEvent:
    at: datetime
    by_name: str
    what: str  # opened, end_moved, complex, standard, handed_over, ended, reopened
    planned_end: date | None
    words: str


@dataclass(frozen=True, slots=True)
class Week:
    """Work done for the person in one week of the episode, double-ups counted twice. ``number`` from 1."""

    number: int
    start: date
    minutes: int
    visits: int


@dataclass(frozen=True, slots=True)
class SignedScores:
    """The answers of one signed assessment, with its form."""

    assessment_id: AssessmentId
    form: Form = field(repr=False)
    signed_at: datetime
    signed_by_name: str
    values: Mapping[str, AnswerValue] = field(hash=False)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One question of a score: what was answered at the start and at the end, and the points of each."""

    words: str
    start: str
    start_points: int | None
    end: str
    end_points: int | None

    @property
    def by(self) -> int | None:
        return None if self.start_points is None or self.end_points is None else self.end_points - self.start_points


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One instrument at the start and at the end. ``genuine`` None: it does not say how much is a real change."""

    id: str
    title: str
    out_of: int | None
    start: float | None
    end: float | None
    genuine: bool | None
    items: tuple[ItemChange, ...]

    @property
    def by(self) -> float | None:
        return None if self.start is None or self.end is None else round(self.end - self.start, 2)


@dataclass(frozen=True, slots=True)
class EpisodeDetail:
    """An episode with all that hangs on it. ``scores`` are empty where the assessments are not shared with me."""

    episode: Episode
    surname: str
    given: str
    title: str
    birth_date: date | None
    locality: str | None
    reviews: tuple[Review, ...]  # in order of when they are due
    barriers: tuple[Barrier, ...]
    package: Package | None
    events: tuple[EpisodeEvent, ...]
    weeks: tuple[Week, ...]
    scores: tuple[ScoreChange, ...]
    as_of: datetime

    @property
    def listed(self) -> str:
        return listed(self.surname, self.given, self.title)

    @property
    def next_review(self) -> Review | None:
        return next((r for r in self.reviews if not r.is_held), None)


@dataclass(frozen=True, slots=True)
class PackageLine:
    """How far a package has come, for a list."""

    starts_on: date | None
    waiting: int
    declined: int
    accepted_by: str


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """One line of the worklist. Minutes are those of the first seven days and of the last seven."""

    id: EpisodeId
    person_id: PersonId
    surname: str
    given: str
    title: str
    neighbourhood: str
    locality: str | None
    team_id: TeamId
    team_name: str
    kind: Kind
    aim: Aim
    started_on: date
    planned_end: date
    ended_on: date | None
    outcome: Outcome | None
    lead_name: str
    next_review_on: date | None
    reviews_held: int
    minutes_start: int
    minutes_now: int
    score_start: int | None  # Barthel, of 20
    score_end: int | None
    has_start: bool
    has_end: bool
    barriers: int
    package: PackageLine | None
    revision: int


@dataclass(frozen=True, slots=True)
class EpisodeFilter:
    """``ended``: those that ended in the last six weeks, in place of the open ones."""

    localities: frozenset[str] = frozenset()
    team_id: TeamId | None = None
    person_id: PersonId | None = None
    ended: bool = False
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class EpisodeDraft:
    """An episode to begin. The id is the client's: sent twice, it begins once."""

    id: EpisodeId
    person_id: PersonId
    team_id: TeamId
    started_on: date
    planned_end: date
    kind: Kind = "standard"
    aim: Aim = "independent"
    complex_reason: str = ""
    past_six_weeks_reason: str = ""
    lead_id: WorkerId | None = None
    referral_id: ReferralId | None = None
    plan_id: PlanId | None = None


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What came of a review."""

    held_on: date
    decision: Decision
    words: str
    with_whom: str = ""


@dataclass(frozen=True, slots=True)
class PackageDraft:
    """What is wanted of a provider. Sent with the id of one that is there, it changes that."""

    id: PackageId
    minutes_a_week: int
    calls_a_day: int
    tasks: str
    workers_a_call: int = 1
    starts_on: date | None = None
