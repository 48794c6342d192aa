"""Use cases of deliveries (D6): when somebody can come; a time taken makes the visit, given back it takes it away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from coordination.clock import local_date
from coordination.deployment.drafts import check_drafts
from coordination.deployment.model import PersonBrief, Visit, VisitDraft
from coordination.equipment import deliveries, slots
from coordination.equipment.deliveries import Asked, Delivery, DeliveryId, FreeSlot, Offer
from coordination.equipment.loans_model import Collection, CollectionId
from coordination.equipment.model import Order, OrderId
from coordination.errors import AlreadyExists, BrokenRule, Conflict, NotFound, Obstacle, Refused, obstacle
from coordination.values import VisitId, Window, new_id

if TYPE_CHECKING:
    from coordination.work import Begin, Work

Seen = tuple[OrderId, int]
SeenCollection = tuple[CollectionId, int]
_MOST_OFFERED = 12
_SAID = {
    "delivery_time_is_agreed", "delivery_person_is_shared", "delivery_is_to_its_person", "delivery_went_on",
    "equipment_item_promised_once", "equipment_stock_is_promised", "equipment_promise_has_passed",
}  # fmt: skip


class Deliveries:
    """Times at which an equipment team comes. One visit does what is to be done for one person."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def offer(
        self, orders: Sequence[OrderId], collections: Sequence[CollectionId] = (), most: int = _MOST_OFFERED
    ) -> Offer:
        """When somebody could come for all of it, the soonest first. Raises NotFound; Refused('take_slot', …) for what
        is not put by yet, is there already, or is to more than one person."""
        with self._begin() as work:
            asked, person = _asked(work, orders, collections)
            return Offer(asked, _free(work, asked, person, _first(work, orders))[:most])

    def take(
        self,
        visit: VisitId,
        orders: Sequence[Seen],
        slot: FreeSlot,
        collections: Sequence[SeenCollection] = (),
    ) -> Visit:
        """Agree the time, and plan the visit that keeps it. Sent again with the same ``visit`` it plans nothing twice.

        Raises Refused('take_slot', …): what the store has not put by is not promised, nor time that the team has not
        (``delivery_slot_gone`` with the ``soonest`` that there is); Conflict; NotFound.
        """
        try:
            with self._begin() as work:
                there = work.deployment.visit(visit)
                return there if there is not None else _take(work, visit, orders, collections, slot)
        except BrokenRule as error:
            if error.constraint not in _SAID:
                raise
            raise Refused("take_slot", (obstacle(error.constraint),)) from error
        except AlreadyExists as error:
            if not error.constraint.startswith("delivery_one_visit"):
                raise
            raise Refused("take_slot", (obstacle("delivery_has_a_visit"),)) from error

    def give_back(self, visit: VisitId) -> tuple[Delivery, ...]:
        """Nobody comes at that time: what the visit was to do is without a time again, and the database calls the visit
        off. What it carried. Undo: ``take`` at the same time.

        Raises NotFound; Refused('give_back', …) when the visit is over.
        """
        with self._begin() as work:
            found = _visit(work, visit)
            if found.is_over:
                raise Refused("give_back", (obstacle("visit_over", person=found.person.listed, state=found.state),))
            lines = tuple(line for line in work.deliveries.of_visits([visit]) if line.state == "planned")
            for line in lines:
                _let_go(work, line)
            return lines

    def on_visit(self, visit: VisitId) -> tuple[Delivery, ...]:
        """What a visit carries, and what came of it."""
        with self._begin() as work:
            return tuple(work.deliveries.of_visits([visit]))

    def visit_of(self, key: OrderId | CollectionId) -> Visit | None:
        """The visit that is planned for an order or a collection, if there is one."""
        with self._begin() as work:
            found = work.deliveries.visits_of(key)
            return work.deployment.visit(found[0]) if found else None


def _asked(work: Work, orders: Sequence[OrderId], collections: Sequence[CollectionId]) -> tuple[Asked, PersonBrief]:
    found = [work.equipment.order(key) for key in orders]
    to_collect = [work.equipment.collection(key) for key in collections]
    in_the_way = [o for o in map(_not_yet, found) if o is not None]
    in_the_way += [
        obstacle("delivery_not_to_collect", model=c.name, state=c.state) for c in to_collect if c.state != "to_collect"
    ]
    if len({o.person_id for o in found} | {c.person_id for c in to_collect}) != 1:
        in_the_way.append(obstacle("delivery_of_several"))
    if in_the_way:
        raise Refused("take_slot", tuple(in_the_way))
    asked = deliveries.asked(found, to_collect)
    person = work.deliveries.person(asked.person_id)
    if person is None:
        raise NotFound("person", str(asked.person_id))
    return asked, person


