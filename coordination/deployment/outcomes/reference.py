"""What stands in resources/reference/outcomes.toml beside the reasons: numbers of rules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Numbers:
    """``declined_times`` within ``declined_days`` is often; a visit is missing so many minutes after its end."""

    declined_times: int
    declined_days: int
    missing_after: int


@cache
def numbers() -> Numbers:
    """As the file says."""
    text = (files("resources") / "reference" / "outcomes.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    often, missing = found["declined_often"], found["missing"]
    return Numbers(int(often["times"]), int(often["days"]), int(missing["minutes_after"]))
