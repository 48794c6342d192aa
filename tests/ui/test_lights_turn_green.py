"""Each light opens what makes it green, and turns green by itself when somebody has done it (T3, T5).

Two desks on a real database with the real feed: one looks at the list, others do the deeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from coordination.transfer.model import LIGHTS, Light, LightKind, LightState, TransferDraft, TransferId
from coordination.values import new_id
from db.listen import PgChangeFeed
from tests.care_kit import add_person
from tests.database import CentreDb, password_of
from tests.db.deployment_kit import Kit, at
from tests.db.equipment_kit import Stores
from tests.db.test_plan_versions import active
from tests.ui.fakes import wait_idle
from tests.ui.page_kit import desk_of, form_of, opened, press
from ui.careplan import PlanFor
from ui.equipment.ordering import EquipmentOf
from ui.transfer import words
from ui.transfer.page import TransferPage
from ui.widgets.marks import mark_at

KEYS = dict(zip(LIGHTS, "12345678", strict=True))


@pytest.fixture
def page(centre_db: CentreDb, qtbot: Any, dressed: Any, tmp_path: Any) -> Iterator[TransferPage]:
    cora = centre_db.sign_in("cora.coordinator")
    for surname in ("Pankhurst", "Rylands"):
        draft = TransferDraft(add_person(centre_db, surname), "NMGH", datetime.now(UTC) - timedelta(hours=3))
        cora.services.transfer.begin(TransferId(new_id()), draft)
    desk = desk_of(cora, tmp_path)
    made: TransferPage = opened(TransferPage, desk, qtbot)
    feed = PgChangeFeed(lambda: centre_db.where("cora.coordinator"), password_of("cora.coordinator"))
    feed.start(desk.changes.deliver, lambda _up: None)
    made.table.select_key(next(t.id for t in made.model.rows if t.who == "PANKHURST, Emmeline"))
    made.table.setFocus()
    yield made
    feed.stop()
    wait_idle(qtbot, desk)
    desk.tasks.close()


def light(page: TransferPage, kind: LightKind) -> Light:
    chosen = page.table.current
    return next(x for x in chosen.lights if x.kind == kind)


def until(page: TransferPage, qtbot: Any, kind: LightKind, state: LightState) -> Light:
    """The page shows it so; nobody asked it to read again."""
    qtbot.waitUntil(lambda: light(page, kind).state == state, timeout=30_000)
    return light(page, kind)


def click(page: TransferPage, qtbot: Any, kind: LightKind) -> None:
    """On the mark, in the row that is chosen."""
    table = page.table
    box = table.visualRect(table.model().index(table.currentIndex().row(), page_column(page)))
    left, marks = box.left() + table.left_pad(page_column(page)), table.marks_of(table.currentIndex().row())
    there = next(x for x in range(box.left(), box.right()) if mark_at(marks, left, x) == LIGHTS.index(kind))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(there + 4, box.center().y()))
    wait_idle(qtbot, page.desk)


def page_column(page: TransferPage) -> int:
    return next(n for n, c in enumerate(page.model.columns) if c.marks is not None)


def test_plan_first_visit_and_equipment(page: TransferPage, qtbot: Any, centre_db: CentreDb) -> None:
    person, key, went = page.table.current.person_id, page.table.current.id, page.desk.go.went  # type: ignore[attr-defined]

    press(page, qtbot, Qt.Key.Key_1)
    click(page, qtbot, "plan")
    assert went[-2:] == [("plan", PlanFor(person))] * 2
    active(centre_db.sign_in("asa.assessor"), person)
    assert until(page, qtbot, "plan", "done").found and page.table.current.id == key

    press(page, qtbot, Qt.Key.Key_2)
    assert went[-1] == ("visits", person)
    kit, tess = Kit(centre_db), centre_db.sign_in("tess.lead").services.deployment
    day: date = kit.today() + timedelta(days=1)
    worker = kit.worker("Amina", hours=())
    kit.shift(worker, "work", at(7, day=day), at(15, day=day))
    visit = kit.draft(person, at(9, day=day))
    tess.plan_visits([visit])
    qtbot.waitUntil(lambda: light(page, "first_visit").at is not None, timeout=30_000)  # planned, and nobody goes
    assert "nobody goes yet" in words.light_says(light(page, "first_visit"))
    click(page, qtbot, "first_visit")
    assert went[-1] == ("visits", person)
    tess.allocate(visit.id, worker, at(9, day=day), seen=1)
    until(page, qtbot, "first_visit", "done")

    press(page, qtbot, Qt.Key.Key_3)
    assert went[-1] == ("equipment", EquipmentOf(person, "PANKHURST, Emmeline", key))
    cole = Stores(centre_db, centre_db.sign_in("cole.coordinator").services)
    cole.bought(2)
    order = cole.order(person)
    qtbot.waitUntil(lambda: light(page, "equipment").found, timeout=30_000)
    assert light(page, "equipment").state == "to_do" and "Commode" in words.light_says(light(page, "equipment"))
    click(page, qtbot, "equipment")
    assert went[-1][0] == "equipment"
    equipment = cole.services.equipment
    order = equipment.reserve(order.id, order.revision)
    delivered = equipment.delivered(order.id, order.revision)
    until(page, qtbot, "equipment", "done")
    equipment.delivery_undone(delivered.id, delivered.revision)
    until(page, qtbot, "equipment", "to_do")  # taken back, it is to do again


def test_what_a_person_says(page: TransferPage, qtbot: Any, centre_db: CentreDb) -> None:
    cole, key = centre_db.sign_in("cole.coordinator").services.transfer, page.table.current.id
    for kind in ("medicines", "keys", "transport", "carer"):
        press(page, qtbot, getattr(Qt.Key, f"Key_{KEYS[kind]}"))
        assert page.acts.asking
        form_of(page).set_values({"note": f"{kind}: told"})
        press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        now = until(page, qtbot, kind, "done")
        assert (now.note, now.by_name, page.acts.asking) == (f"{kind}: told", "Cora Example", False)
    page.desk.notices.undo()  # type: ignore[attr-defined]
    until(page, qtbot, "carer", "to_do")
    page.table.setFocus()
    click(page, qtbot, "carer")
    assert page.acts.asking  # a click asks the same
    press(page, qtbot, Qt.Key.Key_Escape)
    assert not page.acts.asking
    cole.set_light(key, "carer", "done", "Said elsewhere")
    assert until(page, qtbot, "carer", "done").by_name == "Cole Example"
