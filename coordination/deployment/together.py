"""Several visits to one worker, each at its own time: who could take them all, with a reason for every worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from coordination.deployment import rules
from coordination.deployment.model import Board, Visit, Worker
from coordination.deployment.suggest import Candidate, capacity, load
from coordination.errors import Obstacle, obstacle
from coordination.values import Window

Wanted = Sequence[tuple[Visit, int]]
"""visits and which half of each"""


def who_could_take_all(board: Board, wanted: Wanted) -> tuple[Candidate, ...]:
    """Every worker, those who could take all of them first, then by how many; ``start`` is the first of them.

    A visit that nobody has stands at the beginning of its window. Reasons: ``takes`` with how many of how many."""
    found = [_candidate(board, wanted, worker) for worker in board.workers]
    return tuple(candidate for _, candidate in sorted(found, key=lambda pair: pair[0]))


def begins(visit: Visit, slot: int) -> datetime:
    """When this half begins, or would."""
    held = visit.at_slot(slot)
    return held.window.start if held is not None else visit.starts or visit.arrive.start


def _candidate(board: Board, wanted: Wanted, worker: Worker) -> tuple[tuple[bool, int, int, str, int], Candidate]:
    in_the_way: list[Obstacle] = []
    takes = 0
    for visit, slot in wanted:
        found = _for_one(board, wanted, visit, slot, worker)
        in_the_way += found
        takes += not found
    in_the_way += _at_once(wanted)
    reasons = (
        obstacle("takes", count=takes, of=len(wanted)),
        obstacle("load", minutes=load(board, worker), capacity=capacity(worker)),
    )
    start = None if in_the_way else min(begins(visit, slot) for visit, slot in wanted)
    made = Candidate(worker, start, tuple(dict.fromkeys(in_the_way)), (), reasons)
    return (start is None, -takes, load(board, worker), worker.name, worker.id), made


def _for_one(board: Board, wanted: Wanted, visit: Visit, slot: int, worker: Worker) -> list[Obstacle]:
    """What is in the way of one of them. The others of the same worker go along, so they are not."""
    mine = {v.id for v, s in wanted if (held := v.at_slot(s)) is not None and held.worker_id == worker.id}
    found = rules.obstacles(board, visit, worker, begins(visit, slot), slot)
    return [o for o in found if not (o.code == "busy" and o.fact("visit") in mine)]


def _at_once(wanted: Wanted) -> list[Obstacle]:
    """Two of them at the same time are too much for anybody."""
    spans = sorted(
        ((Window.of(begins(v, s), v.minutes), v) for v, s in wanted), key=lambda pair: (pair[0].start, str(pair[1].id))
    )
    return [
        obstacle("at_once", person=here[1].person.listed, other=there[1].person.listed, start=there[0].start)
        for here, there in pairwise(spans)
        if here[0].overlaps(there[0])
    ]
