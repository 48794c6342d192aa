"""A board as numbers for the engine. The hard rules are those of
``coordination/deployment/rules.py``; what cannot be said in numbers is held against them afterwards (``check``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil, inf

from coordination.clock import at_local
from coordination.deployment import rules
from coordination.deployment.model import Allocation, Board, Place, Travel, Visit, Worker
from coordination.deployment.planner import figures as fig
from coordination.deployment.planner.check import stands_still
from coordination.deployment.planner.engine import reachable
from coordination.deployment.planner.model import Model
from coordination.deployment.planner.one_door import one_after_the_other
from coordination.deployment.planner.problem import (
    Able,
    Break,
    Crew,
    Job,
    Link,
    Placed,
    Problem,
    Service,
    Span,
)
from coordination.deployment.planner.problem import Weights as Prices
from coordination.deployment.planner.ways import Table, travel_table
from coordination.deployment.planner.weights import Weights
from coordination.deployment.suggest import free_time
from coordination.values import VisitId, Window, WorkerId

BREAK_FROM, BREAK_UNTIL = 120, 340  # minutes after the begin of a long stretch of work
PROMISED = 20  # times as dear as leaving it open: somebody who expects a visit does not lose it to another
_MINUTE = timedelta(minutes=1)


@dataclass
class _Maker:
    board: Board
    weights: Weights
    not_before: datetime | None
    still: frozenset[VisitId] = frozenset()
    only: frozenset[VisitId] | None = None
    places: dict[Place | None, int] = field(default_factory=lambda: {None: 0})
    jobs: list[Job] = field(default_factory=list)
    start: list[tuple[Placed, ...] | None] = field(default_factory=list)
    job_of: dict[VisitId, int] = field(default_factory=dict)
    all_jobs: dict[VisitId, int] = field(default_factory=dict)
    free_half: set[VisitId] = field(default_factory=set)
    broken: set[VisitId] = field(default_factory=set)
    who: dict[tuple[object, ...], tuple[int, ...]] = field(default_factory=dict)
    alike: dict[tuple[object, ...], tuple[Able, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.midnight = at_local(self.board.day, 0)
        self.crew_of = {w.id: n for n, w in enumerate(self.board.workers)}
        self.know_somebody = fig.who_know_somebody(self.board)
        self.refused = frozenset(person for w in self.board.workers for person in w.not_to)
        self.stripped = [replace(w, most_minutes=None, not_to=frozenset()) for w in self.board.workers]

    # ------------------------------------------------------------------ numbers

    def minute(self, moment: datetime) -> float:
        return (moment - self.midnight).total_seconds() / 60

    def span(self, window: Window) -> Span:
        return Span(self.minute(window.start), self.minute(window.end))

    def place(self, where: Place | None) -> int:
        return self.places.setdefault(where, len(self.places))

    # ------------------------------------------------------------------ workers

    def crew(self, worker: Worker) -> Crew:
        free = [self.span(w) for w in free_time(worker.at_work, (a.window for a in worker.away))]
        if self.not_before is not None:
            now = ceil(self.minute(self.not_before))
            free = [Span(max(s.start, now), s.end) for s in free if s.end > now]
        home = self.place(worker.place) if worker.place is not None else None
        given = rules.contact_minutes(self.board, worker)
        return Crew(
            spans=tuple(free),
            start_place=home,
            end_place=home,
            mode=self.modes.index(worker.travel),
            most_contact=inf if worker.most_minutes is None else max(worker.most_minutes, given),
            breaks=tuple(self.breaks(worker)),
        )

    def breaks(self, worker: Worker) -> Iterable[Break]:
        price = self.weights.price("breaks")
        work = [self.span(w) for w in free_time(worker.at_work, (a.window for a in worker.away))]
        if len(work) == 1 and work[0].end - work[0].start > fig.BREAK_AFTER / _MINUTE and price:
            begin = work[0].start
            now = self.minute(self.not_before) if self.not_before is not None else begin
            earliest, latest = max(begin + BREAK_FROM, now), min(begin + BREAK_UNTIL, work[0].end - 30)
            if earliest < latest:
                yield Break(earliest, latest, fig.BREAK / _MINUTE, price)

    @cached_property
    def modes(self) -> tuple[Travel, ...]:
        return tuple(dict.fromkeys(w.travel for w in self.board.workers)) or ("car",)

    # ------------------------------------------------------------------ visits

    def able(self, visit: Visit, without: Iterable[WorkerId] = ()) -> tuple[Able, ...]:
        key = (visit.skills, visit.gender_asked)
        if key not in self.who:
            found = (
                n
                for n, w in enumerate(self.stripped)
                if w.at_work and next(rules.standing(self.board, visit, w), None) is None
            )
            self.who[key] = tuple(found)
        workers, out = self.board.workers, set(without)
        if not out and visit.person.id not in self.refused and self.all_alike(visit):
            if key not in self.alike:
                self.alike[key] = tuple(Able(n) for n in self.who[key])
            return self.alike[key]
        return tuple(
            Able(n, self.taste(visit, workers[n]))
            for n in self.who[key]
            if workers[n].id not in out and visit.person.id not in workers[n].not_to
        )

    def all_alike(self, visit: Visit) -> bool:
        """Nothing about the person makes one worker dearer than another."""
        person = visit.person
        return person.id not in self.know_somebody and person.neighbourhood is None and not person.language.strip()

    def taste(self, visit: Visit, worker: Worker) -> float:
        """What a worker at this visit costs besides time: not known, out of their neighbourhoods, no language."""
        cost = 0.0
        if visit.person.id in self.know_somebody and not fig.knows(visit, worker):
            cost += self.weights.price("known")
        if fig.is_outside(visit, worker):
            cost += self.weights.price("local")
        if not fig.speaks(visit, worker):
            cost += self.weights.price("language")
        return cost

    def add(self, visit: Visit) -> None:
        if visit.state in ("cancelled", "moved", "declined") or (visit.is_over and not visit.allocations):
            return
        standing = [a for a in visit.allocations if a.worker_id in self.crew_of]
        if self.only is not None and visit.id not in self.only and not visit.is_over and not visit.is_placed:
            if standing:
                self._stay(visit, standing)
            return
        fixed = stands_still(visit, self.not_before) or visit.id in self.still
        open_to_plan = self.only is None or visit.id in self.only
        broken = not fixed and open_to_plan and any(rules.lasting(self.board, visit, a) for a in standing)
        if broken:
            self.broken.add(visit.id)
            standing = []
        half = bool(standing) and len(standing) < visit.workers_needed
        if (fixed and standing) or half:
            self._stay(visit, standing)
            if half and not visit.is_over:
                self._other_half(visit, standing)
        elif not visit.is_over:
            self._free(visit, standing)

    def _stay(self, visit: Visit, standing: Sequence[Allocation]) -> None:
        held = tuple(self.placed(a) for a in standing)
        services = tuple(Service(visit.minutes, (Able(p.crew),)) for p in held)
        window = Span(held[0].start, held[0].start)
        self.all_jobs[visit.id] = len(self.jobs)
        self._put(Job(self.place(visit.person.place), (window,), services, 0.0, fixed=held), held)

    def _other_half(self, visit: Visit, standing: Sequence[Allocation]) -> None:
        """Somebody goes already, so the other comes at the same time."""
        when = self.minute(standing[0].window.start)
        if self.not_before is not None and when < self.minute(self.not_before):
            return
        service = Service(visit.minutes, self.able(visit, [a.worker_id for a in standing]))
        self.job_of[visit.id] = len(self.jobs)
        self.free_half.add(visit.id)
        window = Span(when, when)
        job = Job(self.place(visit.person.place), (window,), (service,), self.left_out(visit, 1), latest=when)
        self._put(job, None)

    def _free(self, visit: Visit, standing: Sequence[Allocation]) -> None:
        held = tuple(self.placed(a) for a in standing) or None
        window = self.span(visit.arrive)
        slack = fig.LATEST_CRITICAL if visit.time_critical else fig.LATEST
        opens, latest = window.start, window.end + slack
        if held is not None:
            opens, latest = min(opens, held[0].start), max(latest, held[0].start)
        services = tuple(Service(visit.minutes, self.able(visit)) for _ in range(visit.workers_needed))
        self.job_of[visit.id] = self.all_jobs[visit.id] = len(self.jobs)
        job = Job(
            self.place(visit.person.place),
            (Span(opens, max(opens, window.end)),),
            services,
            self.left_out(visit, visit.workers_needed) * (PROMISED if held else 1),
            late_factor=self.weights.price("critical" if visit.time_critical else "late"),
            latest=latest,
            held=held,
        )
        self._put(job, held)

    def _put(self, job: Job, start: tuple[Placed, ...] | None) -> None:
        self.jobs.append(job)
        self.start.append(start)

    def placed(self, held: Allocation) -> Placed:
        return Placed(self.crew_of[held.worker_id], self.minute(held.window.start))

    def left_out(self, visit: Visit, places: int) -> float:
        return self.weights.price("unplaced") * float(2 ** (5 - visit.priority)) * places

    def elsewhere(self) -> None:
        for stay in self.board.elsewhere:
            if stay.worker_id in self.crew_of:
                crew, span = self.crew_of[stay.worker_id], self.span(stay.window)
                held = (Placed(crew, span.start),)
                service = Service(span.end - span.start, (Able(crew),))
                self._put(Job(0, (Span(span.start, span.start),), (service,), 0.0, fixed=held), held)

    # ------------------------------------------------------------------ the rest

    def gaps(self) -> tuple[Link, ...]:
        """Visits a gap apart. The engine holds one for each visit; a further one is held by the check afterwards."""
        found: list[Link] = []
        used: set[VisitId] = set()
        for visit in self.board.visits:
            for pair in visit.pairs:
                ids = (pair.other, visit.id) if pair.other_first else (visit.id, pair.other)
                if not all(v in self.all_jobs for v in ids) or used & set(ids):
                    continue
                used |= set(ids)
                length = self.board.visit_by_id[ids[0]].minutes
                most = inf if pair.most is None else length + pair.most
                found.append(Link(self.all_jobs[ids[0]], self.all_jobs[ids[1]], length + pair.least, most))
        return tuple(found)

    def problem(self, crews: tuple[Crew, ...], ways: Table, prices: Prices) -> Problem:
        """With those links that two visits to one person want, and that nobody asked for, where they can be kept."""
        found = Problem(crews, tuple(self.jobs), ways, self.gaps(), prices)
        taken = {n for link in found.links for n in (link.first, link.second)}
        linked = {visit for visit, job in self.all_jobs.items() if job in taken}
        doors = one_after_the_other(self.board, self.jobs, self.all_jobs, linked)
        return replace(found, links=(*found.links, *(link for link in doors if reachable(found, link))))


def build(
    board: Board,
    weights: Weights,
    not_before: datetime | None = None,
    *,
    still: frozenset[VisitId] = frozenset(),
    only: frozenset[VisitId] | None = None,
    stay: float = 1.0,
    ways: Table | None = None,
) -> Model:
    """The board as a problem. Nothing begins before ``not_before``, and what has begun stays. ``still`` are further
    visits that stay as they are; of those that are open ``only`` these are planned; ``stay`` times as much as usual
    does each change cost. ``ways``: the travel of an earlier model of the same workers and visits."""
    maker = _Maker(board, weights, not_before, still, only)
    for visit in board.visits:  # all of them, in this order: another model of the same board has the same places
        maker.place(visit.person.place)
    crews = tuple(maker.crew(w) for w in board.workers)
    for visit in board.visits:
        maker.add(visit)
    maker.elsewhere()
    change = weights.price("changes") * stay
    prices = Prices(
        travel=weights.price("travel"),
        fairness=2 * weights.price("fair"),
        change_crew=change,
        change_start=change,
        change_time=change / 240,
    )
    ways = travel_table(list(maker.places), maker.modes) if ways is None else ways
    problem = maker.problem(crews, ways, prices)
    return Model(
        board,
        not_before,
        problem,
        tuple(maker.start),
        maker.job_of,
        frozenset(maker.free_half),
        frozenset(maker.broken),
        only is None,
    )
