"""A contact, while the phone is at one's ear (E1, E2): whom it is about at the left, what is asked for at the right.

One form, nothing that must be left or answered in order. Ctrl+Enter ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from coordination.changes import Change
from coordination.governance.model import Account
from coordination.intake.alike import BeingWritten
from coordination.intake.choices import ContactChoices
from coordination.intake.model import ServiceKind
from coordination.people.record import RecordReferral
from coordination.people.responsibility import whose
from ui.commands import Command
from ui.desk import Desk
from ui.intake import lists
from ui.intake.alike_panel import KEY as ALIKE_KEY
from ui.intake.alike_panel import AlikePanel
from ui.intake.caller import CallerPanel
from ui.intake.contact_ended import ContactEnded
from ui.intake.contact_fields import ContactFields
from ui.intake.drafts import ContactTyped, OpenDraft
from ui.intake.ending import KINDS, EndingEditor
from ui.intake.knowledge_panel import SPLIT, KnowledgePanel
from ui.intake.open_contacts import OpenContacts
from ui.intake.sending import Sending
from ui.intake.suggesting import given_to
from ui.intake.who import WhoPanel
from ui.style import theme
from ui.widgets.basics import column, command_button, label, plane, rule
from ui.widgets.panels import PageHead, scrolling, splitter

TICK_MS = 30_000
_LINES = 4  # pixels: between the three parts and around them
WAITS = "The database does not answer now. The contact is kept here, and is sent by itself as soon as it does."


class ContactPage(ContactEnded):
    """What is typed stays, wherever one goes and whatever fails. Several contacts can be open, one is in front."""

    id, title, icon = "contact", "Contact", "phone"
    areas = frozenset({"people"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._has_lists = False
        self.who = WhoPanel(desk)
        self.fields = ContactFields()
        self.caller = CallerPanel(desk, self.who, self.fields)
        self.ending = EndingEditor(self._clock, self._asked)
        self.alike = AlikePanel(desk, self._being_written)
        self.knowledge = KnowledgePanel(desk, self.fields, self.ending.advice)
        self.contacts = OpenContacts(desk, self, self)
        self.sending = Sending(desk, self)
        self._commands = self._make_commands()
        by = {command.id: command for command in self._commands}
        self._end = command_button(by["contact.end"], kind="main")
        self._clear = command_button(by["contact.clear"])
        self.head = PageHead("Contact", "", self.knowledge.opener, self._clear, self._end)
        self.strip = self.contacts.strip
        self._lay_out()
        self._connect()
        self.refresh()
        self.contacts.take_in()

    def _lay_out(self) -> None:
        self._what = what = QWidget()
        self._elsewhere = label("", tone="red", wrap=True)
        self._elsewhere.hide()
        parts = (self.fields, self.alike, rule(), self.ending, self._elsewhere, None)
        what.setLayout(column(*parts, gap=4, margins=(6, 4, 6, 4)))
        self._scroll = scrolling(what)
        left, right = plane(column(self.who), "surface", "right"), plane(column(self._scroll), "surface")
        left.setMinimumWidth(theme.px(240))
        beside = self.knowledge
        split = splitter(left, right, beside, sizes=(430, 740, 320), settings=self.desk.settings, name=SPLIT)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        layout = column(self.head, plane(column(self.strip), "surface", "below"), split, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.who.changed.connect(self._person_changed)
        self.who.settled.connect(lambda: self.fields.need.setFocus(Qt.FocusReason.OtherFocusReason))
        self.who.link_wanted.connect(self._link)
        self.who.edited.connect(self._edited)
        self.fields.edited.connect(self._edited)
        self.fields.edited.connect(self.ending.say_due)
        for more in (self.fields.edited, self.ending.edited, self.who.changed):
            more.connect(self.alike.written_more)
        self.alike.chosen.connect(self._link_alike)
        self.ending.edited.connect(self._edited)
        self.ending.left_out.connect(lambda title, back: self.desk.notices.say(f"Left out: {title}.", undo=back))
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.ending.say_due)
        self._tick.timeout.connect(self.contacts.show)
        self._tick.start()
        self.sending.sent.connect(self._sent)
        self.sending.waits.connect(lambda: self.desk.notices.say(WAITS))
        self.sending.refused.connect(self._refused)
        self.desk.drafts.changed.connect(self._say_kept)
        self.contacts.changed.connect(self._changed)
        self.desk.foot.changed.connect(self._read_lists)
        known = lists.last_known(self.desk.settings)
        self._use_lists(known.services, known.hospitals)
        self._read_lists()

    def _read_lists(self) -> None:
        """What can be chosen; asked for again when the database did not answer."""
        if not self._has_lists and not self.desk.away:
            self.desk.choices.want(self, self._show_lists)

    def _show_lists(self, found: ContactChoices) -> None:
        self._has_lists = True
        self._use_lists(found.services, found.hospitals)
        lists.keep(self.desk.settings, found.services, found.hospitals)
        self.fields.set_practices(found.practices)
        self._show_colleagues(found.colleagues)

    def _use_lists(self, services: Sequence[ServiceKind], hospitals: Sequence[tuple[str, str]]) -> None:
        self.ending.set_services(list(services))
        self.fields.set_hospitals(list(hospitals))

    def _show_colleagues(self, accounts: Sequence[Account]) -> None:
        self.fields.set_colleagues([account.display_name for account in accounts])
        self.ending.set_colleagues(given_to(accounts, self.desk.actor.user_name))

    def _make_commands(self) -> list[Command]:
        def choose(kind: str) -> None:
            self.ending.kind.set_value(kind)

        made = [
            Command("contact.end", "End contact", self.end, "Ctrl+Return", group="Contact", icon="check",
                    also="save finish"),
            Command("contact.find", "Find the person", self.who.find, "Ctrl+F", group="Contact",
                    icon="magnifying-glass"),
            Command("contact.register", "Register a new person", self.who.begin_register, "Ctrl+Shift+R",
                    group="Contact", icon="user-plus"),
            Command("contact.suggested", "Take what is suggested", self.ending.take, "F2", group="Contact",
                    icon="lightbulb", also="triage suggestion"),
            Command("contact.alike", "It is about the referral that looks the same", self.alike.take, ALIKE_KEY,
                    lambda: self.alike.open_one is not None, "Contact", "link", also="duplicate open link"),
            Command("contact.another", "Another service as well", self.ending.another, "F3", group="Contact",
                    icon="plus"),
            Command("contact.concern", "Raise a safeguarding concern", self.ending.raise_concern, "F8",
                    group="Contact", icon="shield-warning"),
            *self.contacts.commands(),
        ]  # fmt: skip
        made += [*self.caller.commands(), *self.knowledge.commands()]
        for number, (kind, said) in enumerate(KINDS, start=1):
            title = f"End it with {said[3:].lower()}"
            made.append(
                Command(f"contact.{kind}", title, lambda kind=kind: choose(kind), f"Ctrl+{number}", group="Contact")  # type: ignore[misc]
            )
        return made

    def commands(self) -> list[Command]:
        return self._commands

    # ---------------------------------------------------------------- whom it is about

    def refresh(self) -> None:
        if self.who.person is not None:
            self.who.read_again()

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """Only what changes of this very person: each reading is noted on the record."""
        person = self.who.person
        return person is not None and any(c.area == "people" and c.key == str(person.id) for c in changes)

    def open(self, key: object) -> None:
        """``key``: the id of the person that the contact is about (what is being written is put aside), or a draft."""
        if isinstance(key, OpenDraft):
            self.contacts.go_to_key(key.key)
        elif isinstance(key, ContactTyped):
            self.take_up(key)
        elif isinstance(key, UUID) and (self.who.person is None or self.who.person.id != key):
            if self.who.person is not None or not self.fields.is_empty:
                self.put_aside()
            self.who.choose_id(key)

    def activated(self) -> None:
        if self.who.person is None and not self.who.not_known:
            self.who.finder.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.isAncestorOf(self.focusWidget() or self.head):
            self.fields.need.setFocus(Qt.FocusReason.OtherFocusReason)

    def _person_changed(self) -> None:
        record = self.who.record
        linked = self.ending.linked
        self.ending.set_whose(whose(record.person) if record is not None else None)
        self.ending.need_changed()
        if record is not None:
            self.ending.set_referrals(record.referrals)
        elif linked is None or self.who.person is None:
            self.ending.set_referrals(())
        self._edited()

    def _being_written(self) -> BeingWritten:
        """What the referrals that are there already are held against."""
        head, person = self.fields.raw(), self.who.person
        chosen = (block.service.value for block in self.ending.blocks) if self.ending.kind.value == "referral" else ()
        return BeingWritten(
            person.id if person is not None else None,
            frozenset(str(code) for code in chosen if code),
            head.get("need", ""),
            head.get("caller_name", ""),
            head.get("caller_phone", ""),
        )

    def _link_alike(self, found: RecordReferral) -> None:
        """This contact is about one that is open; of somebody not known, it may not be in their list."""
        if self.who.record is None or all(each.id != found.id for each in self.who.record.referrals):
            self.ending.set_referrals([*(self.who.record.referrals if self.who.record else ()), found])
        self._link(found)

    def _link(self, found: RecordReferral) -> None:
        self.ending.link_to(found)
        self.ending.link_words.field("link_words").editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self._scroll.verticalScrollBar().sizeHint().width() + _LINES
        self.knowledge.fit(self.width(), self._what.minimumSizeHint().width() + beside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 4 choose the ending wherever nobody is typing."""
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= len(KINDS) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.ending.kind.set_value(KINDS[number - 1][0])
        else:
            super().keyPressEvent(event)
