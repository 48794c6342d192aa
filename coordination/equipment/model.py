"""Community equipment (D6): what there is, where it is, for whom it was ordered, who has it, what is to be collected.

An order is for one person and one model. What several orders of a person have in common is the visit that carries them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.names import listed
from coordination.values import AssessmentId, PersonId, PlanId, ReferralId, StayId, VisitId, Window

ItemId = NewType("ItemId", UUID)
OrderId = NewType("OrderId", UUID)
LoanId = NewType("LoanId", UUID)
CollectionId = NewType("CollectionId", UUID)
ReminderId = NewType("ReminderId", UUID)
Place = Literal["store", "reserved", "in_van", "on_loan", "in_repair", "cleaning", "lost", "written_off"]
PLACES: tuple[Place, ...] = (
    "store", "reserved", "in_van", "on_loan", "in_repair", "cleaning", "lost", "written_off",
)  # fmt: skip
KEPT: frozenset[Place] = frozenset({"store", "in_repair", "cleaning", "lost", "written_off"})
"""Between these anything is moved by hand; the other three follow from orders, loans and collections."""
OrderState = Literal["ordered", "reserved", "slot_agreed", "in_van", "delivered", "fitted", "cancelled"]
ORDER_STATES: tuple[OrderState, ...] = (
    "ordered", "reserved", "slot_agreed", "in_van", "delivered", "fitted", "cancelled",
)  # fmt: skip
OrderSource = Literal["by_hand", "plan", "assessment", "transfer", "stay", "referral"]
OrderView = Literal["open", "to_reserve", "to_agree", "to_deliver", "to_fit", "late", "done", "cancelled"]
ORDER_VIEWS: tuple[OrderView, ...] = (
    "open", "to_reserve", "to_agree", "to_deliver", "to_fit", "late", "done", "cancelled",
)  # fmt: skip
CollectionState = Literal["to_collect", "slot_agreed", "collected", "cancelled"]
CollectionCause = Literal["plan_ended", "stay_ended", "died", "loan_ended", "service_failed", "asked"]
BY_ITSELF: frozenset[CollectionCause] = frozenset({"plan_ended", "stay_ended", "died", "service_failed"})
"""Causes for which the database makes a collection, in the transaction of what caused it."""
Returned = Literal["cleaning", "store", "in_repair", "lost", "written_off"]
RETURNED: tuple[Returned, ...] = ("cleaning", "store", "in_repair", "lost", "written_off")
OverdueKind = Literal["loan", "collection", "service"]
ReminderHow = Literal["telephone", "text", "letter", "email", "in_person"]
REMINDER_HOWS: tuple[ReminderHow, ...] = ("telephone", "text", "letter", "email", "in_person")
StandingKind = Literal["nothing_ordered", "ordered", "reserved", "slot_agreed", "in_van", "delivered"]


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
    """``locality`` None: the city's own, which serves all three."""

    code: str
    name: str
    locality: str | None
    address: str
    postcode: str
    phone: str


@dataclass(frozen=True, slots=True)
class StockLine:
    """One model in one store: how many are where. ``overdue_service``: in the store, but not to be given out.
    ``next_back``: the day on which the next is due back, of whoever's loan."""

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

    @property
    def short(self) -> int:
        """How many are missing to the minimum."""
        return max(0, self.minimum - self.free)

    @property
    def is_below_minimum(self) -> bool:
        return self.free < self.minimum


