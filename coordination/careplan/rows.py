"""The rows of a plan: needs, goals, actions, what if, equipment, agreements; and the teams on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.values import PersonId, PlanId, TeamId

ActionState = Literal["to_do", "under_way", "done", "dropped"]
ACTION_STATES: tuple[ActionState, ...] = ("to_do", "under_way", "done", "dropped")
# What stands on a plan row by row, in the order of the page.
ItemKind = Literal["need", "outcome", "action", "contingency", "equipment", "agreement"]
ITEM_KINDS: tuple[ItemKind, ...] = ("need", "outcome", "action", "contingency", "equipment", "agreement")
Party = Literal["person", "carer", "attorney", "advocate", "family", "other"]
PARTIES: tuple[Party, ...] = ("person", "carer", "attorney", "advocate", "family", "other")

# Rows. In a frozen version ``revision`` is 0, and who put the row there is not told again.


@dataclass(frozen=True, slots=True)
class Need:
    """What the person finds hard, as it was agreed with them."""

    id: UUID
    plan: PlanId
    position: int
    words: str = field(repr=False)
    revision: int
    added_by_name: str = field(default="", repr=False)
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A goal: what the person wants, in their own words. ``importance`` to them, 1 to 10. ``need``: what it answers."""

    id: UUID
    plan: PlanId
    position: int
    words: str = field(repr=False)
    revision: int
    need: UUID | None = None
    importance: int | None = None
    added_by_name: str = field(default="", repr=False)
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanAction:
    """Who does what by when. With a team, visits can be planned from it. ``outcome`` None: for the plan as a whole.

    ``confidence``: the person's, 1 to 10, that it will come about.
    """

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
    confidence: int | None = None
    review_on: date | None = None
    added_by_name: str = field(default="", repr=False)
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contingency:
    """If things go wrong: the first sign, what to do, whom to call."""

    id: UUID
    plan: PlanId
    position: int
    sign: str = field(repr=False)
    what_to_do: str = field(repr=False)
    whom_to_call: str = field(repr=False)
    revision: int
    added_by_name: str = field(default="", repr=False)
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlanEquipment:
    """What it is, from whom, and how far it is, in words."""

    id: UUID
    plan: PlanId
    position: int
    what: str = field(repr=False)
    from_whom: str = field(repr=False)
    state: str = field(repr=False)
    revision: int
    added_by_name: str = field(default="", repr=False)
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody agreed to the plan (``agreed_on``, ``how``), or did not (``why_not``). ``name``: of anybody else."""

    id: UUID
    plan: PlanId
    position: int
    party: Party
    name: str = field(repr=False)
    agreed: bool
    agreed_on: date | None
    how: str = field(repr=False)
    why_not: str = field(repr=False)
    revision: int
    added_by_name: str = field(default="", repr=False)
    added_at: datetime | None = None


Item = Need | Outcome | PlanAction | Contingency | PlanEquipment | Agreement


@dataclass(frozen=True, slots=True)
class PlanTeam:
    """A team on the plan: through an action, through its lead worker, or put on by hand."""

    id: TeamId
    name: str
    by_hand: bool = False
    leads: bool = False
