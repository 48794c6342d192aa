"""The lock: what was open is hidden, nothing of it is lost. By itself after some idle minutes, or Ctrl+L."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.desk import Desk
from ui.shell.overlay import Overlay
from ui.shell.refusals import Refusals
from ui.shell.signin import SignInPanel, Trainee
from ui.style import theme
from ui.widgets.basics import button, column, label, plane, row


class LockScreen(Overlay):
    """Asks for the password again (or one click, in training). ``opened_again`` when it fits."""

    opened_again = Signal()

    def __init__(
        self, over: QWidget, desk: Desk, unlock: Callable[[str, str], Any], trainee: Trainee | None,
        somebody_else: Callable[[], object], refusals: Refusals | None = None,
    ) -> None:  # fmt: skip
        self.panel_inside = SignInPanel(
            desk.tasks, unlock, user_name=desk.actor.user_name, trainees=[trainee] if trainee else (),
            said=f"{desk.actor.display_name} is signed in. Nothing that was typed is lost.",
            words="Unlock", refusals=refusals,
        )  # fmt: skip
        self.panel_inside.user.setReadOnly(True)
        self.panel_inside.form.field("user_name").setVisible(False)
        other = button("Somebody else signs in", somebody_else, kind="quiet")
        inner = plane(
            column(label("Locked", size="title", strong=True), self.panel_inside, row(other, None), gap=4, margins=8),
            "surface", "all",
        )  # fmt: skip
        inner.setMaximumWidth(theme.px(440))
        around = QWidget()
        around.setLayout(column(None, row(None, inner, None), None))
        inner.setMinimumWidth(theme.px(400))
        super().__init__(over, around, opaque=True)
        self._told = False
        self.panel_inside.signed_in.connect(self._fits)

    @property
    def told(self) -> bool:
        """Whether something was said that must be read before one goes on."""
        return self._told

    def tell(self, words: str) -> None:
        self._told = True
        self.panel_inside.tell(words)

    def open(self) -> None:
        self._told = False
        self.panel_inside.tell("")
        super().open()
        self.panel_inside.first_focus()

    def _fits(self, _result: Any) -> None:
        self.close_overlay()
        self.opened_again.emit()
