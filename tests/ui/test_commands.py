"""Commands: declared once, keys never shared, keys that sleep while one types."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from ui import commands
from ui.commands import Command, Commands, ShortcutTaken, sleeps_in_text, takes_text


@pytest.fixture
def registry(qapp):
    return Commands()


@pytest.fixture
def page(qtbot):
    made = QWidget()
    layout = QVBoxLayout(made)
    made.field, made.press = QLineEdit(), QPushButton("x")
    layout.addWidget(made.field)
    layout.addWidget(made.press)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def command(name, keys="", done=None, **more):
    log = [] if done is None else done
    return Command(name, name.capitalize(), lambda: log.append(name), keys, **more)


def test_one_shortcut_one_command(registry, page):
    registry.add([command("claim", "C")], page, "queue")
    with pytest.raises(ShortcutTaken):
        registry.add([command("copy", "C")], page, "queue")
    with pytest.raises(ShortcutTaken):
        registry.add([command("contact", "C")], page)


def test_two_pages_may_use_the_same_key(registry, page):
    registry.add([command("claim", "C")], page, "queue")
    registry.add([command("cancel", "C")], QWidget(page), "board")
    assert [found.id for found in registry.here("board")] == ["cancel"]


def test_a_key_of_the_window_is_refused_to_pages(registry, page):
    registry.add([command("find", "Ctrl+K")], page)
    with pytest.raises(ShortcutTaken):
        registry.add([command("keep", "Ctrl+K")], page, "queue")


def test_an_id_is_there_once(registry, page):
    registry.add([command("claim")], page, "queue")
    with pytest.raises(ValueError, match="claim"):
        registry.add([command("claim")], page, "queue")


def test_keys_run_the_command(registry, page, qtbot):
    done = []
    registry.add([command("claim", "C", done), command("end", "Ctrl+Return", done)], page, "queue")
    page.press.setFocus()
    qtbot.keyClick(page.press, Qt.Key.Key_C)
    qtbot.keyClick(page.press, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page.press, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    assert done == ["claim", "end", "end"]


def test_keys_sleep_while_one_types(registry, page, qtbot):
    done = []
    registry.add([command("claim", "C", done), command("find", "Ctrl+K", done)], page, "queue")
    page.field.setFocus()
    qtbot.keyClick(page.field, Qt.Key.Key_C)
    qtbot.keyClick(page.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert page.field.text() == "c"
    assert done == ["find"]


def test_keys_do_nothing_when_it_cannot_be_done(registry, page, qtbot):
    done = []
    registry.add([command("claim", "C", done, enabled_when=lambda: False)], page, "queue")
    page.press.setFocus()
    qtbot.keyClick(page.press, Qt.Key.Key_C)
    assert done == []


def test_removed_commands_are_gone(registry, page, qtbot):
    done = []
    registry.add([command("claim", "C", done)], page, "queue")
    registry.remove("queue")
    page.press.setFocus()
    qtbot.keyClick(page.press, Qt.Key.Key_C)
    assert done == [] == registry.here("queue")


@pytest.mark.parametrize(
    ("keys", "sleeps"),
    [("C", True), ("?", True), ("Return", True), ("Delete", True), ("Shift+A", True), ("+", True),
     ("Ctrl+K", False), ("Alt+1", False), ("F5", False), ("Esc", False), ("Ctrl++", False), ("Ctrl+Shift+N", False)],
)  # fmt: skip
def test_which_keys_sleep(keys, sleeps):
    assert sleeps_in_text(keys) is sleeps


def test_what_takes_text(qtbot):
    read_only, editable = QLineEdit(), QComboBox()
    read_only.setReadOnly(True)
    editable.setEditable(True)
    widgets = [(QLineEdit(), True), (QPlainTextEdit(), True), (QSpinBox(), True), (editable, True),
               (read_only, False), (QComboBox(), False), (QPushButton(), False)]  # fmt: skip
    for widget, takes in widgets:
        qtbot.addWidget(widget)
        assert takes_text(widget) is takes


def test_a_menu_asks_again_each_time_it_opens(page, qtbot):
    can = [False]
    menu = commands.menu([command("claim", "C", enabled_when=lambda: can[0]), None, command("print")], page)
    claim, line, _print = menu.actions()
    assert "C" in claim.text()
    assert line.isSeparator()
    can[0] = True
    menu.aboutToShow.emit()
    assert claim.isEnabled()
