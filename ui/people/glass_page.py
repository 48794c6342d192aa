"""Emergency access to a record that is not shared with one's team at all: found by what identifies the person (R3)."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.errors import BadValue, BadValues
from coordination.governance import emergency
from coordination.governance.emergency import MAY_BREAK, Answer
from coordination.people.emergency import Access
from coordination.values import new_id
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.people.glass import ReasonForm, warning
from ui.style import theme
from ui.widgets.basics import button, column, label, row
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form
from ui.widgets.panels import PageHead, scrolling

_INTRO = (
    "For a record that your team does not see, when it cannot wait. Type what identifies the person exactly: nobody "
    "learns from a look who is registered here. Each look is counted and kept; the information-governance lead sees it."
)
_ANSWERS = {
    "nobody": "Nobody is registered exactly like that. Check the spelling, or look by another number; the usual search "
    "finds what your team sees, misspelt too.",
    "several": "More than one person is registered like that. Only the NHS number tells which.",
    "shared": "This record is there for your team: emergency access is not needed.",
    "not_shared": "There is a record that is not shared with your team.",
}


class GlassPage(Page):
    """Look, then say why. What was typed to look by is kept nowhere."""

    id, title, icon = "emergency_access", "Emergency access", "lock-key-open"
    areas: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.answer: Answer | None = None
        self._look_id, self._access_id = new_id(), new_id()
        self.who = Form(columns=2)
        self.who.add("nhs_number", "NHS number", QLineEdit(), span=2)
        self.who.add_widget(label("or, without a number, all three of these", quiet=True))
        self.who.add("surname", "Surname", QLineEdit())
        self.who.add("given", "First name", QLineEdit())
        self.who.add("birth_date", "Date of birth", DateEdit(birth=True))
        self.who.edited.connect(lambda _name: self._forget())
        self.look_button = button("Look", self.look, kind="main", icon="magnifying-glass", tip="Look  (Ctrl+Return)")
        self.found = label("", strong=True, wrap=True)
        self.why = ReasonForm()
        self._warning = label("", wrap=True)
        self.open_button = button(
            "Open the record", self.open_record, kind="main", icon="lock-key-open", tip="Open the record  (Ctrl+Return)"
        )
        self._asking = QWidget()
        self._asking.setLayout(column(self._warning, self.why, row(self.open_button, None), gap=4))
        content = QWidget()
        content.setMaximumWidth(theme.px(640))
        parts = (label(_INTRO, wrap=True), self.who, row(self.look_button, None), self.found, self._asking)
        content.setLayout(column(*parts, None, gap=4, margins=(6, 4, 6, 4)))
        layout = column(
            PageHead(self.title, "To a record that is not shared with your team"), scrolling(content), gap=0
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._say()

    def commands(self) -> list[Command]:
        return [
            Command("emergency_access.go", "Look, or open what was found", self.go_on, "Ctrl+Return", lambda: self._may,
                    self.title, "lock-key-open", also="break glass"),
            Command("emergency_access.again", "Look for somebody else", self.clear, "",
                    lambda: self.answer is not None, self.title, "magnifying-glass"),
        ]  # fmt: skip

    @property
    def _may(self) -> bool:
        return self.desk.actor.role in MAY_BREAK

    def activated(self) -> None:
        self.who.field("nhs_number").editor.setFocus()

    def refresh(self) -> None:
        if not self._warning.text():
            service = self.desk.services.emergency
            self.run(service.minutes, lambda minutes: self._warning.setText(warning(minutes)))

    def go_on(self) -> None:
        """The next of the two steps."""
        if self.answer is not None and self.answer.kind == "not_shared":
            self.open_record()
        else:
            self.look()

    def clear(self) -> None:
        """Nothing typed, nothing found."""
        self.who.set_values({"nhs_number": "", "surname": "", "given": "", "birth_date": None})
        self.why.set_values({"kind": None, "words": ""})
        self._forget()
        self.activated()

    def _forget(self) -> None:
        self.answer, self._look_id, self._access_id = None, new_id(), new_id()
        self._say()

    # ---------------------------------------------------------------- look

    def look(self) -> None:
        self.who.clear_problems()
        try:
            v = self.who.values()
            asked = emergency.check_look(v["nhs_number"], v["surname"], v["given"], v["birth_date"])
        except BadValues as bad:
            self.who.set_problems(bad)
            return
        service, look_id = self.desk.services.emergency, self._look_id
        self.run(lambda: service.look(asked, look_id), self._answered)

    def _answered(self, answer: Answer) -> None:
        if answer.look_id != self._look_id:
            return  # other words stand there by now
        self.answer, self._look_id = answer, new_id()
        self._say()
        if answer.kind == "not_shared":
            self.why.field("kind").editor.setFocus()
        elif answer.kind == "shared" and answer.person_id is not None:
            person = answer.person_id
            self.desk.notices.say(_ANSWERS["shared"], do=lambda: self.desk.go.to("person", person), do_words="Open it")

    def _say(self) -> None:
        answer = self.answer
        said = _ANSWERS[answer.kind] if answer is not None else ""
        if answer is not None and answer.kind == "not_shared":
            said = f"{said} Initials: {' '.join(answer.initials)}"
        self.found.setText(said)
        self.found.setVisible(bool(said))
        self._asking.setVisible(answer is not None and answer.kind == "not_shared")
        self.look_button.setEnabled(self._may)

    # ---------------------------------------------------------------- open

    def open_record(self) -> None:
        answer = self.answer
        if answer is None or answer.kind != "not_shared":
            return
        self.why.clear_problems()
        v, service, access_id = self.why.values(), self.desk.services.emergency, self._access_id

        def failed(error: Exception) -> bool:
            return isinstance(error, BadValue | BadValues) and not self.why.set_problems(error)

        self.run(
            lambda: service.open(access_id, v["kind"] or "", v["words"], look=answer.look_id), self._opened, failed
        )

    def _opened(self, access: Access) -> None:
        self.clear()
        self.desk.go.to("person", access.person_id)
