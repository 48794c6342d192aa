"""Register a person, or correct one: the form, what is wrong said at the field, and who it may be already beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Refused
from coordination.people.model import DraftCheck, LikelyDuplicate, Person, PersonDraft, PersonRow, Practice
from coordination.people.search import parse
from coordination.values import PersonId, new_id
from ui import sentences
from ui.desk import Desk
from ui.people import words
from ui.people.finder import PeopleList
from ui.style import theme
from ui.widgets.basics import Choice, TextArea, button, column, label, plane, row
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form
from ui.widgets.panels import scrolling

WAIT_MS = 350


class PersonForm(QWidget):
    """The fields of a person. ``draft()`` reads them; ``edited`` says that something was typed."""

    edited = Signal()

    def __init__(self, desk: Desk, *, columns: int = 2, whole: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self.form = form = Form(columns=columns)
        form.add("surname", "Surname", QLineEdit(), required=True)
        form.add("given", "First names", QLineEdit())
        form.add("birth_date", "Date of birth", DateEdit(birth=True, today=self._today))
        form.add("nhs_number", "NHS number", QLineEdit())
        form.add("postcode", "Postcode", QLineEdit())
        form.add("phone", "Phone", QLineEdit())
        form.add("address", "Address", TextArea(2, 4), span=columns)
        form.add("practice_code", "GP practice", Choice([("", "Not known, or none")]), span=columns)
        form.add("title", "Title", QLineEdit())
        form.add("gender", "Gender", Choice([(code, said) for code, said in words.GENDERS.items()]))
        self._whole = whole
        if whole:
            form.add("known_as", "Likes to be called", QLineEdit())
            form.add("other_phone", "Another phone", QLineEdit())
            form.add("email", "E-mail", QLineEdit())
            form.add("nhs_status", "NHS number is", Choice([(c, said) for c, said in words.NHS_STATUSES.items()]))
            form.add("language", "Language, if not English", QLineEdit())
            form.add("interpreter", "Interpreter", QCheckBox("Needs an interpreter"))
            form.add(
                "communication", "Communication", TextArea(1, 3), span=columns, help="Hearing loop, large print, …"
            )
            form.add("access_notes", "Getting in", TextArea(1, 3), span=columns, help="Never a key-safe code.")
            form.add("deceased_on", "Died on", DateEdit(birth=True, today=self._today))
        self.responsible = label("", quiet=True, wrap=True, size="small")
        form.add_widget(self.responsible)
        form.edited.connect(lambda _name: self.edited.emit())
        self.setLayout(column(form, None))
        self._practice: str | None = None
        self._asked = False

    def _today(self) -> date:
        return local_date(self._desk.clock.now())

    def showEvent(self, event: QShowEvent) -> None:
        """The practices are asked for when somebody is to be registered, not with every page that could do it."""
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            self._desk.choices.want(self, lambda found: self._show_practices(found.practices))

    def _show_practices(self, practices: Sequence[Practice]) -> None:
        choice = self.form.field("practice_code").editor
        assert isinstance(choice, Choice)
        before = self._practice or choice.value
        items = [("", "Not known, or none"), *((p.code, p.name) for p in practices)]
        if self._practice and all(code != self._practice for code, _name in items):
            items.append((self._practice, self._practice))  # a practice that has closed since
        choice.set_items(items)
        choice.set_value(before or "")

    def draft(self) -> PersonDraft:
        """What is typed, unchecked: a date that is none is passed on as the text it is."""
        values: dict[str, Any] = {}
        for name, field in self.form.fields.items():
            editor = field.editor
            if isinstance(editor, DateEdit):
                values[name] = editor.value if editor.good else editor.text()
            else:
                values[name] = field.value
        return PersonDraft(**{name: value if value is not None else "" for name, value in values.items()})

    def set_draft(self, draft: PersonDraft) -> None:
        self._practice = draft.practice_code
        for name, field in self.form.fields.items():
            value = getattr(draft, name)
            if isinstance(field.editor, DateEdit):
                if isinstance(value, date) or not value:
                    field.editor.set_value(value or None)
                else:
                    field.editor.setText(value)
            else:
                field.set_value(value)

    def show_check(self, check: DraftCheck) -> None:
        """While it is typed: only what is typed wrongly is said, not what is still missing."""
        said = dict(check.warnings)
        for field in self.form.fields.values():
            if field.problem or field.name in said:
                field.set_problem("")
        for name, reason in check.problems:
            field = self.form.fields.get(name)  # type: ignore[assignment]
            if field is not None and reason != "missing" and not field.editor.hasFocus():
                field.set_problem(sentences.sentence(BadValue(name, reason)))
        warning = said.get("postcode")
        place = check.responsibility
        if warning:
            self.responsible.setText(sentences.sentence(BadValue("postcode", warning)))
        elif place.differ:
            self.responsible.setText(
                f"Health: {words.place(place.health)}. Social care: {words.place(place.social_care)}."
            )
        else:
            self.responsible.setText(words.place(place.health) if place.health else "")

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        return self.form.set_problems(error)


class RegisterPanel(QWidget):
    """A new person beside what one is doing. ``registered`` gives the Person, ``known`` the row of one who is there
    already, ``left`` when one goes back."""

    registered = Signal(object)
    known = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._id = PersonId(new_id())
        self.fields = PersonForm(desk)
        self.duplicates = PeopleList(desk, "Who it may be already")
        self._may_be = label("", strong=True, tone="amber", wrap=True)
        self.confirm = button("Register", self.register, kind="main", icon="user-plus")
        self._actions = row(self.confirm, button("Back to finding", self.left.emit, kind="quiet"), None)
        self.fields.setContentsMargins(*(theme.space(side) for side in (4, 2, 4, 2)))
        foot = plane(
            column(self._may_be, self.duplicates, self._actions, gap=2, margins=(4, 2.5, 4, 2.5)), "surface", "above"
        )
        head = column(label("New person", strong=True), margins=(4, 4, 4, 1))
        layout = column(head, scrolling(self.fields), foot, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._ask)
        self.fields.edited.connect(self._wait.start)
        self.duplicates.chosen.connect(self.known)
        self._show_duplicates([])

    def begin(self, typed: str) -> None:
        """Start anew with what was typed to find them."""
        self._id = PersonId(new_id())
        self.fields.set_draft(draft_of(typed, local_date(self._desk.clock.now())))
        self.fields.form.clear_problems()
        self._ask()
        empty = "surname" if not self.fields.form.value("surname") else "birth_date"
        self.fields.form.field(empty).editor.setFocus()

    @property
    def person_id(self) -> PersonId:
        """The id that they will have, however often it is sent."""
        return self._id

    def take_up(self, draft: PersonDraft, person_id: PersonId | None) -> None:
        """Go on with what was typed before."""
        self._id = person_id or PersonId(new_id())
        self.fields.set_draft(draft)
        self.fields.form.clear_problems()
        self._ask()

    def register(self) -> None:
        """Save. What is wrong is said at the field; who has the number is offered."""
        draft, people = self.fields.draft(), self._desk.services.people
        self.confirm.setEnabled(False)
        self._desk.tasks.run(self, lambda: people.register(draft, self._id), self._registered, self._failed, "register")

    def _registered(self, person: Person) -> None:
        self.confirm.setEnabled(True)
        self.registered.emit(person)

    def _failed(self, error: Exception) -> bool:
        self.confirm.setEnabled(True)
        if isinstance(error, BadValue | BadValues):
            return not self.fields.set_problems(error)
        if isinstance(error, Refused):
            said = " ".join(sentences.obstacle_words(found) for found in error.obstacles)
            self.fields.form.field("nhs_number").set_problem(said)
            draft, people = self.fields.draft(), self._desk.services.people
            self._desk.tasks.run(self, lambda: people.likely_duplicates(draft), self._show_duplicates, latest="check")
            return True
        return False

    def _ask(self) -> None:
        draft, people = self.fields.draft(), self._desk.services.people
        self._desk.tasks.run(
            self, lambda: (people.check(draft), people.likely_duplicates(draft)), lambda both: self._show(*both),
            latest="check",
        )  # fmt: skip

    def _show(self, check: DraftCheck, found: list[LikelyDuplicate]) -> None:
        self.fields.show_check(check)
        self._show_duplicates(found)

    def _show_duplicates(self, found: list[LikelyDuplicate]) -> None:
        self.duplicates.people.set_rows([d.row for d in found], [words.duplicate(d) for d in found])
        self.duplicates.setVisible(bool(found))
        self.duplicates.setFixedHeight(theme.px(72) * min(len(found), 2) if found else 0)
        self._may_be.setVisible(bool(found))
        self._may_be.setText("Registered already? Choose them, or register all the same.")


def draft_of(typed: str, today: date) -> PersonDraft:
    """What was typed to find somebody, as the beginning of a registration."""
    query = parse(typed, today)
    surname, given = "", ""
    if query.before_comma:
        surname, given = " ".join(query.names[: query.before_comma]), " ".join(query.names[query.before_comma :])
    elif query.names:
        *first, surname = query.names
        given = " ".join(first)
    days = [span.first for span in query.births if span.is_day]
    return PersonDraft(
        surname=_as_name(surname),
        given=_as_name(given),
        birth_date=days[0] if len(days) == 1 else None,
        nhs_number=str(query.nhs_number or ""),
        postcode=str(query.postcodes[0]) if query.postcodes else "",
        phone="0" + query.phones[0] if query.phones else "",
    )


def _as_name(typed: str) -> str:
    """Small letters or capitals only were typed in haste; anything else is left as it is."""
    return typed.title() if typed.islower() or typed.isupper() else typed


def row_of(person: Person) -> PersonRow:
    """A person just registered, as the lists show them."""
    f, home = person.fields, person.home
    return PersonRow(
        person.id, f.title, f.surname, f.given, f.known_as, f.birth_date, f.deceased_on, f.gender, f.nhs_number,
        f.address, f.postcode, f.phone, f.other_phone, home.place.neighbourhood if home else None,
        home.place.locality if home else None,
    )  # fmt: skip


def draft_from(person: Person) -> PersonDraft:
    """A registered person as a draft, to correct."""
    f = person.fields
    return PersonDraft(
        surname=f.surname, given=f.given, title=f.title, known_as=f.known_as, birth_date=f.birth_date, gender=f.gender,
        nhs_number=str(f.nhs_number or ""), nhs_status=f.nhs_status, address=f.address, postcode=str(f.postcode or ""),
        phone=f.phone, other_phone=f.other_phone, email=f.email, language=f.language, interpreter=f.interpreter,
        communication=f.communication, access_notes=f.access_notes, practice_code=f.practice_code or "",
        deceased_on=f.deceased_on,
    )  # fmt: skip
