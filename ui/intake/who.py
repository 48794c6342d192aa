"""The left side of a contact: whom it is about. Find, register, or say that nobody knows; then what is in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from coordination.people.model import Person, PersonDraft, PersonRow
from coordination.people.record import PersonRecord, RecordReferral
from coordination.values import PersonId
from ui.desk import Desk
from ui.people import words
from ui.people.finder import PersonFinder
from ui.people.glance import Glance
from ui.people.register import RegisterPanel, row_of
from ui.widgets.basics import button, column, label, plane, row
from ui.widgets.chips import FlowBox
from ui.widgets.panels import scrolling

NOBODY = "Nobody knows who"
GO_ON = "Go on with these words"
AWAY = (
    "No connection, so nobody can be looked up. Write here who it is: the words go with the contact, "
    "for whoever takes it on."
)


class WhoPanel(QWidget):
    """``changed`` when another person is chosen or more is known; ``link_wanted`` with an open referral of theirs."""

    changed = Signal()
    settled = Signal()
    """a choice was made: on with what is asked for"""
    link_wanted = Signal(object)
    edited = Signal()
    """something was typed to find or register somebody"""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.person: PersonRow | None = None
        self.record: PersonRecord | None = None
        self.not_known = False
        self.finder = PersonFinder(desk)
        self.finder.chosen.connect(self.choose)
        self.register = RegisterPanel(desk)
        self.register.registered.connect(self._registered)
        self.register.known.connect(self.choose)
        self.register.left.connect(self.find)
        self._new = button("Register a new person", self.begin_register, icon="user-plus",
                           tip="Register a new person  (Ctrl+Shift+R)")  # fmt: skip
        self._nobody = button(NOBODY, self.set_not_known, kind="quiet")
        self._away = label(AWAY, tone="amber", wrap=True)
        self._away.hide()
        self._wrong = label("", tone="red", wrap=True)
        self._wrong.hide()
        self._stack = QStackedWidget()
        self._find = QWidget()
        find = column(
            label("Whom is it about?", strong=True), self._away, self.finder, self._wrong,
            FlowBox(self._new, self._nobody), gap=2, margins=4,
        )  # fmt: skip
        find.setStretch(2, 1)
        self._find.setLayout(find)
        self._shown = QWidget()
        self._shown_layout = column(gap=0)
        self._shown.setLayout(self._shown_layout)
        for part in (self._find, self.register, self._shown):
            self._stack.addWidget(part)
        self._whole = column(self._stack, gap=0)
        self._whole.setStretch(0, 1)
        self.setLayout(self._whole)
        self.finder.field.textChanged.connect(lambda _text: self.edited.emit())
        self.register.fields.edited.connect(self.edited)
        desk.foot.changed.connect(self._show_line)
        self._show_line()

    def _show_line(self) -> None:
        """Without the database nobody can be looked up; in words they can be named all the same."""
        away = self._desk.away
        self._away.setVisible(away)
        self._nobody.setText(GO_ON if away else NOBODY)
        self._new.setEnabled(not away)

    def put_on_top(self, widget: QWidget) -> None:
        """Above whom it is about: who calls."""
        self._whole.insertWidget(0, widget)

    # ---------------------------------------------------------------- drafts

    def raw(self) -> dict[str, Any]:
        """What is typed here besides the choice and the words to find: a registration that is begun."""
        if self._stack.currentWidget() is not self.register:
            return {}
        return {"registering": self.register.fields.draft(), "registering_id": self.register.person_id}

    def restore(self, raw: Mapping[str, Any]) -> None:
        """Put back what ``raw`` gave."""
        draft, person_id = raw.get("registering"), raw.get("registering_id")
        if isinstance(draft, PersonDraft):
            self._stack.setCurrentWidget(self.register)
            self.register.take_up(draft, PersonId(person_id) if person_id else None)

    @property
    def said_to_be(self) -> str:
        """Who it is in words, while nobody is chosen."""
        return "" if self.person is not None else " ".join(self.finder.text.split())

    # ---------------------------------------------------------------- finding

    def find(self) -> None:
        """Back to the field, with what was typed."""
        self._stack.setCurrentWidget(self._find)
        self.finder.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finder.field.selectAll()

    def begin_register(self) -> None:
        """A new person, with what was typed to find them."""
        self._stack.setCurrentWidget(self.register)
        self.register.begin(self.finder.text)

    def clear(self) -> None:
        """Nobody chosen, nothing typed."""
        self.person, self.record, self.not_known = None, None, False
        self.finder.clear()
        self.say_wrong("")
        self._stack.setCurrentWidget(self._find)

    def say_wrong(self, said: str) -> None:
        """What is wrong with the choice of the person, said here."""
        self._wrong.setText(said)
        self._wrong.setVisible(bool(said))

    # ---------------------------------------------------------------- chosen

    def choose(self, row: PersonRow, record: PersonRecord | None = None) -> None:
        """It is about this person. ``record``: what is in place, if it has been read already."""
        self.person, self.record, self.not_known = row, None, False
        self.say_wrong("")
        self._show(words.name(row), label("Reading what is in place…", quiet=True))
        self._stack.setCurrentWidget(self._shown)
        if record is None:
            self.read_again()
        else:
            self._show_record(record)
        self.changed.emit()
        self.settled.emit()

    def choose_id(self, person_id: object, then: Callable[[], object] | None = None) -> None:
        """It is about the person with that id (from another page)."""
        people = self._desk.services.people

        def chosen(record: PersonRecord) -> None:
            self.choose(row_of(record.person), record)
            if then is not None:
                then()

        self._desk.tasks.run(self, lambda: people.open_record(person_id), chosen, latest="person")  # type: ignore[arg-type]

    def set_not_known(self) -> None:
        """The contact is taken without knowing whom it is about."""
        self.person, self.record, self.not_known = None, None, True
        self.say_wrong("")
        said = label(
            "The contact is kept without a person. Find or register them as soon as somebody knows.", wrap=True
        )
        words_kept = self.said_to_be
        if words_kept:
            said = label(f"Said to be: {words_kept}. That is kept with the contact, for whoever finds them.", wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._show("Nobody knows who it is", said)
        self._stack.setCurrentWidget(self._shown)
        self.changed.emit()
        self.settled.emit()

    def read_again(self) -> None:
        """What is in place may have changed."""
        if self.person is not None:
            person_id, people = self.person.id, self._desk.services.people
            self._desk.tasks.run(self, lambda: people.open_record(person_id), self._show_record, latest="record")

    def _registered(self, person: Person) -> None:
        self.choose(row_of(person))
        self._desk.notices.say("Registered.")

    def _show_record(self, record: PersonRecord) -> None:
        if self.person is None or record.person.id != self.person.id:
            return
        self.record = record
        self._show(words.name(self.person), Glance(record, self._desk.clock.now(), self._link, self._open_concern))
        self.changed.emit()

    def _open_concern(self, concern_id: UUID) -> None:
        self._desk.go.to("safeguarding", concern_id)

    def _link(self, found: RecordReferral) -> None:
        self.link_wanted.emit(found)

    def _show(self, title: str, content: QWidget) -> None:
        while self._shown_layout.count():
            item = self._shown_layout.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        name = label(title, size="title", strong=True, wrap=True, selectable=True)
        actions = [button("Somebody else", self.find, kind="quiet", icon="magnifying-glass")]
        if self.person is not None:
            person_id = self.person.id
            actions.append(button("Open record", lambda: self._desk.go.to("person", person_id), kind="quiet"))
        head = plane(column(name, row(*actions, None, gap=1), gap=1, margins=(4, 3, 4, 1)), "", "below")
        self._shown_layout.addWidget(head)
        content.setContentsMargins(16, 12, 16, 12)
        self._shown_layout.addWidget(scrolling(content), 1)
