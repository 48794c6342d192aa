"""Models of equipment, what does instead of what, and stores: ``resources/reference/equipment.toml`` (D6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class EquipmentModel:
    """``single``: each has a serial number. ``returns``: collected again. ``service_months`` None: not serviced."""

    code: str
    name: str
    family: str
    purpose: str
    also_called: list[str]
    single: bool
    deliver_minutes: int
    position: int
    fitting: bool = False
    returns: bool = True
    workers: int = 1
    fit_minutes: int = 0
    service_months: int | None = None
    usual_weeks: int | None = None


@dataclass(frozen=True, slots=True)
class EquipmentSubstitute:
    """``instead`` does for ``model``; ``note``: in what it differs. ``code`` is of both."""

    code: str
    model: str
    instead: str
    note: str
    position: int


@dataclass(frozen=True, slots=True)
class EquipmentStore:
    """``locality`` None: it serves the whole city. ``lat``, ``lon``: where a round with its goods begins."""

    code: str
    name: str
    address: str
    postcode: str
    phone: str
    position: int
    locality: str | None = None
    lat: float | None = None
    lon: float | None = None


def flat(parsed: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The tables of the file, one row a thing: substitutes stand within their model there, and order is position."""
    models = [{k: v for k, v in row.items() if k != "substitutes"} for row in parsed.get("model", ())]
    substitutes = [
        {"code": f"{row.get('code')}/{instead}", "model": row.get("code"), "instead": instead, "note": note}
        for row in parsed.get("model", ())
        for instead, note in row.get("substitutes", ())
    ]
    tables = {"model": models, "substitute": substitutes, "store": [dict(row) for row in parsed.get("store", ())]}
    return {
        name: [{**row, "position": place} for place, row in enumerate(rows, start=1)] for name, rows in tables.items()
    }
