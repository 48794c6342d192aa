"""The form as one walks through it: sections at the left, the questions of one of them at the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from coordination.assessment.model import Answer, AnswerChange
from coordination.clock import SystemClock
from ui.assessment.draft import Draft
from ui.assessment.provenance import HowKnown
from ui.assessment.question import QuestionRow
from ui.assessment.rail import SectionRail
from ui.assessment.section import SectionView


class Conversation(QWidget):
    """Shows a draft. Sections are built when they are first looked at."""

    edited = Signal(str, object, bool)
    """question, value, whether it was typed"""
    confirmed = Signal(str)
    mine_kept = Signal(str)
    half_typed = Signal(str, tuple)
    theirs_taken = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rail = SectionRail()
        self.rail.chosen.connect(self.go_to_section)
        self.stack = QStackedWidget()
        self.views: dict[str, SectionView] = {}
        self.current = ""
        self._draft: Draft | None = None
        self._now = SystemClock().now()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        line.addWidget(self.stack, 1)

    def show_draft(self, draft: Draft, now: datetime) -> None:
        """Show it from the section that was shown, or from the first where something is missing."""
        same = self._draft is not None and self._draft.sheet.assessment.id == draft.sheet.assessment.id
        section = self.current if same else ""
        self._draft, self._now = draft, now
        for view in self.views.values():
            self.stack.removeWidget(view)
            view.deleteLater()
        self.views.clear()
        self.rail.set_sections(draft.sheet.form.sections)
        progress = draft.progress()
        self.rail.set_progress(progress, draft.signed)
        shown = self.rail.shown()
        if section not in shown:
            waiting = [key for key in shown if progress[key].missing]
            section = waiting[0] if waiting and not draft.signed else shown[0]
        self.go_to_section(section)

    def refresh(self) -> None:
        """Show what the draft says now."""
        if self._draft is None:
            return
        self.rail.set_progress(self._draft.progress(), self._draft.signed)
        view = self.views.get(self.current)
        if view is not None:
            view.refresh()
            self._set_next(view)

    # sections

    def go_to_section(self, section: str) -> None:
        """Show a section, built now if it is looked at for the first time."""
        if self._draft is None or section not in self.rail.items:
            return
        self.current = section
        self.rail.set_current(section)
        view = self.views.get(section)
        if view is None:
            view = self._build(section, self._draft)
        else:
            view.refresh()
        self._set_next(view)
        self.stack.setCurrentWidget(view)
        if not self.rail.isAncestorOf(self.window().focusWidget()):
            self.take_focus()

    def _build(self, key: str, draft: Draft) -> SectionView:
        section = next(s for s in draft.sheet.form.sections if s.id == key)
        view = SectionView(section, draft, self._now)
        for made in view.rows.values():
            self._listen(made)
        view.row_built.connect(self._listen)
        view.next_asked.connect(lambda: self.next_section(1))
        self.views[key] = view
        self.stack.addWidget(view)
        return view

    def _listen(self, made: QuestionRow) -> None:
        made.edited.connect(self.edited)
        made.half_typed.connect(self.half_typed)
        made.confirmed.connect(self.confirmed)
        made.mine_kept.connect(self.mine_kept)
        made.theirs_taken.connect(self.theirs_taken)

    def _set_next(self, view: SectionView) -> None:
        keys = self.rail.shown()
        after = keys[keys.index(self.current) + 1 :] if self.current in keys else []
        view.set_next(self.rail.items[after[0]].text() if after else "")

    def next_section(self, step: int) -> None:
        keys = self.rail.shown()
        if self.current in keys:
            place = keys.index(self.current) + step
            if 0 <= place < len(keys):
                self.go_to_section(keys[place])

    # questions

    def row(self, question: str) -> QuestionRow | None:
        """The row of a question, if it has been built."""
        return next((view.rows[question] for view in self.views.values() if question in view.rows), None)

    def go_to_question(self, question: str) -> None:
        """Show its section and put the cursor there."""
        asked = self._draft.asked() if self._draft is not None else []
        section = next((part.section.id for part in asked if any(q.id == question for q in part.questions)), "")
        if section:
            self.go_to_section(section)
            self.views[section].go_to(question)

    def go_past(self, question: str) -> None:
        """Put the cursor at the question after this one."""
        if self.current in self.views:
            self.views[self.current].go_past(question)

    def focused_question(self) -> QuestionRow | None:
        view = self.views.get(self.current)
        return None if view is None else view.focused_row()

    def known_here(self) -> list[str]:
        """Questions of the section whose answers wait to be confirmed."""
        if self._draft is None or self._draft.signed:
            return []
        here = [part for part in self._draft.asked() if part.section.id == self.current]
        return [q.id for part in here for q in part.questions if self._draft.carried(q.id)]

    def show_differing(self, question: str, theirs: Answer | None) -> bool:
        """Both answers at the question. False when it is not on the screen."""
        made = self.row(question)
        if made is None:
            return False
        made.show_differing(theirs)
        return True

    def show_history(self, question: str, steps: Sequence[AnswerChange]) -> None:
        """How we know this, beneath the question."""
        made = self.row(question)
        if made is not None:
            panel = HowKnown(made.question, steps, self._now)
            panel.closed.connect(lambda: self.hide_history(made))
            made.show_beneath(panel)

    def hide_history(self, made: QuestionRow) -> bool:
        """Away with what stands beneath the question. False when nothing does."""
        return made.show_beneath(None)

    def take_focus(self) -> None:
        """Put the cursor where something waits."""
        view = self.views.get(self.current)
        if view is not None and self.isVisible() and self._draft is not None and not self._draft.signed:
            view.go_to_first()

    def focus_rail(self) -> None:
        if self.current in self.rail.items:
            self.rail.items[self.current].setFocus(Qt.FocusReason.TabFocusReason)
