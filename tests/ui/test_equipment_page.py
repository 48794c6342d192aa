"""The equipment page by keyboard: order, put by, agree a time, deliver, collect, remind, keep the stores (D6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from coordination.clock import at_local
from coordination.equipment.stock_model import ItemId, NewItem
from coordination.values import Window, new_id
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.db.equipment_kit import Stores, cid
from tests.db.test_deliveries import Store
from tests.db.test_people import statements
from tests.ui.fakes import wait_idle
from tests.ui.page_kit import desk_of, form_of, opened, press
from ui.desk import Desk
from ui.equipment import words
from ui.equipment.ordering import EquipmentOf, OrderFor, order_command
from ui.equipment.page import EquipmentPage

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def store(centre_db: CentreDb) -> Store:
    return Store(centre_db)


@pytest.fixture
def desk(store: Store, tmp_path: Any) -> Iterator[Desk]:
    made = desk_of(store.cora, tmp_path)
    yield made
    made.tasks.close()


@pytest.fixture
def page(qtbot: Any, dressed: Any, desk: Desk) -> EquipmentPage:
    made: EquipmentPage = opened(EquipmentPage, desk, qtbot)
    made.table.setFocus()
    return made


def enter(page: EquipmentPage, qtbot: Any, **values: Any) -> None:
    """Fill in the form at the side and save it."""
    form_of(page).set_values(values)
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def undo(page: EquipmentPage, qtbot: Any) -> None:
    page.desk.notices.undo()  # type: ignore[attr-defined]
    wait_idle(qtbot, page.desk)


def test_from_the_order_to_the_door_and_back(qtbot: Any, page: EquipmentPage, store: Store, desk: Desk) -> None:
    equipment = store.cora.services.equipment
    page.open(OrderFor(store.person, "PANKHURST, Emmeline"))
    wait_idle(qtbot, desk)
    form = page.deeds.orders.form
    assert form is not None and not page._by["new"].enabled_when()
    QTest.keyClicks(form.what, "zimm")
    wait_idle(qtbot, desk)
    assert form.chosen is not None and form.chosen.code == "walking_frame"
    assert "City 5" in form.said.text()
    form.form.set_values({"quantity": "9"})
    form._chosen()
    assert not form.at_once.isEnabled()  # nothing is promised that the store does not have
    form.form.set_values({"quantity": "x"})
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.form.field("quantity").problem
    form.form.set_values({"quantity": "2"})
    form._chosen()
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.table.current is not None, timeout=30_000)
    assert page.table.current.state == "reserved"

    page.table.setFocus()
    press(page, qtbot, Qt.Key.Key_T)
    assert page.deeds.asking
    press(page, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.table.current.state == "slot_agreed", timeout=30_000)
    assert words.slot_words(page.table.current.slot, desk.clock.now()) == "Tomorrow 08–10"
    undo(page, qtbot)
    assert page.table.current.state == "reserved"
    press(page, qtbot, Qt.Key.Key_T)
    press(page, qtbot, Qt.Key.Key_Return)
    press(page, qtbot, Qt.Key.Key_T, SHIFT)  # given back, and with undo agreed again
    assert page.table.current.state == "reserved"
    undo(page, qtbot)
    assert page.table.current.state == "slot_agreed"
    press(page, qtbot, Qt.Key.Key_V)
    assert page.table.current.state == "in_van"
    press(page, qtbot, Qt.Key.Key_X)
    enter(page, qtbot, reason="Lift out of order")
    assert (page.table.current.state, page.table.current.reason) == ("reserved", "Lift out of order")
    press(page, qtbot, Qt.Key.Key_D)
    assert page.model.rowCount() == 0  # nothing waits any more
    undo(page, qtbot)
    press(page, qtbot, Qt.Key.Key_D)

    page.show_list("loans")
    page.view.set_value("loans")
    wait_idle(qtbot, desk)
    page.table.setFocus()
    assert page.table.current.quantity == 2
    press(page, qtbot, Qt.Key.Key_C)
    enter(page, qtbot, note="Two of them")
    page.show_list("collections")
    wait_idle(qtbot, desk)
    page.table.setFocus()
    press(page, qtbot, Qt.Key.Key_T)
    press(page, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.table.current.state == "slot_agreed", timeout=30_000)
    press(page, qtbot, Qt.Key.Key_D)
    enter(page, qtbot, back="1", where="cleaning")
    assert page.model.rowCount() == 0
    line = next(x for x in equipment.stock("city") if x.model == "walking_frame")
    assert (line.free, line.cleaning, line.on_loan) == (3, 1, 0)
    order = equipment.orders_of(store.person)[0]
    page.open(order.id)  # from the record: all of the person, and this one chosen
    wait_idle(qtbot, desk)
    assert page.of == EquipmentOf(store.person, order.who, None, order.id)
    assert page.table.current.id == order.id and page.table.current.state == "delivered"
    page.show_all()
    wait_idle(qtbot, desk)
    assert page.model.rowCount() == 0


def test_what_is_not_there_is_said_and_something_else_offered(
    qtbot: Any, page: EquipmentPage, store: Store, desk: Desk
) -> None:
    stores = Stores(store.db, store.cora.services)
    stores.bought(1, "commode_adjustable", "north")
    order = stores.order(store.person, "commode")
    page.refresh()
    wait_idle(qtbot, desk)
    page.table.select_key(order.id)
    press(page, qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: page.deeds.asking)  # refused, and what does instead stands there already
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_idle(qtbot, desk)
    assert (page.table.current.model, page.table.current.state) == ("commode_adjustable", "reserved")

    page.open(OrderFor(add_person(store.db, "Rylands"), "RYLANDS, Enriqueta", "commode"))
    wait_idle(qtbot, desk)
    form = page.deeds.orders.form
    assert form is not None
    stores.bought(2, "commode_wheeled", "city")
    page.deeds.leave()
    page.open(OrderFor(store.person, "PANKHURST, Emmeline", "Commode, adjustable"))
    wait_idle(qtbot, desk)
    form = page.deeds.orders.form
    assert (
        form is not None
        and form.chosen is not None
        and form.chosen.code == "commode_adjustable"
        and not form.at_once.isEnabled()
    )
    assert page._by["take_instead"].enabled_when()
    page._by["take_instead"]()
    assert form.chosen is not None and form.chosen.code == "commode_wheeled" and form.at_once.isEnabled()
    press(page, qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.deeds.asking, timeout=30_000)


def test_stores_services_and_reminders(qtbot: Any, page: EquipmentPage, store: Store, desk: Desk) -> None:
    stores = Stores(store.db, store.cora.services)
    loan = stores.lent(store.person, "walking_frame", until_on=store.kit.today() + timedelta(days=8))
    stores.overdue_since(loan.id, 3)
    due = store.cora.services.equipment.receive_item(
        ItemId(new_id()), NewItem("hoist_mobile", "city", "H-1", None, store.kit.today() - timedelta(days=2))
    )
    page.show_list("overdue")
    wait_idle(qtbot, desk)
    page.table.setFocus()
    page.table.select_key(("loan", loan.id))
    press(page, qtbot, Qt.Key.Key_M)  # one key: logged
    assert page.table.current.reminders == 1
    undo(page, qtbot)
    assert page.table.current.reminders == 0

    page.show_list("service")
    wait_idle(qtbot, desk)
    page.table.setFocus()
    page.table.select_key(due.id)
    press(page, qtbot, Qt.Key.Key_X)
    enter(page, qtbot, note="The battery is dead")
    page.show_list("items")
    wait_idle(qtbot, desk)
    page.table.select_key(due.id)
    wait_idle(qtbot, desk)
    assert page.table.current.failed and page.table.current.place == "in_repair"
    qtbot.waitUntil(page.beside.history.isVisible)  # every place where it ever was

    page.show_list("stock")
    wait_idle(qtbot, desk)
    page.table.setFocus()
    page.table.select_key(("city", "walking_frame"))
    press(page, qtbot, Qt.Key.Key_E)
    enter(page, qtbot, minimum="12")
    page.chips.set_value({"below"})
    assert [(x.model, x.short) for x in page.model.rows] == [("walking_frame", 8)]


def test_opening_asks_little_and_others_find_the_way(qtbot: Any, page: EquipmentPage, store: Store, desk: Desk) -> None:
    for model in ("walking_frame", "grab_rail"):
        store.order(model)
    for kind in ("orders", "collections", "overdue", "loans", "stock", "items", "service"):
        with statements(store.cora.engine) as seen:
            page.show_list(kind)
            wait_idle(qtbot, desk)
        assert len(seen) <= 3, seen
    wanted = OrderFor(store.person, "PANKHURST, Emmeline", source="transfer")
    command = order_command("transfer", desk, lambda: wanted)
    assert command.enabled_when()
    command()
    assert desk.go.went == [("equipment", wanted)]  # type: ignore[attr-defined]


def test_what_is_wanted_in_a_later_week_is_reserved_for_it(
    qtbot: Any, page: EquipmentPage, store: Store, desk: Desk
) -> None:
    stores = Stores(store.db, store.cora.services)
    equipment, today = store.cora.services.equipment, store.tomorrow - timedelta(days=1)
    stores.bought(1, "commode", "north")
    page.open(OrderFor(store.person, "PANKHURST, Emmeline", "Commode, fixed"))
    wait_idle(qtbot, desk)
    form = page.deeds.orders.form
    assert form is not None
    day = today + timedelta(days=20)
    form.form.set_values({"wanted_by": day})
    form._chosen()
    wait_idle(qtbot, desk)
    assert form.said.text().startswith(f"Free on {day:%d-%b-%Y}: North 1") and form.at_once.isEnabled()
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_idle(qtbot, desk)
    order = page.table.current
    assert (order.state, order.promised_from) == ("reserved", day)
    assert f"reserved from {day:%d-%b-%Y} on" in desk.notices.said[-1][1]  # type: ignore[attr-defined]
    press(page, qtbot, Qt.Key.Key_R)  # packed
    wait_idle(qtbot, desk)
    assert page.table.current.promised_from is None
    undo(page, qtbot)
    assert equipment.order(order.id).promised_from == day

    # Two are fetched in time, so that it can serve somebody today; for the next one the nearest day is offered.
    stores.bought(2, "commode", "north")
    lent = stores.lent(add_person(store.db, "Gaskell"), "commode", 2)
    fetch = equipment.ask_collection(cid(), lent.id)
    equipment.agree_collection(fetch.id, fetch.revision, Window.of(at_local(store.tomorrow, 10), 120))
    first = stores.order(add_person(store.db, "Hulme"), "commode", wanted_by=today)
    assert equipment.reserve(first.id, first.revision).promised_from is None
    other = stores.order(add_person(store.db, "Rylands"), "commode", wanted_by=today)
    page.refresh()
    wait_idle(qtbot, desk)
    page.table.select_key(other.id)
    press(page, qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: page.deeds.asking, timeout=30_000)
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_idle(qtbot, desk)
    assert equipment.order(other.id).promised_from == store.tomorrow + timedelta(days=2)
    undo(page, qtbot)
    assert equipment.order(other.id).state == "ordered"


def test_a_long_list_says_that_it_goes_on(
    qtbot: Any, page: EquipmentPage, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.equipment.reading.MOST_LISTED", 2)
    monkeypatch.setattr("ui.equipment.page.MOST_LISTED", 2)
    equipment = store.cora.services.equipment
    whole = equipment.orders

    def orders(view: Any, locality: str | None, after: Any = None) -> Any:
        return whole(view, locality, 2, after)

    monkeypatch.setattr(equipment, "orders", orders)
    made = [Stores(store.db, store.cora.services).order(store.person, "walking_frame") for _ in range(5)]
    page.refresh()
    wait_idle(qtbot, desk)
    assert [o.id for o in page.rows] == [o.id for o in made[:2]] and page.has_more
    for many, more in ((4, True), (5, False)):
        press(page, qtbot, Qt.Key.Key_O)
        wait_idle(qtbot, desk)
        assert [o.id for o in page.rows] == [o.id for o in made[:many]] and page.has_more is more
