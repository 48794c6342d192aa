"""Neighbourhood Apartments, and who stays in them (N1-N4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from coordination.names import listed
from coordination.values import ApartmentId, DateRange, PersonId, ReferralId, StayId

StayKind = Literal["stay", "cleaning", "repair", "offline"]
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
    without it (N5). ``hold_until``: kept for somebody who is in hospital since ``away_since``."""

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

    @property
    def who(self) -> str:
        """``PANKHURST, Emmeline``; empty for cleaning, repairs and hidden stays."""
        return listed(self.surname, self.given)


@dataclass(frozen=True, slots=True)
class ApartmentBoard:
    """Apartments in order of locality, scheme and name, and every stay that touches ``days``."""

    days: DateRange
    apartments: tuple[Apartment, ...]
    stays: tuple[Stay, ...]

    def of(self, apartment: ApartmentId) -> tuple[Stay, ...]:
        """The stays of one apartment in order of days."""
        return tuple(sorted((s for s in self.stays if s.apartment_id == apartment), key=lambda s: s.period.start))

    def apartment(self, wanted: ApartmentId) -> Apartment:
        return next(a for a in self.apartments if a.id == wanted)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a person needs of an apartment. ``locality`` is a wish; the rest must hold."""

    step_free: bool = False
    hoist: bool = False
    pets: bool = False
    bedrooms: int = 0
    locality: str | None = None
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open referral for an apartment, without a stay yet, the earliest due first."""

    referral_id: ReferralId
    number: int
    person_id: PersonId
    surname: str
    given: str
    birth_date: date | None
    locality: str | None
    need: str
    urgency: str
    due_at: datetime
    state: str
    holder: str | None

    @property
    def who(self) -> str:
        return listed(self.surname, self.given)


@dataclass(frozen=True, slots=True)
class StayDraft:
    """A stay to be booked, or days to be closed (``kind`` other than stay, no person)."""

    apartment_id: ApartmentId
    period: DateRange
    kind: StayKind = "stay"
    person_id: PersonId | None = None
    referral_id: ReferralId | None = None
    purpose: str = ""
    reason: str = ""
    past_six_weeks_reason: str = ""
    instead_of: str = ""
