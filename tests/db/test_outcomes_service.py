"""What really happened at visits, on a real database: entered, corrected, undone, and never contradicted."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from coordination.clock import at_local
from coordination.deployment.model import Visit
from coordination.deployment.outcomes.model import Entry
from coordination.errors import BadValues, Conflict, Refused
from coordination.values import new_id
from tests.database import CentreDb
from tests.db.deployment_kit import Kit


@pytest.fixture
def team(centre_db: CentreDb) -> SimpleNamespace:
    """Yesterday of Amina: three visits at 9, 10 and 11, by the server's calendar."""
    kit = Kit(centre_db)
    session = centre_db.sign_in("tess.lead")
    day = kit.today() - timedelta(days=1)
    amina = kit.worker("Amina", hours=())
    kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
    board = session.services.deployment
    drafts = [kit.draft(kit.person(name), at_local(day, 9 + n)) for n, name in enumerate(("Adams", "Bell", "Cole"))]
    board.plan_visits(drafts)
    for n, draft in enumerate(drafts):
        board.allocate(draft.id, amina, at_local(day, 9 + n), seen=1)
    return SimpleNamespace(
        kit=kit, db=centre_db, day=day, amina=amina, board=board, service=session.services.outcomes,
        cases=session.services.no_access, visits=[d.id for d in drafts],
        at=lambda h, m=0: at_local(day, h, m), team=kit.team(),
    )  # fmt: skip


def entry(visit: Visit, outcome: str = "done", reason: str | None = None, **more: object) -> Entry:
    return Entry(visit.id, visit.revision, outcome, reason, **more)  # type: ignore[arg-type]


def sheet(t: SimpleNamespace) -> list[Visit]:
    return [row.visit for row in t.service.sheet(t.team, t.day, t.amina).rows]


def test_a_sheet_is_entered_in_one_go_and_undone_in_one_go(team: SimpleNamespace) -> None:
    (pending,) = team.service.worklist(team.team).rows
    assert (pending.worker_name, pending.open, pending.missing) == ("Amina", 3, 3)
    a, b, c = sheet(team)
    saved = team.service.save_day([
        entry(a, began=team.at(9, 5), ended=team.at(9, 40)),
        entry(b, "no_access", "no_reply", words="Curtains drawn"),
        entry(c, "declined", "managed_alone"),
    ])  # fmt: skip
    assert not saved.refused and [s.after.state for s in saved.steps] == ["done", "no_access", "declined"]
    assert saved.steps[1].after.state_reason == "No reply at the door: Curtains drawn"
    done = team.service.trace(a.id).happened
    assert (done.began, done.ended, done.from_paper, done.entered_by) == (
        team.at(9, 5), team.at(9, 40), True, "Tess Example",
    )  # fmt: skip
    work = team.service.worklist(team.team)
    assert (work.open, work.missing) == ((), 0)
    assert [c.person.surname for c in team.cases.cases(team.team)] == ["Bell"]
    back = team.service.undo_day(saved)
    assert not back.refused and {v.state for v in sheet(team)} == {"planned"}
    assert team.cases.cases(team.team) == [], "nothing had been done about it"
    again = team.service.undo_day(back)
    assert {s.after.state for s in again.steps} == {"done", "no_access", "declined"}
    assert team.service.trace(a.id).happened.began == team.at(9, 5), "with what had been entered"
    (case,) = team.cases.cases(team.team)
    assert case.is_open and [e.what for e in team.cases.open_case(case.id).events] == ["opened", "ended", "reopened"]


def test_what_cannot_be_saved_comes_back_and_the_rest_is_saved(team: SimpleNamespace) -> None:
    a, b, c = sheet(team)
    team.board.pin(b.id, seen=b.revision)  # somebody else touches it
    saved = team.service.save_day([
        entry(a, "declined", "declined_other"), entry(b), entry(c, began=team.at(11, 10), ended=team.at(11, 5)),
        Entry(new_id(), 1, "done"),  # type: ignore[arg-type]
    ])  # fmt: skip
    assert not saved.steps
    errors = [r.error for r in saved.refused]
    assert isinstance(errors[0], BadValues) and [str(p) for p in errors[0].problems] == ["why: missing"]
    assert isinstance(errors[1], Conflict) and errors[1].current.is_pinned
    assert [str(p) for p in errors[2].problems] == ["ended: ends_before_it_starts"]
    saved = team.service.save_day([entry(a), entry(b), entry(c, "missed", "ran_out_of_time")])
    assert [s.after.id for s in saved.steps] == [a.id, c.id] and len(saved.refused) == 1


