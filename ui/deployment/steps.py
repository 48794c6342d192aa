"""What steps make of a board, before it is read again. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coordination.deployment.model import Board, Step, Visit
from coordination.values import VisitId
from ui.deployment.layout import Spot


def with_steps(board: Board, steps: Sequence[Step]) -> Board:
    """The board with these visits as they stand after the steps; those of other days and teams are left out, and so
    is what was dropped."""
    after = {s.after.id: s.after for s in steps}
    visits = [v for v in (after.pop(v.id, v) for v in board.visits) if not v.dropped]
    fresh = [v for v in after.values() if v.team_id == board.team.id and v.day == board.day and not v.dropped]
    if fresh:
        visits = sorted([*visits, *fresh], key=_in_order)
    return replace(board, visits=tuple(visits))


def with_visits(board: Board, asked: Sequence[VisitId], found: Sequence[Visit]) -> Board:
    """The board after these were read again: an older one than is shown is not taken; one that is not there any more,
    or has gone to another team or day, goes. The same board when nothing is different."""
    here = {v.id: v for v in found if v.team_id == board.team.id and v.day == board.day and not v.dropped}
    gone = set(asked) - here.keys()
    visits = []
    for shown in board.visits:
        fresh = here.pop(shown.id, shown)
        if shown.id not in gone:
            visits.append(fresh if fresh.revision >= shown.revision and fresh != shown else shown)
    visits += here.values()
    if len(visits) == len(board.visits) and all(a is b for a, b in zip(visits, board.visits, strict=True)):
        return board
    return replace(board, visits=tuple(sorted(visits, key=_in_order)))


def _in_order(visit: Visit) -> tuple[object, ...]:
    return (visit.arrive.start, visit.priority, visit.person.surname, visit.id)


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
