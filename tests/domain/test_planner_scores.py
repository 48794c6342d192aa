"""The evaluator of the Udine instances and the planner's own sum are two accounts of the same thing, term by term."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench.planner_instances import Instance, routes, udine_problem
from bench.planner_score_mankowska import Refused
from bench.planner_score_udine import score
from coordination.deployment.planner.engine import solve
from coordination.deployment.planner.engine.answer import Breaks, cost_of
from coordination.deployment.planner.problem import Budget, Cost, Placed, Plan, Solution

TERMS = ("travel_time", "total_tardiness", "highest_tardiness", "total_waiting_time", "total_extra_time",
         "max_idle_time", "caregiver_preferences", "optional_patients", "missed_lunch_break")  # fmt: skip
WAYS = [[10 * abs(a - b) for b in range(4)] for a in range(4)]  # the base is place 0


def day(patients: list[dict[str, Any]], weights: dict[str, int], met: str = "at_service_start", **more: Any) -> Any:
    """Two caregivers, the second later and without a break; lunch of 20 minutes between 100 and 160."""
    staff = [
        {"id": "ann", "abilities": ["wash", "dress"], "departing_point": "base", "arrival_point": "base",
         "working_shift": {"start": 0, "end": 200}, "lunch_break": True},
        {"id": "bob", "abilities": ["wash", "lift"], "departing_point": "base", "arrival_point": "base",
         "working_shift": {"start": 60, "end": 300}, "lunch_break": False},
    ]  # fmt: skip
    return {
        "metadata": {"time_window_met": met, "cost_components": dict.fromkeys(TERMS, 0) | weights},
        "terminal_points": [{"id": "base", "distance_matrix_index": 0}],
        "caregivers": staff,
        "patients": patients,
        "lunch_breaks": {"start": 100, "end": 160, "min_duration": 20},
        "distances": WAYS,
    } | more


def patient(place: int, start: int, end: int, *services: tuple[str, int], **more: Any) -> dict[str, Any]:
    asked = [{"service": name, "duration": minutes} for name, minutes in services or (("wash", 20),)]
    return {
        "id": f"p{place}",
        "distance_matrix_index": place,
        "required_services": asked,
        "time_windows": [{"start": start, "end": end}],
        "optional": False,
    } | more


def both(data: Any, plan: Plan, breaks: Breaks) -> tuple[float, float]:
    """The evaluator's account and the planner's."""
    instance = Instance("small", "udine", len(data["patients"]), 0.0, None, data, udine_problem(data))
    return score(data, routes(instance, Solution(plan, breaks, Cost()))), cost_of(instance.problem, plan, breaks).total


ONE, TWO = patient(1, 10, 25), patient(2, 50, 90)
NO_LUNCH: Breaks = ((None,), ())
TOGETHER = {"type": "simultaneous"}
PAIR = patient(1, 70, 100, ("wash", 30), ("lift", 10), synchronization=TOGETHER)
FREE = patient(1, 70, 100, ("wash", 30), ("lift", 10), synchronization={"type": "independent"})


def at(*places: tuple[int, float] | None) -> Plan:
    return tuple(None if place is None else (Placed(*place),) for place in places)


@pytest.mark.parametrize(
    ("term", "patients", "plan", "breaks", "met", "expected"),
    [
        ("travel_time", [ONE, TWO], at((0, 10), (0, 50)), NO_LUNCH, "start", 40),
        ("travel_time", [ONE, TWO], at((0, 10), (1, 80)), NO_LUNCH, "start", 60),
        ("total_tardiness", [ONE, TWO], at((0, 31), (0, 92)), NO_LUNCH, "start", 6 + 2),
        ("total_tardiness", [ONE, TWO], at((0, 31), (0, 92)), NO_LUNCH, "end", 26 + 22),
        ("highest_tardiness", [ONE, TWO], at((0, 31), (0, 92)), NO_LUNCH, "start", 6),
        ("total_tardiness", [PAIR], ((Placed(0, 85), Placed(1, 85)),), NO_LUNCH, "end", 15),  # not 15 for both
        ("highest_tardiness", [PAIR], ((Placed(0, 95), Placed(1, 95)),), NO_LUNCH, "end", 25),
        ("total_tardiness", [FREE], ((Placed(0, 75), Placed(1, 99)),), NO_LUNCH, "end", 5 + 9),
        ("total_waiting_time", [ONE, TWO], at((0, 12), (0, 50)), NO_LUNCH, "start", 8),  # none before the first
        ("total_waiting_time", [ONE, TWO], at((0, 12), (0, 130)), ((100.0,), ()), "start", 68),
        ("total_extra_time", [ONE, TWO], at((0, 12), (0, 170)), NO_LUNCH, "start", 10),
        ("total_extra_time", [ONE, TWO], at((0, 12), (0, 170)), ((100.0,), ()), "start", 10),
        ("max_idle_time", [ONE, TWO], at((0, 10), (0, 50)), NO_LUNCH, "start", 240),  # bob stays at home
        ("max_idle_time", [ONE, TWO], at((0, 10), (1, 80)), NO_LUNCH, "start", 180),
        ("max_idle_time", [ONE, TWO], at((0, 10), (1, 80)), ((100.0,), ()), "start", 180),
        ("optional_patients", [ONE | {"optional": True}, TWO], at(None, (0, 50)), NO_LUNCH, "start", 1),
        ("caregiver_preferences", [ONE | {"preferred_caregivers": ["bob"]}, TWO], at((0, 10), (0, 50)), NO_LUNCH,
         "start", 1),
        ("missed_lunch_break", [ONE, TWO], at((0, 10), (0, 50)), NO_LUNCH, "start", 1),
        ("missed_lunch_break", [ONE, TWO], at((0, 10), (0, 50)), ((100.0,), ()), "start", 0),
    ],
)  # fmt: skip
def test_one_term_alone(
    term: str, patients: list[dict[str, Any]], plan: Plan, breaks: Breaks, met: str, expected: float
) -> None:
    data = day(patients, {term: 1}, f"at_service_{met}")
    assert both(data, plan, breaks) == (expected, pytest.approx(expected))


def test_the_later_window_counts_from_its_opening_on() -> None:
    twice = [ONE | {"time_windows": [{"start": 10, "end": 25}, {"start": 80, "end": 90}]}]
    data = day(twice, {"total_tardiness": 1})
    assert both(data, at((0, 79)), NO_LUNCH) == (54, 54)
    assert both(data, at((0, 80)), NO_LUNCH) == (0, 0)


@pytest.mark.parametrize(
    ("patients", "plan"),
    [
        ([ONE | {"incompatible_caregivers": ["ann"]}], at((0, 10))),
        ([patient(1, 10, 25, ("dress", 20))], at((1, 70))),
        ([ONE, TWO], at((0, 10), (0, 39))),  # ten minutes on the way
        ([ONE], at((0, 9))),
        ([ONE], at(None)),
        ([PAIR], ((Placed(0, 80), Placed(1, 85)),)),
    ],
)
def test_what_breaks_a_rule_is_refused_by_both(patients: list[dict[str, Any]], plan: Plan) -> None:
    data = day(patients, {})
    with pytest.raises(Refused):
        both(data, plan, NO_LUNCH)
    found = solve(udine_problem(data), None, seed=1, budget=Budget(iterations=40, chains=1))
    assert found.plan != plan


@st.composite
def instances(draw: st.DrawFn) -> Any:
    bits = st.booleans()

    def one(place: int) -> dict[str, Any]:
        start = draw(st.integers(0, 180))
        windows = [{"start": start, "end": start + draw(st.integers(5, 80))}]
        if draw(bits):
            again = windows[0]["end"] + draw(st.integers(10, 60))
            windows.append({"start": again, "end": again + 30})
        names = draw(st.sampled_from([["wash"], ["dress"], ["wash", "lift"], ["dress", "lift"]]))
        made = patient(place, 0, 0, *((name, draw(st.integers(5, 45))) for name in names))
        made |= {"time_windows": windows, "optional": draw(bits)}
        if draw(bits):
            made["preferred_caregivers"] = [draw(st.sampled_from(["ann", "bob"]))]
        if len(names) == 2:
            kind = draw(st.sampled_from(["simultaneous", "sequential", "independent"]))
            made["synchronization"] = {"type": kind, "distance": {"min": 5, "max": 40}}
            if kind != "sequential":
                del made["synchronization"]["distance"]
        return made

    weights = {term: draw(st.integers(1, 12)) for term in TERMS} | {"optional_patients": 150}
    met = draw(st.sampled_from(["at_service_start", "at_service_end"]))
    return day([one(place) for place in range(1, 1 + draw(st.integers(1, 3)))], weights, met)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(instances())
def test_what_the_planner_finds_costs_what_it_says(data: Any) -> None:
    problem = udine_problem(data)
    found = solve(problem, None, seed=1, budget=Budget(iterations=60, chains=1))
    instance = Instance("small", "udine", len(data["patients"]), 0.0, None, data, problem)
    must = [p for p, placing in zip(data["patients"], found.plan, strict=True) if placing is None and not p["optional"]]
    if must:  # there was no room
        return
    assert score(data, routes(instance, found)) == pytest.approx(found.cost.total)
