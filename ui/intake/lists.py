"""What a contact can be referred to, and the hospitals: as the database last said on this computer.

So a contact can be ended with a referral on a desk whose database is away since before its form was first opened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from PySide6.QtCore import QSettings

from coordination.intake.model import ServiceKind
from coordination.reference import standing
from ui import plain_json

_KEPT = "contact/lists"  # codes and names of reference data, nothing else
_SIDES = get_args(Literal["health", "social_care", "both"])


@dataclass(frozen=True, slots=True)
class Choices:
    """Services in the order of lists; code and name of each acute site."""

    services: tuple[ServiceKind, ...]
    hospitals: tuple[tuple[str, str], ...]


def last_known(settings: QSettings) -> Choices:
    """What was kept; without it, what comes with the program."""
    return _read(settings.value(_KEPT)) or of_the_program()


def of_the_program() -> Choices:
    known = standing.read()
    services = sorted(known.services, key=lambda each: (each.position, each.code))
    return Choices(
        tuple(ServiceKind(each.code, each.name, each.side) for each in services),  # type: ignore[arg-type]
        tuple(sorted(((each.code, each.name) for each in known.hospitals), key=lambda each: each[1])),
    )


def keep(settings: QSettings, services: Sequence[ServiceKind], hospitals: Sequence[tuple[str, str]]) -> None:
    """For the next time."""
    kept = {"services": [[each.code, each.name, each.side] for each in services], "hospitals": list(hospitals)}
    settings.setValue(_KEPT, json.dumps(kept))


def _read(kept: Any) -> Choices | None:
    """None for anything that cannot be read whole."""
    try:
        found = plain_json.read(kept) or {}
        services = tuple(ServiceKind(str(code), str(name), side) for code, name, side in found["services"])
        hospitals = tuple((str(code), str(name)) for code, name in found["hospitals"])
    except (ValueError, TypeError, KeyError):
        return None
    return Choices(services, hospitals) if services and all(each.side in _SIDES for each in services) else None
