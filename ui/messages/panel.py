"""Beside the list: one message, what was found in it, what it says, whom it may be about, and its original."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from coordination.messages.model import Attachment, Finding, Note, ParsedMessage, PersonFacts
from coordination.messages.record import OpenedMessage
from coordination.people.model import LikelyDuplicate
from ui import wording as plain
from ui.messages import hospital_words, wording
from ui.messages.lines import SEVERITY_LOOKS, Line
from ui.style import fonts, theme
from ui.style.tokens import State
from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, label, plane, row
from ui.widgets.panels import Facts, Section

_URGENCIES = {
    "two_hours": "Within 2 hours",
    "same_day": "Same day",
    "24_hours": "Within 24 hours",
    "72_hours": "Within 72 hours",
    "routine": "Routine",
}
_LONG_WORD = re.compile(r"[^\s@]{28,}(?!\S)")  # an e-mail address stays whole, to be copied
_BREAKABLE = re.compile(r"[/?&=_.:\-]|\w{24}")
_ALERTS = {"do_not_visit_alone": "Do not visit alone", "infection": "Infection", "allergy": "Allergy"}


_FIELDS = {
    "nhs_number": "NHS number",
    "surname": "surname",
    "given": "given name",
    "known_as": "name they are known by",
    "birth_date": "date of birth",
    "postcode": "postcode",
    "phone": "telephone",
    "around_phone": "telephone of somebody around them",
}


class MessageView(QWidget):
    """What was found and what it says. Asks for what only the page can do, by signal."""

    person_chosen = Signal(object)
    """PersonId of a candidate: "this is the person" """
    register_wanted = Signal()
    save_wanted = Signal(object)
    """an Attachment to save"""

    def __init__(self, line: Line, opened: OpenedMessage | None, today: date) -> None:
        super().__init__()
        self._today = today
        message = opened.message if opened else line.message
        parts: list[QWidget] = [label(line.name, quiet=True, size="small", wrap=True)]
        for notice in message.notices if message is not None else ():
            title = hospital_words.TITLES[notice.kind]
            parts.append(Section(title, content=Facts(hospital_words.notice_facts(notice))))
        if opened is not None and opened.record.outcome == "taken_in" and opened.record.person_id is None:
            parts.append(self._whose(opened))
        parts.append(_findings(line))
        if message is not None and (message.need or message.person or message.notes or message.notices):
            parts += self._said(message)
        self.setLayout(column(*parts, None, gap=5))
        _let_shrink(self)

    # whom it is about

    def _whose(self, opened: OpenedMessage) -> Section:
        hint = "Choose only when you are sure." if opened.candidates else "Nobody registered resembles them."
        inner = [label(hint, quiet=True, wrap=True)]
        inner += [self._candidate(candidate) for candidate in opened.candidates]
        register = button("Register as new", self.register_wanted.emit, icon="user-plus")
        register.setEnabled(bool(opened.message.person and opened.message.person.surname))
        holder = QWidget()
        holder.setLayout(column(*inner, row(register, None), gap=2))
        return Section("Whom it may be about", content=holder)

    def _candidate(self, candidate: LikelyDuplicate) -> QWidget:
        person = candidate.row
        name = plain.name(person.surname, person.given, person.title)
        facts = [plain.born(person.birth_date, self._today)]
        facts.append(f"NHS No. {person.nhs_number}" if person.nhs_number else "No NHS number")
        facts.append(person.postcode.text if person.postcode else "No postcode")
        agree = [_FIELDS[r.field] for r in candidate.reasons if r.how != "differs"]
        differ = [_FIELDS[r.field] for r in candidate.reasons if r.how == "differs"]
        told = f"Agrees: {plain.listing(agree)}" if agree else ""
        told += f"  ·  differs: {plain.listing(differ)}" if differ else ""
        choose = button("This is the person", lambda: self.person_chosen.emit(person.id))
        choose.setAccessibleName(f"This is the person: {name}")
        words = column(
            label(name, strong=True, wrap=True),
            label("  ·  ".join(facts), wrap=True),
            label(told, quiet=True, size="small", wrap=True),
            row(choose, None),
            gap=1,
            margins=(3, 2, 3, 2),
        )
        return plane(words, "sunken")

    # what it says

    def _said(self, message: ParsedMessage) -> list[QWidget]:
        parts: list[QWidget] = []
        if message.need:
            parts.append(Section("Need", content=_words(message.need)))
        if any(value for _name, value in _facts(message)):
            parts.append(Section("As it was sent", content=Facts(_facts(message))))
        if message.person is not None:
            parts.append(Section("Person, as it was sent", content=Facts(_person(message.person, self._today))))
        if message.safeguarding or message.alerts or message.adjustments:
            parts.append(Section("Alerts", content=_alerts(message)))
        if message.attachments:
            parts.append(self._files(message.attachments))
        if message.notes and message.notices:
            parts.append(Section("Everything else", content=_headed(message.notes)))
        elif message.notes:
            parts.append(Section("Everything else", content=Facts([(n.title, n.words) for n in message.notes])))
        return parts

    def _files(self, files: tuple[Attachment, ...]) -> Section:
        def saver(file: Attachment) -> Callable[[], None]:
            return lambda: self.save_wanted.emit(file)

        holder = QWidget()
        lines = []
        for file in files:
            save = button("Save", saver(file), kind="quiet", icon="download-simple")
            save.setAccessibleName(f"Save {file.name}")
            size = label(f"{max(1, file.size // 1024):,} kB", quiet=True)
            lines.append(row(label(file.name, wrap=True), None, size, save))
        holder.setLayout(column(*lines, gap=1))
        return Section("Attached files", content=holder)


def _let_shrink(view: QWidget) -> None:
    """A web address is one long word, and would make the whole panel as wide as itself."""
    for shown in view.findChildren(QLabel):
        if shown.wordWrap():
            shown.setMinimumWidth(1)
            shown.setText(_LONG_WORD.sub(lambda m: _BREAKABLE.sub("\\g<0>\u200b", m[0]), shown.text()))


class OriginalView(QWidget):
    """The original as plain text, in letters of one width. Nothing in it is run, fetched or rendered."""

    def __init__(self, content: bytes, name: str, save: Callable[[], None]) -> None:
        super().__init__()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(f"Original {name}")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        face = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        face.setPixelSize(fonts.font("small").pixelSize())
        self.text.setFont(face)
        self.text.setPlainText(wording.shown_original(content))
        self.text.setMinimumHeight(theme.px(420))
        head = row(label(name, quiet=True, wrap=True), None, button("Save the original", save, icon="download-simple"))
        self.setLayout(column(head, self.text, gap=2))


def _findings(line: Line) -> Section:
    title = "Why it is refused" if line.outcome == "refused" else "What was found"
    if not line.findings:
        return Section(title, content=label("Nothing to remark: everything could be used.", quiet=True, wrap=True))
    holder = QWidget()
    holder.setLayout(column(*(_finding(f) for f in wording.worst_first(line.findings)), gap=2.5))
    return Section(title, content=holder)


def _finding(finding: Finding) -> QWidget:
    look = SEVERITY_LOOKS[finding.severity]
    if finding.code in wording.URGENT_CODES:
        look = State("red", "warning")
    badge = Badge(wording.weight(finding).capitalize(), look.tone, look.mark)
    head = row(badge, label(wording.place(finding), size="small", quiet=True, wrap=True), gap=2)
    head.setStretch(1, 1)
    holder = QWidget()
    holder.setLayout(column(head, label(wording.finding_words(finding), wrap=True, selectable=True), gap=0.5))
    return holder


def _headed(notes: tuple[Note, ...]) -> QWidget:
    """Words under where they stand in the standard: its headings are too long to stand beside them."""
    holder = QWidget()
    made = (column(label(n.title, quiet=True, size="small", wrap=True), _words(n.words), gap=0.5) for n in notes)
    holder.setLayout(column(*made, gap=2))
    return holder


def _words(text: str) -> QWidget:
    shown = label(text, wrap=True, selectable=True)
    shown.setTextFormat(Qt.TextFormat.PlainText)
    return shown


def _facts(message: ParsedMessage) -> list[tuple[str, object | None]]:
    sender, urgency, consent = message.sender, message.urgency, message.consent
    who = ", ".join(part for part in (sender.name, sender.role, sender.organisation, sender.organisation_code) if part)
    reach = ", ".join(part for part in (sender.phone, sender.email) if part)
    facts: list[tuple[str, object | None]] = [
        ("From", who),
        ("Reach them", reach),
        ("Sent", plain.day_time(message.sent_at) if message.sent_at else None),
    ]
    if urgency is not None:
        facts.append(("Urgency", f"{_URGENCIES[urgency.level]}: {urgency.reason}"))
    if message.service_wanted:
        facts.append(("Service wanted", message.service_wanted))
    if message.respond_by is not None:
        facts.append(("Wanted by", plain.day_time(message.respond_by)))
    if message.use_case:
        facts.append(("Use case", message.use_case))
    if sender.system:
        facts.append(("System", sender.system))
    if consent is not None:
        agreed = {True: "Agreed", False: "Not agreed", None: "Not said"}[consent.agreed]
        when = plain.day(consent.on) if consent.on else ""
        detail = ", ".join(part for part in (consent.scope, consent.basis, when) if part)
        facts.append(("Consent", f"{agreed} ({detail})" if detail else agreed))
    return facts


def _person(person: PersonFacts, today: date) -> list[tuple[str, object | None]]:
    name = plain.name(person.surname, person.given, person.title) if person.surname else person.name_as_sent
    number = str(person.nhs_number) if person.nhs_number else ""
    if not number and person.nhs_number_sent:
        number = f"{person.nhs_number_sent} (not used)"
    postcode = person.postcode.text if person.postcode else ""
    facts: list[tuple[str, object | None]] = [
        ("Name", name),
        ("Born", plain.born(person.birth_date, today).removeprefix("Born ") if person.birth_date else None),
        ("Gender", plain.words(person.gender)),
        ("NHS No.", number),
        ("Address", ", ".join(part for part in (person.address, postcode) if part)),
        ("Telephone", ", ".join(f"{p.number} {p.use}".strip() for p in person.phones)),
    ]
    if person.email:
        facts.append(("E-mail", person.email))
    if person.language or person.interpreter:
        facts.append(("Language", f"{person.language}{', interpreter' if person.interpreter else ''}"))
    if person.communication:
        facts.append(("Communication", "; ".join(person.communication)))
    if person.practice_code or person.practice_name:
        facts.append(("GP practice", f"{person.practice_name} {person.practice_code}".strip()))
    facts += [("Around", f"{a.name} ({a.relation}) {a.phone}".strip()) for a in person.around]
    return facts


def _alerts(message: ParsedMessage) -> QWidget:
    found = [("Safeguarding", "red", "warning", words) for words in message.safeguarding]
    found += [(_ALERTS.get(a.kind, "Alert"), "sand", "warning", a.words) for a in message.alerts]
    found += [("Adjustment", "neutral", "info", words) for words in message.adjustments]
    holder = QWidget()
    holder.setLayout(
        column(
            *(column(row(Badge(n, tone, mark), None), label(w, wrap=True), gap=0.5) for n, tone, mark, w in found),
            gap=2,
        )
    )
    return holder
