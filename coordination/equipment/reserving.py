"""Use cases of reserving (D6): put by now, promised for a later day, something else instead, and each step back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from coordination.equipment import rules
from coordination.equipment.model import Order, OrderId
from coordination.equipment.order_steps import PUT_BY, Asked, OrderSteps, availability_of, changed, fresh, only
from coordination.equipment.stock_model import Availability, ItemId, StockLine
from coordination.errors import BadValue, BadValues, IllegalMove, Obstacle, Refused, obstacle
from coordination.work import Work

_FREE: Mapping[str, object] = {"state": "ordered", "store": None, "item_id": None, "slot": None}


class Reserving(OrderSteps):
    """Nothing is promised that is not there, now or on its day."""

    def available(self, model: str, quantity: int = 1, locality: str = "", day: date | None = None) -> Availability:
        """What is free where, when the next comes back, which substitutes are there: now, or from ``day`` on.

        Raises NotFound."""
        with self._begin() as work:
            later = day if day is not None and day > work.equipment.today() else None
            return availability_of(work, model, quantity, locality, later)

    def reserve(
        self, order: OrderId, seen: int, store: str | None = None, item: ItemId | None = None,
        from_on: date | None = None,
    ) -> Order:  # fmt: skip
        """Reserve what was ordered. ``store`` None: the nearest that has it; ``item``: this one and no other.

        What is wanted within a week, and lies in a store, is put by. What is wanted later, or is certain to be there
        only on its day, is promised from that day on; ``from_on``: from another day on. Raises Refused when it is not
        there: what is free where, from which day on it can be promised, which substitutes are there; Conflict,
        IllegalMove.
        """
        return self._reserve(order, seen, Asked(None, store, from_on), item)

    def reserve_instead(
        self, order: OrderId, seen: int, model: str, store: str | None = None, from_on: date | None = None
    ) -> Order:
        """Order ``model`` instead and reserve it. Raises as ``reserve``; NotFound for what is in no catalogue."""
        return self._reserve(order, seen, Asked(model, store, from_on), None)

    def release(self, order: OrderId, seen: int) -> Order:
        """Undo of ``reserve``: free for others again, and a time that was agreed is agreed no longer."""
        return self._turn(order, seen, PUT_BY, dict(_FREE))

    def instead_undone(self, order: OrderId, seen: int, model: str) -> Order:
        """Undo of ``reserve_instead``: ``model`` is ordered again, and nothing is reserved.

        Raises IllegalMove once more than that has happened; BadValues, Conflict."""
        with self._begin() as work:
            now = fresh(work, order, seen)
            only(now, ("reserved",), "ordered")
            if all(m.code != model for m in work.equipment.catalogue()):
                raise BadValues((BadValue("model", "not_in_the_catalogue"),))
            return changed(work, order, seen, {**_FREE, "model": model})

    def put_by(self, order: OrderId, seen: int) -> Order:
        """What was promised for a later day is put by in the store now. Raises Refused while it is not there,
        IllegalMove when it is put by already, Conflict."""

        def change(work: Work) -> Order:
            now = fresh(work, order, seen)
            if now.promised_from is None:
                raise IllegalMove("equipment", now.state, "reserved")
            changes: dict[str, object] = {"promised_from": None}
            if now.item_id is not None and (found := work.equipment.item(now.item_id)).place != "store":
                other = work.equipment.pick(now.model, now.store)
                if other is None:
                    facts = {"serial": found.serial, "place": found.place, "day": now.promised_from}
                    raise Refused("reserve_equipment", (obstacle("equipment_not_back_yet", **facts),))
                changes["item_id"] = other
            return changed(work, order, seen, changes)

        return self._explained("reserve_equipment", order, Asked(), change)

    def promise_again(self, order: OrderId, seen: int, day: date) -> Order:
        """Undo of ``put_by``: promised from ``day`` on, and not put by. Raises Refused, IllegalMove, Conflict."""

        def change(work: Work) -> Order:
            only(fresh(work, order, seen), PUT_BY, "reserved")
            return changed(work, order, seen, {"promised_from": day})

        return self._explained("reserve_equipment", order, Asked(day=day), change)

    def _reserve(self, order: OrderId, seen: int, asked: Asked, item: ItemId | None) -> Order:
        def change(work: Work) -> Order:
            now = fresh(work, order, seen)
            only(now, ("ordered",), "reserved")
            model, today = asked.model or now.model, work.equipment.today()
            day = max(asked.day or now.wanted_by, today)
            taken: Mapping[str, object] | None = None
            if item is not None or day == today or (asked.day is None and day <= today + rules.PUT_BY_AHEAD):
                store = asked.store if item is None else _lying_store(work, item)
                taken = _put_by(work, now, Asked(model, store), item, must=item is not None or day == today)
            taken = taken or _promised(work, now, Asked(model, asked.store, day))
            return changed(work, order, seen, {"state": "reserved", "model": model, "reason": "", **taken})

        return self._explained("reserve_equipment", order, asked, change)


def _put_by(
    work: Work, order: Order, asked: Asked, item: ItemId | None, *, must: bool
) -> Mapping[str, object] | None:  # fmt: skip
    """What lies in a store now; None where there is none. ``must``: raises Refused instead."""
    there = availability_of(work, asked.model or order.model, order.quantity, order.locality)
    line = _line(there, asked.store, order)
    chosen = item
    if line is not None and there.model.single and item is None:
        chosen = work.equipment.pick(there.model.code, line.store)
    if line is not None and (chosen is not None or not there.model.single):
        return {"store": line.store, "item_id": chosen}
    if must:
        raise Refused("reserve_equipment", _why_not(there, line, asked.store, order.quantity))
    return None


def _promised(work: Work, order: Order, asked: Asked) -> Mapping[str, object]:
    """What is certain from a day on. Raises Refused."""
    assert asked.day is not None
    there = availability_of(work, asked.model or order.model, order.quantity, order.locality, asked.day)
    line = _line(there, asked.store, order)
    chosen: ItemId | None = None
    if line is not None and there.model.single:
        chosen = work.equipment.pick_from(there.model.code, line.store, asked.day)
    if line is None or (there.model.single and chosen is None):
        raise Refused("reserve_equipment", _why_not(there, line, asked.store, order.quantity))
    return {"store": line.store, "item_id": chosen, "promised_from": asked.day}


def _line(there: Availability, store: str | None, order: Order) -> StockLine | None:
    """Where it is taken from."""
    if store is None:
        return rules.best_store(there, order.quantity, order.locality)
    return next((line for line in there.lines if line.store == store and line.free >= order.quantity), None)


def _why_not(there: Availability, line: StockLine | None, store: str | None, quantity: int) -> tuple[Obstacle, ...]:
    if line is None:
        return rules.in_the_way(there, store, quantity)
    # Somebody is taking the last one at this moment.
    return rules.in_the_way(_without(there, line), line.store, quantity)


def _lying_store(work: Work, item: ItemId) -> str:
    """In whose store this very one lies. Raises Refused when it is elsewhere."""
    found = work.equipment.item(item)
    if found.place != "store":
        raise Refused("reserve_equipment", (rules.elsewhere(found),))
    return found.store


def _without(there: Availability, line: StockLine) -> Availability:
    """As if it had none: what is left is being taken by somebody else."""
    return replace(there, lines=tuple(replace(x, free=0) if x is line else x for x in there.lines))
