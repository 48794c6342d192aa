"""The shared plan, its outcomes and actions (C1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypedDict
from uuid import UUID

from coordination.values import AssessmentId, PersonId, PlanId, TeamId, UserName

PlanState = Literal["draft", "active", "ended"]
ActionState = Literal["to_do", "under_way", "done", "dropped"]
# The parts of a plan that are running text, in the order of the page.
TextField = Literal["what_matters", "if_things_go_wrong", "carers_part", "self_care"]
TEXT_FIELDS: tuple[TextField, ...] = ("what_matters", "if_things_go_wrong", "carers_part", "self_care")
SuggestionKind = Literal["text", "outcome", "action"]


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
    if_things_go_wrong: str = field(repr=False)
    carers_part: str = field(repr=False)
    self_care: str = field(repr=False)
    review_on: date | None
    created_at: datetime
    created_by: UserName
    activated_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the person wants, in their own words."""

    id: UUID
    plan: PlanId
    position: int
    words: str = field(repr=False)
    revision: int


@dataclass(frozen=True, slots=True)
class PlanAction:
    """Who does what by when. With a team, visits can be planned from it. ``outcome`` None: for the plan as a whole."""

    id: UUID
    plan: PlanId
    person: PersonId
    outcome: UUID | None
    position: int
    what: str = field(repr=False)
    who: str = field(repr=False)
    team: TeamId | None
    team_name: str
    due_on: date | None
    state: ActionState
    revision: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something said in the assessment that belongs on the plan; accepted as it stands, nothing is retyped.

    ``key`` is the id that the outcome or action gets, so that accepting twice adds once. ``place`` is set
    for running text.
    """

    key: UUID
    kind: SuggestionKind
    words: str = field(repr=False)
    question: str
    place: TextField | None = None
    service: str = ""
    said_by_name: str = field(default="", repr=False)
    said_at: datetime | None = None


@dataclass(frozen=True)
class PlanSheet:
    """The plan on one page, and what its assessment suggests that is not on it yet."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    actions: tuple[PlanAction, ...]
    suggestions: tuple[Suggestion, ...]

    def actions_of(self, outcome: UUID | None) -> tuple[PlanAction, ...]:
        return tuple(a for a in self.actions if a.outcome == outcome)


@dataclass(frozen=True, slots=True)
class TeamChoice:
    """A team that can do an action."""

    id: TeamId
    name: str
    service: str
    locality: str | None


class PlanChanges(TypedDict, total=False):
    """What may be changed of a plan's head."""

    what_matters: str
    if_things_go_wrong: str
    carers_part: str
    self_care: str
    lead_worker: UserName | None
    review_on: date | None


class ActionDetails(TypedDict, total=False):
    """What an action may carry besides what is to be done."""

    who: str
    team: TeamId | None
    due_on: date | None
    state: ActionState
    outcome: UUID | None


class ActionChanges(ActionDetails, total=False):
    """What may be changed of an action."""

    what: str
