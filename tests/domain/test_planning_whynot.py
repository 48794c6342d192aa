"""Why a visit is not placed: who comes nearest, in whose way what is, and the smallest change that would do."""

from __future__ import annotations

from datetime import datetime

from hypothesis import HealthCheck, given, settings

from coordination.deployment.model import Board, Elsewhere
from coordination.deployment.planner.check import with_places
from coordination.deployment.planner.whynot import NearMiss, stretched, why_not
from coordination.values import TeamId, VisitId, Window, new_id
from tests.domain.deployment_boards import at, board, visit, worker
from tests.domain.planning_boards import boards
from tests.domain.test_planning_rules import broken


def of(found: tuple[NearMiss, ...], name: str) -> NearMiss:
    return next(n for n in found if n.worker.name == name)


def start_of(near: NearMiss, v: VisitId) -> datetime:
    assert near.remedy is not None
    return near.remedy.edit.wanted[v][-1].window.start


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(boards())
def test_every_remedy_keeps_the_rules_and_places_the_visit(made: Board) -> None:
    for v in made.unplaced:
        found = why_not(made, v)
        assert {n.worker.id for n in found} == {w.id for w in made.workers} - {a.worker_id for a in v.allocations}
        assert [n.distance for n in found] == sorted(n.distance for n in found)
        for near in found:
            if near.remedy is None:
                continue
            edit = near.remedy.edit
            after = with_places(stretched(made, edit.stretch) if edit.stretch else made, edit.wanted)
            assert broken(after) == []
            assert after.visit_by_id[v.id].is_placed
            assert edit.seen == {k: made.visit_by_id[k].revision for k in edit.wanted}


def test_whoever_comes_second_comes_with_the_first() -> None:
    going, free = worker(1, "Going", hours=[(7, 15)]), worker(2, "Free", hours=[(7, 15)])
    half = visit("Half", (9, 0), window=30, to=[(going, (9, 20))], workers_needed=2)
    near = of(why_not(board([going, free], [half]), half), "Free")
    assert near.remedy is not None
    assert {held.window.start for held in near.remedy.edit.wanted[half.id]} == {at(9, 20)}


def test_where_the_first_stands_at_a_time_that_does_not_do_both_move() -> None:
    going, later = worker(1, "Going", hours=[(7, 15)]), worker(2, "Later", hours=[(10, 15)])
    half = visit("Half", (9, 0), window=90, to=[(going, (9, 0))], workers_needed=2)
    near = of(why_not(board([going, later], [half]), half), "Later")
    assert near.remedy is not None
    assert {held.window.start for held in near.remedy.edit.wanted[half.id]} == {at(10)}


def test_the_nearest_come_first_and_each_says_what_is_in_the_way() -> None:
    wanted = visit("Wanted", (9, 0), window=30, skills=("insulin",))
    busy = worker(1, "Busy", hours=[(7, 15)], skills=["insulin"])
    off = worker(2, "Off", hours=[(14, 22)], skills=["insulin"])
    unskilled = worker(3, "Unskilled", hours=[(7, 15)])
    ill = worker(4, "Ill", hours=[(7, 15)], skills=["insulin"], away=[("sickness", 7, 15)])
    stands = visit("Stands", (9, 0), 60, to=[(busy, (9, 0))], window=5, skills=("insulin",))
    found = why_not(board([unskilled, ill, off, busy], [wanted, stands]), wanted)
    assert [n.worker.name for n in found] == ["Busy", "Off", "Unskilled", "Ill"]
    busy_near = of(found, "Busy")
    assert [o.code for o in busy_near.in_the_way] == ["busy"]
    assert busy_near.remedy is not None
    assert (busy_near.remedy.kind, busy_near.remedy.minutes) == ("late", 30)
    assert start_of(busy_near, wanted.id) == at(10)
    assert [o.code for o in of(found, "Unskilled").in_the_way] == ["lacks_skill"]
    assert of(found, "Unskilled").remedy is None
    assert [o.code for o in of(found, "Off").in_the_way] == ["off_shift"]
    assert {o.code for o in of(found, "Ill").in_the_way} == {"away"}
    assert found[-1].worker.name == "Ill"


def test_another_visit_moves_a_little_inside_its_window() -> None:
    amina = worker(1, "Amina", hours=[(8, 10)])
    stands = visit("Stands", (8, 0), 60, to=[(amina, (8, 30))], window=60)
    wanted = visit("Wanted", (9, 0), 60, window=10)
    (near,) = why_not(board([amina], [stands, wanted]), wanted)
    assert near.remedy is not None and near.remedy.kind == "shift_other" and near.remedy.minutes == 30
    assert near.remedy.edit.wanted[stands.id][0].window.start == at(8)
    assert near.remedy.edit.wanted[stands.id][0].id == stands.allocations[0].id
    assert start_of(near, wanted.id) == at(9)


def test_somebody_else_takes_what_is_in_the_way() -> None:
    amina = worker(1, "Amina", hours=[(9, 10)], skills=["insulin"])
    bola = worker(2, "Bola", hours=[(9, 10)])
    stands = visit("Stands", (9, 0), 60, to=[(amina, (9, 0))], window=1)
    wanted = visit("Wanted", (9, 0), 60, window=1, skills=("insulin",))
    found = why_not(board([amina, bola], [stands, wanted]), wanted)
    remedy = of(found, "Amina").remedy
    assert remedy is not None and remedy.kind == "swap"
    assert remedy.edit.wanted[stands.id][0].worker_id == bola.id
    assert dict(remedy.said.facts)["helper"] == "Bola"


def test_a_shift_is_stretched_by_what_is_wanting() -> None:
    alone = worker(1, "Amina", hours=[(16, 17)])
    wanted = visit("Wanted", (16, 40), 60, window=10, time_critical=True)
    (near,) = why_not(board([alone], [wanted]), wanted)
    assert near.remedy is not None and near.remedy.kind == "stretch" and near.remedy.minutes == 40
    assert near.remedy.edit.stretch is not None
    assert near.remedy.edit.stretch.window == Window(at(16), at(17, 40))


def test_a_double_up_brings_a_second_worker_or_nothing() -> None:
    amina, bola = worker(1, "Amina", hours=[(9, 12)]), worker(2, "Bola", hours=[(9, 12)])
    wanted = visit("Wanted", (9, 0), workers_needed=2, window=30)
    found = why_not(board([amina, bola], [wanted]), wanted)
    assert all(n.remedy is not None and len(n.remedy.edit.wanted[wanted.id]) == 2 for n in found)
    (near,) = why_not(board([amina], [wanted]), wanted)
    assert near.remedy is None


def test_pinned_visits_and_those_of_other_teams_stay() -> None:
    amina = worker(1, "Amina", hours=[(9, 10)])
    stands = visit("Stands", (9, 0), 60, to=[(amina, (9, 0))], window=1, pinned=True)
    wanted = visit("Wanted", (9, 0), 60, window=1)
    (near,) = why_not(board([amina], [stands, wanted]), wanted)
    assert near.remedy is None or near.remedy.kind == "stretch" or stands.id not in near.remedy.edit.wanted
    stay = Elsewhere(amina.id, VisitId(new_id()), TeamId(9), "ELSE, Where", Window(at(9), at(10)))
    (near,) = why_not(board([amina], [wanted], elsewhere=(stay,)), wanted)
    assert near.in_the_way[0].code == "busy"
