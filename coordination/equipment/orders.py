"""Use cases of orders (D6): order, reserve, change; nothing promised that is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from coordination.equipment import rules
from coordination.equipment.model import Order, OrderDraft, OrderId, OrderSource, OrderState, OrderView, Standing
from coordination.equipment.order_steps import SAID, OrderSteps, changed, fresh
from coordination.equipment.stock_model import CatalogueItem
from coordination.equipment.store import PlanWish
from coordination.errors import (
    AlreadyExists,
    BadValue,
    BadValues,
    BrokenRule,
    Refused,
    obstacle,
)
from coordination.values import PersonId

_STATES: Mapping[OrderView, tuple[OrderState, ...]] = {
    "open": ("ordered", "reserved", "slot_agreed", "in_van", "delivered"),
    "to_reserve": ("ordered",),
    "to_agree": ("reserved",),
    "to_deliver": ("slot_agreed", "in_van"),
    "to_fit": ("delivered",),
    "late": ("ordered", "reserved", "slot_agreed", "in_van"),
    "over": ("delivered", "fitted", "cancelled"),
    "done": ("delivered", "fitted"),
    "cancelled": ("cancelled",),
}


class Orders(OrderSteps):
    """Orders of equipment for people."""

    # ------------------------------------------------------------------ lists

    def orders(
        self,
        view: OrderView = "open",
        locality: str | None = None,
        limit: int = rules.MOST_LISTED,
        after: Order | None = None,
    ) -> tuple[Order, ...]:
        """The earliest wanted day first; what is ``over``, newest first. ``after``: the next ones. One query."""
        where: dict[str, object] = {"view": view, "states": _STATES[view], "locality": locality, "after": after}
        with self._begin() as work:
            return tuple(work.equipment.orders(where, limit))

    def orders_of(self, person: PersonId) -> tuple[Order, ...]:
        """All orders for somebody, newest first."""
        with self._begin() as work:
            return tuple(work.equipment.orders({"person": person}, rules.MOST_LISTED))

    def standing(self, person: PersonId, since: datetime | None = None) -> Standing:
        """How far equipment for somebody is, of what was ordered ``since``: the light of a transfer (T2)."""
        return self.standings((person,), since)[0]

    def standings(self, persons: Sequence[PersonId], since: datetime | None = None) -> tuple[Standing, ...]:
        """The same for many, in their order. One query."""
        with self._begin() as work:
            found = {s.person_id: s for s in work.equipment.standings(persons, since)}
        return tuple(found.get(p) or Standing(p, "nothing_ordered", 0, 0, None, "") for p in persons)

    # ------------------------------------------------------------------ to order

    def place(self, key: OrderId, draft: OrderDraft) -> Order:
        """Order. The id is the caller's: sending it again orders nothing twice.

        Raises BadValues; Refused when the person has died, or the row of the plan is ordered already.
        """
        try:
            with self._begin() as work:
                model = next((m for m in work.equipment.catalogue() if m.code == draft.model), None)
                work.equipment.add_order(key, draft, rules.check_draft(draft, model, work.equipment.today()))
                return work.equipment.order(key)
        except BrokenRule as error:
            if error.constraint not in SAID:
                raise
            raise Refused("order_equipment", (obstacle(error.constraint),)) from error
        except AlreadyExists as error:
            if error.constraint != "equipment_order_once_a_plan_row":
                raise
            raise Refused("order_equipment", (obstacle("equipment_ordered_already"),)) from error

    def order_from_plan(
        self,
        key: OrderId,
        plan_equipment: UUID,
        model: str,
        *,
        quantity: int = 1,
        wanted_by: date | None = None,
        until_on: date | None = None,
        note: str = "",
    ) -> Order:
        """C1 to D6: what a row of a care plan asks for becomes an order. Raises NotFound, and as ``place``."""
        with self._begin() as work:
            wish = work.equipment.plan_wish(plan_equipment)
        source: OrderSource = "plan"
        draft = OrderDraft(
            wish.person_id, model, quantity, wanted_by, until_on, note, source, wish.plan_id, plan_equipment
        )
        return self.place(key, draft)

    def wishes(self, person: PersonId) -> tuple[tuple[PlanWish, tuple[CatalogueItem, ...]], ...]:
        """What the person's plan asks for and nobody has ordered, each with the models that its words may mean."""
        with self._begin() as work:
            catalogue = work.equipment.catalogue()
            wishes = work.equipment.plan_wishes(person)
        return tuple((wish, rules.meant(wish.what, catalogue)) for wish in wishes)

    def change(
        self,
        order: OrderId,
        seen: int,
        *,
        wanted_by: date,
        until_on: date | None,
        note: str,
        quantity: int | None = None,
    ) -> Order:
        """Another day, end or note; another quantity while nothing is reserved. Raises BadValues, Conflict."""
        with self._begin() as work:
            now = fresh(work, order, seen)
            model = next(m for m in work.equipment.catalogue() if m.code == now.model)
            many = quantity if quantity is not None else now.quantity
            draft = OrderDraft(now.person_id, now.model, many, wanted_by, until_on, note)
            rules.check_draft(draft, model, min(work.equipment.today(), now.wanted_by))
            if many != now.quantity and now.state != "ordered":
                raise BadValues((BadValue("quantity", "is_reserved"),))
            changes = {"wanted_by": wanted_by, "until_on": until_on, "note": note.strip(), "quantity": many}
            return changed(work, order, seen, changes)
