"""What on a board wants an eye, by type."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.deployment import board_warnings
from coordination.deployment.board_warnings import KINDS, of_open, of_people, of_worker
from coordination.deployment.model import Board, Place, WorkerSkill
from coordination.deployment.outcomes.rules import is_missing
from tests.domain.deployment_boards import DAY, alert, at, board, person, visit, worker


def kinds(day: Board) -> list[str]:
    longest = board_warnings.longest_stretch(day)
    found = [w for one in day.workers for w in of_worker(day, one)]
    found += [w for v in day.unplaced for w in of_open(day, v, longest)]
    return sorted(w.kind for w in (*found, *of_people(day)))


def test_a_day_that_is_in_order_has_none() -> None:
    amina = worker(1, skills=["hoist"])
    day = board([amina], [visit(start=(9, 0), to=[(amina, (9, 0))], skills=("hoist",)), visit("Brown")])
    assert kinds(day) == []


def test_each_type_is_told_by_its_name() -> None:
    lapsed = replace(worker(1, "Amina"), skills=(WorkerSkill("hoist", DAY - timedelta(days=1)),))
    ill = worker(2, "Bola", away=[("sickness", 10, 12)])
    man = worker(3, "Carl", gender="male")
    far = worker(4, "Dana")
    here, there = Place(53.40, -2.30), Place(53.55, -2.10)
    visits = [
        visit("Lapsed", start=(9, 0), to=[(lapsed, (9, 0))], skills=("hoist",)),
        visit("Skill", start=(11, 0), to=[(lapsed, (11, 0))], skills=("insulin",)),
        visit("Shift", start=(10, 0), to=[(ill, (10, 0))]),
        visit("Late", start=(7, 0), window=30, to=[(ill, (8, 0))]),
        visit("Early", start=(14, 0), window=30, to=[(ill, (13, 0))]),
        visit("Gender", start=(9, 0), to=[(man, (9, 0))], gender_asked="female"),
        visit(who=person("Alone", alerts=(alert("do_not_visit_alone"),)), start=(11, 0), to=[(man, (11, 0))]),
        visit(who=person("Near", place=here), start=(9, 0), to=[(far, (9, 0))]),
        visit(who=person("Far", place=there), start=(9, 45), to=[(far, (9, 45))]),
    ]
    assert kinds(board([lapsed, ill, man, far], visits)) == sorted(
        ["lapsed", "skill", "shift", "late", "early", "worker", "alone", "travel"]
    )


def test_what_nobody_could_ever_take_is_told_before_anybody_tries() -> None:
    short = worker(1, hours=[(7, 11)], skills=["hoist"])
    long, strange = visit("Long", minutes=300), visit("Strange", skills=("insulin",))
    day = board([short], [long, strange])
    found = {w.visit: w for v in day.unplaced for w in of_open(day, v, board_warnings.longest_stretch(day))}
    assert found[long.id].kind == "length" and found[long.id].found.fact("longest") == 240
    assert found[strange.id].kind == "skill" and found[strange.id].found.fact("skills") == ("Insulin",)


def test_two_visits_to_one_person_at_once_overlap() -> None:
    amina, bola = worker(1), worker(2)
    who = person("Adams")
    one = visit(who=who, start=(9, 0), to=[(amina, (9, 0))])
    other = visit(who=who, start=(9, 30), to=[(bola, (9, 30))])
    (found,) = of_people(board([amina, bola], [one, other]))
    assert (found.kind, found.visit, found.slot) == ("overlap", other.id, 1)


def test_the_board_and_the_worklist_mean_the_same_by_missed() -> None:
    """Half an hour after its end, as ``is_missing`` says; one that nobody has is late from the end of its window on."""
    amina = worker(1)
    over = visit("Over", start=(8, 0), to=[(amina, (8, 0))])
    told = visit("Told", start=(9, 0), to=[(amina, (9, 0))], state="done")
    nobody = visit("Nobody", start=(8, 0), window=30)
    later = visit("Later", start=(13, 0), to=[(amina, (13, 0))])
    day = board([amina], [over, told, nobody, later])

    def found(hour: int, minute: int) -> dict[object, str]:
        made = board_warnings.overdue(day, at(hour, minute))
        assert {w.visit for w in made if w.kind == "missed"} == {
            v.id for v in day.visits if is_missing(v, at(hour, minute))
        }
        return {w.visit: w.kind for w in made}

    assert found(8, 20) == {}
    assert found(8, 45) == {nobody.id: "late"}
    assert found(9, 15) == {over.id: "missed", nobody.id: "late"}
    assert found(9, 45) == {over.id: "missed", nobody.id: "missed"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_rows_that_are_the_same_need_not_be_worked_out_again(data: st.DataObject) -> None:
    """What is kept of an earlier board gives the same warnings as working everything out anew."""
    from ui.deployment.outlook import Outlook

    hours = st.tuples(st.integers(7, 13), st.sampled_from([0, 15, 30]))
    staff = [worker(n, hours=[(7, data.draw(st.integers(9, 15)))]) for n in (1, 2, 3)]
    visits = [
        visit(f"V{n}", start=data.draw(hours), window=30, to=[(data.draw(st.sampled_from(staff)), data.draw(hours))])
        for n in range(data.draw(st.integers(1, 7)))
    ]
    first = board(staff, visits)
    before = Outlook.of(first, at(10))
    moved = data.draw(st.sampled_from(visits))
    held = replace(moved.allocations[0], worker_id=data.draw(st.sampled_from(staff)).id)
    again = replace(moved, allocations=(held,), revision=2)
    now = replace(first, visits=tuple(again if v.id == moved.id else v for v in visits))
    kept, anew = Outlook.of(now, at(10), before), Outlook.of(now, at(10))
    assert Counter(kept.standing) == Counter(anew.standing) and kept.overdue == anew.overdue
    assert kept.counts == anew.counts and all(kind in KINDS for kind in kept.counts)
