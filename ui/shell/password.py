"""Changing one's own password: a panel over the window, from the menu of one's name or Ctrl+K."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.errors import BadValue
from ui.desk import Desk
from ui.sentences import sentence
from ui.shell.new_password import NewPasswordForm
from ui.shell.overlay import Overlay
from ui.widgets.basics import button, column, label, row

Change = Callable[[str, str], Any]
"""the present password, the new one; on a worker thread"""


class PasswordSheet(QWidget):
    """What is asked. ``change`` None: nothing can be changed here (a login of the training city, say)."""

    def __init__(self, desk: Desk, change: Change, close: Callable[[], object]) -> None:
        super().__init__()
        self._desk, self._change, self._close = desk, change, close
        actor = desk.actor
        self.form = NewPasswordForm(desk.tasks, lambda: (actor.user_name, actor.display_name), ask_present=True)
        self._problem = label(tone="red", wrap=True)
        self._problem.hide()
        self._go = button("Change it", self.save, kind="main", tip="Ctrl+Enter")
        about = (
            "It holds from this moment on. Your windows on other computers are signed out; what you typed there is "
            "kept, and opens with the password you have now."
        )
        self.setLayout(column(
            label("Change my password", size="title", strong=True), label(about, quiet=True, wrap=True), self.form,
            self._problem, row(self._go, button("Leave it", close, kind="quiet", tip="Esc"), None), gap=3, margins=6,
        ))  # fmt: skip
        for field in self.form.fields.values():
            assert isinstance(field.editor, QLineEdit)
            field.editor.returnPressed.connect(self.save)

    def begin(self) -> None:
        self.form.empty()
        self.form.clear_problems()
        self._problem.hide()
        self._go.setEnabled(True)
        self.form.fields["present"].editor.setFocus()

    def save(self) -> None:
        """Changed on the server, then in the keyring and on this computer's drafts."""
        self.form.clear_problems()
        self._problem.hide()
        present, check = self.form.text("present"), self.form.check()
        if not present:
            self.form.set_problems(BadValue("present", "required"))
            return
        self._go.setEnabled(False)

        def call() -> None:
            self._change(present, check())

        self._desk.tasks.run(self, call, self._changed, self._failed, latest="password")

    def _changed(self, _nothing: object) -> None:
        self.form.empty()
        self._close()
        self._desk.notices.say("Your password is changed. Use the new one from now on.")

    def _failed(self, error: Exception) -> None:
        self._go.setEnabled(True)
        elsewhere = self.form.set_problems(error) if isinstance(error, BadValue) else [error]
        if elsewhere:
            self._problem.setText(sentence(elsewhere[0]))
            self._problem.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.save()
        else:
            super().keyPressEvent(event)


class PasswordOverlay(Overlay):
    """The panel over a window."""

    def __init__(self, over: QWidget, desk: Desk, change: Change) -> None:
        self.sheet = PasswordSheet(desk, change, lambda: self.close_overlay())
        super().__init__(over, self.sheet, width=520)
        self.closed.connect(self.sheet.form.empty)

    def open(self) -> None:
        super().open()
        self.sheet.begin()
