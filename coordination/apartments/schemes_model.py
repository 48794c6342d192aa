"""Schemes and their apartments as they are kept: what they have, whom they take, how long they are leased (N1, N2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from coordination.distance import Point
from coordination.values import ApartmentId

SchemeKind = Literal["extra_care", "sheltered"]
SCHEME_KINDS: tuple[SchemeKind, ...] = ("extra_care", "sheltered")
LocalConnection = Literal["", "locality", "neighbourhood"]
LONGEST_SCHEME, LONGEST_FLAT, LONGEST_HOURS, LONGEST_NOTES, LONGEST_NEED_NOTE = 120, 60, 200, 2000, 300
YOUNGEST, OLDEST = 16, 99


@dataclass(frozen=True, slots=True)
class Flat:
    """One apartment of a scheme. ``lease_end``: the first day that is no longer leased, None for open-ended. ``taken``:
    somebody or something is in it today; ``paused``: why it takes nobody in, empty when it does."""

    id: ApartmentId
    name: str
    bedrooms: int
    step_free: bool
    hoist: bool
    pets: bool
    furnished: bool
    lease_start: date
    lease_end: date | None
    notes: str = field(default="", repr=False)
    revision: int = 1
    taken: bool = False
    paused: str = field(default="", repr=False)

    def is_leased(self, day: date) -> bool:
        return self.lease_start <= day and (self.lease_end is None or day < self.lease_end)


@dataclass(frozen=True, slots=True)
class SchemeNeed:
    """What a scheme says of one need: that it can meet it, or that it cannot."""

    need: str
    can: bool
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A building with apartments. ``place``: by its postcode, else the centre of its neighbourhood; None: not known.
    ``local_connection``: whom it is for, anybody or those who live in its locality or neighbourhood."""

    id: int
    name: str
    kind: SchemeKind
    locality: str
    neighbourhood_id: int | None
    neighbourhood: str
    address: str
    postcode: str
    least_age: int | None
    staff_on_site: bool
    staff_hours: str
    local_connection: LocalConnection
    notes: str = field(repr=False)
    revision: int
    place: Point | None = None
    needs: tuple[SchemeNeed, ...] = ()
    flats: tuple[Flat, ...] = ()

    @property
    def can(self) -> frozenset[str]:
        return frozenset(n.need for n in self.needs if n.can)

    @property
    def cannot(self) -> frozenset[str]:
        return frozenset(n.need for n in self.needs if not n.can)

    def leased(self, day: date) -> tuple[Flat, ...]:
        return tuple(flat for flat in self.flats if flat.is_leased(day))

    def accepting(self, day: date) -> tuple[Flat, ...]:
        """Those of its apartments that take somebody in."""
        return tuple(flat for flat in self.leased(day) if not flat.paused)


@dataclass(frozen=True, slots=True)
class SchemeDraft:
    """A scheme as it is typed. The neighbourhood decides the locality where it is given."""

    name: str
    kind: str
    locality: str
    neighbourhood_id: int | None = None
    address: str = ""
    postcode: str = ""
    least_age: int | None = None
    staff_on_site: bool = False
    staff_hours: str = ""
    local_connection: str = ""
    notes: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FlatDraft:
    """An apartment as it is typed. Its lease ends by ``Schemes.end_lease``, with the stays in view."""

    name: str
    bedrooms: int = 1
    step_free: bool = False
    hoist: bool = False
    pets: bool = False
    furnished: bool = True
    lease_start: date | None = None
    notes: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PastLease:
    """A stay that lies past the end of a lease. ``hidden``: that there is one is all that this login may know."""

    what: str
    who: str
    start: date
    last: date
    hidden: bool = False


def draft_of(scheme: Scheme) -> SchemeDraft:
    """As it stands: to change one thing, or to take a change back."""
    return SchemeDraft(
        scheme.name, scheme.kind, scheme.locality, scheme.neighbourhood_id, scheme.address, scheme.postcode,
        scheme.least_age, scheme.staff_on_site, scheme.staff_hours, scheme.local_connection, scheme.notes,
    )  # fmt: skip


def draft_of_flat(flat: Flat) -> FlatDraft:
    return FlatDraft(
        flat.name, flat.bedrooms, flat.step_free, flat.hoist, flat.pets, flat.furnished, flat.lease_start, flat.notes
    )
