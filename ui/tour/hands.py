"""Hands and eyes: keys, clicks and waiting, as a person at the desk has them. Nothing here reaches past a widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

W = TypeVar("W", bound=QWidget)
SECONDS = 10.0
_LOOK_MS = 10
pace_ms = 0
"""How long to wait after each key or click, for people who watch."""


class Unmet(Exception):
    """What was to be seen did not come. Its text is a sentence for whoever runs the tour."""


def until(seen: Callable[[], Any], expected: str, seconds: float = SECONDS) -> Any:
    """Let the program go on until ``seen`` gives something true; that is returned. Raises Unmet after ``seconds``."""
    ends = monotonic() + seconds
    while True:
        found = seen()
        if found:
            return found
        if monotonic() > ends:
            raise Unmet(f"expected {expected}, and waited {seconds:g} s for it")
        QTest.qWait(_LOOK_MS)


def expect(found: object, wanted: object, what: str) -> None:
    """Raises Unmet when they differ."""
    if found != wanted:
        raise Unmet(f"expected {what} to be {wanted!r}, found {found!r}")


def breathe() -> None:
    """A moment for whoever watches."""
    if pace_ms:
        QTest.qWait(pace_ms)


def come_forward(window: QWidget) -> None:
    """Make a window the one that gets the keys."""

    def in_front() -> bool:
        if not window.isActiveWindow():  # asked again: another window that was just shown may have come in between
            if QGuiApplication.platformName() != "offscreen":
                window.raise_()
            window.activateWindow()
        return window.isActiveWindow()

    until(in_front, "the window to come to the front")


def press(widget: QWidget, keys: str) -> None:
    """Press keys as a command names them (``Ctrl+N``, ``C``, ``Down``) where the cursor is in this widget's window."""
    window = widget.window()
    come_forward(window)
    chord = QKeySequence(keys)[0]
    target = window.focusWidget() or widget
    QTest.keyClick(target, chord.key(), chord.keyboardModifiers())
    breathe()


def say(widget: QWidget, words: str) -> None:
    """Type words into whatever has the cursor in this widget's window."""
    come_forward(widget.window())
    target = widget.window().focusWidget() or widget
    _type(target, words)
    breathe()


def _type(target: QWidget, words: str) -> None:
    """Key by key; QTest knows the keys of ASCII only."""
    for letter in words:
        if letter == "\n":
            QTest.keyClick(target, Qt.Key.Key_Return)
        elif letter.isascii():
            QTest.keyClicks(target, letter)
        else:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click a widget, once it is in sight and may be clicked."""
    until(lambda: widget.isVisible() and widget.isEnabled(), f"{name_of(widget)} to be ready for a click")
    into_sight(widget)
    popup = QApplication.activePopupWidget()
    if popup is not None and not popup.isAncestorOf(widget):
        popup.close()  # as a click beside it does
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())
    breathe()


def into_sight(widget: QWidget) -> None:
    """Scroll whatever scrolls around a widget."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea) and around.widget() is not None and around.widget().isAncestorOf(widget):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def put(field: QWidget, words: str) -> None:
    """Go to a field with the mouse, take out what is in it, and type."""
    come_forward(field.window())
    click(field)
    if isinstance(field, QLineEdit | QPlainTextEdit):
        field.selectAll()
    _type(field, words)
    breathe()


def choose(field: QComboBox, value: object) -> None:
    """Choose from a list, by the code of the entry, with the arrow keys."""
    come_forward(field.window())
    wanted = next((n for n in range(field.count()) if field.itemData(n) == value), -1)
    if wanted < 0:
        offered = [field.itemText(n) for n in range(field.count())]
        raise Unmet(f"expected {value!r} among the choices {offered}")
    into_sight(field)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(field, Qt.Key.Key_Home)
    for _ in range(field.count()):
        if field.currentIndex() == wanted:
            return
        step = Qt.Key.Key_Down if field.currentIndex() < wanted else Qt.Key.Key_Up
        QTest.keyClick(field, step)
    raise Unmet(f"expected to reach {field.itemText(wanted)!r} with the arrow keys")


def select_row(view: Any, row: int) -> None:
    """Click a row of a table or list."""
    index = view.model().index(row, 0)
    view.scrollTo(index)
    box = view.visualRect(index)
    view.setFocus()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box.center())
    if view.currentIndex().row() != row:
        flag = QItemSelectionModel.SelectionFlag
        view.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)


# looking


def shown(widget: QWidget, kind: type[W]) -> list[W]:
    """What of a kind can be seen in a widget."""
    return [each for each in widget.findChildren(kind) if each.isVisible()]


def button_saying(widget: QWidget, words: str) -> QAbstractButton:
    """The button with these words, once it can be seen. Raises Unmet."""

    def named() -> list[QAbstractButton]:
        return [b for b in shown(widget, QAbstractButton) if words in (b.text().replace("&", ""), b.accessibleName())]

    try:
        return until(named, "", 3)[0]  # type: ignore[no-any-return]
    except Unmet:
        there = sorted({b.text() for b in shown(widget, QAbstractButton) if b.text()})
        raise Unmet(f"expected a button “{words}”; there are {', '.join(there)}") from None


def command_button(widget: QWidget, command: str) -> QAbstractButton:
    """The button of a command, that can be seen. Raises Unmet."""
    found = [b for b in shown(widget, QAbstractButton) if b.property("command") == command]
    if not found:
        raise Unmet(f"expected a button of the command {command}")
    return found[0]


def reads(widget: QWidget) -> str:
    """All words that can be seen in a widget's labels and buttons."""
    parts: Iterable[QLabel | QAbstractButton] = [*shown(widget, QLabel), *shown(widget, QAbstractButton)]
    return "\n".join(part.text() for part in parts if part.text())


def name_of(widget: QWidget) -> str:
    """How to call a widget in a sentence."""
    words = widget.text() if isinstance(widget, QAbstractButton) else widget.accessibleName()
    return f"“{words}”" if words else type(widget).__name__


def settle() -> None:
    """Let everything that has been asked for be laid out and painted."""
    app = QApplication.instance()
    for _ in range(3):
        app.sendPostedEvents() if app else None
        QTest.qWait(0)
