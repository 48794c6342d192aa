"""Users and teams on a real database, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from db.engine import connect
from tests.database import CentreDb
from tests.ui.fakes import wait_idle
from tests.ui.page_kit import desk_of, form_of, opened, press, save
from ui import clipboard
from ui.users.given import GivenPassword
from ui.users.page import UsersPage

CORA = "cora.coordinator"


@pytest.fixture
def page(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: Any) -> Iterator[Any]:
    desk = desk_of(centre_db.sign_in("ada.admin"), tmp_path)
    made = opened(UsersPage, desk, qtbot)
    yield made
    desk.tasks.close()
    with centre_db.owner.begin() as c:  # logins belong to the whole server of the tests
        c.exec_driver_sql('drop role if exists "zoe.newcomer"')


def typed(page: Any, name: str, value: Any) -> None:
    form_of(page).fields[name].set_value(value)


def test_a_user_is_made_by_keyboard_and_the_password_is_shown_once(page: Any, qtbot: Any, centre_db: CentreDb) -> None:
    press(page, qtbot, Qt.Key.Key_N)
    save(page, qtbot)
    assert {name for name, f in form_of(page).fields.items() if f.problem} == {"display_name", "user_name", "role"}
    typed(page, "display_name", "Zoë Newcomer")
    form_of(page).fields["display_name"].editor.editingFinished.emit()
    assert form_of(page).value("user_name") == "zoe.newcomer"
    typed(page, "role", "team_lead")
    typed(page, "team_id", page.teams_known[0].id)
    save(page, qtbot)
    shown = page.panel.findChild(GivenPassword)
    password = shown.shown.text()
    clipboard.copy_secret(password)
    assert QGuiApplication.clipboard().text() == password
    clipboard.forget()
    assert QGuiApplication.clipboard().text() == ""
    QGuiApplication.clipboard().setText("of another program")
    clipboard.forget()
    assert QGuiApplication.clipboard().text() == "of another program"
    with connect(centre_db.where("zoe.newcomer"), password) as c:
        assert c.execute("select (my_standing()).standing").fetchone() == ("temporary",)
    save(page, qtbot)
    assert page.acts.given is None and not page.acts.asking
    page.typed.setText("zoe LEAD")
    assert (page.users_model.rowCount(), page.user.state, page.user.team) == (1, "passing", page.teams_known[0].name)
    press(page, qtbot, Qt.Key.Key_N)
    typed(page, "display_name", "Another")
    typed(page, "user_name", "zoe.newcomer")
    typed(page, "role", "manager")
    save(page, qtbot)
    assert "already" in form_of(page).fields["user_name"].problem


def test_changed_switched_off_signed_out_and_taken_back(page: Any, qtbot: Any, centre_db: CentreDb) -> None:
    page.table.select_key(CORA)
    press(page, qtbot, Qt.Key.Key_E)
    typed(page, "locality", "south")
    save(page, qtbot)
    assert page.user.locality == "south"
    page.desk.notices.undo()
    wait_idle(qtbot, page.desk)
    assert page.user.locality == "north"
    press(page, qtbot, Qt.Key.Key_X)
    save(page, qtbot)
    assert page.user.state == "off" and page._moves["switch"].text() == "Let in again"
    page.desk.notices.undo()
    wait_idle(qtbot, page.desk)
    assert page.user.active
    press(page, qtbot, Qt.Key.Key_O)
    save(page, qtbot)
    assert page.user.ended_why == "signed_out"
    page.table.select_key("ada.admin")
    page.desk.notices.said.clear()
    for key in (Qt.Key.Key_E, Qt.Key.Key_X, Qt.Key.Key_P, Qt.Key.Key_O, Qt.Key.Key_R):
        press(page, qtbot, key)
        assert not page.acts.asking, "nobody administers themselves"


def test_teams_are_added_renamed_and_taken_back(page: Any, qtbot: Any) -> None:
    before = page.teams_model.rowCount()
    press(page, qtbot, Qt.Key.Key_T)
    typed(page, "name", "Central test nurses")
    typed(page, "service", "district_nursing")
    save(page, qtbot)
    assert page.teams_model.rowCount() == before + 1
    undo = page.desk.notices.undo
    page.typed.setText("central test")
    qtbot.keyClick(page.table, Qt.Key.Key_E)
    typed(page, "phone", "0161 496 0199")
    save(page, qtbot)
    assert page.team.phone == "0161 496 0199"
    page.desk.notices.undo()
    wait_idle(qtbot, page.desk)
    assert page.team.phone == ""
    undo()
    wait_idle(qtbot, page.desk)
    assert page.desk.notices.said[-1][0] == "error", "it has been changed since it was added"
