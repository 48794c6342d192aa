"""What an assessment suggests for the plan, and what stops activation: pure rules."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from coordination.assessment.forms import load
from coordination.assessment.model import AnswerValue, AssessmentSheet
from coordination.careplan import item_rules, rules
from coordination.careplan.model import TEXT_FIELDS, Assessed, Plan, Said, Suggestion, TextField
from coordination.careplan.rows import Outcome, PlanAction
from coordination.errors import BadValue, Refused
from coordination.values import PersonId, PlanId, UserName
from tests.domain.test_assessment_rules import CONVERSATION, START, a_sheet, an_answer

TODAY = date(2026, 11, 22)
PLAN = Plan(
    PlanId(UUID(int=7)), PersonId(UUID(int=8)), None, "draft", None, "", "", "", "", "", "", None,
    datetime(2026, 11, 22, tzinfo=UTC), UserName("asa"), None, 1,
)  # fmt: skip


def assessed(sheet: AssessmentSheet) -> Assessed:
    said = {q: Said(a.value, a.said_by_name, a.said_at) for q, a in sheet.answers.items()}
    return Assessed(sheet.assessment.id, sheet.form, said)


def suggested(plan: Plan = PLAN, form: object = CONVERSATION, **answers: AnswerValue) -> list[Suggestion]:
    sheet = a_sheet(form, {q: an_answer(q, value) for q, value in answers.items()})  # type: ignore[arg-type]
    return list(rules.suggestions(plan, set(), assessed(sheet)))


def test_every_place_is_known() -> None:
    assert get_args(TextField) == TEXT_FIELDS


def test_each_line_of_what_is_wanted_is_one_outcome() -> None:
    found = suggested(outcomes_wanted="- Walk to the shop\n\n  • Sing\n–\nSleep")
    assert [(s.kind, s.words) for s in found] == [
        ("outcome", "Walk to the shop"),
        ("outcome", "Sing"),
        ("outcome", "Sleep"),
    ]


def test_options_stand_for_actions_with_their_service() -> None:
    found = suggested(washing="some_help", medication="nurse", mood="good", home_suits=("stairs", "nothing", "cold"))
    assert [(s.question, s.service) for s in found] == [
        ("washing", "reablement"),
        ("home_suits", ""),
        ("home_suits", ""),
        ("medication", "district_nursing"),
    ]
    assert all(s.kind == "action" and s.words for s in found)
    practised = suggested(form=START, agreed_actions="Kettle\nStairs")
    assert [(s.words, s.service) for s in practised] == [("Kettle", "reablement"), ("Stairs", "reablement")]


def test_answers_that_are_not_asked_suggest_nothing() -> None:
    assert suggested(has_carer=False, carer_does="Cooks", fall_action=("alarm",), fallen="no") == []
    assert [s.place for s in suggested(has_carer=True, carer_does="Cooks")] == ["carers_part"]


def test_what_stands_on_the_plan_is_not_suggested_again() -> None:
    (roses,) = suggested(what_matters="Roses")
    assert suggested(replace(PLAN, what_matters="Tulips\nRoses"), what_matters="Roses") == []
    (walk,) = suggested(outcomes_wanted="Walk")
    sheet = a_sheet(CONVERSATION, {"outcomes_wanted": an_answer("outcomes_wanted", "Walk")})
    assert list(rules.suggestions(PLAN, {walk.key}, assessed(sheet))) == []
    assert roses.key != walk.key
    (other,) = suggested(replace(PLAN, id=PlanId(UUID(int=9))), outcomes_wanted="Walk")
    assert other.key != walk.key


@given(st.text(max_size=6000))
def test_nothing_that_was_said_gets_lost(words: str) -> None:
    """All words come over, in order, and each suggestion fits where it goes."""
    found = suggested(outcomes_wanted=words.strip() or None)
    assert all(0 < len(s.words) <= item_rules.LONGEST_WORDS for s in found)
    said = "".join("".join(s.words.split()) for s in found)
    expected = "".join("".join(line.strip(" \t-–—•*·").split()) for line in words.strip().splitlines())
    assert said == expected


def test_obstacles_to_activation() -> None:
    def codes(plan: Plan, outcomes: int = 1, actions: int = 1) -> list[str]:
        some = [Outcome(uuid4(), plan.id, n, "x", 1) for n in range(outcomes)]
        acts = [
            PlanAction(uuid4(), plan.id, plan.person, None, n, "x", "", None, "", None, "to_do", 1)
            for n in range(actions)
        ]
        return [o.code for o in rules.obstacles_to_activation(plan, some, acts, TODAY)]

    ready = replace(PLAN, lead_worker=UserName("cora"), review_on=TODAY)
    assert codes(ready) == []
    assert codes(ready, 0, 0) == ["plan_needs_outcome", "plan_needs_action"]
    assert codes(replace(ready, lead_worker=None, review_on=None)) == [
        "plan_needs_lead_worker",
        "plan_needs_review_on",
    ]
    assert codes(replace(ready, review_on=date(2026, 11, 21))) == ["plan_review_is_past"]


def test_an_active_plan_keeps_what_made_it_active() -> None:
    active = replace(PLAN, state="active")
    with pytest.raises(Refused) as refused:
        rules.check_still_active(active, {"lead_worker": None, "review_on": None})
    assert [o.code for o in refused.value.obstacles] == ["plan_needs_lead_worker", "plan_needs_review_on"]
    rules.check_still_active(active, {"self_care": ""})
    rules.check_still_active(PLAN, {"lead_worker": None})


def test_words_are_cleaned_or_refused_by_field() -> None:
    assert item_rules.clean_item("action", {"what": " x ", "who": " y "}) == {"what": "x", "who": "y"}
    assert rules.clean_plan({"self_care": " x ", "review_on": None}) == {"self_care": "x", "review_on": None}
    for field, call in {
        "what": lambda: item_rules.clean_item("action", {"what": " "}),
        "who": lambda: item_rules.clean_item("action", {"who": "x" * 201}),
        "self_care": lambda: rules.clean_plan({"self_care": "x" * 20_001}),
    }.items():
        with pytest.raises(BadValue) as bad:
            call()
        assert bad.value.field == field


def test_every_service_and_branch_of_the_shipped_forms_leads_somewhere() -> None:
    folder = Path(resources.__file__).parent
    services = {
        s["code"] for s in tomllib.loads((folder / "reference" / "services.toml").read_text("utf-8"))["service"]
    }
    for path in (folder / "forms").glob("*.toml"):
        for question in load(path.read_text("utf-8")).questions():
            named = {question.service, *(o.service for o in question.options)} - {""}
            assert named <= services, question.id
