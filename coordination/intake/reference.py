"""The bands of urgency (E3), the deadlines and the reasons for a pause, from ``resources/reference``.

The database keeps the same rows, because it keeps the clocks; ``standing_rows`` are what it is given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Urgency = Literal["two_hours", "same_day", "24_hours", "72_hours", "routine"]
URGENCIES: tuple[Urgency, ...] = ("two_hours", "same_day", "24_hours", "72_hours", "routine")


@dataclass(frozen=True, slots=True)
class Band:
    """When a referral of this urgency is due. Either ``hours``, or ``days`` with ``until`` (hour, minute, London)."""

    code: Urgency
    name: str
    hours: int | None = None
    days: int = 0
    until: tuple[int, int] = (22, 0)
    least_hours: int = 0
    pausable: bool = True


@cache
def bands() -> dict[str, Band]:
    """All bands by code, most urgent first."""
    found = {}
    for row in _read("urgency.toml")["urgency"]:
        hour, _, minute = row.get("until", "22:00").partition(":")
        found[row["code"]] = Band(
            row["code"],
            row["name"],
            row.get("hours"),
            row.get("days", 0),
            (int(hour), int(minute)),
            row.get("least_hours", 0),
            row.get("pausable", True),
        )
    return found


@dataclass(frozen=True, slots=True)
class ClockKind:
    """A kind of deadline; what the fields mean stands in the file. ``minutes`` None: as the urgency says."""

    code: str
    name: str
    position: int
    starts: Literal["received", "moft", "waiting", "claimed", "accepted", "responded"]
    ends: Literal["response", "assessment", "stage"]
    governs: bool
    pausable: bool
    minutes: int | None = None
    by_urgency: Mapping[str, int] = field(default_factory=dict)
    channels: tuple[str, ...] = ()

    @property
    def is_stage(self) -> bool:
        """A threshold of the centre's own for a stage, not a promise to the person."""
        return self.ends == "stage"


@dataclass(frozen=True, slots=True)
class PauseReason:
    """Why clocks may stand still: for ``minutes`` if nobody says otherwise, and never longer than ``longest_minutes``.

    ``for_request``: it comes with a request for information, and not by itself.
    """

    code: str
    name: str
    position: int
    minutes: int
    longest_minutes: int
    for_request: bool = False


@cache
def clock_kinds() -> dict[str, ClockKind]:
    """All kinds by code, in the order of lists."""
    rows = enumerate(_read("clocks.toml")["clock"], start=1)
    kinds = [ClockKind(position=n, **{**row, "channels": tuple(row.get("channels", ()))}) for n, row in rows]
    return {kind.code: kind for kind in kinds}


@cache
def pause_reasons() -> dict[str, PauseReason]:
    """All reasons by code, in the order of lists."""
    rows = enumerate(_read("clocks.toml")["pause"], start=1)
    return {reason.code: reason for reason in (PauseReason(position=n, **row) for n, row in rows)}


def standing_rows() -> dict[str, list[dict[str, Any]]]:
    """What the database keeps of this, by table: plain values, as JSON holds them."""
    urgencies = []
    for position, band in enumerate(bands().values(), start=1):
        row = asdict(band)
        row["until"] = f"{band.until[0]:02d}:{band.until[1]:02d}"
        urgencies.append({**row, "position": position})
    clocks = [{**asdict(kind), "channels": list(kind.channels)} for kind in clock_kinds().values()]
    return {
        "urgency_band": urgencies,
        "clock_kind": clocks,
        "pause_reason": [asdict(reason) for reason in pause_reasons().values()],
    }


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("resources") / "reference" / name).read_text("utf-8"))
