"""Visits that recur, on a real database: made, changed in three scopes, given back, undone, and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import text

from coordination.clock import at_local
from coordination.deployment.model import Visit
from coordination.deployment.patterns import Gap, Pattern, Rule, Slot
from coordination.deployment.patterns_service import Visits
from coordination.deployment.service import Deployment
from coordination.errors import BadValue, BadValues, Conflict, Refused
from coordination.values import PatternId, PersonId, WorkerId, new_id
from tests.database import CentreDb
from tests.db.deployment_kit import Kit

MORNING, EVENING = (time(8), time(10)), (time(18), time(20))


@pytest.fixture
def kit(centre_db: CentreDb) -> Kit:
    return Kit(centre_db)


@pytest.fixture
def visits(centre_db: CentreDb) -> Visits:
    return centre_db.sign_in("tess.lead").services.visits


@pytest.fixture
def board(centre_db: CentreDb) -> Deployment:
    return centre_db.sign_in("theo.lead").services.deployment


def slots(*times: tuple[time, time | None], **more: object) -> tuple[Slot, ...]:
    given = {"minutes": 30, "need": "Washing", **more}
    return tuple(Slot(n, opens, closes, **given) for n, (opens, closes) in enumerate(times, 1))  # type: ignore[arg-type]


def pattern(kit: Kit, *times: tuple[time, time | None], person: PersonId | None = None, **more: object) -> Pattern:
    rule = Rule(kit.today() + timedelta(days=1))
    given = {"rule": rule, "slots": slots(*(times or (MORNING, EVENING))), **more}
    return Pattern(PatternId(new_id()), person or kit.person(), kit.team(), **given)  # type: ignore[arg-type]


def at(visit: Visit, hour: int, minute: int = 0):  # type: ignore[no-untyped-def]
    return at_local(visit.day, hour, minute)


def worker(kit: Kit, days: int = 10, name: str = "Amina", **more: object) -> WorkerId:
    """At work from seven to ten at night, every day from tomorrow."""
    made = kit.worker(name, hours=[], **more)  # type: ignore[arg-type]
    for n in range(1, days + 1):
        day = kit.today() + timedelta(days=n)
        kit.shift(made, "work", at_local(day, 7), at_local(day, 22))
    return made


def of_slot(found: tuple[Visit, ...], number: int) -> list[Visit]:
    return sorted((v for v in found if v.pattern_slot == number), key=lambda v: v.day)


def test_a_pattern_makes_its_visits_once_six_weeks_ahead_and_goes_on(kit: Kit, visits: Visits) -> None:
    kit.skill("insulin")
    asked = pattern(kit, slots=slots(MORNING, (time(18), None), skills=("insulin",), access_notes="Side door"))
    made = visits.make_pattern(asked)
    assert len(made.made) == 2 * 42 and made.then[0].rolled_until == kit.today() + timedelta(days=42)
    assert visits.make_pattern(asked).made == () and visits.roll_out() == 0
    first, second = of_slot(made.made, 1)[0], of_slot(made.made, 2)[0]
    assert (first.skills, first.access_notes, first.unmodified) == (("insulin",), "Side door", True)
    assert second.fixed == at(second, 18) == second.arrive.start and first.fixed is None
    with kit.database.owner.begin() as c:  # as if it had been made three days ago
        c.execute(text("update visit_pattern set rolled_until = rolled_until - 3"))
        c.execute(text("update visit set pattern_id = null where day > (select max(rolled_until) from visit_pattern)"))
    assert visits.roll_out() == 6 and visits.roll_out() == 0
    (row,) = visits.patterns_of(asked.person_id)
    assert (row.ahead, row.placed) == (84, 0)
    assert len(visits.rows_of(asked.person_id)) == 84 + 6 - 0


def test_three_scopes(kit: Kit, visits: Visits) -> None:
    made = visits.make_pattern(pattern(kit))
    mornings = of_slot(made.made, 1)
    one = visits.change_visit(mornings[4].id, "this", {"minutes": 60, "day": mornings[4].day}, seen=1)
    assert [v.minutes for v in one.changed] == [60] and one.changed[0].modified and len(one.after) == 1
    told = visits.change_visit(mornings[2].id, "unmodified", {"need": "Help to wash"}, seen=1, rehearse=True)
    assert (len(told.changed), len(told.stays)) == (39, 1)
    assert visits.pattern(made.then[0].id) == made.then[0]  # nothing of a rehearsal stays
    done = visits.change_visit(mornings[2].id, "unmodified", {"need": "Help to wash"}, seen=1)
    assert (len(done.changed), len(done.stays)) == (39, 1)
    assert {v.pattern_slot for v in done.after} == {1} and {v.need for v in done.after} == {"Help to wash"}
    with pytest.raises(Conflict):
        visits.change_visit(mornings[5].id, "following", {"priority": 1}, seen=1)
    all_ = visits.change_visit(mornings[3].id, "following", {"opens": time(7), "closes": time(9)}, seen=2)
    assert len(all_.changed) == 39 and all(v.arrive.start == at(v, 7) for v in all_.after)
    changed = next(v for v in all_.after if v.id == mornings[4].id)
    assert (changed.minutes, changed.need, changed.modified) == (60, "Washing", True)
    assert visits.pattern(made.then[0].id).slot(1) == replace(
        made.then[0].slots[0], need="Help to wash", opens=time(7), closes=time(9)
    )
    back = visits.undo(all_)
    assert all(v.arrive.start == at(v, 8) for v in back.after)
    with pytest.raises(Conflict):
        visits.undo(done)
    again = visits.undo(back)
    assert all(v.arrive.start == at(v, 7) for v in again.after)


def test_workers_stay_where_they_still_may_go_and_are_named_where_not(
    kit: Kit, visits: Visits, board: Deployment
) -> None:
    amina = worker(kit)
    made = visits.make_pattern(pattern(kit, MORNING))
    first, second, third = of_slot(made.made, 1)[:3]
    for visit, hour in ((first, 8), (second, 9), (third, 8)):
        board.allocate(visit.id, amina, at(visit, hour), seen=1)
    board.pin(third.id, seen=2)
    later = {"opens": time(8, 30), "closes": time(11), "minutes": 45}
    told = visits.change_visit(first.id, "following", later, seen=2, rehearse=True)
    done = visits.change_visit(first.id, "following", later, seen=2)
    assert [(f.worker, f.visit.id, f.pinned) for f in done.freed] == [
        (f.worker, f.visit.id, f.pinned) for f in told.freed
    ]
    assert [(f.worker, f.visit.id, f.pinned) for f in done.freed] == [
        ("Amina", first.id, False),
        ("Amina", third.id, True),
    ]
    assert [v.id for v in done.kept] == [second.id]
    (held,) = done.kept[0].allocations
    assert (held.window.start, held.window.minutes) == (at(second, 9), 45)
    back = visits.undo(done)
    assert back.freed == () and [len(v.allocations) for v in back.after[:3]] == [1, 1, 1]
    assert next(v for v in back.after if v.id == third.id).is_pinned
    # a worker who lacks what is asked now is freed by the database's own word
    kit.skill("hoist")
    skilled = visits.change_visit(second.id, "this", {"skills": ("hoist",)}, seen=back.after[1].revision)
    assert [f.worker for f in skilled.freed] == ["Amina"] and skilled.changed[0].skills == ("hoist",)


def test_another_rule_drops_and_makes_and_is_undone_as_one(kit: Kit, visits: Visits, board: Deployment) -> None:
    made = visits.make_pattern(pattern(kit, MORNING))
    mine = made.then[0]
    taken = of_slot(made.made, 1)[1]
    board.allocate(taken.id, worker(kit), at(taken, 8), seen=1)
    first = mine.rule.starts
    weekly = replace(mine, rule=replace(mine.rule, unit="week", weekdays=(0, 3)), slots=slots(MORNING, EVENING))
    done = visits.change_pattern(weekly, first, "following", seen=1)
    assert len(done.dropped) == 30 and len(done.made) == 12 and not done.changed
    assert {v.day.weekday() for v in done.made} == {0, 3}
    shown = visits.rows_of(mine.person_id)
    assert len(shown) == 24 and {r.day.weekday() for r in shown} == {0, 3}
    visits.undo(done)
    assert len(visits.rows_of(mine.person_id)) == 42 and visits.pattern(mine.id).rule == mine.rule
    over = visits.end_pattern(mine.id, first + timedelta(days=7), seen=visits.pattern(mine.id).revision)
    assert len(over.dropped) == 35 and over.then[0].rule.ends == first + timedelta(days=6)
    assert visits.roll_out() == 0
    visits.undo(over)
    assert len(visits.rows_of(mine.person_id)) == 42
    gone = visits.end_pattern(mine.id, first, seen=visits.pattern(mine.id).revision)
    assert len(gone.dropped) == 42 and visits.rows_of(mine.person_id) == []


def test_what_has_an_outcome_never_changes(kit: Kit, visits: Visits, board: Deployment) -> None:
    made = visits.make_pattern(pattern(kit, MORNING))
    first, second = of_slot(made.made, 1)[:2]
    board.end(first.id, "declined", "At the hospital", seen=1)
    done = visits.change_visit(second.id, "following", {"need": "Other"}, seen=1)
    assert first.id not in {v.id for v in done.after}
    with pytest.raises(Refused):
        visits.change_visit(first.id, "this", {"need": "Other"}, seen=2)
    with psycopg.connect(**kit.database.where("tess.lead"), password="test password of tess.lead") as c:
        for statement in (
            "update visit set need = 'Other' where id = %s",
            "insert into visit_skill values (%s, (select min(code) from skill))",
        ):
            kit.skill("insulin")
            with pytest.raises(psycopg.errors.CheckViolation) as told, c.transaction():
                c.execute(statement, [first.id])
            assert told.value.diag.constraint_name == "visit_has_been"


def test_a_gap_is_kept_by_the_board_the_database_and_two_desks_at_once(
    kit: Kit, centre_db: CentreDb, visits: Visits, board: Deployment
) -> None:
    amina, bola = worker(kit), worker(kit, name="Bola")
    made = visits.make_pattern(pattern(kit, MORNING, (time(11), time(15)), gap=Gap(240)))
    one, two = of_slot(made.made, 1)[0], of_slot(made.made, 2)[0]
    assert one.pair and two.pair and (two.pair.other, two.pair.least, two.pair.other_first) == (one.id, 240, True)
    board.allocate(one.id, amina, at(one, 9), seen=1)
    with pytest.raises(Refused) as told:
        board.allocate(two.id, bola, at(two, 13), seen=1)
    (found,) = told.value.obstacles
    assert (found.code, found.fact("minutes"), found.fact("limit")) == ("gap_short", 240, at(two, 13, 30))
    board.allocate(two.id, bola, at(two, 13, 30), seen=1)
    insert = "insert into allocation (id, visit_id, worker_id, period) values (uuidv7(), %s, %s, tstzrange(%s, %s))"
    one, two = of_slot(made.made, 1)[1], of_slot(made.made, 2)[1]
    with psycopg.connect(**kit.database.where("tess.lead"), password="test password of tess.lead") as c:
        c.execute(insert, [one.id, amina, at(one, 10), at(one, 10, 30)])
        c.execute(insert, [two.id, bola, at(two, 14), at(two, 14, 30)])
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            c.commit()
        assert refused.value.diag.constraint_name == "allocation_keeps_gap"
    other = centre_db.sign_in("tess.lead").services.deployment
    both = Barrier(2, timeout=60)

    def give(who: Deployment, visit: Visit, hour: int, to: WorkerId) -> bool:
        both.wait()
        try:
            who.allocate(visit.id, to, at(visit, hour), seen=1)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(give, board, one, 10, amina), pool.submit(give, other, two, 13, bola)]
        assert sorted(s.result() for s in sent) == [False, True]


def test_a_gap_that_cannot_be_is_refused_when_it_is_written(kit: Kit, visits: Visits) -> None:
    with pytest.raises(BadValues) as told:
        visits.make_pattern(pattern(kit, MORNING, (time(11), time(12)), gap=Gap(240)))
    assert [(p.field, p.reason) for p in told.value.problems] == [("gap", "too_long")]
    made = visits.make_pattern(pattern(kit, MORNING, (time(12), time(15)), gap=Gap(240)))
    morning, noon = of_slot(made.made, 1)[0], of_slot(made.made, 2)[0]
    with pytest.raises(BadValue) as one:
        visits.change_visit(noon.id, "this", {"closes": time(12, 15)}, seen=noon.revision)
    assert (one.value.field, one.value.reason) == ("gap", "too_long")
    moved = visits.change_visit(noon.id, "this", {"day": noon.day + timedelta(days=1)}, seen=noon.revision)
    assert moved.changed[0].pairs == () and moved.changed[0].pattern_day == noon.day
    with psycopg.connect(**kit.database.where("tess.lead"), password="test password of tess.lead") as c:
        c.execute("update visit_pair set gap_least = 900")
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            c.commit()
        assert refused.value.diag.constraint_name == "visit_pair_possible"
        c.rollback()
        c.execute("insert into visit_pair (first_id, second_id) values (%s, %s)", [morning.id, moved.changed[0].id])
        with pytest.raises(psycopg.errors.CheckViolation) as apart:
            c.commit()
        assert apart.value.diag.constraint_name == "visit_pair_same_person_and_day"
