"""Plans on a real database: applied and taken back in one go, two leads at once, sickness, who sets the weights."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from coordination.deployment.model import Board, Visit
from coordination.deployment.planner.edit import Edit
from coordination.deployment.planner.happened import Urgent, ill
from coordination.deployment.planner.plan import plan, repair
from coordination.deployment.planner.problem import Budget
from coordination.deployment.planner.proposal import Proposal
from coordination.deployment.planner.service import Applied
from coordination.deployment.planner.weights import TERMS, USUAL, Weights
from coordination.deployment.planner.whynot import why_not
from coordination.errors import BadValue, Conflict, CoordinationError, NotAllowed, Refused
from coordination.services import Services
from coordination.values import VisitId, WorkerId, new_id
from tests.database import CentreDb
from tests.db.deployment_kit import DAY, Kit, at

LITTLE = Budget(iterations=200, chains=1)


@pytest.fixture
def kit(centre_db: CentreDb) -> Kit:
    return Kit(centre_db)


@pytest.fixture
def tess(centre_db: CentreDb) -> Services:
    return centre_db.sign_in("tess.lead").services


def asked(tess: Services, kit: Kit, *hours: int, **more: object) -> list[VisitId]:
    drafts = [kit.draft(kit.person(f"P{n}"), at(hour), **more) for n, hour in enumerate(hours)]  # type: ignore[arg-type]
    return list(tess.deployment.plan_visits(drafts))


def planned(services: Services, kit: Kit) -> Proposal:
    return plan(services.deployment.board(kit.team(), DAY), Weights(), seed=1, budget=LITTLE)


def places(board: Board) -> dict[VisitId, list[tuple[WorkerId, object]]]:
    return {v.id: [(a.worker_id, a.window) for a in v.allocations] for v in board.visits}


def test_a_plan_is_applied_and_taken_back_as_one(kit: Kit, tess: Services) -> None:
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    first, *_ = asked(tess, kit, 8, 8, 10, 12)
    tess.deployment.plan_visits([kit.draft(kit.person("Double"), at(13), workers_needed=2)])
    tess.deployment.allocate(first, amina, at(8), seen=1)
    before = tess.deployment.board(kit.team(), DAY)
    proposal = planned(tess, kit)
    assert not proposal.unplaced and proposal.is_better
    done = tess.planning.apply(proposal)
    now = tess.deployment.board(kit.team(), DAY)
    assert places(now) == places(proposal.planned)
    assert {s.after.id for s in done.steps} == {c.visit for c in proposal.changes}
    assert all(s.after == now.visit_by_id[s.after.id] and s.before.revision + 1 == s.after.revision for s in done.steps)
    assert now.visit_by_id[first].revision == before.visit_by_id[first].revision  # what stays is not touched
    undone = tess.planning.undo(done)
    assert places(tess.deployment.board(kit.team(), DAY)) == places(before)
    again = tess.planning.undo(undone)
    assert places(tess.deployment.board(kit.team(), DAY)) == places(proposal.planned)
    # a visit moved and moved back since is under another revision, and still goes back with the rest
    step = next(s for s in again.steps if s.after.workers_needed == 1)
    held = step.after.allocations[0]
    moved = tess.deployment.unallocate(step.after.id, seen=step.after.revision)
    with pytest.raises(Conflict) as stale:
        tess.planning.undo(again)
    assert [v.id for v in stale.value.current] == [step.after.id]
    back = tess.deployment.undo(moved)
    renewed = [replace(s, after=back.after) if s is step else s for s in again.steps]
    tess.planning.undo(again, renewed)
    assert places(tess.deployment.board(kit.team(), DAY)) == places(before)
    assert held.worker_id in (amina, bola)


def test_of_two_leads_the_second_is_told_what_changed_and_may_apply_the_rest(kit: Kit, centre_db: CentreDb) -> None:
    tess, theo = (centre_db.sign_in(u).services for u in ("tess.lead", "theo.lead"))
    for name in ("Amina", "Bola", "Chidi"):
        kit.worker(name)
    visits = asked(tess, kit, 8, 9, 10, 11, 12)
    proposal = planned(theo, kit)
    taken = next(c for c in proposal.changes if c.visit == visits[0])
    # the first lead gives one of the visits away, and another into a place that the plan wanted
    tess.deployment.allocate(visits[0], taken.after[0].worker_id, at(14), seen=1)
    with pytest.raises(Conflict) as told:
        theo.planning.apply(proposal)
    assert told.value.area == "day_plan" and [v.id for v in told.value.current] == [visits[0]]
    assert all(not v.allocations for v in theo.deployment.board(kit.team(), DAY).visits if v.id != visits[0])
    rest = theo.planning.rest(proposal)
    assert {c.visit for c in rest.changes} == set(visits[1:])
    theo.planning.apply(rest)
    now = theo.deployment.board(kit.team(), DAY)
    assert now.visit_by_id[visits[0]].starts == at(14) and not now.unplaced


def test_the_rest_leaves_out_what_has_no_room_any_more(kit: Kit, centre_db: CentreDb) -> None:
    tess, theo = (centre_db.sign_in(u).services for u in ("tess.lead", "theo.lead"))
    amina = kit.worker("Amina")
    wanted, *_ = asked(theo, kit, 8)
    proposal = planned(theo, kit)
    other = tess.deployment.plan_visits([kit.draft(kit.person("Other"), at(8))])[0]
    tess.deployment.allocate(other, amina, at(8), seen=1)
    with pytest.raises(Refused) as refused:
        theo.planning.apply(proposal)
    assert "busy" in [o.code for o in refused.value.obstacles]
    rest = theo.planning.rest(proposal)
    assert rest.changes == () and [d.visit for d in rest.dropped] == [wanted]


def test_two_plans_at_the_same_moment_give_one_board(kit: Kit, centre_db: CentreDb) -> None:
    tess, theo = (centre_db.sign_in(u).services for u in ("tess.lead", "theo.lead"))
    for name in ("Amina", "Bola"):
        kit.worker(name)
    asked(tess, kit, 8, 9, 10, 11, 8, 9)
    mine, theirs = planned(tess, kit), planned(theo, kit)
    gate = Barrier(2, timeout=60)

    def one(act: Callable[[], Applied]) -> object:
        gate.wait()
        try:
            return act()
        except CoordinationError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, [lambda: tess.planning.apply(mine), lambda: theo.planning.apply(theirs)]))
    won = [f for f in found if isinstance(f, Applied)]
    lost = [f for f in found if isinstance(f, Conflict)]
    assert len(won) == len(lost) == 1 and len(lost[0].current) == 6
    assert all(v.revision == 2 for v in tess.deployment.board(kit.team(), DAY).visits)


def test_sickness_frees_the_day_in_the_same_transaction_and_undo_brings_it_back(kit: Kit, tess: Services) -> None:
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    visits = asked(tess, kit, 8, 10, 12)
    for v, hour in zip(visits, (8, 10, 12), strict=True):
        tess.deployment.allocate(v, amina, at(hour), seen=1)
    tess.deployment.pin(visits[1], seen=2)
    before = tess.deployment.board(kit.team(), DAY)
    happened = ill(before.worker_by_id[amina], at(9))
    proposal = repair(before, happened, Weights(), seed=1, budget=LITTLE)
    assert {c.visit for c in proposal.changes} == set(visits[1:]) and not proposal.unplaced
    done = tess.planning.apply(proposal)
    now = tess.deployment.board(kit.team(), DAY)
    assert [(s.kind, s.window) for s in now.worker_by_id[amina].away] == [("sickness", happened.window)]
    assert [v.allocations[0].worker_id for v in now.visits] == [amina, bola, bola]
    with pytest.raises(BadValue):
        ill(now.worker_by_id[amina], at(9))
    with pytest.raises(Refused) as twice:  # another desk entered it a moment ago
        tess.planning.remedy(Edit(kit.team(), DAY, {}, {}, replace(happened, shift=new_id())))
    assert [o.code for o in twice.value.obstacles] == ["away_already"]
    tess.planning.undo(done)
    again = tess.deployment.board(kit.team(), DAY)
    assert not again.worker_by_id[amina].away and places(again) == places(before)
    assert again.visit_by_id[visits[1]].is_pinned


def test_an_urgent_visit_is_planned_with_its_repair_and_cancelled_by_undo(kit: Kit, tess: Services) -> None:
    kit.worker("Amina")
    (there,) = asked(tess, kit, 8)
    before = tess.deployment.board(kit.team(), DAY)
    draft = kit.draft(before.visit_by_id[there].person.id, at(9), need="Dressing")
    proposal = repair(before, Urgent(draft, before.visits[0].person), Weights(), seed=1, budget=LITTLE)
    assert [c.visit for c in proposal.changes] == [draft.id]
    done = tess.planning.apply(proposal)
    fresh = tess.deployment.visit(draft.id)
    assert fresh.is_placed and fresh.need == "Dressing" and done.steps[0].after == fresh
    undone = tess.planning.undo(done)
    gone = tess.deployment.visit(draft.id)
    assert (gone.state, gone.allocations) == ("cancelled", ())
    tess.planning.undo(undone)
    assert tess.deployment.visit(draft.id).is_placed


def test_a_remedy_stretches_a_shift_and_undo_puts_it_back(kit: Kit, tess: Services) -> None:
    amina = kit.worker("Amina", hours=[(8, 9)])
    (open_,) = asked(tess, kit, 8, minutes=90, window=10, time_critical=True)
    board = tess.deployment.board(kit.team(), DAY)
    (near,) = why_not(board, board.visit_by_id[open_])
    assert near.remedy is not None and near.remedy.kind == "stretch"
    done = tess.planning.remedy(near.remedy.edit)
    now = tess.deployment.board(kit.team(), DAY)
    assert now.visit_by_id[open_].is_placed and now.worker_by_id[amina].at_work[0].end == at(9, 30)
    tess.planning.undo(done)
    now = tess.deployment.board(kit.team(), DAY)
    assert not now.visit_by_id[open_].allocations and now.worker_by_id[amina].at_work[0].end == at(9)
    kit_hours = now.worker_by_id[amina].at_work
    tess.planning.remedy(replace(near.remedy.edit, seen={open_: now.visit_by_id[open_].revision}))
    with pytest.raises(Refused) as refused:
        tess.planning.remedy(replace(near.remedy.edit, seen={}, wanted={}))
    assert [o.code for o in refused.value.obstacles] == ["hours_changed"] and len(kit_hours) == 1


def test_only_a_lead_applies_a_plan(kit: Kit, centre_db: CentreDb, tess: Services) -> None:
    kit.worker("Amina")
    asked(tess, kit, 8)
    proposal = planned(tess, kit)
    with pytest.raises(NotAllowed):
        centre_db.sign_in("cora.coordinator").services.planning.apply(proposal)
    assert not tess.deployment.board(kit.team(), DAY).visits[0].allocations


def test_weights_are_the_teams_own_or_the_citys_and_only_leads_set_them(
    kit: Kit, centre_db: CentreDb, tess: Services
) -> None:
    team = kit.team()
    first = tess.planning.weights(team)
    assert [r.term for r in first.rows] == list(TERMS) and {r.value for r in first.rows} == {USUAL}
    assert not any(r.own for r in first.rows)
    saved = tess.planning.set_weights(first, {"travel": 80, "known": 50})
    assert (saved.row("travel").value, saved.row("travel").own, saved.row("known").own) == (80, True, False)
    theo = centre_db.sign_in("theo.lead").services
    with pytest.raises(Conflict) as stale:  # who saw the weights before
        theo.planning.set_weights(first, {"travel": 20})
    assert stale.value.current.row("travel").value == 80
    theirs = theo.planning.set_weights(saved, {"travel": 20})
    assert theirs.row("travel").revision == 2 and theirs.weights.price("travel") == 0.4
    for values in ({"travel": 101}, {"unplaced": 0}, {"luck": 3}):
        with pytest.raises(BadValue):
            tess.planning.set_weights(theirs, values)
    max_ = centre_db.sign_in("max.manager")
    assert max_.services.planning.weights(team) == theirs  # reads, and no more
    with pytest.raises(NotAllowed):
        max_.services.planning.set_weights(theirs, {"late": 70})
    # the database itself: the range, and the city's own for nobody but the manager
    with pytest.raises(DBAPIError), centre_db.owner.begin() as c:
        c.execute(text("insert into planner_weight (team_id, term, value) values (:t, 'unplaced', 5)"), {"t": team})
    city = text("update planner_weight set value = 60 where team_id is null and term = 'late'")
    with max_.engine.begin() as c:
        assert c.execute(city).rowcount == 1
    with centre_db.sign_in("tess.lead").engine.begin() as c:
        assert c.execute(city).rowcount == 0
    assert tess.planning.weights(team).row("late").value == 60
    assert not any(r.own for r in tess.planning.usual_weights(team).rows)
    with centre_db.owner.begin() as c:
        noted = c.execute(text("select count(*) from audit.entry where area = 'planner_weight'")).scalar_one()
    assert noted >= 3


def test_what_is_not_on_the_board_any_more_is_left_alone(kit: Kit, tess: Services) -> None:
    kit.worker("Amina")
    visits = asked(tess, kit, 8, 9)
    proposal = planned(tess, kit)
    tess.deployment.end(visits[0], "cancelled", "Away", seen=1)
    rest = tess.planning.rest(proposal)
    assert [c.visit for c in rest.changes] == [visits[1]]
    found: Visit = tess.deployment.visit(visits[0])
    assert found.state == "cancelled"
