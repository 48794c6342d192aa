"""What an open assessment holds on this desk: the saved answers, and those being typed. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from coordination.assessment import external, rules
from coordination.assessment.away import THE_PERSON, Given
from coordination.assessment.model import Answer, AnswerValue, AssessmentSheet, Question, Told
from coordination.assessment.rules import AskedSection, Progress
from ui import wording


class Draft:
    """An assessment sheet with edits over it. An edit stays until its save has come back.

    ``given``: what was answered on this computer before, and is not in the database. ``held``: signed here, waiting to
    be sent; it reads as signed.
    """

    def __init__(self, sheet: AssessmentSheet, given: Mapping[str, Given] | None = None) -> None:
        self.sheet = sheet
        self.held: datetime | None = None
        self.theirs: dict[str, Answer | None] = {}
        """answered twice: what another desk said, beside the edit (None: taken back)"""
        self.half: dict[str, tuple[str, ...]] = {}
        """what stands in the fields of a question and can't be read yet"""
        self._edits: dict[str, Given] = dict(given or {})
        if sheet.assessment.state == "signed":
            self._edits.clear()

    @property
    def signed(self) -> bool:
        return self.held is not None or self.sheet.assessment.state == "signed"

    @property
    def seen(self) -> AssessmentSheet:
        """The sheet as it reads with the edits."""
        if not self._edits:
            return self.sheet
        edited = {question: self._edited(given) for question, given in self._edits.items()}
        return replace(self.sheet, answers={**self.sheet.answers, **edited})

    def _edited(self, given: Given) -> Answer:
        present = self.sheet.answers.get(given.question)
        if present is not None and given.confirmed:
            return replace(present, source="confirmed")
        told = {"said_role": given.told.role, "said_name": given.told.name}
        if present is not None:
            return replace(present, value=given.value, source="asked", **told)  # type: ignore[arg-type]
        return Answer(given.question, given.value, "asked", given.at, "", "", None, 0, **told)  # type: ignore[arg-type]

    def answer(self, question: str) -> Answer | None:
        """The saved answer."""
        return self.sheet.answers.get(question)

    def value(self, question: str) -> AnswerValue:
        """What is typed, or else saved."""
        if question in self._edits:
            return self._edits[question].value
        answer = self.sheet.answers.get(question)
        return None if answer is None else answer.value

    def edited(self, question: str) -> bool:
        return question in self._edits

    def given(self, question: str) -> Given | None:
        """The edit, as it is kept on this computer."""
        return self._edits.get(question)

    @property
    def unsaved(self) -> list[Given]:
        """All edits, the first given first."""
        return sorted(self._edits.values(), key=lambda given: given.at)

    def carried(self, question: str) -> bool:
        """Whether the answer was carried in, and nobody has confirmed or changed it."""
        answer = self.sheet.answers.get(question)
        carried = answer is not None and answer.source == "carried_in" and answer.value is not None
        return carried and question not in self._edits

    def edit(self, question: str, value: AnswerValue, at: datetime, told: Told = THE_PERSON) -> Given:
        """An answer is being given. What it stands over is what stood when that began."""
        return self._give(question, value, at, told, confirmed=False)

    def confirm(self, question: str, at: datetime) -> Given:
        """A1: what was carried in still holds."""
        return self._give(question, self.value(question), at, THE_PERSON, confirmed=True)

    def _give(self, question: str, value: AnswerValue, at: datetime, told: Told, *, confirmed: bool) -> Given:
        before, present = self._edits.get(question), self.sheet.answers.get(question)
        if before is not None:
            seen, saw = before.seen, before.saw
        else:
            seen, saw = self._revision(question), None if present is None else present.value
        made = Given(question, value, seen, at, told, confirmed, saw)
        self._edits[question] = made
        return made

    def drop_edit(self, question: str) -> None:
        self._edits.pop(question, None)
        self.theirs.pop(question, None)

    def stand_by(self, question: str) -> Given | None:
        """The edit stands, although another desk's answer has been seen."""
        self.theirs.pop(question, None)
        given, present = self._edits.get(question), self.sheet.answers.get(question)
        if given is not None:
            saw = None if present is None else present.value
            given = replace(given, seen=self._revision(question), saw=saw, confirmed=False)
            self._edits[question] = given
        return given

    def based_on(self, question: str) -> int:
        """The revision to save over: what stood when the edit began, so that nobody's answer is overwritten unseen."""
        given = self._edits.get(question)
        return self._revision(question) if given is None else given.seen

    def _revision(self, question: str) -> int:
        answer = self.sheet.answers.get(question)
        return 0 if answer is None else answer.revision

    def saved(self, answer: Answer) -> None:
        """A save has come back. Typing that went on meanwhile stays an edit."""
        present = self.sheet.answers.get(answer.question)
        if present is None or present.revision <= answer.revision:
            self.sheet = replace(self.sheet, answers={**self.sheet.answers, answer.question: answer})
        given = self._edits.get(answer.question)
        if given is not None and given.value == answer.value:
            self.drop_edit(answer.question)
        elif given is not None:
            self._edits[answer.question] = replace(given, seen=answer.revision, saw=answer.value, confirmed=False)

    def differs(self, question: str, theirs: Answer | None) -> None:
        """Another desk's answer, found when saving ours. Ours stays as an edit."""
        self.theirs[question] = theirs
        if theirs is not None:
            self.sheet = replace(self.sheet, answers={**self.sheet.answers, question: theirs})

    def take(self, sheet: AssessmentSheet) -> set[str]:
        """A fresh reading. Gives the questions whose saved answer is another now; never goes back to an older one."""
        before = self.sheet.answers
        newest = dict(sheet.answers)
        for question, answer in before.items():
            if question not in newest or newest[question].revision < answer.revision:
                newest[question] = answer
        self.sheet = replace(sheet, answers=newest)
        if sheet.assessment.state == "signed":
            self.held = None
            self._edits.clear()
            self.theirs.clear()
        return {question for question, answer in newest.items() if before.get(question) != answer}

    def asked(self) -> list[AskedSection]:
        seen = self.seen
        return rules.asked(seen.form, seen.values)

    def missing(self) -> dict[str, str]:
        """Question id to reason, in the order of the form; those that were answered twice first, then those that can't
        be read yet: nobody signs past what looks like an answer and is none."""
        first = dict.fromkeys(self.theirs, "answered_twice") | dict.fromkeys(self._half_asked, "half_typed")
        return {**first, **{p.field: p.reason for p in rules.missing(self.seen) if p.field not in first}}

    @property
    def _half_asked(self) -> list[str]:
        if not self.half:
            return []
        return [q.id for section in self.asked() for q in section.questions if q.id in self.half]

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


