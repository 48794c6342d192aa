"""What a solution of an Udine (uhhc) instance costs, from the instance and the routes alone; wrong ones are refused.

The terms are those of the instances' own validator. A service takes exactly its length (the validator lets it take
longer); every caregiver counts for the most idle time, also one who stays at home (idle for the whole shift, less the
break). It shares nothing with the planner. Routes: for each caregiver's id a list of (patient id, service id, start),
and ("", "lunch", start) for the break, which is taken where the caregiver is or where they go next.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from bench.planner_score_mankowska import Refused

Routes = Mapping[str, Sequence[tuple[str, str, float]]]
LUNCH = "lunch"
SLACK = 1e-6


class _Day:
    """One caregiver's day, followed from stop to stop."""

    def __init__(self, instance: Mapping[str, Any], caregiver: Mapping[str, Any]) -> None:
        ends = {point["id"]: point["distance_matrix_index"] for point in instance["terminal_points"]}
        self.name, self.instance, self.caregiver = caregiver["id"], instance, caregiver
        self.here, self.back = ends[caregiver["departing_point"]], ends[caregiver["arrival_point"]]
        self.shift = caregiver["working_shift"]
        self.free: float | None = None  # None: has not left yet
        self.left = float(self.shift["end"])
        self.way = self.waited = self.worked = self.idle = 0.0
        self.visits, self.lunch = 0, False
        self._breaking: tuple[float, float] | None = None

    def rest(self, start: float) -> None:
        lunch = self.instance["lunch_breaks"]
        end = start + lunch["min_duration"]
        late = start if self.instance["metadata"]["time_window_met"] == "at_service_start" else end
        if self.lunch or start < lunch["start"] - SLACK or late > lunch["end"] + SLACK:
            raise Refused(f"{self.name} has lunch at {start}")
        self.lunch, self._breaking = True, (start, end)

    def visit(self, place: int, start: float, minutes: float) -> None:
        leg = float(self.instance["distances"][self.here][place])
        ready = self._ready(leg, start)
        if start < ready - SLACK:
            raise Refused(f"{self.name} is not there by {start}, but at {ready}")
        self.visits += 1
        self.waited += start - ready if self.visits > 1 else 0.0
        self.way, self.worked = self.way + leg, self.worked + minutes
        self.here, self.free, self._breaking = place, start + minutes, None

    def _ready(self, leg: float, start: float) -> float:
        """When they could begin, lunch included; waiting before lunch is counted here."""
        if self.free is None:
            out = self._breaking[1] if self._breaking is not None else float(self.shift["start"])
            begun = out + leg if self._breaking is None else min(out + leg, start)
            self.left = self._breaking[0] if self._breaking is not None else start - leg
            if self._breaking is not None and self._breaking[1] > start - leg + SLACK:
                self.left = self._breaking[0] - leg  # lunch at the first place
                if self._breaking[1] > start + SLACK:
                    raise Refused(f"{self.name} is at lunch at {start}")
            if self.left < self.shift["start"] - SLACK:
                raise Refused(f"{self.name} leaves before the shift")
            return begun
        if self._breaking is None:
            return self.free + leg
        begin, end = self._breaking
        if begin >= self.free - SLACK and end + leg <= start + SLACK:
            self.waited += begin - self.free
            return end + leg
        if begin >= self.free + leg - SLACK and end <= start + SLACK:
            self.waited += begin - self.free - leg
            return end
        raise Refused(f"{self.name} has no room for lunch at {begin}")

    def done(self) -> tuple[float, float]:
        """Minutes over time and minutes idle."""
        rested = float(self.instance["lunch_breaks"]["min_duration"]) if self.lunch else 0.0
        if self.visits == 0:
            return 0.0, self.shift["end"] - self.shift["start"] - rested
        leg = float(self.instance["distances"][self.here][self.back])
        end = self.free or 0.0
        if self._breaking is not None:
            if self._breaking[0] < end - SLACK:
                raise Refused(f"{self.name} has lunch at work")
            self.waited += self._breaking[0] - end
            end = self._breaking[1]
        self.way += leg
        end += leg
        idle = max(self.shift["end"], end) - self.shift["start"] - self.way - self.worked - rested
        return max(0.0, end - self.shift["end"]), idle


