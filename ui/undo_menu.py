"""The menu of what was done on a board: what would be undone, the latest first, and what could be done again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ui.style import icons
from ui.undo import UndoStack

SHOWN = 15


def history_menu(stack: UndoStack, parent: QWidget) -> QMenu:
    """Each line undoes everything down to it; those above the rule do again everything up to it."""
    made = QMenu(parent)
    undone, done = stack.undone[-SHOWN:], list(reversed(stack.done))[:SHOWN]
    for count, entry in reversed(list(enumerate(reversed(undone), 1))):
        line = _line(made, f"Do again: {entry.label}", "arrow-u-up-right")
        line.triggered.connect(lambda _on=False, n=count: _times(stack.redo, n))
    if undone and done:
        made.addSeparator()
    for count, entry in enumerate(done, 1):
        line = _line(made, f"Undo: {entry.label}", "arrow-u-up-left")
        line.triggered.connect(lambda _on=False, n=count: _times(stack.undo, n))
    if not done and not undone:
        line = _line(made, "Nothing was done on this board yet.", "")
        line.setEnabled(False)
    return made


def _times(act: Callable[[], None], count: int) -> None:
    for _ in range(count):
        act()


def _line(menu: QMenu, words: str, icon: str) -> QAction:
    made = QAction(words.replace("&", "&&"), menu)
    if icon:
        made.setIcon(icons.icon(icon))
    menu.addAction(made)
    return made