_FROM = {"person": "on the record", "contact": "in a call", "referral": "in the referral", "message": "in a message"}
ROLES = {"person": "the person", "carer": "carer", "professional": "professional", "record": "the record"}


def whose_words(role: str, name: str, writer: str) -> str:
    """``the person, to Asa Example``, ``Sylvia (carer), to Asa Example``, ``Asa Example``."""
    if role == "person":
        return f"the person, to {writer}"
    if role == "record" and not name:
        return f"the record, {writer}"
    if name:
        return f"{name} ({ROLES.get(role, role)}), to {writer}"
    return f"a carer, to {writer}" if role == "carer" else writer


def said_words(answer: Answer, now: datetime) -> str:
    """``Sylvia Test (daughter), 20-Nov-2026, in the referral``: who said it, when and where (A1)."""
    who, as_it_was = answer.said_by_name, answer.source != "asked"
    if not (answer.from_kind and as_it_was):
        who = whose_words(answer.said_role, answer.said_name, who)
    said = f"{who}, {wording.near_time(answer.away_at or answer.said_at, now)}"
    where = _FROM.get(answer.from_kind, "") if as_it_was else ""
    if not where and as_it_was and answer.from_assessment is not None:
        where = "in an earlier assessment"
    return f"{said}, {where}" if where else said
