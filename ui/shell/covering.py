"""What a lock covers beside the window's own body: other windows, dialogs, menus, choices, tips, the clipboard.

What is opened while the desk is locked (an answer that came late shows a preview) is covered as it comes.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QToolTip, QWidget
from shiboken6 import isValid

from ui import clipboard

_LOOK_MS = 150
_POPUPS = frozenset({Qt.WindowType.Popup, Qt.WindowType.ToolTip})


class Place:
    """Where somebody wrote: the field that has the cursor, and what is marked in it, which a line of text forgets when
    the cursor leaves it."""

    def __init__(self) -> None:
        self.field = QApplication.focusWidget()
        self._marked: tuple[int, int] | None = None
        if isinstance(self.field, QLineEdit) and self.field.hasSelectedText():
            begin, length = self.field.selectionStart(), len(self.field.selectedText())
            backwards = self.field.cursorPosition() == begin
            self._marked = (begin + length, -length) if backwards else (begin, length)

    def go_back(self) -> None:
        """As it was, if it is still there."""
        if self.field is None or not isValid(self.field):
            return
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._marked is not None and isinstance(self.field, QLineEdit):
            self.field.setSelection(*self._marked)


class Cover(QObject):
    """``keep``: windows that may be seen while it is locked; the locked window itself is one."""

    def __init__(self, keep: Callable[[QWidget], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._keep = keep
        self._hidden: list[QWidget] = []
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._sweep)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._focused)

    def close(self) -> None:
        """Cover it all, and empty what this program put on the clipboard."""
        clipboard.forget()
        self._sweep()
        self._look.start()

    def open(self) -> None:
        """As it was; a file or print dialogue that was open is not opened again."""
        self._look.stop()
        hidden, self._hidden = self._hidden, []
        for window in hidden:
            if isValid(window):
                window.show()

    def let_go(self) -> None:
        """Nothing comes back: somebody else signs in."""
        self._look.stop()
        self._hidden.clear()

    def _focused(self, _window: object) -> None:
        if self._look.isActive():
            self._sweep()

    def _sweep(self) -> None:
        QToolTip.hideText()
        for window in QApplication.topLevelWidgets():
            if not window.isVisible() or self._keep(window):
                continue
            if isinstance(window, QDialog):
                window.reject()
            elif window.windowType() in _POPUPS:
                window.close()
            else:
                window.hide()
                self._hidden.append(window)
