"""The lock: what was open is hidden, nothing of it is lost. By itself after some idle minutes, or Ctrl+L."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget

from ui.desk import Desk
from ui.shell.overlay import Overlay
from ui.shell.signin import SignInPanel, Trainee
from ui.style import theme
from ui.widgets.basics import button, column, label, plane, row

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """Says when nobody has touched the windows it watches for some minutes. It looks at windows, not at widgets: a
    filter on every event of the program would cost more than the lock is worth."""

    idle = Signal()

    def __init__(self, minutes: float, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.idle)
        self.set_minutes(minutes)

    def set_minutes(self, minutes: float) -> None:
        """Zero never locks."""
        self._timer.setInterval(round(minutes * 60_000))
        self.touch()

    def watch(self, window: QWindow) -> None:
        window.installEventFilter(self)

    def touch(self) -> None:
        if self._timer.interval() > 0:
            self._timer.start()
        else:
            self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self.touch()
        return super().eventFilter(watched, event)


class LockScreen(Overlay):
    """Asks for the password again (or one click, in training). ``opened_again`` when it fits."""

    opened_again = Signal()

    def __init__(
        self, over: QWidget, desk: Desk, unlock: Callable[[str, str], Any], trainee: Trainee | None,
        sign_out: Callable[[], object],
    ) -> None:  # fmt: skip
        self.panel_inside = SignInPanel(
            desk.tasks, unlock, user_name=desk.actor.user_name, trainees=[trainee] if trainee else (),
            said=f"{desk.actor.display_name} is signed in. Nothing that was typed is lost.",
            words="Unlock",
        )  # fmt: skip
        self.panel_inside.user.setReadOnly(True)
        self.panel_inside.form.field("user_name").setVisible(False)
        other = button("Somebody else signs in", sign_out, kind="quiet")
        inner = plane(
            column(label("Locked", size="title", strong=True), self.panel_inside, row(other, None), gap=4, margins=8),
            "surface", "all",
        )  # fmt: skip
        inner.setMaximumWidth(theme.px(440))
        around = QWidget()
        around.setLayout(column(None, row(None, inner, None), None))
        inner.setMinimumWidth(theme.px(400))
        super().__init__(over, around, opaque=True)
        self.panel_inside.signed_in.connect(self._fits)

    def open(self) -> None:
        super().open()
        self.panel_inside.first_focus()

    def _fits(self, _result: Any) -> None:
        self.close_overlay()
        self.opened_again.emit()
