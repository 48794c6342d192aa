"""Branching, what is missing, scores, progress, carrying in. Pure functions over a form and answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from coordination.assessment import external, scores
from coordination.assessment.conditions import holds
from coordination.assessment.model import Answer, AnswerValue, AssessmentSheet, Form, Question, Score, Section, Told
from coordination.errors import BadValue
from coordination.values import is_storable

LONGEST_TEXT = 500
LONGEST_LONG_TEXT = 20_000
LONGEST_NAME = 200

Values = Mapping[str, AnswerValue]


@dataclass(frozen=True, slots=True)
class AskedSection:
    """A section that is asked with these answers, and those of its questions that are."""

    section: Section
    questions: tuple[Question, ...]


def asked(form: Form, values: Values) -> list[AskedSection]:
    """What is asked, in order. An answer to a question that is not asked does not count for those after it."""
    counting: dict[str, Any] = {}
    found = []
    for section in form.sections:
        if not holds(section.when, counting):
            continue
        questions = []
        for question in section.questions:
            if holds(question.when, counting):
                questions.append(question)
                if values.get(question.id) is not None:
                    counting[question.id] = values[question.id]
        found.append(AskedSection(section, tuple(questions)))
    return found


def counting(form: Form, values: Values) -> dict[str, AnswerValue]:
    """The answers that count: those to questions that are asked."""
    return {q.id: values[q.id] for q in asked_questions(form, values) if values.get(q.id) is not None}


def asked_questions(form: Form, values: Values) -> Iterator[Question]:
    return (q for part in asked(form, values) for q in part.questions)


def checked(question: Question, value: Any, today: date | None = None) -> AnswerValue:
    """The value as it is kept: text stripped, nothing as None. Raises BadValue(question id, …).

    ``today``: a score of a tool is of no later day.
    """
    if value is None or (isinstance(value, str) and not value.strip()) or value == ():
        return None
    match question.type:
        case "text" | "long_text":
            return _checked_text(question, value)
        case "choice" | "score":
            if not isinstance(value, str) or question.option(value) is None:
                raise BadValue(question.id, "not_an_option")
            return value
        case "choices":
            return _checked_choices(question, value)
        case "yes_no":
            if not isinstance(value, bool):
                raise BadValue(question.id, "not_yes_or_no")
            return value
        case "number":
            return _checked_number(question, value)
        case "date":
            if type(value) is not date:
                raise BadValue(question.id, "not_a_date")
            return value
        case "external_score":
            return external.checked(question.id, value, question.tools, today)


def _checked_text(question: Question, value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue(question.id, "not_text")
    if not is_storable(value):
        raise BadValue(question.id, "has_unstorable_character")
    text = value.strip()
    if len(text) > (LONGEST_LONG_TEXT if question.type == "long_text" else LONGEST_TEXT):
        raise BadValue(question.id, "too_long")
    return text


def _checked_choices(question: Question, value: Any) -> tuple[str, ...]:
    if not isinstance(value, tuple | list) or not all(isinstance(v, str) and question.option(v) for v in value):
        raise BadValue(question.id, "not_an_option")
    # In the order of the form, each once, so that the same choice is the same answer.
    chosen = [o for o in question.options if o.value in value]
    if len(chosen) > 1 and any(o.alone for o in chosen):
        raise BadValue(question.id, "stands_alone")
    return tuple(o.value for o in chosen)


def _checked_number(question: Question, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadValue(question.id, "not_a_number")
    if question.minimum is not None and value < question.minimum:
        raise BadValue(question.id, "too_small")
    if question.maximum is not None and value > question.maximum:
        raise BadValue(question.id, "too_large")
    return value


def missing(sheet: AssessmentSheet) -> list[BadValue]:
    """What stands between this draft and a signature, in the order of the form.

    Reason ``required``: no answer; ``not_confirmed``: carried in, and nobody has confirmed it yet (A1).
    """
    found = []
    for question in asked_questions(sheet.form, sheet.values):
        if not question.required:
            continue
        answer = sheet.answers.get(question.id)
        if answer is None or answer.value is None:
            found.append(BadValue(question.id, "required"))
        elif answer.source == "carried_in":
            found.append(BadValue(question.id, "not_confirmed"))
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """Questions of a section that are asked, answered, and still stop a signature."""

    asked: int
    answered: int
    missing: int


def progress(sheet: AssessmentSheet) -> dict[str, Progress]:
    """By section id, for the sections that are asked."""
    stopping = {problem.field for problem in missing(sheet)}
    values = sheet.values
    return {
        part.section.id: Progress(
            len(part.questions),
            sum(q.id in values for q in part.questions),
            sum(q.id in stopping for q in part.questions),
        )
        for part in asked(sheet.form, values)
    }


def total(form: Form, score: Score, values: Values) -> int | float | None:
    """What a score comes to with the answers that count. None when any that it needs is missing (scores.py)."""
    return scores.total(form, score, counting(form, values))


def stands(present: Answer, value: AnswerValue, told: Told | None) -> bool:
    """Whether an answer is already what is to be saved: asked or confirmed, and in the words of whoever told."""
    if present.value != value or present.source == "carried_in":
        return False
    return told is None or (present.said_role or "person", present.said_name) == (told.role, told.name.strip())


def told_checked(question: str, told: Told | None) -> Told:
    """Whose words an answer is, as it is kept. Raises BadValue(question, …)."""
    if told is None or told.role == "":
        return Told()
    name = told.name.strip()
    if len(name) > LONGEST_NAME:
        raise BadValue(question, "too_long")
    if not is_storable(name):
        raise BadValue(question, "has_unstorable_character")
    return Told(told.role, name)


def fits(question: Question, value: AnswerValue) -> bool:
    """Whether an answer from another form or version can be carried into this question."""
    try:
        return checked(question, value) is not None
    except BadValue:
        return False


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that a correction changed."""

    question: str
    was: AnswerValue
    is_now: AnswerValue


def differences(sheet: AssessmentSheet) -> list[Difference]:
    """What a correction says that the version before did not (A3), in the order of the form."""
    if sheet.assessment.corrects is None:
        return []

    def value(answers: Mapping[str, Answer], question: str) -> AnswerValue:
        answer = answers.get(question)
        return None if answer is None else answer.value

    pairs = (
        Difference(q.id, value(sheet.corrected_answers, q.id), value(sheet.answers, q.id))
        for q in sheet.form.questions()
    )
    return [pair for pair in pairs if pair.was != pair.is_now]
