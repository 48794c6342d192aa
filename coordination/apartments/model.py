"""Neighbourhood Apartments, and who stays in them (N1-N4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

from coordination.names import listed
from coordination.values import ApartmentId, DateRange, PersonId, ReferralId, StayId

StayKind = Literal["stay", "cleaning", "inspection", "repair", "offline"]
TURNAROUND: tuple[StayKind, ...] = ("cleaning", "inspection")
"""What follows each stay, in this order."""
StayState = Literal["booked", "in_stay", "ended", "cancelled"]
Purpose = Literal[
    "step_down", "respite", "carer_breakdown", "adaptations", "fire_or_flood", "cuckooing", "crisis", "other"
]
PURPOSES: tuple[Purpose, ...] = (
    "step_down", "respite", "carer_breakdown", "adaptations", "fire_or_flood", "cuckooing", "crisis", "other",
)  # fmt: skip

InsteadOf = Literal["", "hospital_bed", "care_home", "unsafe_home"]
INSTEAD_OF: tuple[InsteadOf, ...] = ("hospital_bed", "care_home", "unsafe_home")

# From which state to which, while the apartment's days are kept by the database.
MOVES: dict[StayState, tuple[StayState, ...]] = {
    "booked": ("in_stay", "cancelled"),
    "in_stay": ("ended", "booked"),
    "ended": ("in_stay",),
    "cancelled": ("booked",),
}


@dataclass(frozen=True, slots=True)
class Apartment:
    """One flat of a scheme. ``lease_end`` is the first day that is no longer leased; None for open-ended."""

    id: ApartmentId
    name: str
    scheme: str
    scheme_kind: Literal["extra_care", "sheltered"]
    locality: str
    neighbourhood: str
    bedrooms: int
    step_free: bool
    hoist: bool
    pets: bool
    staff_on_site: bool
    least_age: int | None
    lease_start: date
    lease_end: date | None

    @property
    def label(self) -> str:
        return f"{self.scheme} · {self.name}"


@dataclass(frozen=True, slots=True)
class Stay:
    """Days of an apartment that are taken: by a person, by cleaning, by repairs. ``hidden`` when this login may know
    the days but not the person (R2); person, names and texts are empty then. ``instead_of``: where they would be
    without it (N5). ``hold_until``: kept for somebody who is in hospital since ``away_since``. ``follows``: the stay
    that this cleaning or inspection comes after. ``continues``: the same person's stay in the apartment before;
    ``began`` is its first day then. ``overridden``: booked against what the scheme
    takes, with a reason."""

    id: StayId
    apartment_id: ApartmentId
    kind: StayKind
    period: DateRange
    state: StayState
    person_id: PersonId | None = None
    surname: str = ""
    given: str = ""
    referral_id: ReferralId | None = None
    purpose: str = ""
    reason: str = ""
    past_six_weeks_reason: str = ""
    move_on: str = ""
    booked_by: str = ""
    revision: int = 1
    hidden: bool = False
    went_to: str = ""
    instead_of: str = ""
    away_since: date | None = None
    hold_until: date | None = None
    follows: StayId | None = None
    continues: StayId | None = None
    began: date | None = None
    overridden: bool = False

    @property
    def first_day(self) -> date:
        """Day 1, in whichever apartment (N3)."""
        return self.began or self.period.start

    @property
    def whole_days(self) -> int:
        """Days from day 1 on, in all apartments."""
        return (self.period.end - self.first_day).days

    @property
    def who(self) -> str:
        """``PANKHURST, Emmeline``; empty for cleaning, repairs and hidden stays."""
        return listed(self.surname, self.given)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which an apartment takes nobody in, though it may be empty. Who is there, stays. ``end`` is the first day
    on which it accepts again; None: until further notice."""

    id: UUID
    apartment_id: ApartmentId
    start: date
    end: date | None
    reason: str
    set_by: str = ""
    revision: int = 1

    @property
    def last(self) -> date | None:
        return None if self.end is None else self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class ApartmentBoard:
    """Apartments in order of locality, scheme and name, and every stay and pause that touches ``days``. ``lengths``:
    days of cleaning and inspection after each stay."""

    days: DateRange
    apartments: tuple[Apartment, ...]
    stays: tuple[Stay, ...]
    pauses: tuple[Pause, ...] = ()
    lengths: Mapping[StayKind, int] = field(default_factory=dict)

    def of(self, apartment: ApartmentId) -> tuple[Stay, ...]:
        """The stays of one apartment in order of days."""
        return self._by_apartment.get(apartment, ())

    def apartment(self, wanted: ApartmentId) -> Apartment:
        return next(a for a in self.apartments if a.id == wanted)

    def stay(self, wanted: StayId) -> Stay | None:
        return self._by_id.get(wanted)

    def following(self, stay: StayId) -> tuple[Stay, ...]:
        """Cleaning and inspection that belong to a stay, in order of days."""
        return self._by_followed.get(stay, ())

    def of_person(self, person: PersonId | None) -> tuple[Stay, ...]:
        """The stays of one person, wherever; none of nobody."""
        return () if person is None else self._by_person.get(person, ())

    def stay_of(self, person: object, today: date) -> Stay | None:
        """The stay that somebody has or will have next."""
        there = [s for s in self.stays if person is not None and s.person_id == person]
        there = [s for s in there if s.state in ("booked", "in_stay") and s.period.end > today]
        return min(there, key=lambda s: s.period.start, default=None)

    def pauses_of(self, apartment: ApartmentId) -> tuple[Pause, ...]:
        return tuple(p for p in self.pauses if p.apartment_id == apartment)

    def pause_on(self, apartment: ApartmentId, day: date) -> Pause | None:
        """Why the apartment takes nobody in on a day, if so."""
        return next((p for p in self.pauses if p.apartment_id == apartment and day in p), None)

    @cached_property
    def _by_id(self) -> dict[StayId, Stay]:
        return {s.id: s for s in self.stays}

    @cached_property
    def _by_followed(self) -> dict[StayId, tuple[Stay, ...]]:
        found: dict[StayId, list[Stay]] = {}
        for stay in sorted(self.stays, key=lambda s: s.period.start):
            if stay.follows is not None and stay.state != "cancelled":
                found.setdefault(stay.follows, []).append(stay)
        return {stay: tuple(rows) for stay, rows in found.items()}

    @cached_property
    def _by_person(self) -> dict[PersonId, tuple[Stay, ...]]:
        found: dict[PersonId, list[Stay]] = {}
        for stay in self.stays:
            if stay.person_id is not None:
                found.setdefault(stay.person_id, []).append(stay)
        return {person: tuple(stays) for person, stays in found.items()}

    @cached_property
    def _by_apartment(self) -> dict[ApartmentId, tuple[Stay, ...]]:
        found: dict[ApartmentId, list[Stay]] = {}
        for stay in sorted(self.stays, key=lambda s: s.period.start):
            found.setdefault(stay.apartment_id, []).append(stay)
        return {apartment: tuple(stays) for apartment, stays in found.items()}


@dataclass(frozen=True, slots=True)
class StayDraft:
    """A stay to be booked, or days to be closed (``kind`` other than stay, no person). ``overrides``: criteria that the
    scheme does not find met (coordination/apartments/criteria.py), each with the reason to book all the same."""

    apartment_id: ApartmentId
    period: DateRange
    kind: StayKind = "stay"
    person_id: PersonId | None = None
    referral_id: ReferralId | None = None
    purpose: str = ""
    reason: str = ""
    past_six_weeks_reason: str = ""
    instead_of: str = ""
    overrides: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class StayStep:
    """What happened to one row of the calendar. Of one that was made just now, ``before`` is the same, cancelled."""

    before: Stay
    after: Stay

    @property
    def is_new(self) -> bool:
        return self.before.revision == 0
