"""Answers on their way: the draft of one assessment, and the saving of what is given. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal

from coordination.assessment.model import Answer, AnswerValue, AssessmentSheet
from coordination.assessment.service import Assessments
from coordination.errors import Conflict
from ui.assessment.autosave import CONFIRMED, Autosave
from ui.assessment.draft import Draft
from ui.tasks import Tasks


class Answering(QObject):
    """One open assessment. The page shows ``draft`` and tells it what is given."""

    moved = Signal()
    """the draft reads differently now"""
    saving = Signal()
    """the state of the saving has changed"""
    answered_twice = Signal(str, object, object)
    """question, the other desk's Answer (or None), the Conflict; ours stays in the draft"""
    refused = Signal(str, object)
    """question, error"""

    def __init__(self, owner: QObject, tasks: Tasks, service: Assessments, sheet: AssessmentSheet) -> None:
        super().__init__(owner)
        self.key = sheet.assessment.id
        self.draft = Draft(sheet)
        self._service = service
        self._when_saved: Callable[[], object] | None = None
        self._saver = Autosave(self, tasks, self._save, self.draft.based_on)
        self._saver.saved.connect(self._saved)
        self._saver.conflicted.connect(self._conflicted)
        self._saver.refused.connect(self.refused)
        self._saver.state_changed.connect(self._saving_moved)

    def _save(self, question: str, value: Any, seen: int) -> Answer:
        """On a worker thread."""
        if value is CONFIRMED:
            return self._service.confirm(self.key, question, seen)
        return self._service.answer(self.key, question, value, seen)

    @property
    def busy(self) -> bool:
        """Something is not saved yet."""
        return self._saver.busy

    @property
    def away(self) -> bool:
        """It can't be saved now; it is tried again."""
        return self._saver.away

    def edit(self, question: str, value: AnswerValue, *, typed: bool) -> None:
        self.draft.edit(question, value)
        self._saver.put(question, value, typed=typed)
        self.moved.emit()

    def confirm(self, questions: Iterable[str]) -> None:
        """A1: what was carried in still holds."""
        for question in questions:
            self._saver.put(question, CONFIRMED, typed=False)
        self._saver.flush()

    def keep_mine(self, question: str) -> None:
        """Of two answers, ours."""
        self.draft.stand_by(question)
        self._saver.put(question, self.draft.value(question), typed=False)
        self._saver.flush()

    def take_theirs(self, question: str) -> None:
        """Of two answers, the other desk's."""
        self.draft.drop_edit(question)
        self.moved.emit()

    def flush(self) -> None:
        """Save now whatever waits for a pause in the typing."""
        self._saver.flush()

    def when_saved(self, then: Callable[[], object]) -> None:
        """Do something once everything is saved; at once if it is."""
        self._when_saved = then
        self._saver.flush()

    def _saving_moved(self) -> None:
        self.saving.emit()
        if self._when_saved is not None and not self._saver.busy:
            then, self._when_saved = self._when_saved, None
            then()

    def _saved(self, answer: Answer) -> None:
        self.draft.saved(answer)
        self.moved.emit()

    def _conflicted(self, question: str, error: Conflict) -> None:
        self._when_saved = None
        theirs = error.current if isinstance(error.current, Answer) else None
        if theirs is not None:
            self.draft.differs(theirs)
        self.answered_twice.emit(question, theirs, error)
