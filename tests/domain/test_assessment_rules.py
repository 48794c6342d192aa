"""Branching, what is missing, scores and values: pure rules over a form and answers."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from coordination.assessment import rules
from coordination.assessment.forms import load
from coordination.assessment.model import (
    Answer,
    AnswerValue,
    Assessment,
    AssessmentSheet,
    Form,
    FormKey,
    Option,
    Question,
    Source,
)
from coordination.errors import BadValue
from coordination.values import AssessmentId, PersonId, UserName
from tests.shared_data import shared

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = AssessmentId(UUID(int=1))


def shipped(name: str) -> Form:
    return load((Path(resources.__file__).parent / "forms" / f"{name}.toml").read_text(encoding="utf-8"))


CONVERSATION, START = shipped("strengths-conversation"), shipped("reablement-start")


def an_answer(question: str, value: AnswerValue, source: Source = "asked", revision: int = 1) -> Answer:
    return Answer(question, value, source, NOW, "asa.assessor", "Asa", None, revision)


def a_sheet(form: Form, answers: dict[str, Answer]) -> AssessmentSheet:
    head = Assessment(
        KEY, PersonId(UUID(int=2)), None, FormKey(form.id, form.version), form.title, "draft", NOW,
        UserName("asa.assessor"), "Asa", None, None, "", None, None, "", 1,
    )  # fmt: skip
    return AssessmentSheet(head, form, answers, {})


def asked_ids(form: Form, values: dict[str, AnswerValue]) -> set[str]:
    return {q.id for q in rules.asked_questions(form, values)}


def test_branches_open_and_close() -> None:
    assert "washing_more" not in asked_ids(CONVERSATION, {})
    assert "washing_more" in asked_ids(CONVERSATION, {"washing": "some_help"})
    assert "washing_more" not in asked_ids(CONVERSATION, {"washing": "alone"})
    assert "home_more" in asked_ids(CONVERSATION, {"home_suits": ("cold", "stairs")})
    assert "home_more" not in asked_ids(CONVERSATION, {"home_suits": ("nothing",)})
    assert {"carer_does", "carer_needs"} <= asked_ids(CONVERSATION, {"has_carer": True})


def test_an_answer_that_is_not_asked_opens_nothing() -> None:
    text = """
