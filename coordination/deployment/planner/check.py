"""A plan held against the hard rules: the same checker that refuses a drag (``rules.obstacles``) looks at every place
of it. What it refuses is left out of the plan and reported, and the visit stays as it stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from coordination.deployment import rules
from coordination.deployment.model import Allocation, Board, Visit, Worker
from coordination.errors import Obstacle, obstacle
from coordination.values import VisitId

Wanted = Mapping[VisitId, tuple[Allocation, ...]]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A visit that was to be placed, and what was in the way of it."""

    visit: VisitId
    obstacles: tuple[Obstacle, ...]


def stands_still(visit: Visit, not_before: datetime | None) -> bool:
    """Over, pinned, or begun: a plan leaves it as it is."""
    begun = visit.starts is not None and not_before is not None and visit.starts < not_before
    return visit.is_over or visit.is_pinned or begun


def with_places(board: Board, wanted: Wanted) -> Board:
    """The board as it would be."""
    return replace(
        board, visits=tuple(replace(v, allocations=wanted[v.id]) if v.id in wanted else v for v in board.visits)
    )


def what_holds(
    board: Board, wanted: Wanted, not_before: datetime | None = None
) -> tuple[dict[VisitId, tuple[Allocation, ...]], tuple[Dropped, ...]]:
    """The part of ``wanted`` that every rule allows, and what was left out of it.

    A visit left out stays as it stood, or with nobody where it cannot stand any more. Ends, because each round takes
    at least one visit out."""
    left = {v: held for v, held in wanted.items() if v in board.visit_by_id}
    dropped: list[Dropped] = []
    while True:
        planned = with_places(board, left)
        found = {v: _in_the_way(board, planned, v, not_before) for v in left}
        refused = {v: obstacles for v, obstacles in found.items() if obstacles}
        if not refused:
            return left, tuple(dropped)
        dropped += [Dropped(v, obstacles) for v, obstacles in refused.items()]
        left = {v: held for v, held in left.items() if v not in refused}
        stood = with_places(board, left)
        left |= {v: () for v in refused if cannot_stay(board, stood, v, not_before)}


def cannot_stay(board: Board, stood: Board, visit: VisitId, not_before: datetime | None) -> bool:
    """Somebody fell ill or a skill ran out since it was given to them: it goes back to those that nobody has."""
    before = board.visit_by_id[visit]
    return not stands_still(before, not_before) and any(rules.lasting(stood, before, a) for a in before.allocations)


def _in_the_way(board: Board, planned: Board, visit: VisitId, not_before: datetime | None) -> tuple[Obstacle, ...]:
    before, after = board.visit_by_id[visit], planned.visit_by_id[visit]
    if before.allocations == after.allocations:
        return ()
    found: list[Obstacle] = []
    if stands_still(before, not_before) and before.allocations:
        found.append(obstacle("stays", person=before.person.listed))
    for held in after.allocations:
        worker = planned.worker_by_id.get(held.worker_id)
        if worker is None:
            found.append(obstacle("worker_gone", person=after.person.listed))
            continue
        if not_before is not None and held.window.start < not_before and not before.of_worker(worker.id):
            found.append(obstacle("begins_in_the_past", person=after.person.listed, start=held.window.start))
        found += rules.obstacles(planned, after, worker, held.window.start, held.slot)
        if before.of_worker(worker.id) is None:
            found += _too_much(planned, after, worker)
    return tuple(found)


def _too_much(planned: Board, visit: Visit, worker: Worker) -> list[Obstacle]:
    """The rules ask this of somebody who does not have the visit yet; in the plan they have it."""
    given = rules.contact_minutes(planned, worker)
    if worker.most_minutes is None or given <= worker.most_minutes:
        return []
    facts = {"most": worker.most_minutes, "given": given - visit.minutes, "minutes": visit.minutes}
    return [obstacle("contact_limit", worker=worker.name, **facts)]
