"""What is done on the equipment page: one key does in each list what it means there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coordination.equipment.loans_model import Collection, Loan, Overdue
from coordination.equipment.model import Order
from coordination.equipment.stock_model import Item, ServiceDue, StockLine
from ui.equipment.lending_deeds import LendingDeeds
from ui.equipment.order_deeds import OrderDeeds
from ui.equipment.store_deeds import StoreDeeds
from ui.side_acts import SideActs

Deed = tuple[Callable[[Any], bool], Callable[[Any], object]]


class Deeds(SideActs):
    """``do(name)`` to the chosen row; ``can(name)`` says whether it means anything there now."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.orders, self.lending, self.stores = (
            OrderDeeds(self, page),
            LendingDeeds(self, page),
            StoreDeeds(self, page),
        )
        self._of: dict[type, dict[str, Deed]] = {
            Order: self.orders.table(), Collection: self.lending.of_collections(), Loan: self.lending.of_loans(),
            Overdue: self.lending.of_overdue(), StockLine: self.stores.of_stock(), Item: self.stores.of_items(),
            ServiceDue: self.stores.of_service(),
        }  # fmt: skip

    def can(self, name: str) -> bool:
        row = self._page.table.current
        if row is None or self.asking:
            return False
        found = self._of[type(row)].get(name)
        return found is not None and found[0](row)

    def do_row(self, name: str) -> None:
        row = self._page.table.current
        self._of[type(row)][name][1](row)

    def open(self, row: Any) -> None:
        """Enter: the person; of the stock of a model, its things."""
        person = getattr(row, "person_id", None)
        if person is not None:
            self._page.desk.go.to("person", person)

    def drop(self) -> None:
        """What is asked is asked no longer; another list comes."""
        self._save = None
        self.orders.form = None

    def leave(self) -> None:
        self.orders.form = None
        super().leave()

    def offers_instead(self) -> bool:
        form = self.orders.form
        return form is not None and form.instead is not None

    def take_instead(self) -> None:
        if self.orders.form is not None:
            self.orders.form.take_instead()
