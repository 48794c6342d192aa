"""In the place of a password that somebody else gave: one of one's own, before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.errors import BadValue
from ui.sentences import sentence
from ui.shell.new_password import NewPasswordForm
from ui.tasks import Tasks
from ui.widgets.basics import button, column, label, row


class ChoosePanel(QWidget):
    """``choose(new)`` on a worker thread; then ``chosen(new)``. Esc goes back."""

    def __init__(
        self, tasks: Tasks, user: str, choose: Callable[[str], Any], chosen: Callable[[str], object],
        back: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__()
        self._tasks, self._choose, self._chosen, self._back = tasks, choose, chosen, back
        self.form = NewPasswordForm(tasks, lambda: (user,), ask_present=False)
        self._problem = label(tone="red", wrap=True)
        self._problem.hide()
        self._go = button("Keep it and sign in", self.keep, kind="main")
        about = "Somebody gave you this password, so somebody else has seen it. Choose one that only you know."
        self.setLayout(column(
            label("Choose a password of your own", strong=True), label(about, quiet=True, wrap=True), self.form,
            self._problem, row(self._go, button("Back", back, kind="quiet", tip="Esc"), None), gap=3,
        ))  # fmt: skip
        for field in self.form.fields.values():
            assert isinstance(field.editor, QLineEdit)
            field.editor.returnPressed.connect(self.keep)

    def begin(self) -> None:
        self.form.fields["new"].editor.setFocus()

    def keep(self) -> None:
        """Say what is wrong at its field, or have it taken."""
        self.form.clear_problems()
        self._problem.hide()
        self._go.setEnabled(False)
        check = self.form.check()

        def call() -> str:
            new = check()
            self._choose(new)
            return new

        self._tasks.run(self, call, self._chosen, self._failed, latest="choose")

    def _failed(self, error: Exception) -> None:
        self._go.setEnabled(True)
        elsewhere = self.form.set_problems(error) if isinstance(error, BadValue) else [error]
        if elsewhere:
            self._problem.setText(sentence(elsewhere[0]))
            self._problem.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)
