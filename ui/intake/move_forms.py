"""The small forms of the moves that need words: hand over, take over, decline, close, reopen, triage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from coordination.errors import BadValue, BadValues
from coordination.intake import rules
from coordination.intake.model import Referral, ServiceKind
from ui.intake import words
from ui.widgets.basics import Choice, TextArea, button, column, label, row, set_tone
from ui.widgets.fields import Form


class MoveForm(QWidget):
    """A question or two, a button that does it, and Esc to leave it.

    ``do(values)`` gets the values by field name; what it finds wrong comes back by ``set_problems``.
    """

    def __init__(
        self, title: str, verb: str, do: Callable[[dict[str, str]], object], leave: Callable[[], object]
    ) -> None:
        super().__init__()
        self.form = Form()
        self._do, self._leave = do, leave
        self.confirm = button(verb, self.go, kind="main", tip=f"{verb}  (Ctrl+Enter)")
        self._actions = row(self.confirm, button("Leave it", leave, kind="quiet", tip="Leave it  (Esc)"), None)
        self.setLayout(column(label(title, strong=True), self.form, self._actions, gap=3))

    def go(self) -> None:
        """Do it with what is typed. A field that is needed and empty says so."""
        self.form.clear_problems()
        self._do({name: value or "" for name, value in self.form.values().items()})

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        return self.form.set_problems(error)

    def start(self) -> None:
        """Put the cursor into the first field."""
        next(iter(self.form.fields.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.go()
        else:
            super().keyPressEvent(event)


def reason_form(
    title: str, verb: str, question: str, do: Callable[[dict[str, str]], object], leave: Callable[[], object],
) -> MoveForm:  # fmt: skip
    """One reason."""
    made = MoveForm(title, verb, do, leave)
    made.form.add("reason", question, TextArea(2), required=True)
    return made


def colleague_form(
    title: str, verb: str, field: tuple[str, str], colleagues: Sequence[tuple[str, str]], question: str,
    do: Callable[[dict[str, str]], object], leave: Callable[[], object], chosen: str = "",
) -> MoveForm:  # fmt: skip
    """A colleague and a reason. ``field`` is name and caption of the colleague's."""
    made = MoveForm(title, verb, do, leave)
    choice = Choice(colleagues, prompt="Choose a colleague")
    choice.setEditable(False)
    if chosen:
        choice.set_value(chosen)
    made.form.add(field[0], field[1], choice, required=True)
    made.form.add("reason", question, TextArea(2), required=True)
    return made


class TriageForm(MoveForm):
    """E3. Service, urgency and why, with the due time said in words."""

    def __init__(
        self, referral: Referral, services: Sequence[ServiceKind], now: datetime,
        do: Callable[[dict[str, str]], object], leave: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__(f"Triage no. {referral.number}", "Set", do, leave)
        self._referral, self._now = referral, now
        service = Choice([(kind.code, kind.name) for kind in services])
        service.set_value(referral.service)
        self.urgency = Choice(list(words.URGENCIES.items()))
        self.urgency.set_value(referral.urgency)
        self.form.add("service", "For", service, required=True)
        self.form.add("urgency", "Urgency", self.urgency, required=True)
        self._due = label("", quiet=True, wrap=True)
        self.form.add_widget(self._due)
        self.form.add("urgency_reason", "Because", TextArea(2), required=True)
        self.urgency.chosen.connect(lambda _code: self._say_due())
        self._say_due()

    def _say_due(self) -> None:
        due = rules.due_at(str(self.urgency.value), self._referral.received_at)
        self._due.setText(f"Due {words.due(due, self._now)}")
        set_tone(self._due, "red" if due < self._now else "")
