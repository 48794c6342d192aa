"""The shared plan (C1): its head, the rows on it, and the sheet that holds all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypedDict
from uuid import UUID

from coordination.assessment.model import AnswerValue, Form
from coordination.careplan.rows import (
    ActionState,
    Agreement,
    Contingency,
    Item,
    Need,
    Outcome,
    PlanAction,
    PlanEquipment,
    PlanTeam,
)
from coordination.careplan.version_model import Acknowledgement, LeadStanding, PlanContent, PlanReview, VersionHead
from coordination.values import AssessmentId, PersonId, PlanId, TeamId, UserName

PlanState = Literal["draft", "active", "ended"]
# The parts of a plan that are running text, in the order of the page.
TextField = Literal["what_matters", "strengths", "carers_part", "self_care", "funding"]
TEXT_FIELDS: tuple[TextField, ...] = ("what_matters", "strengths", "carers_part", "self_care", "funding")
SuggestionKind = Literal["text", "need", "outcome", "action", "contingency", "equipment"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The head of the one plan a person has. Active means: a lead worker and a review date are there."""

    id: PlanId
    person: PersonId
    assessment: AssessmentId | None
    state: PlanState
    lead_worker: UserName | None
    lead_worker_name: str = field(repr=False)
    what_matters: str = field(repr=False)
    strengths: str = field(repr=False)
    carers_part: str = field(repr=False)
    self_care: str = field(repr=False)
    funding: str = field(repr=False)
    review_on: date | None
    created_at: datetime
    created_by: UserName
    activated_at: datetime | None
    revision: int
    ended_at: datetime | None = None
    ended_by_name: str = field(default="", repr=False)
    end_reason: str = field(default="", repr=False)


# From assessment to plan


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of an assessment, with who said it and when."""

    value: AnswerValue = field(repr=False)
    said_by_name: str = field(repr=False)
    said_at: datetime


@dataclass(frozen=True)
class Assessed:
    """The signed assessment that a plan takes its suggestions from. ``answers`` by question."""

    id: AssessmentId
    form: Form
    answers: Mapping[str, Said]

    @property
    def values(self) -> dict[str, AnswerValue]:
        return {question: said.value for question, said in self.answers.items() if said.value is not None}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something said in the assessment that belongs on the plan; accepted as it stands, nothing is retyped.

    ``key`` is the id that the row gets, so that accepting twice adds once. ``place`` is set for running text.
    """

    key: UUID
    kind: SuggestionKind
    words: str = field(repr=False)
    question: str
    place: TextField | None = None
    service: str = ""
    said_by_name: str = field(default="", repr=False)
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row (of the same ``id``), or words within the text ``place``, came from (A1)."""

    id: UUID
    place: str
    assessment: AssessmentId
    form_title: str
    question: str
    said_by_name: str = field(repr=False)
    said_at: datetime
    taken_by_name: str = field(repr=False)
    taken_at: datetime


# The whole of it


@dataclass(frozen=True)
class PlanSheet:
    """The plan on one page, and what its assessment suggests that is not on it yet.

    ``versions`` and ``reviews``: newest first. ``changed``: since the last version was issued.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    actions: tuple[PlanAction, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    needs: tuple[Need, ...] = ()
    contingencies: tuple[Contingency, ...] = ()
    equipment: tuple[PlanEquipment, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    sources: tuple[Source, ...] = ()
    teams: tuple[PlanTeam, ...] = ()
    versions: tuple[VersionHead, ...] = ()
    reviews: tuple[PlanReview, ...] = ()
    lead: LeadStanding | None = None
    changed: bool = False

    def actions_of(self, outcome: UUID | None) -> tuple[PlanAction, ...]:
        return tuple(a for a in self.actions if a.outcome == outcome)

    def outcomes_of(self, need: UUID | None) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.need == need)

    def items(self) -> tuple[Item, ...]:
        """Every row, in the order of the page."""
        return (
            *self.needs, *self.outcomes, *self.actions, *self.contingencies, *self.equipment, *self.agreements
        )  # fmt: skip

    @property
    def content(self) -> PlanContent:
        """As a version of it would be now."""
        p = self.plan
        return PlanContent(
            p.lead_worker, p.lead_worker_name, p.review_on, p.strengths, p.what_matters, p.carers_part, p.self_care,
            p.funding, self.needs, self.outcomes, self.actions, self.contingencies, self.equipment, self.agreements,
            self.teams,
        )  # fmt: skip

    @property
    def version(self) -> VersionHead | None:
        """The one that stands."""
        return self.versions[0] if self.versions else None

    @property
    def acknowledged(self) -> tuple[Acknowledgement, ...]:
        """Of the version that stands."""
        return self.version.acknowledged if self.version is not None else ()

    @property
    def outstanding(self) -> tuple[PlanTeam, ...]:
        """C2: teams that have not acknowledged the version that stands."""
        if self.version is None or self.plan.state != "active":
            return ()
        said = {a.team for a in self.acknowledged}
        return tuple(t for t in self.teams if t.id not in said)


@dataclass(frozen=True, slots=True)
class TeamChoice:
    """A team that can do an action."""

    id: TeamId
    name: str
    service: str
    locality: str | None


@dataclass(frozen=True)
class PlanChoices:
    """Whom a plan can name: teams, and colleagues with how many plans they hold; both in order of name."""

    teams: tuple[TeamChoice, ...]
    colleagues: tuple[LeadStanding, ...]


class PlanChanges(TypedDict, total=False):
    """What may be changed of a plan's head."""

    what_matters: str
    strengths: str
    carers_part: str
    self_care: str
    funding: str
    lead_worker: UserName | None
    review_on: date | None


class ActionDetails(TypedDict, total=False):
    """What an action may carry besides what is to be done."""

    who: str
    team: TeamId | None
    due_on: date | None
    state: ActionState
    outcome: UUID | None
    confidence: int | None
    review_on: date | None


class ActionChanges(ActionDetails, total=False):
    """What may be changed of an action."""

    what: str
