"""What the equipment service needs of a store. Each list is one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from coordination.equipment.figures import OrderFact
from coordination.equipment.loans_model import (
    Collection,
    CollectionId,
    Loan,
    LoanId,
    Overdue,
    OverdueKind,
    Reminder,
    ReminderHow,
    ReminderId,
)
from coordination.equipment.model import CollectionCause, Order, OrderDraft, OrderId, Standing
from coordination.equipment.stock_model import (
    CatalogueItem,
    Item,
    ItemId,
    Movement,
    NewItem,
    Place,
    ServiceDue,
    StockLine,
    Store,
    StoreHolds,
    Stretch,
)
from coordination.values import DateRange, PersonId, PlanId


@dataclass(frozen=True, slots=True)
class PlanWish:
    """A row of a care plan that asks for equipment, in words."""

    id: UUID
    plan_id: PlanId
    person_id: PersonId
    what: str


@dataclass(frozen=True, slots=True)
class Certain:
    """How many of a model a store is certain to have on a day and from then on; from when so many as were asked for."""

    free: int
    soonest: date | None


@dataclass(frozen=True, slots=True)
class MovementRow:
    """What is written down when something is moved by hand. ``item`` None: so many of a counted model."""

    id: UUID
    model: str
    store: str
    to_store: str
    item: ItemId | None
    quantity: int
    from_place: Place | None
    to_place: Place
    note: str


class EquipmentStore(Protocol):
    """Catalogue, stores, stock, orders, loans, collections. What may not be raises BrokenRule with its constraint."""

    def today(self) -> date:
        """The centre's calendar day by the server's clock."""
        ...

    def catalogue(self) -> list[CatalogueItem]: ...
    def stores(self) -> list[Store]: ...
    def holdings(self) -> list[StoreHolds]:
        """Each store, in the order of ``stores``, with what it has. One query."""
        ...

    def open_store(self, store: str, active: bool) -> bool:
        """False when there is none of that code."""
        ...

    def stock(self, store: str | None, models: Sequence[str] | None) -> list[StockLine]: ...
    def items(
        self, store: str | None, model: str | None, place: Place | None, limit: int, after: Item | None = None,
        locality: str | None = None,
    ) -> list[Item]: ...  # fmt: skip
    def item(self, key: ItemId) -> Item:
        """Raises NotFound."""
        ...

    def item_called(self, model: str, serial: str) -> Item | None: ...
    def stretches(self, key: ItemId) -> list[Stretch]: ...
    def movements(self, days: DateRange, store: str | None, limit: int) -> list[Movement]: ...
    def move(self, row: MovementRow) -> None:
        """Sent again with the same id it moves nothing twice."""
        ...

    def add_item(self, key: ItemId, new: NewItem, next_service_on: date | None) -> None: ...
    def set_minimum(self, store: str, model: str, minimum: int) -> None: ...
    def pick(self, model: str, store: str) -> ItemId | None:
        """One that is free there, locked for this transaction; one that nobody else is taking just now."""
        ...

    def pick_from(self, model: str, store: str, day: date) -> ItemId | None:
        """One that is certain to be there from that day on, locked for this transaction."""
        ...

    def certain(self, models: Sequence[str], quantity: int, day: date) -> Mapping[tuple[str, str], Certain]:
        """By store and model, from that day on."""
        ...

    def earliest(self, order: OrderId) -> date | None:
        """From when on what was promised for a later day can be brought. None: it is not promised for a day."""
        ...

    def orders(self, where: Mapping[str, object], limit: int) -> list[Order]:
        """``where``: view, states, person, locality, after (an order): see db/stores/equipment_orders.py."""
        ...

    def order(self, key: OrderId) -> Order:
        """Raises NotFound."""
        ...

    def add_order(self, key: OrderId, draft: OrderDraft, wanted_by: date) -> None: ...
    def change_order(self, key: OrderId, seen: int, changes: Mapping[str, object]) -> bool:
        """False when ``seen`` is stale."""
        ...

    def plan_wish(self, plan_equipment: UUID) -> PlanWish:
        """Raises NotFound."""
        ...

    def plan_wishes(self, person: PersonId) -> list[PlanWish]:
        """Rows of the person's present plan that nothing was ordered for yet."""
        ...

    def standings(self, persons: Sequence[PersonId], since: datetime | None) -> list[Standing]: ...

    def loans(
        self, person: PersonId | None, *, ended: bool, limit: int, after: Loan | None = None,
        locality: str | None = None,
    ) -> list[Loan]: ...  # fmt: skip
    def loan(self, key: LoanId) -> Loan:
        """Raises NotFound."""
        ...

    def loan_of(self, order: OrderId) -> Loan:
        """Raises NotFound."""
        ...

    def change_loan(self, key: LoanId, seen: int, until_on: date | None) -> bool: ...
    def collections(self, where: Mapping[str, object], limit: int) -> list[Collection]: ...
    def collection(self, key: CollectionId) -> Collection:
        """Raises NotFound."""
        ...

    def add_collection(
        self, key: CollectionId, loan: LoanId, cause: CollectionCause, wanted_by: date, note: str
    ) -> None: ...
    def change_collection(self, key: CollectionId, seen: int, changes: Mapping[str, object]) -> bool: ...

    def overdue(
        self, kind: OverdueKind | None, locality: str | None, limit: int, after: Overdue | None = None
    ) -> list[Overdue]: ...
    def add_reminder(
        self, key: ReminderId, kind: OverdueKind, about: UUID, to_whom: str, how: ReminderHow, note: str
    ) -> None: ...
    def reminders(self, about: UUID) -> list[Reminder]:
        """Newest first."""
        ...

    def drop_reminder(self, key: ReminderId) -> bool:
        """One's own of the last hour; False when it is not there, or not one's own."""
        ...

    def service_due(
        self, until: date, store: str | None, limit: int, after: ServiceDue | None = None, locality: str | None = None
    ) -> list[ServiceDue]: ...
    def add_service(self, key: UUID, item: ItemId, on: date, passed: bool, note: str, next_on: date | None) -> None: ...
    def drop_service(self, key: UUID) -> bool:
        """One's own of the last hour. False when it is not there. Raises BrokenRule when it stays."""
        ...

    def order_facts(self, days: DateRange) -> list[OrderFact]: ...
