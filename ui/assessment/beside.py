"""What was answered elsewhere in the form, side by side with the question that it bears on. It works nothing out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from coordination.assessment.model import Question
from coordination.assessment.rules import asked_questions
from ui.assessment.draft import Draft, answer_words
from ui.style import theme
from ui.widgets.basics import label, restyle


class Beside(QFrame):
    """Questions at the left, their answers at the right, as they stand in the draft."""

    def __init__(self, question: Question, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "sunken")
        self.setProperty("rule", "all")
        self.setAccessibleName("What was answered")
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.space(3), theme.space(2), theme.space(3), theme.space(2))
        grid.setHorizontalSpacing(theme.space(4))
        grid.setVerticalSpacing(theme.space(1))
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 4)
        self._lines: list[tuple[Question, QLabel, QLabel]] = []
        form = draft.sheet.form
        for asked in (q for q in (form.question(key) for key in question.beside) if q is not None):
            said, answer = label(asked.text, quiet=True, size="small", wrap=True), label("", size="small", wrap=True)
            line = len(self._lines)
            for column, part in enumerate((said, answer)):
                grid.addWidget(part, line, column, Qt.AlignmentFlag.AlignTop)
            self._lines.append((asked, said, answer))
        self.show_answers()

    def show_answers(self) -> None:
        """As the draft stands; a question that is not asked is left out."""
        sheet = self._draft.seen
        asked = {q.id for q in asked_questions(sheet.form, sheet.values)}
        for question, said, answer in self._lines:
            words = answer_words(question, self._draft.value(question.id))
            parts: tuple[QWidget, ...] = (said, answer)
            for part in parts:
                part.setVisible(question.id in asked)
            answer.setText(words or "Not answered")
            answer.setProperty("quiet", not words)
            restyle(answer)
