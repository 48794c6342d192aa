"""What steps make of a board, before it is read again. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coordination.deployment.model import Board, Step
from ui.deployment.layout import Spot


def with_steps(board: Board, steps: Sequence[Step]) -> Board:
    """The board with these visits as they stand after the steps; those of other days and teams are left out."""
    after = {s.after.id: s.after for s in steps}
    visits = [after.pop(v.id, v) for v in board.visits]
    fresh = [v for v in after.values() if v.team_id == board.team.id and v.day == board.day]
    if fresh:
        visits = sorted([*visits, *fresh], key=lambda v: (v.arrive.start, v.priority, v.person.surname, v.id))
    return replace(board, visits=tuple(visits))


def chosen_after(chosen: Spot | None, steps: Sequence[Step]) -> Spot | None:
    """Where the chosen visit is now, if it was among them: what has moved, else any place of it."""
    step = next((s for s in reversed(steps) if chosen is not None and s.after.id == chosen.visit), None)
    if step is None or chosen is None:
        return None
    before = {(a.slot, a.worker_id, a.window) for a in step.before.allocations}
    spots = [Spot(step.after.id, a.slot) for a in step.after.allocations]
    fresh = [
        Spot(step.after.id, a.slot) for a in step.after.allocations if (a.slot, a.worker_id, a.window) not in before
    ]
    if chosen in fresh or (not fresh and chosen in spots):
        return chosen
    return next(iter(fresh or spots), None)
