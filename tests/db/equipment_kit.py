"""Equipment in the stores for tests: what the reference data names, and so many of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import text

from coordination.clock import SystemClock, local_date
from coordination.equipment.loans_model import CollectionId, Loan, LoanId, ReminderId
from coordination.equipment.model import Order, OrderDraft, OrderId
from coordination.equipment.stock_model import Item, ItemId, NewItem
from coordination.services import Services
from coordination.values import PersonId, Window, new_id
from tests.database import CentreDb

NOW = SystemClock().now()
TODAY = local_date(NOW)
COUNTED, SINGLE = "commode", "hoist_mobile"


def oid() -> OrderId:
    return OrderId(new_id())


def cid() -> CollectionId:
    return CollectionId(new_id())


def rid() -> ReminderId:
    return ReminderId(new_id())


@dataclass
class Stores:
    """One desk with something in its stores."""

    db: CentreDb
    services: Services
    serials: list[str] = field(default_factory=list)

    def bought(self, many: int, model: str = COUNTED, store: str = "north") -> None:
        self.services.equipment.receive_counted(new_id(), store, model, many)

    def thing(self, model: str = SINGLE, store: str = "north", next_service_on: date | None = None) -> Item:
        serial = f"T{len(self.serials) + 1:03}"
        self.serials.append(serial)
        new = NewItem(model, store, serial, None, next_service_on)
        return self.services.equipment.receive_item(ItemId(new_id()), new)

    def order(self, person: PersonId, model: str = COUNTED, quantity: int = 1, **more: object) -> Order:
        draft = OrderDraft(person, model, quantity, **more)  # type: ignore[arg-type]
        return self.services.equipment.place(oid(), draft)

    def lent(self, person: PersonId, model: str = COUNTED, quantity: int = 1, **more: object) -> Loan:
        equipment = self.services.equipment
        order = self.order(person, model, quantity, **more)
        order = equipment.reserve(order.id, order.revision)
        order = equipment.delivered(order.id, order.revision)
        return equipment.loan_of(order.id)

    def overdue_since(self, loan: LoanId, days: int) -> None:
        """As if it had been to end so many days ago."""
        with self.db.owner.begin() as c:
            c.execute(
                text("update equipment_loan set until_on = :d where id = :i"),
                {"d": TODAY - timedelta(days=days), "i": loan},
            )


def slot(hours: float = 24, minutes: int = 60) -> Window:
    start: datetime = NOW.replace(microsecond=0) + timedelta(hours=hours)
    return Window.of(start, minutes)
