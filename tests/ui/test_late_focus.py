"""A page whose answer comes late takes no cursor from hands that write elsewhere: their keys would be its commands."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.fakes import wait_idle
from tests.ui.test_shell_window import TRAINEE, check_password, spec
from ui.shell.window import MainWindow


@pytest.fixture
def window(qtbot: Any, desk: Any, dressed: Any) -> Any:
    made = MainWindow(
        desk, [spec("queue", "Queue"), spec("people", "People")], unlock=check_password, trainee=TRAINEE
    )  # fmt: skip
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.to("queue")
    return made


def type_on(qtbot: Any, words: str) -> None:
    for letter in words:
        qtbot.keyClicks(QApplication.focusWidget(), letter)


def test_the_find_box_keeps_the_cursor_until_it_is_left(window: Any, qtbot: Any) -> None:
    page, box = window.page, window.finder._box
    window.finder.open()
    qtbot.waitUntil(box.hasFocus, timeout=30_000)
    type_on(qtbot, "cl")
    page.field.setFocus(Qt.FocusReason.OtherFocusReason)
    type_on(qtbot, "aim")
    assert box.text() == "claim" and window.finder.isVisible()
    assert page.field.text() == "" and page.done == []
    wait_idle(qtbot, window.desk)
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert page.field.hasFocus(), "where the page wanted it"
    window.finder.open()
    page.field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not window.finder.isVisible() and page.field.hasFocus(), "a person goes where they click"


def test_the_sheet_of_keys_keeps_it_too(window: Any, qtbot: Any) -> None:
    page = window.page
    window.show_keys()
    qtbot.waitUntil(lambda: window.key_sheet.isVisible(), timeout=30_000)
    page.field.setFocus(Qt.FocusReason.OtherFocusReason)
    type_on(qtbot, "c")
    assert page.done == [] and page.field.text() == ""
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.field.hasFocus()


def test_behind_the_lock_nothing_gets_the_cursor(window: Any, qtbot: Any) -> None:
    page = window.page
    window.lock()
    qtbot.waitUntil(lambda: window.desk_lock.screen.isVisible(), timeout=30_000)
    qtbot.waitUntil(lambda: window.desk_lock.screen.isAncestorOf(QApplication.focusWidget()), timeout=30_000)
    page.field.setFocus(Qt.FocusReason.OtherFocusReason)
    type_on(qtbot, "secret")
    assert page.field.text() == "" and page.done == []
