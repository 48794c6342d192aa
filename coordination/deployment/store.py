"""What the deployment service needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from coordination.deployment.model import Allocation, Board, Team, Visit, VisitDraft, VisitState, Worker
from coordination.values import TeamId, VisitId, WorkerId


class DeploymentStore(Protocol):
    """Workers, shifts, visits, allocations. Every method is a constant number of statements."""

    def teams(self, *, service: str | None = None) -> list[Team]:
        """Teams in order of name: of one service, or all."""
        ...

    def skills(self) -> dict[str, str]:
        """Names of all skills, by code."""
        ...

    def board(self, team: TeamId, day: date) -> Board | None:
        """One team's day, or None when there is no such team."""
        ...

    def visit(self, visit: VisitId) -> Visit | None:
        """One visit with its allocations, or None when there is none or it is not shared with this login."""
        ...

    def visits(self, visits: Sequence[VisitId]) -> list[Visit]:
        """Some visits, those that there are and that this login may see."""
        ...

    def worker(self, worker: WorkerId, day: date) -> Worker | None:
        """One worker with that day's shifts, whichever team they belong to."""
        ...

    def add_visits(self, drafts: Sequence[VisitDraft]) -> tuple[VisitId, ...]:
        """Plan visits; those that are there already, by id or by pattern, slot and day, are left. Which were new."""
        ...

    def hold_visit(self, visit: VisitId, *, seen: int) -> bool:
        """Lock the visit and raise its revision. False when ``seen`` is stale: nothing has changed then."""
        ...

    def hold_workers(self, workers: Sequence[WorkerId]) -> None:
        """Lock workers, always in the same order, so that two desks queue instead of blocking each other."""
        ...

    def put_allocation(self, visit: VisitId, allocation: Allocation) -> None:
        """Insert, or change the one with this id. Raises BrokenRule or AlreadyExists, naming the constraint (D2)."""
        ...

    def remove_allocations(self, visit: VisitId, allocations: Sequence[Allocation]) -> None: ...

    def set_state(self, visit: VisitId, state: VisitState, reason: str) -> None: ...
