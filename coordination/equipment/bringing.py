"""Use cases of bringing (D6): when somebody comes, what came of it, and each step back."""

from __future__ import annotations

from datetime import datetime

from coordination.clock import local_date
from coordination.equipment import rules
from coordination.equipment.model import Order, OrderId, OrderState
from coordination.equipment.order_steps import (
    PUT_BY,
    Asked,
    OrderSteps,
    changed,
    check_fits,
    check_reason,
    check_slot,
    fresh,
    only,
)
from coordination.errors import AlreadyExists, BadValue, BadValues, BrokenRule, Refused, obstacle
from coordination.values import Window
from coordination.work import Work


class Bringing(OrderSteps):
    """What is reserved is brought and fitted, or called off."""

    # ------------------------------------------------------------------ when somebody comes

    def agree_slot(self, order: OrderId, seen: int, slot: Window) -> Order:
        """When it is brought. Raises Refused for a time that has passed, or on which what is promised for later is not
        there yet; IllegalMove when nothing is reserved."""

        def change(work: Work) -> Order:
            now = fresh(work, order, seen)
            only(now, PUT_BY, "slot_agreed")
            check_slot(slot, work.now)
            return changed(work, order, seen, {"state": "slot_agreed", "slot": slot})

        return self._explained("agree_slot", order, Asked(day=local_date(slot.start)), change)

    def drop_slot(self, order: OrderId, seen: int) -> Order:
        """Undo of ``agree_slot``: reserved, without a time."""
        return self._turn(order, seen, ("slot_agreed",), {"state": "reserved", "slot": None})

    def agree_fitting(self, order: OrderId, seen: int, slot: Window | None) -> Order:
        """When it is fitted, where that is another visit than the one that brings it; None: no time."""
        with self._begin() as work:
            now = fresh(work, order, seen)
            if not now.fitting or now.state in ("fitted", "cancelled"):
                raise Refused("agree_fitting", (obstacle("equipment_nothing_to_fit", model=now.name),))
            if slot is not None:
                check_slot(slot, work.now)
            return changed(work, order, seen, {"fit_slot": slot})

    # ------------------------------------------------------------------ what came of it

    def load(self, order: OrderId, seen: int) -> Order:
        """Into the van."""
        return self._turn(order, seen, PUT_BY, {"state": "in_van"})

    def unload(self, order: OrderId, seen: int) -> Order:
        """Undo of ``load``: put by in the store again, at the time that was agreed."""
        state: OrderState = "reserved" if self.order(order).slot is None else "slot_agreed"
        return self._turn(order, seen, ("in_van",), {"state": state})

    def delivered(self, order: OrderId, seen: int, *, when: datetime | None = None, serial: str = "") -> Order:
        """It is with the person: the loan begins. ``serial``: another one of the model was brought than was put by.

        Raises Refused when that other one is not free; BadValues for an unknown serial number; Conflict, IllegalMove.
        """

        def change(work: Work) -> Order:
            now = fresh(work, order, seen)
            only(now, (*PUT_BY, "in_van"), "delivered")
            changes: dict[str, object] = {"state": "delivered", "delivered_at": when or work.now, "reason": ""}
            if serial.strip() and serial.strip() != now.serial:
                other = work.equipment.item_called(now.model, serial.strip()) if now.single else None
                if other is None:
                    raise BadValues((BadValue("serial", "not_known"),))
                if other.place != "store":
                    raise Refused("deliver_equipment", (rules.elsewhere(other),))
                changes |= {"item_id": other.id, "store": other.store}
            return changed(work, order, seen, changes)

        return self._explained("deliver_equipment", order, None, change)

    def delivery_undone(self, order: OrderId, seen: int) -> Order:
        """Undo of ``delivered``: put by as before. Raises Refused when it is being collected, or is gone."""
        state: OrderState = "reserved" if self.order(order).slot is None else "slot_agreed"
        changes = {"state": state, "delivered_at": None}
        try:
            return self._turn(order, seen, ("delivered",), changes, "undo_delivery")
        except BrokenRule as error:
            raise Refused("undo_delivery", (obstacle("equipment_loan_went_on"),)) from error

    def fitted(self, order: OrderId, seen: int, *, when: datetime | None = None) -> Order:
        """Ready for use. Raises IllegalMove when it is not delivered, Refused when nothing is to be fitted."""
        with self._begin() as work:
            check_fits(fresh(work, order, seen))
            return changed(work, order, seen, {"state": "fitted", "fitted_at": when or work.now})

    def fitting_undone(self, order: OrderId, seen: int) -> Order:
        """Undo of ``fitted``."""
        return self._turn(order, seen, ("fitted",), {"state": "delivered", "fitted_at": None})

    def not_delivered(self, order: OrderId, seen: int, reason: str) -> Order:
        """Nobody in, refused, did not fit through the door: put by as before, without a time. Raises BadValues."""
        check_reason(reason)
        with self._begin() as work:
            now = fresh(work, order, seen)
            only(now, (*PUT_BY, "in_van"), "reserved")
            changes = {"state": "reserved", "slot": None, "reason": reason.strip(), "tries": now.tries + 1}
            return changed(work, order, seen, changes)

    def not_fitted(self, order: OrderId, seen: int, reason: str) -> Order:
        """It is there, and could not be fitted: still to be fitted, without a time. Raises BadValues."""
        check_reason(reason)
        with self._begin() as work:
            now = fresh(work, order, seen)
            check_fits(now)
            return changed(work, order, seen, {"fit_slot": None, "reason": reason.strip(), "tries": now.tries + 1})

    def cancel(self, order: OrderId, seen: int, reason: str) -> Order:
        """It is wanted no longer: what was put by is free again. Raises BadValues, IllegalMove once it is delivered."""
        check_reason(reason)
        changes = {"state": "cancelled", "reason": reason.strip(), "store": None, "item_id": None, "slot": None}
        return self._turn(order, seen, ("ordered", *PUT_BY, "in_van"), changes)

    def restore(self, order: OrderId, seen: int) -> Order:
        """Undo of ``cancel``: ordered; it has to be reserved anew. Raises Refused when the person has died since, or
        the row of the plan is ordered already."""

        def change(work: Work) -> Order:
            now = fresh(work, order, seen)
            only(now, ("cancelled",), "ordered")
            person = work.people.get(now.person_id)
            if person is not None and person.fields.deceased_on is not None:
                raise Refused("restore_order", (obstacle("equipment_order_person_died"),))
            return changed(work, order, seen, {"state": "ordered", "reason": "", "cause": None})

        try:
            return self._explained("restore_order", order, None, change)
        except AlreadyExists as error:
            raise Refused("restore_order", (obstacle("equipment_ordered_already"),)) from error
