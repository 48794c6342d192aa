"""A whole board as a plan would have it, and what of it differs from the one that stands. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from coordination.deployment.model import Allocation, Board, Visit
from coordination.deployment.planner.proposal import Change, Proposal
from coordination.values import VisitId, WorkerId
from ui.deployment import planning_words as say
from ui.deployment.layout import Spot
from ui.deployment.outlook import Outlook

MARKS = {"placed": "plus", "freed": "prohibit"}


def mark_of(change: Change) -> str:
    """Its icon, on the board as in the list."""
    return MARKS.get(change.kind, "arrows-left-right")


@dataclass(frozen=True, eq=False)
class Proposed:
    """``outlook`` is of the board as it would be."""

    outlook: Outlook
    was: Board
    changes: Mapping[VisitId, Change]

    @classmethod
    def of(cls, proposal: Proposal, now: datetime | None = None) -> Proposed:
        return cls(Outlook.of(proposal.planned, now), proposal.was, {c.visit: c for c in proposal.changes})

    @property
    def board(self) -> Board:
        return self.outlook.board

    @cached_property
    def spots(self) -> frozenset[Spot]:
        """Where somebody would go who does not now, or at another time; and what would have nobody any more."""
        return frozenset(spot for visit in self.changes for spot in self._spots_of(visit))

    def spot_of(self, change: Change) -> Spot | None:
        """Where to look for a change on the board."""
        visit = self.board.visit_by_id.get(change.visit)
        places = sorted(self._spots_of(change.visit), key=lambda spot: spot.slot)
        return next(iter(places), Spot(visit.id, visit.allocations[0].slot) if visit and visit.allocations else None)

    def _spots_of(self, visit_id: VisitId) -> list[Spot]:
        visit = self.board.visit_by_id.get(visit_id)
        if visit is None:
            return []
        before = _places(self.changes[visit_id].before)
        fresh = [Spot(visit.id, a.slot) for a in visit.allocations if (a.worker_id, a.window) not in before]
        return fresh + [Spot(visit.id, slot) for slot in visit.free_slots[:1]]

    @cached_property
    def left(self) -> Mapping[WorkerId, tuple[tuple[Visit, Allocation], ...]]:
        """What would not stand any more where it stands, by the worker who has it now."""
        rows: dict[WorkerId, list[tuple[Visit, Allocation]]] = {}
        for change in self.changes.values():
            after = {(a.worker_id, a.window) for a in change.after}
            for held in change.before.allocations:
                if (held.worker_id, held.window) not in after:
                    rows.setdefault(held.worker_id, []).append((change.before, held))
        return {worker: tuple(row) for worker, row in rows.items()}

    def said(self, visit: VisitId) -> str:
        """``from Bola, 09:00`` or ``was open``; nothing of a visit that stays as it is."""
        change = self.changes.get(visit)
        if change is None:
            return ""
        return f"from {say.who(self.was, change.before.allocations)}" if change.before.allocations else "was open"


def _places(visit: Visit) -> set[tuple[WorkerId, object]]:
    return {(a.worker_id, a.window) for a in visit.allocations}
