"""A contact, while the phone is at one's ear (E1, E2): whom it is about at the left, what is asked for at the right.

One form, nothing that must be left or answered in order. Ctrl+Enter ends it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from coordination.changes import Change
from coordination.errors import BadValue, BadValues
from coordination.intake.model import ContactDraft, EndedContact, Ending, NoAction, Refer
from coordination.people.model import RecordReferral
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake import drafts, words
from ui.intake.contact_fields import ContactFields
from ui.intake.drafts import ContactTyped
from ui.intake.ending import KINDS, EndingEditor
from ui.intake.who import WhoPanel
from ui.page import Page
from ui.widgets.basics import ask_again, button, column, command_button, label, plane, rule
from ui.widgets.chips import FlowBox
from ui.widgets.panels import PageHead, scrolling, splitter

TICK_MS = 30_000
KEPT = "Kept as you type while this program runs, not yet on disk"


class ContactPage(Page):
    """What is typed stays, wherever one goes meanwhile. A contact can be put aside for another, and taken up again."""

    id, title, icon = "contact", "Contact", "phone"
    areas = frozenset({"people"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._typed = drafts.begin(desk.clock.now())
        self.aside: list[ContactTyped] = []
        self._sending = False
        self.who = WhoPanel(desk)
        self.fields = ContactFields()
        self.ending = EndingEditor(self._clock)
        self._commands = self._make_commands()
        by = {command.id: command for command in self._commands}
        self._end = command_button(by["contact.end"], kind="main")
        self._put_aside = command_button(by["contact.aside"], words="Put aside")
        self._clear = command_button(by["contact.clear"])
        self.head = PageHead("Contact", "", self._put_aside, self._clear, self._end)
        self._aside_row = plane(column(margins=(6, 2, 6, 2)), "surface", "below")
        self._aside_row.hide()
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        what = QWidget()
        self._elsewhere = label("", tone="red", wrap=True)
        self._elsewhere.hide()
        what.setLayout(column(self.fields, rule(), self.ending, self._elsewhere, None, gap=4, margins=(6, 4, 6, 4)))
        left, right = plane(column(self.who), "surface", "right"), plane(column(scrolling(what)), "surface")
        left.setMinimumWidth(360)
        split = splitter(left, right, sizes=(430, 740), settings=self.desk.settings, name="contact")
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        layout = column(self.head, self._aside_row, split, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.who.changed.connect(self._person_changed)
        self.who.settled.connect(lambda: self.fields.need.setFocus(Qt.FocusReason.OtherFocusReason))
        self.who.link_wanted.connect(self._link)
        self.fields.edited.connect(self._edited)
        self.fields.edited.connect(self.ending.say_due)
        self.ending.edited.connect(self._edited)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.ending.say_due)
        self._tick.start()
        intake = self.desk.services.intake
        self.run(lambda: (intake.services(), intake.hospitals()), self._show_lists, latest="lists")

    def _show_lists(self, lists: tuple) -> None:  # type: ignore[type-arg]
        self.ending.set_services(lists[0])
        self.fields.set_hospitals(lists[1])

    def _make_commands(self) -> list[Command]:
        def choose(kind: str) -> None:
            self.ending.kind.set_value(kind)

        made = [
            Command("contact.end", "End contact", self.end, "Ctrl+Return", lambda: not self._sending, "Contact",
                    "check", also="save finish"),
            Command("contact.find", "Find the person", self.who.find, "Ctrl+F", group="Contact",
                    icon="magnifying-glass"),
            Command("contact.register", "Register a new person", self.who.begin_register, "Ctrl+Shift+R",
                    group="Contact", icon="user-plus"),
            Command("contact.aside", "Put this contact aside", self.put_aside, "Ctrl+Shift+A",
                    lambda: not self.is_empty, "Contact", "tray"),
            Command("contact.clear", "Clear", self.clear, group="Contact", icon="eraser",
                    enabled_when=lambda: not self.is_empty),
        ]  # fmt: skip
        for number, (kind, said) in enumerate(KINDS, start=1):
            title = f"End it with {said[3:].lower()}"
            made.append(
                Command(f"contact.{kind}", title, lambda kind=kind: choose(kind), f"Ctrl+{number}", group="Contact")  # type: ignore[misc]
            )
        return made

    def commands(self) -> list[Command]:
        return self._commands

    # ---------------------------------------------------------------- what is typed

    @property
    def is_empty(self) -> bool:
        nobody = self.who.person is None and not self.who.not_known and not self.who.finder.text
        return nobody and self.fields.is_empty and self.ending.is_empty

    def typed(self) -> ContactTyped:
        """Everything as it stands."""
        return replace(
            self._typed,
            person=self.who.person,
            not_known=self.who.not_known,
            find=self.who.finder.text,
            fields=self.fields.raw(),
            ending=self.ending.raw(),
        )

    def take_up(self, typed: ContactTyped) -> None:
        """Show a contact that was put aside, or an empty one."""
        self._typed = typed
        self.who.clear()
        self.who.finder.set_text(typed.find)
        if typed.person is not None:
            self.who.choose(typed.person)
        elif typed.not_known:
            self.who.set_not_known()
        self.fields.restore(typed.fields)
        self.ending.restore(dict(typed.ending))
        self._say_elsewhere("")
        self._edited()

    def put_aside(self) -> None:
        """Keep this one for later and begin another: a second call comes in."""
        if not self.is_empty:
            self.aside.append(self.typed())
            self._begin()
            self._show_aside()

    def resume(self, typed: ContactTyped) -> None:
        """Take up one that was put aside; what is in the form now takes its place."""
        self.aside.remove(typed)
        if not self.is_empty:
            self.aside.append(self.typed())
        self.take_up(typed)
        self._show_aside()

    def clear(self) -> None:
        """Empty the form; Undo brings it back."""
        before = self.typed()
        self._begin()
        self.desk.notices.say("The contact was cleared.", undo=lambda: self.take_up(before))

    def _begin(self) -> None:
        self.take_up(drafts.begin(self.desk.clock.now()))
        self.activated()

    def _show_aside(self) -> None:
        layout = self._aside_row.layout()
        while layout.count():
            item = layout.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        parts: list[QWidget] = [label("Put aside", quiet=True)]
        for typed in self.aside:
            at = wording.clock_time(typed.begun)
            parts.append(button(f"{at}  {typed.name}", lambda typed=typed: self.resume(typed), icon="phone"))  # type: ignore[misc]
        layout.addWidget(FlowBox(*parts, gap=2))
        self._aside_row.setVisible(bool(self.aside))
        self._count_drafts()

    def _clock(self) -> tuple[datetime, datetime]:
        """Now, and when the contact was received."""
        now = self.desk.clock.now()
        return now, self.fields.received_at or now

    def _edited(self) -> None:
        self._count_drafts()
        ask_again(self._end, self._put_aside, self._clear)

    def _count_drafts(self) -> None:
        self.desk.foot.set_drafts(len(self.aside) + (not self.is_empty), self.desk.foot.outbox)
        self.head.say(f"Begun {wording.clock_time(self._typed.begun)}. {KEPT}." if not self.is_empty else "")

    # ---------------------------------------------------------------- whom it is about

    def refresh(self) -> None:
        if self.who.person is not None:
            self.who.read_again()

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """Only what changes of this very person: each reading is noted on the record."""
        person = self.who.person
        return person is not None and any(c.area == "people" and c.key == str(person.id) for c in changes)

    def open(self, key: object) -> None:
        """``key``: the id of the person that the contact is about. What is already being written is put aside."""
        if isinstance(key, UUID) and (self.who.person is None or self.who.person.id != key):
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
        if record is not None:
            self.ending.set_referrals(record.referrals)
        elif linked is None or self.who.person is None:
            self.ending.set_referrals(())
        self._edited()

    def _link(self, found: RecordReferral) -> None:
        self.ending.link_to(found)
        self.ending.link_words.field("link_words").editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 4 choose the ending wherever nobody is typing."""
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= len(KINDS) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.ending.kind.set_value(KINDS[number - 1][0])
        else:
            super().keyPressEvent(event)

    # ---------------------------------------------------------------- the end

    def end(self) -> None:
        """E2. Check, send once, and begin the next. What is wrong is said at the fields; nothing typed is lost."""
        if self._sending:
            return
        self._say_elsewhere("")
        ending = self.ending.ending()
        draft = self._draft(
            need_wanted=not isinstance(ending, NoAction)
        )  # after the ending, so that the first field that is wrong gets the cursor
        if draft is None or ending is None or not self._person_is_settled(ending):
            return
        self._sending = True
        self._end.setEnabled(False)
        contact_id, intake = self._typed.id, self.desk.services.intake
        self.run(lambda: intake.take_contact(draft, contact_id, ending), self._ended, self._failed)

    def _draft(self, *, need_wanted: bool) -> ContactDraft | None:
        self.fields.clear_problems()
        try:
            values = self.fields.values()
        except (BadValue, BadValues) as bad:
            self._mark(bad)
            return None
        person = self.who.person
        if need_wanted and not values["need"]:
            self.fields.set_problems([BadValue("need", "missing")])
            return None
        return ContactDraft(person_id=person.id if person is not None else None, **values)

    def _person_is_settled(self, ending: Ending) -> bool:
        """A referral is about somebody, or it is said aloud that nobody knows who."""
        if not isinstance(ending, Refer) or self.who.person is not None or self.who.not_known:
            return True
        self.who.find()
        self.who.say_wrong("Choose whom it is about, register them, or say that nobody knows.")
        return False

    def _ended(self, ended: EndedContact) -> None:
        self._sending = False
        self.desk.notices.say(self._said(ended))
        self._begin()

    def _said(self, ended: EndedContact) -> str:
        now = self.desk.clock.now()
        if not ended.referrals:
            return f"Contact ended: {words.ENDINGS[ended.contact.ending or 'advice'].lower()}."
        made = [f"no. {r.number} to {r.service_name}, due {words.due(r.due_at, now)}" for r in ended.referrals]
        return f"Contact ended: referral {wording.listing(made)}."

    def _failed(self, error: Exception) -> bool:
        self._sending = False
        self._end.setEnabled(True)
        if isinstance(error, BadValue | BadValues):
            self._mark(error)
            return True
        return False

    def _mark(self, bad: BadValue | BadValues) -> None:
        problems = list(bad.problems) if isinstance(bad, BadValues) else [bad]
        left = self.ending.set_problems(self.fields.set_problems(problems))
        if left:
            self._say_elsewhere(" ".join(wording.words(p.field) + ": " + p.reason for p in left))

    def _say_elsewhere(self, said: str) -> None:
        self._elsewhere.setText(said)
        self._elsewhere.setVisible(bool(said))
