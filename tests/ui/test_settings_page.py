"""The settings on a real database: changed by keyboard, refused at the field, undone; a manager only looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from coordination.settings.model import KINDS
from tests.database import CentreDb
from tests.ui.fakes import make_desk, wait_idle
from ui.settings import words
from ui.settings.page import NumberForm, SettingsPage

Opened = Callable[[str], Any]


@pytest.fixture
def opened(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: Any) -> Iterator[Opened]:
    desks: list[Any] = []

    def open_(user: str) -> SettingsPage:
        signed_in = centre_db.sign_in(user)
        desk = make_desk(tmp_path, signed_in.services)
        desk.actor = signed_in.actor
        desks.append(desk)
        page = SettingsPage(desk)
        qtbot.addWidget(page)
        page.resize(1366, 700)
        desk.commands.add(page.commands(), page, "settings")
        page.show()
        page.come_forward()
        wait_idle(qtbot, desk)
        return page

    yield open_
    for desk in desks:
        desk.tasks.close()


def test_changed_by_keyboard_refused_at_its_field_and_undone(opened: Opened, qtbot: Any, centre_db: CentreDb) -> None:
    page = opened("ada.admin")
    assert page.table.model().rowCount() == sum(len(k.parts) or 1 for k in KINDS)
    page.table.select_key(("forecast.travel", "bus"))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    edit = page.panel.findChild(NumberForm).fields["number"].editor
    qtbot.waitUntil(edit.hasFocus)
    assert edit.selectedText() == "30"
    for typed in ("abc", "81", ""):
        edit.setText(typed)
        page.acts.save()
        wait_idle(qtbot, page.desk)
        assert page.panel.findChild(NumberForm).fields["number"].problem == "Write a whole number, 0 to 80 per cent."
    edit.setText("33")
    page.acts.save()
    qtbot.waitUntil(lambda: page.table.current is not None and page.table.current.number == 33, timeout=30_000)
    line = page.table.current
    assert (words.who(line.setting), words.number(line.setting.kind, line.number)) == ("Ada Example", "33 per cent")
    assert line.setting.number("car") == 18 and not page.acts.asking
    page.desk.notices.undo()
    qtbot.waitUntil(lambda: page.table.current is not None and page.table.current.number == 30, timeout=30_000)
    page.change()
    with centre_db.owner.begin() as connection:  # another desk, meanwhile
        connection.exec_driver_sql(
            "update setting set value = jsonb_set(value, '{car}', '20'), revision = revision + 1"
            " where name = 'forecast.travel'"
        )
    page.panel.findChild(NumberForm).fields["number"].editor.setText("40")
    page.acts.save()
    qtbot.waitUntil(
        lambda: page.table.current is not None and page.table.current.setting.number("car") == 20, timeout=30_000
    )
    assert page.table.current.number == 30 and page.desk.notices.said[-1][0] == "error"


def test_a_manager_looks_and_every_setting_has_its_words(opened: Opened, qtbot: Any) -> None:
    page = opened("max.manager")
    page.table.select_key(("reask_days", ""))
    page.change()
    assert not page.acts.asking and not page.commands()[0].enabled_when()
    for kind in KINDS:
        assert words.TITLES[kind.name] and words.ABOUT[kind.name] and words.GROUPS[kind.group] and words.limits(kind)
        assert all(words.PARTS[part] for part in kind.parts)
    assert words.number(KINDS[1], 1) == "1 person"
