"""What the stores amounted to: time from order to delivery, what came by the day that was asked for, what lies idle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from coordination.clock import local_date


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One order of the days that are looked at."""

    number: int
    model: str
    name: str
    locality: str
    ordered_at: datetime
    wanted_by: date
    delivered_at: datetime | None
    cancelled: bool


@dataclass(frozen=True, slots=True)
class EquipmentFigures:
    """``hours``: the median from order to delivery, None where nothing was delivered. ``in_time``: how many came
    by the wanted day, of all that were due; an order that is late and not there yet counts as not in time."""

    ordered: int
    delivered: int
    hours: float | None
    due: int
    in_time: int
    facts: tuple[OrderFact, ...]

    @property
    def per_cent_in_time(self) -> float | None:
        return None if self.due == 0 else 100 * self.in_time / self.due


def figures(facts: Sequence[OrderFact], today: date) -> EquipmentFigures:
    """Cancelled orders count as ordered only."""
    kept = [f for f in facts if not f.cancelled]
    # What was brought first and ordered afterwards, in an emergency, took no time.
    waits = [
        max(0.0, (f.delivered_at - f.ordered_at).total_seconds() / 3600) for f in kept if f.delivered_at is not None
    ]
    due = [f for f in kept if f.delivered_at is not None or f.wanted_by < today]
    in_time = [f for f in due if f.delivered_at is not None and local_date(f.delivered_at) <= f.wanted_by]
    return EquipmentFigures(
        len(facts), len(waits), median(waits) if waits else None, len(due), len(in_time), tuple(facts)
    )
