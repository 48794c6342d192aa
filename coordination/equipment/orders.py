"""Use cases of orders (D6): order, reserve, agree a time, deliver, fit; nothing promised that is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from coordination.equipment import rules
from coordination.equipment.model import (
    Availability,
    CatalogueItem,
    ItemId,
    Order,
    OrderDraft,
    OrderId,
    OrderSource,
    OrderState,
    OrderView,
    Standing,
    StockLine,
)
from coordination.equipment.store import PlanWish
from coordination.errors import (
    AlreadyExists,
    BadValue,
    BadValues,
    BrokenRule,
    Conflict,
    IllegalMove,
    NotFound,
    Obstacle,
    Refused,
    obstacle,
)
from coordination.values import PersonId, Window
from coordination.work import Begin, Work

_TAKEN = {"equipment_stock_not_below_zero", "equipment_item_one_place", "equipment_item_is_there"}
_SAID = {
    "equipment_item_failed", "equipment_item_service_past", "equipment_item_of_its_model",
    "equipment_order_of_its_person",
    "equipment_order_person_died", "equipment_not_still_to_come",
}  # fmt: skip
_STATES: Mapping[OrderView, tuple[OrderState, ...]] = {
    "open": ("ordered", "reserved", "slot_agreed", "in_van", "delivered"),
    "to_reserve": ("ordered",),
    "to_agree": ("reserved",),
    "to_deliver": ("slot_agreed", "in_van"),
    "to_fit": ("delivered",),
    "late": ("ordered", "reserved", "slot_agreed", "in_van"),
    "done": ("delivered", "fitted"),
    "cancelled": ("cancelled",),
}
_PUT_BY: tuple[OrderState, ...] = ("reserved", "slot_agreed")
MOST = 500


class Orders:
    """Orders of equipment for people."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ lists

    def orders(self, view: OrderView = "open", locality: str | None = None, limit: int = MOST) -> tuple[Order, ...]:
        """The earliest wanted day first; ``done`` and ``cancelled`` newest first. One query."""
        where: dict[str, object] = {"view": view, "states": _STATES[view], "locality": locality}
        with self._begin() as work:
            return tuple(work.equipment.orders(where, limit))

    def orders_of(self, person: PersonId) -> tuple[Order, ...]:
        """All orders for somebody, newest first."""
        with self._begin() as work:
            return tuple(work.equipment.orders({"person": person}, MOST))

    def order(self, order: OrderId) -> Order:
        """Raises NotFound."""
        with self._begin() as work:
            return work.equipment.order(order)

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
            if error.constraint not in _SAID:
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
            now = _fresh(work, order, seen)
            model = next(m for m in work.equipment.catalogue() if m.code == now.model)
            many = quantity if quantity is not None else now.quantity
            draft = OrderDraft(now.person_id, now.model, many, wanted_by, until_on, note)
            rules.check_draft(draft, model, min(work.equipment.today(), now.wanted_by))
            if many != now.quantity and now.state != "ordered":
                raise BadValues((BadValue("quantity", "is_reserved"),))
            changes = {"wanted_by": wanted_by, "until_on": until_on, "note": note.strip(), "quantity": many}
            return _changed(work, order, seen, changes)

    # ------------------------------------------------------------------ reservation

    def available(self, model: str, quantity: int = 1, locality: str = "") -> Availability:
        """What is free where, when the next comes back, and which substitutes are there. Raises NotFound."""
        with self._begin() as work:
            return _available(work, model, quantity, locality)

    def reserve(self, order: OrderId, seen: int, store: str | None = None, item: ItemId | None = None) -> Order:
        """Put by what was ordered. ``store`` None: the nearest that has it; ``item``: this one and no other.

        Raises Refused when it is not there: what is free where, when the next comes back, which substitutes are there.
        Conflict, IllegalMove.
        """
        return self._reserve(order, seen, store, item, None)

    def reserve_instead(self, order: OrderId, seen: int, model: str, store: str | None = None) -> Order:
        """Order ``model`` instead and put it by. Raises as ``reserve``; BadValues for what is in no catalogue."""
        return self._reserve(order, seen, store, None, model)

    def release(self, order: OrderId, seen: int) -> Order:
        """Undo of ``reserve``: free for others again, and a time that was agreed is agreed no longer."""
        changes = {"state": "ordered", "store": None, "item_id": None, "slot": None}
        return self._turn(order, seen, _PUT_BY, changes)

    # ------------------------------------------------------------------ when somebody comes

    def agree_slot(self, order: OrderId, seen: int, slot: Window) -> Order:
        """When it is brought. Raises Refused for a time that has passed; IllegalMove when nothing is reserved."""
        with self._begin() as work:
            now = _fresh(work, order, seen)
            _only(now, _PUT_BY, "slot_agreed")
            _check_slot(slot, work.now)
            return _changed(work, order, seen, {"state": "slot_agreed", "slot": slot})

    def drop_slot(self, order: OrderId, seen: int) -> Order:
        """Undo of ``agree_slot``: reserved, without a time."""
        return self._turn(order, seen, ("slot_agreed",), {"state": "reserved", "slot": None})

    def agree_fitting(self, order: OrderId, seen: int, slot: Window | None) -> Order:
        """When it is fitted, where that is another visit than the one that brings it; None: no time."""
        with self._begin() as work:
            now = _fresh(work, order, seen)
            if not now.fitting or now.state in ("fitted", "cancelled"):
                raise Refused("agree_fitting", (obstacle("equipment_nothing_to_fit", model=now.name),))
            if slot is not None:
                _check_slot(slot, work.now)
            return _changed(work, order, seen, {"fit_slot": slot})

    # ------------------------------------------------------------------ what came of it

    def load(self, order: OrderId, seen: int) -> Order:
        """Into the van."""
        return self._turn(order, seen, _PUT_BY, {"state": "in_van"})

    def unload(self, order: OrderId, seen: int) -> Order:
        """Undo of ``load``: put by in the store again, at the time that was agreed."""
        state: OrderState = "reserved" if self.order(order).slot is None else "slot_agreed"
        return self._turn(order, seen, ("in_van",), {"state": state})

    def delivered(self, order: OrderId, seen: int, *, when: datetime | None = None, serial: str = "") -> Order:
        """It is with the person: the loan begins. ``serial``: another one of the model was brought than was put by.

        Raises Refused when that other one is not free; BadValues for an unknown serial number; Conflict, IllegalMove.
        """

        def change(work: Work) -> Order:
            now = _fresh(work, order, seen)
            _only(now, (*_PUT_BY, "in_van"), "delivered")
            changes: dict[str, object] = {"state": "delivered", "delivered_at": when or work.now, "reason": ""}
            if serial.strip() and serial.strip() != now.serial:
                other = work.equipment.item_called(now.model, serial.strip()) if now.single else None
                if other is None:
                    raise BadValues((BadValue("serial", "not_known"),))
                changes |= {"item_id": other.id, "store": other.store}
            return _changed(work, order, seen, changes)

        return self._explained("deliver_equipment", order, None, change)

    def delivery_undone(self, order: OrderId, seen: int) -> Order:
        """Undo of ``delivered``: put by as before. Raises Refused when it is being collected, or is gone."""
        state: OrderState = "reserved" if self.order(order).slot is None else "slot_agreed"
        changes = {"state": state, "delivered_at": None}
        try:
            return self._turn(order, seen, ("delivered",), changes)
        except BrokenRule as error:
            raise Refused("undo_delivery", (obstacle("equipment_loan_went_on"),)) from error

    def fitted(self, order: OrderId, seen: int, *, when: datetime | None = None) -> Order:
        """Ready for use. Raises IllegalMove when it is not delivered, Refused when nothing is to be fitted."""
        with self._begin() as work:
            _check_fits(_fresh(work, order, seen))
            return _changed(work, order, seen, {"state": "fitted", "fitted_at": when or work.now})

    def fitting_undone(self, order: OrderId, seen: int) -> Order:
        """Undo of ``fitted``."""
        return self._turn(order, seen, ("fitted",), {"state": "delivered", "fitted_at": None})

    def not_delivered(self, order: OrderId, seen: int, reason: str) -> Order:
        """Nobody in, refused, did not fit through the door: put by as before, without a time. Raises BadValues."""
        _check_reason(reason)
        with self._begin() as work:
            now = _fresh(work, order, seen)
            _only(now, (*_PUT_BY, "in_van"), "reserved")
            changes = {"state": "reserved", "slot": None, "reason": reason.strip(), "tries": now.tries + 1}
            return _changed(work, order, seen, changes)

    def not_fitted(self, order: OrderId, seen: int, reason: str) -> Order:
        """It is there, and could not be fitted: still to be fitted, without a time. Raises BadValues."""
        _check_reason(reason)
        with self._begin() as work:
            now = _fresh(work, order, seen)
            _check_fits(now)
            return _changed(work, order, seen, {"fit_slot": None, "reason": reason.strip(), "tries": now.tries + 1})

    def cancel(self, order: OrderId, seen: int, reason: str) -> Order:
        """It is wanted no longer: what was put by is free again. Raises BadValues, IllegalMove once it is delivered."""
        _check_reason(reason)
        changes = {"state": "cancelled", "reason": reason.strip(), "store": None, "item_id": None, "slot": None}
        return self._turn(order, seen, ("ordered", *_PUT_BY, "in_van"), changes)

    def restore(self, order: OrderId, seen: int) -> Order:
        """Undo of ``cancel``: ordered; it has to be reserved anew."""
        changes = {"state": "ordered", "reason": "", "cause": None}
        try:
            return self._turn(order, seen, ("cancelled",), changes)
        except AlreadyExists as error:
            raise Refused("restore_order", (obstacle("equipment_ordered_already"),)) from error

    # ------------------------------------------------------------------ steps

    def _turn(self, order: OrderId, seen: int, of: tuple[OrderState, ...], changes: Mapping[str, object]) -> Order:
        with self._begin() as work:
            now = _fresh(work, order, seen)
            _only(now, of, str(changes["state"]))
            return _changed(work, order, seen, changes)

    def _reserve(self, order: OrderId, seen: int, store: str | None, item: ItemId | None, instead: str | None) -> Order:
        def change(work: Work) -> Order:
            now = _fresh(work, order, seen)
            _only(now, ("ordered",), "reserved")
            model = instead or now.model
            there = _available(work, model, now.quantity, now.locality)
            where = store if item is None else _lying_store(work, item)
            line = _line(there, where, now.quantity, now.locality)
            chosen = item
            if there.model.single and chosen is None:
                chosen = work.equipment.pick(model, line.store)
                if chosen is None:  # somebody is taking the last one at this moment
                    raise Refused(
                        "reserve_equipment", rules.in_the_way(_without(there, line), line.store, now.quantity)
                    )
            changes = {"state": "reserved", "store": line.store, "item_id": chosen, "model": model, "reason": ""}
            return _changed(work, order, seen, changes)

        return self._explained("reserve_equipment", order, (instead, store), change)

    def _explained(
        self, action: str, order: OrderId, asked: tuple[str | None, str | None] | None, change: Callable[[Work], Order]
    ) -> Order:
        """Do it; when the database refuses because it is not there any more, say what is."""
        try:
            with self._begin() as work:
                return change(work)
        except BrokenRule as error:
            if error.constraint in _TAKEN:
                raise Refused(action, self._instead(order, asked or (None, None))) from error
            if error.constraint in _SAID:
                raise Refused(action, (obstacle(error.constraint),)) from error
            raise

    def _instead(self, order: OrderId, asked: tuple[str | None, str | None]) -> tuple[Obstacle, ...]:
        with self._begin() as work:
            now = work.equipment.order(order)
            there = _available(work, asked[0] or now.model, now.quantity, now.locality)
        return rules.in_the_way(there, asked[1] or now.store or None, now.quantity)


