"""What an assessment does without a connection: it opens from this computer, is signed here, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from coordination.assessment.away import Returned
from coordination.errors import CoordinationError, DatabaseAway, NotFound, TooBusy, obstacle
from coordination.values import AssessmentId, PersonId
from ui import wording
from ui.assessment.answering import Answering
from ui.assessment.away_bar import AwayBar
from ui.assessment.chooser import FormChooser
from ui.assessment.conversation import Conversation
from ui.assessment.opening import Loaded, ToChoose, load_here
from ui.assessment.signing import SigningBar
from ui.page import OnDesk
from ui.sentences import obstacle_words

if TYPE_CHECKING:
    from coordination.assessment.away import TakenAlong

WRITERS = ("trusted_assessor", "care_coordinator", "team_lead")
NOT_HERE = "There is no connection, and this assessment is not on this computer. Take it along while there is one."
FROM_HERE = "There is no connection. This is what was taken along at {at}; what you write is kept here and sent later."


class AwayShown(OnDesk, Protocol):
    """What acting away from the line asks of the page."""

    @property
    def key(self) -> object: ...
    @property
    def person(self) -> PersonId | None: ...
    @property
    def answering(self) -> Answering | None: ...
    @property
    def bar(self) -> SigningBar: ...
    @property
    def chooser(self) -> FormChooser: ...
    @property
    def conversation(self) -> Conversation: ...
    def open(self, key: object) -> None: ...
    def show_loaded(self, found: Loaded | ToChoose) -> None: ...


class AwayActs(QObject):
    """Acts for one page, whose child it is."""

    def __init__(self, page: AwayShown, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._desk = page, page.desk
        self._kept = page.desk.assessments
        self.bar = AwayBar()
        self.bar.back_asked.connect(self.take_signature_back)
        self.bar.jump_asked.connect(page.conversation.go_to_question)
        self.bar.dismissed.connect(self._understood)
        self._kept.changed.connect(self.show_bar)
        self._kept.returned.connect(self._returned)
        self._kept.not_taken.connect(self._not_taken)

    @property
    def _answering(self) -> Answering | None:
        return self._page.answering

    # ---------------------------------------------------------------- opening

    def is_away(self, error: Exception) -> bool:
        """Reading again can wait for the line."""
        return isinstance(error, DatabaseAway | TooBusy)

    def not_loaded(self, error: Exception) -> bool:
        """From this computer, then. True when that was said or done here."""
        return isinstance(error, DatabaseAway) and self.open_here(self._page.key)

    def no_history(self, error: Exception) -> bool:
        if isinstance(error, DatabaseAway):
            self._desk.notices.warn("How this is known stands in the database, and there is no connection now.")
            return True
        return isinstance(error, NotFound)  # begun here, and not there yet

    def open_here(self, key: object) -> bool:
        """Show what this computer has. True always: either it is shown, or it is said that it is not here."""
        found = load_here(self._kept, key)
        if found is None:
            self._desk.notices.warn(NOT_HERE)
        else:
            self._page.show_loaded(found)
            if isinstance(found, Loaded):
                at = wording.day_time(found.along.taken_at)
                self._desk.notices.say(FROM_HERE.format(at=at))
        return True

    def take(self, loaded: Loaded) -> None:
        """What is opened to be written is taken along by itself."""
        if loaded.entry is not None and self._desk.actor.role in WRITERS:
            self._kept.take(loaded.along, loaded.entry)
            # What came too late for the signature is shown beside what was signed.
            corrects = loaded.along.sheet.assessment.corrects
            late = self._kept.kept(corrects) if corrects is not None else None
            if late is not None and corrects is not None and late.answers:
                self._kept.rekey(corrects, loaded.along.id)

    def restored(self, answering: Answering) -> None:
        """What was typed here before and is not in the database is on the screen again, and goes there."""
        found = answering.restore()
        if found:
            last = answering.draft.unsaved[-1].question
            self._page.conversation.go_to_question(last)
            here = "is on the screen again" if found == 1 else "are on the screen again"
            self._desk.notices.say(f"{wording.count(found, 'answer')} that had not reached the database {here}.")

    def joined(self, other: AssessmentId) -> None:
        """It was begun here, and by somebody else before: it goes on in theirs, answer by answer."""
        if self._answering is not None:
            self._kept.rekey(self._answering.key, other)
            self._desk.notices.warn(
                "Somebody had begun this form already. It goes on in theirs: where both have answered, both are shown."
            )
            self._page.open(other)

    # ---------------------------------------------------------------- taking along

    def can_take_along(self) -> bool:
        """For a person whose page is open, to be written by this role."""
        return self._page.person is not None and self._desk.actor.role in WRITERS and not self._desk.away

    def take_along(self) -> None:
        """Every form with what is known of this person, onto this computer: to be begun and signed elsewhere."""
        person = self._page.person
        if person is not None:
            service = self._desk.services.away
            self._page.run(lambda: service.take_along(person), self._taken, latest="along")

    def _taken(self, found: list[TakenAlong]) -> None:
        for along in found:
            known = self._kept.kept(along.id)
            if known is None or not known.is_unsent:
                self._kept.take(along)
        drafts = sum(not along.blank for along in found)
        begun = f", {wording.count(drafts, 'draft')} among them" if drafts else ""
        where = "on this computer, encrypted" if self._desk.drafts.where == "disk" else "in memory only"
        self._desk.notices.say(
            f"Taken along: {wording.count(len(found), 'form')}{begun}. They are {where}, for a fortnight; find them "
            "under “Not sent yet”. Stay signed in: signing in needs the connection."
        )

    # ---------------------------------------------------------------- signing

    @property
    def saving_words(self) -> str:
        """At the head of the page while the database is away."""
        if self._desk.drafts.where == "memory":
            return "Not saved yet: no connection. Kept in memory only."
        return "Not saved yet: no connection. Kept on this computer."

    def sign_here(self) -> None:
        """A3 without a line: what is known to stop it is said now; the database looks at all of it when it is back."""
        answering = self._answering
        if answering is None or answering.draft.signed:
            return
        kept = self._kept.kept(answering.key)
        first = () if kept is None or kept.along is None else kept.along.first
        person = answering.draft.sheet.assessment.person
        signed = {k.along.sheet.form.id for k in self._kept.all if k.signature and k.signature.is_waiting and k.along
                  and k.along.sheet.assessment.person == person}  # fmt: skip
        waiting = [form for form in first if form not in signed]
        if waiting:
            self._desk.notices.warn(obstacle_words(obstacle("conversation_first", form=waiting[0])))
            self._page.bar.back()
            return
        answering.sign_here()
        self._page.conversation.show_draft(answering.draft, self._desk.clock.now())

    def take_signature_back(self) -> None:
        """A draft again."""
        if self._answering is not None and self._answering.take_signature_back():
            self._page.bar.back()
            self._page.conversation.show_draft(self._answering.draft, self._desk.clock.now())

    def show_bar(self) -> None:
        """The bar as this computer's store stands."""
        answering = self._answering
        kept = self._kept.kept(answering.key) if answering is not None else None
        signature = kept.signature if kept is not None else None
        waits = signature is not None and signature.is_waiting
        self._page.bar.setVisible(not waits and not self._page.chooser.isVisible())
        if answering is not None:
            sending = self._kept.is_sending(answering.key)
            self.bar.show_signature(signature, answering.draft.sheet.form, sending=sending, away=self._desk.away)
        else:
            self.bar.hide()

    def _understood(self) -> None:
        if self._answering is not None:
            self._kept.unsign(self._answering.key)

    # ---------------------------------------------------------------- coming back

    def _returned(self, key: AssessmentId, returned: Returned) -> None:
        answering = self._answering
        if answering is None or answering.key != key:
            return
        if returned.sheet.assessment.id != key:
            self.joined(returned.sheet.assessment.id)
            return
        answering.came_back(returned)
        self._page.conversation.show_draft(answering.draft, self._desk.clock.now())
        if not returned.is_signed:
            self._page.bar.back()

    def _not_taken(self, key: AssessmentId, _error: CoordinationError) -> None:
        answering = self._answering
        if answering is not None and answering.key == key:
            answering.draft.held = None
            self._page.conversation.show_draft(answering.draft, self._desk.clock.now())

    def signed_elsewhere(self, was_signed: bool) -> None:
        """Somebody signed while answers of ours were under way: they are kept, and what can be done is said."""
        answering = self._answering
        if answering is None or was_signed or not answering.draft.signed or answering.draft.held is not None:
            return
        kept = self._kept.kept(answering.key)
        late = [] if kept is None else [g for q, g in kept.answers.items() if g.value != answering.draft.value(q)]
        if late:
            head = answering.draft.sheet.assessment
            self._desk.notices.warn(
                f"{head.signed_by_name} signed this, and {wording.count(len(late), 'answer')} of yours came after it. "
                "They are kept on this computer: begin a correction, and they are shown beside what was signed."
            )
