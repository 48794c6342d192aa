"""The small questions of the plan: a review, a new version, an end, a team. They stand in the panel at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.careplan.model import TeamChoice
from coordination.careplan.rows import PlanTeam
from coordination.errors import BadValue, BadValues
from ui.widgets.basics import Choice, TextArea, button, column, label
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form


class Ask(QWidget):
    """A question or two. ``confirm``, for the foot of the panel, does it, as does Ctrl+Enter: ``do(values)``."""

    def __init__(
        self, verb: str, form: Form, do: Callable[[dict[str, Any]], object], leave: Callable[[], object], said: str = ""
    ) -> None:
        super().__init__()
        self.form, self._do, self._leave = form, do, leave
        self.confirm = button(verb, self.go, kind="main", tip=f"{verb}  (Ctrl+Enter)")
        parts: list[Any] = [label(said, quiet=True, wrap=True)] if said else []
        self.back = button("Leave it", leave, kind="quiet", tip="Leave it  (Esc)")
        self.setLayout(column(*parts, form, None, gap=3))

    def start(self) -> None:
        next(iter(self.form.fields.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def go(self) -> None:
        """Do it with what is typed."""
        self.form.clear_problems()
        try:
            self._do(self.form.values())
        except BadValues as error:
            self.form.set_problems(error)

    def failed(self, error: Exception) -> bool:
        """Say at the fields what is wrong; False when it is nothing of theirs."""
        if isinstance(error, BadValue | BadValues):
            self.form.set_problems(error)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif enter and (ctrl or isinstance(self.focusWidget(), QLineEdit)):
            self.go()
        else:
            super().keyPressEvent(event)


def review_form(today: date, with_whom: str) -> Form:
    """When, with whom, what came of it, and when next."""
    form = Form()
    form.add("held_on", "Held on", DateEdit(), required=True)
    form.add("with_whom", "With whom", QLineEdit(), required=True)
    form.add("came_of_it", "What came of it", TextArea(lines=4, most=12), required=True)
    form.add("next_review_on", "Next review on", DateEdit(), required=True, help="Each review sets the next")
    form.set_values({"held_on": today, "with_whom": with_whom})
    return form


def issue_form() -> Form:
    form = Form()
    form.add("why", "Why it is issued again", TextArea(lines=2, most=5), help="Every team reads this first")
    return form


def end_form() -> Form:
    form = Form()
    form.add("reason", "Why it ends", TextArea(lines=2, most=5))
    return form


def team_form(teams: Sequence[TeamChoice], there: Sequence[PlanTeam]) -> Form:
    form = Form()
    on = {t.id for t in there}
    form.add("team", "Team", Choice([(t.id, t.name) for t in teams if t.id not in on]), required=True)
    return form
