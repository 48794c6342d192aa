"""Who is visited, for what, how often: from these the visits of each day come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from coordination.deployment.model import Place
from coordination.training.chance import Chance, Weighted
from coordination.training.people import Resident
from coordination.training.sources import source


@dataclass(frozen=True, slots=True)
class VisitKind:
    """A kind of visit, as words.toml has it. ``start`` in minutes after midnight: earliest and latest."""

    service: str
    need: str
    start: tuple[int, int]
    window: tuple[int, ...]
    minutes: tuple[int, ...]
    skills: tuple[str, ...]
    weight: float
    workers: int
    time_critical: float


@dataclass(slots=True)
class Call:
    """One visit that comes back: at about the same time, for the same thing. ``every`` days."""

    resident: Resident
    kind: VisitKind
    start: int
    window: int
    minutes: int
    every: int
    phase: int
    time_critical: bool
    gender_asked: str | None
    priority: int
    place: Place
    action: str | None = None
    referral: str | None = None
    keep: bool = False  # always on the board, and placed if it can be
    fixed: bool = False  # at ``start`` and at no other time
    pattern: Recurring | None = None
    slot: int = 0


@dataclass(slots=True)
class Recurring:
    """One pattern. ``calls`` in order of time: their numbers are those of the slots."""

    id: str
    calls: list[Call]
    starts: date
    ends: date | None
    gap: int | None = None


def visit_kinds(service: str) -> list[VisitKind]:
    """Those of a service, in the order of the file."""
    return [_kind(entry) for entry in source("words")["visit"] if entry["service"] == service]


def calls_of(resident: Resident, kinds: Sequence[VisitKind], chance: Chance) -> list[Call]:
    """What one person is visited for: one to three things, at different times of the day."""
    weighted = Weighted([(kind, kind.weight) for kind in kinds])
    wanted = chance.one_of((1, 1, 2)) if kinds[0].service == "district_nursing" else chance.one_of((1, 2, 2, 3, 3))
    found: list[Call] = []
    for _ in range(wanted):
        kind = chance.pick(weighted)
        if all(abs(kind.start[0] - other.kind.start[0]) > 100 for other in found):
            found.append(_call(resident, kind, chance))
    asked = _gender_asked(resident, chance)
    for call in found:
        call.gender_asked = asked
    return found


def _call(resident: Resident, kind: VisitKind, chance: Chance) -> Call:
    daily = kind.service != "district_nursing" or "Insulin" in kind.need or "injection" in kind.need
    every = 1 if daily else chance.one_of((2, 3, 4, 7))
    critical = chance.happens(kind.time_critical)
    low, high = kind.start
    return Call(
        resident=resident,
        kind=kind,
        start=low + (high - low) * chance.between(0, 12) // 12 // 15 * 15,
        window=chance.one_of(kind.window),
        minutes=chance.one_of(kind.minutes),
        every=every,
        phase=chance.between(0, every - 1),
        time_critical=critical,
        gender_asked=None,
        priority=1 if critical else chance.one_of((2, 3, 3, 3, 4)),
        place=Place(resident.home.lat, resident.home.lon),
    )


def _gender_asked(resident: Resident, chance: Chance) -> str | None:
    share = 0.16 if resident.gender == "female" else 0.03
    return resident.gender if chance.happens(share) else None


def _kind(entry: dict[str, Any]) -> VisitKind:
    low, high = (int(t[:2]) * 60 + int(t[3:]) for t in entry["from"])
    return VisitKind(
        entry["service"],
        entry["need"],
        (low, high),
        tuple(entry["window"]),
        tuple(entry["minutes"]),
        tuple(entry["skills"]),
        float(entry["weight"]),
        entry.get("workers", 1),
        entry.get("time_critical", 0.0),
    )
