"""What the care plan service needs of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from coordination.careplan.model import Assessed, Plan, PlanChanges, PlanChoices, PlanSheet, PlanState, TeamChoice
from coordination.careplan.rows import Item, ItemKind
from coordination.careplan.version_model import (
    Acknowledgement,
    PlanAsked,
    PlanContent,
    PlanReview,
    PlanVersion,
    PlanWorklist,
    ReviewDraft,
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

    def past(self, person_id: PersonId) -> list[Plan]:
        """Plans that have ended, the latest first."""
        ...

    def sheet(self, key: UUID, *, choices: bool = False) -> tuple[PlanSheet, Assessed | None, PlanChoices | None]:
        """One query: the plan of this id, or the present plan of the person of this id, without suggestions; what it
        takes its suggestions from; with ``choices`` whom it can name. Raises NotFound('plan', …)."""
        ...

    def choices(self) -> PlanChoices:
        """Whom a plan can name; one query."""
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

    def move(self, plan_id: PlanId, state: PlanState, *, seen: int, reason: str = "") -> bool:
        """Change the state; false when another revision stands. Raises BrokenRule, AlreadyExists."""
        ...

    # rows

    def item(self, kind: ItemKind, key: UUID) -> Item:
        """Raises NotFound(kind, …)."""
        ...

    def add_item(
        self, kind: ItemKind, key: UUID, plan_id: PlanId, values: Mapping[str, Any], position: int | None = None
    ) -> None:
        """At the end, or where ``position`` says. When that id is there already, nothing."""
        ...

    def change_item(self, kind: ItemKind, key: UUID, values: Mapping[str, Any], *, seen: int) -> bool: ...

    def remove_item(self, kind: ItemKind, key: UUID, *, seen: int) -> bool:
        """What hangs on it stays, and hangs on the plan as a whole."""
        ...

    def add_source(self, key: UUID, plan_id: PlanId, place: str, assessment: AssessmentId, question: str) -> None:
        """Where a row or words came from; who said it and when is the database's to say."""
        ...

    # teams

    def teams(self) -> list[TeamChoice]:
        """In order of name."""
        ...

    def phones(self, teams: Sequence[TeamId]) -> dict[TeamId, str]:
        """The telephone numbers of those teams that have one."""
        ...

    def team_for(self, person_id: PersonId, service_code: str) -> TeamId | None:
        """P2: the one team of that service where the person belongs; None when there is none, or several."""
        ...

    def put_on(self, plan_id: PlanId, team: TeamId) -> None:
        """By hand. Again is the same."""
        ...

    def take_off(self, plan_id: PlanId, team: TeamId) -> None:
        """A team that was put on by hand; it stays as long as an action or the lead worker is of it."""
        ...

    # versions and reviews

    def issue(self, version: UUID, plan_id: PlanId, note: str) -> None:
        """C2: freeze the plan as it stands now. The same id again is the same version. Raises BrokenRule."""
        ...

    def versions(self, plan_id: PlanId) -> list[PlanVersion]:
        """Newest first, whole; one query."""
        ...

    def versions_and_now(self, plan_id: PlanId) -> tuple[list[PlanVersion], PlanContent | None]:
        """The same, and what a version would be now; None when there is no version. One query."""
        ...

    def acknowledge(self, version: UUID, team: TeamId) -> Acknowledgement:
        """By this login for its team. Again is the same. Raises BrokenRule, NotFound('version', …)."""
        ...

    def take_back(self, version: UUID, team: TeamId) -> bool:
        """False when it is not there, or not this login's to take back any more."""
        ...

    def add_review(self, key: UUID, plan_id: PlanId, draft: ReviewDraft) -> PlanReview:
        """It sets the plan's next review. The same id again is the same review. Raises BrokenRule."""
        ...

    def remove_review(self, key: UUID) -> bool:
        """The plan has its former review date again. False when it is not this login's to take back any more."""
        ...

    # the worklist

    def worklist(self, asked: PlanAsked) -> PlanWorklist:
        """One query, in order of review date."""
        ...
