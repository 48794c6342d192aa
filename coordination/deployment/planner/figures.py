"""What a board is like, term by term, and what that costs. Counted from the board itself, apart from the engine that
made the plan, so that before and after are measured alike."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from coordination.deployment.model import Board, Place, Visit, Worker
from coordination.deployment.planner.weights import TERMS, Term, Weights
from coordination.deployment.suggest import capacity, load
from coordination.deployment.travel import minutes_between
from coordination.values import PersonId, VisitId, Window, WorkerId

BREAK, BREAK_AFTER = timedelta(minutes=20), timedelta(hours=6)
LATEST, LATEST_CRITICAL = 180, 60  # minutes after its window at which a visit is no longer worth planning
Gone = tuple[tuple[int, WorkerId, Window], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Whole numbers of one board. ``unplaced`` counts open places (two of a double-up that nobody goes to),
    ``weighted`` the same by priority; ``knowable`` are the places of people who know somebody of the team; minutes
    where the name says nothing else."""

    unplaced: int = 0
    weighted: int = 0
    critical: int = 0
    late: int = 0
    rushed: int = 0
    known: int = 0
    knowable: int = 0
    travel: int = 0
    above_share: int = 0
    no_break: int = 0
    outside: int = 0
    unspoken: int = 0
    changes: int = 0

    def amount(self, term: Term) -> float:
        """How much of a term there is, as ``UNIT`` of weights.py counts it."""
        return float(
            {
                "unplaced": self.weighted,
                "critical": self.critical,
                "late": self.late + self.rushed,
                "known": self.knowable - self.known,
                "travel": self.travel,
                "fair": self.above_share,
                "breaks": self.no_break,
                "local": self.outside,
                "language": self.unspoken,
                "changes": self.changes,
            }[term]
        )

    def cost(self, weights: Weights) -> float:
        """In minutes of travel at its usual weight."""
        return sum(self.costs(weights).values())

    def costs(self, weights: Weights) -> dict[Term, float]:
        return {term: self.amount(term) * weights.price(term) for term in TERMS}


def figures(board: Board, was: Board | None = None) -> Figures:
    """The figures of ``board``; changes against ``was``."""
    standing = [v for v in board.visits if v.state not in ("cancelled", "moved")]
    open_ = [(v, len(v.free_slots)) for v in board.unplaced]
    held = [(v, a) for v in standing for a in v.allocations if a.worker_id in board.worker_by_id]
    with_worker = [(v, board.worker_by_id[a.worker_id]) for v, a in held]
    off = [(v, outside_window(v, a.window)) for v, a in held if a.slot == min(x.slot for x in v.allocations)]
    know_somebody = who_know_somebody(board)
    knowable = [(v, w) for v, w in with_worker if v.person.id in know_somebody]
    rows = [(w, stops(board, w)) for w in board.workers]
    return Figures(
        unplaced=sum(n for _, n in open_),
        weighted=sum(n * 2 ** (5 - v.priority) for v, n in open_),
        critical=sum(minutes for v, minutes in off if v.time_critical),
        late=sum(minutes for v, minutes in off if not v.time_critical),
        rushed=sum(_rushed(w, row) for w, row in rows),
        known=sum(knows(v, w) for v, w in knowable),
        knowable=len(knowable),
        travel=sum(travel(w, row) for w, row in rows),
        above_share=_above_share(board),
        no_break=sum(lacks_break(w, row) for w, row in rows),
        outside=sum(is_outside(v, w) for v, w in with_worker),
        unspoken=sum(not speaks(v, w) for v, w in with_worker),
        changes=len(changed(was, board)) if was is not None else 0,
    )


# ---------------------------------------------------------------- of a visit and a worker


def outside_window(visit: Visit, held: Window) -> int:
    """Minutes late or early; 0 inside."""
    off = max(visit.arrive.start - held.start, held.start - visit.arrive.end, timedelta(0))
    return int(off.total_seconds() // 60)


def knows(visit: Visit, worker: Worker) -> bool:
    return worker.id in visit.known_to or visit.person.id in worker.knows


def who_know_somebody(board: Board) -> frozenset[PersonId]:
    """People whom a worker of this board knows."""
    said = {p for w in board.workers for p in w.knows}
    met = {v.person.id for v in board.visits if any(w in board.worker_by_id for w in v.known_to)}
    return frozenset(said | met)


def is_outside(visit: Visit, worker: Worker) -> bool:
    """The worker has neighbourhoods, and the person lives in none of them."""
    where = visit.person.neighbourhood
    return bool(worker.neighbourhoods) and where is not None and where not in worker.neighbourhoods


def speaks(visit: Visit, worker: Worker) -> bool:
    """Whether they share a language. English, an interpreter, or nothing noted about the worker counts as one."""
    asked = visit.person.language.strip().casefold()
    if not asked or asked == "english" or visit.person.interpreter or not worker.languages:
        return True
    return asked in {language.casefold() for language in worker.languages}


# ---------------------------------------------------------------- of a worker's day

Stop = tuple[Place | None, Window]


def stops(board: Board, worker: Worker) -> tuple[Stop, ...]:
    """Where the worker is that day and when, in order; the place of another team's visit is not known."""
    here = [(v.person.place, a.window) for v, a in board.row_of.get(worker.id, ()) if v.state != "cancelled"]
    there: list[Stop] = [(None, stay.window) for stay in board.elsewhere_of.get(worker.id, ())]
    return tuple(sorted([*here, *there], key=lambda stop: stop[1].start))


def travel(worker: Worker, row: Sequence[Stop]) -> int:
    """Minutes on the way: from the worker's place, from stop to stop, and back."""
    if not row:
        return 0
    places = [worker.place, *(place for place, _ in row), worker.place]
    return sum(minutes_between(a, b, worker.travel) for a, b in itertools.pairwise(places))


def _rushed(worker: Worker, row: Sequence[Stop]) -> int:
    """Minutes by which ways take longer than there is time for."""
    short = 0
    for (here, first), (there, second) in itertools.pairwise(row):
        has = max(0, int((second.start - first.end).total_seconds() // 60))
        short += max(0, minutes_between(here, there, worker.travel) - has)
    return short


def lacks_break(worker: Worker, row: Sequence[Stop]) -> bool:
    """More than six hours from the first visit to the last, and never 20 minutes to rest between two."""
    if not row or row[-1][1].end - row[0][1].start <= BREAK_AFTER:
        return False
    for (here, first), (there, second) in itertools.pairwise(row):
        way = timedelta(minutes=minutes_between(here, there, worker.travel))
        if second.start - first.end - way >= BREAK:
            return False
    return True


def _above_share(board: Board) -> int:
    """Minutes of visits above an equal share of the day's, for the time that each is at work."""
    loads = [(load(board, w), capacity(w)) for w in board.workers]
    there = sum(has for _, has in loads)
    if not there:
        return 0
    share = sum(given for given, has in loads if has) / there
    return int(sum(max(0.0, given - share * has) for given, has in loads if has))


# ---------------------------------------------------------------- before and after


def who_goes(visit: Visit) -> Gone:
    return tuple(sorted(((a.slot, a.worker_id, a.window) for a in visit.allocations), key=lambda g: g[0]))


def changed(was: Board, now: Board) -> tuple[VisitId, ...]:
    """Visits that somebody was going to, and to whom somebody else goes now, at another time, or nobody."""
    before: Mapping[VisitId, Visit] = was.visit_by_id
    return tuple(
        v.id
        for v in now.visits
        if v.id in before and {g[1:] for g in who_goes(before[v.id])} - {g[1:] for g in who_goes(v)}
    )
