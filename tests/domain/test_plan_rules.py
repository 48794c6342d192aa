"""Rows of a plan, what two versions have otherwise, two editors of one row, who could lead: pure rules."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.careplan import item_rules
from coordination.careplan.items import values_of
from coordination.careplan.model import Plan, PlanSheet
from coordination.careplan.rows import (
    ACTION_STATES,
    ITEM_KINDS,
    PARTIES,
    ActionState,
    Agreement,
    Contingency,
    ItemKind,
    Need,
    Outcome,
    Party,
    PlanAction,
    PlanEquipment,
    PlanTeam,
)
from coordination.careplan.version_model import PLAN_VIEWS, LeadStanding, PlanContent, PlanCounts, PlanView, ReviewDraft
from coordination.careplan.version_rules import differences, merged
from coordination.errors import BadValue, BadValues
from coordination.values import PersonId, PlanId, TeamId, UserName

TODAY = date(2026, 11, 22)
P = PlanId(UUID(int=7))
PLAN = Plan(
    P, PersonId(UUID(int=8)), None, "draft", None, "", "", "", "", "", "", None,
    datetime(2026, 11, 22, tzinfo=UTC), UserName("asa"), None, 1,
)  # fmt: skip
NEED = Need(UUID(int=1), P, 1, "Stairs", 1)
OUTCOME = Outcome(UUID(int=2), P, 1, "Sleep upstairs", 1, NEED.id, 8)
ACTION = PlanAction(
    UUID(int=3), P, PersonId(UUID(int=8)), OUTCOME.id, 1, "Rail", "Sylvia", TeamId(4), "Handypersons", TODAY, "to_do", 1
)
EMPTY = PlanContent(None, "", None, "", "", "", "", "")


def test_every_name_is_known() -> None:
    for names, kind in ((ITEM_KINDS, ItemKind), (ACTION_STATES, ActionState), (PARTIES, Party), (PLAN_VIEWS, PlanView)):
        assert get_args(kind) == names
    records: dict[str, Any] = {
        "need": Need, "outcome": Outcome, "action": PlanAction, "contingency": Contingency,
        "equipment": PlanEquipment, "agreement": Agreement,
    }  # fmt: skip
    for kind, record in records.items():
        assert set(item_rules.fields_of(kind)) <= {f.name for f in fields(record)}  # type: ignore[arg-type]
    assert {f.name for f in fields(PlanCounts)} == set(PLAN_VIEWS)


@pytest.mark.parametrize(
    ("kind", "values", "wrong"),
    [
        ("need", {"words": " "}, {"words": "required"}),
        ("need", {"words": "x" * 2001}, {"words": "too_long"}),
        ("outcome", {"words": "x", "importance": 0}, {"importance": "out_of_range"}),
        ("action", {"what": "x", "confidence": 11}, {"confidence": "out_of_range"}),
        ("action", {"what": "x", "state": "lost"}, {"state": "unknown"}),
        ("action", {"what": "x", "colour": "red"}, {"colour": "unknown"}),
        ("contingency", {"whom_to_call": "Sylvia"}, {"what_to_do": "required"}),
        ("equipment", {"from_whom": "Store"}, {"what": "required"}),
        ("agreement", {"party": "person", "agreed": True}, {"agreed_on": "required", "how": "required"}),
        ("agreement", {"party": "person", "agreed": False}, {"why_not": "required"}),
        ("agreement", {"party": "cat", "agreed": False, "why_not": "x"}, {"party": "unknown"}),
        ("need", {"words": "a\0"}, {"words": "has_unstorable_character"}),
    ],
)
def test_a_row_says_what_is_wrong_with_it(kind: ItemKind, values: dict[str, Any], wrong: dict[str, str]) -> None:
    with pytest.raises((BadValue, BadValues)) as told:
        item_rules.check_whole(kind, item_rules.clean_item(kind, values))
    problems = told.value.problems if isinstance(told.value, BadValues) else (told.value,)
    assert {p.field: p.reason for p in problems} == wrong


def test_what_belongs_together_is_together() -> None:
    whole = {"agreed": True, "agreed_on": TODAY, "how": "Here", "why_not": "Was tired", "party": "person"}
    assert item_rules.check_whole("agreement", whole)["why_not"] == ""
    declined = item_rules.check_whole("agreement", {**whole, "agreed": False})
    assert (declined["agreed_on"], declined["why_not"]) == (None, "Was tired")
    assert item_rules.clean_item("action", {"what": " Rail ", "who": " S "}) == {"what": "Rail", "who": "S"}


def test_a_review_sets_a_next_one_that_lies_ahead() -> None:
    draft = ReviewDraft(TODAY, " Emmeline ", " Walks ", TODAY + timedelta(days=28))
    clean = item_rules.clean_review(draft, TODAY)
    assert (clean.with_whom, clean.came_of_it) == ("Emmeline", "Walks")
    for wrong, told in (
        (replace(draft, held_on=TODAY + timedelta(days=1)), {"held_on": "in_the_future"}),
        (replace(draft, next_review_on=TODAY), {"next_review_on": "not_after_review"}),
        (replace(draft, held_on=TODAY - timedelta(days=9), next_review_on=TODAY - timedelta(days=2)),
         {"next_review_on": "is_past"}),
        (replace(draft, with_whom=" ", came_of_it=""), {"with_whom": "required", "came_of_it": "required"}),
    ):  # fmt: skip
        with pytest.raises(BadValues) as bad:
            item_rules.clean_review(wrong, TODAY)
        assert {p.field: p.reason for p in bad.value.problems} == told


def test_two_versions_differ_field_by_field() -> None:
    was = replace(
        EMPTY, needs=(NEED,), outcomes=(OUTCOME,), actions=(ACTION,), teams=(PlanTeam(TeamId(4), "Handypersons"),)
    )
    is_now = replace(
        was,
        lead_worker=UserName("cora"),
        lead_worker_name="Cora",
        review_on=TODAY,
        needs=(),
        outcomes=(replace(OUTCOME, need=None, importance=9, revision=5, added_by_name="x"),),
        actions=(replace(ACTION, team=TeamId(5), team_name="Nurses"),),
        teams=(PlanTeam(TeamId(5), "Nurses"),),
    )
    assert differences(was, was) == []
    assert [(d.part, d.name, d.what, d.was, d.is_now) for d in differences(was, is_now)] == [
        ("lead_worker", "", "lead_worker", "", "Cora"),
        ("need", "Stairs", "", "Stairs", None),
        ("outcome", "Sleep upstairs", "importance", 8, 9),
        ("outcome", "Sleep upstairs", "need", "Stairs", None),
        ("action", "Rail", "team", "Handypersons", "Nurses"),
        ("review_on", "", "review_on", None, TODAY),
        ("teams", "Handypersons", "team", "Handypersons", None),
        ("teams", "Nurses", "team", None, "Nurses"),
    ]
    assert len(differences(is_now, was)) == 8, "backwards the same fields"


_VALUES = st.dictionaries(st.sampled_from(["what", "who", "state"]), st.integers(0, 2), min_size=3, max_size=3)


@given(_VALUES, _VALUES, _VALUES)
def test_two_editors_lose_nothing(base: dict[str, int], mine: dict[str, int], theirs: dict[str, int]) -> None:
    stands, twice = merged(base, mine, theirs)
    assert stands.keys() | set(twice) == mine.keys() and not stands.keys() & set(twice)
    for name in mine:
        if name in twice:
            assert len({base[name], mine[name], theirs[name]}) == 3, "asked only where both changed it, otherwise"
        elif mine[name] != base[name]:
            assert stands[name] == mine[name]
        else:
            assert stands[name] == theirs[name]


def test_who_still_has_to_acknowledge() -> None:
    teams = (PlanTeam(TeamId(4), "Handypersons"), PlanTeam(TeamId(5), "Nurses"))
    sheet = PlanSheet(PLAN, needs=(NEED,), outcomes=(OUTCOME,), actions=(ACTION,), teams=teams)
    assert sheet.outstanding == (), "a draft has no version"
    assert sheet.items() == (NEED, OUTCOME, ACTION) and sheet.outcomes_of(NEED.id) == (OUTCOME,)
    assert sheet.content == replace(EMPTY, needs=(NEED,), outcomes=(OUTCOME,), actions=(ACTION,), teams=teams)
    assert values_of("need", NEED) == {"words": "Stairs"}


def test_alarms_of_a_lead_worker_the_gravest_first() -> None:
    well = LeadStanding(UserName("cora"), "Cora", "care_coordinator", "north", None, True, None, None, 40, 40)
    assert well.alarms == () and replace(well, most=None, plans=900).alarms == ()
    assert replace(well, plans=41, active=False, away_kind="leave").alarms == ("left", "away", "over_caseload")