id = "chain"
version = 1
title = "Chain"
[[section]]
id = "talk"
title = "Talk"
kind = "conversation"
[[section.question]]
id = "a"
type = "yes_no"
text = "A"
[[section.question]]
id = "b"
type = "yes_no"
text = "B"
when = { question = "a", equals = true }
[[section.question]]
id = "c"
type = "text"
text = "C"
required = true
when = { question = "b", equals = true }
[[section]]
id = "more"
title = "More"
kind = "closing"
when = { question = "b", equals = true }
[[section.question]]
id = "d"
type = "text"
text = "D"
"""
    form = load(text)
    assert asked_ids(form, {"a": True, "b": True}) == {"a", "b", "c", "d"}
    assert asked_ids(form, {"a": False, "b": True}) == {"a"}
    hidden = a_sheet(form, {"a": an_answer("a", False), "b": an_answer("b", True)})
    assert rules.missing(hidden) == []
    assert set(rules.progress(hidden)) == {"talk"}


@given(st.data())
def test_what_is_asked_depends_only_on_what_is_asked(data: st.DataObject) -> None:
    """Taking away the answers that do not count changes nothing."""
    values: dict[str, AnswerValue] = {}
    for question in CONVERSATION.questions():
        if question.options and question.type == "choice":
            values[question.id] = data.draw(st.sampled_from([None, *(o.value for o in question.options)]))
        elif question.type == "yes_no":
            values[question.id] = data.draw(st.sampled_from([None, True, False]))
    asked = asked_ids(CONVERSATION, values)
    assert asked_ids(CONVERSATION, {q: v for q, v in values.items() if q in asked}) == asked


def test_missing_comes_in_the_order_of_the_form_and_wants_confirmation() -> None:
    answers = {"what_happened": an_answer("what_happened", "A fall", "carried_in")}
    found = rules.missing(a_sheet(CONVERSATION, answers))
    assert found[0] == BadValue("what_happened", "not_confirmed")
    assert found[1] == BadValue("who_is_here", "required")
    order = [q.id for q in CONVERSATION.questions()]
    assert [order.index(p.field) for p in found] == sorted(order.index(p.field) for p in found)
    confirmed = {"what_happened": an_answer("what_happened", "A fall", "confirmed")}
    assert rules.missing(a_sheet(CONVERSATION, confirmed))[0].field == "who_is_here"
    taken_back = {"what_happened": an_answer("what_happened", None)}
    assert rules.missing(a_sheet(CONVERSATION, taken_back))[0] == BadValue("what_happened", "required")


def test_needs_can_never_be_complete_without_the_conversation() -> None:
    """A2, for the shipped form: answers to all its needs alone leave the conversation missing."""
    needs = {
        q.id: an_answer(q.id, q.options[0].value if q.type == "choice" else (q.options[0].value,))
        for section in CONVERSATION.sections
        if section.kind == "needs"
        for q in section.questions
        if q.options
    }
    missing = {p.field for p in rules.missing(a_sheet(CONVERSATION, needs))}
    talk = {q.id for s in CONVERSATION.sections if s.kind == "conversation" for q in s.questions if q.required}
    assert missing & talk == talk - {"carer_does", "carer_needs"}


@pytest.mark.parametrize(
    ("type_", "value", "kept"),
    [
        ("text", "  words ", "words"),
        ("text", " \n", None),
        ("long_text", "a\nb", "a\nb"),
        ("yes_no", False, False),
        ("number", 0, 0),
        ("number", 2.5, 2.5),
        ("date", date(2026, 1, 2), date(2026, 1, 2)),
        ("choice", "x", "x"),
        ("choices", ("y", "x", "y"), ("x", "y")),
        ("choices", (), None),
        ("choice", None, None),
    ],
)
def test_values_are_kept_clean(type_: str, value: AnswerValue, kept: AnswerValue) -> None:
    assert rules.checked(a_question(type_), value) == kept


@pytest.mark.parametrize(
    ("type_", "value", "reason"),
    [
        ("text", 3, "not_text"),
        ("text", "x" * 501, "too_long"),
        ("long_text", "x" * 20_001, "too_long"),
        ("text", "a\0", "has_unstorable_character"),
        ("yes_no", 1, "not_yes_or_no"),
        ("number", "3", "not_a_number"),
        ("number", True, "not_a_number"),
        ("number", float("nan"), "not_a_number"),
        ("number", float("inf"), "not_a_number"),
        ("number", -1, "too_small"),
        ("number", 11, "too_large"),
        ("date", "2026-01-02", "not_a_date"),
        ("date", NOW, "not_a_date"),
        ("choice", "z", "not_an_option"),
        ("choices", ("x", "z"), "not_an_option"),
        ("choices", "x", "not_an_option"),
    ],
)
def test_values_that_cannot_be_are_refused(type_: str, value: AnswerValue, reason: str) -> None:
    with pytest.raises(BadValue) as bad:
        rules.checked(a_question(type_), value)
    assert (bad.value.field, bad.value.reason) == ("q", reason)
    assert not rules.fits(a_question(type_), value)


def a_question(type_: str) -> Question:
    options = (Option("x", "X"), Option("y", "Y")) if type_ in ("choice", "choices") else ()
    low, high = (0, 10) if type_ == "number" else (None, None)
    return Question("q", type_, "?", options=options, minimum=low, maximum=high)  # type: ignore[arg-type]


def test_barthel_is_the_published_index() -> None:
    """Items and points against the shared rules; every total, and none when an item is missing."""
    published = json.loads(shared("assessments/scoring_rules.json").read_text(encoding="utf-8"))["barthel_20"]
    (score,) = START.scores
    items = {START.question(item) for item in score.items}
    points = {q.id.removeprefix("barthel_"): [o.points for o in q.options] for q in items if q}
    assert points == published["items"]
    assert score.out_of == published["max"]
    dice = random.Random(20)
    for _ in range(200):
        chosen = {item: dice.choice(options) for item, options in published["items"].items()}
        values: dict[str, AnswerValue] = {f"barthel_{item}": str(points) for item, points in chosen.items()}
        assert rules.total(START, score, values) == sum(chosen.values())
        values.pop(f"barthel_{dice.choice(list(chosen))}")
        assert rules.total(START, score, values) is None


def test_a_sheet_knows_when_anything_changed() -> None:
    sheet = a_sheet(START, {"before": an_answer("before", "alone")})
    changed = replace(sheet, answers={"before": an_answer("before", "family", revision=2)})
    more = replace(sheet, answers={**sheet.answers, "first_step": an_answer("first_step", "x")})
    assert sheet.revision < changed.revision == more.revision


def test_nothing_said_shows_in_a_repr() -> None:
    """Whatever is logged by mistake holds no answer and no name."""
    sheet = a_sheet(START, {"before": an_answer("before", "SECRET")})
    head = replace(sheet.assessment, correction_reason="SECRET", started_by_name="SECRET")
    assert "SECRET" not in repr(replace(sheet, assessment=head))
