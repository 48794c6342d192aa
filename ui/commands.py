"""Commands: declared once; they feed menus, buttons, the palette (Ctrl+K), the shortcut sheet (?) and tests.

    Command("queue.claim", "Claim", self.claim, shortcut="C", enabled_when=self.can_claim, group="Queue", icon="user")

A command of a page works while that page is in front; one of the window always. A shortcut means one thing at a time:
:meth:`Commands.add` refuses a second command of the same scope, or of the window, on the same keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from ui.style import icons

EVERYWHERE = ""


def always() -> bool:
    return True


@dataclass(frozen=True)
class Command:
    """Something that can be done. ``shortcut`` as Qt writes it (``Ctrl+Return``, ``C``, ``?``); keys without Ctrl or
    Alt sleep while a text field has the focus. ``also`` holds further words that the palette finds it by."""

    id: str
    title: str
    run: Callable[[], object]
    shortcut: str = ""
    enabled_when: Callable[[], bool] = always
    group: str = ""
    icon: str = ""
    also: str = ""
    in_palette: bool = True

    @property
    def keys(self) -> str:
        """The shortcut as people read it: ``Ctrl+Enter``."""
        return shown_keys(self.shortcut)

    def __call__(self) -> None:
        """Do it, if it can be done now."""
        if self.enabled_when():
            self.run()


class ShortcutTaken(Exception):
    """Two commands on the same keys."""


def shown_keys(shortcut: str) -> str:
    return shortcut.replace("Return", "Enter").replace("Del", "Delete") if shortcut else ""


def sleeps_in_text(shortcut: str) -> bool:
    """True for keys that a text field needs for itself."""
    parts = shortcut.split("+") if shortcut != "+" else ["+"]
    return not ({"Ctrl", "Alt", "Meta"} & set(parts[:-1]) or parts[-1] == "Esc" or _is_function_key(parts[-1]))


def _is_function_key(key: str) -> bool:
    return len(key) > 1 and key[0] == "F" and key[1:].isdigit()


def takes_text(widget: QWidget | None) -> bool:
    """True for a widget that a person types into."""
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, QAbstractSpinBox)


@dataclass
class _Scope:
    widget: QWidget | None = None
    commands: list[Command] = field(default_factory=list)
    shortcuts: list[QShortcut] = field(default_factory=list)


class Commands(QObject):
    """All the commands there are, by scope: ``""`` the whole window, else the id of a page."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scopes: dict[str, _Scope] = {}
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def add(self, commands: Iterable[Command], widget: QWidget, scope: str = EVERYWHERE) -> None:
        """Take commands in and bind their keys to ``widget`` (and what is inside it).

        Raises ShortcutTaken, and ValueError for an id that is there already."""
        place = self._scopes.setdefault(scope, _Scope())
        place.widget = widget
        for command in commands:
            self._refuse_doubles(command, scope)
            place.commands.append(command)
            if command.shortcut:
                place.shortcuts.append(_bind(command, widget, whole_window=scope == EVERYWHERE))
        self.changed.emit()

    def remove(self, scope: str) -> None:
        """Forget a scope, when its page is closed."""
        place = self._scopes.pop(scope, None)
        for shortcut in place.shortcuts if place else []:
            shortcut.deleteLater()
        self.changed.emit()

    def of(self, scope: str) -> list[Command]:
        place = self._scopes.get(scope)
        return list(place.commands) if place else []

    def here(self, scope: str = EVERYWHERE) -> list[Command]:
        """What can be reached while the page ``scope`` is in front: its own, then the window's."""
        return [*(self.of(scope) if scope else []), *self.of(EVERYWHERE)]

    def get(self, command_id: str) -> Command:
        """KeyError for an id that is not there."""
        for place in self._scopes.values():
            for command in place.commands:
                if command.id == command_id:
                    return command
        raise KeyError(command_id)

    def _refuse_doubles(self, command: Command, scope: str) -> None:
        for name, place in self._scopes.items():
            for other in place.commands:
                if other.id == command.id and name == scope:
                    raise ValueError(f"command {command.id} is there already")
                meets = name == scope or EVERYWHERE in (name, scope)
                if meets and command.shortcut and _same_keys(command.shortcut, other.shortcut):
                    raise ShortcutTaken(f"{command.id} and {other.id} both want {command.shortcut}")

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        typing = takes_text(now)
        for place in self._scopes.values():
            for shortcut in place.shortcuts:
                if isValid(shortcut) and shortcut.property("sleeps"):
                    shortcut.setEnabled(not typing)


def _same_keys(one: str, other: str) -> bool:
    return bool(other) and QKeySequence(one) == QKeySequence(other)


def _bind(command: Command, widget: QWidget, *, whole_window: bool) -> QShortcut:
    shortcut = QShortcut(widget)
    keys = [QKeySequence(command.shortcut)]
    if command.shortcut.endswith("Return"):
        keys.append(QKeySequence(command.shortcut.removesuffix("Return") + "Enter"))
    shortcut.setKeys(keys)
    context = Qt.ShortcutContext.WindowShortcut if whole_window else Qt.ShortcutContext.WidgetWithChildrenShortcut
    shortcut.setContext(context)
    shortcut.setAutoRepeat(False)
    shortcut.setProperty("sleeps", sleeps_in_text(command.shortcut))
    shortcut.activated.connect(command.__call__)
    return shortcut


def action(command: Command, parent: QObject) -> QAction:
    """A menu entry of a command, with its keys shown (they are bound elsewhere, so it does not bind them again)."""
    text = f"{command.title}\t{command.keys}" if command.shortcut else command.title
    made = QAction(text, parent)
    if command.icon:
        made.setIcon(icons.icon(command.icon))
    made.setEnabled(command.enabled_when())
    made.triggered.connect(lambda _checked=False: command())
    return made


def menu(commands: Iterable[Command | None], parent: QWidget) -> QMenu:
    """A menu of commands; ``None`` is a line between. Asks ``enabled_when`` each time it opens."""
    made = QMenu(parent)
    entries = list(commands)
    pairs: list[tuple[QAction, Command]] = []
    for entry in entries:
        if entry is None:
            made.addSeparator()
        else:
            pairs.append((action(entry, made), entry))
            made.addAction(pairs[-1][0])

    def ask_again() -> None:
        for item, entry in pairs:
            item.setEnabled(entry.enabled_when())

    made.aboutToShow.connect(ask_again)
    return made
