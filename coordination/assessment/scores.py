"""What a form's scores come to. Pure functions; ``values`` are the answers that count (rules.counting).

A part is not a score: while anything that a total needs has no answer, there is no total.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from coordination.assessment.model import AnswerValue, Earlier, Form, Goal, Score, ScoreRange

Values = Mapping[str, AnswerValue]

# The correlation between goals that the published formula assumes (Kiresuk and Sherman, 1968).
RHO = 0.3
AS_EXPECTED = 50.0


class WeightedLevel(NamedTuple):
    """One goal: its weight, and the level reached from -2 to +2."""

    weight: float
    level: float


def gas(goals: Iterable[WeightedLevel]) -> float | None:
    """T = 50 + 10·Σwx / √((1-ρ)·Σw² + ρ·(Σw)²), ρ = 0.3; 50 is "as expected". None without a goal that has weight."""
    known = list(goals)
    weights = sum(g.weight for g in known)
    spread = math.sqrt((1 - RHO) * sum(g.weight**2 for g in known) + RHO * weights**2)
    if not spread:
        return None
    return AS_EXPECTED + 10 * sum(g.weight * g.level for g in known) / spread


def total(form: Form, score: Score, values: Values) -> int | float | None:
    """A sum of points, or the T of the goals to two decimals. None while an answer is missing."""
    if score.kind == "sum":
        points = [_points(form, item, values) for item in score.items]
        return None if None in points else sum(p for p in points if p is not None)
    levels = [_weighted(form, goal, values) for goal in goals_set(score, values)]
    t = None if None in levels else gas(level for level in levels if level is not None)
    return None if t is None else round(t, 2)


def goals_set(score: Score, values: Values) -> list[Goal]:
    """The goals that have words: a goal nobody has set does not count."""
    return [goal for goal in score.goals if values.get(goal.words) is not None]


def needs(score: Score, values: Values) -> tuple[str, ...]:
    """The questions that a total waits for, answered or not."""
    if score.kind == "sum":
        return score.items
    found = [part for g in goals_set(score, values) for part in (g.importance, g.difficulty, g.level) if part]
    return tuple(found)


def read_as(score: Score, points: float | None) -> str:
    """What a total is commonly read as; empty for nothing."""
    return "" if points is None else next((r.label for r in score.ranges if _in(r, points)), "")


def _in(part: ScoreRange, points: float) -> bool:
    # A T is no whole number: it is read as the nearest one.
    return part.low <= math.floor(points + 0.5) <= part.high


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """From an earlier total to this one. ``genuine`` None: the instrument does not say how much is."""

    was: float
    on: datetime
    by: float
    genuine: bool | None


def change(form: Form, score: Score, points: float | None, earlier: Earlier | None) -> ScoreChange | None:
    """How a total has changed since the earlier assessment. None when there was none, or is none now."""
    was = None if earlier is None else total(form, score, earlier.values)
    if points is None or earlier is None or was is None:
        return None
    by = round(points - was, 2)
    return ScoreChange(was, earlier.signed_at, by, None if score.real_change is None else abs(by) > score.real_change)


def _points(form: Form, item: str, values: Values) -> int | None:
    question, value = form.question(item), values.get(item)
    option = question.option(value) if question is not None and isinstance(value, str) else None
    return None if option is None else option.points


def _weighted(form: Form, goal: Goal, values: Values) -> WeightedLevel | None:
    level = _points(form, goal.level, values)
    importance = _points(form, goal.importance, values) if goal.importance else 1
    difficulty = _points(form, goal.difficulty, values) if goal.difficulty else 1
    if level is None or importance is None or difficulty is None:
        return None
    return WeightedLevel(importance * difficulty, level)