def test_a_correction_keeps_what_was_said(team: SimpleNamespace) -> None:
    a, *_ = sheet(team)
    team.service.record(entry(a))
    (a, *_) = sheet(team)
    step = team.service.record(entry(a, "no_access", "not_at_home"))
    assert step.after.state == "no_access" and step.after.allocations == a.allocations
    trace = team.service.trace(a.id)
    assert trace.happened.reason == "not_at_home"
    assert [(f.outcome, f.replaced_by) for f in trace.former] == [("done", "Tess Example")]
    a = step.after
    team.service.record(entry(a))
    assert team.cases.cases(team.team) == [], "opened again before anybody did anything about it"


def test_the_board_s_own_ways_leave_the_same_traces(team: SimpleNamespace) -> None:
    a, b, c = team.visits
    team.board.end(a, "no_access", "Nobody there", seen=2)
    assert team.service.trace(a).happened.words == "Nobody there"
    case = team.cases.of_visit(a)
    assert case is not None and case.owner == "tess.lead"
    fresh = new_id()
    day = team.day + timedelta(days=2)
    kit_window = team.kit.draft(team.kit.person("X"), at_local(day, 9)).arrive
    team.board.move_to(b, day, kit_window, "Asked for another day", seen=2, new_visit=fresh)
    went, came = team.service.trace(b).went_to, team.service.trace(fresh).came_from
    assert (went.id, went.day, came.id, came.state) == (fresh, day, b, "moved"), "shown both ways"
    step = team.board.end(c, "missed", "Forgotten", seen=2)
    assert step.after.allocations, "who was to go stays on record"
    team.board.undo(step)
    assert team.service.trace(c).happened is None


def test_a_visit_that_may_still_be_made_is_not_missed(team: SimpleNamespace) -> None:
    day = team.day + timedelta(days=3)
    draft = team.kit.draft(team.kit.person("Dee"), at_local(day, 9))
    team.board.plan_visits([draft])
    with pytest.raises(Refused) as told:
        team.service.record(Entry(draft.id, 1, "missed", "overlooked"))
    assert [o.code for o in told.value.obstacles] == ["not_missed_yet"]


def test_who_declines_three_times_in_a_week_is_named_to_the_lead_worker(team: SimpleNamespace) -> None:
    who = team.kit.person("Evans")
    for days in range(3):
        day = team.day - timedelta(days=days)
        draft = team.kit.draft(who, at_local(day, 9))
        team.board.plan_visits([draft])
        assert team.service.declined_often() == []
        team.service.record(Entry(draft.id, 1, "declined", "did_not_want_it"))
    (found,) = team.service.declined_often()
    assert (found.person, len(found.days), found.reasons) == ("EVANS, Emmeline", 3, ("Did not want this visit",))
    with team.db.owner.begin() as c:
        c.execute(
            text(
                "insert into care_plan (id, person_id, state, lead_worker, review_on, activated_at)"
                " values (uuidv7(), :p, 'active', 'tess.lead', current_date + 30, now())"
            ),
            {"p": who},
        )
    assert team.service.declined_often()[0].lead_worker == "tess.lead"


def test_visits_that_nobody_was_sent_to_are_a_sheet_of_their_own(team: SimpleNamespace) -> None:
    draft = team.kit.draft(team.kit.person("Frost"), at_local(team.day, 9))
    team.board.plan_visits([draft])
    work = team.service.worklist(team.team)
    assert [(row.worker, row.open) for row in work.open] == [(team.amina, 3), (None, 1)] and work.missing == 4
    (row,) = team.service.sheet(team.team, team.day, None).rows
    assert row.visit.id == draft.id and row.planned is None
    saved = team.service.save_day([entry(row.visit)])
    assert [o.code for o in saved.refused[0].error.obstacles] == ["nobody_sent"], "nobody was sent, so nobody has been"
    team.service.save_day([entry(row.visit, "missed", "nobody_to_send")])
    assert team.service.sheet(team.team, team.day, None).rows == ()
    assert team.service.worklist(team.team).missing == 3
