"""Solutions of public instances kept as JSON, read back, and held against the evaluator once more.

One line a visit: its name, its services, who does each, and when each begins (minutes).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench import planner_score_mankowska, planner_score_udine
from bench.planner_instances import Instance, Routes, routes
from coordination.deployment.planner.problem import Solution


def score(instance: Instance, found: Routes) -> float:
    """By the evaluator of the instance's family."""
    judge = planner_score_udine.score if instance.family == "udine" else planner_score_mankowska.score
    return judge(instance.data, found)


def write(path: Path, instance: Instance, solution: Solution, cost: float) -> None:
    """Replaces what is there."""
    visits: dict[str, list[tuple[str, str, float]]] = {}
    breaks: list[dict[str, Any]] = []
    for worker, stops in routes(instance, solution).items():
        for visit, service, start in stops:
            if visit:
                visits.setdefault(visit, []).append((service, worker, round(start, 6)))
            else:
                breaks.append({"worker": worker, "start": round(start, 6)})
    lines = [
        {"visit": visit, "services": [s for s, _, _ in done], "workers": [w for _, w, _ in done],
         "start": [t for _, _, t in done]}
        for visit, done in visits.items()
    ]  # fmt: skip
    head = {"instance": instance.name, "published": instance.best, "cost": round(cost, 3)}
    rows = ",\n  ".join(json.dumps(line) for line in lines)
    rests = ",\n  ".join(json.dumps(rest) for rest in breaks)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{json.dumps(head)[:-1]},\n "visits": [\n  {rows}],\n "breaks": [{rests}]}}\n')


def read(path: Path) -> tuple[float, Routes]:
    """The cost it says, and the routes."""
    kept = json.loads(path.read_text())
    found: Routes = {}
    for line in kept["visits"]:
        for service, worker, start in zip(line["services"], line["workers"], line["start"], strict=True):
            found.setdefault(worker, []).append((line["visit"], service, start))
    for rest in kept["breaks"]:
        found.setdefault(rest["worker"], []).append(("", "lunch", rest["start"]))
    for stops in found.values():
        stops.sort(key=lambda stop: (stop[2], stop[0] != ""))
    return float(kept["cost"]), found


def keep_if_better(folder: Path, instance: Instance, solution: Solution, cost: float) -> str:
    """Keeps a solution below the best published one, and below what is kept already; what to say of it, or nothing.

    What was written is read back and scored again: ValueError if it is not what it was."""
    path = folder / f"{instance.name}.json"
    if cost >= instance.best - 0.006 or (path.exists() and read(path)[0] <= cost + 0.0005):
        return ""
    write(path, instance, solution, cost)
    again = score(instance, read(path)[1])
    if abs(again - cost) > 0.002:
        raise ValueError(f"{path.name} was kept at {cost:.3f} and is {again:.3f}")
    return f"new best {cost:.3f}, published {instance.best:.2f}"
