"""What a plan would change on a board, and why each visit: nothing of it is saved before somebody applies it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from coordination.deployment.model import Allocation, Board, Visit
from coordination.deployment.planner import figures as fig
from coordination.deployment.planner.check import Dropped
from coordination.deployment.planner.figures import Figures, figures, who_goes
from coordination.deployment.planner.happened import Happened
from coordination.deployment.planner.weights import Weights
from coordination.deployment.rules import lasting
from coordination.errors import Obstacle, obstacle
from coordination.values import VisitId, WorkerId

Kind = Literal["placed", "moved", "later", "sooner", "freed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One visit: as it stands, who would go instead, and why. ``kind`` freed: nobody would."""

    before: Visit
    after: tuple[Allocation, ...]
    reasons: tuple[Obstacle, ...]

    @property
    def visit(self) -> VisitId:
        return self.before.id

    @property
    def kind(self) -> Kind:
        old, new = self.before.allocations, self.after
        if len(new) < len(old):
            return "freed"
        if {a.worker_id for a in old} < {a.worker_id for a in new}:
            return "placed"
        if {a.worker_id for a in old} != {a.worker_id for a in new}:
            return "moved"
        return "later" if new[0].window.start > old[0].window.start else "sooner"


@dataclass(frozen=True)
class Proposal:
    """``was`` is the board as it was read, ``board`` the same with what ``happened``, ``planned`` as it would be.

    ``before`` and ``after`` are the figures of ``board`` and ``planned``. ``dropped`` is what the rules refused of the
    engine's plan, ``troubles`` what cannot be planned at all, each with a reason. The same board, weights and ``seed``
    give the same proposal, if it was not stopped by time.
    """

    was: Board
    board: Board
    planned: Board
    changes: tuple[Change, ...]
    before: Figures
    after: Figures
    weights: Weights
    seed: int
    happened: Happened | None = None
    dropped: tuple[Dropped, ...] = ()
    troubles: tuple[Obstacle, ...] = ()

    @property
    def is_better(self) -> bool:
        return bool(self.changes) and self.after.cost(self.weights) < self.before.cost(self.weights)

    @property
    def moved(self) -> tuple[Change, ...]:
        """Changes to visits that somebody was going to."""
        return tuple(c for c in self.changes if c.before.allocations)

    @property
    def unplaced(self) -> tuple[Visit, ...]:
        return self.planned.unplaced


@dataclass(frozen=True, slots=True)
class Sofar:
    """The best plan so far: its cost, its open visits, and how many minutes of it are way and lateness."""

    cost: float
    unplaced: int
    travel: float
    late: float


def propose(
    was: Board,
    board: Board,
    planned: Board,
    weights: Weights,
    seed: int,
    happened: Happened | None = None,
    dropped: tuple[Dropped, ...] = (),
    troubles: tuple[Obstacle, ...] = (),
    measured: tuple[Figures, Figures] | None = None,
) -> Proposal:
    """What differs between ``was`` and ``planned``, and what came of it. ``measured``: the figures of ``board`` and
    ``planned``, where they are known."""
    before = {v.id: v for v in was.visits}
    fresh = {v.id: v for v in board.visits if v.id not in before}
    stood = before | fresh
    changes = tuple(
        Change(stood[v.id], v.allocations, why(board, planned, stood[v.id], v))
        for v in planned.visits
        if who_goes(v) != who_goes(stood[v.id])
    )
    return Proposal(
        was,
        board,
        planned,
        changes,
        *(measured or (figures(board, was), figures(planned, was))),
        weights,
        seed,
        happened,
        dropped,
        troubles,
    )


# ---------------------------------------------------------------- why


def why(board: Board, planned: Board, before: Visit, after: Visit) -> tuple[Obstacle, ...]:
    """What speaks for the change of one visit, the weightiest first; never empty."""
    found: list[Obstacle] = []
    if not after.allocations:
        return tuple(_cannot_go(board, before)) or (obstacle("plan_freed", person=before.person.listed),)
    if not before.allocations:
        found.append(obstacle("plan_was_open", person=before.person.listed))
    found += _cannot_go(board, before)
    found += _window(before, after)
    found += _known(planned, before, after)
    found += _nearer(board, planned, before, after)
    found += _room(planned, before, after)
    return tuple(found) or (obstacle("plan_together", person=before.person.listed),)


def _cannot_go(board: Board, before: Visit) -> list[Obstacle]:
    """Whoever was to go cannot any more."""
    stands = board.visit_by_id.get(before.id, before)
    gone = {a.worker_id for a in before.allocations} - {a.worker_id for a in stands.allocations}
    names = [board.worker_by_id[w].name for w in sorted(gone) if w in board.worker_by_id]
    found = [obstacle("plan_cannot_go", worker=name) for name in names]
    for held in stands.allocations:
        found += lasting(board, stands, held)[:1]
    return found


def _window(before: Visit, after: Visit) -> list[Obstacle]:
    if not before.allocations or not after.allocations:
        return []
    was = fig.outside_window(before, before.allocations[0].window)
    now = fig.outside_window(after, after.allocations[0].window)
    return [obstacle("plan_in_time", minutes=was - now)] if now < was else []


def _known(planned: Board, before: Visit, after: Visit) -> list[Obstacle]:
    old = {a.worker_id for a in before.allocations}
    fresh = [planned.worker_by_id[a.worker_id] for a in after.allocations if a.worker_id not in old]
    return [obstacle("knows_person", worker=w.name, person=before.person.listed) for w in fresh if fig.knows(after, w)]


def _nearer(board: Board, planned: Board, before: Visit, after: Visit) -> list[Obstacle]:
    """The way to it, from and to what is before and after it, of all who go."""
    if not before.allocations:
        return []
    was = sum(_way(board, before, a.worker_id) for a in before.allocations)
    now = sum(_way(planned, after, a.worker_id) for a in after.allocations)
    return [obstacle("plan_nearer", minutes=was - now)] if now < was else []


def _way(board: Board, visit: Visit, worker_id: WorkerId) -> int:
    """Minutes that the worker's day is longer for this visit."""
    worker = board.worker_by_id.get(worker_id)
    held = visit.of_worker(worker_id)
    if worker is None or held is None:
        return 0
    row = fig.stops(board, worker)
    without = tuple(stop for stop in row if stop != (visit.person.place, held.window))
    return fig.travel(worker, row) - fig.travel(worker, without)


def _room(planned: Board, before: Visit, after: Visit) -> list[Obstacle]:
    """Somebody else is visited in the time that was this visit's."""
    for held in before.allocations:
        for other, theirs in planned.row_of.get(held.worker_id, ()):
            if other.id != after.id and theirs.window.overlaps(held.window):
                return [obstacle("plan_makes_room", person=other.person.listed, start=theirs.window.start)]
    return []


def wanted_of(proposal: Proposal) -> Mapping[VisitId, tuple[Allocation, ...]]:
    """Who would go where, of the visits that change."""
    return {c.visit: c.after for c in proposal.changes}
