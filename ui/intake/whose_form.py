"""Say later whose a referral is: find them or register them, look at who it is, and say it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.intake.model import Contact, Referral
from coordination.people.model import Person, PersonRow
from ui.desk import Desk
from ui.intake.move_forms import MoveForm
from ui.people import words as people_words
from ui.people.finder import PersonFinder
from ui.people.register import RegisterPanel, row_of
from ui.style import theme
from ui.widgets.basics import TextArea, button, column, label, row

HOW = "Now known whom it is about"
NOT_KNOWN_AGAIN = "Taken back: it is not known whom it is about"
_ROWS = 3  # of the people found


class WhoseForm(MoveForm):
    """``person`` is who was chosen; the main button says that it is theirs. Choosing alone does nothing."""

    def __init__(
        self, desk: Desk, referral: Referral, contact: Contact,
        do: Callable[[dict[str, str]], object], leave: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__(f"Whose is no. {referral.number}?", "It is theirs", do, leave)
        self._desk = desk
        self.person: PersonRow | None = None
        self.said_to_be = str(contact.details.get("said_to_be") or "")
        self.finder = PersonFinder(desk)
        self.finder.list.setFixedHeight(theme.px(70) * _ROWS)
        self.finder.chosen.connect(self.choose)
        self._chosen = label("", strong=True, wrap=True, selectable=True)
        self._about = label("", quiet=True, wrap=True, selectable=True)
        self.new = button("Register a new person", self.begin_register, icon="user-plus")
        said = f"Said to be: {self.said_to_be}" if self.said_to_be else ""
        self._said = label(said, wrap=True, selectable=True)
        self._look_again = QWidget()
        self._look_again.setLayout(
            row(button("Somebody else", self.look_again, kind="quiet", icon="magnifying-glass"), None)
        )
        for part in (self._said, self.finder, self._chosen, self._about, self._look_again, self.new):
            self.form.add_widget(part)
        self._said.setVisible(bool(said))
        self.form.add("reason", "How it is known", TextArea(1, 3), required=True)
        self.form.fields["reason"].set_value(HOW)
        self.register = RegisterPanel(desk)
        self.register.registered.connect(self._registered)
        self.register.known.connect(self.choose)
        self.register.left.connect(self.look_again)
        self._put_together()
        self.finder.set_text(self.said_to_be)
        self._show()

    def _put_together(self) -> None:
        self._asking, made = QWidget(), self.layout()
        assert made is not None
        self._asking.setLayout(made)  # what the form was made of, instead of which the registration shows
        self.register.setMinimumHeight(theme.px(520))
        self.register.hide()
        self.setLayout(column(self._asking, self.register))

    def _show(self) -> None:
        known = self.person is not None
        looking: tuple[QWidget, ...] = (self.finder, self.new)
        shown: tuple[QWidget, ...] = (self._chosen, self._about, self._look_again)
        for part in (*looking, *shown):
            part.setVisible(known == (part in shown))
        self.form.fields["reason"].setVisible(known)
        self.confirm.setEnabled(known)

    def _turn(self, *, registering: bool) -> None:
        self._asking.setVisible(not registering)
        self.register.setVisible(registering)

    def start(self) -> None:
        """Into the finder; what was said of them stands in it, to be shortened or replaced."""
        self.finder.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finder.field.selectAll()

    def choose(self, found: PersonRow) -> None:
        """They are shown in words; nothing is said yet."""
        self.person = found
        today = local_date(self._desk.clock.now())
        number = f"NHS No. {found.nhs_number}" if found.nhs_number else "NHS No. not known"
        self._chosen.setText(people_words.name(found))
        born = people_words.born(found, today) if found.birth_date else "Date of birth not known"
        about = (born, number, people_words.address(found) or "Address not known")
        self._about.setText(". ".join(part for part in about if part))
        self._turn(registering=False)
        self._show()
        self.confirm.setFocus(Qt.FocusReason.OtherFocusReason)

    def look_again(self) -> None:
        """Back to finding."""
        self.person = None
        self._turn(registering=False)
        self._show()
        self.start()

    def begin_register(self) -> None:
        """Somebody whom nobody here knows; what was typed to find them is the beginning of it."""
        self._turn(registering=True)
        self.register.begin(self.finder.text)

    def _registered(self, person: Person) -> None:
        self._desk.notices.say("Registered.")
        self.choose(row_of(person))

    def go(self) -> None:
        """Said of whoever is chosen; of nobody it says nothing."""
        if self.person is not None and self.register.isHidden():
            super().go()

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        self._turn(registering=False)
        return super().set_problems(error)
