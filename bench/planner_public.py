"""The planner on the public instances, seed by seed: every run is a line in a file of its own, so that a series which
is broken off goes on where it was."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median

from bench.planner_instances import Instance, routes
from bench.planner_solutions import keep_if_better, score
from coordination.deployment.planner.engine import solve
from coordination.deployment.planner.problem import Budget, Solution

MEAN_GAP_AT_30, MEAN_GAP_AT_5 = 0.5, 3.0  # per cent; the latter up to 100 patients
SAME = 0.051  # published optima have one decimal


@dataclass(frozen=True)
class Asked:
    """One series. ``clock``: "wall", or "processor" for the processor time of each chain's thread."""

    seconds: float
    seeds: int
    clock: str
    chains: int | None = None
    runs: Path | None = None
    solutions: Path | None = None

    @property
    def budget(self) -> Budget:
        return Budget(seconds=self.seconds, cpu=self.clock == "processor", chains=self.chains)

    @property
    def words(self) -> str:
        counted = "processor time of each chain" if self.clock == "processor" else "on the wall"
        return f"{self.seconds:g} s {counted}, {self.chains or 'as many as cores, at most 2'} chains"


@dataclass(frozen=True)
class Run:
    instance: str
    family: str
    seconds: float
    clock: str
    seed: int
    cost: float
    tried: int
    took: float
    stopped: bool  # at the proved optimum


def runs(instances: Sequence[Instance], asked: Asked, say: Callable[[str], None]) -> list[Run]:
    """All instances with the first seed, then with the second, and so on."""
    done = _read(asked)
    known = {(run.instance, run.seed): run for run in done}
    for seed in range(1, asked.seeds + 1):
        for instance in instances:
            if (instance.name, seed) in known:
                continue
            run, said = _one(instance, seed, asked)
            known[instance.name, seed] = run
            if asked.runs is not None:
                with asked.runs.open("a") as file:
                    file.write(json.dumps(asdict(run)) + "\n")
            gap = 100 * (run.cost / instance.best - 1)
            say(f"  seed {seed} {instance.name:6} {run.cost:10.2f} {gap:7.2f} %  {run.tried:>10} tries  {said}")
    return [run for (name, _), run in known.items() if name in {i.name for i in instances}]


def _read(asked: Asked) -> list[Run]:
    if asked.runs is None or not asked.runs.exists():
        return []
    found = [Run(**json.loads(line)) for line in asked.runs.read_text().splitlines() if line]
    return [r for r in found if (r.seconds, r.clock) == (asked.seconds, asked.clock) and r.seed <= asked.seeds]


def _one(instance: Instance, seed: int, asked: Asked) -> tuple[Run, str]:
    """One run; it ends early at an optimum that others have proved."""
    best = [float("inf")]

    def better(solution: Solution) -> None:
        best[0] = solution.cost.total

    def at_optimum() -> bool:
        return instance.proved and best[0] <= instance.best + SAME

    began = time.perf_counter()
    solution = solve(instance.problem, None, seed=seed, budget=asked.budget, on_better=better, stop=at_optimum)
    took = time.perf_counter() - began
    cost = score(instance, routes(instance, solution))
    said = "proved optimum" if at_optimum() else ""
    if abs(cost - solution.cost.total) > 0.01 + 1e-5 * cost:
        said += f" THE PLANNER SAYS {solution.cost.total:.3f}"
    if asked.solutions is not None:
        said += keep_if_better(asked.solutions, instance, solution, cost)
    of = (instance.name, instance.family, asked.seconds, asked.clock, seed)
    return Run(*of, round(cost, 4), solution.tried, round(took, 2), at_optimum()), said


def _by_instance(done: Sequence[Run]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for run in done:
        found.setdefault(run.instance, []).append(run.cost)
    return found


def _gap(cost: float, best: float) -> float:
    return 100 * (cost / best - 1)


def mankowska_table(
    instances: Sequence[Instance], done: Sequence[Run], asked: Asked, say: Callable[[str], None]
) -> bool:
    """Each instance, each family, and whether what is asked is kept."""
    costs = _by_instance(done)
    there = [i for i in instances if i.name in costs]
    say(f"Mankowska, {asked.words}; gaps in % to the best published")
    say(f"{'':4}{'best':>10}{'BRKGA mean':>12}{'median':>10}{'gap':>8}   of each seed")
    for i in there:
        each = " ".join(f"{_gap(cost, i.best):.2f}" for cost in costs[i.name])
        mean = f"{i.mean:.1f}" if i.mean is not None else "-"
        middle = median(costs[i.name])
        say(f"{i.name:4}{i.best:10.2f}{mean:>12}{middle:10.2f}{_gap(middle, i.best):8.2f}   {each}")
    passed = True
    gaps = {i.name: _gap(median(costs[i.name]), i.best) for i in there}
    for family in dict.fromkeys(i.family for i in there):
        some = [i for i in there if i.family == family]
        with_mean = [i for i in some if i.mean is not None]
        ours = sum(fmean(costs[i.name]) for i in with_mean)
        below = ours < sum(i.mean or 0.0 for i in with_mean) + 0.1  # published with one decimal
        seeds = min(len(costs[i.name]) for i in some)
        passed = passed and below
        middle = fmean(gaps[i.name] for i in some)
        say(f"{family}: mean gap {middle:.2f} % over {len(some)} instances, {seeds} seeds, "
            f"{'below' if below else 'NOT below'} the BRKGA means")  # fmt: skip
    small = [gaps[i.name] for i in there if i.patients <= 100]
    if small and asked.seconds >= 5:
        passed = passed and fmean(small) <= MEAN_GAP_AT_5
        say(f"up to 100 patients: mean gap {fmean(small):.2f} %, at most {MEAN_GAP_AT_5} asked at 5 s")
    if gaps:
        passed = passed and (asked.seconds < 30 or fmean(gaps.values()) <= MEAN_GAP_AT_30)
        say(f"all: mean gap {fmean(gaps.values()):.2f} %, at most {MEAN_GAP_AT_30} asked at 30 s")
    return passed


def udine_table(instances: Sequence[Instance], done: Sequence[Run], asked: Asked, say: Callable[[str], None]) -> bool:
    costs = _by_instance(done)
    there = [i for i in instances if i.name in costs]
    say(f"Udine, {asked.words}")
    say(f"{'':8}{'best':>9}{'mean':>10}{'median':>10}   of each seed")
    for i in there:
        each = " ".join(f"{cost:.0f}" for cost in costs[i.name])
        say(f"{i.name:8}{i.best:9.0f}{i.mean or 0.0:10.1f}{median(costs[i.name]):10.1f}   {each}")
    many = max(1, len(there))
    below_mean = sum(median(costs[i.name]) < (i.mean or 0.0) - 1e-6 for i in there)
    below_best = sum(median(costs[i.name]) < i.best - 1e-6 for i in there)
    say(f"below the published mean: {below_mean} of {many}; below the published best: {below_best} of {many}")
    return below_mean >= 0.9 * many and below_best >= 0.75 * many
