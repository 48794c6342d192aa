"""One section of the form: its questions in a calm column, and its scores. Built when first looked at."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from coordination.assessment.model import Score, Section
from ui.assessment.draft import Draft
from ui.assessment.question import QuestionRow
from ui.assessment.score_line import ScoreLine
from ui.style import theme
from ui.widgets.basics import button, column, label, plane

WIDTH = 720
AT_ONCE, THEN = 7, 2  # what a page shows, and what may be built between two keys


class SectionView(QScrollArea):
    """All questions of a section. Those that a branch hides are not built until they are asked."""

    row_built = Signal(object)
    next_asked = Signal()

    def __init__(self, section: Section, draft: Draft, now: datetime) -> None:
        super().__init__()
        self.section, self._draft, self._now = section, draft, now
        self.rows: dict[str, QuestionRow] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, theme.space(6), 0, theme.space(8))
        self._column.setSpacing(theme.space(6))
        title = label(section.title, size="title", strong=True, wrap=True)
        self._column.addLayout(column(title, *self._guide(), gap=1.5))
        self._head = self._column.count()
        self.scores = [ScoreLine(s) for s in draft.sheet.form.scores if _belongs(s, section)]
        for line in self.scores:
            self._column.addWidget(line)
        self._next = button("", self.next_asked.emit, icon="arrow-right")
        self._column.addWidget(self._next, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self._to_build: list[str] = []
        self._builder = QTimer(self, interval=0)
        self._builder.timeout.connect(self._build_some)
        self._lay_out()
        self.refresh()

    def _guide(self) -> list[QWidget]:
        """How to have this part of the conversation; not for reading what came of it."""
        if not self.section.help or self._draft.signed:
            return []
        return [label(self.section.help, quiet=True, wrap=True)]

    def _lay_out(self) -> None:
        page = QWidget()
        page.setLayout(self._column)
        page.setMaximumWidth(theme.px(WIDTH))
        line = QHBoxLayout()
        line.setContentsMargins(theme.space(8), 0, theme.space(6), 0)
        line.addWidget(page, 1)
        line.addStretch(0)
        self.setWidget(plane(line, "surface"))

    def set_next(self, title: str) -> None:
        """Words of the button that leads on; empty hides it."""
        self._next.setText(f"Next: {title}")
        self._next.setVisible(bool(title))

    def refresh(self) -> None:
        """Show and hide questions by the branches, and everything as it stands in the draft."""
        asked = {q.id for part in self._draft.asked() if part.section.id == self.section.id for q in part.questions}
        for question, made in self.rows.items():
            made.setVisible(question in asked)
            if question in asked:
                made.refresh()
        self._to_build = [q.id for q in self.section.questions if q.id in asked and q.id not in self.rows]
        self._build_some(AT_ONCE if not self.rows else THEN)
        for line in self.scores:
            line.show_total(self._draft)

    def _build_some(self, most: int = THEN) -> None:
        """A few rows now, the rest while nothing else is to be done: a long section opens at once."""
        now, self._to_build = self._to_build[:most], self._to_build[most:]
        for question in now:
            self._build(question)
        if self._to_build:
            self._builder.start()
        else:
            self._builder.stop()

    def _build(self, question_id: str) -> QuestionRow:
        question = next(q for q in self.section.questions if q.id == question_id)
        made = QuestionRow(question, self._draft, self._now)
        self.rows[question_id] = made
        order = [q.id for q in self.section.questions]
        before = sum(q in self.rows for q in order[: order.index(question_id)])
        self._column.insertWidget(self._head + before, made)
        made.show()
        made.installEventFilter(self)
        self.row_built.emit(made)
        return made

    def row(self, question_id: str) -> QuestionRow | None:
        """The row of a question that is asked, built if need be."""
        if question_id in self._to_build:
            self._to_build.remove(question_id)
            return self._build(question_id)
        return self.rows.get(question_id)

    def focused_row(self) -> QuestionRow | None:
        return next((made for made in self.rows.values() if made.isVisible() and made.has_focus()), None)

    def go_to(self, question_id: str) -> None:
        """Put the cursor at a question."""
        made = self.row(question_id)
        if made is not None:
            made.take_focus()
            self.show_row(made)

    def go_to_first(self) -> None:
        """Put the cursor at the first question that waits for something, or at the first."""
        waiting = self._draft.missing()
        visible = [q.id for q in self.section.questions if q.id in self.rows and not self.rows[q.id].isHidden()]
        first = next((q for q in visible if q in waiting), visible[0] if visible else None)
        if first is not None:
            self.go_to(first)

    def go_past(self, question_id: str) -> None:
        """Put the cursor at the question after this one, if the section has one."""
        keys = [q.id for q in self.section.questions if q.id in self.rows and not self.rows[q.id].isHidden()]
        if question_id in keys[:-1]:
            self.go_to(keys[keys.index(question_id) + 1])

    def show_row(self, made: QuestionRow) -> None:
        """Scroll so that the whole row can be seen, once the layout has settled."""
        QTimer.singleShot(0, made, lambda: self.ensureWidgetVisible(made, 0, theme.px(32)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A known answer that turns into an editor grows: what has the focus stays in view.
        if event.type() == QEvent.Type.Resize and isinstance(watched, QuestionRow):
            focus = QApplication.focusWidget()
            if focus is not None and watched.isAncestorOf(focus):
                self.show_row(watched)
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.go_to_first()


def _belongs(score: Score, section: Section) -> bool:
    """A score stands in the section that holds the last question that it is worked out from."""
    return bool(score.questions) and score.questions[-1] in {q.id for q in section.questions}
