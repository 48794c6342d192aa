"""What is usual for a shift at the desk, from ``resources/reference/duty.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Norms:
    """Lengths that remind and suggest. ``longest`` is the only limit."""

    length: timedelta
    longest: timedelta
    forgotten_after: timedelta
    break_after: timedelta
    break_least: timedelta
    break_length: timedelta
    no_break_before_end: timedelta
    next_hours: timedelta
    stays_after: timedelta
    amber: timedelta


@cache
def norms() -> Norms:
    """As the file says."""
    found = tomllib.loads((files("resources") / "reference" / "duty.toml").read_text("utf-8"))
    shift, pause, handover = found["shift"], found["break"], found["handover"]
    return Norms(
        length=timedelta(hours=shift["length_hours"]),
        longest=timedelta(hours=shift["longest_hours"]),
        forgotten_after=timedelta(hours=shift["forgotten_after_hours"]),
        break_after=timedelta(hours=pause["after_hours"]),
        break_least=timedelta(minutes=pause["least_minutes"]),
        break_length=timedelta(minutes=pause["length_minutes"]),
        no_break_before_end=timedelta(hours=pause["not_in_last_hours"]),
        next_hours=timedelta(hours=handover["next_hours"]),
        stays_after=timedelta(hours=handover["stays_after_hours"]),
        amber=timedelta(minutes=handover["amber_minutes"]),
    )
