"""Forms that are well shaped and make no sense: the checker says what is wrong, and nothing that reads them fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.assessment import conditions, form_rules, rules, scores
from coordination.assessment.faults import Faults, FormFaults
from coordination.assessment.forms import from_definition, load
from coordination.assessment.model import AnswerValue, Earlier, PlanPlace, QuestionType, SectionKind
from ui.assessment.messages import fault_words
from ui.forms.as_text import as_text

NOW = datetime(2026, 11, 22, tzinfo=UTC)
IDS = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.sampled_from(["x", "y", "z", True, False, 0, 1, 2.5])
SIMPLE: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"question": IDS, "equals": VALUES}),
    st.fixed_dictionaries({"question": IDS, "in": st.lists(VALUES, min_size=1, max_size=2)}),
    st.fixed_dictionaries({"question": IDS, "answered": st.booleans()}),
)
CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"at_least": st.integers(0, 3), "of": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"at_most": st.integers(-1, 2), "of": st.lists(inner, min_size=1, max_size=2)}),
    ),
    max_leaves=4,
)
OPTIONS = st.fixed_dictionaries(
    {"value": st.sampled_from(["x", "y"]), "label": st.just("L")},
    optional={"points": st.integers(-3, 3), "alone": st.booleans(), "action": st.just("Do")},
)
QUESTIONS = st.fixed_dictionaries(
    {"id": IDS, "type": st.sampled_from(get_args(QuestionType)), "text": st.just("?")},
    optional={
        "options": st.lists(OPTIONS, min_size=1, max_size=2),
        "when": CONDITIONS,
        "required": st.booleans(),
        "beside": st.lists(IDS, max_size=2),
        "plan": st.sampled_from(get_args(PlanPlace)),
        "tools": st.lists(st.sampled_from(["cfs", "none"]), max_size=2),
        "minimum": st.sampled_from([0, float("nan"), float("inf"), 3]),
    },
)
SECTIONS = st.fixed_dictionaries(
    {"id": IDS, "title": st.just("S"), "question": st.lists(QUESTIONS, min_size=1, max_size=3)},
    optional={"kind": st.sampled_from(get_args(SectionKind)), "when": CONDITIONS},
)
GOALS = st.fixed_dictionaries({"words": IDS, "level": IDS}, optional={"importance": IDS, "difficulty": IDS})
RANGES = st.fixed_dictionaries({"from": st.integers(-3, 9), "to": st.integers(-3, 9), "label": st.just("R")})
SCORES = st.fixed_dictionaries(
    {"id": IDS, "title": st.just("T")},
    optional={
        "kind": st.sampled_from(["sum", "gas"]),
        "items": st.lists(IDS, max_size=3),
        "out_of": st.integers(-1, 6),
        "goals": st.lists(GOALS, max_size=2),
        "ranges": st.lists(RANGES, max_size=2),
        "change_from": st.sampled_from(["f", "none"]),
        "real_change": st.sampled_from([-1, 0, 2]),
    },
)
FORMS = st.fixed_dictionaries(
    {
        "id": st.just("f"),
        "version": st.integers(1, 2),
        "title": st.just("F"),
        "section": st.lists(SECTIONS, min_size=1),
    },
    optional={"score": st.lists(SCORES, max_size=2), "after": st.lists(st.sampled_from(["f", "g"]), max_size=1)},
)
ANSWERS = st.dictionaries(IDS, st.one_of(VALUES, st.sampled_from([("x",), ("x", "y"), "words"])))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(FORMS, ANSWERS)
def test_a_form_without_sense_has_faults_in_words_and_one_with_sense_can_be_asked(
    definition: dict[str, Any], answers: dict[str, AnswerValue]
) -> None:
    try:
        form = from_definition(definition)
    except FormFaults as found:
        assert all(fault_words(fault) for fault in found.faults)
        return
    faults = Faults("f.toml", {})
    form_rules.alone(form, faults)
    found_together = form_rules.together([("f.toml", faults, form)])
    assert all(fault_words(fault) for fault in [*faults.found, *found_together])
    if not faults.found:
        assert as_text(form)
        counting = rules.counting(form, answers)
        asked = {q.id for q in rules.asked_questions(form, answers)}
        assert set(counting) <= asked
        assert {q.id for q in rules.asked_questions(form, counting)} == asked
        for score in form.scores:
            total = rules.total(form, score, answers)
            assert (total is None) or isinstance(total, int | float)
            assert isinstance(scores.read_as(score, total), str)
            scores.change(form, score, total, Earlier(NOW, answers))


@given(CONDITIONS)
def test_a_condition_is_read_or_refused(table: dict[str, Any]) -> None:
    try:
        condition = conditions.read(table)
    except conditions.MalformedCondition as error:
        assert error.args
        return
    assert conditions.holds(condition, {}) in (True, False)
    assert {part.question for part in conditions.mentions(condition)} <= {"a", "b", "c", "d"}


def test_what_is_nested_beyond_reading_is_a_fault() -> None:
    table: dict[str, Any] = {"question": "a", "equals": True}
    for _ in range(3000):
        table = {"any": [table]}
    try:
        conditions.read(table)
    except conditions.MalformedCondition:
        return
    raise AssertionError("nested too deeply, and read")


def test_a_file_nested_beyond_reading_is_a_fault() -> None:
    for text in ("a = " + "[" * 20_000, "a = " + "9" * 20_000):
        with pytest.raises(FormFaults) as found:
            load(text)
        assert found.value.faults[0].code in ("beyond_reading", "not_toml")
