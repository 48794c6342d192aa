"""How do we know this? Each step of an answer: who said it, who wrote it down, when, and what it said before (A1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from coordination.assessment.model import AnswerChange, Question
from coordination.clock import local_date
from ui import wording
from ui.assessment.draft import ROLES, answer_words
from ui.widgets.basics import button, column, label, row

_STEPS = {
    "carried_in": "Carried in",
    "copied": "Taken over into the correction",
    "asked": "Answered",
    "confirmed": "Confirmed as it stands",
    "changed": "Changed",
    "attributed": "Whose words it is, set right",
    "taken_back": "Taken back",
    "removed": "Removed",
}
_FROM = {
    "person": "from the person's record",
    "contact": "from a call or another contact",
    "referral": "from the referral",
    "message": "from a message",
}


class HowKnown(QFrame):
    """Beneath a question, the first known first. Esc or the button closes it."""

    closed = Signal()

    def __init__(self, question: Question, steps: Sequence[AnswerChange], now: datetime) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "sunken")
        self.setProperty("rule", "all")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lines = [
            _line(question, step, before, now) for before, step in pairwise([None, *steps]) if step is not None
        ]
        close = button("Close", self.closed.emit, kind="quiet", tip="Close  (F3 or Esc)")
        head = row(label("How we know this", strong=True, size="small"), None, close)
        parts = []
        for words, detail in self.lines:
            parts.append(column(label(words, wrap=True), label(detail, quiet=True, size="small", wrap=True), gap=0.5))
        if not parts:
            parts.append(column(label("Nothing has been answered here yet.", quiet=True)))
        self.setLayout(column(head, *parts, gap=2, margins=3))
        self.setAccessibleName("How we know this. " + " ".join(f"{words}. {detail}." for words, detail in self.lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _line(question: Question, step: AnswerChange, before: AnswerChange | None, now: datetime) -> tuple[str, str]:
    """What was done, and beneath it who, when and where; ``before``: the step before it."""
    was, is_now = answer_words(question, step.was), answer_words(question, step.is_now)
    done = _STEPS[step.step]
    if step.step in ("changed", "taken_back", "removed"):
        words = f"{done}: “{was}”" + (f" → “{is_now}”" if is_now else "")
    elif step.step in ("confirmed", "attributed", "copied"):
        words = done
    elif before is not None and before.is_now == step.is_now:
        words = f"{done} as it stands"
    else:
        words = f"{done}: “{is_now}”"
    return words, ", ".join(part for part in _who_and_where(step, before, now) if part)


def _who_and_where(step: AnswerChange, before: AnswerChange | None, now: datetime) -> list[str]:
    when = wording.near_time(step.at, now)
    if step.step == "carried_in":
        return [said(step), f"carried into “{step.form_title}” when {step.by_name} began it", when]
    parts = [f"by {step.by_name}"] if step.step == "confirmed" else [said(step), f"written down by {step.by_name}"]
    parts.append(when)
    if step.away_at is not None:
        parts.append(f"given without a connection {wording.day_time(step.away_at)} by that computer's clock")
    if before is not None and step.assessment != before.assessment:
        parts.append(f"in “{step.form_title}”")
    return parts


def said(step: AnswerChange) -> str:
    """``said by Sylvia Test (daughter), 20-Nov-2026, from the referral``: whose words, and where they come from."""
    if step.from_kind and step.step == "carried_in":
        return f"said by {step.said_by_name}, {wording.day(local_date(step.said_at))}, {_FROM[step.from_kind]}"
    if step.said_name:
        return f"said by {step.said_name} ({ROLES.get(step.said_role, step.said_role)})"
    if step.said_role == "professional":
        return f"said by {step.said_by_name}, as a professional"
    who = {"person": "said by the person", "carer": "said by a carer", "record": "from the record"}
    return who.get(step.said_role, "")
