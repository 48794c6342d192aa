"""What a solution of a Mankowska instance costs, from the instance and the routes alone; wrong ones are refused.

Cost = (way + tardiness + highest tardiness) / 3, the tardiness of every service counted, both of a double one too. It
shares nothing with the planner. Routes: for each caregiver's id a list of (patient id, service id, start).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Routes = Mapping[str, Sequence[tuple[str, str, float]]]
SLACK = 1e-3  # distances have three decimals


class Refused(ValueError):
    """The solution breaks a rule of the instance."""


def score(instance: Mapping[str, Any], routes: Routes) -> float:
    """The cost. Raises :class:`Refused`."""
    rows = {patient["id"]: number + 1 for number, patient in enumerate(instance["patients"])}
    patients = {patient["id"]: patient for patient in instance["patients"]}
    able = {caregiver["id"]: set(caregiver["abilities"]) for caregiver in instance["caregivers"]}
    begun: dict[tuple[str, str], float] = {}
    way = late = highest = 0.0
    for caregiver, stops in routes.items():
        here, free = 0, 0.0
        for name, service, start in stops:
            patient = patients[name]
            leg = instance["distances"][here][rows[name]]
            if start < free + leg - SLACK:
                raise Refused(f"{caregiver} is not at {name} by {start}")
            if service not in able[caregiver]:
                raise Refused(f"{caregiver} may not do {service}")
            if start < patient["time_window"][0] - SLACK:
                raise Refused(f"{name} is visited before the window")
            if (name, service) in begun:
                raise Refused(f"{name} gets {service} twice")
            begun[name, service] = start
            tardiness = max(0.0, start - patient["time_window"][1])
            way, late, highest = way + leg, late + tardiness, max(highest, tardiness)
            here, free = rows[name], start + _length(instance, patient, service)
        way += instance["distances"][here][0]
    for patient in patients.values():
        _complete(patient, begun, routes)
    return (way + late + highest) / 3


def _length(instance: Mapping[str, Any], patient: Mapping[str, Any], service: str) -> float:
    asked = next((c for c in patient["required_caregivers"] if c["service"] == service), None)
    if asked is None:
        raise Refused(f"{patient['id']} does not need {service}")
    usual = next(s["default_duration"] for s in instance["services"] if s["id"] == service)
    return float(asked.get("duration", usual))


def _complete(patient: Mapping[str, Any], begun: Mapping[tuple[str, str], float], routes: Routes) -> None:
    name = patient["id"]
    needs = [asked["service"] for asked in patient["required_caregivers"]]
    if any((name, service) not in begun for service in needs):
        raise Refused(f"{name} is left out")
    if len(needs) < 2:
        return
    who = {c for c, stops in routes.items() for there, service, _ in stops if there == name and service in needs}
    if len(who) < 2:
        raise Refused(f"{name} is served by one caregiver alone")
    apart = begun[name, needs[1]] - begun[name, needs[0]]
    binding = patient["synchronization"]
    least, most = (0.0, 0.0) if binding["type"] == "simultaneous" else _gap(binding["distance"])
    if not least - SLACK <= apart <= most + SLACK:
        raise Refused(f"the services at {name} are {apart} apart")


def _gap(distance: Any) -> tuple[float, float]:
    if isinstance(distance, Mapping):
        return float(distance["min"]), float(distance["max"])
    return float(distance[0]), float(distance[1])
