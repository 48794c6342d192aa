"""When somebody comes to bring, fit or fetch: a time agreed with the family, given back, shown on the board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from coordination.deployment.model import Visit
from coordination.equipment.deliveries import FreeSlot, Offer
from coordination.equipment.loans_model import CollectionId
from coordination.equipment.model import Order, OrderId
from coordination.errors import Refused
from coordination.values import VisitId, new_id
from ui.equipment import words
from ui.equipment.slot_list import SlotList

Seen = Sequence[tuple[Any, int]]


class SlotDeeds:
    """``deeds`` asks at the side and says what was done."""

    def __init__(self, deeds: Any, page: Any) -> None:
        self._deeds, self._page = deeds, page

    @property
    def _service(self) -> Any:
        return self._page.desk.services.equipment

    def slot(self, order: Order) -> None:
        """Everything of the person that is put by goes in one visit."""
        ready = [
            o for o in self._page.rows
            if o.person_id == order.person_id and (o.state == "reserved" or (o.is_to_fit and o.fit_slot is None))
        ]  # fmt: skip
        self.ask_slot([(o.id, o.revision) for o in ready], ())

    def ask_slot(self, orders: Seen, collections: Seen) -> None:
        """Offer the times that the team has; the soonest stands there already."""
        page, deliveries = self._page, self._page.desk.services.deliveries
        key = VisitId(new_id())

        def show(offer: Offer) -> None:
            if not offer.slots:
                page.desk.notices.warn(
                    "The equipment team has no time for this within a week. Ask its lead, or plan it on their board."
                )
                return
            slots = SlotList(page.desk, offer)

            def take() -> None:
                slot = slots.table.current
                when = words.slot_words(slot.window, page.desk.clock.now())

                def done(visit: Visit) -> None:
                    self._deeds.leave()
                    page.desk.notices.say(
                        f"{offer.asked.who}: {when} is agreed.",
                        undo=lambda: page.run(lambda: deliveries.give_back(visit.id), lambda _x: page.refresh()),
                    )
                    page.refresh()

                def failed(error: Exception) -> bool:
                    self._deeds.leave()
                    page.refresh()
                    if isinstance(error, Refused) and error.obstacles[0].code == "delivery_slot_gone":
                        page.desk.notices.warn("Somebody took that time a moment ago. These are free now.")
                        self.ask_slot(orders, collections)
                        return True
                    return False

                page.run(lambda: deliveries.take(key, orders, slot, collections), done, failed)

            slots.taken.connect(lambda _slot: take())
            self._deeds.ask_with(f"{offer.asked.who}: when?", slots, "Agree this time", slots.take)
            slots.begin()

        ids = [key for key, _ in orders], [key for key, _ in collections]
        page.run(lambda: deliveries.offer(*ids), show, latest="offer")

    def no_slot(self, order: Order) -> None:
        service = self._service

        def otherwise() -> object:
            if order.is_to_fit:
                return service.agree_fitting(order.id, order.revision, None)
            return service.drop_slot(order.id, order.revision)

        self.give_back(order.id, otherwise)

    def give_back(self, key: OrderId | CollectionId, otherwise: Callable[[], object]) -> None:
        """The visit with all that it carries; ``otherwise`` where no visit has the time."""
        desk = self._page.desk
        deliveries, equipment = desk.services.deliveries, desk.services.equipment

        def call() -> tuple[Visit, Any] | None:
            visit = deliveries.visit_of(key)
            if visit is None:
                otherwise()
                return None
            return visit, deliveries.give_back(visit.id)

        def undo(done: tuple[Visit, Any] | None) -> Callable[[], object]:
            def again() -> object:
                if done is None:
                    return None
                visit, lines = done
                orders = [equipment.order(x.order_id) for x in lines if x.order_id]
                collections = [equipment.collection(x.collection_id) for x in lines if x.collection_id]
                slot = FreeSlot(visit.team_id, "", visit.arrive)
                return deliveries.take(
                    VisitId(new_id()), [(o.id, o.revision) for o in orders], slot,
                    [(c.id, c.revision) for c in collections],
                )  # fmt: skip

            return again

        self._deeds.do(call, "The time is given back.", undo)

    def visit(self, row: Any) -> None:
        """On the board of the deliveries."""
        page, deliveries = self._page, self._page.desk.services.deliveries

        def show(found: Visit | None) -> None:
            if found is None:
                page.desk.notices.warn(
                    "No visit is planned for this: somebody else brings it, or it was agreed by hand."
                )
            else:
                page.desk.go.to("deliveries", (found.team_id, found.day, found.id))

        page.run(lambda: deliveries.visit_of(row.id), show, latest="visit")
