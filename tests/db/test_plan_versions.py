"""Versions of a plan, who acknowledges them, reviews, and races on one plan with real commits (C2)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.careplan.model import PlanSheet
from coordination.careplan.version_model import ReviewDraft
from coordination.careplan.version_rules import differences
from coordination.clock import SystemClock, local_date
from coordination.errors import BadValues, Conflict, CoordinationError, IllegalMove, NotAllowed, NotFound, Refused
from coordination.values import PersonId, PlanId, UserName, new_id
from tests.care_kit import add_person
from tests.database import CentreDb, SignedIn

TODAY = local_date(SystemClock().now())
LATER = TODAY + timedelta(days=42)


@pytest.fixture
def asa(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("asa.assessor")


@pytest.fixture
def emmeline(centre_db: CentreDb) -> PersonId:
    return add_person(centre_db, ward_code=None)


def team_of(desk: SignedIn, service: str) -> Any:
    return next(t.id for t in desk.services.careplan.teams() if t.service == service)


def ready(desk: SignedIn, person: PersonId) -> PlanSheet:
    """A draft that only waits to be activated; the reablement team is on it."""
    plans = desk.services.careplan
    plan = plans.start(person).plan
    outcome = plans.add_outcome(plan.id, "Dance")
    plans.add_action(plan.id, "Shoes", outcome=outcome.id, team=team_of(desk, "reablement"))
    plans.update(plan.id, plan.revision, lead_worker=UserName("cora.coordinator"), review_on=LATER)
    return plans.reread(plan.id)


def active(desk: SignedIn, person: PersonId) -> PlanSheet:
    sheet = ready(desk, person)
    desk.services.careplan.activate(sheet.plan.id, sheet.plan.revision)
    return desk.services.careplan.reread(sheet.plan.id)


def at_once(*calls: Any) -> list[Any]:
    """What each gave, or the error it raised."""

    def caught(call: Any) -> Any:
        try:
            return call()
        except CoordinationError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return [done.result() for done in [pool.submit(caught, call) for call in calls]]


def refused_by(connection: Any, statement: str, *values: Any) -> str:
    with pytest.raises(psycopg.Error) as refused:
        connection.execute(statement, values)
    return refused.value.diag.constraint_name or refused.value.sqlstate or ""


def test_a_version_is_the_whole_plan_and_stays_as_it_was(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    plans = asa.services.careplan
    sheet = ready(asa, emmeline)
    plan = sheet.plan.id
    need = plans.add_item(plan, "need", {"words": "Stairs"})
    plans.update_item("outcome", sheet.outcomes[0].id, 1, {"need": need.id, "importance": 9})
    plans.add_item(plan, "contingency", {"sign": "A fall", "what_to_do": "Sit", "whom_to_call": "Sylvia"})
    plans.add_item(plan, "equipment", {"what": "Stool", "from_whom": "Store", "state": "Ordered"})
    agreed = plans.add_item(
        plan, "agreement", {"party": "person", "agreed": True, "agreed_on": TODAY, "how": "At home"}
    )
    plans.activate(plan, plans.reread(plan).plan.revision)
    sheet = plans.reread(plan)
    assert sheet.version is not None and sheet.version.number == 1 and not sheet.changed
    (first,) = plans.versions(plan)
    assert differences(first.content, sheet.content) == [] and first.person == emmeline
    assert (first.content.lead_worker_name, first.content.outcomes[0].importance) == ("Cora Example", 9)

    with pytest.raises(Refused) as nothing:
        plans.issue(plan, sheet.plan.revision)
    assert [o.code for o in nothing.value.obstacles] == ["nothing_changed"]
    plans.update_item("action", sheet.actions[0].id, 1, {"state": "done", "confidence": 7})
    plans.remove_item("agreement", agreed.id, 1)
    plans.add_item(plan, "need", {"words": "Letters"})
    plans.update(plan, sheet.plan.revision, funding="Personal budget")
    sheet = plans.reread(plan)
    assert sheet.changed
    key = new_id()
    second = plans.issue(plan, sheet.plan.revision, " Dances again ", key=key)
    assert (second.head.number, second.head.note, second.head.issued_by) == (2, "Dances again", "asa.assessor")
    assert plans.issue(plan, sheet.plan.revision, key=key).head == second.head, "sent twice, issued once"
    told = [(d.part, d.what, d.was, d.is_now) for d in differences(first.content, second.content)]
    assert told == [
        ("need", "", None, "Letters"),
        ("action", "state", "to_do", "done"),
        ("action", "confidence", None, 7),
        ("agreement", "", "person", None),
        ("funding", "funding", "", "Personal budget"),
    ]
    page = plans.versions_page(plan)
    assert [v.head.number for v in page.versions] == [2, 1] and page.versions[1].content == first.content
    assert page.now == second.content

    with centre_db.psql("asa.assessor") as psql:
        for statement in ("update plan_version set note = 'x'", "delete from plan_version"):
            assert refused_by(psql, statement) == "42501"
        forged = "insert into plan_version (id, plan_id, number, content) values (%s, %s, 99, '{}')"
        assert refused_by(psql, forged, new_id(), plan) == "plan_version_says_something_new"
    with centre_db.owner.connect() as owner, pytest.raises(Exception, match="frozen"):
        owner.execute(text("update plan_version set note = 'x'"))


def test_every_team_acknowledges_the_version_that_stands(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    plans = asa.services.careplan
    tess, dina, cora = (centre_db.sign_in(u) for u in ("tess.lead", "dina.lead", "cora.coordinator"))
    sheet = active(asa, emmeline)
    plan, version = sheet.plan.id, sheet.version
    assert version is not None
    nurses = team_of(asa, "district_nursing")
    with pytest.raises(Refused) as not_on_it:
        dina.services.careplan.acknowledge(version.id)
    assert [o.code for o in not_on_it.value.obstacles] == ["not_on_plan"]
    with pytest.raises(Refused) as no_team:
        cora.services.careplan.acknowledge(version.id)
    assert [o.code for o in no_team.value.obstacles] == ["no_team"]
    plans.put_on(plan, nurses)
    assert [t.name for t in plans.reread(plan).outstanding] == [
        "North district nursing test team",
        "North reablement test team",
    ]
    said = tess.services.careplan.acknowledge(version.id)
    assert (said.by, said.team_name) == ("tess.lead", "North reablement test team")
    assert centre_db.sign_in("theo.lead").services.careplan.acknowledge(version.id) == said, "one a team"
    assert [t.id for t in plans.reread(plan).outstanding] == [nurses]
    with pytest.raises(NotAllowed):
        dina.services.careplan.take_back_acknowledgement(version.id)
    tess.services.careplan.take_back_acknowledgement(version.id)
    assert len(plans.reread(plan).outstanding) == 2
    dina.services.careplan.acknowledge(version.id)
    plans.issue(plan, plans.reread(plan).plan.revision)  # the nurses are on it since: a new version
    with pytest.raises(Refused) as older:
        tess.services.careplan.acknowledge(version.id)
    assert [o.code for o in older.value.obstacles] == ["newer_version"]
    assert len(plans.reread(plan).outstanding) == 2, "the new version waits for everybody again"
    plans.take_off(plan, nurses)
    assert len(plans.reread(plan).outstanding) == 1
    with centre_db.psql("tess.lead") as psql:
        forged = "insert into plan_acknowledgement (version_id, team_id, plan_id) values (%s, %s, %s)"
        newest = plans.reread(plan).version
        assert newest is not None
        assert refused_by(psql, forged, newest.id, nurses, plan) in ("plan_acknowledged_by_its_teams", "42501")
        assert refused_by(psql, "update plan_acknowledgement set at = now()") == "42501"


def test_a_review_sets_the_next_and_can_be_taken_back(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    plans = asa.services.careplan
    sheet = ready(asa, emmeline)
    plan = sheet.plan.id
    draft = ReviewDraft(TODAY - timedelta(days=1), " Emmeline and Sylvia ", "Dances", LATER + timedelta(days=28))
    with pytest.raises(IllegalMove):
        plans.record_review(plan, draft)
    plans.activate(plan, sheet.plan.revision)
    for bad, field in (
        (ReviewDraft(TODAY + timedelta(days=3), "x", "y", LATER), "held_on"),
        (ReviewDraft(TODAY, "", "y", LATER), "with_whom"),
        (ReviewDraft(TODAY, "x", "y", TODAY), "next_review_on"),
    ):
        with pytest.raises(BadValues) as told:
            plans.record_review(plan, bad)
        assert [p.field for p in told.value.problems] == [field]
    key = new_id()
    review = plans.record_review(plan, draft, key=key)
    assert plans.record_review(plan, draft, key=key) == review
    assert (review.due_on, review.with_whom, review.recorded_by) == (LATER, "Emmeline and Sylvia", "asa.assessor")
    sheet = plans.reread(plan)
    assert sheet.plan.review_on == draft.next_review_on and sheet.reviews == (review,) and sheet.changed
    with pytest.raises(NotAllowed):
        centre_db.sign_in("cora.coordinator").services.careplan.take_back_review(review.id)
    plans.take_back_review(review.id)
    sheet = plans.reread(plan)
    assert sheet.plan.review_on == LATER and sheet.reviews == ()
    with centre_db.psql("asa.assessor") as psql:
        assert refused_by(psql, "update care_plan set review_on = null") == "care_plan_active_is_whole"


def test_an_ended_plan_is_read_and_not_written(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    plans = asa.services.careplan
    sheet = active(asa, emmeline)
    plan = sheet.plan.id
    ended = plans.end(plan, sheet.plan.revision, " Moved away ")
    assert (ended.state, ended.end_reason, ended.ended_by_name) == ("ended", "Moved away", "Asa Example")
    with centre_db.psql("asa.assessor") as psql:
        for statement in (
            "update plan_outcome set words = 'x'",
            "delete from plan_action",
            "update care_plan set self_care = 'x'",
            "update care_plan set ended_by = 'cora.coordinator'",
        ):
            assert refused_by(psql, statement) == "care_plan_ended_stays", statement
    with pytest.raises(IllegalMove):
        plans.issue(plan, ended.revision)
    again = plans.reopen(plan, ended.revision)
    assert (again.state, again.ended_at, again.end_reason) == ("active", None, "")
    assert [v.number for v in plans.reread(plan).versions] == [1]
    ended = plans.end(plan, again.revision)
    plans.start(emmeline)
    with pytest.raises(Refused) as another:
        plans.reopen(plan, ended.revision)
    assert [o.code for o in another.value.obstacles] == ["plan_another"]
    assert [p.id for p in plans.past(emmeline)] == [plan]
    opened = plans.open_page(plan)
    assert opened.sheet.plan.state == "ended" and opened.sheet.outcomes
    with centre_db.owner.begin() as owner:
        owner.execute(text("update care_plan set state = 'ended', ended_at = now() where state = 'draft'"))
        owner.execute(text("update care_plan set ended_at = now() - interval '2 hours'"))
    with pytest.raises(IllegalMove):
        plans.reopen(plan, plans.reread(plan).plan.revision)


def test_two_activate_at_once(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    cora = centre_db.sign_in("cora.coordinator")
    sheet = ready(asa, emmeline)
    plan, seen = sheet.plan.id, sheet.plan.revision
    got = at_once(*(lambda d=d: d.services.careplan.activate(plan, seen) for d in (asa, cora)))  # type: ignore[misc]
    assert sorted(type(g).__name__ for g in got) == ["IllegalMove", "Plan"]
    assert [v.head.number for v in asa.services.careplan.versions(plan)] == [1]


def test_acknowledging_one_version_while_the_next_is_issued(
    centre_db: CentreDb, asa: SignedIn, emmeline: PersonId
) -> None:
    """Either the team was first, and its word stands for the old version; or it is told that there is a newer one."""
    plans = asa.services.careplan
    tess, theo = centre_db.sign_in("tess.lead"), centre_db.sign_in("theo.lead")
    plan = active(asa, emmeline).plan.id
    for turn in range(4):
        sheet = plans.reread(plan)
        old = sheet.version
        assert old is not None
        sheet_plan = plans.update(plan, sheet.plan.revision, self_care=f"Turn {turn}")
        issued, said = at_once(
            lambda seen=sheet_plan.revision: plans.issue(plan, seen),
            lambda v=old.id: tess.services.careplan.acknowledge(v),
        )
        assert issued.head.number == old.number + 1
        if isinstance(said, Refused):
            assert [o.code for o in said.obstacles] == ["newer_version"]
        else:
            assert said.version == old.id
        now = plans.reread(plan)
        assert now.acknowledged == () and len(now.outstanding) == 1
        # two of one team at once, one with the old version still on the screen
        both = at_once(
            lambda v=old.id: tess.services.careplan.acknowledge(v),
            lambda v=issued.head.id: theo.services.careplan.acknowledge(v),
        )
        assert both[1].version == issued.head.id
        assert isinstance(both[0], Refused) or both[0].version == old.id
        assert plans.reread(plan).outstanding == ()


def test_writing_while_it_ends(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    cora = centre_db.sign_in("cora.coordinator").services.careplan
    plans = asa.services.careplan
    sheet = active(asa, emmeline)
    plan, seen, action = sheet.plan.id, sheet.plan.revision, sheet.actions[0]
    ended, written, added = at_once(
        lambda: plans.end(plan, seen),
        lambda: cora.update_item("action", action.id, 1, {"what": "Red shoes"}),
        lambda: cora.add_item(plan, "need", {"words": "Too late?"}),
    )
    assert ended.state == "ended"
    now = plans.reread(plan)
    assert (now.actions[0].what == "Red shoes") == (not isinstance(written, IllegalMove))
    assert bool(now.needs) == (not isinstance(added, IllegalMove))
    with pytest.raises(IllegalMove):
        cora.add_item(plan, "need", {"words": "Too late"})


def test_who_is_hidden_has_no_plan_for_others(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    """R2: every table of the plan follows the head."""
    sheet = active(asa, emmeline)
    plans = asa.services.careplan
    plans.add_item(sheet.plan.id, "need", {"words": "Stairs"})
    plans.record_review(sheet.plan.id, ReviewDraft(TODAY, "x", "y", LATER))
    version = sheet.version
    assert version is not None
    centre_db.sign_in("tess.lead").services.careplan.acknowledge(version.id)
    tables = (
        "plan_need",
        "plan_outcome",
        "plan_action",
        "plan_version",
        "plan_acknowledgement",
        "plan_review",
        "plan_on_team",
    )
    with centre_db.psql("asa.assessor") as psql:
        assert all(psql.execute(f"select 1 from {t}").fetchone() for t in tables)
        with centre_db.owner.begin() as owner:
            owner.execute(text("update person set sharing_level = 'summary'"))
        assert not any(psql.execute(f"select 1 from {t}").fetchone() for t in tables)
        assert psql.execute("select plan_content(%s)", [sheet.plan.id]).fetchone() == (None,)
    with pytest.raises(NotFound):
        plans.reread(sheet.plan.id)
    with pytest.raises(CoordinationError):
        centre_db.sign_in("dina.lead").services.careplan.acknowledge(version.id)


def test_who_may_write_what(centre_db: CentreDb, asa: SignedIn, emmeline: PersonId) -> None:
    sheet = active(asa, emmeline)
    max_ = centre_db.sign_in("max.manager").services.careplan
    with pytest.raises(NotAllowed):
        max_.add_item(sheet.plan.id, "need", {"words": "x"})
    with pytest.raises(NotAllowed):
        max_.issue(sheet.plan.id, sheet.plan.revision)
    with pytest.raises(Conflict):
        asa.services.careplan.issue(sheet.plan.id, sheet.plan.revision - 1)
    with pytest.raises(NotFound):
        centre_db.sign_in("tess.lead").services.careplan.acknowledge(new_id())
    with pytest.raises(NotFound):
        asa.services.careplan.versions_page(PlanId(new_id()))