def _let_go(work: Work, line: Delivery) -> None:
    """Without a time again, put by as before."""
    if line.collection_id is not None:
        one = work.equipment.collection(line.collection_id)
        work.equipment.change_collection(one.id, one.revision, {"state": "to_collect", "slot": None})
    elif line.order_id is not None:
        order = work.equipment.order(line.order_id)
        changes = {"fit_slot": None} if line.errand == "fit" else {"state": "reserved", "slot": None}
        work.equipment.change_order(order.id, order.revision, changes)


def _not_yet(order: Order) -> Obstacle | None:
    if order.state == "ordered":
        return obstacle("delivery_not_put_by", model=order.name)
    if order.state == "reserved" or (order.is_to_fit and order.fit_slot is None):
        return None
    return obstacle("delivery_has_a_time", model=order.name, state=order.state)


def _first(work: Work, orders: Sequence[OrderId]) -> date:
    """From when on all of it can be brought. What is promised for a later day is brought in the week before it."""
    rules, today = deliveries.rules(), local_date(work.now)
    found = today
    for order in (work.equipment.order(key) for key in orders):
        if order.promised_from is not None:
            there = work.equipment.earliest(order.id) or order.promised_from
            found = max(found, there, order.promised_from - timedelta(days=rules.days - 1))
    return found


def _free(work: Work, asked: Asked, person: PersonBrief, today: date) -> tuple[FreeSlot, ...]:
    rules = deliveries.rules()
    last = today + timedelta(days=rules.days)
    found: list[FreeSlot] = []
    for team in work.deliveries.teams(asked.locality or None):
        days = work.deliveries.team_days(team, today, last)
        found += slots.free_slots(days, asked, person.place, rules, work.now, today)
    first = dict.fromkeys((s.window.start, s.window.end) for s in sorted(found, key=lambda s: s.window.start))
    return tuple(next(s for s in found if (s.window.start, s.window.end) == each) for each in first)


def _take(
    work: Work, visit: VisitId, orders: Sequence[Seen], collections: Sequence[SeenCollection], slot: FreeSlot
) -> Visit:
    day = local_date(slot.window.start)
    work.deliveries.hold_round(slot.team_id)
    asked, person = _asked(work, [key for key, _ in orders], [key for key, _ in collections])
    team = next((t for t in work.deliveries.teams(None) if t.team_id == slot.team_id), None)
    if team is None:
        raise NotFound("team", str(slot.team_id))
    days = work.deliveries.team_days(team, day, day)
    if not slots.still_free(days, asked, person.place, deliveries.rules(), work.now, slot.window):
        soonest = _free(work, asked, person, _first(work, [key for key, _ in orders]))
        raise Refused(
            "take_slot",
            (obstacle("delivery_slot_gone", window=slot.window, soonest=tuple(s.window for s in soonest[:3])),),
        )
    _agree(work, asked, slot.window, dict(orders), dict(collections))
    draft = VisitDraft(
        visit, asked.person_id, slot.team_id, day, slot.window, asked.minutes, asked.need, asked.workers, asked.skills,
        access_notes=_access(asked, person),
    )  # fmt: skip
    check_drafts([draft])
    work.deployment.add_visits([draft])
    work.deliveries.add(visit, [(DeliveryId(new_id()), each) for each in asked.errands])
    return _visit(work, visit)


def _agree(
    work: Work, asked: Asked, window: Window, orders: dict[OrderId, int], collections: dict[CollectionId, int]
) -> None:
    """Each order and collection says the time; whoever saw it otherwise is told."""
    for each in asked.errands:
        if each.errand == "collect":
            key = CollectionId(each.key)
            done = work.equipment.change_collection(key, collections[key], {"state": "slot_agreed", "slot": window})
            current: Order | Collection = work.equipment.collection(key)
            seen = collections[key]
        else:
            order = OrderId(each.key)
            changes = {"fit_slot": window} if each.errand == "fit" else {"state": "slot_agreed", "slot": window}
            seen = orders[order]
            done = work.equipment.change_order(order, seen, changes)
            current = work.equipment.order(order)
        if not done:
            raise Conflict("community_equipment", str(each.key), seen, current)


def _access(asked: Asked, person: PersonBrief) -> str:
    """Where it goes, when that is not where the person lives: the apartment of a stay."""
    home = person.address.strip()
    return "" if not asked.place.strip() or asked.place.strip() == home else f"To: {asked.place.strip()}"[:500]


def _visit(work: Work, visit: VisitId) -> Visit:
    found = work.deployment.visit(visit)
    if found is None:
        raise NotFound("visit", str(visit))
    return found
