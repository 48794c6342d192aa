"""What is done with orders: put by, agree a time, deliver, fit, something else instead, cancel; each with its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.deployment.model import Visit
from coordination.equipment.deliveries import FreeSlot, Offer
from coordination.equipment.loans_model import CollectionId
from coordination.equipment.model import Order, OrderId, OrderSource
from coordination.equipment.stock_model import Availability
from coordination.errors import BadValue, BadValues, Refused
from coordination.values import VisitId, new_id
from ui.equipment import words
from ui.equipment.order_form import OrderForm, WhoFirst
from ui.equipment.ordering import OrderFor
from ui.equipment.slot_list import SlotList
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

Seen = Sequence[tuple[Any, int]]


class OrderDeeds:
    """``deeds`` asks at the side and says what was done; ``form`` is the order form while it stands there."""

    def __init__(self, deeds: Any, page: Any) -> None:
        self._deeds, self._page = deeds, page
        self.form: OrderForm | None = None

    def table(self) -> dict[str, Any]:
        """By the name of the command: when it may be done, and how."""

        def under_way(o: Order) -> bool:
            return o.state in ("reserved", "slot_agreed", "in_van")

        return {
            "reserve": (lambda o: o.state == "ordered", self.reserve),
            "release": (under_way, self.release),
            "slot": (lambda o: o.state == "reserved" or (o.is_to_fit and o.fit_slot is None), self.slot),
            "no_slot": (lambda o: o.state == "slot_agreed" or (o.is_to_fit and o.fit_slot is not None), self.no_slot),
            "van": (under_way, self.van),
            "done": (under_way, self.delivered),
            "other": (lambda o: under_way(o) and o.single, self.another_one),
            "fitted": (lambda o: o.is_to_fit, self.fitted),
            "failed": (lambda o: under_way(o) or o.is_to_fit, self.failed),
            "instead": (lambda o: o.state == "ordered", self.instead),
            "edit": (lambda o: o.is_open, self.edit),
            "cancel": (lambda o: o.state == "ordered" or under_way(o), self.cancel),
            "again": (lambda o: o.state in ("cancelled", "delivered", "fitted"), self.again),
            "visit": (lambda o: o.slot is not None or o.fit_slot is not None, self.visit),
        }

    @property
    def _service(self) -> Any:
        return self._page.desk.services.equipment

    # ------------------------------------------------------------------ to order

    def new(self, wanted: OrderFor | None = None) -> None:
        """Find the person, then what they need."""
        if wanted is None and self._page.of is not None:
            of = self._page.of
            source: OrderSource = "transfer" if of.transfer_id is not None else "by_hand"
            wanted = OrderFor(of.person_id, of.who, source=source, transfer_id=of.transfer_id)
        if wanted is None:
            finder = WhoFirst(self._page.desk, self.new)
            self._deeds.hold("Who is it for?", finder, "", lambda: None)
            finder.begin()
            return
        self.form = OrderForm(self._page.desk, wanted)
        self.form.ordered.connect(self._ordered)
        self._deeds.hold(f"Equipment for {wanted.who}", self.form, "Order", self.form.save)
        self.form.begin()

    def _ordered(self, order: Order) -> None:
        self._deeds.leave()
        said = f"{words.thing(order.name, order.serial, order.quantity)} is ordered"
        said += f" and put by at {order.store_name}." if order.state == "reserved" else "."
        service = self._service

        def back() -> None:
            def call() -> object:
                now = service.order(order.id)
                return service.cancel(now.id, now.revision, "Ordered by mistake")

            self._page.run(call, lambda _done: self._page.refresh())

        self._page.desk.notices.say(said, undo=back)
        self._page.key = order.id
        self._page.refresh()

    # ------------------------------------------------------------------ put by

    def reserve(self, order: Order) -> None:
        """What is not there is said, and what does instead is offered at once."""
        page, service = self._page, self._service

        def done(now: Order) -> None:
            page.desk.notices.say(
                f"{words.thing(now.name, now.serial, now.quantity)} is put by at {now.store_name}.",
                undo=lambda: page.run(lambda: service.release(now.id, now.revision), lambda _x: page.refresh()),
            )
            page.refresh()

        def failed(error: Exception) -> bool:
            page.refresh()
            if isinstance(error, Refused) and any(o.code == "equipment_substitute_free" for o in error.obstacles):
                page.desk.notices.error(error)
                self.instead(order)
                return True
            return False

        page.run(lambda: service.reserve(order.id, order.revision), done, failed)

    def release(self, order: Order) -> None:
        service = self._service
        self._deeds.do(
            lambda: service.release(order.id, order.revision), f"{order.name} is free for others again.",
            lambda now: lambda: service.reserve(now.id, now.revision, order.store, order.item_id),
        )  # fmt: skip

    def instead(self, order: Order) -> None:
        page, service = self._page, self._service

        def show(found: Availability) -> None:
            if not found.substitutes:
                page.desk.notices.warn(f"{words.availability_words(found)} Nothing that would do instead is free.")
                return
            form = Form()
            choice = Choice([
                (sub.code, f"{sub.name}: {line.free} free, {line.store_name}") for sub, line in found.substitutes
            ])  # fmt: skip
            choice.set_value(found.substitutes[0][0].code)
            notes = "; ".join(f"{sub.name}: {sub.note}" for sub, _ in found.substitutes if sub.note)
            form.add("model", "Instead", choice, required=True, help=f"{words.availability_words(found)} {notes}")
            self._deeds.ask(
                f"Instead of {order.name}", form, "Put this by",
                lambda: service.reserve_instead(order.id, order.revision, form.value("model")),
                f"Put by instead of {order.name}.", None,
            )  # fmt: skip

        page.run(lambda: service.available(order.model, order.quantity, order.locality), show, latest="available")

    # ------------------------------------------------------------------ when somebody comes

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
            self._deeds.hold(f"{offer.asked.who}: when?", slots, "Agree this time", slots.take)
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
                page.desk.go.to("deliveries", (found.team_id, found.day))

        page.run(lambda: deliveries.visit_of(row.id), show, latest="visit")

    # ------------------------------------------------------------------ what came of it

    def van(self, order: Order) -> None:
        service, inside = self._service, order.state == "in_van"
        there, back = (service.unload, service.load) if inside else (service.load, service.unload)
        said = f"{order.name} is {'out of the van' if inside else 'in the van'}."
        self._deeds.do(lambda: there(order.id, order.revision), said, lambda now: lambda: back(now.id, now.revision))

    def delivered(self, order: Order) -> None:
        service = self._service
        said = f"{words.thing(order.name, order.serial, order.quantity)} is delivered."
        if order.fitting:
            said += " It is still to be fitted: F."
        self._deeds.do(
            lambda: service.delivered(order.id, order.revision), said,
            lambda now: lambda: service.delivery_undone(now.id, now.revision),
        )  # fmt: skip

    def another_one(self, order: Order) -> None:
        """Not the one that was put by: its serial number says which."""
        service = self._service
        form = Form()
        form.add("serial", "Serial number of what was brought", QLineEdit(), required=True)
        self._deeds.ask(
            f"{order.name} for {order.who}", form, "This one is delivered",
            lambda: service.delivered(order.id, order.revision, serial=str(form.value("serial"))),
            f"{order.name} is delivered.", lambda now: lambda: service.delivery_undone(now.id, now.revision),
        )  # fmt: skip

    def fitted(self, order: Order) -> None:
        service = self._service
        self._deeds.do(
            lambda: service.fitted(order.id, order.revision), f"{order.name} is fitted.",
            lambda now: lambda: service.fitting_undone(now.id, now.revision),
        )  # fmt: skip

    def failed(self, order: Order) -> None:
        service, fitting = self._service, order.is_to_fit
        form = Form()
        form.add("reason", "What was in the way?", TextArea(2), required=True)
        call = service.not_fitted if fitting else service.not_delivered
        said = "It is still to be fitted." if fitting else "It is put by again, without a time."
        self._deeds.ask(
            f"{order.name}: not {'fitted' if fitting else 'delivered'}", form, "Save",
            lambda: call(order.id, order.revision, str(form.value("reason"))), said, None,
        )  # fmt: skip

    def again(self, order: Order) -> None:
        service = self._service
        call, said = {
            "cancelled": (service.restore, f"{order.name} is ordered again."),
            "delivered": (service.delivery_undone, f"{order.name} is not delivered after all."),
            "fitted": (service.fitting_undone, f"{order.name} is still to be fitted."),
        }[order.state]
        self._deeds.do(lambda: call(order.id, order.revision), said, None)

    # ------------------------------------------------------------------ changed, cancelled

    def edit(self, order: Order) -> None:
        service = self._service
        form = Form()
        wanted, until = DateEdit(), DateEdit()
        wanted.set_value(order.wanted_by)
        until.set_value(order.until_on)
        form.add("wanted_by", "Wanted by", wanted, required=True)
        form.add("until_on", "On loan until", until, help="Empty: as long as it is needed.")
        if not order.single and order.state == "ordered":
            form.add("quantity", "How many", QLineEdit(str(order.quantity)))
        form.add("note", "Note", TextArea(2))
        form.set_values({"note": order.note})

        def call() -> Order:
            v = form.values()
            return service.change(  # type: ignore[no-any-return]
                order.id, order.revision, wanted_by=v["wanted_by"] or order.wanted_by, until_on=v["until_on"],
                note=v["note"], quantity=whole(v["quantity"], "quantity") if "quantity" in v else None,
            )  # fmt: skip

        def back(now: Order) -> Callable[[], object]:
            return lambda: service.change(
                now.id, now.revision, wanted_by=order.wanted_by, until_on=order.until_on, note=order.note,
                quantity=order.quantity if now.state == "ordered" else None,
            )  # fmt: skip

        self._deeds.ask(f"{order.who}: {order.name}", form, "Save", call, "Saved.", back)

    def cancel(self, order: Order) -> None:
        service = self._service
        form = Form()
        form.add("reason", "Why is it wanted no longer?", TextArea(2), required=True)
        day = words.slot_words(order.slot, self._page.desk.clock.now())
        said = f"{order.name} is cancelled." + (f" {day} is free again." if day else "")
        self._deeds.ask(
            f"Cancel {order.name} for {order.who}", form, "Cancel the order",
            lambda: service.cancel(order.id, order.revision, str(form.value("reason"))), said,
            lambda now: lambda: service.restore(now.id, now.revision),
        )  # fmt: skip


def whole(typed: object, name: str) -> int:
    """A number as somebody types it. Raises BadValues."""
    text = str(typed or "").strip()
    if not text.isdecimal():
        raise BadValues((BadValue(name, "not_a_number"),))
    return int(text)