def _available(work: Work, code: str, quantity: int, locality: str) -> Availability:
    model = next((m for m in work.equipment.catalogue() if m.code == code), None)
    if model is None:
        raise NotFound("community_equipment", code)
    lines = work.equipment.stock(None, (code, *(s.code for s in model.substitutes)))
    return rules.availability(model, lines, quantity, locality)


def _line(there: Availability, store: str | None, quantity: int, locality: str) -> StockLine:
    """Where it is taken from. Raises Refused."""
    if store is None:
        found = rules.best_store(there, quantity, locality)
    else:
        found = next((line for line in there.lines if line.store == store and line.free >= quantity), None)
    if found is None:
        raise Refused("reserve_equipment", rules.in_the_way(there, store, quantity))
    return found


def _lying_store(work: Work, item: ItemId) -> str:
    """In whose store this very one lies. Raises Refused when it is elsewhere."""
    found = work.equipment.item(item)
    if found.place != "store":
        facts = {"serial": found.serial, "place": found.place, "who": found.who}
        raise Refused("reserve_equipment", (obstacle("equipment_item_not_in_store", **facts),))
    return found.store


def _without(there: Availability, line: StockLine) -> Availability:
    """As if it had none: what is left is being taken by somebody else."""
    return replace(there, lines=tuple(replace(x, free=0) if x is line else x for x in there.lines))


