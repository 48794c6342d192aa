"""What an assessment suggests for the plan, and what stops activation. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap
from uuid import UUID, uuid5

from coordination.assessment.model import Question
from coordination.assessment.rules import asked_questions
from coordination.careplan.item_rules import LONGEST_TEXT, LONGEST_WORDS, clean_text
from coordination.careplan.model import (
    TEXT_FIELDS,
    Assessed,
    Plan,
    PlanChanges,
    Said,
    Suggestion,
    SuggestionKind,
    TextField,
)
from coordination.careplan.rows import Outcome, PlanAction
from coordination.errors import BadValue, Obstacle, Refused, obstacle

_BULLETS = " \t-–—•*·"
# What a question's ``plan`` makes of its answer; every other place is running text of that name.
_ROWS: dict[str, SuggestionKind] = {
    "need": "need",
    "outcome": "outcome",
    "action": "action",
    "if_things_go_wrong": "contingency",
    "equipment": "equipment",
}
_PLACE_OF: dict[SuggestionKind, str] = {kind: place for place, kind in _ROWS.items()}


def suggestions(plan: Plan, there: set[UUID], assessed: Assessed) -> Iterator[Suggestion]:
    """What was said in the assessment and is not on the plan yet, in the order of the form.

    ``there``: ids of the rows on the plan. The key comes from the plan, the question and what was said, so an accepted
    suggestion is known again even after its words were edited, and one that was taken off is offered again.
    """
    for question in asked_questions(assessed.form, assessed.values):
        said = assessed.answers.get(question.id)
        if not question.plan or said is None or said.value is None:
            continue
        for suggestion in _from_answer(plan, question, said):
            on_the_page = suggestion.place is not None and suggestion.words in getattr(plan, suggestion.place)
            if suggestion.key not in there and not on_the_page:
                yield suggestion


def source_place(suggestion: Suggestion) -> str:
    """Where it goes, as provenance names it."""
    return suggestion.place or _PLACE_OF[suggestion.kind]


def _from_answer(plan: Plan, question: Question, said: Said) -> Iterator[Suggestion]:
    kind = _ROWS.get(question.plan, "text")
    who = (said.said_by_name, said.said_at)
    if kind == "contingency":  # one row however many lines: the sign, what to do and whom to call belong together
        words = "\n".join(words for words, _ in _lines(question, said, split=False))
        for part in wrap_long(words):
            yield Suggestion(_key(plan, question, part), kind, part, question.id, None, "", *who)
    elif kind != "text":
        for words, service in _lines(question, said):
            key = _key(plan, question, words)
            yield Suggestion(key, kind, words, question.id, None, service or question.service, *who)
    else:
        place = next((f for f in TEXT_FIELDS if f == question.plan), None)
        words = "\n".join(words for words, _ in _lines(question, said, split=False))
        if words and place is not None:
            yield Suggestion(_key(plan, question, words), kind, words, question.id, place, "", *who)


def _lines(question: Question, said: Said, *, split: bool = True) -> Iterator[tuple[str, str]]:
    """What an answer says for the plan: each line of words, or what the chosen options stand for; with a service."""
    chosen = said.value if isinstance(said.value, tuple) else (said.value,)
    if question.options:
        for value in chosen:
            option = question.option(value) if isinstance(value, str) else None
            if option is not None and (option.action or question.plan not in ("action", "equipment")):
                yield option.action or option.label, option.service
    elif isinstance(said.value, str):
        for line in said.value.splitlines() if split else [said.value]:
            if not split:
                yield line.strip(), ""
            else:  # one thing a line, with or without a bullet; a line longer than the plan takes becomes several
                for part in wrap(line.strip(_BULLETS), LONGEST_WORDS):
                    yield part, ""


def wrap_long(words: str) -> list[str]:
    """Words in as many parts as a long text takes; an answer is never longer than one."""
    return [words[at : at + LONGEST_TEXT] for at in range(0, len(words), LONGEST_TEXT)]


def _key(plan: Plan, question: Question, words: str) -> UUID:
    return uuid5(plan.id, f"{question.id}\n{words}")


def joined(text: str, more: str) -> str:
    """More words under what stands there already."""
    return f"{text.rstrip()}\n{more}" if text.strip() else more


def clean_plan(changes: PlanChanges) -> PlanChanges:
    """Raises BadValue: ``too_long``, ``has_unstorable_character``."""
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


def check_reason(field: str, words: str, longest: int) -> str:
    """Raises BadValue."""
    clean = clean_text(field, words, longest)
    if not clean:
        raise BadValue(field, "required")
    return clean
