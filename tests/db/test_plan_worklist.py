"""The worklist of plans, how lead workers stand, where rows came from, and how many queries a page is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from sqlalchemy import Engine, event, text

from coordination.careplan.model import PlanSheet
from coordination.careplan.version_model import PlanAsked, PlanRow, PlanView
from coordination.clock import SystemClock, local_date
from coordination.errors import BadValue, NotFound
from coordination.values import PersonId, UserName, new_id
from tests.care_kit import add_person, signed_conversation
from tests.database import CentreDb, SignedIn
from tests.db.test_plan_versions import ready, team_of

TODAY = local_date(SystemClock().now())


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def active_plan(desk: SignedIn, person: PersonId, review: date, lead: str = "cora.coordinator") -> PlanSheet:
    plans = desk.services.careplan
    sheet = ready(desk, person)
    plan = plans.update(sheet.plan.id, sheet.plan.revision, lead_worker=UserName(lead))
    plan = plans.activate(plan.id, plan.revision)
    plan = plans.update(plan.id, plan.revision, review_on=review)
    return plans.reread(plan.id)


def test_the_worklist_has_every_view_in_one_query(centre_db: CentreDb, asa: SignedIn) -> None:
    tess, cora = centre_db.sign_in("tess.lead"), centre_db.sign_in("cora.coordinator")
    with centre_db.owner.begin() as owner:
        north, south = (
            owner.execute(
                text(
                    "select min(w.code) from ward w join neighbourhood n on n.id = neighbourhood_id where locality = :l"
                ),
                {"l": locality},
            ).scalar_one()
            for locality in ("north", "south")
        )
    late = active_plan(asa, add_person(centre_db, "Late", ward_code=north), TODAY - timedelta(days=3))
    soon = active_plan(asa, add_person(centre_db, "Soon", ward_code=south), TODAY + timedelta(days=5))
    far = active_plan(asa, add_person(centre_db, "Far", ward_code=None), TODAY + timedelta(days=40), "tess.lead")
    ready(asa, add_person(centre_db, "Draft"))
    hidden = active_plan(asa, add_person(centre_db, "Hidden"), TODAY)
    plans = asa.services.careplan
    plans.add_item(late.plan.id, "agreement", {"party": "person", "agreed": True, "agreed_on": TODAY, "how": "Here"})
    plans.add_item(soon.plan.id, "agreement", {"party": "carer", "agreed": False, "why_not": "Not asked"})
    version = far.version
    assert version is not None
    tess.services.careplan.acknowledge(version.id)
    with centre_db.owner.begin() as owner:
        owner.execute(text("update person set sharing_level = 'summary' where id = :p"), {"p": hidden.plan.person})

    def found(desk: SignedIn, view: PlanView, **asked: object) -> list[str]:
        return [r.surname for r in desk.services.careplan.worklist(PlanAsked(view, **asked)).rows]  # type: ignore[arg-type]

    with counted(tess.engine) as statements:
        page = tess.services.careplan.worklist(PlanAsked("all"))
    assert len(statements) == 1
    assert [r.surname for r in page.rows] == ["Late", "Soon", "Far"]
    counts = page.counts
    assert (counts.reviews, counts.overdue, counts.to_acknowledge, counts.unagreed, counts.all) == (2, 1, 2, 2, 3)
    rows: dict[str, PlanRow] = {r.surname: r for r in page.rows}
    assert rows["Late"].waiting_for == ("North reablement test team",) and rows["Late"].mine_to_acknowledge
    assert rows["Far"].waiting_for == () and not rows["Far"].mine_to_acknowledge and rows["Far"].version == 1
    assert (rows["Late"].agreed, rows["Soon"].agreed, rows["Soon"].why_not_agreed) == (True, False, "Not asked")
    assert found(tess, "reviews") == ["Late", "Soon"] and found(tess, "overdue") == ["Late"]
    assert found(tess, "reviews", days=3) == ["Late"]
    assert found(tess, "to_acknowledge") == ["Late", "Soon"] and found(cora, "to_acknowledge") == []
    assert found(cora, "all", whose="mine") == ["Late", "Soon"] and found(tess, "all", whose="mine") == ["Far"]
    assert found(tess, "all", whose="team") == ["Late", "Soon", "Far"] and found(cora, "all", whose="team") == []
    assert found(tess, "all", localities=frozenset({"north"})) == ["Late", "Far"], "who lives nowhere is shown in all"
    first = tess.services.careplan.worklist(PlanAsked("all", limit=2))
    assert [r.surname for r in first.rows] == ["Late", "Soon"] and first.more == first.rows[-1].cursor
    then = tess.services.careplan.worklist(PlanAsked("all", limit=2, after=first.more))
    assert [r.surname for r in then.rows] == ["Far"] and then.more is None


def test_a_lead_worker_who_left_is_away_or_has_too_many(centre_db: CentreDb, asa: SignedIn) -> None:
    sheets = [active_plan(asa, add_person(centre_db, f"P{n}"), TODAY, "cora.coordinator") for n in range(2)]
    plans = asa.services.careplan

    def alarms() -> tuple[str, ...]:
        row = plans.worklist(PlanAsked("all")).rows[0]
        lead = plans.reread(sheets[0].plan.id).lead
        assert lead is not None and lead == row.lead
        return lead.alarms

    assert alarms() == () and plans.worklist(PlanAsked("alarms")).rows == ()
    with centre_db.owner.begin() as owner:
        owner.execute(
            text("update setting set value = value || '{\"care_coordinator\": 1}' where name = 'plan.caseload'")
        )
    assert alarms() == ("over_caseload",)
    with centre_db.owner.begin() as owner:
        owner.execute(
            text(
                "with w as (insert into worker (team_id, name, user_name, lat, lon)"
                " select min(id), 'Cora', 'cora.coordinator', 53, -2 from team returning id)"
                " insert into shift (worker_id, kind, period)"
                " select id, 'leave', tstzrange(now() + a, now() + b) from w,"
                " (values (interval '-1 day', interval '1 day'), (interval '1 day', interval '4 days'),"
                "  (interval '9 days', interval '10 days')) v(a, b)"
            )
        )
    assert alarms() == ("away", "over_caseload")
    lead = plans.reread(sheets[0].plan.id).lead
    assert lead is not None and lead.away_kind == "leave" and lead.away_until is not None
    assert lead.away_until.date() - TODAY in (timedelta(days=4), timedelta(days=3)), "leave that goes on is one leave"
    with centre_db.owner.begin() as owner:
        owner.execute(text("update user_account set active = false where user_name = 'cora.coordinator'"))
    assert alarms() == ("left", "away", "over_caseload")
    assert len(plans.worklist(PlanAsked("alarms")).rows) == 2
    assert "cora.coordinator" not in {c.user for c in plans.choices().colleagues}
    sheet = plans.reread(sheets[0].plan.id)
    plans.set_lead_worker(sheet.plan.id, UserName("tess.lead"), sheet.plan.revision)
    assert [r.lead.user for r in plans.worklist(PlanAsked("alarms")).rows] == ["cora.coordinator"]


def test_where_it_came_from_is_the_databases_to_say(centre_db: CentreDb, asa: SignedIn) -> None:
    person = add_person(centre_db, ward_code=None)
    cora = centre_db.sign_in("cora.coordinator")
    signed = signed_conversation(
        asa.services, person, what_matters="Roses", outcomes_wanted="Walk", if_wrong="Ring Sylvia"
    )
    sheet = cora.services.careplan.draft_from(signed.assessment.id)
    sheet = cora.services.careplan.accept_all(sheet.plan.id, [s.key for s in sheet.suggestions])
    assert sheet.suggestions == ()
    assert [c.what_to_do for c in sheet.contingencies] == ["Ring Sylvia"]
    sources = {s.question: s for s in sheet.sources}
    walk = sources["outcomes_wanted"]
    assert walk.id == sheet.outcomes[0].id and walk.place == "outcome"
    assert (walk.said_by_name, walk.taken_by_name) == ("Asa Example", "Cora Example")
    assert walk.assessment == signed.assessment.id and walk.form_title
    assert sources["what_matters"].place == "what_matters" and sources["if_wrong"].place == "if_things_go_wrong"
    assert (sheet.outcomes[0].added_by_name, sheet.outcomes[0].revision) == ("Cora Example", 1)
    with centre_db.psql("cora.coordinator") as psql:
        made_up = (
            "insert into plan_source (id, plan_id, place, assessment_id, question, said_by)"
            " values (%s, %s, 'need', %s, 'no such question', 'cora')"
        )
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            psql.execute(made_up, [new_id(), sheet.plan.id, signed.assessment.id])
        assert refused.value.diag.constraint_name == "plan_source_is_a_signed_answer"
    with pytest.raises(BadValue):
        cora.services.careplan.update_item("outcome", sheet.outcomes[0].id, 1, {"importance": 11})


def test_opening_a_plan_is_three_queries_however_much_is_on_it(centre_db: CentreDb, asa: SignedIn) -> None:
    person = add_person(centre_db, ward_code=None)
    signed = signed_conversation(asa.services, person, outcomes_wanted="Walk\nSing")
    plans = asa.services.careplan
    plan = plans.draft_from(signed.assessment.id).plan.id

    def queries() -> tuple[int, int]:
        with counted(asa.engine) as opening:
            opened = plans.open_page(plan)
        with counted(asa.engine) as again:
            assert plans.reread(plan) == opened.sheet
        assert opened.record.person.id == person and opened.choices.teams and opened.choices.colleagues
        return len(opening), len(again)

    assert queries() == (3, 1)
    for n in range(12):
        plans.add_item(plan, "need", {"words": f"Need {n}"})
        outcome = plans.add_outcome(plan, f"Outcome {n}")
        plans.add_action(plan, f"Action {n}", outcome=outcome.id, team=team_of(asa, "reablement"))
        plans.add_item(plan, "contingency", {"what_to_do": f"Ring {n}"})
    head = plans.reread(plan).plan
    head = plans.update(plan, head.revision, lead_worker=UserName("cora.coordinator"), review_on=TODAY)
    head = plans.activate(plan, head.revision)
    for n in range(3):
        head = plans.update(plan, head.revision, self_care=f"{n}")
        plans.issue(plan, head.revision)
    assert queries() == (3, 1)
    assert plans.open_page(person).sheet == plans.reread(plan), "by the person as well"
    with counted(asa.engine) as comparing:
        assert len(plans.versions_page(plan).versions) == 4
    assert len(comparing) == 3
    with pytest.raises(NotFound):
        plans.open_page(new_id())


def test_rows_hang_together_within_one_plan(centre_db: CentreDb, asa: SignedIn) -> None:
    plans = asa.services.careplan
    one, other = (ready(asa, add_person(centre_db, name)) for name in ("One", "Other"))
    need = plans.add_item(one.plan.id, "need", {"words": "Stairs"})
    plans.update_item("outcome", one.outcomes[0].id, 1, {"need": need.id})
    with pytest.raises(BadValue) as strange:
        plans.update_item("outcome", other.outcomes[0].id, 1, {"need": need.id})
    assert strange.value == BadValue("need", "not_there")
    with pytest.raises(BadValue) as strange:
        plans.update_item("action", other.actions[0].id, 1, {"outcome": one.outcomes[0].id})
    assert strange.value == BadValue("outcome", "not_there")
    plans.remove_item("need", need.id, 1)
    sheet = plans.reread(one.plan.id)
    assert sheet.outcomes[0].need is None and sheet.outcomes[0].revision == 3
    again = plans.add_item(one.plan.id, "need", {"words": "Stairs"}, key=need.id, position=need.position)
    assert again == replace(need, added_at=again.added_at)
