"""Choosing a password: what is wrong with it, or how long it would hold, in words while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit

from coordination.errors import BadValue
from coordination.governance import passwords
from coordination.governance.passwords import Strength, Verdict
from ui.sentences import sentence
from ui.style import theme
from ui.tasks import Tasks
from ui.widgets.basics import label, set_tone
from ui.widgets.fields import Form

_SETTLE_MS = 150
STRENGTHS: dict[Strength, tuple[str, str]] = {
    "fair": ("Fair: it would hold against somebody who tries at the window.", "amber"),
    "good": ("Good: guessing it takes a machine of its own a long time.", "ok"),
    "strong": ("Strong.", "ok"),
}
ADVICE = "Twelve letters or more. Three unrelated words are easy to keep in mind."


class NewPasswordForm(Form):
    """``present`` is asked for where somebody changes their own. ``own``: names that must not stand in it."""

    def __init__(self, tasks: Tasks, own: Callable[[], Iterable[str]], *, ask_present: bool) -> None:
        super().__init__()
        self._tasks, self._own = tasks, own
        if ask_present:
            self.add("present", "Your present password", _secret(), required=True)
        self.add("new", "New password", _secret(), required=True, help=ADVICE)
        self.strength = label("", size="small", wrap=True)
        self.strength.setMinimumHeight(theme.px(34))  # two lines: nothing moves while one types
        self.strength.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.add_widget(self.strength)
        self.add("again", "The new one again", _secret(), required=True)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._judge)
        self.edited.connect(lambda name: self._settle.start() if name == "new" else None)

    def text(self, name: str) -> str:
        """As it was typed: a blank at the end is part of a password."""
        editor = self.fields[name].editor if name in self.fields else None
        return editor.text() if isinstance(editor, QLineEdit) else ""

    def check(self) -> Callable[[], str]:
        """To be called on a worker thread, because it may take a moment: the new one. Raises BadValue by field."""
        new, again, present = self.text("new"), self.text("again"), self.text("present") or None
        own = tuple(self._own())
        return lambda: passwords.check(new, again, own, present)

    def empty(self) -> None:
        """Nothing of it stays in the fields."""
        for field in self.fields.values():
            assert isinstance(field.editor, QLineEdit)
            field.editor.clear()
        self.strength.clear()

    def _judge(self) -> None:
        new, own, present = self.text("new"), tuple(self._own()), self.text("present") or None
        if not new:
            self.strength.clear()
            return
        self._tasks.run(self, lambda: passwords.judge(new, own, present), self._say, latest="strength")

    def _say(self, verdict: Verdict) -> None:
        if verdict.problem is not None:
            self.strength.setText(sentence(BadValue("new", verdict.problem)))
            set_tone(self.strength, "amber")
        else:
            words, tone = STRENGTHS[verdict.strength]
            self.strength.setText(words)
            set_tone(self.strength, tone)


def _secret() -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made
