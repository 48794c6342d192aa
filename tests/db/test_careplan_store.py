"""The shared plan on the real database: from the assessment, by two desks, to active (C1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest
from sqlalchemy import text

from coordination.careplan.model import Plan, PlanSheet
from coordination.careplan.rows import Outcome, PlanAction
from coordination.errors import BadValue, Conflict, IllegalMove, NotAllowed, NotFound, Refused
from coordination.values import PersonId, PlanId, UserName, new_id
from tests.care_kit import add_person, signed_conversation
from tests.database import CentreDb, SignedIn

LATER = date.today() + timedelta(days=42)  # noqa: DTZ011 - only has to lie ahead


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db, ward_code=None)


def drafted(asa: SignedIn, person: PersonId) -> PlanSheet:
    signed = signed_conversation(
        asa.services,
        person,
        what_matters="My garden",
        good_day="Up at seven,\nout by nine",
        outcomes_wanted="- Walk to the shop\n\n• Sleep in my own bed",
        washing="some_help",
        medication="nurse",
        mood="good",
        has_carer=True,
        carer_does="Christabel cooks on Sundays",
        carer_needs="well",
        other_help="Library books brought on Fridays",
    )
    return asa.services.careplan.draft_from(signed.assessment.id)


def test_an_assessment_becomes_a_plan_with_nothing_retyped(asa: SignedIn, emmeline: PersonId) -> None:
    plans = asa.services.careplan
    sheet = drafted(asa, emmeline)
    offered = {(s.kind, s.place, s.words) for s in sheet.suggestions}
    assert {
        ("text", "what_matters", "My garden"),
        ("text", "what_matters", "Up at seven,\nout by nine"),
        ("text", "carers_part", "Christabel cooks on Sundays"),
        ("outcome", None, "Walk to the shop"),
        ("outcome", None, "Sleep in my own bed"),
        ("action", None, "Support to wash, doing as much as possible oneself"),
        ("action", None, "Library books brought on Fridays"),
        ("action", None, "District nurse visits"),
    } <= offered
    assert not any("spirits" in s.words or s.question == "mood" for s in sheet.suggestions)
    assert {s.said_by_name for s in sheet.suggestions} == {"Asa Example"}
    for suggestion in sheet.suggestions:
        sheet = plans.accept(sheet.plan.id, suggestion.key)
    assert sheet.suggestions == ()
    assert [o.words for o in sheet.outcomes] == ["Walk to the shop", "Sleep in my own bed"]
    assert sheet.plan.what_matters == "My garden\nUp at seven,\nout by nine"
    assert "Library books brought on Fridays" in {a.what for a in sheet.actions}


def test_a_suggestion_is_taken_once_and_offered_again_when_taken_off(asa: SignedIn, emmeline: PersonId) -> None:
    plans = asa.services.careplan
    sheet = drafted(asa, emmeline)
    plan = sheet.plan.id
    walk = next(s for s in sheet.suggestions if s.words == "Walk to the shop")
    wash = next(s for s in sheet.suggestions if s.question == "washing")
    plans.accept(plan, walk.key)
    sheet = plans.accept(plan, walk.key)
    assert [o.id for o in sheet.outcomes] == [walk.key]
    sheet = plans.accept(plan, wash.key, outcome=walk.key)
    assert [a.id for a in sheet.actions_of(walk.key)] == [wash.key]
    edited = plans.update_outcome(walk.key, "Walk to the shop alone", 1)
    assert walk.key not in {s.key for s in plans.reread(plan).suggestions}
    plans.remove_outcome(walk.key, edited.revision)
    sheet = plans.reread(plan)
    assert walk.key in {s.key for s in sheet.suggestions}
    assert [a.id for a in sheet.actions_of(None)] == [wash.key]
    with pytest.raises(NotFound):
        plans.accept(plan, new_id())


def test_an_action_goes_to_the_team_of_where_the_person_belongs(centre_db: CentreDb, asa: SignedIn) -> None:
    with centre_db.owner.begin() as connection:
        ward = connection.execute(
            text("select w.code from ward w join neighbourhood n on n.id = neighbourhood_id where locality = 'north'")
        ).scalars()
        north = add_person(centre_db, ward_code=ward.first())
    sheet = drafted(asa, north)
    wash = next(s for s in sheet.suggestions if s.question == "washing")
    nurse = next(s for s in sheet.suggestions if s.question == "medication")
    asa.services.careplan.accept(sheet.plan.id, wash.key)
    sheet = asa.services.careplan.accept(sheet.plan.id, nurse.key)
    assert [a.team_name for a in sheet.actions] == [
        "North reablement test team",
        "North district nursing test team",
    ]
    assert {a.person for a in sheet.actions} == {north}
    south = add_person(centre_db, "Elsewhere", "Person")
    other = drafted(asa, south)
    sheet = asa.services.careplan.accept(
        other.plan.id, next(s for s in other.suggestions if s.question == "washing").key
    )
    assert sheet.actions[0].team is None


def test_one_plan_a_person_however_many_begin(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    cora = centre_db.sign_in("cora.coordinator")
    with ThreadPoolExecutor(2) as pool:
        begun = [pool.submit(desk.services.careplan.start, emmeline) for desk in (asa, cora)]
        assert len({one.result().plan.id for one in begun}) == 1
    with centre_db.psql("asa.assessor") as psql, pytest.raises(psycopg.errors.UniqueViolation):
        psql.execute("insert into care_plan (id, person_id) values (%s, %s)", [new_id(), emmeline])


def test_only_a_signed_assessment_makes_a_plan(asa: SignedIn, emmeline: PersonId) -> None:
    draft = asa.services.assessment.start(emmeline, "strengths-conversation")
    with pytest.raises(IllegalMove):
        asa.services.careplan.draft_from(draft.assessment.id)
    assert asa.services.careplan.current(emmeline) is None


def test_a_plan_without_assessment_by_hand(asa: SignedIn, emmeline: PersonId) -> None:
    plans = asa.services.careplan
    key = PlanId(new_id())
    plan = plans.start(emmeline, key=key).plan
    assert (plan.id, plan.state, plan.created_by) == (key, "draft", "asa.assessor")
    outcome = plans.add_outcome(key, " Sing in the choir 🎶 ")
    action = plans.add_action(key, "Lift on Tuesdays", outcome=outcome.id, who="Sylvia", due_on=LATER)
    assert (outcome.words, action.who, action.due_on, action.state) == (
        "Sing in the choir 🎶",
        "Sylvia",
        LATER,
        "to_do",
    )
    team = plans.teams()[0]
    action = plans.update_action(action.id, 1, team=team.id, state="under_way")
    assert (action.team_name, action.state, action.revision) == (team.name, "under_way", 2)
    again = plans.add_action(key, "Lift on Tuesdays", key=action.id)
    assert again == action
    plans.remove_action(action.id, 2)
    with pytest.raises(NotFound):
        plans.update_action(action.id, 2, what="x")
    for bad in ("", " \n", "x" * 2001, "a\0"):
        with pytest.raises(BadValue):
            plans.add_outcome(key, bad)


def test_two_desks_on_one_plan(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    cora = centre_db.sign_in("cora.coordinator").services.careplan
    mine = asa.services.careplan
    plan = mine.start(emmeline).plan
    outcome = mine.add_outcome(plan.id, "Dance")
    action = mine.add_action(plan.id, "Shoes")
    cora.update(plan.id, 1, self_care="Plasters changed by herself")
    cora.update_outcome(outcome.id, "Dance again", 1)
    cora.update_action(action.id, 1, what="Red shoes")
    with pytest.raises(Conflict) as plan_conflict:
        mine.update(plan.id, 1, self_care="Plasters")
    with pytest.raises(Conflict) as outcome_conflict:
        mine.update_outcome(outcome.id, "Waltz", 1)
    with pytest.raises(Conflict) as action_conflict:
        mine.update_action(action.id, 1, what="Blue shoes")
    with pytest.raises(Conflict):
        mine.remove_outcome(outcome.id, 1)
    with pytest.raises(Conflict):
        mine.remove_action(action.id, 1)
    currents = [c.value.current for c in (plan_conflict, outcome_conflict, action_conflict)]
    assert [type(c) for c in currents] == [Plan, Outcome, PlanAction]
    assert currents[0].self_care == "Plasters changed by herself"
    assert (currents[1].words, currents[2].what) == ("Dance again", "Red shoes")


def test_activation_names_every_obstacle(asa: SignedIn, emmeline: PersonId) -> None:
    plans = asa.services.careplan
    plan = plans.start(emmeline).plan
    with pytest.raises(Refused) as refused:
        plans.activate(plan.id, 1)
    assert [o.code for o in refused.value.obstacles] == [
        "plan_needs_outcome",
        "plan_needs_action",
        "plan_needs_lead_worker",
        "plan_needs_review_on",
    ]
    plans.add_outcome(plan.id, "Dance")
    plans.add_action(plan.id, "Shoes")
    plan = plans.set_lead_worker(plan.id, UserName("cora.coordinator"), 1)
    assert plan.lead_worker_name == "Cora Example"
    plan = plans.update(plan.id, plan.revision, review_on=date(2020, 1, 1))
    with pytest.raises(Refused) as past:
        plans.activate(plan.id, plan.revision)
    assert [o.code for o in past.value.obstacles] == ["plan_review_is_past"]
    plan = plans.update(plan.id, plan.revision, review_on=LATER)
    with pytest.raises(Conflict):
        plans.activate(plan.id, plan.revision - 1)
    plan = plans.activate(plan.id, plan.revision)
    assert plan.state == "active" and plan.activated_at is not None
    with pytest.raises(Refused) as emptied:
        plans.update(plan.id, plan.revision, review_on=None)
    assert [o.code for o in emptied.value.obstacles] == ["plan_needs_review_on"]
    with pytest.raises(IllegalMove):
        plans.activate(plan.id, plan.revision)
    ended = plans.end(plan.id, plan.revision)
    assert ended.state == "ended"
    with pytest.raises(IllegalMove):
        plans.add_outcome(plan.id, "Too late")
    assert plans.current(emmeline) is None
    assert plans.start(emmeline).plan.id != plan.id


def test_the_database_keeps_an_active_plan_whole(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    plan = asa.services.careplan.start(emmeline).plan
    with centre_db.psql("asa.assessor") as psql, pytest.raises(psycopg.errors.CheckViolation) as broken:
        psql.execute("update care_plan set state = 'active', activated_at = now() where id = %s", [plan.id])
    assert broken.value.diag.constraint_name == "care_plan_active_is_whole"


def test_an_unknown_lead_worker_is_refused(asa: SignedIn, emmeline: PersonId) -> None:
    plan = asa.services.careplan.start(emmeline).plan
    with pytest.raises(BadValue) as bad:
        asa.services.careplan.set_lead_worker(plan.id, UserName("nobody.here"), 1)
    assert (bad.value.field, bad.value.reason) == ("lead_worker", "not_a_colleague")


def test_who_may_not(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    plan = asa.services.careplan.start(emmeline).plan
    pia = centre_db.sign_in("pia.placement").services.careplan
    assert pia.open(plan.id).plan == plan
    with pytest.raises(NotAllowed):
        pia.add_outcome(plan.id, "x")
    with pytest.raises(NotAllowed):
        pia.start(add_person(centre_db, "Other"))
    with pytest.raises(NotFound):
        centre_db.sign_in("ada.admin").services.careplan.open(plan.id)


def test_a_long_answer_loses_nothing(asa: SignedIn, emmeline: PersonId) -> None:
    wanted = " ".join(f"word{n}" for n in range(1000))
    signed = signed_conversation(asa.services, emmeline, outcomes_wanted=wanted)
    sheet = asa.services.careplan.draft_from(signed.assessment.id)
    outcomes = [s for s in sheet.suggestions if s.kind == "outcome"]
    assert " ".join(s.words for s in outcomes) == wanted
    for suggestion in outcomes:
        asa.services.careplan.accept(sheet.plan.id, suggestion.key)
