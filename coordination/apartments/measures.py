"""What the apartments did in a time (N5): how full they were, what the empty days were lost to, how long people stayed,
what it saved, and where they went. Pure; every figure keeps the stays that it is made of (O2).

Days are nights: a stay of ``DateRange(1st, 3rd)`` is two. Only the part inside the time counts, but for the length of a
stay, which is whole and counted where the stay ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from statistics import median
from typing import Literal

from coordination.apartments.model import StayKind, StayState
from coordination.apartments.rules import SIX_WEEKS
from coordination.values import DateRange, StayId

VoidCause = Literal["vacant", "no_referral", "not_accepting", "cleaning", "inspection", "repair", "offline", "held"]
VOID_CAUSES: tuple[VoidCause, ...] = (
    "vacant", "no_referral", "not_accepting", "cleaning", "inspection", "repair", "offline", "held",
)  # fmt: skip
"""What an empty day was lost to. ``vacant``: free and accepting though somebody waited; ``no_referral``: nobody did."""
Cause = Literal["stay", "lease"] | VoidCause
GroupBy = Literal["", "scheme", "locality"]


@dataclass(frozen=True, slots=True)
class StayFact:
    """A stay, or days that were closed, with the flat that it was in. ``stay_id`` None: the flat had nothing at all, or
    these are empty days (``kind`` says of what cause). ``began``: day 1 of a stay that went on from another flat;
    ``goes_on``: in yet another. ``overrides``: criteria that it was booked against. ``counted``: how many days of it a
    figure has, which is their sum (O2); None: all of its days in the time."""

    apartment: str
    scheme: str
    locality: str
    leased: DateRange
    stay_id: StayId | None = None
    kind: StayKind | Cause = "stay"
    state: StayState = "booked"
    period: DateRange | None = None
    who: str = field(default="", repr=False)
    instead_of: str = ""
    went_to: str = ""
    counts_as: str = ""
    away_since: date | None = None
    hold_until: date | None = None
    began: date | None = None
    goes_on: bool = False
    overrides: int = 0
    counted: int | None = None

    @property
    def flat(self) -> tuple[str, str]:
        return self.scheme, self.apartment

    @property
    def whole_days(self) -> int:
        """Days from day 1 on, in all flats."""
        return 0 if self.period is None else (self.period.end - (self.began or self.period.start)).days


@dataclass(frozen=True, slots=True)
class NotAccepting:
    """Days on which a flat took nobody in; ``end`` None: still."""

    scheme: str
    apartment: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Wait:
    """Days on which a referral waited for an apartment; ``end`` None: still. ``locality`` None: anywhere."""

    locality: str | None
    start: date
    end: date | None


@dataclass(frozen=True)
class Happened:
    """Everything that the measures are made of. ``waits`` None: who waited is not known."""

    facts: tuple[StayFact, ...]
    pauses: tuple[NotAccepting, ...] = ()
    waits: tuple[Wait, ...] | None = None


@dataclass(frozen=True)
class Measures:
    """Of one scheme, one locality, or all. Days are whole; ``of`` are the stays behind each figure by its name, or the
    stretches of empty days, each with what counts there. ``unleased_days`` are beside the sum: of flats without a lease
    then."""

    name: str
    leased_days: int
    stay_days: int
    void_days: dict[VoidCause, int]
    lengths: tuple[int, ...]
    discharge_days: int
    care_home_stays: int
    past_six_weeks: int
    went: dict[str, int]
    unleased_days: int = 0
    overridden: int = 0
    of: dict[str, tuple[StayFact, ...]] = field(repr=False, default_factory=dict)

    @property
    def occupancy(self) -> float | None:
        """0 to 1; None where nothing was leased."""
        return self.stay_days / self.leased_days if self.leased_days else None

    @property
    def usual_length(self) -> float | None:
        """The middle one of the stays that ended; None when none did."""
        return median(self.lengths) if self.lengths else None


def measures(happened: Happened | Iterable[StayFact], days: DateRange, by: GroupBy = "") -> list[Measures]:
    """One record a scheme or locality in the order of their names, or one for all."""
    known = happened if isinstance(happened, Happened) else Happened(tuple(happened))
    groups: dict[str, list[StayFact]] = {}
    for fact in known.facts:
        groups.setdefault(str(getattr(fact, by)) if by else "", []).append(fact)
    if not by and not groups:
        groups[""] = []
    empty = _Empty(known, days)
    return [_measures(name, groups[name], empty, days) for name in sorted(groups)]


def overlap(one: DateRange | None, other: DateRange) -> int:
    """Days that two stretches share."""
    if one is None:
        return 0
    return max(0, (min(one.end, other.end) - max(one.start, other.start)).days)


def _measures(name: str, facts: Sequence[StayFact], empty: _Empty, days: DateRange) -> Measures:
    spent = [stretch for flat in _by_flat(facts) for stretch in _stretches(flat, empty, days)]
    lost = {cause: _that(spent, lambda f, cause=cause: f.kind == cause) for cause in (*VOID_CAUSES, "lease")}  # type: ignore[misc]
    void: dict[VoidCause, int] = {cause: _sum(lost[cause]) for cause in VOID_CAUSES}
    inside = {f.stay_id: 0 for f in spent if f.kind in ("stay", "held")}
    for stretch in spent:
        if stretch.kind == "stay" and stretch.period is not None:
            inside[stretch.stay_id] += stretch.period.days
    stays = tuple(replace(f, counted=inside[f.stay_id]) for f in facts if f.kind == "stay" and f.stay_id in inside)
    ended = _that(
        stays, lambda f: f.state == "ended" and not f.goes_on and f.period is not None and f.period.last in days
    )
    discharge = _that(stays, lambda f: f.instead_of == "hospital_bed")
    deflected = _that(stays, lambda f: f.instead_of == "care_home" and f.counts_as != "care_home" and not f.goes_on)
    long = _that(stays, lambda f: f.whole_days > SIX_WEEKS and not f.goes_on)
    against = _that(stays, lambda f: f.overrides > 0)
    ended, long = _whole(ended), _whole(long)
    stay_days = sum(inside.values())
    went = Counter(f.went_to for f in ended if f.went_to)
    return Measures(
        name, stay_days + sum(void.values()), stay_days, void, tuple(f.whole_days for f in ended),
        sum(inside[f.stay_id] for f in discharge), len(deflected), len(long), dict(went), _sum(lost["lease"]),
        len(against),
        {
            "stay_days": stays, "ended": ended, "discharge_days": discharge, "care_home_stays": deflected,
            "past_six_weeks": long, "overridden": against, **lost,
            "leased": _that(spent, lambda f: f.kind != "lease"),
            **{f"to:{kind}": _that(ended, lambda f, kind=kind: f.counts_as == kind) for kind in _KINDS},  # type: ignore[misc]
            **{f"went:{code}": _that(ended, lambda f, code=code: f.went_to == code) for code in went},  # type: ignore[misc]
        },
    )  # fmt: skip


def _whole(stays: Iterable[StayFact]) -> tuple[StayFact, ...]:
    """With their whole length: how long somebody stayed is counted where the stay ended."""
    return tuple(replace(stay, counted=stay.whole_days) for stay in stays)


def _by_flat(facts: Sequence[StayFact]) -> list[list[StayFact]]:
    found: dict[tuple[str, str], list[StayFact]] = {}
    for fact in facts:
        found.setdefault(fact.flat, []).append(fact)
    return list(found.values())


def _stretches(flat: Sequence[StayFact], empty: _Empty, days: DateRange) -> list[StayFact]:
    """The days of one flat, each of exactly one cause, in stretches. Whoever has not left is there, whatever the
    calendar says: a stay goes before what was to follow it."""
    by_day: dict[date, StayFact] = {}
    for fact in sorted(flat, key=lambda f: (f.kind == "stay", f.period.start if f.period else date.min)):
        if fact.period is None or (fact.kind == "stay" and fact.state not in ("in_stay", "ended")):
            continue
        for day in _days(fact.period, days):
            by_day[day] = replace(fact, kind="held") if _is_held(fact, day) else fact
    bare = StayFact(flat[0].apartment, flat[0].scheme, flat[0].locality, flat[0].leased)
    kinds = {cause: replace(bare, kind=cause) for cause in _EMPTY}
    found: list[StayFact] = []
    for day in days:
        leased = day in bare.leased
        here = (by_day.get(day) or kinds[empty.why(bare, day)]) if leased else kinds["lease"]
        last = found[-1] if found else None
        if last is not None and (last.stay_id, last.kind) == (here.stay_id, here.kind) and last.period is not None:
            found[-1] = replace(last, period=DateRange(last.period.start, day + timedelta(days=1)))
        else:
            found.append(replace(here, period=DateRange.of(day, 1)))
    return found


_KINDS = ("home", "care_home", "hospital", "died", "other")
_EMPTY: tuple[Cause, ...] = ("vacant", "no_referral", "not_accepting", "lease")


class _Empty:
    """Why a flat was empty on a day that it was leased."""

    def __init__(self, happened: Happened, days: DateRange) -> None:
        self._known = happened.waits is not None
        self._waited: dict[str | None, set[date]] = {}
        for wait in happened.waits or ():
            self._waited.setdefault(wait.locality, set()).update(_until(wait.start, wait.end, days))
        self._paused: dict[tuple[str, str], set[date]] = {}
        for pause in happened.pauses:
            flat = (pause.scheme, pause.apartment)
            self._paused.setdefault(flat, set()).update(_until(pause.start, pause.end, days))

    def why(self, flat: StayFact, day: date) -> VoidCause:
        if day in self._paused.get(flat.flat, ()):
            return "not_accepting"
        waited = any(day in self._waited.get(where, ()) for where in (flat.locality, None))
        return "vacant" if waited or not self._known else "no_referral"


def _until(start: date, end: date | None, days: DateRange) -> Iterable[date]:
    end = min(end or days.end, days.end)
    return _days(DateRange(start, end), days) if start < end else ()


def _days(period: DateRange, days: DateRange) -> Iterable[date]:
    many = overlap(period, days)
    first = max(period.start, days.start)
    return (first + timedelta(days=n) for n in range(many))


def _is_held(fact: StayFact, day: date) -> bool:
    """The apartment stood empty because its person was in hospital."""
    return fact.away_since is not None and fact.hold_until is not None and fact.away_since <= day <= fact.hold_until


def _sum(stretches: Iterable[StayFact]) -> int:
    return sum(f.period.days for f in stretches if f.period is not None)


def _that(facts: Iterable[StayFact], wanted: Callable[[StayFact], bool]) -> tuple[StayFact, ...]:
    return tuple(fact for fact in facts if wanted(fact))
