"""What the parts of a form mean to each other, and forms to each other: branches, scores, strengths first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from coordination.assessment.conditions import Condition, OneOf, mentions
from coordination.assessment.faults import Fault, Faults, Place
from coordination.assessment.model import Form, Question, Score
from coordination.reference import hospital_places

# What the centre knows besides earlier answers.
KNOWN_PLACES = (
    "", "referral.need", "contact.need", "person.known_as", "person.address", "person.phone", "person.language",
    "person.interpreter", "person.communication", "person.access", "person.gp", "person.risk_tier", "person.around",
    "person.carers", "person.has_carer", "person.alerts", "person.allergies", *hospital_places.places(),
)  # fmt: skip

_NO_WORDS = ("yes_no", "number", "date", "score", "external_score")
_GAS_LEVELS = {-2, -1, 0, 1, 2}


def alone(form: Form, faults: Faults) -> None:
    """Every fault that shows in one form by itself."""
    _double_questions(form, faults)
    _branches(form, faults)
    for index, score in enumerate(form.scores):
        _score(form, score, ("score", index), faults)
    _strengths_first(form, faults)
    levels = {goal.level for score in form.scores for goal in score.goals}
    for question, place in _placed(form):
        if question.id not in levels and any((o.points or 0) < 0 for o in question.options):
            faults.add((*place, "options"), "points_below_zero")
        for other in question.beside:
            if other == question.id or form.question(other) is None:
                faults.add((*place, "beside"), "beside_unknown", question=other)
        if question.plan == "action" and question.options and not any(o.action for o in question.options):
            faults.add((*place, "plan"), "action_says_nothing", id=question.id)
        if question.plan and question.type in _NO_WORDS:
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
        for index, score in enumerate(form.scores):
            _earlier(score, ("score", index), form, [f for _, _, f in known], faults)
        found += faults.found[before:]
        assert all(f.file == file for f in faults.found)
    return found


def _earlier(score: Score, place: Place, form: Form, known: list[Form], faults: Faults) -> None:
    """A score changes from a form that asks the same: its questions by their ids, and the same points."""
    versions = [f for f in known if f.id == score.change_from]
    if not score.change_from:
        return
    if not versions:
        faults.add((*place, "change_from"), "change_from_unknown", form=score.change_from)
    elif not any(_asks_alike(earlier, form, score) for earlier in versions):
        faults.add((*place, "change_from"), "change_from_unlike", form=score.change_from)


def _asks_alike(earlier: Form, form: Form, score: Score) -> bool:
    def points(of: Form) -> list[object]:
        asked = [of.question(item) for item in score.questions]
        return [None if q is None else {(o.value, o.points) for o in q.options} for q in asked]

    return None not in points(form) and points(form) == points(earlier)


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
    if not part.values:
        return
    if asked.type in ("text", "long_text", "date", "external_score"):
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
    if score.kind == "sum":
        _sum(form, score, place, faults)
    else:
        _goals(form, score, place, faults)
    if score.real_change is not None and score.real_change < 0:
        faults.add((*place, "real_change"), "real_change_below_zero")


def _sum(form: Form, score: Score, place: Place, faults: Faults) -> None:
    least = most = 0
    for item, times in Counter(score.items).items():
        question = form.question(item)
        if times > 1:
            faults.add((*place, "items"), "score_item_twice", item=item)
        if question is None:
            faults.add((*place, "items"), "score_unknown_item", item=item)
        elif question.type != "score":
            faults.add((*place, "items"), "score_over_non_score", item=item, type=question.type)
        else:
            least += min((o.points or 0 for o in question.options), default=0)
            most += max((o.points or 0 for o in question.options), default=0)
    counted = all((q := form.question(i)) is not None and q.type == "score" for i in score.items)
    if counted and most != score.out_of:
        faults.add((*place, "out_of"), "score_out_of_wrong", out_of=score.out_of, most=most)
    elif counted:
        _ranges(score, place, faults, least, most)


def _ranges(score: Score, place: Place, faults: Faults, least: int, most: int) -> None:
    """Words for parts of what a total can be: none of them outside, no two of them over each other."""
    before: int | None = None
    for index, part in enumerate(score.ranges):
        at = (*place, "ranges", index)
        if part.low > part.high:
            faults.add(at, "range_backwards")
        elif part.low < least or part.high > most:
            faults.add(at, "range_outside", least=least, most=most)
        elif before is not None and part.low <= before:
            faults.add(at, "range_overlaps")
        before = max(part.high, before) if before is not None else part.high


def _goals(form: Form, score: Score, place: Place, faults: Faults) -> None:
    """Goal attainment: levels from -2 to +2, weights of 1 and more, all goals weighted or none."""
    used: Counter[str] = Counter()
    weighted = {(bool(g.importance), bool(g.difficulty)) for g in score.goals}
    for index, goal in enumerate(score.goals):
        at = (*place, "goals", index)
        used.update(part for part in (goal.words, goal.level, goal.importance, goal.difficulty) if part)
        words = form.question(goal.words)
        if words is None or words.type not in ("text", "long_text"):
            faults.add(at, "goal_words_no_text", question=goal.words)
        for name, wanted in (("level", _GAS_LEVELS), ("importance", None), ("difficulty", None)):
            item = getattr(goal, name)
            if item:
                _goal_points(form.question(item), item, wanted, at, faults)
        if len(weighted) > 1:
            faults.add(at, "goals_weighted_unlike")
    for question, times in used.items():
        if times > 1:
            faults.add((*place, "goals"), "goal_question_twice", question=question)
    _ranges(score, place, faults, -100, 200)


def _goal_points(question: Question | None, item: str, wanted: set[int] | None, at: Place, faults: Faults) -> None:
    if question is None or question.type != "score":
        faults.add(at, "goal_part_no_score", question=item)
        return
    points = {o.points or 0 for o in question.options}
    if wanted is not None and not points <= wanted:
        faults.add(at, "goal_level_points", question=item)
    if wanted is None and any(p < 1 for p in points):
        faults.add(at, "goal_weight_points", question=item)


def _strengths_first(form: Form, faults: Faults) -> None:
    """A2: needs come after a conversation in the same form, or after a form that holds one."""
    talked = bool(form.after)
    for index, section in enumerate(form.sections):
        if section.kind == "conversation":
            talked = talked or (section.when is None and any(q.required and q.when is None for q in section.questions))
        elif section.kind in ("needs", "scores") and not talked:
            faults.add(("section", index, "kind"), "needs_before_conversation", id=section.id)
            return
