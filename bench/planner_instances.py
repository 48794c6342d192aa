"""The public instances as problems of the planner, and its answers as routes that the evaluators read."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from coordination.deployment.planner.problem import (
    Able,
    Break,
    Crew,
    Job,
    Problem,
    Service,
    Solution,
    Span,
    Weights,
)

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "planning"
MUST = 1e6
Routes = dict[str, list[tuple[str, str, float]]]


@dataclass(frozen=True)
class Instance:
    """Best and mean of what others got; the mean is the BRKGA's, or the Udine annealer's. ``proved``: the best is
    known to be the optimum."""

    name: str
    family: str
    patients: int
    best: float
    mean: float | None
    data: Mapping[str, Any]
    problem: Problem
    proved: bool = False


def mankowska(families: str) -> list[Instance]:
    """The instances of the families in ``families``, those of which the data are here."""
    found = []
    with (DATA / "mankowska2014_published.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            path = DATA / "mankowska2014" / f"{row['instance']}.json"
            if row["set"][0] in families and path.exists():
                data = json.loads(path.read_text())
                mean = float(row["brkga_mean"]) if row["brkga_mean"] else None
                best = float(row["best_published"])
                of = (row["set"], row["set"][0], len(data["patients"]), best, mean, data, mankowska_problem(data))
                found.append(Instance(*of, proved=row["proven_optimal"] == "True"))
    return found


def udine() -> list[Instance]:
    found = []
    with (DATA / "uhhc2025_published.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            path = DATA / "uhhc2025" / f"{row['instance']}.json"
            if path.exists():
                data = json.loads(path.read_text())
                best, mean = float(row["cost_min"]), float(row["cost_mean"])
                found.append(
                    Instance(row["instance"], "udine", len(data["patients"]), best, mean, data, udine_problem(data))
                )
    return found


def mankowska_problem(data: Mapping[str, Any]) -> Problem:
    """An instance of Mankowska and others, in the form of Udine."""
    usual = {service["id"]: service["default_duration"] for service in data["services"]}
    staff = data["caregivers"]
    crews = tuple(Crew((Span(0, 1e6),), 0, 0, ways_in_shift=True) for _ in staff)
    jobs = []
    for number, patient in enumerate(data["patients"]):
        services = tuple(
            Service(
                asked.get("duration", usual[asked["service"]]),
                tuple(Able(w) for w, who in enumerate(staff) if asked["service"] in who["abilities"]),
            )
            for asked in patient["required_caregivers"]
        )
        least, most = _gap(patient)
        jobs.append(Job(number + 1, (Span(*patient["time_window"]),), services, MUST, least_gap=least, most_gap=most))
    third = 1 / 3
    return Problem(crews, tuple(jobs), [data["distances"]], (), Weights(third, third, third, overtime=0.0))


def _gap(patient: Mapping[str, Any]) -> tuple[float, float]:
    binding = patient.get("synchronization") or {}
    distance = binding.get("distance")
    if binding.get("type") != "sequential" or distance is None:
        return 0.0, 0.0
    least, most = (distance["min"], distance["max"]) if isinstance(distance, Mapping) else distance
    return float(least), float(most)


def udine_problem(data: Mapping[str, Any]) -> Problem:
    """An instance of Udine, as read from its file."""
    cost, lunch = data["metadata"]["cost_components"], data["lunch_breaks"]
    at_end = data["metadata"]["time_window_met"] == "at_service_end"
    ends = {point["id"]: point["distance_matrix_index"] for point in data["terminal_points"]}
    last = lunch["end"] - (lunch["min_duration"] if at_end else 0)
    rest = Break(lunch["start"], last, lunch["min_duration"], cost["missed_lunch_break"])
    crews = tuple(
        Crew(
            (Span(who["working_shift"]["start"], who["working_shift"]["end"]),),
            ends[who["departing_point"]],
            ends[who["arrival_point"]],
            most_overtime=inf,
            breaks=(rest,) if who["lunch_break"] else (),
            ways_in_shift=True,
        )
        for who in data["caregivers"]
    )
    jobs = tuple(_patient(patient, data["caregivers"], cost, at_end) for patient in data["patients"])
    weights = Weights(
        cost["travel_time"],
        cost["total_tardiness"],
        cost["highest_tardiness"],
        cost["total_waiting_time"],
        cost["total_extra_time"],
        most_idle=cost["max_idle_time"],
    )
    return Problem(crews, jobs, [data["distances"]], (), weights)


def _patient(
    patient: Mapping[str, Any], staff: list[Mapping[str, Any]], cost: Mapping[str, float], at_end: bool
) -> Job:
    liked = patient.get("preferred_caregivers")
    barred = set(patient.get("incompatible_caregivers") or ())
    services = tuple(
        Service(
            asked["duration"],
            tuple(
                Able(w, 0.0 if liked is None or who["id"] in liked else cost["caregiver_preferences"])
                for w, who in enumerate(staff)
                if asked["service"] in who["abilities"] and who["id"] not in barred
            ),
            asked["duration"] if at_end else 0.0,
        )
        for asked in patient["required_services"]
    )
    windows = tuple(Span(w["start"], w["end"]) for w in patient["time_windows"])
    binding = (patient.get("synchronization") or {}).get("type")
    least, most = _gap(patient)
    return Job(
        patient["distance_matrix_index"],
        windows,
        services,
        cost["optional_patients"] if patient["optional"] else MUST,
        least_gap=least,
        most_gap=most,
        apart=len(services) == 2 and binding not in ("simultaneous", "sequential"),
    )


def routes(instance: Instance, solution: Solution) -> Routes:
    """Who is where when, by the names of the instance."""
    data = instance.data
    key = "required_caregivers" if instance.family != "udine" else "required_services"
    found: Routes = {who["id"]: [] for who in data["caregivers"]}
    names = [who["id"] for who in data["caregivers"]]
    for patient, placing in zip(data["patients"], solution.plan, strict=True):
        for asked, placed in zip(patient[key], placing or (), strict=False):
            found[names[placed.crew]].append((patient["id"], asked["service"], placed.start))
    for name, starts in zip(names, solution.breaks, strict=True):
        found[name] += [("", "lunch", start) for start in starts if start is not None]
    for stops in found.values():
        stops.sort(key=lambda stop: stop[2])
    return found
