"""What is done to reserve: put by, promised from a later day on, something else or another day instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coordination.clock import local_date
from coordination.equipment import rules
from coordination.equipment.model import Order
from coordination.equipment.stock_model import Availability
from coordination.errors import Refused
from ui import wording
from ui.equipment import store_words, words
from ui.widgets.basics import Choice
from ui.widgets.fields import Form

OTHERWISE = {"equipment_substitute_free", "equipment_certain_from"}
"""What a refusal says can be had instead"""


class ReserveDeeds:
    """``deeds`` asks at the side and says what was done."""

    def __init__(self, deeds: Any, page: Any) -> None:
        self._deeds, self._page = deeds, page

    @property
    def _service(self) -> Any:
        return self._page.desk.services.equipment

    def reserve(self, order: Order) -> None:
        """What is not there is said, and what can be had instead is offered at once. What was promised for a later day
        is put by now."""
        page, service = self._page, self._service
        day = order.promised_from

        def call() -> Order:
            if day is not None:
                return service.put_by(order.id, order.revision)  # type: ignore[no-any-return]
            return service.reserve(order.id, order.revision)  # type: ignore[no-any-return]

        def done(now: Order) -> None:
            def back() -> object:
                if day is not None:
                    return service.promise_again(now.id, now.revision, day)
                return service.release(now.id, now.revision)

            page.desk.notices.say(
                f"{words.thing(now.name, now.serial, now.quantity)} is {words.reserved_words(now)}.",
                undo=lambda: page.run(back, lambda _x: page.refresh()),
            )
            page.refresh()

        def failed(error: Exception) -> bool:
            page.refresh()
            if day is None and isinstance(error, Refused) and any(o.code in OTHERWISE for o in error.obstacles):
                page.desk.notices.error(error)
                self.instead(order)
                return True
            return False

        page.run(call, done, failed)

    def release(self, order: Order) -> None:
        service, day = self._service, order.promised_from
        self._deeds.do(
            lambda: service.release(order.id, order.revision), f"{order.name} is free for others again.",
            lambda now: lambda: service.reserve(
                now.id, now.revision, order.store, None if day else order.item_id, from_on=day
            ),
        )  # fmt: skip

    def exchange(self, order: Order) -> None:
        """Another one keeps the promise for the later day; this one can serve somebody today."""
        service, item = self._service, order.item_id
        self._deeds.do(
            lambda: service.exchange(order.id, order.revision),
            f"{order.name} {order.serial} is free; {order.who} has another one promised.",
            lambda now: lambda: service.exchanged_back(now.id, now.revision, item),
        )  # fmt: skip

    def instead(self, order: Order) -> None:
        """Another day, or another model that does instead."""
        page, service = self._page, self._service
        today = local_date(page.desk.clock.now())
        day = order.wanted_by if order.wanted_by > today + rules.PUT_BY_AHEAD else None

        def show(found: Availability) -> None:
            ways = _ways(found)
            if not ways:
                page.desk.notices.warn(
                    f"{store_words.availability_words(found)} Nothing that would do instead is free."
                )
                return
            form = Form()
            choice = Choice(list(ways))
            choice.set_value(ways[0][0])
            notes = "; ".join(f"{sub.name}: {sub.note}" for sub, _ in found.substitutes if sub.note)
            form.add(
                "way", "Instead", choice, required=True, help=f"{store_words.availability_words(found)} {notes}".strip()
            )

            def call() -> Order:
                model, store, on = form.value("way")
                if model == order.model:
                    return service.reserve(order.id, order.revision, store, from_on=on)  # type: ignore[no-any-return]
                return service.reserve_instead(  # type: ignore[no-any-return]
                    order.id, order.revision, model, store, from_on=on
                )

            def back(now: Order) -> Callable[[], object]:
                return lambda: service.instead_undone(now.id, now.revision, order.model)

            self._deeds.ask(
                f"Instead of {order.name}" if day is None else f"{order.name}: another way", form, "Reserve this", call,
                f"Reserved for {order.who}.", back,
            )  # fmt: skip

        page.run(lambda: service.available(order.model, order.quantity, order.locality, day), show, latest="available")


def _ways(found: Availability) -> tuple[tuple[tuple[Any, ...], str], ...]:
    """Model, store and day, in words: the nearest day of what was asked for, then what does instead."""
    dated = sorted((x.soonest, x.store_name, x.store) for x in found.lines if x.soonest is not None)
    days = [((found.model.code, store, day), f"The same from {wording.day(day)}, {name}") for day, name, store in dated]
    instead = [
        ((sub.code, line.store, found.day), f"{sub.name}: {line.free} free, {line.store_name}")
        for sub, line in found.substitutes
    ]
    return (*instead, *days[:2]) if found.free == 0 else (*days[:2], *instead)
