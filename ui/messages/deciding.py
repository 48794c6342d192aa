"""E2. A message whose contact is open: it belongs to the referral it speaks of, is one of its own, or needs nothing."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.errors import BadValue, BadValues
from coordination.messages.model import Kind
from coordination.messages.record import MessageRecord
from coordination.messages.service import Decision
from ui.page import OnDesk
from ui.widgets import Form, TextArea, button, column, label

_WARD_NEWS = frozenset({Kind.HOSPITAL_DISCHARGE, Kind.HOSPITAL_WITHDRAWAL})


class MessagesShown(OnDesk, Protocol):
    """What deciding asks of the page of messages."""

    def ask(self, title: str, content: QWidget, *buttons: QWidget) -> None: ...
    def decided(self, record: MessageRecord) -> None: ...


class Deciding:
    """The buttons and what they do, for the page of messages."""

    def __init__(self, page: MessagesShown) -> None:
        self._page = page

    def buttons(self, record: MessageRecord) -> list[QWidget]:
        if not record.is_undecided:
            return []
        refer = button("Make a referral", lambda: self._decide(record, "refer"))
        nothing = button("No action…", lambda: self._ask(record))
        if record.kind in _WARD_NEWS:  # there is nothing to refer: it is about a referral that is not known
            which = button("Say which referral…", lambda: self._ask_which(record), kind="main")
            return [which, nothing]
        if record.suggested is None:
            return [refer, nothing]
        words = f"Link to referral {record.suggested[1]}"
        return [button(words, lambda: self._decide(record, "link"), kind="main"), refer, nothing]

    def _ask(self, record: MessageRecord) -> None:
        form = Form()
        form.add("no_action_reason", "Why nothing is to be done", TextArea(), required=True)
        holder = QWidget()
        holder.setLayout(column(form, None))

        def save() -> None:
            self._decide(record, "no_action", form.value("no_action_reason"), form)

        self._page.ask("No action", holder, button("End the contact", save, kind="main"))
        form.field("no_action_reason").editor.setFocus()

    def _ask_which(self, record: MessageRecord) -> None:
        """A ward's notice that waits for its referral is applied to the one that somebody names."""
        form, page = Form(), self._page
        number = QLineEdit()
        number.setValidator(QIntValidator(1, 999_999_999, number))
        form.add("referral_number", "Number of the referral", number, required=True)
        holder = QWidget()
        hint = "It is applied at once: a withdrawal closes a referral that nobody works on, and asks whoever does."
        holder.setLayout(column(form, label(hint, quiet=True, wrap=True), None))

        def done(decided: MessageRecord) -> None:
            page.decided(decided)
            page.desk.notices.say(f"It is on referral {decided.referral_number} now.")

        def save() -> None:
            text = number.text().strip()
            if not text:
                form.set_problems(BadValues((BadValue("referral_number", "required"),)))
                return
            hospital = page.desk.services.hospital
            page.run(lambda: hospital.belongs_to(record.id, int(text)), done)

        page.ask("Which referral it is about", holder, button("Apply it", save, kind="main"))
        number.setFocus()

    def _decide(self, record: MessageRecord, decision: Decision, words: str = "", form: Form | None = None) -> None:
        messages, desk = self._page.desk.services.messages, self._page.desk

        def done(decided: MessageRecord) -> None:
            number = decided.referral_number
            said = {"link": f"Linked to referral {number}.", "refer": f"Referral {number} is in the queue."}
            self._page.decided(decided)
            desk.notices.say(said.get(decision, "The contact is ended."))

        def failed(error: Exception) -> bool:
            if form is not None and isinstance(error, BadValues):
                return not form.set_problems(error)
            self._page.decided(record)
            return False

        self._page.run(lambda: messages.decide(record.id, record.revision, decision, words), done, failed)
