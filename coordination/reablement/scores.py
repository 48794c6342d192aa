"""Scores of the start beside those of the end, question by question."""

from __future__ import annotations

from collections.abc import Mapping

from coordination.assessment import scores
from coordination.assessment.model import AnswerValue, Form, Score
from coordination.reablement.model import ItemChange, ScoreChange

Values = Mapping[str, AnswerValue]
Side = tuple[Form, Values]


def compare(start: Side | None, end: Side | None) -> tuple[ScoreChange, ...]:
    """Every score that either form has, in the order of the later one. A side that is not there has no points."""
    forms = [side[0] for side in (end, start) if side is not None]
    found: dict[str, ScoreChange] = {}
    for form in forms:
        for score in form.scores:
            if score.id not in found:
                found[score.id] = _compared(score, form, start, end)
    return tuple(found.values())


def _compared(score: Score, form: Form, start: Side | None, end: Side | None) -> ScoreChange:
    was, now = _total(score.id, start), _total(score.id, end)
    genuine = None
    if was is not None and now is not None and score.real_change is not None:
        genuine = abs(now - was) > score.real_change
    items = tuple(_item(item, said, start, end) for item, said in _questions(score, form, start, end))
    return ScoreChange(score.id, score.title, score.out_of, was, now, genuine, items)


def _questions(score: Score, form: Form, start: Side | None, end: Side | None) -> list[tuple[str, str]]:
    """Of a sum its items, with their words; of goals the level of each that was set, with the goal."""
    if score.kind == "sum":
        asked = ((item, form.question(item)) for item in score.items)
        return [(item, question.text if question else item) for item, question in asked]
    values = (end or start or (form, {}))[1]
    return [(goal.level, str(values[goal.words])) for goal in scores.goals_set(score, values)]


def _item(item: str, words: str, start: Side | None, end: Side | None) -> ItemChange:
    return ItemChange(words, *_said(item, start), *_said(item, end))


def _said(item: str, side: Side | None) -> tuple[str, int | None]:
    question = side[0].question(item) if side is not None else None
    value = side[1].get(item) if side is not None else None
    option = question.option(value) if question is not None and isinstance(value, str) else None
    return (option.label, option.points) if option is not None else ("", None)


def _total(score_id: str, side: Side | None) -> float | None:
    score = next((s for s in side[0].scores if s.id == score_id), None) if side is not None else None
    return scores.total(side[0], score, side[1]) if side is not None and score is not None else None
