"""A :class:`Problem` as the flat arrays of :class:`Model`, and which node is which service."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from coordination.deployment.planner.engine import layout as at
from coordination.deployment.planner.engine.compiled import HAS_NUMBA
from coordination.deployment.planner.engine.layout import INF, Model
from coordination.deployment.planner.problem import Job, Placed, Problem

WINDOWS_MOST = 3
NEAR_MOST = 32
MUST = 1e7
"""Leaving out a job costs no more than this, so that sums stay exact."""


@dataclass(frozen=True)
class Nodes:
    """``job[n]`` and ``service[n]`` of each node that is a service; ``first[job]`` its first node, -1 where the job is
    refused; ``rest[n]`` crew and number of the break, for the nodes behind the services."""

    job: list[int]
    service: list[int]
    first: list[int]
    rests: list[tuple[int, int]]

    @property
    def count(self) -> int:
        return len(self.job) + len(self.rests)


def nodes_of(problem: Problem, out: frozenset[int]) -> Nodes:
    nodes = Nodes([], [], [-1] * len(problem.jobs), [])
    for number, job in enumerate(problem.jobs):
        if number in out:
            continue
        nodes.first[number] = len(nodes.job)
        for service in range(len(job.services)):
            nodes.job.append(number)
            nodes.service.append(service)
    nodes.rests.extend((crew, k) for crew, c in enumerate(problem.crews) if c.spans for k in range(len(c.breaks)))
    return nodes


class Packed:
    """The parts that all chains of one call share; :meth:`model` makes the arrays of one chain."""

    def __init__(self, problem: Problem, out: frozenset[int]) -> None:
        self.problem = problem
        self.nodes = nodes_of(problem, out)
        self.way, self.places = _ways(problem)
        self.crews = max(1, len(problem.crews))
        # Rows as wide as the field numbers are high; the columns of the header stay empty and are left away.
        self.node_f = np.zeros((self.nodes.count, at.HEAD_F + at.ROW_F))
        self.node_i = np.zeros((self.nodes.count, at.HEAD_I + at.ROW_I), np.int64)
        self.pref = np.full((self.nodes.count, self.crews), INF)
        self._nodes()
        self._links()
        self.crew_f, self.crew_i, self.span = _crews(problem)
        self.able, self.able_from = self._able()
        self.near = _near(self)

    def model(self, seed: int) -> Model:
        """Fresh arrays with nothing placed."""
        count, crews = self.nodes.count, self.crews
        near = self.near.shape[1]
        head = np.zeros(at.HEAD_I, np.int64)
        head[at.NODES], head[at.CREWS], head[at.PLACES], head[at.NEAR] = count, crews, self.places, near
        head[at.RANDOM] = (seed * 2654435761 + 88172645463325252) % 4294967291 + 1
        head[at.LATEST_NODE] = -1
        leads = np.flatnonzero(self.node_i[:, at.LEAD] == np.arange(count) + crews)
        head[at.UNPLACED] = len(leads)
        self.node_i[leads, at.IN_OUT] = np.arange(len(leads))
        ints = [head, self.crew_i[:, at.HEAD_I :].ravel(), self.node_i[:, at.HEAD_I :].ravel()]
        floats = [self._figures(), self.crew_f[:, at.HEAD_F :].ravel(), self.node_f[:, at.HEAD_F :].ravel()]
        room = count + 8
        unplaced = np.zeros(room, np.int64)
        unplaced[: len(leads)] = leads + crews
        for name, size in ((at.QUEUE_AT, 3 * room), (at.TOUCHED_AT, 3 * room), (at.CREWS_TOUCHED_AT, crews + 8),
                           (at.OPS_AT, 3 * room), (at.LOG_AT, 4 * room), (at.BEST_CREW_AT, room),
                           (at.BEST_GENE_AT, room), (at.SAVED_AT, 3 * room)):  # fmt: skip
            head[name] = _append(ints, np.zeros(size, np.int64))
        head[at.OUT_AT] = _append(ints, unplaced)
        head[at.NEAR_AT] = _append(ints, self.near.ravel()) - crews * near
        head[at.ABLE_AT] = _append(ints, self.able)
        head[at.ABLE_FROM_AT] = _append(ints, self.able_from) - crews
        for name in (at.OP_KEY_AT, at.LOG_KEY_AT, at.BEST_KEY_AT, at.SAVED_KEY_AT):
            head[name] = _append(floats, np.zeros(room))
        head[at.PREF_AT] = _append(floats, self.pref.ravel()) - crews * crews
        head[at.SPAN_AT] = _append(floats, self.span)
        made = Model(np.concatenate(floats), np.concatenate(ints), self.way)
        return made if HAS_NUMBA else Model(*(array.tolist() for array in made))

    def _figures(self) -> Any:
        w = self.problem.weights
        figures = np.zeros(at.HEAD_F)
        figures[at.W_WAY], figures[at.W_WAIT], figures[at.W_OVER] = w.travel, w.wait, w.overtime
        figures[at.W_MOST_LATE], figures[at.W_MOST_IDLE], figures[at.W_FAIR] = w.most_late, w.most_idle, w.fairness
        figures[at.W_CHANGE], figures[at.CHANGE_FREE], figures[at.W_MOVED] = (
            w.change_time,
            w.change_free,
            w.change_start,
        )
        figures[at.W_PUSH] = w.late * 1.5 + 0.1 * w.travel
        figures[at.T_LATEST] = -1.0
        return figures

    def _nodes(self) -> None:
        problem, nodes, f, i, base = self.problem, self.nodes, self.node_f, self.node_i, self.crews
        i[:, [at.MATE, at.LINK, at.CREW, at.PREV, at.NEXT, at.PENDING, at.PARTNER]] = -1
        i[:, at.PENDING + at.TRIED_I] = -1
        f[:, [at.HELD, at.OUT_COST]] = 0.0
        for n, (number, service) in enumerate(zip(nodes.job, nodes.service, strict=True)):
            job = problem.jobs[number]
            first = nodes.first[number]
            self._windows(n, job, job.services[service].late_before)
            f[n, at.MINUTES] = job.services[service].minutes
            f[n, at.LATEST] = min(INF, job.latest + (job.most_gap if service == 1 and not job.apart else 0.0))
            f[n, at.LATE_COST] = problem.weights.late * job.late_factor
            i[n, at.PLACE], i[n, at.LEAD], i[n, at.AT] = job.place, base + first, job.place
            i[n, at.IS_FIRST] = int(service == 0)
            if len(job.services) == 2:
                i[n, at.PARTNER] = base + first + 1 - service
                if not job.apart and job.fixed is None:  # what is fixed is where it is, each half by itself
                    i[n, at.MATE] = base + first + 1 - service
            f[n, at.GAP_LEAST], f[n, at.GAP_MOST] = job.least_gap, min(INF, job.most_gap)
            if service == 0:
                f[n, at.OUT_COST] = min(MUST, job.unplaced)
            self._liking(n, job, service)
        for k, (crew, number) in enumerate(nodes.rests):
            n, rest = len(nodes.job) + k, problem.crews[crew].breaks[number]
            f[n, at.OPEN0], f[n, at.DUE0], f[n, at.LATEST] = rest.earliest, rest.latest, rest.latest
            f[n, at.MINUTES], f[n, at.OUT_COST] = rest.minutes, min(MUST, rest.cost)
            i[n, at.PLACE], i[n, at.LEAD], i[n, at.AT], i[n, at.IS_BREAK], i[n, at.WINDOWS] = -1, base + n, -1, 1, 1
            self.pref[n, crew] = 0.0
        f[:, at.KEY] = f[:, at.OPEN0]

    def _windows(self, n: int, job: Job, late_before: float) -> None:
        f, i = self.node_f, self.node_i
        windows = job.windows[:WINDOWS_MOST]
        i[n, at.WINDOWS] = max(1, len(windows))
        f[n, at.OPEN0], f[n, at.DUE0] = -INF, INF
        for k, window in enumerate(windows):
            f[n, at.OPEN0 + 2 * k] = max(-INF, window.start)
            f[n, at.DUE0 + 2 * k] = min(INF, window.end - late_before)

    def _liking(self, n: int, job: Job, service: int) -> None:
        weights = self.problem.weights
        placed = _at(job, service)
        for able in job.services[service].able:
            cost = weights.preference * able.cost
            if job.held is not None and job.held[service].crew != able.crew:
                cost += weights.change_crew
            self.pref[n, able.crew] = cost
        if placed is not None:
            self.node_f[n, at.HELD] = placed.start
            self.node_i[n, at.HELD_BY] = placed.crew + 1
        if job.fixed is not None:
            self.node_i[n, at.IS_FIXED] = 1
            crew = job.fixed[service].crew
            own = self.pref[n, crew]
            self.pref[n, :] = INF
            self.pref[n, crew] = own if own < INF else 0.0

    def _links(self) -> None:
        for link in self.problem.links:
            a, b = self.nodes.first[link.first], self.nodes.first[link.second]
            if a < 0 or b < 0:
                continue
            self.node_i[a, at.LINK], self.node_i[b, at.LINK] = b + self.crews, a + self.crews
            self.node_f[b, at.LINK_LEAST], self.node_f[b, at.LINK_MOST] = link.least, link.most
            self.node_f[a, at.LINK_LEAST], self.node_f[a, at.LINK_MOST] = -link.most, -link.least

    def _able(self) -> tuple[Any, Any]:
        lists = [np.flatnonzero(row < INF) for row in self.pref]
        starts = np.zeros(self.nodes.count + 1, np.int64)
        starts[1:] = np.cumsum([len(some) for some in lists])
        flat = np.concatenate(lists).astype(np.int64) if lists else np.zeros(0, np.int64)
        return (np.append(flat, 0), starts)


def _at(job: Job, service: int) -> Placed | None:
    placing = job.fixed or job.held
    return placing[service] if placing is not None else None


def _append(parts: list[Any], table: Any) -> int:
    """Where ``table`` begins behind ``parts``."""
    begins = sum(len(part) for part in parts)
    parts.append(table)
    return begins


def _ways(problem: Problem) -> tuple[Any, int]:
    """Minutes as float32 rounded up: what fits by it fits by the true figure."""
    exact = np.asarray(problem.travel, np.float64)
    way = exact.astype(np.float32)
    short = way.astype(np.float64) < exact
    way[short] = np.nextafter(way[short], np.float32(inf))
    return np.ascontiguousarray(way).ravel(), exact.shape[1]


def _crews(problem: Problem) -> tuple[Any, Any, Any]:
    count = max(1, len(problem.crews))
    f, i = np.zeros((count, at.HEAD_F + at.ROW_F)), np.zeros((count, at.HEAD_I + at.ROW_I), np.int64)
    i[:, [at.HEAD, at.TAIL, at.HOME, at.BACK]] = -1
    spans: list[float] = []
    fixed = [0.0] * count
    for job in problem.jobs:
        for service, placed in zip(job.services, job.fixed or (), strict=False):
            fixed[placed.crew] += service.minutes
    for w, crew in enumerate(problem.crews):
        i[w, at.MODE], i[w, at.IN_SHIFT] = crew.mode, int(crew.ways_in_shift)
        i[w, at.HOME] = -1 if crew.start_place is None else crew.start_place
        i[w, at.BACK] = -1 if crew.end_place is None else crew.end_place
        i[w, at.SPAN_FROM] = len(spans) // 2
        for span in crew.spans:
            spans += [span.start, span.end]
        i[w, at.SPAN_TO] = len(spans) // 2
        if crew.spans:
            f[w, at.BEGINS], f[w, at.ENDS] = crew.spans[0].start, crew.spans[-1].end
            f[w, at.LAST_END] = min(INF, crew.spans[-1].end + crew.most_overtime)
        minutes = sum(span.end - span.start for span in crew.spans)
        f[w, at.SHIFT] = f[w, at.ENDS] - f[w, at.BEGINS]
        f[w, at.FAIR] = 1.0 / max(60.0, minutes)
        f[w, at.MOST_CONTACT] = min(INF, max(crew.most_contact, fixed[w])) + 1e-9
        f[w, at.IDLE] = f[w, at.SHIFT]
    return f, i, np.array([*spans, 0.0, 0.0])


def _near(packed: Packed) -> Any:
    """For each node those that could well come right before or after it: a short way, little waiting, little late."""
    f, i = packed.node_f, packed.node_i
    count = packed.nodes.count
    services = len(packed.nodes.job)
    if services < 2:
        return np.full((count, 1), -1, np.int64)
    place = i[:services, at.PLACE]
    size = packed.places
    modes = sorted({crew.mode for crew in packed.problem.crews}) or [0]
    way = np.mean([packed.way.reshape(-1, size, size)[k][np.ix_(place, place)] for k in modes], axis=0)
    opens = np.maximum(f[:services, at.OPEN0], -1e6)
    last = i[:services, at.WINDOWS] - 1
    due = np.minimum(f[np.arange(services), at.DUE0 + 2 * last], 1e6)
    minutes = f[:services, at.MINUTES]
    wait = opens[None, :] - (due + minutes)[:, None] - way
    late = (opens + minutes)[:, None] + way - due[None, :]
    score = way + 0.2 * np.maximum(0.0, wait) + 0.5 * np.maximum(0.0, late)
    score = np.minimum(score, score.T)
    shared = (packed.pref[:services] < INF).astype(np.float32)
    score = score + 1e5 * (shared @ shared.T == 0)
    np.fill_diagonal(score, inf)
    many = min(NEAR_MOST, services - 1)
    near = _least(score, many).astype(np.int64)
    full = np.full((count, many), -1, np.int64)
    full[:services] = near + packed.crews
    return full


def _least(score: Any, many: int) -> Any:
    """The columns of the ``many`` least figures of each row, in order; of two alike the first."""
    limit = np.partition(score, many - 1, axis=1)[:, many - 1 : many]
    rows = [np.flatnonzero(row) for row in score <= limit]
    return np.array(
        [row[np.argsort(figures[row], kind="stable")[:many]] for row, figures in zip(rows, score, strict=True)]
    )
