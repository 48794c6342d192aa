"""Stores on the equipment page: closed and opened again; what the buttons say; one locality's rows (D6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from coordination.values import new_id
from tests.care_kit import add_person
from tests.database import CentreDb
from tests.db.equipment_kit import SINGLE, TODAY, Stores
from tests.ui.fakes import wait_idle
from tests.ui.page_kit import desk_of, opened, press
from ui.desk import Desk
from ui.equipment.page import EquipmentPage
from ui.equipment.stores_page import StoresPage

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stores(centre_db: CentreDb) -> Stores:
    return Stores(centre_db, centre_db.sign_in("cora.coordinator").services)


@pytest.fixture
def desks(centre_db: CentreDb, stores: Stores, tmp_path: Any) -> Iterator[dict[str, Desk]]:
    made = {user: desk_of(centre_db.sign_in(user), tmp_path) for user in ("cora.coordinator", "ada.admin")}
    yield made
    for desk in made.values():
        desk.tasks.close()


def shown(page: EquipmentPage, name: str, qtbot: Any) -> list[Any]:
    page.open(name)
    wait_idle(qtbot, page.desk)
    return list(page.rows)


def test_a_store_is_closed_by_an_administrator_who_is_told_what_is_in_it(
    qtbot: Any, dressed: Any, stores: Stores, desks: dict[str, Desk]
) -> None:
    stores.bought(3)
    desk = desks["ada.admin"]
    page: StoresPage = opened(StoresPage, desk, qtbot)
    page.table.setFocus()
    assert [row.lying for row in page.model.rows if row.store.code == "north"] == [3]
    page.table.select_key("north")
    press(page, qtbot, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: page.acts.asking, timeout=30_000)
    said = " ".join(each.text() for each in page.panel.area.widget().findChildren(QLabel))
    assert "3 things lie in it" in said and "Nothing new is promised" in said
    press(page, qtbot, Qt.Key.Key_Return, CONTROL)
    wait_idle(qtbot, desk)
    can = {c.id: c.enabled_when for c in page.commands()}
    assert page.table.current.store.active is False and not can["stores.close"]() and can["stores.open"]()
    desk.notices.undo()  # type: ignore[attr-defined]
    wait_idle(qtbot, desk)
    assert page.table.current.store.active and can["stores.close"]()

    mine: StoresPage = opened(StoresPage, desks["cora.coordinator"], qtbot)
    mine.table.select_key("north")
    assert not any(c.enabled_when() for c in mine.commands()[:2])
    desks["cora.coordinator"].locality.set("North")
    mine.refresh()
    wait_idle(qtbot, desks["cora.coordinator"])
    assert {row.store.code for row in mine.model.rows} == {"city", "north"}


def test_buttons_say_what_they_do_and_lists_are_of_the_chosen_locality(
    qtbot: Any, dressed: Any, stores: Stores, desks: dict[str, Desk]
) -> None:
    desk, equipment = desks["cora.coordinator"], stores.services.equipment
    day = TODAY + timedelta(days=20)
    thing = stores.thing(SINGLE, "north")
    order = stores.order(add_person(stores.db), SINGLE, wanted_by=day)
    page: EquipmentPage = opened(EquipmentPage, desk, qtbot)
    page.table.setFocus()

    def first_button() -> str:
        return next(b.text() for b in page.panel.buttons if b.isVisible())

    assert first_button() == f"Reserve for {day:%d-%b}"
    press(page, qtbot, Qt.Key.Key_R)
    wait_idle(qtbot, desk)
    qtbot.waitUntil(lambda: first_button() == "Put by now", timeout=30_000)
    other = stores.thing(SINGLE, "north")
    equipment.move_item(new_id(), other.id, other.revision, "cleaning")
    press(page, qtbot, Qt.Key.Key_Y, SHIFT)
    wait_idle(qtbot, desk)
    assert equipment.order(order.id).serial == other.serial
    desk.notices.undo()  # type: ignore[attr-defined]
    wait_idle(qtbot, desk)
    assert equipment.order(order.id).serial == thing.serial

    stores.thing(SINGLE, "south")
    desk.locality.set("North")
    assert {row.store for row in shown(page, "items", qtbot)} == {"north"}
