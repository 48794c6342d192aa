"""What the apartments did in a time (N5): how full they were, what the empty days were lost to, how long people stayed,
what it saved, and where they went. Pure; every figure keeps the stays that it is made of (O2).

Days are nights: a stay of ``DateRange(1st, 3rd)`` is two. Only the part inside the time counts, but for the length of a
stay, which is whole and counted where the stay ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Literal

from coordination.apartments.model import StayKind, StayState
from coordination.values import DateRange, StayId

VoidCause = Literal["vacant", "cleaning", "inspection", "repair", "offline", "held"]
VOID_CAUSES: tuple[VoidCause, ...] = ("vacant", "cleaning", "inspection", "repair", "offline", "held")
GroupBy = Literal["", "scheme", "locality"]


@dataclass(frozen=True, slots=True)
class StayFact:
    """A stay, or days that were closed, with the flat that it was in. ``stay_id`` None: the flat had nothing at all."""

    apartment: str
    scheme: str
    locality: str
    leased: DateRange
    stay_id: StayId | None = None
    kind: StayKind = "stay"
    state: StayState = "booked"
    period: DateRange | None = None
    who: str = field(default="", repr=False)
    instead_of: str = ""
    went_to: str = ""
    counts_as: str = ""
    away_since: date | None = None
    hold_until: date | None = None


@dataclass(frozen=True)
class Measures:
    """Of one scheme, one locality, or all. Days are whole; ``of`` are the stays behind each figure by its name."""

    name: str
    leased_days: int
    stay_days: int
    void_days: dict[VoidCause, int]
    lengths: tuple[int, ...]
    discharge_days: int
    care_home_stays: int
    past_six_weeks: int
    went: dict[str, int]
    of: dict[str, tuple[StayFact, ...]] = field(repr=False, default_factory=dict)

    @property
    def occupancy(self) -> float | None:
        """0 to 1; None where nothing was leased."""
        return self.stay_days / self.leased_days if self.leased_days else None

    @property
    def usual_length(self) -> float | None:
        """The middle one of the stays that ended; None when none did."""
        return median(self.lengths) if self.lengths else None


def measures(facts: Iterable[StayFact], days: DateRange, by: GroupBy = "") -> list[Measures]:
    """One record a scheme or locality in the order of their names, or one for all."""
    groups: dict[str, list[StayFact]] = {}
    for fact in facts:
        groups.setdefault(str(getattr(fact, by)) if by else "", []).append(fact)
    if not by and not groups:
        groups[""] = []
    return [_measures(name, groups[name], days) for name in sorted(groups)]


def overlap(one: DateRange | None, other: DateRange) -> int:
    """Days that two stretches share."""
    if one is None:
        return 0
    return max(0, (min(one.end, other.end) - max(one.start, other.start)).days)


def _measures(name: str, facts: Sequence[StayFact], days: DateRange) -> Measures:
    leased = sum(overlap(lease, days) for lease in {f.apartment + f.scheme: f.leased for f in facts}.values())
    stays = _that(facts, lambda f: f.kind == "stay" and f.state in ("in_stay", "ended") and overlap(f.period, days) > 0)
    ended = _that(stays, lambda f: f.state == "ended" and f.period is not None and f.period.last in days)
    held = {f.stay_id: _held(f, days) for f in stays}
    void: dict[VoidCause, int] = {"held": sum(held.values())}
    closed: dict[str, tuple[StayFact, ...]] = {}
    causes: tuple[VoidCause, ...] = ("cleaning", "inspection", "repair", "offline")
    for cause in causes:
        closed[cause] = _that(facts, lambda f, cause=cause: f.kind == cause and overlap(f.period, days) > 0)  # type: ignore[misc]
        void[cause] = sum(overlap(f.period, days) for f in closed[cause])
    taken = sum(overlap(f.period, days) for f in stays)
    stay_days = taken - void["held"]
    void["vacant"] = max(0, leased - taken - sum(void[c] for c in causes))
    discharge = _that(stays, lambda f: f.instead_of == "hospital_bed")
    deflected = _that(stays, lambda f: f.instead_of == "care_home" and f.counts_as != "care_home")
    long = _that(stays, lambda f: f.period is not None and f.period.days > 42)
    return Measures(
        name, leased, stay_days, {cause: void[cause] for cause in VOID_CAUSES},
        tuple(f.period.days for f in ended if f.period is not None),
        sum(overlap(f.period, days) - held[f.stay_id] for f in discharge), len(deflected), len(long),
        dict(Counter(f.went_to for f in ended if f.went_to)),
        {
            "stay_days": stays, "ended": ended, "discharge_days": discharge, "care_home_stays": deflected,
            "past_six_weeks": long, "held": _that(stays, lambda f: held[f.stay_id] > 0), **closed,
        },
    )  # fmt: skip


def _held(fact: StayFact, days: DateRange) -> int:
    """Days on which the apartment stood empty because its person was in hospital."""
    if fact.away_since is None or fact.hold_until is None or fact.period is None:
        return 0
    end = min(fact.hold_until, fact.period.last)
    if end < fact.away_since:
        return 0
    return overlap(DateRange.of(fact.away_since, (end - fact.away_since).days + 1), days)


def _that(facts: Iterable[StayFact], wanted: Callable[[StayFact], bool]) -> tuple[StayFact, ...]:
    return tuple(fact for fact in facts if wanted(fact))
