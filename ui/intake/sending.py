"""Contacts that are ended, until it is known what became of them. The next one is begun at once: whatever is typed
after the end goes into it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from coordination.intake.model import ContactDraft, Ending
from coordination.local import wire
from coordination.local.outbox import Held, OutboxItem, Outcome, Sent
from coordination.values import ContactId
from ui.desk import Desk
from ui.intake.drafts import CONTACT, ContactTyped

PATIENCE_MS = 2_500


class Sending(QObject):
    """One signal a contact that is sent: ``sent`` with the EndedContact, ``waits`` when the database does not answer
    (it is the outbox's then), ``refused`` with what was typed and the error: it is a draft again."""

    sent = Signal(object)
    waits = Signal()
    refused = Signal(object, object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._under_way: dict[ContactId, QTimer] = {}
        self.patience_ms = PATIENCE_MS

    @property
    def busy(self) -> bool:
        """Whether somebody still waits to hear of one."""
        return bool(self._under_way)

    def send(self, typed: ContactTyped, draft: ContactDraft, ending: Ending) -> None:
        """Keep it in the outbox, then send it. It is no draft any more."""
        patience = QTimer(self, singleShot=True, interval=self.patience_ms)
        patience.timeout.connect(partial(self._let_go, typed.id))
        self._under_way[typed.id] = patience
        patience.start()
        kept = wire.encode_what_can_be(typed.data())
        item = OutboxItem(typed.id, draft, ending, self._desk.clock.now(), typed.name, kept)
        self._desk.outbox.take(item, (CONTACT, typed.key), partial(self._answered, typed))

    def put_away(self) -> None:
        """The page closes: the outbox says what becomes of them."""
        for contact_id in list(self._under_way):
            self._stop(contact_id)
            self._desk.outbox.let_go(contact_id)

    def _answered(self, typed: ContactTyped, outcome: Outcome) -> None:
        self._stop(typed.id)
        if isinstance(outcome, Held):
            entry = self._desk.drafts.entry(CONTACT, typed.key, typed.data(), typed.name)
            self._desk.outbox.recall(typed.id, entry)
            self.refused.emit(typed, outcome.error)
        elif isinstance(outcome, Sent):
            self.sent.emit(outcome.ended)
        else:
            self.waits.emit()

    def _let_go(self, contact_id: ContactId) -> None:
        """No answer for so long: it is said that it waits, and the outbox says what became of it."""
        self._stop(contact_id)
        self._desk.outbox.let_go(contact_id)
        self.waits.emit()

    def _stop(self, contact_id: ContactId) -> None:
        patience = self._under_way.pop(contact_id, None)
        if patience is not None:
            patience.stop()
            patience.deleteLater()
