"""The lock: other windows, dialogs, menus, tips, titles, the clipboard; and what comes back, to the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QCompleter, QDialog, QLineEdit, QMenu, QWidget

from coordination.errors import SignInFailed
from tests.ui.fakes import wait_idle
from ui import clipboard
from ui.page import Page, PageSpec
from ui.shell.idle import IdleWatch
from ui.shell.window import MainWindow
from ui.widgets.basics import column


class Writing(Page):
    id, title = "contact", "Contact"

    def __init__(self, desk: Any) -> None:
        super().__init__(desk)
        self.field = QLineEdit()
        self.field.setCompleter(QCompleter(["Emmeline", "Emma"]))
        self.setLayout(column(self.field))


def check(_user: str, password: str) -> None:
    if password != "right":
        raise SignInFailed


@pytest.fixture
def window(desk: Any, qtbot: Any, dressed: Any) -> Iterator[MainWindow]:
    made = MainWindow(desk, [PageSpec("contact", "Contact", "phone", Writing)], unlock=check)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.to("contact")
    yield made
    made.leave_now()


def seen(others: set[QWidget] = frozenset()) -> set[QWidget]:  # type: ignore[assignment]
    """Windows that are shown, but for those that were there before (of a test that is just over)."""
    return {each for each in QApplication.topLevelWidgets() if each.isVisible()} - others


def unlock(window: MainWindow, qtbot: Any, password: str) -> None:
    panel = window.desk_lock.screen.panel_inside  # type: ignore[union-attr]
    panel.password.setText(password)
    panel.submit()
    wait_idle(qtbot, window.desk)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_everything_is_covered_and_comes_back_to_the_cursor(window: MainWindow, qtbot: Any) -> None:
    others = seen() - {window}
    field = window.page.field  # type: ignore[union-attr]
    field.setFocus()
    field.setText("Emmeline lives alone")
    field.setSelection(9, 5)
    field.completer().complete()
    preview = QWidget(window.page, Qt.WindowType.Window)
    preview.setWindowTitle("Preview")
    dialog, menu, late = QDialog(window), QMenu(window), QWidget(window, Qt.WindowType.Window)
    menu.addAction("Emmeline Pankhurst")
    preview.show()
    dialog.open()
    menu.popup(window.pos())
    clipboard.copy_secret("one-time")
    second = window.open_second("contact")
    window.lock()
    assert seen(others) == {window} and window.windowTitle() == "Locked – Co-ordination Centre"
    assert QGuiApplication.clipboard().text() == ""
    late.show()  # an answer that came late opens a window
    qtbot.waitUntil(lambda: seen(others) == {window}, timeout=30_000)
    for _ in range(3):
        unlock(window, qtbot, "wrong")
    assert "Try again in" in window.desk_lock.screen.panel_inside._problem.text()  # type: ignore[union-attr]
    unlock(window, qtbot, "right")
    assert window.desk_lock.is_locked, "not before the pause is over"
    window.desk_lock.screen.panel_inside.refusals.clear("nadia.coordinator")  # type: ignore[union-attr]
    unlock(window, qtbot, "right")
    assert seen(others) == {window, preview, late, second}, "a dialogue is not opened again, nor a menu"
    assert (field.text(), field.selectedText(), field.cursorPosition()) == ("Emmeline lives alone", "lives", 14)
    assert window.windowTitle() == "Contact – Co-ordination Centre"


def test_somebody_else_signs_in_without_a_password_and_nothing_is_lost(
    window: MainWindow, desk: Any, qtbot: Any
) -> None:
    left: list[bool] = []
    window.signed_out.connect(lambda: left.append(True))
    desk.drafts.keep("handover", "today", {"note": "half"}, title="Note")
    window.lock()
    window.desk_lock.somebody_else()
    assert not left and "would be lost" in window.desk_lock.screen.panel_inside._told.text()  # type: ignore[union-attr]
    window.desk_lock.somebody_else()
    assert left and not window.isVisible()


def test_told_before_put_off_by_a_key_longer_on_a_call_and_at_once_after_a_sleep(qtbot: Any) -> None:
    now, busy, heard = [1000.0], [False], []
    watched = QTimer()
    watch = IdleWatch(10, watched, lambda: busy[0], lambda: now[0])
    for name in ("soon", "idle", "stirred"):
        getattr(watch, name).connect(lambda name=name: heard.append(name))
    assert (watch._warn.interval(), watch._timer.interval()) == (570_000, 600_000)
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    now[0] += 570
    watch._due_soon()
    watch.eventFilter(watched, key)
    assert heard == ["soon", "stirred"]
    busy[0] = True
    now[0] += 600
    watch._due_soon()
    watch._due()
    assert heard == ["soon", "stirred"], "whoever listens on the telephone may keep their hands still for longer"
    now[0] += 600
    watch._due()
    assert heard.pop() == "idle"
    busy[0] = False
    watch.eventFilter(watched, key)
    now[0] += 8 * 3600  # the lid was shut
    watch.eventFilter(watched, key)
    assert heard[-1] == "idle"
