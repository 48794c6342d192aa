"""A form as the assessor will see it: the same widgets, branches and scores at work, and nothing of it saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from coordination.assessment.away import blank_sheet
from coordination.assessment.model import AnswerValue, Form
from coordination.values import AssessmentId, PersonId, UserName, new_id
from ui.assessment.conversation import Conversation
from ui.assessment.draft import Draft
from ui.assessment.rail import needed_words
from ui.widgets.badge import Badge
from ui.widgets.basics import button, label, plane, row


class FormPreview(QWidget):
    """Answers live in the draft of this widget, and go with it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._form: Form | None = None
        self.draft: Draft | None = None
        self.conversation = Conversation()
        self.conversation.edited.connect(self._edited)
        self.needed = label("", strong=True)
        self.again = button("Start over", self.start_over, icon="arrow-counter-clockwise")
        said = label("Try every branch: nothing is saved. With a person, what is known comes in grey.", quiet=True)
        foot = plane(
            row(Badge("Preview", "accent", "eye"), said, None, self.needed, self.again, gap=3, margins=(6, 2, 6, 2)),
            "surface",
            "above",
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.conversation, 1)
        whole.addWidget(foot)

    def show_form(self, form: Form) -> None:
        """From the beginning, without answers."""
        self._form, now = form, self._now()
        who = (UserName("preview"), "")
        sheet = blank_sheet(AssessmentId(new_id()), PersonId(new_id()), form, None, (), who, now)
        self.draft = Draft(sheet)
        self.conversation.show_draft(self.draft, now)
        self._count()

    def start_over(self) -> None:
        """Without the answers that were tried."""
        if self._form is not None:
            self.show_form(self._form)
            self.take_focus()

    def take_focus(self) -> None:
        self.conversation.take_focus()

    def _edited(self, question: str, value: AnswerValue, _typed: bool) -> None:
        if self.draft is not None:
            self.draft.edit(question, value, self._now())
            self.conversation.refresh()
            self._count()

    def _count(self) -> None:
        if self.draft is not None:
            self.needed.setText(needed_words(len(self.draft.missing())))
