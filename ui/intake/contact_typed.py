"""What is typed into the contact in front: as it is kept, put aside, taken up again, and cleared (E1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel, QPushButton

from coordination.clock import local_date
from coordination.intake.triage import Asked
from ui import wording
from ui.intake.alike_panel import AlikePanel
from ui.intake.caller import CallerPanel
from ui.intake.contact_fields import ContactFields
from ui.intake.drafts import ContactTyped
from ui.intake.ending import EndingEditor
from ui.intake.knowledge_panel import KnowledgePanel
from ui.intake.open_contacts import OpenContacts
from ui.intake.sending import Sending
from ui.intake.suggesting import asked_of
from ui.intake.who import WhoPanel
from ui.page import Page
from ui.widgets.basics import TextArea, ask_again
from ui.widgets.panels import PageHead

KEPT = {
    "disk": "Kept on this computer as you type.",
    "opening": "Kept on this computer as you type.",
    "memory": "Kept while this program runs, not on the disk.",
}


class ContactWritten(Page):
    """Whoever builds the page makes its fields. ``contacts`` are all that are open; this is the one in front."""

    who: WhoPanel
    fields: ContactFields
    caller: CallerPanel
    ending: EndingEditor
    alike: AlikePanel
    knowledge: KnowledgePanel
    contacts: OpenContacts
    sending: Sending
    head: PageHead
    _end: QPushButton
    _clear: QPushButton
    _elsewhere: QLabel

    @property
    def is_empty(self) -> bool:
        nobody = self.who.person is None and not self.who.not_known and not self.who.finder.text
        return nobody and self.fields.is_empty and self.ending.is_empty

    @property
    def aside(self) -> list[ContactTyped]:
        """The open contacts that are not in front."""
        return self.contacts.aside

    def typed(self) -> ContactTyped:
        """Everything as it stands."""
        return self.contacts.typed()

    def take_up(self, typed: ContactTyped) -> None:
        """Bring a contact to the front, an open one or one that is opened by this."""
        self.contacts.take_up(typed)

    def put_aside(self) -> None:
        """Keep this one open for later and begin another."""
        self.contacts.begin_another()

    begin_another = put_aside

    def resume(self, typed: ContactTyped) -> None:
        """Bring an open contact to the front; what was in front stays open."""
        self.contacts.resume(typed)

    def clear(self) -> None:
        """Close this one and begin another; Undo brings it back."""
        self.contacts.clear()

    def put_away(self) -> None:
        self.sending.put_away()
        self.contacts.put_away()

    def as_typed(self, front: ContactTyped) -> ContactTyped:
        """``front``, with everything as it stands in the form."""
        return replace(
            front,
            person=self.who.person,
            not_known=self.who.not_known,
            find=self.who.finder.text,
            who=self.who.raw(),
            fields=self.fields.raw(),
            ending=self.ending.raw(),
        )

    def may_start(self) -> bool:
        return self.may_take_focus(self)

    def place(self) -> str:
        """The field that is being written in."""
        for form in (self.fields.head, self.fields.extra, self.fields.need_form):
            for name, each in form.fields.items():
                if each.editor.hasFocus():
                    return name
        return ""

    def go_to_place(self, field: str) -> None:
        """Back to the field that was written in, behind what stands there."""
        for form in (self.fields.head, self.fields.extra, self.fields.need_form):
            if field in form.fields:
                editor = form.field(field).editor
                editor.setFocus(Qt.FocusReason.OtherFocusReason)
                if isinstance(editor, TextArea):
                    editor.moveCursor(QTextCursor.MoveOperation.End)

    def show_typed(self, typed: ContactTyped) -> None:
        """Fill the form with a contact."""
        self.say_elsewhere("")
        self.who.clear()
        self.who.finder.set_text(typed.find)
        if typed.person is not None:
            self.who.choose(typed.person)
        elif typed.not_known:
            self.who.set_not_known()
        self.who.restore(typed.who)
        self.fields.restore(typed.fields)
        self.ending.restore(dict(typed.ending))

    def _clock(self) -> tuple[datetime, datetime]:
        """Now, and when the contact was received."""
        now = self.desk.clock.now()
        return now, self.fields.received_at or now

    def _asked(self) -> Asked:
        """What the rules of triage go by, as far as it is written down."""
        _now, received = self._clock()
        record = self.who.record
        born = record.person.fields.birth_date if record is not None else None
        age = wording.age_on(born, local_date(received)) if born else None
        return asked_of(self.fields.raw(), received, age, record.person.risk_tier if record is not None else None)

    def _edited(self) -> None:
        self.contacts.edited()

    def _changed(self) -> None:
        self._say_kept()
        ask_again(self._end, self._clear)

    def _say_kept(self) -> None:
        kept = KEPT[self.desk.drafts.where]
        self.head.say("" if self.is_empty else f"Begun {wording.clock_time(self.contacts.front.begun)}. {kept}")

    def say_elsewhere(self, said: str) -> None:
        """What is wrong and belongs to no field."""
        self._elsewhere.setText(said)
        self._elsewhere.setVisible(bool(said))
