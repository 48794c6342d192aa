"""What is typed after the end of a contact goes into the next one, however long the database takes; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.database import CentreDb
from tests.ui.test_contact_kept import KeptCall
from tests.ui.test_intake_contact import Call
from ui.intake.drafts import CONTACT


@pytest.fixture
def call(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[KeptCall]:
    made = KeptCall(centre_db, qtbot, tmp_path)
    yield made
    made.close()


def write(call: Call, need: str) -> None:
    call.find("pankhurst")
    call.page.fields.need.setPlainText(need)
    call.refer_to("reablement", "routine", "No hurry")


def press_end(call: Call) -> None:
    call.qtbot.keyClick(call.page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def type_on(call: Call, words: str) -> None:
    """As hands do: into whatever has the cursor."""
    for letter in words:
        call.qtbot.keyClicks(QApplication.focusWidget() or call.page, letter)


def test_keys_after_the_end_go_into_the_next_contact(call: KeptCall) -> None:
    page = call.page
    write(call, "Slow")
    first = page.contacts.front.id
    with call.db.owner.begin() as blocking:
        blocking.exec_driver_sql("lock table contact in exclusive mode")
        press_end(call)
        press_end(call)  # twice: it is ended once, and nothing is marked as missing in the next
        type_on(call, "jones a")
        assert page.who.finder.text == "jones a" and page.contacts.front.id != first
        assert page.fields.need_form.field("need").problem == ""
    call.qtbot.waitUntil(lambda: not page.sending.busy, timeout=30_000)
    type_on(call, "nna")
    assert page.who.finder.text == "jones anna"
    assert [c.need for c in call.stored()] == ["Slow"]
    assert [entry.data["title"] for entry in call.desk.drafts.of(CONTACT)] == ["jones anna"]
    assert call.said[-1][1].startswith("Contact ended: referral no. ")
    call.idle()


def test_what_is_refused_comes_back_beside_what_is_typed_by_then(
    centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object
) -> None:
    call = Call(centre_db, qtbot, tmp_path, "max.manager")
    page = call.page
    write(call, "Kept")
    press_end(call)
    type_on(call, "jones")
    call.idle()
    assert page.who.finder.text == "jones", "what is in front is not taken away from the hands"
    assert [tab.text() for tab in page.strip.tabs.values()] == ["jones", "PANKHURST, Emmeline"]
    kind, told = call.said[-1]
    assert kind == "warn" and "not taken" in told and "Pankhurst" not in told
    call.desk.notices.do()  # type: ignore[attr-defined]
    call.idle()
    assert page.fields.need.toPlainText() == "Kept" and page.ending.blocks[0].service.value == "reablement"
    assert call.desk.outbox.items == [] and len(call.desk.drafts.of(CONTACT)) == 2
    assert call.stored() == []
    call.desk.tasks.close()
