"""Who has what, what is to be collected, what is overdue and who was reminded of it (D6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.equipment.model import CollectionCause, OrderId
from coordination.equipment.stock_model import ItemId, Place
from coordination.names import listed
from coordination.values import PersonId, VisitId, Window

LoanId = NewType("LoanId", UUID)
CollectionId = NewType("CollectionId", UUID)
ReminderId = NewType("ReminderId", UUID)
CollectionState = Literal["to_collect", "slot_agreed", "collected", "cancelled"]
BY_ITSELF: frozenset[CollectionCause] = frozenset({"plan_ended", "stay_ended", "died", "service_failed"})
"""Causes for which the database makes a collection, in the transaction of what caused it."""
Returned = Literal["cleaning", "store", "in_repair", "lost", "written_off"]
RETURNED: tuple[Returned, ...] = ("cleaning", "store", "in_repair", "lost", "written_off")
OverdueKind = Literal["loan", "collection", "service"]
ReminderHow = Literal["telephone", "text", "letter", "email", "in_person"]
REMINDER_HOWS: tuple[ReminderHow, ...] = ("telephone", "text", "letter", "email", "in_person")


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
