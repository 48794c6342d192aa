"""What is done in the stores: taken in, moved, looked after, and how many are to be there at least."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit

from coordination.clock import local_date
from coordination.equipment.stock_model import CatalogueItem, Item, ItemId, NewItem, Place, ServiceDue, StockLine, Store
from coordination.errors import BadValue, BadValues
from coordination.values import new_id
from ui.equipment import words
from ui.equipment.messages import PLACE_WORDS
from ui.equipment.typed import whole
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

HANDS: tuple[Place, ...] = ("store", "cleaning", "in_repair", "lost", "written_off")
"""Between these anything is moved by hand."""


class StoreDeeds:
    def __init__(self, deeds: Any, page: Any) -> None:
        self._deeds, self._page = deeds, page

    @property
    def _service(self) -> Any:
        return self._page.desk.services.equipment

    def of_stock(self) -> dict[str, Any]:
        """By the name of the command: when it may be done, and how."""
        return {
            "edit": (lambda _x: True, self.minimum),
            "move": (lambda x: not x.single and x.free + x.cleaning + x.in_repair > 0, self.move_counted),
        }

    def of_items(self) -> dict[str, Any]:
        return {
            "move": (lambda i: i.place in HANDS, self.move_item),
            "service": (lambda _i: True, lambda i: self.service(i.id, i.revision, f"{i.name} {i.serial}")),
        }

    def of_service(self) -> dict[str, Any]:
        return {"done": (lambda _x: True, self.passed), "failed": (lambda _x: True, self.not_passed)}

    # ------------------------------------------------------------------ stock

    def minimum(self, line: StockLine) -> None:
        service = self._service
        form = Form()
        form.add("minimum", "How many are to be free at least", QLineEdit(str(line.minimum)), required=True)
        self._deeds.ask(
            f"{line.name}, {line.store_name}", form, "Save",
            lambda: service.set_minimum(line.store, line.model, whole(form.value("minimum"), "minimum")), "Saved.",
            lambda _now: lambda: service.set_minimum(line.store, line.model, line.minimum),
        )  # fmt: skip

    def move_counted(self, line: StockLine) -> None:
        service, key = self._service, new_id()
        there = {"store": line.free, "cleaning": line.cleaning, "in_repair": line.in_repair}

        def show(stores: tuple[Store, ...]) -> None:
            form = Form()
            start = Choice([(p, f"{PLACE_WORDS[p]}: {many}") for p, many in there.items() if many])
            first = "cleaning" if line.cleaning else "in_repair" if line.in_repair else "store"
            start.set_value(first)
            form.add("from_place", "From", start, required=True)
            to = Choice([(p, PLACE_WORDS[p]) for p in HANDS])
            to.set_value("store")
            form.add("to_place", "To", to, required=True)
            form.add("to_store", "Which store", _stores(stores, line.store))
            form.add("quantity", "How many", QLineEdit(str(there[first])), required=True)
            form.add("note", "Note", QLineEdit())

            def call() -> tuple[Any, ...]:
                v = form.values()
                moved = (whole(v["quantity"], "quantity"), v["from_place"], v["to_place"], v["to_store"])
                if (v["from_place"], line.store) == (v["to_place"], v["to_store"]):
                    raise BadValues((BadValue("to_place", "equipment_stays"),))
                service.move_counted(key, line.store, line.model, *moved[:3], to_store=v["to_store"], note=v["note"])
                return moved

            def back(moved: tuple[Any, ...]) -> Callable[[], object]:
                many, start_, to_, store = moved
                return lambda: service.move_counted(
                    new_id(), store, line.model, many, to_, start_, to_store=line.store, note="Taken back"
                )

            self._deeds.ask(f"Move {line.name}", form, "Move", call, "Moved.", back)

        self._page.run(service.stores, show, latest="stores")

    # ------------------------------------------------------------------ things with serial numbers

    def move_item(self, item: Item) -> None:
        service, key = self._service, new_id()

        def show(stores: tuple[Store, ...]) -> None:
            form = Form()
            to = Choice([(p, PLACE_WORDS[p]) for p in HANDS])
            to.set_value("cleaning" if item.place == "store" else "store")
            form.add("to_place", "Where to", to, required=True)
            form.add("to_store", "Which store", _stores(stores, item.store))
            form.add("note", "Note", QLineEdit())

            def call() -> Item:
                v = form.values()
                if (v["to_place"], v["to_store"]) == (item.place, item.store):
                    raise BadValues((BadValue("to_place", "equipment_stays"),))
                return service.move_item(  # type: ignore[no-any-return]
                    key, item.id, item.revision, v["to_place"], to_store=v["to_store"], note=v["note"]
                )

            def back(now: Item) -> Callable[[], object]:
                return lambda: service.move_item(
                    new_id(), now.id, now.revision, item.place, to_store=item.store, note="Taken back"
                )

            self._deeds.ask(f"Move {item.name} {item.serial}", form, "Move", call, "Moved.", back)

        self._page.run(service.stores, show, latest="stores")

    def service(self, item: ItemId, seen: int, name: str) -> None:
        service, key = self._service, new_id()
        form = Form()
        on, following = DateEdit(), DateEdit()
        on.set_value(local_date(self._page.desk.clock.now()))
        form.add("on", "Looked after on", on, required=True)
        form.add("failed", "", QCheckBox("It failed: it is given to nobody until it has passed"))
        form.add("next_on", "Due again on", following, help="Empty: after its usual time.")
        form.add("note", "Note", TextArea(2), help="Needed where it failed.")

        def call() -> Item:
            v = form.values()
            return service.serviced(  # type: ignore[no-any-return]
                key, item, seen, passed=not v["failed"], on=v["on"], note=v["note"], next_on=v["next_on"]
            )

        self._deeds.ask(
            f"{name}: looked after", form, "Save", call, "Recorded.",
            lambda _now: lambda: service.service_undone(key, item),
        )  # fmt: skip

    def passed(self, due: ServiceDue) -> None:
        service, key = self._service, new_id()
        self._deeds.do(
            lambda: service.serviced(key, due.item_id, due.revision, passed=True),
            f"{words.thing(due.name, due.serial)} has passed its service.",
            lambda _now: lambda: service.service_undone(key, due.item_id),
        )  # fmt: skip

    def not_passed(self, due: ServiceDue) -> None:
        service, key = self._service, new_id()
        form = Form()
        form.add("note", "What is wrong with it?", TextArea(2), required=True)
        said = "It is taken out of use." + (" It is to be collected." if due.place == "on_loan" else "")
        self._deeds.ask(
            f"{words.thing(due.name, due.serial)}: failed", form, "It failed",
            lambda: service.serviced(key, due.item_id, due.revision, passed=False, note=str(form.value("note"))),
            said, lambda _now: lambda: service.service_undone(key, due.item_id),
        )  # fmt: skip

    # ------------------------------------------------------------------ bought

    def take_in(self) -> None:
        """One thing with its serial number, or so many of what is counted."""
        service, key = self._service, new_id()
        chosen = self._page.table.current

        def read() -> tuple[tuple[CatalogueItem, ...], tuple[Store, ...]]:
            return service.catalogue(), service.stores()

        def show(found: tuple[tuple[CatalogueItem, ...], tuple[Store, ...]]) -> None:
            models = {m.code: m for m in found[0] if m.active}
            form = Form()
            what = Choice([(m.code, m.name) for m in models.values()], prompt="Choose")
            form.add("model", "What", what, required=True)
            form.add("store", "Store", _stores(found[1], getattr(chosen, "store", found[1][0].code)), required=True)
            form.add("serial", "Serial number", QLineEdit())
            form.add("bought_on", "Bought on", DateEdit())
            form.add("quantity", "How many", QLineEdit())

            def chose() -> None:
                model = models.get(what.value)
                single = model is not None and model.single
                for name, seen in (("serial", single), ("bought_on", single), ("quantity", not single)):
                    form.field(name).setVisible(seen)

            def call() -> object:
                v = form.values()
                model = models.get(v["model"])
                if model is None:
                    raise BadValues((BadValue("model", "not_in_the_catalogue"),))
                if model.single:
                    return service.receive_item(
                        ItemId(key), NewItem(model.code, v["store"], v["serial"], v["bought_on"])
                    )
                return service.receive_counted(key, v["store"], model.code, whole(v["quantity"], "quantity"))

            self._deeds.ask("Take in what was bought", form, "Take in", call, "It is in the store.", None)
            form.field("model").edited.connect(chose)
            what.set_value(getattr(chosen, "model", None))
            chose()

        self._page.run(read, show, latest="take_in")


def _stores(stores: tuple[Store, ...], chosen: str) -> Choice:
    made = Choice([(s.code, s.name) for s in stores])
    made.set_value(chosen)
    return made
