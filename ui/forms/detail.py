"""What is known of one version of a form, and what can be done with it; a withdrawal says why."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.assessment.form_library import ShelvedForm
from ui import wording
from ui.commands import Command
from ui.forms.words import state_look, state_words
from ui.style import fonts
from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, command_button, label, row
from ui.widgets.panels import Facts, SidePanel


class FormPanel(SidePanel):
    """``withdraw_asked`` gives the reason."""

    withdraw_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("Form", width=350)
        self.reason = QLineEdit()
        self.reason.setParent(self)
        self.reason.hide()

    def show_form(self, form: ShelvedForm, now: datetime, commands: list[Command]) -> None:
        """The facts, and a button for each command that is possible."""
        self.set_title(form.title)
        look = state_look(form)
        facts = Facts(
            [
                ("Id", form.key.id),
                ("Version", str(form.key.version)),
                ("Read in", _by(form.imported_by, form.imported_at, now) or "Came with the program"),
                ("Published", _by(form.published_by, form.published_at, now) or "Not yet"),
                *([("Withdrawn", _by(form.withdrawn_by, form.withdrawn_at, now))] if form.withdrawn_at else []),
                *([("Because", form.withdrawn_reason)] if form.withdrawn_reason else []),
            ]
        )
        inside = QWidget()
        badge = row(Badge(state_words(form), look.tone, look.mark), None)
        inside.setLayout(column(badge, label(_meaning(form), wrap=True), facts, None, gap=3))
        self.set_content(inside)
        self.set_actions(*[command_button(c) for c in commands if c.enabled_when()], None)
        self.show()

    def ask_reason(self) -> None:
        """In place of the actions: why, and then it is done."""
        self.reason = QLineEdit()
        fonts.dress(self.reason)
        self.reason.setPlaceholderText("Why is it withdrawn?")
        self.reason.setAccessibleName("Why is it withdrawn?")
        self.reason.returnPressed.connect(self._give_reason)
        self.set_actions(self.reason, button("Withdraw", self._give_reason, kind="main"))
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_reason(self) -> None:
        self.withdraw_asked.emit(self.reason.text())


def _by(who: str, at: datetime | None, now: datetime) -> str:
    if at is None:
        return ""
    return f"{who}, {wording.near_time(at, now)}" if who else wording.near_time(at, now)


def _meaning(form: ShelvedForm) -> str:
    return {
        "Draft": "Nobody can assess with it yet. Look at it as the assessor will see it, then publish it.",
        "Live": "Assessments begin with this version.",
        "Replaced": "Assessments begin with a newer version. Those that were begun with this one keep it.",
        "Withdrawn": "No assessment begins with it any more. Those that were begun with it keep it.",
    }[state_words(form)]
