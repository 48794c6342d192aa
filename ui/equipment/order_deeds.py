"""What is done with orders: ordered, delivered, fitted, changed, cancelled; each with its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.equipment.model import Order, OrderSource
from ui.equipment import words
from ui.equipment.order_form import OrderForm
from ui.equipment.ordering import OrderFor
from ui.equipment.reserve_deeds import ReserveDeeds
from ui.equipment.slot_deeds import SlotDeeds
from ui.equipment.typed import whole
from ui.equipment.who_first import WhoFirst
from ui.widgets.basics import TextArea
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

Seen = Sequence[tuple[Any, int]]


class OrderDeeds:
    """``deeds`` asks at the side and says what was done; ``form`` is the order form while it stands there."""

    def __init__(self, deeds: Any, page: Any) -> None:
        self._deeds, self._page = deeds, page
        self.form: OrderForm | None = None
        self.slots, self.reserving = SlotDeeds(deeds, page), ReserveDeeds(deeds, page)

    def table(self) -> dict[str, Any]:
        """By the name of the command: when it may be done, and how."""
        slots, reserving = self.slots, self.reserving

        def under_way(o: Order) -> bool:
            return o.state in ("reserved", "slot_agreed", "in_van")

        return {
            "reserve": (lambda o: o.state == "ordered" or o.promised_from is not None, reserving.reserve),
            "release": (under_way, reserving.release),
            "slot": (lambda o: o.state == "reserved" or (o.is_to_fit and o.fit_slot is None), slots.slot),
            "no_slot": (lambda o: o.state == "slot_agreed" or (o.is_to_fit and o.fit_slot is not None), slots.no_slot),
            "van": (under_way, self.van),
            "done": (under_way, self.delivered),
            "other": (lambda o: under_way(o) and o.single, self.another_one),
            "fitted": (lambda o: o.is_to_fit, self.fitted),
            "failed": (lambda o: under_way(o) or o.is_to_fit, self.failed),
            "exchange": (lambda o: o.promised_from is not None and o.single and o.slot is None, reserving.exchange),
            "instead": (lambda o: o.state == "ordered", reserving.instead),
            "edit": (lambda o: o.is_open, self.edit),
            "cancel": (lambda o: o.state == "ordered" or under_way(o), self.cancel),
            "again": (lambda o: o.state in ("cancelled", "delivered", "fitted"), self.again),
            "visit": (lambda o: o.slot is not None or o.fit_slot is not None, slots.visit),
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
            self._deeds.ask_with("Who is it for?", finder, "", lambda: None)
            finder.begin()
            return
        self.form = OrderForm(self._page.desk, wanted)
        self.form.ordered.connect(self._ordered)
        self._deeds.ask_with(f"Equipment for {wanted.who}", self.form, "Order", self.form.save)
        self.form.begin()

    def _ordered(self, order: Order) -> None:
        self._deeds.leave()
        said = f"{words.thing(order.name, order.serial, order.quantity)} is ordered"
        said += f" and {words.reserved_words(order)}." if order.state == "reserved" else "."
        service = self._service

        def back() -> None:
            def call() -> object:
                now = service.order(order.id)
                return service.cancel(now.id, now.revision, "Ordered by mistake")

            self._page.run(call, lambda _done: self._page.refresh())

        self._page.desk.notices.say(said, undo=back)
        self._page.key = order.id
        self._page.refresh()

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
