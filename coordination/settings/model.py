"""Settings: numbers that the centre works by, each with its limits. The database keeps them too (0041_ahead.up.sql)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from coordination.values import UserName

Value = int | Mapping[str, int]
"""a whole number, or one for each of the names in ``Kind.parts``"""


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be set. ``unit`` is a code that screens have words for. ``parts``: the names of its numbers, when it has
    several; ``least`` and ``most`` hold for each of them."""

    name: str
    group: str
    unit: str
    least: int
    most: int
    parts: tuple[str, ...] = ()


KINDS: tuple[Kind, ...] = (
    Kind("plan.caseload", "caseloads", "plans", 1, 500,
         ("care_coordinator", "team_lead", "trusted_assessor", "placement_coordinator", "manager")),
    Kind("transfer.caseload", "caseloads", "people", 1, 500),
    Kind("transfer.recovery_days", "transfer", "days", 1, 365, ("reablement", "intermediate_care")),
    Kind("transfer.small_numbers", "transfer", "people", 0, 50),
    Kind("apartment.hold_days", "apartments", "days", 1, 42),
    Kind("apartment.cleaning_days", "apartments", "days", 0, 14),
    Kind("apartment.inspection_days", "apartments", "days", 0, 14),
    Kind("apartment.look_again_days", "apartments", "days", 1, 42),
    Kind("equipment.collect_within", "equipment", "days", 0, 90,
         ("plan_ended", "stay_ended", "died", "service_failed")),
    Kind("equipment.ready_within", "equipment", "days", 0, 14),
    Kind("reask_days", "assessment", "days", 0, 365),
    Kind("emergency.minutes", "governance", "minutes", 5, 240),
    Kind("emergency.review_days", "governance", "days", 1, 31),
    Kind("emergency.lookups", "governance", "looks_an_hour", 1, 100),
    Kind("forecast.waiting", "forecast", "minutes_a_week", 0, 6000,
         ("reablement", "complex_reablement", "district_nursing")),
    Kind("forecast.travel", "forecast", "per_cent", 0, 80, ("car", "bicycle", "bus", "foot")),
    Kind("lock.minutes", "signing_in", "minutes", 1, 30),
)  # fmt: skip
BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it stands. ``changed_by_name`` empty and ``changed_at`` None: as it was delivered."""

    name: str
    value: Value
    revision: int
    changed_by: UserName | None = None
    changed_by_name: str = ""
    changed_at: datetime | None = None

    @property
    def kind(self) -> Kind:
        return BY_NAME[self.name]

    def number(self, part: str = "") -> int | None:
        """One of its numbers; None where it has none for that part."""
        return self.value if isinstance(self.value, int) else self.value.get(part)

    def with_number(self, part: str, number: int) -> Value:
        """Its value with one of its numbers changed."""
        return number if isinstance(self.value, int) else {**self.value, part: number}


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting before and after: what an undo needs."""

    before: Setting
    after: Setting
