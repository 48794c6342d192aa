"""What planning needs of a store, beyond what the deployment store does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from coordination.deployment.model import Allocation
from coordination.deployment.planner.weights import Term, Weight
from coordination.values import TeamId, VisitId, Window, WorkerId


class PlanningStore(Protocol):
    """Weights, and many visits changed in one go. Every method is a constant number of statements."""

    def weights(self, team: TeamId) -> tuple[Weight, ...]:
        """One of each term: the team's own, else the city's."""
        ...

    def put_weight(self, team: TeamId, term: Term, value: int, *, seen: int) -> bool:
        """Of this team. ``seen`` is the revision of its own row, 0 where it has none. False when that is stale."""
        ...

    def clear_weights(self, team: TeamId) -> None:
        """Back to the city's."""
        ...

    def hold_visits(self, seen: Mapping[VisitId, int]) -> frozenset[VisitId]:
        """Lock visits, always in the same order, and raise the revision of those that still have the one ``seen``.
        Gives those that had."""
        ...

    def replace_allocations(self, visits: Collection[VisitId], wanted: Sequence[tuple[VisitId, Allocation]]) -> None:
        """Take everybody from ``visits``, then put the ``wanted`` ones there. Raises BrokenRule (D2)."""
        ...

    def add_absence(self, shift: UUID, worker: WorkerId, window: Window) -> None:
        """Sickness. Sent twice, it is kept once."""
        ...

    def remove_absence(self, shift: UUID) -> None: ...

    def stretch_shift(self, worker: WorkerId, was: Window, window: Window) -> bool:
        """Another begin or end of a stretch of work. False when that stretch is not there any more."""
        ...
