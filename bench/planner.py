"""How good the planner is on public instances, and on a day of a city: ``python -m bench.planner``.

Each plan is scored by an evaluator that shares nothing with the planner. ``--clock processor`` counts the seconds of
each planning thread in its own processor time, so that figures hold on a busy machine; two chains are two cores.
``--runs FILE`` keeps each run as a line and goes on from there; ``--solutions FOLDER`` keeps what beats the published.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from bench import planner_city
from bench.planner_instances import DATA, Instance, mankowska, udine
from bench.planner_public import Asked, mankowska_table, runs, udine_table
from coordination.deployment.planner.engine import warm_up

FAMILIES = "ABCDEFG"


def main() -> int:
    asked = _asked()
    if asked.family != "city" and not DATA.exists():
        print(f"The instances are not beside this checkout ({DATA}).")
        return 2
    warm_up()
    say = partial(print, flush=True)
    if asked.family == "city":
        return planner_city.report([float(s) for s in asked.seconds.split(",")], asked.clock == "processor", say)
    passed = True
    for seconds in (float(s) for s in asked.seconds.split(",")):
        series = Asked(seconds, asked.seeds, asked.clock, asked.chains, asked.runs, asked.solutions)
        if asked.family != "udine":
            letters = FAMILIES if asked.family == "all" else asked.family
            chosen = _only(mankowska(letters), asked.only)
            passed = mankowska_table(chosen, runs(chosen, series, say), series, say) and passed
        if asked.family in ("all", "udine"):
            chosen = _only(udine(), asked.only)
            passed = udine_table(chosen, runs(chosen, series, say), series, say) and passed
    print("PASS" if passed else "FAIL")
    return 0 if passed else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", default="all", help="all, udine, city, or letters of A to G")
    parser.add_argument("--seconds", default="5", help="one or several, by comma")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default="", help="names of instances, by comma")
    parser.add_argument("--clock", default="wall", choices=["wall", "processor"], help="by which seconds are counted")
    parser.add_argument("--chains", type=int, default=None)
    parser.add_argument("--runs", type=Path, help="a file of runs, one a line; those in it are not run again")
    parser.add_argument("--solutions", type=Path, help="a folder for solutions better than the best published")
    asked = parser.parse_args()
    if asked.family not in ("all", "udine", "city") and not set(asked.family) <= set(FAMILIES):
        parser.error("--family: all, udine, city, or letters of A to G")
    return asked


def _only(instances: list[Instance], names: str) -> list[Instance]:
    return [i for i in instances if not names or i.name in names.split(",")]


if __name__ == "__main__":
    sys.exit(main())
