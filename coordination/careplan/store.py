"""What the care plan service needs of a store."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from coordination.careplan.model import (
    ActionChanges,
    ActionDetails,
    Outcome,
    Plan,
    PlanAction,
    PlanChanges,
    PlanState,
    TeamChoice,
)
from coordination.values import AssessmentId, PersonId, PlanId, TeamId


class PlanStore(Protocol):
    """Care plans."""

    def plan(self, plan_id: PlanId, *, lock: bool = False) -> Plan:
        """The head; ``lock``: held until the transaction ends. Raises NotFound('plan', …)."""
        ...

    def current(self, person_id: PersonId) -> Plan | None:
        """The person's draft or active plan: there is never more than one."""
        ...

    def outcomes(self, plan_id: PlanId) -> list[Outcome]:
        """In order of position."""
        ...

    def actions(self, plan_id: PlanId) -> list[PlanAction]:
        """In order of position."""
        ...

    def outcome(self, outcome_id: UUID) -> Outcome:
        """Raises NotFound('outcome', …)."""
        ...

    def action(self, action_id: UUID) -> PlanAction:
        """Raises NotFound('action', …)."""
        ...

    def add(self, plan_id: PlanId, person_id: PersonId, assessment: AssessmentId | None) -> None:
        """A draft, unless the person has a plan already."""
        ...

    def follow(self, plan_id: PlanId, assessment: AssessmentId) -> None:
        """From now on the plan takes its suggestions from this assessment."""
        ...

    def change(self, plan_id: PlanId, changes: PlanChanges, *, seen: int) -> bool:
        """False when another revision stands."""
        ...

    def move(self, plan_id: PlanId, state: PlanState, *, seen: int) -> bool:
        """Change the state; false when another revision stands. Raises BrokenRule."""
        ...

    def add_outcome(self, outcome_id: UUID, plan_id: PlanId, words: str) -> Outcome:
        """At the end. When that id is there already, that one."""
        ...

    def change_outcome(self, outcome_id: UUID, words: str, *, seen: int) -> bool: ...

    def remove_outcome(self, outcome_id: UUID, *, seen: int) -> bool:
        """Its actions stay, as actions of the plan."""
        ...

    def add_action(self, action_id: UUID, plan_id: PlanId, what: str, details: ActionDetails) -> PlanAction:
        """At the end. When that id is there already, that one."""
        ...

    def change_action(self, action_id: UUID, changes: ActionChanges, *, seen: int) -> bool: ...

    def remove_action(self, action_id: UUID, *, seen: int) -> bool: ...

    def teams(self) -> list[TeamChoice]:
        """In order of name."""
        ...

    def team_for(self, person_id: PersonId, service_code: str) -> TeamId | None:
        """P2: the one team of that service where the person belongs; None when there is none, or several."""
        ...
