"""The transfer page by keyboard, on a real database: lights, delays, on the list, gone, and the report (T1-T6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from coordination.clock import at_local, local_date
from coordination.transfer.model import LIST, TransferDraft, TransferId
from coordination.values import new_id
from tests.care_kit import add_person, add_referral
from tests.database import CentreDb, SignedIn
from tests.ui.fakes import wait_idle
from tests.ui.page_kit import desk_of, form_of, opened, press
from ui.desk import Desk
from ui.transfer import words
from ui.transfer.page import TransferPage
from ui.transfer.report_page import SituationPage

NOW = datetime.now(UTC)


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    cora = centre_db.sign_in("cora.coordinator")
    today = at_local(local_date(NOW), 0)  # Rylands has not been ready for a night, whatever the hour
    for surname, ready in (("Pankhurst", NOW - timedelta(hours=50)), ("Rylands", max(NOW - timedelta(hours=3), today))):
        draft = TransferDraft(add_person(centre_db, surname), "NMGH", ready)
        cora.services.transfer.begin(TransferId(new_id()), draft)
    told = add_referral(centre_db, add_person(centre_db, "Turing"), "Home")
    with centre_db.owner.begin() as c:
        c.execute(text("update referral set moft_at = now(), moft_told_at = now() where id = :r"), {"r": told})
    return cora


@pytest.fixture
def desk(cora: SignedIn, tmp_path: Any) -> Iterator[Desk]:
    made = desk_of(cora, tmp_path)
    yield made
    made.tasks.close()


def test_lights_and_delays_by_keyboard(qtbot: Any, dressed: Any, desk: Desk) -> None:
    page: TransferPage = opened(TransferPage, desk, qtbot)
    assert page.table.current.who == "PANKHURST, Emmeline"
    page.lights.select_key("medicines")
    page.table.setFocus()
    press(page, qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: "medicines" not in [light.kind for light in page.table.current.open_lights], timeout=30_000)
    page.lights.select_key("plan")
    assert not page._by["seen_to"].enabled_when()  # a plan is seen to where plans are
    press(page, qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: len(page.table.current.open_lights) == 5, timeout=30_000)

    page.view.set_value("delayed")
    page._show_view()
    assert [t.who for t in page.model.rows] == ["PANKHURST, Emmeline"]
    press(page, qtbot, Qt.Key.Key_Y)
    assert page.acts.asking
    page.acts.save()
    wait_idle(qtbot, desk)
    assert page.acts.asking  # what they wait for is not chosen yet, and the field says so
    form = form_of(page)
    form.field("reason").editor.set_value(next(iter(words.reasons(LIST))))
    press(page, qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=30_000)
    assert not page.acts.asking


def test_from_a_wards_word_to_the_list_and_home(qtbot: Any, dressed: Any, desk: Desk) -> None:
    page: TransferPage = opened(TransferPage, desk, qtbot)
    page.view.set_value("told")
    page._show_view()
    page.activated()
    press(page, qtbot, Qt.Key.Key_C)
    form = form_of(page)
    form.field("hospital").editor.set_value("MRI")
    page.acts.save()
    wait_idle(qtbot, desk)
    qtbot.waitUntil(lambda: page.told_model.rowCount() == 0, timeout=30_000)
    page.view.set_value("all")
    page._show_view()
    assert page.model.rowCount() == 3 and page.head is not None
    page.activated()
    press(page, qtbot, Qt.Key.Key_L)
    form = form_of(page)
    form.field("destination").editor.set_value(next(iter(words.destinations(LIST))))
    page.acts.save()
    wait_idle(qtbot, desk)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=30_000)


def test_the_report_opens_to_people_and_says_what_is_wrong_with_its_days(qtbot: Any, dressed: Any, desk: Desk) -> None:
    page: SituationPage = opened(SituationPage, desk, qtbot)
    assert page.model.rowCount() == 21
    last_ready = [line for line in page.model.rows if line.words.endswith("criteria to reside")][-2]
    assert last_ready.numbers["NMGH"] == 2 and len(last_ready.people) == 2
    page.part.set_value("reasons")
    page._show_part()
    assert page.model.rows[-1].words == "No reason was recorded" and page.model.rows[-1].all >= 2
    page.start.set_value(page.last.value + timedelta(days=1))
    page.refresh()
    wait_idle(qtbot, desk)
    assert page.problem.text()