def score(instance: Mapping[str, Any], routes: Routes) -> float:
    """The cost. Raises :class:`Refused`."""
    patients = {patient["id"]: patient for patient in instance["patients"]}
    weight: Mapping[str, float] = instance["metadata"]["cost_components"]
    begun: dict[tuple[str, str], tuple[str, float]] = {}
    tardiness: list[float] = []
    way = waited = over = most_idle = 0.0
    disliked = missed = 0
    for caregiver in instance["caregivers"]:
        day = _Day(instance, caregiver)
        for name, service, start in routes.get(caregiver["id"], ()):
            if service == LUNCH:
                day.rest(start)
                continue
            patient = patients[name]
            minutes = _length(patient, service)
            _may(caregiver, patient, service)
            if (name, service) in begun:
                raise Refused(f"{name} gets {service} twice")
            day.visit(patient["distance_matrix_index"], start, minutes)
            begun[name, service] = (caregiver["id"], start)
            tardiness.append(_late(instance, patient, start, minutes))
            wanted = patient.get("preferred_caregivers")
            disliked += int(wanted is not None and caregiver["id"] not in wanted)
        extra, idle = day.done()
        way, waited, over = way + day.way, waited + day.waited, over + extra
        most_idle = max(most_idle, idle)
        missed += int(bool(caregiver["lunch_break"]) and not day.lunch)
    out = sum(_left_out(patient, begun) for patient in patients.values())
    return (
        weight["travel_time"] * way
        + weight["total_tardiness"] * sum(tardiness)
        + weight["highest_tardiness"] * max(tardiness, default=0.0)
        + weight["total_waiting_time"] * waited
        + weight["total_extra_time"] * over
        + weight["max_idle_time"] * most_idle
        + weight["caregiver_preferences"] * disliked
        + weight["optional_patients"] * out
        + weight["missed_lunch_break"] * missed
    )


def _length(patient: Mapping[str, Any], service: str) -> float:
    for asked in patient["required_services"]:
        if asked["service"] == service:
            return float(asked["duration"])
    raise Refused(f"{patient['id']} does not need {service}")


def _may(caregiver: Mapping[str, Any], patient: Mapping[str, Any], service: str) -> None:
    if service not in caregiver["abilities"]:
        raise Refused(f"{caregiver['id']} may not do {service}")
    if caregiver["id"] in (patient.get("incompatible_caregivers") or ()):
        raise Refused(f"{caregiver['id']} and {patient['id']} do not go together")


def _late(instance: Mapping[str, Any], patient: Mapping[str, Any], start: float, minutes: float) -> float:
    windows = patient["time_windows"]
    if start < windows[0]["start"] - SLACK:
        raise Refused(f"{patient['id']} is visited before the first window")
    window = windows[bisect_right([w["start"] for w in windows], start + SLACK) - 1]
    met = start if instance["metadata"]["time_window_met"] == "at_service_start" else start + minutes
    late = met - window["end"]
    return float(late) if late > SLACK else 0.0


def _left_out(patient: Mapping[str, Any], begun: Mapping[tuple[str, str], tuple[str, float]]) -> int:
    """1 for an optional patient who is left out; a service too few, or two out of step, is refused."""
    name = patient["id"]
    needs = [asked["service"] for asked in patient["required_services"]]
    got = [begun[name, service] for service in needs if (name, service) in begun]
    if not got:
        if not patient["optional"]:
            raise Refused(f"{name} is left out")
        return 1
    if len(got) < len(needs):
        raise Refused(f"{name} gets only a part")
    binding = patient.get("synchronization")
    if len(needs) == 2 and binding is not None and binding["type"] != "independent":
        gap = binding.get("distance") or {"min": 0, "max": 0}
        apart = got[1][1] - got[0][1]
        if got[0][0] == got[1][0] or not gap["min"] - SLACK <= apart <= gap["max"] + SLACK:
            raise Refused(f"the services at {name} are {apart} apart")
    return 0
