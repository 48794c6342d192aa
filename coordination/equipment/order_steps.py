"""What acts on an order have in common: as it was seen, from where it may begin, what is said when it is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from coordination.equipment import rules
from coordination.equipment.model import Order, OrderId, OrderState
from coordination.equipment.stock_model import Availability, StockLine
from coordination.equipment.store import Certain
from coordination.errors import BadValues, BrokenRule, Conflict, IllegalMove, NotFound, Obstacle, Refused, obstacle
from coordination.values import Window
from coordination.work import Begin, Work

_TAKEN = {
    "equipment_stock_not_below_zero", "equipment_item_one_place", "equipment_item_is_there",
    "equipment_item_promised_once", "equipment_stock_is_promised",
}  # fmt: skip
SAID = {
    "equipment_item_failed", "equipment_item_service_past", "equipment_item_of_its_model",
    "equipment_order_of_its_person",
    "equipment_order_person_died", "equipment_not_still_to_come", "equipment_model_is_withdrawn",
    "equipment_store_is_closed", "equipment_promise_has_passed",
}  # fmt: skip
PUT_BY: tuple[OrderState, ...] = ("reserved", "slot_agreed")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for that is not there: another model, this store, from this day on."""

    model: str | None = None
    store: str | None = None
    day: date | None = None


class OrderSteps:
    """One transaction an act."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def order(self, order: OrderId) -> Order:
        """Raises NotFound."""
        with self._begin() as work:
            return work.equipment.order(order)

    def _turn(
        self, order: OrderId, seen: int, of: tuple[OrderState, ...], changes: Mapping[str, object],
        action: str = "change_order",
    ) -> Order:  # fmt: skip
        """From one of these states to another. Raises IllegalMove, Conflict; Refused where what it needs is not there
        any more."""

        def change(work: Work) -> Order:
            now = fresh(work, order, seen)
            only(now, of, str(changes["state"]))
            return changed(work, order, seen, changes)

        return self._explained(action, order, None, change)

    def _explained(self, action: str, order: OrderId, asked: Asked | None, change: Callable[[Work], Order]) -> Order:
        """Do it; when the database refuses because it is not there any more, say what is."""
        try:
            with self._begin() as work:
                return change(work)
        except BrokenRule as error:
            if error.constraint in _TAKEN:
                raise Refused(action, self._instead(order, asked or Asked())) from error
            if error.constraint in SAID:
                raise Refused(action, (obstacle(error.constraint),)) from error
            raise

    def _instead(self, order: OrderId, asked: Asked) -> tuple[Obstacle, ...]:
        with self._begin() as work:
            now = work.equipment.order(order)
            there = availability_of(work, asked.model or now.model, now.quantity, now.locality, asked.day)
        return rules.in_the_way(there, asked.store or now.store or None, now.quantity)


def availability_of(work: Work, code: str, quantity: int, locality: str, day: date | None = None) -> Availability:
    """What is free of a model and of what does instead: now, or from ``day`` on. Raises NotFound."""
    model = next((m for m in work.equipment.catalogue() if m.code == code), None)
    if model is None:
        raise NotFound("community_equipment", code)
    codes = (code, *(s.code for s in model.substitutes))
    certain = work.equipment.certain(codes, quantity, day or work.equipment.today())
    lines = [_as_certain(line, certain, day) for line in work.equipment.stock(None, codes)]
    return rules.availability(model, lines, quantity, locality, day)


def _as_certain(line: StockLine, certain: Mapping[tuple[str, str], Certain], day: date | None) -> StockLine:
    known = certain.get((line.store, line.model), Certain(0, None))
    return replace(line, soonest=known.soonest, free=line.free if day is None else known.free)


def fresh(work: Work, order: OrderId, seen: int) -> Order:
    """The order, if it is still as the screen saw it. Raises Conflict."""
    current = work.equipment.order(order)
    if current.revision != seen:
        raise Conflict("community_equipment", str(order), seen, current)
    return current


def changed(work: Work, order: OrderId, seen: int, changes: Mapping[str, object]) -> Order:
    done = work.equipment.change_order(order, seen, changes)
    current = work.equipment.order(order)
    if not done:
        raise Conflict("community_equipment", str(order), seen, current)
    return current


def only(order: Order, states: tuple[OrderState, ...], wanted: str) -> None:
    """What is legal as the undo of one act is not another act. Raises IllegalMove."""
    if order.state not in states:
        raise IllegalMove("equipment", order.state, wanted)


def check_fits(order: Order) -> None:
    if not order.fitting:
        raise Refused("fit_equipment", (obstacle("equipment_nothing_to_fit", model=order.name),))
    only(order, ("delivered",), "fitted")


def check_slot(slot: Window, now: datetime) -> None:
    if slot.end <= now:
        raise Refused("agree_slot", (obstacle("equipment_slot_has_passed"),))


def check_reason(reason: str) -> None:
    problems = rules.check_words("reason", reason, rules.LONGEST_REASON, required=True)
    if problems:
        raise BadValues(tuple(problems))
