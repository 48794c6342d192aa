"""What a form's score comes to, beneath the questions that it is worked out from."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from coordination.assessment import rules, scores
from coordination.assessment.model import AssessmentSheet, Score
from coordination.assessment.scores import ScoreChange
from ui import wording
from ui.assessment.draft import Draft
from ui.style import theme
from ui.widgets.basics import label, row, rule


class ScoreLine(QWidget):
    """``Barthel index  14 of 20``; no number until everything that it needs has an answer. Beneath it what the number
    is commonly read as, and how it has changed."""

    def __init__(self, score: Score) -> None:
        super().__init__()
        self.score = score
        self.total = label("", size="title", strong=True)
        self.reading = label("", wrap=True)
        self.change = label("", wrap=True)
        self._help = label(score.help, quiet=True, size="small", wrap=True)
        if not score.help:
            self._help.hide()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(theme.space(1))
        stack.addWidget(rule())
        stack.addLayout(row(label(score.title, strong=True), None, self.total))
        for line in (self.reading, self.change, self._help):
            stack.addWidget(line)

    def show_total(self, draft: Draft) -> None:
        sheet = draft.seen
        points = rules.total(sheet.form, self.score, sheet.values)
        words = total_words(self.score, points) or _waiting_words(self.score, sheet)
        self.total.setText(words)
        self.total.setAccessibleName(f"{self.score.title} {words}")
        reading = scores.read_as(self.score, points)
        changed = scores.change(sheet.form, self.score, points, sheet.earlier.get(self.score.change_from))
        for line, said in ((self.reading, reading), (self.change, change_words(self.score, changed))):
            line.setText(said)
            line.setVisible(bool(said))


def total_words(score: Score, points: float | None) -> str:
    """``14 of 20``, ``T 63.7``; empty without a total."""
    if points is None:
        return ""
    return f"T {points:.1f}" if score.kind == "gas" else f"{points:g} of {score.out_of}"


def change_words(score: Score, change: ScoreChange | None) -> str:
    """``5 more than the 9 of 03-Oct-2026. More than 2, so it is probably a genuine change.``"""
    if change is None:
        return ""
    was = f"{change.was:.1f}" if score.kind == "gas" else f"{change.was:g}"
    size = f"{abs(change.by):.1f}" if score.kind == "gas" else f"{abs(change.by):g}"
    of = f"the {was} of {wording.day(change.on)}"
    words = f"{size} {'more' if change.by > 0 else 'less'} than {of}." if change.by else f"The same as {of}."
    if change.genuine is None or not change.by:
        return words
    if change.genuine:
        return f"{words} More than {score.real_change:g}, so it is probably a genuine change."
    return f"{words} Not more than {score.real_change:g}, so it may be chance."


def _waiting_words(score: Score, sheet: AssessmentSheet) -> str:
    counting = rules.counting(sheet.form, sheet.values)
    needs = scores.needs(score, counting)
    if not needs:
        return "No goal yet"
    return f"{sum(item in counting for item in needs)} of {wording.count(len(needs), 'answer')}"
