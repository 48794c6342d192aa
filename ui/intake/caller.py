"""Caller first: a number that is typed or pasted finds those it belongs to; one key takes who calls, and with them whom
it is probably about. Stands above "Whom is it about?"."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from coordination.clock import local_date
from coordination.errors import DatabaseAway
from coordination.intake.model import Contact
from coordination.people.callers.model import Caller, Professional, ProfessionalId
from coordination.people.callers.rules import number_keys
from coordination.people.model import PersonRow
from coordination.people.search import parse
from ui.commands import Command
from ui.desk import Desk
from ui.intake import caller_words
from ui.intake.caller_link import CallerLink, Keep
from ui.intake.caller_list import CallerList
from ui.intake.contact_fields import ContactFields
from ui.intake.who import WhoPanel
from ui.people.finder import PeopleList
from ui.style import theme
from ui.widgets.asking import AskAsTyped
from ui.widgets.basics import button, column, icon_button, label, plane, row
from ui.widgets.fields import Form

_NUMBER = re.compile(r"[\d\s()+\-./]*")
_OFFER_ROW = 70
_SELF = "The person"
_FOR_THEMSELVES = "Calls for themselves"


class CallerPanel(QWidget):
    """Fills ``fields`` and chooses in ``who``. Hidden while there is nothing to say."""

    def __init__(self, desk: Desk, who: WhoPanel, fields: ContactFields) -> None:
        super().__init__()
        self._desk, self._who, self._fields = desk, who, fields
        self._number = ""
        self._answered = ""
        self._from_find = False
        self._first_wanted = False
        self._left_alone = ""  # the number whose list was left
        self._offering = False
        self._kept: set[ProfessionalId] = set()
        """those whom this desk keeps with a contact that has not ended yet"""
        callers = desk.services.callers
        self._asking: AskAsTyped[list[Caller]] = AskAsTyped(
            desk.tasks, self, "callers", callers.find, self._show_found, lambda error: isinstance(error, DatabaseAway)
        )
        self._build()
        fields.phone.textChanged.connect(lambda text: self._typed(text, from_find=False))
        fields.phone.taken.connect(self.take_first)
        fields.phone.left_below.connect(self.go_to_list)
        who.finder.field.textChanged.connect(self._find_typed)
        who.finder.instead = self._instead
        fields.caller_changed.connect(self._show_state)
        fields.channel_changed.connect(self._show_state)
        who.changed.connect(self._show_state)
        who.put_on_top(self)
        self._show_state()

    def _build(self) -> None:
        self.list = CallerList(self._desk.clock)
        self.list.taken.connect(self.take)
        self.list.left_above.connect(self._back_to_field)
        self.list.left.connect(self.leave)
        self._found_said = label("", strong=True, wrap=True)
        self._found = QWidget()
        self._found.setLayout(column(self._found_said, self.list, gap=1.5))
        self.offers = PeopleList(self._desk, "Whom it may be about")
        self.offers.chosen.connect(self._about)
        self._offers_said = label("", strong=True, wrap=True)
        self._offers = QWidget()
        somebody = button("Somebody else", self._nobody_of_these, kind="quiet", icon="magnifying-glass")
        self._offers.setLayout(column(self._offers_said, self.offers, row(somebody, None), gap=1.5))
        self._linked_said = label("", strong=True, wrap=True, selectable=True)
        self._linked_who = label("", quiet=True, wrap=True, selectable=True)
        self._linked = QWidget()
        unlink = icon_button("x", "Not them: somebody else calls", self.unlink)
        words = QWidget()
        words.setLayout(column(self._linked_said, self._linked_who, gap=0))
        linked = row(words, unlink)
        linked.setStretch(0, 1)
        self._linked.setLayout(linked)
        self.keep = QCheckBox("Keep in the register of professionals")
        self.keep.setToolTip("Found next time by their number  (Ctrl+Shift+K)")
        self.keep.toggled.connect(self._keep_toggled)
        self.work = Form()
        self.work.add("organisation", "Where they work", QLineEdit(), help="Practice, ward, clinic or agency")
        self.work.edited.connect(lambda _name: self._work_typed())
        self._unknown_said = label("", quiet=True, wrap=True)
        self._unknown = QWidget()
        self._unknown.setLayout(column(self._unknown_said, self.keep, self.work, gap=1))
        self._parts = (self._found, self._offers, self._linked, self._unknown)
        self.setLayout(column(plane(column(*self._parts, margins=(4, 3, 4, 2.5)), "", "below"), gap=0))

    def commands(self) -> list[Command]:
        return [
            Command("contact.self", "They call for themselves", self.themselves, "Ctrl+T",
                    lambda: self._who.person is not None, "Contact", "user"),
            Command("contact.callers", "Who calls: go to the list", self.go_to_list, "F4",
                    lambda: bool(self.list.callers.rows), "Contact", "phone-incoming", also="caller number"),
            Command("contact.keep", "Keep the caller in the register of professionals", self.toggle_keep,
                    "Ctrl+Shift+K", lambda: self._fields.link is None and bool(self._fields.name.text().strip()),
                    "Contact", "identification-badge", also="professional"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- a number

    def _find_typed(self, text: str) -> None:
        query = parse(text, local_date(self._desk.clock.now()))
        whole = _NUMBER.fullmatch(text) is not None and query.nhs_number is None and not query.births
        number = text if whole else next((f"0{key}" for key in query.phones), "")
        if number_keys(number):
            self._typed(number, from_find=True)
        elif self._from_find:
            self._typed(self._fields.phone.text(), from_find=False)

    def _typed(self, text: str, *, from_find: bool) -> None:
        self._number, self._from_find, self._first_wanted = text.strip(), from_find, False
        if self._number != self._left_alone:
            self._left_alone = ""
        if number_keys(self._number):
            self._asking.ask(self._number)
        else:
            self._asking.drop()
            self._show_found(self._number, [])

    def _show_found(self, number: str, callers: list[Caller]) -> None:
        if number != self._number:
            return
        self._answered = number
        self.list.show_rows(callers)
        several = f"{number} belongs to one of these"
        self._found_said.setText(several if len(callers) > 1 else f"{number} belongs to")
        self._show_state()
        wanted, self._first_wanted = self._first_wanted, False
        if wanted and callers:
            self.take(callers[0])
        elif wanted and self._from_find:
            self._who.finder.take_first()  # nobody calls from it: then it may be a person whom it finds

    def _instead(self, what: str) -> bool:
        """Enter or Down in the find field, where it holds a number that is known."""
        if not self._from_find or (self._answered == self._number and not self.list.callers.rows):
            return False
        if what == "take":
            self.take_first()
        else:
            self.go_to_list()
        return True

    def take_first(self) -> None:
        """Whoever it most likely is, as soon as the number has been answered."""
        if self._answered == self._number:
            if self._found.isVisibleTo(self):
                self.take(self.list.callers.rows[max(self.list.currentIndex().row(), 0)])
        elif number_keys(self._number):
            self._first_wanted = True

    def go_to_list(self) -> None:
        if self.list.callers.rows:
            self._left_alone = ""
            self._show_state()
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back_to_field(self) -> None:
        field = self._who.finder.field if self._from_find else self._fields.phone
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """None of these."""
        self._left_alone = self._number
        self._back_to_field()
        self._show_state()

    # ---------------------------------------------------------------- taking

    def take(self, caller: Caller) -> None:
        """They call: name, relation and number into the form; and whom it is probably about, where nobody is chosen."""
        fields, chosen, from_find = self._fields, self._who.person, self._from_find
        themselves = caller.person_id is not None and caller.person_id == (
            chosen.id if chosen else caller.about[0].id if len(caller.about) == 1 else None
        )
        relation = _SELF if themselves else caller.relation
        if caller.kind in ("practice", "team") or (caller.kind == "professional" and not relation):
            relation = caller.organisation
        number = "" if fields.phone.text().strip() else (self._number if self._from_find else caller.phone)
        fields.fill_caller(caller.name, relation[:1].upper() + relation[1:], number)
        fields.phone.setCursorPosition(0)
        who = _FOR_THEMSELVES if themselves else caller_words.who(caller)
        fields.set_caller(CallerLink.to(caller, who), None)
        practice = fields.extra.fields.get("practice")
        if practice is not None and not practice.value and caller.organisation:
            practice.set_value(caller.organisation)
        if from_find:
            self._who.finder.field.clear()
        self._left_alone = self._number
        if chosen is not None or self._who.not_known:
            self._who.settled.emit()
        elif len(caller.about) == 1:
            self._who.choose(caller.about[0])
        elif caller.about:
            self._offer(caller)
        else:
            self._who.find()
        self._show_state()

    def _offer(self, caller: Caller) -> None:
        self._offers_said.setText(f"{caller_words.title(caller)} calls. About whom?")
        self.offers.people.set_rows(caller.about, [caller_words.about(row, caller) for row in caller.about])
        self.offers.setFixedHeight(theme.px(_OFFER_ROW) * min(len(caller.about), 3))
        self.offers.go_to(0)
        self._offering = True
        self._show_state()
        self.offers.setFocus(Qt.FocusReason.OtherFocusReason)

    def _about(self, row: PersonRow) -> None:
        self._offering = False
        link = self._fields.link
        if link is not None and link.person_id == row.id:
            self._fields.fill_caller("", _SELF, "")
        self._who.choose(row)

    def _nobody_of_these(self) -> None:
        self._offering = False
        self._show_state()
        self._who.find()

    def themselves(self) -> None:
        """The person whom it is about calls for themselves."""
        person = self._who.person
        if person is not None:
            name = f"{person.given} {person.surname}".strip()
            typed = self._fields.phone.text().strip()
            self._fields.fill_caller(name, _SELF, "" if typed else person.phone or person.other_phone)
            self._fields.set_caller(CallerLink(name, _FOR_THEMSELVES, person_id=person.id), None)
            self._left_alone = self._fields.phone.text().strip()
            self._who.settled.emit()

    def unlink(self) -> None:
        """Somebody else calls: the words stay, to be written over."""
        self._fields.set_caller(None)
        self._fields.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._fields.name.selectAll()

    # ---------------------------------------------------------------- professionals

    def toggle_keep(self) -> None:
        self.keep.toggle()

    def _keep_toggled(self, on: bool) -> None:
        if on != (self._fields.keep is not None):
            organisation = str(self.work.value("organisation")) or self._organisation()
            self._keep(Keep.begin(organisation) if on else None)

    def _work_typed(self) -> None:
        keep = self._fields.keep
        if keep is not None:
            self._keep(Keep(keep.id, str(self.work.value("organisation"))))

    def _keep(self, keep: Keep | None) -> None:
        if keep is not None:
            self._kept.add(keep.id)
        self._fields.set_caller(None, keep)

    def _organisation(self) -> str:
        """Where they work, as far as the channel says it."""
        extra = self._fields.extra.fields
        told = []
        for name in ("practice", "clinic", "site", "ward", "centre"):
            field = extra.get(name)
            editor = field.editor if field is not None else None
            said = editor.currentText() if hasattr(editor, "currentText") and field and field.value else ""
            told.append(said or (editor.text().strip() if isinstance(editor, QLineEdit) else ""))
        organisation = ", ".join(part for part in told if part)
        fallback = {"ambulance": "Ambulance service", "gp_out_of_hours": "GP out-of-hours"}
        return organisation or fallback.get(str(self._fields.channel.value), "")

    def ended(self, contact: Contact) -> None:
        """A contact has ended; where a professional was kept with it, that is said, and can be taken back."""
        kept = contact.caller_professional_id
        if kept is not None and kept in self._kept:
            self._kept.discard(kept)
            callers = self._desk.services.callers
            self._desk.tasks.run(self, lambda: callers.professional(kept), self._say_kept)

    def _say_kept(self, found: Professional) -> None:
        callers, tasks = self._desk.services.callers, self._desk.tasks

        def undo() -> None:
            tasks.run(self, lambda: callers.take_out(found.id, found.revision),
                      lambda _out: self._desk.notices.say("Taken out of the register again."))  # fmt: skip

        self._desk.notices.say(f"{found.name} is in the register of professionals.", undo=undo)

    # ---------------------------------------------------------------- what is shown

    def _show_state(self) -> None:
        fields = self._fields
        name = fields.name.text().strip()
        self._show_keep(fields.keep)
        offered = self._offering and self._who.person is None and fields.link is not None
        found = bool(self.list.callers.rows) and self._number != self._left_alone and fields.link is None
        if offered:
            part: QWidget | None = self._offers
        elif found:
            part = self._found
        elif fields.link is not None:
            part = self._linked
            self._linked_said.setText(f"{fields.link.name} calls" if fields.link.name else "Who calls is known")
            self._linked_who.setText(", ".join(p for p in (fields.link.said,) if p))
        elif name:
            part = self._unknown
            self._show_unknown()
        else:
            part = None
        if not offered:
            self._offering = False
        if part is not None:
            self._show_part(part)
        self.setVisible(part is not None)

    def _show_part(self, part: QWidget) -> None:
        for each in self._parts:
            each.setVisible(each is part)

    def _show_unknown(self) -> None:
        known = self._answered == self._fields.phone.text().strip() and number_keys(self._answered)
        self._unknown_said.setText("Nobody known has this number." if known and not self.list.callers.rows else "")
        self._unknown_said.setVisible(bool(self._unknown_said.text()))

    def _show_keep(self, keep: Keep | None) -> None:
        self.keep.blockSignals(True)
        self.keep.setChecked(keep is not None)
        self.keep.blockSignals(False)
        self.work.setVisible(keep is not None)
        field = self.work.field("organisation")
        if keep is not None and str(field.value) != keep.organisation.strip():
            field.set_value(keep.organisation)
