"""The compiled planner and its plain form give the same plans. The one test that compiles (half a minute, once)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("numba")

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
from coordination.deployment.planner.engine import solve
from coordination.deployment.planner.engine.compiled import HAS_NUMBA
from coordination.deployment.planner.problem import *
service = Service(30, tuple(Able(w, 3.0 * w) for w in range(4)))
jobs = tuple(
    Job(n % 7, (Span(480 + 15 * n, 540 + 15 * n),), (service,) * (1 + n % 3 // 2), 300.0, latest=600.0 + 15 * n)
    for n in range(24)
)
crews = tuple(Crew((Span(480, 900),), n, n, breaks=(Break(600, 720, 30, 50.0),)) for n in range(4))
ways = [[[float(7 * abs(a - b)) for b in range(7)] for a in range(7)]]
problem = Problem(crews, jobs, ways, (Link(0, 21, 120, 400),), Weights(wait=0.5, most_idle=1.0, most_late=1.0))
found = solve(problem, None, seed=4, budget=Budget(iterations=1500, chains=2))
print(HAS_NUMBA, found.plan, found.breaks, round(found.cost.total, 4))
"""


def _says(form: str) -> tuple[str, str]:
    env = {**os.environ, "CENTRE_PLANNER": form, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True, cwd=ROOT
    )
    compiled, _, rest = done.stdout.partition(" ")
    return compiled, rest


def test_compiled_and_plain_give_the_same_plan() -> None:
    compiled, plan = _says("compiled")
    plain, same = _says("plain")
    assert (compiled, plain) == ("True", "False")
    assert plan == same
