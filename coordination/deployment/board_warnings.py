"""What on a board wants somebody's eye, by type: pure functions. Warnings stop nobody; what may not be is refused.

A row of warnings is worked out for each worker and for each visit that nobody has, so that a change to one row costs
one row. ``overdue`` alone depends on the hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

from coordination.deployment import rules
from coordination.deployment.model import Allocation, Board, Visit, Worker
from coordination.deployment.outcomes.rules import is_missing
from coordination.deployment.suggest import free_time
from coordination.deployment.travel import minutes_between
from coordination.errors import Obstacle, obstacle
from coordination.values import VisitId

WarningKind = Literal[
    "missed", "overlap", "skill", "lapsed", "shift", "length", "late", "early", "alone", "travel", "gap", "worker"
]
KINDS: tuple[WarningKind, ...] = (
    *("missed", "overlap", "skill", "lapsed", "shift", "length"),
    *("late", "early", "alone", "travel", "gap", "worker"),
)
"""the gravest first"""
SHORT_BY = 10
"""minutes of travel time that have to be missing before a board warns: the way is an estimate"""

_BY_CODE: dict[str, WarningKind] = {
    "busy": "overlap",
    "off_shift": "shift",
    "away": "shift",
    "not_working": "shift",
    "lacks_skill": "skill",
    "late": "late",
    "early": "early",
    "alone": "alone",
}
Row = Sequence[tuple[Visit, Allocation]]


@dataclass(frozen=True, slots=True)
class BoardWarning:
    """``slot`` 0 is a visit that nobody has. ``found`` says it in codes and facts, as an obstacle does."""

    kind: WarningKind
    visit: VisitId
    slot: int
    found: Obstacle


def of_worker(board: Board, worker: Worker) -> tuple[BoardWarning, ...]:
    """Everything about the visits that a worker has."""
    row = board.row_of.get(worker.id, ())
    return (*(w for visit, held in row for w in _of_held(board, visit, held)), *_of_ways(worker, row))


def of_open(board: Board, visit: Visit, longest: int) -> tuple[BoardWarning, ...]:
    """About a visit that still needs somebody: longer than anybody's time, or a skill that nobody has that day.
    ``longest``: of :func:`longest_stretch`."""
    made = []
    if visit.minutes > longest and any(w.at_work for w in board.workers):
        found = obstacle("longer_than_shifts", person=visit.person.listed, minutes=visit.minutes, longest=longest)
        made.append(BoardWarning("length", visit.id, 0, found))
    lacking = [code for code in visit.skills if not any(_has(w, code, visit) for w in board.workers)]
    if lacking:
        names = tuple(board.skills.get(code, code) for code in lacking)
        made.append(BoardWarning("skill", visit.id, 0, obstacle("nobody_has_skill", skills=names)))
    return tuple(made)


def of_people(board: Board) -> tuple[BoardWarning, ...]:
    """Two visits to one person at the same time: somebody stands before the door while another is there."""
    spans: dict[object, list[tuple[Visit, Allocation]]] = {}
    for visit in board.visits:
        if not visit.is_over and visit.allocations:
            spans.setdefault(visit.person.id, []).append((visit, visit.allocations[0]))
    made = []
    for pairs in spans.values():
        if len(pairs) > 1:
            pairs.sort(key=lambda pair: pair[1].window.start)
            made += [_both(here, there) for here, there in pairwise(pairs) if here[1].window.overlaps(there[1].window)]
    return tuple(made)


def overdue(board: Board, now: datetime) -> tuple[BoardWarning, ...]:
    """What time has passed over: a visit counts as missed when it does on the worklist (``is_missing``). One that
    nobody has is late as soon as its window is over, while it can still be made."""
    made: list[BoardWarning] = []
    for visit in board.visits:
        if visit.is_over:
            continue
        if is_missing(visit, now):
            made += [BoardWarning("missed", visit.id, a.slot, _missed(visit, a.window.end)) for a in visit.allocations]
        if not visit.allocations and visit.arrive.end < now:
            kind: WarningKind = "missed" if is_missing(visit, now) else "late"
            made.append(BoardWarning(kind, visit.id, 0, obstacle("window_passed", end=visit.arrive.end)))
    return tuple(made)


def longest_stretch(board: Board) -> int:
    """Minutes of the longest time that anybody is at work without a break for leave or sickness."""
    stretches = (free_time(w.at_work, (a.window for a in w.away)) for w in board.workers)
    return max((window.minutes for windows in stretches for window in windows), default=0)


def kind_of(found: Obstacle) -> WarningKind:
    """The type under which an obstacle or warning of the rules is counted."""
    if found.code == "lacks_skill" and found.fact("expired") == found.fact("skills"):
        return "lapsed"
    if found.code.startswith("gap") or found.code.startswith("pair"):
        return "gap"
    return _BY_CODE.get(found.code, "worker")


def _of_held(board: Board, visit: Visit, held: Allocation) -> Iterator[BoardWarning]:
    if visit.is_over:
        return
    worker = board.worker_by_id.get(held.worker_id)
    if worker is None:
        return
    found = (*rules.lasting(board, visit, held), *rules.of_visit(visit, held.window.start))
    for each in dict.fromkeys(found):
        yield BoardWarning(kind_of(each), visit.id, held.slot, each)


def _of_ways(worker: Worker, row: Row) -> Iterator[BoardWarning]:
    """Each way once, at the visit that it leads to."""
    for (here, held), (there, then) in pairwise(row):
        if here.is_over or there.is_over:
            continue
        needed = minutes_between(here.person.place, there.person.place, worker.travel)
        has = int((then.window.start - held.window.end).total_seconds() // 60)
        if has >= 0 and needed - has >= SHORT_BY:
            found = obstacle("travel_short", worker=worker.name, other=here.person.listed, needed=needed, has=has)
            yield BoardWarning("travel", there.id, then.slot, found)


def _both(here: tuple[Visit, Allocation], there: tuple[Visit, Allocation]) -> BoardWarning:
    window = here[1].window
    found = obstacle("person_twice", person=here[0].person.listed, start=window.start, end=window.end)
    return BoardWarning("overlap", there[0].id, there[1].slot, found)


def _missed(visit: Visit, end: datetime) -> Obstacle:
    return obstacle("no_outcome", person=visit.person.listed, end=end)


def _has(worker: Worker, code: str, visit: Visit) -> bool:
    return any(s.code == code and (s.expires_on is None or s.expires_on >= visit.day) for s in worker.skills)


__all__ = [
    "KINDS", "SHORT_BY", "BoardWarning", "WarningKind", "kind_of", "longest_stretch", "of_open", "of_people",
    "of_worker", "overdue",
]  # fmt: skip