@dataclass(frozen=True, slots=True)
class Availability:
    """One model everywhere: what is free where, what comes back when, and which substitutes are there now."""

    model: CatalogueItem
    lines: tuple[StockLine, ...]
    substitutes: tuple[tuple[Substitute, StockLine], ...]
    """Each with a store that has it free; nearest to the wish first."""

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
class OrderDraft:
    """What is needed to order. Of the ids, those of what the order came from. ``until_on``: a loan with an agreed end.
    A model of single items is ordered one at a time."""

    person_id: PersonId
    model: str
    quantity: int = 1
    wanted_by: date | None = None
    until_on: date | None = None
    note: str = ""
    source: OrderSource = "by_hand"
    plan_id: PlanId | None = None
    plan_equipment_id: UUID | None = None
    assessment_id: AssessmentId | None = None
    transfer_id: UUID | None = None
    stay_id: StayId | None = None
    referral_id: ReferralId | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered for somebody, and how far it is. ``place``: where it goes: the person's address, or the
    apartment of their stay. ``slot`` and ``fit_slot``: when somebody comes. ``reason``: why it was cancelled, or why
    the last attempt failed; ``tries``: attempts that failed. ``cause``: the database cancelled it, because of that."""

    id: OrderId
    number: int
    person_id: PersonId
    surname: str
    given: str
    title: str
    place: str = field(repr=False)
    postcode: str = field(repr=False)
    locality: str
    model: str
    name: str
    single: bool
    fitting: bool
    workers: int
    visit_minutes: int
    quantity: int
    source: OrderSource
    plan_id: PlanId | None
    plan_equipment_id: UUID | None
    assessment_id: AssessmentId | None
    transfer_id: UUID | None
    stay_id: StayId | None
    referral_id: ReferralId | None
    wanted_by: date
    until_on: date | None
    note: str = field(repr=False)
    state: OrderState
    store: str
    store_name: str
    item_id: ItemId | None
    serial: str
    slot: Window | None
    fit_slot: Window | None
    ordered_by_name: str
    ordered_at: datetime
    delivered_at: datetime | None
    fitted_at: datetime | None
    reason: str = field(repr=False)
    tries: int
    revision: int
    visit_id: VisitId | None = None
    cause: CollectionCause | None = None

    @property
    def who(self) -> str:
        return listed(self.surname, self.given, self.title)

    @property
    def is_open(self) -> bool:
        """Something is still to be done: to bring it, or to fit it."""
        return self.state in ("ordered", "reserved", "slot_agreed", "in_van") or self.is_to_fit

    @property
    def is_to_fit(self) -> bool:
        return self.state == "delivered" and self.fitting

    def is_late(self, today: date) -> bool:
        return self.wanted_by < today and self.state in ("ordered", "reserved", "slot_agreed", "in_van")


@dataclass(frozen=True, slots=True)
class Loan:
    """What somebody has. ``until_on`` None: as long as it is needed. ``ended_at`` None: they have it now."""

    id: LoanId
    order_id: OrderId
    order_number: int
    person_id: PersonId
    surname: str
    given: str
    title: str
    model: str
    name: str
    returns: bool
    item_id: ItemId | None
    serial: str
    quantity: int
    store: str
    store_name: str
    since: datetime
    until_on: date | None
    ended_at: datetime | None
    collection_id: CollectionId | None
    collection_state: CollectionState | None
    revision: int

    @property
    def who(self) -> str:
        return listed(self.surname, self.given, self.title)

    def is_overdue(self, today: date) -> bool:
        return self.ended_at is None and self.until_on is not None and self.until_on < today


@dataclass(frozen=True, slots=True)
class Collection:
    """What is to be collected, why and until when. ``back``: how many came back; the rest is lost."""

    id: CollectionId
    loan_id: LoanId
    person_id: PersonId
    surname: str
    given: str
    title: str
    deceased_on: date | None
    place: str = field(repr=False)
    postcode: str = field(repr=False)
    locality: str
    model: str
    name: str
    workers: int
    visit_minutes: int
    item_id: ItemId | None
    serial: str
    quantity: int
    store: str
    store_name: str
    cause: CollectionCause
    asked_at: datetime
    asked_by_name: str
    wanted_by: date
    state: CollectionState
    slot: Window | None
    collected_at: datetime | None
    back: int | None
    returned_as: Returned | None
    reason: str = field(repr=False)
    tries: int
    note: str = field(repr=False)
    revision: int
    visit_id: VisitId | None = None

    @property
    def who(self) -> str:
        return listed(self.surname, self.given, self.title)

    @property
    def is_open(self) -> bool:
        return self.state in ("to_collect", "slot_agreed")

    def is_late(self, today: date) -> bool:
        return self.is_open and self.wanted_by < today


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


@dataclass(frozen=True, slots=True)
class Reminder:
    """Who reminded whom, when and how."""

    id: ReminderId
    kind: OverdueKind
    about: UUID
    to_whom: str
    how: ReminderHow
    note: str = field(repr=False)
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Overdue:
    """A loan past its agreed end, a collection not made, a service due. ``key``: the loan, collection or item;
    ``due_on``: the day that has passed."""

    kind: OverdueKind
    key: UUID
    revision: int
    person_id: PersonId | None
    surname: str
    given: str
    title: str
    phone: str = field(repr=False)
    model: str
    name: str
    serial: str
    quantity: int
    store: str
    store_name: str
    place: Place
    due_on: date
    cause: CollectionCause | None
    reminders: int
    last_reminder: Reminder | None

    @property
    def who(self) -> str:
        return listed(self.surname, self.given, self.title) if self.surname else ""

    def days(self, today: date) -> int:
        """How many days too late."""
        return (today - self.due_on).days


@dataclass(frozen=True, slots=True)
class Standing:
    """How far equipment for somebody is: the least of what is under way; ``delivered`` when nothing is. ``words``
    names each thing with its state, for the row of lights of a transfer (T2)."""

    person_id: PersonId
    kind: StandingKind
    under_way: int
    delivered: int
    slot: Window | None
    words: str

    @property
    def is_ready(self) -> bool:
        """Everything ordered is there."""
        return self.kind == "delivered"


@dataclass(frozen=True, slots=True)
class NewItem:
    """A thing that was bought. ``next_service_on`` None: reckoned from its model."""

    model: str
    store: str
    serial: str
    bought_on: date | None = None
    next_service_on: date | None = None
