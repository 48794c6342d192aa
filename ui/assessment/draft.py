"""What an open assessment holds on this desk: the saved answers, and those being typed. No Qt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from coordination.assessment import external, rules
from coordination.assessment.model import Answer, AnswerValue, AssessmentSheet, Question
from coordination.assessment.rules import AskedSection, Progress
from ui import wording


class Draft:
    """An assessment sheet with edits over it. An edit stays until its save has come back."""

    def __init__(self, sheet: AssessmentSheet) -> None:
        self.sheet = sheet
        self._edits: dict[str, AnswerValue] = {}
        self._based_on: dict[str, int] = {}

    @property
    def signed(self) -> bool:
        return self.sheet.assessment.state == "signed"

    @property
    def seen(self) -> AssessmentSheet:
        """The sheet as it reads with the edits."""
        if not self._edits:
            return self.sheet
        edited = {question: self._edited(question, value) for question, value in self._edits.items()}
        return replace(self.sheet, answers={**self.sheet.answers, **edited})

    def _edited(self, question: str, value: AnswerValue) -> Answer:
        present = self.sheet.answers.get(question)
        if present is not None:
            return replace(present, value=value, source="asked")
        began = self.sheet.assessment.started_at
        return Answer(question, value, "asked", began, "", "", None, 0)

    def answer(self, question: str) -> Answer | None:
        """The saved answer."""
        return self.sheet.answers.get(question)

    def value(self, question: str) -> AnswerValue:
        """What is typed, or else saved."""
        if question in self._edits:
            return self._edits[question]
        answer = self.sheet.answers.get(question)
        return None if answer is None else answer.value

    def edited(self, question: str) -> bool:
        return question in self._edits

    def carried(self, question: str) -> bool:
        """Whether the answer was carried in, and nobody has confirmed or changed it."""
        answer = self.sheet.answers.get(question)
        carried = answer is not None and answer.source == "carried_in" and answer.value is not None
        return carried and question not in self._edits

    def edit(self, question: str, value: AnswerValue) -> None:
        self._based_on.setdefault(question, self._revision(question))
        self._edits[question] = value

    def drop_edit(self, question: str) -> None:
        self._edits.pop(question, None)
        self._based_on.pop(question, None)

    def stand_by(self, question: str) -> None:
        """The edit stands, although another desk's answer has been seen."""
        self._based_on[question] = self._revision(question)

    def based_on(self, question: str) -> int:
        """The revision to save over: what stood when the edit began, so that nobody's answer is overwritten unseen."""
        return self._based_on.get(question, self._revision(question))

    def _revision(self, question: str) -> int:
        answer = self.sheet.answers.get(question)
        return 0 if answer is None else answer.revision

    def saved(self, answer: Answer) -> None:
        """A save has come back. Typing that went on meanwhile stays an edit."""
        present = self.sheet.answers.get(answer.question)
        if present is None or present.revision <= answer.revision:
            self.sheet = replace(self.sheet, answers={**self.sheet.answers, answer.question: answer})
        if answer.question in self._edits and self._edits[answer.question] == answer.value:
            self.drop_edit(answer.question)
        elif answer.question in self._edits:
            self._based_on[answer.question] = answer.revision

    def differs(self, theirs: Answer) -> None:
        """Another desk's answer, found when saving ours. Ours stays as an edit."""
        self.sheet = replace(self.sheet, answers={**self.sheet.answers, theirs.question: theirs})

    def take(self, sheet: AssessmentSheet) -> set[str]:
        """A fresh reading. Gives the questions whose saved answer is another now; never goes back to an older one."""
        before = self.sheet.answers
        newest = dict(sheet.answers)
        for question, answer in before.items():
            if question not in newest or newest[question].revision < answer.revision:
                newest[question] = answer
        self.sheet = replace(sheet, answers=newest)
        if self.signed:
            self._edits.clear()
            self._based_on.clear()
        return {question for question, answer in newest.items() if before.get(question) != answer}

    def asked(self) -> list[AskedSection]:
        seen = self.seen
        return rules.asked(seen.form, seen.values)

    def missing(self) -> dict[str, str]:
        """Question id to reason, in the order of the form."""
        return {problem.field: problem.reason for problem in rules.missing(self.seen)}

    def progress(self) -> dict[str, Progress]:
        return rules.progress(self.seen)

    def was(self, question: Question) -> AnswerValue:
        """In a correction: what the version before said, when it said something else."""
        if self.sheet.assessment.corrects is None:
            return None
        old = self.sheet.corrected_answers.get(question.id)
        value = None if old is None else old.value
        return None if value == self.value(question.id) else value


def answer_words(question: Question, value: AnswerValue) -> str:
    """An answer as a sentence part: labels of options, units, yes and no. Empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple):
        return ", ".join(_option_words(question, one) for one in value)
    if isinstance(value, str):
        return _option_words(question, value) if question.options else value
    if isinstance(value, int | float):
        return f"{value:g} {question.unit}".strip()
    if isinstance(value, external.ExternalScore):
        return external_words(value)
    return wording.day(value)


def external_words(value: external.ExternalScore) -> str:
    """``Clinical Frailty Scale 5 (version 2.0), 20-Nov-2026, scored by Dr Amin``."""
    tool = external.tools().get(value.tool)
    version = f" (version {value.version})" if value.version else ""
    name = value.tool if tool is None else tool.name
    return f"{name} {value.score:g}{version}, {wording.day(value.on)}, scored by {value.by}"


def _option_words(question: Question, value: str) -> str:
    option = question.option(value)
    if option is None:
        return value
    return option.label if option.points is None else f"{option.points} · {option.label}"


def said_words(answer: Answer, now: datetime) -> str:
    """``Sylvia Test (daughter), 20-Nov-2026``: who said it and when (A1)."""
    return f"{answer.said_by_name}, {wording.near_time(answer.said_at, now)}"
