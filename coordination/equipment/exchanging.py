"""Use cases of exchanging (D6): a promise for a later day goes over to another thing, so that this one is free."""

from __future__ import annotations

from coordination.equipment import rules
from coordination.equipment.model import Order, OrderId
from coordination.equipment.order_steps import Asked, OrderSteps, changed, fresh, only
from coordination.equipment.stock_model import ItemId
from coordination.errors import BrokenRule, IllegalMove, Refused, obstacle
from coordination.work import Work

_TAKEN = {"equipment_item_promised_once", "equipment_item_one_place", "equipment_item_is_there"}


class Exchanging(OrderSteps):
    """A promise keeps its day and its store."""

    def exchange(self, order: OrderId, seen: int) -> Order:
        """Another one of the model for what was promised for a later day: one that is certain by then, and rather one
        that nobody could have today. The one that it was is free.

        Raises Refused when there is no other, or a time to bring it is agreed; IllegalMove, Conflict.
        """

        def change(work: Work) -> Order:
            now = _promised(work, order, seen)
            assert now.promised_from is not None
            other = work.equipment.pick_from(now.model, now.store, now.promised_from)
            if other is None:
                facts = {"model": now.name, "day": now.promised_from, "store": now.store_name}
                raise Refused("exchange_equipment", (obstacle("equipment_no_other_in_time", **facts),))
            return changed(work, order, seen, {"item_id": other})

        return self._explained("exchange_equipment", order, Asked(), change)

    def exchanged_back(self, order: OrderId, seen: int, item: ItemId) -> Order:
        """Undo of ``exchange``: promised with this one. Raises Refused when it is not there any more, or is somebody
        else's by now; IllegalMove, Conflict."""
        try:
            with self._begin() as work:
                _promised(work, order, seen)
                found = work.equipment.item(item)
                if found.place not in ("store", "cleaning", "on_loan"):
                    raise Refused("exchange_equipment", (rules.elsewhere(found),))
                return changed(work, order, seen, {"item_id": item})
        except BrokenRule as error:
            if error.constraint not in _TAKEN:
                raise
            raise Refused("exchange_equipment", (obstacle("equipment_item_promised_once"),)) from error


def _promised(work: Work, order: OrderId, seen: int) -> Order:
    """The order, promised for a later day and without a time. Raises Conflict, IllegalMove, Refused."""
    now = fresh(work, order, seen)
    only(now, ("reserved", "slot_agreed"), "reserved")
    if now.promised_from is None or now.item_id is None:
        raise IllegalMove("equipment", now.state, "reserved")
    if now.slot is not None:  # the visit names what it brings
        raise Refused("exchange_equipment", (obstacle("equipment_time_is_agreed"),))
    return now
