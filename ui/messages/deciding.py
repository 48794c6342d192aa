"""E2. A message whose contact is open: it belongs to the referral it speaks of, is one of its own, or needs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from coordination.errors import BadValues
from coordination.messages.record import MessageRecord
from coordination.messages.service import Decision
from ui.widgets import Form, TextArea, button, column

if TYPE_CHECKING:
    from ui.messages.page import ImportsPage


class Deciding:
    """The buttons and what they do, for the page of messages."""

    def __init__(self, page: ImportsPage) -> None:
        self._page = page

    def buttons(self, record: MessageRecord) -> list[QWidget]:
        if not record.is_undecided:
            return []
        refer = button("Make a referral", lambda: self._decide(record, "refer"))
        nothing = button("No action…", lambda: self._ask(record))
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
