"""What a desk says of itself about drafts and the outbox: what was found at sign-in, what went, what was not taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from coordination.local.model import Found
from coordination.local.outbox import Held, Outcome, Sent
from ui import wording
from ui.desk import Desk
from ui.local.words import refusal

CONTACT = "contact"
UNSENT = "unsent"


class Telling(QObject):
    """``untouched`` says whether somebody has gone anywhere yet: then the page of open contacts comes forward."""

    def __init__(self, desk: Desk, untouched: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._untouched = desk, untouched
        self._first = True
        self._went = 0
        desk.drafts.opened.connect(self._opened)
        desk.outbox.came.connect(self._came)

    def _opened(self, found: Found) -> None:
        first, self._first = self._first, False
        contacts = sum(entry.kind == CONTACT for entry in (self._desk.drafts.of(CONTACT) if first else found.entries))
        if contacts:
            if first and self._untouched():
                self._desk.go.to(CONTACT)
            said = wording.count(contacts, "contact") + (" were" if contacts > 1 else " was")
            here = "here they are" if contacts > 1 else "here it is"
            self._desk.notices.say(f"{said} not ended; {here}.")
        if found.damaged:
            self._desk.notices.warn(
                f"What was kept on this computer is damaged in {wording.count(found.lost, 'place')}. All that can be "
                "read is here; the damaged file is set aside in the data folder."
            )
        if first and found.under_other_key:
            self._desk.notices.warn(
                "There are drafts on this computer under a former password of yours. Open them under “Not sent yet”."
            )

    def _came(self, outcome: Outcome) -> None:
        if isinstance(outcome, Held):
            self._desk.notices.warn(
                f"A contact was not taken by the database, and is kept under “Not sent yet”. {refusal(outcome.item)}"
            )
        elif isinstance(outcome, Sent):
            self._went += 1
        if self._went and not any(item.is_waiting for item in self._desk.outbox.waiting):
            went, self._went = self._went, 0
            said = wording.count(went, "contact") + (" that waited are" if went > 1 else " that waited is")
            self._desk.notices.say(f"{said} in the database now.")
