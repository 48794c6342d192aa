"""One call from problem to plan: chains side by side, cooling in rounds, until the budget is spent."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from coordination.deployment.planner import cache
from coordination.deployment.planner.engine.answer import cost_of, solution_of, stands
from coordination.deployment.planner.engine.chain import Chain
from coordination.deployment.planner.engine.checks import faults
from coordination.deployment.planner.engine.compiled import HAS_NUMBA
from coordination.deployment.planner.engine.pack import Packed
from coordination.deployment.planner.problem import (
    Able,
    Budget,
    Crew,
    Job,
    Plan,
    Problem,
    Service,
    Solution,
    Span,
)

POLL = 0.004
"""Seconds between two questions whether to stop."""

REPORTS = 0.15
"""Seconds at least between two reports of a better plan."""


@dataclass(frozen=True, slots=True)
class Round:
    """A share of the budget, and from which to which heat it cools (in units of an average visit's cost)."""

    share: float
    hot: float
    cold: float


COLD_START = (Round(0.6, 1.3, 0.03), Round(0.2, 0.3, 0.025), Round(0.2, 0.3, 0.02))
WARM_START = (Round(0.5, 0.15, 0.02), Round(0.5, 0.1, 0.01))


def solve(
    problem: Problem,
    start: Plan | None,
    *,
    seed: int,
    budget: Budget,
    on_better: Callable[[Solution], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solution:
    """The best plan found within ``budget``: fixed jobs where they are, never worse than ``start`` as far as that
    keeps the hard rules (what breaks them is taken out first).

    ``on_better`` gets each better plan, on the thread that called; ``stop`` is asked every few milliseconds, there too.
    Jobs that :func:`~coordination.deployment.planner.engine.checks.faults` names are left out. Repeats for a seed
    where the budget is of iterations only.
    """
    packed = Packed(problem, frozenset(fault.job for fault in faults(problem)))
    search = _Search(packed, start, seed, budget, on_better, stop)
    found = search.run()
    if start is None or not stands(problem, start):
        return found
    given = cost_of(problem, start, found.breaks)
    bare = cost_of(problem, start, tuple((None,) * len(crew.breaks) for crew in problem.crews))
    if min(given.total, bare.total) < found.cost.total - 1e-6 and bare.total < found.cost.total - 1e-6:
        return Solution(start, tuple((None,) * len(crew.breaks) for crew in problem.crews), bare, found.tried)
    return found


class _Search:
    def __init__(
        self,
        packed: Packed,
        start: Plan | None,
        seed: int,
        budget: Budget,
        on_better: Callable[[Solution], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self._began = time.perf_counter()
        self._packed, self._budget = packed, budget
        self._on_better, self._stop = on_better, stop
        self._rounds = COLD_START if start is None else WARM_START
        self._stopped = False
        many = budget.chains or (2 if HAS_NUMBA and (os.cpu_count() or 1) > 1 else 1)
        self._chains = [Chain(packed, start, seed * 64 + k) for k in range(many if packed.nodes.count > 1 else 1)]
        self._reader = Chain(packed, None, seed, empty=True)
        self._told = float("inf")
        self._told_at = 0.0
        spent = time.perf_counter() - self._began
        for chain in self._chains:
            chain.spent = spent if not budget.cpu else 0.0

    def run(self) -> Solution:
        self._tell(at_once=True)
        if self._packed.nodes.count > 1:
            for number, round_ in enumerate(self._rounds):
                if not self._stopped:
                    self._round(round_, number == len(self._rounds) - 1)
        return self._best()

    def _round(self, round_: Round, last: bool) -> None:
        """All chains through one cooling; then the best plan of all is where each goes on."""
        threads = [
            threading.Thread(target=chain.cool, args=(round_, self._budget), name="planner", daemon=True)
            for chain in self._chains
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(POLL)
                self._ask()
                self._tell()
        for chain in self._chains:
            if chain.error is not None:
                raise chain.error
        leader = min(self._chains, key=lambda chain: chain.best)
        if not last:
            kept = leader.kept()
            shown = (leader.best, kept)
            for chain in self._chains:
                chain.adopt(*kept)
                chain.best, chain.shown = leader.best, min(chain.shown, shown, key=lambda each: each[0])

    def _ask(self) -> None:
        if not self._stopped and self._stop is not None and self._stop():
            self._stopped = True
            for chain in self._chains:
                chain.halt()

    def _tell(self, at_once: bool = False) -> None:
        if self._on_better is None:
            return
        now = time.perf_counter()
        best = min(chain.shown[0] for chain in self._chains)
        if best < self._told - 1e-6 and (at_once or now - self._told_at >= REPORTS):
            self._told, self._told_at = best, now
            self._on_better(self._best())

    def _best(self) -> Solution:
        shown = min((chain.shown for chain in self._chains), key=lambda shown: shown[0])
        self._reader.adopt(*shown[1])
        found = solution_of(self._reader)
        tried = sum(chain.tries for chain in self._chains)
        return Solution(found.plan, found.breaks, found.cost, tried)


def warm_up() -> None:
    """Compiles, or loads what was compiled before: takes half a minute once on a machine, then well under a second.

    To be called off the interface thread, before somebody waits for a plan.
    """
    crews = (Crew((Span(0, 100),)), Crew((Span(0, 100),)))
    service = Service(10, (Able(0), Able(1)))
    jobs = (Job(0, (Span(0, 50),), (service,), 10), Job(1, (Span(0, 50),), (service, service), 10))
    solve(Problem(crews, jobs, [[[0, 5], [5, 0]]]), None, seed=0, budget=Budget(iterations=64, chains=1))
    cache.note_ready()
