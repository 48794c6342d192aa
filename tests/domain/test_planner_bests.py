"""Solutions that are kept as better than the best published one are what they say, by the evaluators."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bench import planner_score_mankowska, planner_score_udine
from bench.planner_solutions import read
from tests.shared_data import shared

KEPT = Path(__file__).resolve().parents[2] / "docs" / "planner-bests"


def test_each_kept_solution_is_valid_and_better_than_the_best_published() -> None:
    data = shared("planning")
    with (data / "mankowska2014_published.csv").open(newline="") as file:
        rows = {row["set"]: (row["instance"], float(row["best_published"])) for row in csv.DictReader(file)}
    with (data / "uhhc2025_published.csv").open(newline="") as file:
        mins = {row["instance"]: float(row["cost_min"]) for row in csv.DictReader(file)}
    for path in sorted(KEPT.glob("*.json")):
        cost, routes = read(path)
        if path.stem in rows:
            name, best = rows[path.stem]
            found = planner_score_mankowska.score(json.loads((data / f"mankowska2014/{name}.json").read_text()), routes)
        else:
            best = mins[path.stem]
            found = planner_score_udine.score(json.loads((data / f"uhhc2025/{path.stem}.json").read_text()), routes)
        assert found == pytest.approx(cost, abs=0.002), path.name
        assert cost < best, path.name