def _fresh(work: Work, order: OrderId, seen: int) -> Order:
    """The order, if it is still as the screen saw it. Raises Conflict."""
    current = work.equipment.order(order)
    if current.revision != seen:
        raise Conflict("community_equipment", str(order), seen, current)
    return current


def _changed(work: Work, order: OrderId, seen: int, changes: Mapping[str, object]) -> Order:
    done = work.equipment.change_order(order, seen, changes)
    current = work.equipment.order(order)
    if not done:
        raise Conflict("community_equipment", str(order), seen, current)
    return current


def _only(order: Order, states: tuple[OrderState, ...], wanted: str) -> None:
    """What is legal as the undo of one act is not another act. Raises IllegalMove."""
    if order.state not in states:
        raise IllegalMove("equipment", order.state, wanted)


def _check_fits(order: Order) -> None:
    if not order.fitting:
        raise Refused("fit_equipment", (obstacle("equipment_nothing_to_fit", model=order.name),))
    _only(order, ("delivered",), "fitted")


def _check_slot(slot: Window, now: datetime) -> None:
    if slot.end <= now:
        raise Refused("agree_slot", (obstacle("equipment_slot_has_passed"),))


def _check_reason(reason: str) -> None:
    problems = rules.check_words("reason", reason, rules.LONGEST_REASON, required=True)
    if problems:
        raise BadValues(tuple(problems))
