"""One annealing chain: a model, its plan to begin with, and its clock."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import time
from math import inf
from typing import Any

import numpy as np

from coordination.deployment.planner.engine import anneal as kernel
from coordination.deployment.planner.engine import layout as at
from coordination.deployment.planner.engine.compiled import HAS_NUMBA
from coordination.deployment.planner.engine.layout import INF, Model
from coordination.deployment.planner.engine.pack import Packed
from coordination.deployment.planner.problem import Budget, Placing, Plan

FIRST_TRIES = 2000 if HAS_NUMBA else 60
STEPS = 60  # of heat in a round, where the budget is of iterations
CHUNK = 0.02  # seconds of tries between two looks at the clock

# How often each kind of move is tried, in the order of anneal.MOVES.
MIX = (8.0, 30.0, 8.0, 3.0, 16.0, 16.0, 8.0, 1.0, 0.5, 1.0, 0.5, 0.3)


class Chain:
    """``model`` begins with nothing placed but what ``start`` and the fixed jobs place."""

    def __init__(self, packed: Packed, start: Plan | None, seed: int, empty: bool = False) -> None:
        self.packed = packed
        self.model: Model = packed.model(seed)
        self.spent = 0.0
        self.tries = 0
        self.error: Exception | None = None
        # Keys drift away from times, and together, with every move that is taken: not too many between two rekeyings.
        self._most = max(2000, 200 * packed.nodes.count)
        self._pace = FIRST_TRIES
        self._mix()
        if not empty:
            self._begin(start)
            self.shown = (self.best, self.kept())

    @property
    def best(self) -> float:
        return float(self.model.f[at.BEST])

    @best.setter
    def best(self, cost: float) -> None:
        """The figure to beat, when a plan was adopted."""
        self.model.f[at.BEST] = cost

    def halt(self) -> None:
        self.model.i[at.STOP] = 1

    @property
    def unit(self) -> float:
        """What a visit costs on average, without what no single change can mend: the measure of heat."""
        m, f = self.model, self.rows()[0]
        crews = self.packed.crews
        placed = self.rows()[1][crews:, at.CREW - at.HEAD_I] >= 0
        nodes = float(f[crews:, at.COST - at.HEAD_F][placed].sum())
        ends = float(f[:crews, at.END_COST - at.HEAD_F].sum())
        most = m.f[at.W_MOST_LATE] * m.f[at.MOST_LATE]
        return max(1e-3, (nodes + ends + float(most)) / max(1, int(placed.sum())))

    def cool(self, round_: Any, budget: Budget) -> None:
        """One round, on a thread of its own; what goes wrong is kept in ``error``."""
        try:
            self._cool(round_, budget)
        except Exception as error:
            self.error = error

    def _cool(self, round_: Any, budget: Budget) -> None:
        unit = self.unit
        hot, cold = unit * round_.hot, unit * round_.cold
        began, done, share = _clock(budget.cpu), 0, 0.0
        if budget.iterations is not None:  # the same steps on every machine
            self._pace = min(max(16, round(budget.iterations * round_.share / STEPS)), self._most)
        seconds = inf if budget.seconds is None else max(0.0, budget.seconds * round_.share - self.spent)
        most = 10**15 if budget.iterations is None else max(1, round(budget.iterations * round_.share))
        self.spent = 0.0
        while share < 1.0 and not self.model.i[at.STOP]:
            heat = hot * (cold / hot) ** share
            tries = min(self._pace, most - done)
            before = _clock(budget.cpu)
            done += self.run(tries, heat, heat)
            now = _clock(budget.cpu)
            if budget.iterations is None:
                self._pace = min(_paced(tries, now - before), self._most)
            share = max(done / most, (now - began) / seconds if seconds > 0.0 else 1.0)
            if self.best < self.shown[0] - 1e-9:
                self.shown = (self.best, self.kept())

    def rows(self) -> tuple[Any, Any]:
        """Floats and whole numbers of all rows, by row and field: views with numba, copies without."""
        many = self.packed.crews + self.packed.nodes.count
        f = np.asarray(self.model.f)[at.HEAD_F : at.HEAD_F + many * at.ROW_F].reshape(many, at.ROW_F)
        i = np.asarray(self.model.i)[at.HEAD_I : at.HEAD_I + many * at.ROW_I].reshape(many, at.ROW_I)
        return f, i

    def order(self) -> Any:
        """Nodes by key."""
        crews = self.packed.crews
        keys = self.rows()[0][crews:, at.KEY - at.HEAD_F]
        order = np.argsort(keys, kind="stable").astype(np.int64) + crews
        return order if HAS_NUMBA else order.tolist()

    def run(self, tries: int, hot: float, cold: float) -> int:
        """Some tries; then keys are made times again. How many were done."""
        done = int(kernel.anneal(self.model, tries, float(hot), float(cold)))
        self.tries += done
        kernel.rekey(self.model, self.order())
        return done

    def kept(self) -> tuple[Any, Any, Any]:
        """Crew, key and gene of each node in the best plan so far: what :meth:`adopt` takes."""
        m, room = self.model, self.packed.nodes.count
        crew, key, gene = (int(m.i[name]) for name in (at.BEST_CREW_AT, at.BEST_KEY_AT, at.BEST_GENE_AT))
        return (
            np.array(m.i[crew : crew + room]), np.array(m.f[key : key + room]), np.array(m.i[gene : gene + room]),
        )  # fmt: skip

    def adopt(self, crew: Any, key: Any, gene: Any) -> None:
        """The plan with these crews, keys and genes, of this chain's best or of another's."""
        m, crews = self.model, self.packed.crews
        f, i = self.rows()
        f[crews:, at.KEY - at.HEAD_F] = key
        i[crews:, at.CREW - at.HEAD_I], i[crews:, at.GENE - at.HEAD_I] = crew, gene
        _chains(f, i, crews)
        if not HAS_NUMBA:
            m.f[at.HEAD_F : at.HEAD_F + f.size], m.i[at.HEAD_I : at.HEAD_I + i.size] = (
                f.ravel().tolist(),
                i.ravel().tolist(),
            )
        out = [n for n in range(crews, len(i)) if i[n, at.LEAD - at.HEAD_I] == n and i[n, at.CREW - at.HEAD_I] < 0]
        for k, n in enumerate(out):
            m.i[m.i[at.OUT_AT] + k], m.i[n * at.ROW_I + at.IN_OUT] = n, k
        m.i[at.UNPLACED] = len(out)
        kernel.renew(m, self.order())
        m.i[at.IS_BEST] = 0

    def _mix(self) -> None:
        packed, mix = self.packed, list(MIX)
        i = packed.node_i
        if not (i[:, at.MATE] >= 0).any():
            mix[3] = 0.0
        if not (i[:, at.WINDOWS] + (i[:, at.HELD_BY] > 0) > 1).any():
            mix[7] = 0.0
        total = np.cumsum(mix) / sum(mix)
        total[-1] = 2.0
        for k, share in enumerate(total):
            self.model.f[at.MIX + k] = float(share)

    def _begin(self, start: Plan | None) -> None:
        packed, m = self.packed, self.model
        kernel.renew(m, self.order())
        m.f[at.BEST] = INF
        wanted = []
        for number, job in enumerate(packed.problem.jobs):
            placing = job.fixed or (start[number] if start is not None else None)
            if placing is not None and packed.nodes.first[number] >= 0:
                wanted.append((job.fixed is None, min(p.start for p in placing), number, placing))
        what: list[int] = []
        keys: list[float] = []
        for _, _, number, placing in sorted(wanted, key=lambda entry: entry[:3]):
            self._place(packed.crews + packed.nodes.first[number], placing, what, keys)
        kernel.add(m, self._whole(what), np.array(keys) if HAS_NUMBA else keys)
        kernel.rekey(m, self.order())
        leads = [n for n in self.order() if m.i[n * at.ROW_I + at.LEAD] == n]
        leads.sort(key=lambda n: (min(m.f[n * at.ROW_F + at.DUE0], 1e9), n))
        kernel.fill(m, self._whole(leads))
        kernel.rekey(m, self.order())
        kernel.better(m)
        kernel.keep_best(m)

    def _whole(self, numbers: list[int]) -> Any:
        return np.array(numbers, np.int64) if HAS_NUMBA else numbers

    def _place(self, n: int, placing: Placing, what: list[int], keys: list[float]) -> None:
        one, two = placing[0], placing[-1]
        bound = self.model.i[n * at.ROW_I + at.MATE] >= 0
        key = max(one.start, two.start) if bound else one.start
        other = n + 1 if len(placing) == 2 else -1
        second = self._gene(other, two.start) if other >= 0 else 0
        what += (n, one.crew, self._gene(n, one.start), other, two.crew, second)
        keys += (float(key), float(key if bound else two.start))

    def _gene(self, n: int, start: float) -> int:
        m = self.model
        held, windows = m.i[n * at.ROW_I + at.HELD_BY], int(m.i[n * at.ROW_I + at.WINDOWS])
        if held and abs(m.f[n * at.ROW_F + at.HELD] - start) < 1e-6:
            return windows
        return max((k for k in range(windows) if m.f[n * at.ROW_F + at.OPEN0 + 2 * k] <= start), default=0)


def _clock(cpu: bool) -> float:
    return time.thread_time() if cpu else time.perf_counter()


def _paced(tries: int, took: float) -> int:
    """How many tries take about ``CHUNK`` seconds."""
    wanted = tries * CHUNK / max(took, 1e-4)
    return int(min(max(wanted, tries / 2, 16), tries * 2, 200_000))


def _chains(f: Any, i: Any, crews: int) -> None:
    """Chains the nodes of each crew in order of key."""
    h = at.HEAD_I
    i[:crews, [at.HEAD - h, at.TAIL - h]] = -1
    i[crews:, [at.PREV - h, at.NEXT - h]] = -1
    for n in np.argsort(f[crews:, at.KEY - at.HEAD_F], kind="stable") + crews:
        w = i[n, at.CREW - h]
        if w < 0:
            continue
        p = i[w, at.TAIL - h]
        i[n, at.PREV - h] = p
        if p >= 0:
            i[p, at.NEXT - h] = n
        else:
            i[w, at.HEAD - h] = n
        i[w, at.TAIL - h] = n
