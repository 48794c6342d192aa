"""The bands of urgency (E3), from ``resources/reference/urgency.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from coordination.intake.model import Urgency


@dataclass(frozen=True, slots=True)
class Band:
    """When a referral of this urgency is due. Either ``hours``, or ``days`` with ``until`` (hour, minute, London)."""

    code: Urgency
    name: str
    hours: int | None = None
    days: int = 0
    until: tuple[int, int] = (22, 0)
    least_hours: int = 0


@cache
def bands() -> dict[str, Band]:
    """All bands by code, most urgent first."""
    document = tomllib.loads((files("resources") / "reference" / "urgency.toml").read_text("utf-8"))
    found = {}
    for row in document["urgency"]:
        hour, _, minute = row.get("until", "22:00").partition(":")
        found[row["code"]] = Band(
            row["code"],
            row["name"],
            row.get("hours"),
            row.get("days", 0),
            (int(hour), int(minute)),
            row.get("least_hours", 0),
        )
    return found
