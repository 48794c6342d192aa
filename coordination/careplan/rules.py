"""What an assessment suggests for the plan, what stops activation, and clean values. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap
from uuid import UUID, uuid5

from coordination.assessment.model import Answer, AssessmentSheet, Question
from coordination.assessment.rules import asked_questions
from coordination.careplan.model import (
    TEXT_FIELDS,
    ActionChanges,
    ActionDetails,
    Outcome,
    Plan,
    PlanAction,
    PlanChanges,
    Suggestion,
    TextField,
)
from coordination.errors import BadValue, Obstacle, Refused, obstacle
from coordination.values import is_storable

LONGEST_WORDS = 2_000
LONGEST_TEXT = 20_000
LONGEST_WHO = 200
_BULLETS = " \t-–—•*·"


def suggestions(
    plan: Plan, outcomes: Sequence[Outcome], actions: Sequence[PlanAction], assessed: AssessmentSheet
) -> Iterator[Suggestion]:
    """What was said in the assessment and is not on the plan yet, in the order of the form.

    The key comes from the plan, the question and what was said, so an accepted suggestion is known again even after its
    words were edited, and one that was taken off is offered again.
    """
    there = {o.id for o in outcomes} | {a.id for a in actions}
    for question in asked_questions(assessed.form, assessed.values):
        answer = assessed.answers.get(question.id)
        if not question.plan or answer is None or answer.value is None:
            continue
        for suggestion in _from_answer(plan, question, answer):
            on_the_page = suggestion.place is not None and suggestion.words in getattr(plan, suggestion.place)
            if suggestion.key not in there and not on_the_page:
                yield suggestion


def _from_answer(plan: Plan, question: Question, answer: Answer) -> Iterator[Suggestion]:
    if question.plan in ("outcome", "action"):
        for words, service in _lines(question, answer):
            yield Suggestion(
                _key(plan, question, words),
                "outcome" if question.plan == "outcome" else "action",
                words,
                question.id,
                None,
                service or question.service,
                answer.said_by_name,
                answer.said_at,
            )
        return
    place = next(f for f in TEXT_FIELDS if f == question.plan)
    words = "\n".join(words for words, _ in _lines(question, answer, split=False))
    if words:
        key = _key(plan, question, words)
        yield Suggestion(key, "text", words, question.id, place, "", answer.said_by_name, answer.said_at)


def _lines(question: Question, answer: Answer, *, split: bool = True) -> Iterator[tuple[str, str]]:
    """What an answer says for the plan: each line of words, or what the chosen options stand for; with a service."""
    chosen = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    if question.options:
        for value in chosen:
            option = question.option(value) if isinstance(value, str) else None
            if option is not None and (option.action or question.plan != "action"):
                yield option.action or option.label, option.service
    elif isinstance(answer.value, str):
        for line in answer.value.splitlines() if split else [answer.value]:
            if not split:
                yield line.strip(), ""
            else:  # one thing a line, with or without a bullet; a line longer than the plan takes becomes several
                for part in wrap(line.strip(_BULLETS), LONGEST_WORDS):
                    yield part, ""


def _key(plan: Plan, question: Question, words: str) -> UUID:
    return uuid5(plan.id, f"{question.id}\n{words}")


def joined(text: str, more: str) -> str:
    """More words under what stands there already."""
    return f"{text.rstrip()}\n{more}" if text.strip() else more


def clean_words(field: str, words: str, longest: int = LONGEST_WORDS) -> str:
    """Raises BadValue: ``required``, ``too_long``, ``has_unstorable_character``."""
    clean = clean_text(field, words, longest)
    if not clean:
        raise BadValue(field, "required")
    return clean


def clean_text(field: str, words: str, longest: int = LONGEST_TEXT) -> str:
    """Raises BadValue: ``too_long``, ``has_unstorable_character``."""
    clean = words.strip()
    if not is_storable(clean):
        raise BadValue(field, "has_unstorable_character")
    if len(clean) > longest:
        raise BadValue(field, "too_long")
    return clean


def clean_plan(changes: PlanChanges) -> PlanChanges:
    clean = changes.copy()
    for name in TEXT_FIELDS:
        if name in clean:
            clean[name] = clean_text(name, clean[name])
    return clean


def text_change(place: TextField, words: str) -> PlanChanges:
    """A change of one part of the running text."""
    change: PlanChanges = {}
    change[place] = words
    return clean_plan(change)


def clean_details(details: ActionDetails) -> ActionDetails:
    clean = details.copy()
    if "who" in clean:
        clean["who"] = clean_text("who", clean["who"], LONGEST_WHO)
    return clean


def clean_action(changes: ActionChanges) -> ActionChanges:
    clean = changes.copy()
    if "what" in clean:
        clean["what"] = clean_words("what", clean["what"])
    if "who" in clean:
        clean["who"] = clean_text("who", clean["who"], LONGEST_WHO)
    return clean


def check_still_active(plan: Plan, changes: PlanChanges) -> None:
    """An active plan keeps a lead worker and a review date: they can be changed, not emptied. Raises Refused."""
    if plan.state != "active":
        return
    empty = [name for name in ("lead_worker", "review_on") if name in changes and changes[name] is None]
    if empty:
        raise Refused("update_plan", tuple(obstacle(f"plan_needs_{name}") for name in empty))


def obstacles_to_activation(
    plan: Plan, outcomes: Sequence[Outcome], actions: Sequence[PlanAction], today: date
) -> list[Obstacle]:
    """Everything that stops the plan from becoming the one that everyone works by (C1)."""
    found = []
    if not outcomes:
        found.append(obstacle("plan_needs_outcome"))
    if not actions:
        found.append(obstacle("plan_needs_action"))
    if plan.lead_worker is None:
        found.append(obstacle("plan_needs_lead_worker"))
    if plan.review_on is None:
        found.append(obstacle("plan_needs_review_on"))
    elif plan.review_on < today:
        found.append(obstacle("plan_review_is_past", review_on=plan.review_on))
    return found
