"""Answers on their way: the draft of one assessment, kept on this computer as it is given, and saved. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from coordination.assessment.away import (
    THE_PERSON,
    Given,
    Returned,
    Returning,
    SignedHere,
    TakenAlong,
    signed_of,
)
from coordination.assessment.model import Answer, AnswerValue, Told
from coordination.errors import Conflict
from coordination.values import AssessmentId
from ui.assessment.autosave import Autosave
from ui.assessment.draft import Draft
from ui.desk import Desk


class Answering(QObject):
    """One open assessment. The page shows ``draft`` and tells it what is given.

    Every answer goes to this computer's store first and to the database when it is there, so that it outlives both.
    """

    moved = Signal()
    """the draft reads differently now"""
    saving = Signal()
    """the state of the saving has changed"""
    answered_twice = Signal(str, object, object)
    """question, the other desk's Answer (or None), the Conflict; ours stays in the draft"""
    refused = Signal(str, object)
    """question, error"""
    joined = Signal(object)
    """begun here, it goes on in the AssessmentId that somebody had begun already"""

    def __init__(self, owner: QObject, desk: Desk, along: TakenAlong) -> None:
        super().__init__(owner)
        self.key = along.id
        self.told: Told = THE_PERSON
        """whose words the next answers are"""
        self._desk, self._kept = desk, desk.assessments
        self._begun = along.begun
        self._joined: AssessmentId | None = None
        kept = self._kept.kept(self.key)
        self.draft = Draft(along.sheet, kept.answers if kept is not None else None)
        if kept is not None and not self.draft.signed:
            self.draft.half = {question: half.typed for question, half in kept.half.items()}
        self._when_saved: Callable[[], object] | None = None
        self._saver = Autosave(self, desk.tasks, self._save, self.draft.based_on)
        self._saver.saved.connect(self._saved)
        self._saver.conflicted.connect(self._conflicted)
        self._saver.refused.connect(self.refused)
        self._saver.state_changed.connect(self._saving_moved)
        if kept is not None and kept.signature is not None and kept.signature.is_waiting:
            self.draft.held = kept.signature.signed.at
        self._kept.show(self.key)

    # on a worker thread

    def _save(self, question: str, given: Given, seen: int) -> Answer:
        if self._begun is not None:
            return self._bring_back(replace(given, seen=seen))
        service = self._desk.services.assessment
        if given.confirmed:
            return service.confirm(self.key, question, seen)
        return service.answer(self.key, question, given.value, seen, given.told)

    def _bring_back(self, given: Given) -> Answer:
        """Of an assessment begun here: the first answer that arrives begins it there, too."""
        done = self._desk.services.away.bring_back(Returning(self.key, (given,), self._begun))
        self._joined = done.sheet.assessment.id
        for bad in done.refused:
            raise bad
        if given.question in done.differing:
            raise Conflict("answer", f"{self.key}/{given.question}", given.seen, done.differing[given.question])
        return done.sheet.answers[given.question]

    # what the page tells

    @property
    def busy(self) -> bool:
        """Something is not saved yet."""
        return self._saver.busy

    @property
    def begun_here(self) -> bool:
        """The database does not know of it yet."""
        return self._begun is not None

    @property
    def away(self) -> bool:
        """It can't be saved now; it is tried again."""
        return self._saver.away or (self.busy and self._desk.away)

    def restore(self) -> int:
        """What was answered here and is not in the database goes there now. How many answers those are."""
        waiting = [] if self.draft.signed else self.draft.unsaved
        for given in waiting:
            self._saver.put(given.question, given, typed=False)
        return len(waiting)

    def edit(self, question: str, value: AnswerValue, *, typed: bool) -> None:
        self._give(self.draft.edit(question, value, self._desk.clock.now(), self.told), typed=typed)
        self.moved.emit()

    def type_half(self, question: str, typed: tuple[str, ...]) -> None:
        """What stands in the fields can't be read yet: kept on this computer until it can, or is gone (empty)."""
        if self.draft.half.get(question, ()) == typed:
            return
        if typed:
            self.draft.half[question] = typed
        else:
            del self.draft.half[question]
        self._kept.give_half(self.key, question, typed)
        self.moved.emit()

    def say_whose(self, question: str) -> None:
        """The answer to this question is in the words of whoever is speaking now."""
        if self.draft.value(question) is not None:
            self.edit(question, self.draft.value(question), typed=False)

    def confirm(self, questions: Iterable[str]) -> None:
        """A1: what was carried in still holds."""
        for question in questions:
            self._give(self.draft.confirm(question, self._desk.clock.now()), typed=False)
        self._saver.flush()
        self.moved.emit()

    def keep_mine(self, question: str) -> None:
        """Of two answers, ours."""
        given = self.draft.stand_by(question)
        if given is not None:
            self._give(given, typed=False)
            self._saver.flush()
        self.moved.emit()

    def take_theirs(self, question: str) -> None:
        """Of two answers, the other desk's."""
        self.draft.drop_edit(question)
        self._kept.have(self.key, [question])
        self.moved.emit()

    def _give(self, given: Given, *, typed: bool) -> None:
        self._kept.give(self.key, given)
        self._saver.put(given.question, given, typed=typed)

    def flush(self) -> None:
        """Save now whatever waits for a pause in the typing."""
        self._saver.flush()

    def when_saved(self, then: Callable[[], object]) -> None:
        """Do something once everything is saved; at once if it is."""
        self._when_saved = then
        self._saver.flush()

    def sign_here(self) -> None:
        """Sign on this computer what is on the screen; it is sent when the line is back."""
        self._saver.stop()
        signed: SignedHere = signed_of(self.draft.sheet, self.draft.unsaved, self._desk.clock.now())
        self.draft.held = signed.at
        self._kept.sign(self.key, signed)
        self.moved.emit()

    def take_signature_back(self) -> bool:
        """A draft again, unless the signature is on its way."""
        if not self._kept.unsign(self.key):
            return False
        self.draft.held = None
        self.restore()
        self.moved.emit()
        return True

    def came_back(self, returned: Returned) -> None:
        """What was sent from here has arrived, or part of it: the sheet as it stands, and what differs."""
        for question in returned.saved:
            self.draft.drop_edit(question)
        self.draft.held = None
        self.draft.take(returned.sheet)
        for question, theirs in returned.differing.items():
            self.draft.differs(question, theirs)
        if not self.draft.signed:
            self._begun = None
        self.moved.emit()

    def leave(self) -> None:
        """The page shows something else: what is not saved goes by itself, from this computer's store."""
        self._saver.stop()
        self._kept.hide(self.key)

    # what comes back

    def _saving_moved(self) -> None:
        self.saving.emit()
        if self._when_saved is not None and not self._saver.busy:
            then, self._when_saved = self._when_saved, None
            then()

    def _saved(self, answer: Answer) -> None:
        self.draft.saved(answer)
        still = self.draft.given(answer.question)
        if self.draft.held is not None:
            pass  # signed here meanwhile: it goes with the signature, which knows it as not saved
        elif still is None:
            self._kept.have(self.key, [answer.question])
        else:
            self._kept.give(self.key, still)
        if self._begun is not None:
            self._is_there()
        self.moved.emit()

    def _is_there(self) -> None:
        """The database knows of it now, or knew of another draft before."""
        self._begun = None
        along = self._kept.kept(self.key)
        if self._joined is not None and self._joined != self.key:
            self.joined.emit(self._joined)
        elif along is not None and along.along is not None:
            self._kept.take(replace(along.along, sheet=self.draft.sheet, begun=None))

    def _conflicted(self, question: str, error: Conflict) -> None:
        self._when_saved = None
        theirs = error.current if isinstance(error.current, Answer) else None
        self.draft.differs(question, theirs)
        if self._begun is not None:
            self._is_there()
        self.answered_twice.emit(question, theirs, error)
