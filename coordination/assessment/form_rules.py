"""What the parts of a form mean to each other, and forms to each other: branches, scores, strengths first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from coordination.assessment.conditions import Condition, OneOf, mentions
from coordination.assessment.faults import Fault, Faults, Place
from coordination.assessment.model import Form, Question, Score

# What the centre knows besides earlier assessments.
KNOWN_PLACES = ("", "referral.need")


def alone(form: Form, faults: Faults) -> None:
    """Every fault that shows in one form by itself."""
    _double_questions(form, faults)
    _branches(form, faults)
    for index, score in enumerate(form.scores):
        _score(form, score, ("score", index), faults)
    _strengths_first(form, faults)
    for question, place in _placed(form):
        if question.plan == "action" and question.options and not any(o.action for o in question.options):
            faults.add((*place, "plan"), "action_says_nothing", id=question.id)
        if question.plan and question.type in ("yes_no", "number", "date", "score"):
            faults.add((*place, "plan"), "no_words_for_plan", type=question.type)


def together(forms: Iterable[tuple[str, Faults, Form]]) -> list[Fault]:
    """Every fault that shows only among several: a version that is there twice, a form that nobody has."""
    known = list(forms)
    versions = Counter(form.key for _, _, form in known)
    ids = {form.id for _, _, form in known}
    found = []
    for file, faults, form in known:
        before = len(faults.found)
        if versions[form.key] > 1:
            faults.add(("version",), "version_twice", id=form.id, version=form.version)
        for earlier in form.after:
            if earlier not in ids or earlier == form.id:
                faults.add(("after",), "after_unknown", id=earlier)
        found += faults.found[before:]
        assert all(f.file == file for f in faults.found)
    return found


def _placed(form: Form) -> Iterator[tuple[Question, Place]]:
    for s, section in enumerate(form.sections):
        for q, question in enumerate(section.questions):
            yield question, ("section", s, "question", q)


def _double_questions(form: Form, faults: Faults) -> None:
    seen = set()
    for question, place in _placed(form):
        if question.id in seen:
            faults.add((*place, "id"), "question_twice", id=question.id)
        seen.add(question.id)


def _branches(form: Form, faults: Faults) -> None:
    """A branch asks an existing question for an answer that it can have, and only looks back."""
    order = {q.id: n for n, (q, _) in reversed(list(enumerate(_placed(form))))}
    questions = {q.id: q for q, _ in _placed(form)}
    needs = _dependencies(form)
    for when, place, at in _conditions(form, order):
        for part in mentions(when):
            asked = questions.get(part.question)
            if asked is None:
                faults.add(place, "branch_unknown_question", question=part.question)
                continue
            _possible(part, asked, place, faults)
            if order[asked.id] >= at:
                owner = _owner(form, place)
                code = "branch_cycle" if _reaches(needs, asked.id, owner) else "branch_looks_ahead"
                faults.add(place, code, question=asked.id)


def _conditions(form: Form, order: dict[str, int]) -> Iterator[tuple[Condition, Place, int]]:
    """Each condition with its place and the number of the first question that depends on it."""
    for s, section in enumerate(form.sections):
        if section.when is not None:
            yield section.when, ("section", s, "when"), order[section.questions[0].id] if section.questions else 0
        for q, question in enumerate(section.questions):
            if question.when is not None:
                yield question.when, ("section", s, "question", q, "when"), order[question.id]


def _owner(form: Form, place: Place) -> set[str]:
    """The questions that a condition at this place decides about."""
    section = form.sections[int(place[1])]
    return {section.questions[int(place[3])].id} if len(place) > 3 else {q.id for q in section.questions}


def _dependencies(form: Form) -> dict[str, set[str]]:
    """Which questions each question's being asked depends on, directly."""
    return {
        question.id: {m.question for m in mentions(section.when)} | {m.question for m in mentions(question.when)}
        for section in form.sections
        for question in section.questions
    }


def _reaches(needs: dict[str, set[str]], start: str, goals: set[str]) -> bool:
    todo, seen = [start], set()
    while todo:
        one = todo.pop()
        if one in goals:
            return True
        if one not in seen:
            seen.add(one)
            todo += needs.get(one, ())
    return False


def _possible(part: OneOf, asked: Question, place: Place, faults: Faults) -> None:
    if asked.type in ("text", "long_text", "date"):
        faults.add(place, "branch_on_words", question=asked.id)
        return
    for value in part.values:
        if asked.type == "yes_no":
            can_be = isinstance(value, bool)
        elif asked.type == "number":
            can_be = isinstance(value, int | float) and not isinstance(value, bool)
        else:
            can_be = isinstance(value, str) and asked.option(value) is not None
        if not can_be:
            faults.add(place, "branch_value_impossible", question=asked.id, value=value)


def _score(form: Form, score: Score, place: Place, faults: Faults) -> None:
    most = 0
    for item, times in Counter(score.items).items():
        question = form.question(item)
        if times > 1:
            faults.add((*place, "items"), "score_item_twice", item=item)
        if question is None:
            faults.add((*place, "items"), "score_unknown_item", item=item)
        elif question.type != "score":
            faults.add((*place, "items"), "score_over_non_score", item=item, type=question.type)
        else:
            most += max((o.points or 0 for o in question.options), default=0)
    counted = all((q := form.question(i)) is not None and q.type == "score" for i in score.items)
    if counted and most != score.out_of:
        faults.add((*place, "out_of"), "score_out_of_wrong", out_of=score.out_of, most=most)


def _strengths_first(form: Form, faults: Faults) -> None:
    """A2: needs come after a conversation in the same form, or after a form that holds one."""
    talked = bool(form.after)
    for index, section in enumerate(form.sections):
        if section.kind == "conversation":
            talked = talked or (section.when is None and any(q.required and q.when is None for q in section.questions))
        elif section.kind in ("needs", "scores") and not talked:
            faults.add(("section", index, "kind"), "needs_before_conversation", id=section.id)
            return
