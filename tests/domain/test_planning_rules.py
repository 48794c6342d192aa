"""Plans of random days, held against the rules that refuse a drag; repairs; what is not worsened, what is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.deployment import rules
from coordination.deployment.model import Board, Shift
from coordination.deployment.planner.check import what_holds, with_places
from coordination.deployment.planner.figures import figures
from coordination.deployment.planner.happened import after, ill, lost_visits, running_late
from coordination.deployment.planner.plan import make_room, plan, repair
from coordination.deployment.planner.problem import Budget
from coordination.deployment.planner.weights import Weights
from coordination.errors import BadValue
from coordination.values import VisitId, Window
from tests.domain.deployment_boards import at, board, person, visit, worker
from tests.domain.planning_boards import boards

LITTLE, MORE = Budget(iterations=300, chains=1), Budget(iterations=5000, chains=1)
SLOWLY = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def broken(planned: Board) -> list[str]:
    """Everything that a drag to where it stands would be refused for, by the rules themselves."""
    found = []
    for v in planned.visits:
        if v.is_over:
            continue
        starts = {a.window.start for a in v.allocations}
        if len(starts) > 1:
            found.append("not together")
        for held in v.allocations:
            worker = planned.worker_by_id[held.worker_id]
            found += [o.code for o in rules.obstacles(planned, v, worker, held.window.start, held.slot)]
    for w in planned.workers:
        if w.most_minutes is not None and rules.contact_minutes(planned, w) > w.most_minutes:
            found.append("contact_limit")
    return found


@SLOWLY
@given(boards(), st.integers(0, 3))
def test_a_plan_keeps_every_rule_and_never_worsens_what_is_there(made: Board, seed: int) -> None:
    assert broken(made) == []
    found = plan(made, Weights(), seed=seed, budget=LITTLE)
    assert broken(found.planned) == []
    assert found.after.cost(Weights()) <= found.before.cost(Weights())
    for v in made.visits:
        if v.is_pinned:
            kept = found.planned.visit_by_id[v.id].allocations
            assert set(v.allocations) <= set(kept)
        elif v.is_placed:  # nobody loses a visit
            assert found.planned.visit_by_id[v.id].is_placed
    assert all(c.reasons for c in found.changes)


@SLOWLY
@given(boards(), st.integers(7, 21))
def test_what_has_begun_stays_and_nothing_begins_in_the_past(made: Board, hour: int) -> None:
    now = at(hour, 10)
    found = plan(made, Weights(), seed=1, not_before=now, budget=LITTLE)
    assert broken(found.planned) == []
    for v in found.planned.visits:
        before = made.visit_by_id[v.id]
        if before.starts is not None and before.starts < now:
            assert set(before.allocations) <= set(v.allocations)
        assert all(a.window.start >= now for a in v.allocations if not before.of_worker(a.worker_id))


@SLOWLY
@given(boards(), st.data())
def test_whatever_is_asked_only_what_the_rules_allow_is_left_of_it(made: Board, data: st.DataObject) -> None:
    """Places drawn at random, most of them impossible."""
    wanted = {}
    for v in made.visits:
        if made.workers and data.draw(st.booleans()):
            who = data.draw(st.sampled_from(made.workers))
            other = visit(start=(data.draw(st.integers(7, 20)), 0), minutes=v.minutes, to=[(who, (9, 0))])
            held = replace(
                other.allocations[0], window=v.allocations[0].window if v.allocations else other.allocations[0].window
            )
            wanted[v.id] = (held,)
    held, dropped = what_holds(made, wanted)
    planned = with_places(made, held)
    assert broken(planned) == []
    assert {d.visit for d in dropped} | set(held) >= set(wanted)


@SLOWLY
@given(boards(), st.integers(8, 18))
def test_who_is_ill_goes_nowhere_and_few_others_move(made: Board, hour: int) -> None:
    worker = made.workers[0]
    try:
        happened = ill(worker, at(hour))
    except BadValue:
        return
    lost = lost_visits(made, happened)
    found = repair(made, happened, Weights(), seed=1, budget=LITTLE)
    assert broken(found.planned) == []
    ill_then = [a.window for v in lost for a in found.planned.visit_by_id[v].allocations if a.worker_id == worker.id]
    assert not [window for window in ill_then if window.overlaps(happened.window)]  # before it, they may still go
    assert len(found.moved) <= 1.5 * max(1, len(lost))
    assert found.after.cost(Weights()) <= found.before.cost(Weights())
    assert figures(after(made, happened)).unplaced >= found.after.unplaced


def test_the_same_seed_gives_the_same_plan() -> None:
    staff = [worker(n, hours=[(7, 15)]) for n in (1, 2, 3)]
    made = board(staff, [visit(f"P{n}", (7 + n % 7, 0), 45) for n in range(14)])
    plans = [plan(made, Weights(), seed=7, budget=LITTLE) for _ in range(2)]
    assert len({str([[(a.worker_id, a.window) for a in v.allocations] for v in p.planned.visits]) for p in plans}) == 1
    assert plans[0].seed == 7 and not plans[0].unplaced


def test_bad_input_is_named_and_the_rest_is_still_planned() -> None:
    amina = worker(1, "Amina", hours=[(7, 15)])
    nowhere = replace(worker(2, "Bola", hours=[(8, 12)]), place=None)
    fine = visit("Fine", (13, 0))
    long_ = visit("Long", (8, 0), 480)
    long_ = replace(long_, minutes=481)
    skilled = visit("Skilled", (12, 0), skills=("insulin",))
    past = visit("Past", (7, 0), window=30)
    found = plan(
        board([amina, nowhere], [fine, long_, skilled, past]), Weights(), seed=1, not_before=at(11), budget=LITTLE
    )
    said = {o.code: dict(o.facts) for o in found.troubles}
    assert said["plan_longer_than_any_shift"]["minutes"] == 481
    assert said["plan_skill_nobody_has"]["skill"] == "Insulin"
    assert said["plan_no_base"]["worker"] == "Bola"
    assert "plan_window_past" in said
    assert [c.visit for c in found.changes] == [fine.id]
    assert [v.person.surname for v in found.unplaced] == ["Past", "Long", "Skilled"] or len(found.unplaced) == 3


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2026, 11, 23)])
def test_a_day_on_which_the_clocks_change_is_planned_by_the_wall_clock(day: date) -> None:
    amina = replace(worker(1, "Amina"), shifts=(Shift("work", Window(at(7, day=day), at(15, day=day))),))
    asked = [replace(visit(f"P{n}"), day=day, arrive=Window(at(n, day=day), at(n, 15, day=day))) for n in (7, 9, 14)]
    made = replace(board([amina], asked), day=day)
    found = plan(made, Weights(), seed=1, budget=LITTLE)
    assert [v.starts for v in found.planned.visits] == [at(7, day=day), at(9, day=day), at(14, day=day)]
    assert broken(found.planned) == []


def test_nothing_better_is_nothing_changed() -> None:
    amina = worker(1)
    stands = visit(to=[(amina, (9, 0))])
    found = plan(board([amina], [stands]), Weights(), seed=1, budget=LITTLE)
    assert found.changes == () and not found.is_better


def test_a_late_insulin_visit_goes_to_somebody_who_is_free() -> None:
    amina, bola = worker(1, "Amina"), worker(2, "Bola")
    late = visit("Late", (8, 0), window=15, time_critical=True, to=[(amina, (11, 0))])
    found = plan(board([amina, bola], [late]), Weights(), seed=1, budget=LITTLE)
    (change,) = found.changes
    assert change.kind in ("moved", "sooner") and change.after[0].window.start == at(8)
    assert change.reasons[0].code == "plan_in_time" and change.reasons[0].fact("minutes") == 165


def test_figures_count_what_a_lead_would_count() -> None:
    amina, bola = worker(1, "Amina"), worker(2, "Bola")
    known = replace(visit("Known", (8, 0), to=[(bola, (8, 0))]), known_to=(amina.id,))
    late = visit("Late", (9, 0), window=10, to=[(amina, (9, 40))])
    open_ = visit("Open", workers_needed=2, priority=5)
    found = figures(board([amina, bola], [known, late, open_]))
    assert (found.unplaced, found.weighted, found.late, found.known, found.knowable) == (2, 2, 30, 0, 1)
    assert found.cost(Weights().changed(travel=0, fair=0)) == 2 * 240 + 30 * 2 + 20
    assert found.above_share == 0 and found.changes == 0
    moved = with_places(
        board([amina, bola], [known, late, open_]), {late.id: visit(minutes=45, to=[(bola, (9, 0))]).allocations}
    )
    assert figures(moved, board([amina, bola], [known, late, open_])).changes == 1


def test_a_weight_is_one_of_them_and_within_bounds() -> None:
    assert Weights().changed(travel=0).price("travel") == 0
    for values in ({"travel": 101}, {"unplaced": 5}, {"luck": 1}):
        try:
            Weights().changed(**values)
        except BadValue as error:
            assert error.field in values
        else:
            raise AssertionError(values)


def test_two_visits_to_one_person_come_one_after_the_other() -> None:
    """Two free workers live next door: both could come at nine. Where only one hour is left for both, they do."""
    staff, who = [worker(1), worker(2)], person()
    long, short = visit(who=who, minutes=45), visit(who=who, minutes=20)
    found = plan(board(staff, [long, short]), Weights(), seed=1, budget=LITTLE).planned
    first, second = sorted((v.allocations[0].window for v in found.visits), key=lambda w: w.start)
    assert not first.overlaps(second) and second.start <= at(10)
    tight = [replace(v, arrive=Window(at(9), at(9, 10))) for v in (long, short)]
    assert not plan(board(staff, tight), Weights(), seed=1, budget=LITTLE).unplaced


def test_a_repair_takes_whom_the_person_knows(monkeypatch: object) -> None:
    amina, bola, chidi = worker(1, "Amina"), worker(2, "Bola"), worker(3, "Chidi")
    lost = replace(visit("Lost", (9, 0), to=[(amina, (9, 0))], pinned=True), known_to=(chidi.id,))
    stands = visit("Stands", (9, 0), to=[(bola, (9, 0))])
    who = person("New")
    assert who.neighbourhood is None
    found = repair(board([amina, bola, chidi], [lost, stands]), ill(amina, at(7)), Weights(), seed=1, budget=LITTLE)
    (change,) = found.changes
    assert change.after[0].worker_id == chidi.id and change.before.id == lost.id and not change.after[0].pinned
    assert [o.code for o in change.reasons][:2] == ["plan_cannot_go", "knows_person"]
    assert isinstance(change.visit, type(lost.id)) and VisitId(change.visit) == lost.id
    assert found.planned.visit_by_id[stands.id] == stands
    assert lost.allocations[0].window.end - lost.allocations[0].window.start == timedelta(minutes=45)


def test_who_runs_late_moves_what_cannot_be_reached_and_leaves_what_is_pinned() -> None:
    amina, bola = worker(1, "Amina"), worker(2, "Bola")
    soon = visit("Soon", (9, 0), window=15, to=[(amina, (9, 0))])
    pinned = visit("Pinned", (9, 50), 20, window=15, to=[(amina, (9, 50))], pinned=True)
    later = visit("Later", (12, 0), to=[(amina, (12, 0))])
    made = board([amina, bola], [soon, pinned, later])
    found = repair(made, running_late(amina.id, made, at(8, 30), 60), Weights(), seed=1, budget=LITTLE)
    (change,) = found.changes
    assert change.visit == soon.id and change.after[0].worker_id == bola.id and change.after[0].window.start == at(9)
    assert found.planned.visit_by_id[pinned.id] == pinned and found.planned.visit_by_id[later.id] == later
    with pytest.raises(BadValue):
        running_late(amina.id, made, at(14), 20)  # nothing to come
    with pytest.raises(BadValue):
        running_late(amina.id, made, at(8), 0)


def test_room_for_one_visit_moves_another_inside_its_window() -> None:
    amina = worker(1, "Amina", hours=[(8, 10)])
    stands = visit("Stands", (8, 0), 60, to=[(amina, (8, 30))], window=60)
    wanted, other = visit("Wanted", (9, 0), 60, window=10), visit("Other", (8, 0))
    found = make_room(board([amina], [stands, wanted, other]), wanted.id, Weights(), seed=1, budget=MORE)
    assert found.planned.visit_by_id[wanted.id].starts == at(9)
    assert found.planned.visit_by_id[stands.id].starts == at(8)
    assert not found.planned.visit_by_id[other.id].allocations


def test_nobody_loses_a_visit_that_stands_to_one_that_is_open() -> None:
    amina = worker(1, "Amina", hours=[(9, 10)])
    stands = visit("Stands", (9, 0), 60, to=[(amina, (9, 0))], priority=5)
    urgent = visit("Urgent", (9, 0), 60, priority=1)
    made = board([amina], [stands, urgent])
    for found in (
        plan(made, Weights(), seed=1, budget=MORE),
        make_room(made, urgent.id, Weights(), seed=1, budget=MORE),
    ):
        assert found.changes == () and found.unplaced == (urgent,)
