"""What a lock covers beside the window's own body: other windows, dialogs, menus, choices, tips, the clipboard.

What is opened while the desk is locked (an answer that came late shows a preview) is covered as it comes.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QToolTip, QWidget
from shiboken6 import isValid

from ui import clipboard

_LOOK_MS = 150
_POPUPS = frozenset({Qt.WindowType.Popup, Qt.WindowType.ToolTip})


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
