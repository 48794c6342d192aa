"""What there is and where it is (D6): the catalogue, the stores, what is in them, things with a serial number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.names import listed
from coordination.values import PersonId

ItemId = NewType("ItemId", UUID)
Place = Literal["store", "reserved", "in_van", "on_loan", "in_repair", "cleaning", "lost", "written_off"]
PLACES: tuple[Place, ...] = (
    "store", "reserved", "in_van", "on_loan", "in_repair", "cleaning", "lost", "written_off",
)  # fmt: skip
KEPT: frozenset[Place] = frozenset({"store", "in_repair", "cleaning", "lost", "written_off"})
"""Between these anything is moved by hand; the other three follow from orders, loans and collections."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """What does instead, and in what it differs (``note``)."""

    code: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """A model. ``single``: each one has a serial number, else it is counted. ``returns``: collected when it is no
    longer needed; what is fixed to a home stays there. ``service_months``: None, nothing to service."""

    code: str
    name: str
    group: str
    purpose: str
    also_called: tuple[str, ...]
    single: bool
    fitting: bool
    returns: bool
    workers: int
    deliver_minutes: int
    fit_minutes: int
    service_months: int | None
    usual_weeks: int | None
    substitutes: tuple[Substitute, ...] = ()
    active: bool = True

    @property
    def visit_minutes(self) -> int:
        """At the door and, where it is fitted at once, fitted."""
        return self.deliver_minutes + (self.fit_minutes if self.fitting else 0)


@dataclass(frozen=True, slots=True)
class Store:
    """``locality`` None: the city's own, which serves all three. ``active`` False: closed."""

    code: str
    name: str
    locality: str | None
    address: str
    postcode: str
    phone: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class StoreHolds:
    """A store and how many things are in it or come back to it, of all models together. ``lying``: in it, put by for
    nobody; ``promised`` of these for a later day. ``to_ready``: being cleaned or repaired."""

    store: Store
    lying: int
    to_ready: int
    promised: int
    put_by: int
    in_vans: int
    on_loan: int

    @property
    def going_out(self) -> int:
        """What open orders have of it."""
        return self.promised + self.put_by + self.in_vans

    @property
    def inside(self) -> int:
        """What would have to be moved to another store for this one to be empty."""
        return self.lying + self.to_ready


@dataclass(frozen=True, slots=True)
class StockLine:
    """One model in one store: how many are where. ``overdue_service``: in the store, but not to be given out.
    ``next_back``: the day on which the next is due back, of whoever's loan. ``promised``: reserved for a later day, and
    not put by yet. ``soonest``: from when on as many as were asked for are certain; None: not known, or not asked."""

    store: str
    store_name: str
    locality: str | None
    model: str
    name: str
    group: str
    single: bool
    free: int
    reserved: int
    in_van: int
    on_loan: int
    cleaning: int
    in_repair: int
    overdue_service: int
    minimum: int
    next_back: date | None
    promised: int = 0
    soonest: date | None = None

    @property
    def short(self) -> int:
        """How many are missing to the minimum."""
        return max(0, self.minimum - self.free)

    @property
    def is_below_minimum(self) -> bool:
        return self.free < self.minimum


@dataclass(frozen=True, slots=True)
class Availability:
    """One model everywhere: what is free where, what comes back when, and which substitutes are there. ``day``: all of
    it from that day on; None: now."""

    model: CatalogueItem
    lines: tuple[StockLine, ...]
    substitutes: tuple[tuple[Substitute, StockLine], ...]
    """Each with a store that has it free; nearest to the wish first."""
    day: date | None = None

    @property
    def free(self) -> int:
        return sum(line.free for line in self.lines)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing with a serial number. ``who`` empty: with nobody, or with somebody whom this desk may not see."""

    id: ItemId
    model: str
    name: str
    serial: str
    store: str
    store_name: str
    place: Place
    since: datetime
    bought_on: date | None
    next_service_on: date | None
    failed: bool
    person_id: PersonId | None
    surname: str
    given: str
    revision: int

    @property
    def who(self) -> str:
        return listed(self.surname, self.given) if self.surname else ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a thing was, from when to when. ``until`` None: it is there now."""

    place: Place
    store: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing, or so many of a counted model, from one place to another. ``from_place`` None: bought."""

    id: UUID
    at: datetime
    by_name: str
    store: str
    store_name: str
    to_store: str
    model: str
    name: str
    serial: str
    quantity: int
    from_place: Place | None
    to_place: Place
    order_number: int | None
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewItem:
    """A thing that was bought. ``next_service_on`` None: reckoned from its model."""

    model: str
    store: str
    serial: str
    bought_on: date | None = None
    next_service_on: date | None = None


@dataclass(frozen=True, slots=True)
class ServiceDue:
    """A thing that is to be looked after. ``failed``: it failed, and is given to nobody until it has passed."""

    item_id: ItemId
    model: str
    name: str
    serial: str
    store: str
    store_name: str
    place: Place
    person_id: PersonId | None
    surname: str
    given: str
    next_service_on: date
    failed: bool
    revision: int

    def is_overdue(self, today: date) -> bool:
        return self.next_service_on < today
