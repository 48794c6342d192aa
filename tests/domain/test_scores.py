"""Instruments against their published rules and vectors: UCLA-3, goal attainment, and how a total has changed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from coordination.assessment import external, rules, scores
from coordination.assessment.external import ExternalScore
from coordination.assessment.forms import load
from coordination.assessment.model import AnswerValue, Earlier, Form, Question, Score
from coordination.assessment.scores import WeightedLevel
from coordination.errors import BadValue
from tests.shared_data import shared

FORMS = Path(resources.__file__).parent / "forms"
THEN = datetime(2026, 10, 3, 9, 0, tzinfo=UTC)


def shipped(name: str) -> Form:
    return load((FORMS / f"{name}.toml").read_text(encoding="utf-8"))


START, END, CORE = shipped("reablement-start-2"), shipped("reablement-end"), shipped("core-assessment")


def score_of(form: Form, key: str) -> Score:
    return next(s for s in form.scores if s.id == key)


def published() -> dict[str, Any]:
    rules_: dict[str, Any] = json.loads(shared("assessments/scoring_rules.json").read_text(encoding="utf-8"))
    return rules_


def test_gas_is_the_published_formula() -> None:
    for vector in published()["gas"]["tests"]:
        levels = [WeightedLevel(w, x) for w, x in zip(vector["w"], vector["x"], strict=True)]
        assert scores.gas(levels) == pytest.approx(vector["T"], abs=0.005)
    assert scores.gas([]) is None
    # Own vectors, worked by hand: one goal of any weight is 50 + 10x; weights 9 and 1 at +1 and -2.
    assert scores.gas([WeightedLevel(9, -2)]) == pytest.approx(30)
    weighted = 50 + 10 * (9 - 2) / (0.7 * (81 + 1) + 0.3 * 100) ** 0.5
    assert scores.gas([WeightedLevel(9, 1), WeightedLevel(1, -2)]) == pytest.approx(weighted)


_GOALS = st.lists(st.tuples(st.integers(1, 9), st.integers(-2, 2)), min_size=1, max_size=6)


@given(_GOALS, st.integers(2, 5))
def test_gas_does_not_depend_on_order_or_on_the_unit_of_weight(goals: list[tuple[int, int]], unit: int) -> None:
    def t(pairs: list[tuple[int, int]]) -> float | None:
        return scores.gas(WeightedLevel(*pair) for pair in pairs)

    assert t(goals) == pytest.approx(t(goals[::-1]))
    assert t(goals) == pytest.approx(t([(w * unit, x) for w, x in goals]))
    mirrored = t([(w, -x) for w, x in goals])
    assert mirrored is not None and t(goals) == pytest.approx(100 - mirrored)


def goal(n: int, importance: str, difficulty: str, level: str) -> dict[str, AnswerValue]:
    parts = {"importance": importance, "difficulty": difficulty, "level": level}
    return {f"goal_{n}": "Walk", f"goal_{n}_hoped": "Far"} | {f"goal_{n}_{k}": v for k, v in parts.items()}


def test_a_goal_that_is_set_needs_its_level_and_one_that_is_not_does_not_count() -> None:
    gas = score_of(START, "gas")
    assert rules.total(START, gas, {}) is None
    one = goal(1, "very", "very", "less")
    assert rules.total(START, gas, one) == 40
    two = one | goal(2, "a_little", "slight", "much_more")
    expected = scores.gas([WeightedLevel(9, -1), WeightedLevel(1, 2)])
    assert expected is not None and rules.total(START, gas, two) == round(expected, 2)
    assert rules.total(START, gas, {k: v for k, v in two.items() if k != "goal_2_level"}) is None
    assert rules.total(START, gas, {k: v for k, v in two.items() if k != "goal_2_importance"}) is None
    # Taken back, the second goal counts no more, although its levels are kept.
    assert rules.total(START, gas, {**two, "goal_2": None}) == 40


@pytest.mark.parametrize("name", ["reablement-start-2", "reablement-end", "core-assessment", "carers-assessment"])
def test_ucla_is_the_published_scale_in_every_form_that_has_it(name: str) -> None:
    form, said = shipped(name), published()["ucla_3"]
    ucla = score_of(form, "ucla_3")
    items = [q for q in (form.question(item) for item in ucla.items) if q is not None]
    assert [q.text for q in items] == said["items"]
    for question in items:
        assert {o.label: o.points for o in question.options} == said["options"]
    always: dict[str, AnswerValue] = {"end_together": True}
    for points in product((1, 2, 3), repeat=3):
        values = always | {q.id: str(p) for q, p in zip(items, points, strict=True)}
        total = rules.total(form, ucla, values)
        assert total == sum(points)
        assert ("commonly read as lonely" in scores.read_as(ucla, total)) and (
            "not" in scores.read_as(ucla, total)
        ) == (sum(points) < 6)
        assert rules.total(form, ucla, {**values, items[0].id: None}) is None


def test_barthel_is_the_published_index_in_start_and_end() -> None:
    said = published()["barthel_20"]
    for form in (START, END):
        barthel = score_of(form, "barthel")
        questions = [q for q in (form.question(item) for item in barthel.items) if q is not None]
        assert {q.id.removeprefix("barthel_"): [o.points for o in q.options] for q in questions} == said["items"]
        assert barthel.out_of == said["max"]


def test_the_end_shows_how_each_score_has_changed_since_the_start() -> None:
    barthel, gas, ucla = (score_of(END, key) for key in ("barthel", "gas", "ucla_3"))
    assert barthel.real_change == 2
    then: dict[str, AnswerValue] = dict.fromkeys(barthel.items, "1") | goal(1, "very", "fairly", "less")
    then |= dict.fromkeys(ucla.items, "3")
    earlier = Earlier(THEN, then)
    values = then | {"end_together": True, "goal_1_level": "as_hoped"} | dict.fromkeys(ucla.items, "1")
    by = scores.change(END, gas, rules.total(END, gas, values), earlier)
    assert by is not None and (by.was, by.by, by.on, by.genuine) == (40, 10, THEN, None)
    lonely = scores.change(END, ucla, rules.total(END, ucla, values), earlier)
    assert lonely is not None and (lonely.was, lonely.by) == (9, -6)
    for more, genuine in (
        ({}, False),
        ({"barthel_transfer": "3"}, False),
        ({"barthel_transfer": "3", "barthel_stairs": "2"}, True),
    ):
        changed = scores.change(END, barthel, rules.total(END, barthel, values | more), earlier)
        assert changed is not None and (changed.was, changed.genuine) == (10, genuine)
    assert scores.change(END, barthel, 12, None) is None
    assert scores.change(END, barthel, None, earlier) is None
    missing = Earlier(THEN, {k: v for k, v in then.items() if k != "barthel_stairs"})
    assert scores.change(END, barthel, 12, missing) is None


def test_when_nobody_can_look_back_nothing_is_scored() -> None:
    barthel = score_of(END, "barthel")
    values: dict[str, AnswerValue] = dict.fromkeys(barthel.items, "1")
    assert rules.total(END, barthel, values | {"end_together": False}) is None
    asked = {q.id for q in rules.asked_questions(END, {"end_together": False, "end_result": "died"})}
    assert asked & {"barthel_bowels", "ucla_isolated", "goal_1", "end_proud"} == set()
    assert "end_result" in asked


# Tools of which the score alone is kept

CFS = Question("q", "external_score", "?", tools=("cfs",))
A_SCORE = ExternalScore("cfs", " 2.0 ", 5, date(2026, 11, 2), "Dr  Amin, geriatrician ")


def test_an_external_score_is_kept_clean_and_comes_back_the_same() -> None:
    kept = rules.checked(CFS, A_SCORE, date(2026, 11, 22))
    assert kept == ExternalScore("cfs", "2.0", 5, date(2026, 11, 2), "Dr Amin, geriatrician")
    assert isinstance(kept, ExternalScore)
    assert external.from_plain(json.loads(json.dumps(external.to_plain(kept)))) == kept
    assert external.from_plain({"tool": "cfs"}) is None
    assert external.from_plain({**external.to_plain(kept), "on": "yesterday"}) is None
    assert external.from_plain({**external.to_plain(kept), "tool": "gone since"}) is not None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"tool": "must"}, "tool_unknown"),
        ({"tool": "nobody"}, "tool_unknown"),
        ({"version": " "}, "tool_version_missing"),
        ({"by": ""}, "scored_by_missing"),
        ({"score": 10}, "score_too_large"),
        ({"score": 0}, "score_too_small"),
        ({"score": 4.5}, "score_not_whole"),
        ({"score": float("nan")}, "not_a_number"),
        ({"score": True}, "not_a_number"),
        ({"on": date(2026, 11, 23)}, "scored_in_future"),
        ({"by": "x" * 201}, "too_long"),
        ({"by": "a\0"}, "has_unstorable_character"),
    ],
)
def test_an_external_score_that_cannot_be_is_refused(changed: dict[str, Any], reason: str) -> None:
    from dataclasses import replace

    with pytest.raises(BadValue) as bad:
        rules.checked(CFS, replace(A_SCORE, **changed), date(2026, 11, 22))
    assert (bad.value.field, bad.value.reason) == ("q", reason)


def test_the_licensed_tools_are_data_and_hold_no_items() -> None:
    tools = external.tools()
    assert {"cfs", "must", "swemwbs", "eq-5d-5l", "pam", "ascot", "zarit", "waterlow"} <= set(tools)
    for tool in tools.values():
        assert tool.low < tool.high and tool.owner and len(tool.reads) < 100
