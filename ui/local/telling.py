"""What a desk says of itself about drafts and the outbox: what was found at sign-in, what went, what was not taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from coordination.assessment.away import Returned
from coordination.local.model import Found
from coordination.local.outbox import Held, Outcome, Sent
from coordination.values import AssessmentId
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake.drafts import OpenDraft
from ui.local.drafts import PLACE
from ui.local.words import refusal

CONTACT = "contact"
ASSESSMENT = "assessment"
UNSENT = "unsent"


class Telling(QObject):
    """``untouched`` says whether somebody has gone anywhere yet: then the page of open contacts comes forward."""

    def __init__(self, desk: Desk, untouched: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._untouched = desk, untouched
        self._first = True
        self._went = 0
        self._told: set[AssessmentId] = set()
        desk.drafts.opened.connect(self._opened)
        desk.outbox.came.connect(self._came)
        desk.assessments.recovered.connect(self._recovered)
        desk.assessments.returned.connect(self._returned)
        desk.assessments.not_taken.connect(self._not_taken)
        if isinstance(parent, QWidget):
            back = Command(
                "unsent.contact", "Go to the open contact", self.go, "Ctrl+Shift+O",
                lambda: bool(desk.drafts.of(CONTACT)), "Contact", "phone", also="draft recovered not ended",
            )  # fmt: skip
            desk.commands.add([back], parent)

    def _opened(self, found: Found) -> None:
        first, self._first = self._first, False
        contacts = sum(entry.kind == CONTACT for entry in (self._desk.drafts.of(CONTACT) if first else found.entries))
        if contacts:
            self._say_contacts(contacts, there=first and self._untouched())
        if found.damaged:
            self._desk.notices.warn(
                f"What was kept on this computer is damaged in {wording.count(found.lost, 'place')}. All that can be "
                "read is here; the damaged file is set aside in the data folder."
            )
        if first and found.under_other_key:
            self._desk.notices.warn(
                "There are drafts on this computer under a former password of yours. Open them under “Not sent yet”."
            )

    def _say_contacts(self, contacts: int, *, there: bool) -> None:
        """Somebody who is elsewhere already is not taken away from there: the way is a button, and a key."""
        said = wording.count(contacts, "contact") + (" were" if contacts > 1 else " was")
        if there:
            self._desk.go.to(CONTACT)
            self._desk.notices.say(f"{said} not ended; here {'they are' if contacts > 1 else 'it is'}.")
            return
        kept = "They are" if contacts > 1 else "It is"
        words = f"{said} not ended. {kept} kept as {'they were' if contacts > 1 else 'it was'}."
        self._desk.notices.warn(words, do=self.go, do_words=f"Go to {'them' if contacts > 1 else 'it'}")

    def go(self) -> None:
        """To the contact that is open: the one that was in front, else the last that was begun."""
        open_ones = [entry.key for entry in self._desk.drafts.of(CONTACT)]
        if open_ones:
            place = self._desk.drafts.take(PLACE, CONTACT) or {}
            front = place.get("front")
            self._desk.go.to(CONTACT, OpenDraft(front if front in open_ones else open_ones[-1]))

    def _recovered(self) -> None:
        """Answers that had not reached the database: their assessment comes forward, where that disturbs nobody."""
        found = [kept for kept in self._desk.assessments.all if kept.answers and kept.id not in self._told]
        self._told |= {kept.id for kept in found}
        if not found:
            return
        if self._untouched() and not self._desk.drafts.of(CONTACT):
            self._desk.go.to(ASSESSMENT, found[0].id)
        else:
            said = wording.count(len(found), "assessment") + (" has" if len(found) == 1 else " have")
            self._desk.notices.warn(
                f"{said} answers that had not reached the database. They are kept here.",
                do=lambda: self._desk.go.to(UNSENT), do_words="Show them",
            )  # fmt: skip

    def _returned(self, key: AssessmentId, returned: Returned) -> None:
        kept = self._desk.assessments.kept(returned.sheet.assessment.id)
        if returned.is_signed and kept is None:
            self._desk.notices.say("An assessment that was signed without a connection is in the database now.")
        elif kept is not None and kept.signature is not None and not self._desk.assessments.is_shown(kept.id):
            self._desk.notices.warn(
                "A signature made without a connection was not taken. Nothing is lost; the reasons stand with it.",
                do=lambda: self._desk.go.to(ASSESSMENT, returned.sheet.assessment.id), do_words="Open it",
            )  # fmt: skip

    def _not_taken(self, key: AssessmentId, error: Exception) -> None:
        self._desk.notices.error(error)
        self._desk.notices.warn(
            "An assessment is still on this computer only.", do=lambda: self._desk.go.to(UNSENT), do_words="Show it"
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
