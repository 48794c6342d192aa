"""Visits and the care plan they come from; visits by themselves; who sees and writes them; two leads at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from threading import Barrier

import pytest
from sqlalchemy import event, text

from coordination.clock import at_local
from coordination.deployment.model import Visit, VisitDraft
from coordination.deployment.patterns import Change, Gap, Pattern, Rule, Slot
from coordination.deployment.patterns_service import Visits
from coordination.errors import BadValue, BadValues, Conflict, NotAllowed, NotFound, Refused
from coordination.values import PatternId, PersonId, VisitId, Window, new_id
from db import migrations
from tests.database import CentreDb, SignedIn
from tests.db.deployment_kit import Kit, at


@pytest.fixture
def kit(centre_db: CentreDb) -> Kit:
    return Kit(centre_db)


@pytest.fixture
def lead(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("tess.lead")


@pytest.fixture
def visits(lead: SignedIn) -> Visits:
    return lead.services.visits


def pattern(kit: Kit, person: PersonId, **more: object) -> Pattern:
    rule = Rule(kit.today() + timedelta(days=1))
    given = {"rule": rule, "slots": (Slot(1, time(8), time(10), 30, "Washing"),), **more}
    return Pattern(PatternId(new_id()), person, kit.team(), **given)  # type: ignore[arg-type]


def test_an_action_becomes_a_pattern_and_a_change_of_the_plan_is_proposed(
    kit: Kit, centre_db: CentreDb, visits: Visits
) -> None:
    plans = centre_db.sign_in("asa.assessor").services.careplan
    who = kit.person(access_notes="Side door", language="Urdu", communication="Speak slowly")
    plan = plans.start(who).plan.id
    action = plans.add_action(plan, "Practise the stairs", team=kit.team())
    loose = plans.add_action(plan, "By nobody yet")
    with pytest.raises(BadValue):
        visits.from_action(loose.id)
    with pytest.raises(NotFound):
        visits.from_action(new_id())
    begun, asked = visits.from_action(action.id)
    assert (begun.slots[0].need, begun.team_id, asked.access_notes) == ("Practise the stairs", kit.team(), "Side door")
    assert asked.communication == "Urdu; Speak slowly"
    made = visits.make_pattern(begun)
    assert {v.plan_action_id for v in made.made} == {action.id} and visits.of_plans(person=who) == []

    action = plans.update_item("action", action.id, action.revision, {"what": "Practise with the frame"})  # type: ignore[assignment]
    (reworded,) = visits.of_plans(person=who)
    assert (reworded.why, reworded.words, reworded.ahead) == ("reworded", "Practise with the frame", 42)
    told = visits.follow([reworded], rehearse=True)
    done = visits.follow([reworded])
    assert len(told.changed) == len(done.changed) == 42 and {v.need for v in done.after} == {"Practise with the frame"}
    assert visits.of_plans(team=kit.team()) == []
    visits.undo(done)
    (again,) = visits.of_plans(person=who)
    visits.keep_as_is(again)
    assert visits.of_plans(person=who) == []

    plans.update_item("action", action.id, action.revision, {"state": "done"})
    (over,) = visits.of_plans(person=who)
    assert over.why == "ended"
    with pytest.raises(Conflict):
        visits.follow([replace(over, pattern=replace(over.pattern, revision=1))])
    gone = visits.follow([over])
    assert len(gone.dropped) == 42 and visits.rows_of(who) == [] and visits.of_plans(person=who) == []
    visits.undo(gone)
    present = next(a for a in plans.reread(plan).actions if a.id == action.id)
    plans.remove_item("action", action.id, present.revision)
    (off,) = visits.of_plans(person=who)
    assert (off.why, off.words, off.ahead) == ("taken_off", "", 42)


def test_an_urgent_visit_of_its_own_and_what_is_wrong_with_one(kit: Kit, lead: SignedIn, visits: Visits) -> None:
    day = kit.today() + timedelta(days=1)
    start = at_local(day, 9)
    draft = VisitDraft(
        VisitId(new_id()), kit.person(), kit.team(), day, Window.of(start, 1), 30, "A fall", fixed=start,
        access_notes="Neighbour at 12 has a key",
    )  # fmt: skip
    made = visits.plan(draft)
    assert visits.plan(draft).made == () and made.made[0].fixed == start
    board = lead.services.deployment.board(kit.team(), day)
    assert [(v.access_notes, v.pattern_id, v.unmodified) for v in board.visits] == [
        ("Neighbour at 12 has a key", None, False)
    ]
    visits.undo(made)
    assert lead.services.deployment.board(kit.team(), day).visits == ()
    late = at_local(day, 23)
    for change, problem in (
        ({"day": kit.today() - timedelta(days=1), "arrive": Window.of(start - timedelta(days=2), 60), "fixed": None},
         ("arrive", "in_the_past")),
        ({"arrive": Window.of(late, 1), "fixed": late}, ("fixed", "outside_hours")),
        ({"need": " "}, ("need", "missing")),
    ):  # fmt: skip
        with pytest.raises(BadValues) as told:
            visits.plan(replace(draft, id=VisitId(new_id()), **change))  # type: ignore[arg-type]
        assert BadValue(*problem) in told.value.problems
    with pytest.raises(BadValue) as skill:
        visits.plan(replace(draft, id=VisitId(new_id()), skills=("juggling",)))
    assert (skill.value.field, skill.value.reason) == ("skills", "not_known")
    assert [o.code for o in visits.advice(kit.team(), [Slot(1, time(8), None, 30, "x")])] == ["nobody_on_rota"]


def test_two_visits_are_set_a_gap_apart_and_let_go_again(kit: Kit, visits: Visits) -> None:
    who, day = kit.person(), kit.today() + timedelta(days=1)
    ids = []
    for hour in (9, 13):
        draft = VisitDraft(
            VisitId(new_id()), who, kit.team(), day, Window.of(at_local(day, hour), 60), 30, "Medication"
        )
        ids.append(visits.plan(draft).made[0].id)
    seen = dict.fromkeys(ids, 1)
    done = visits.put_apart(ids[0], ids[1], Gap(180, 300), seen=seen)
    first, second = done.after
    assert first.pair is not None and (first.pair.other, first.pair.least, first.pair.most) == (ids[1], 180, 300)
    assert second.pair is not None and second.pair.other_first
    with pytest.raises(Conflict):
        visits.put_apart(ids[0], ids[1], Gap(60), seen=seen)
    seen = {v.id: v.revision for v in done.after}
    with pytest.raises(BadValue) as long:
        visits.put_apart(ids[0], ids[1], Gap(600), seen=seen)
    with pytest.raises(BadValue) as round_:
        visits.put_apart(ids[1], ids[0], Gap(0), seen=seen)
    assert (long.value.reason, round_.value.field) == ("too_long", "gap")

    parted = visits.part(ids[0], seen=seen, new_visit=VisitId(new_id()))
    assert [v.pairs for v in parted.after] == [(), ()]
    back = visits.undo(parted)
    assert {v.id: v.pairs for v in back.after} == {v.id: v.pairs for v in done.after}
    assert [v.pairs for v in visits.undo(back).after] == [(), ()]


def test_two_visits_become_one_for_two_workers_and_part_again(kit: Kit, centre_db: CentreDb, visits: Visits) -> None:
    """Whoever goes still goes; what cannot be one visit says all that is in the way; undo brings both back."""
    lead = centre_db.sign_in("tess.lead").services.deployment
    who, other = kit.person(), kit.person("Someone")
    kit.skill("insulin")
    amina, bola = (kit.worker(name, skills=["insulin"]) for name in ("Amina", "Bola"))
    one, two = kit.draft(who, at(9)), kit.draft(who, at(9, 15), skills=("insulin",))
    long, theirs = kit.draft(who, at(13), minutes=60), kit.draft(other, at(9))
    lead.plan_visits([one, two, long, theirs])
    lead.allocate(one.id, amina, at(9, 30), seen=1)
    lead.allocate(two.id, bola, at(9, 30), seen=1)
    seen = {one.id: 2, two.id: 2, long.id: 1, theirs.id: 1}

    def why(first: VisitId, second: VisitId) -> list[str]:
        with pytest.raises(Refused) as found:
            visits.double_up(first, second, seen=seen)
        return [o.code for o in found.value.obstacles]

    assert why(one.id, long.id) == ["pair_lengths", "pair_windows"]
    assert "pair_two_people" in why(one.id, theirs.id) and why(one.id, one.id) == ["pair_itself"]

    done = visits.double_up(one.id, two.id, seen=seen)
    both, gone = done.after
    assert (both.workers_needed, both.skills, gone.dropped, done.freed) == (2, ("insulin",), True, ())
    assert {(a.worker_id, a.window.start) for a in both.allocations} == {(amina, at(9, 30)), (bola, at(9, 30))}
    assert both.arrive == Window(at(9, 15), at(10)) and "pair_double" in why_not(visits, both, long.id)

    back = visits.undo(done)
    assert [(v.workers_needed, v.dropped, len(v.allocations)) for v in back.after] == [(1, False, 1), (1, False, 1)]
    again = visits.undo(back)
    both = again.after[0]
    fresh = VisitId(new_id())
    parted = visits.part(one.id, seen={one.id: both.revision}, new_visit=fresh)
    (single,), (made,) = parted.after, parted.made
    assert (single.workers_needed, made.id, made.workers_needed, parted.freed) == (1, fresh, 1, ())
    assert {a.worker_id for v in (single, made) for a in v.allocations} == {amina, bola}
    whole = visits.undo(parted).after
    assert [(v.workers_needed, v.dropped, len(v.allocations)) for v in whole] == [(2, False, 2), (1, True, 0)]
    with pytest.raises(Refused):
        visits.part(theirs.id, seen=seen, new_visit=VisitId(new_id()))


def why_not(visits: Visits, both: Visit, other: VisitId) -> list[str]:
    with pytest.raises(Refused) as found:
        visits.double_up(both.id, other, seen={both.id: both.revision, other: 1})
    return [o.code for o in found.value.obstacles]


def test_two_leads_who_change_the_same_visits_at_once(kit: Kit, centre_db: CentreDb, visits: Visits) -> None:
    made = visits.make_pattern(pattern(kit, kit.person()))
    first = made.made[0]
    other = centre_db.sign_in("theo.lead").services.visits
    both = Barrier(2, timeout=60)

    def change(who: Visits, need: str) -> Change | Exception:
        both.wait()
        try:
            return who.change_visit(first.id, "following", {"need": need}, seen=1)
        except Conflict as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(change, visits, "Mine"), pool.submit(change, other, "Theirs")]
        found = [s.result() for s in sent]
    (won,) = [f for f in found if isinstance(f, Change)]
    assert sum(isinstance(f, Conflict) for f in found) == 1
    need = won.after[0].need
    assert {r.need for r in visits.rows_of(first.person.id)} == {need}
    rolled = Barrier(2, timeout=60)

    def roll(who: Visits) -> int:
        rolled.wait()
        return who.roll_out()

    with ThreadPoolExecutor(2) as pool:
        assert [s.result() for s in (pool.submit(roll, visits), pool.submit(roll, other))] == [0, 0]


def test_who_sees_and_who_writes(kit: Kit, centre_db: CentreDb, visits: Visits) -> None:
    hidden = kit.person(sharing_level="named_teams")
    assert hidden is not None
    shared = kit.person("Davison")
    made = visits.make_pattern(pattern(kit, shared))
    manager = centre_db.sign_in("max.manager").services.visits
    assert len(manager.patterns_of(shared)) == 1
    with pytest.raises(NotAllowed):
        manager.end_pattern(made.then[0].id, kit.today(), seen=1)
    with pytest.raises((NotAllowed, NotFound, BadValue)):
        visits.make_pattern(pattern(kit, hidden))
    assert visits.patterns_of(hidden) == []


def test_lists_are_the_same_number_of_statements_whatever_their_size(kit: Kit, lead: SignedIn, visits: Visits) -> None:
    counted: list[str] = []
    event.listen(lead.engine, "before_cursor_execute", lambda _c, _cu, statement, *_: counted.append(statement))

    def statements(call: Callable[[], object]) -> int:
        counted.clear()
        call()
        return len(counted)

    who = kit.person()
    visits.make_pattern(pattern(kit, who))
    calls = (lambda: visits.rows_of(who), lambda: visits.patterns_of(who), lambda: visits.of_plans(person=who))
    few = [statements(call) for call in calls]
    for _ in range(3):
        visits.make_pattern(pattern(kit, who))
    assert [statements(call) for call in calls] == few and few[0] <= 2 and few[2] <= 2


def test_the_step_can_be_taken_back_with_patterns_in_place(kit: Kit, centre_db: CentreDb, visits: Visits) -> None:
    made = visits.make_pattern(pattern(kit, kit.person(), slots=(Slot(1, time(8), None, 30, "Washing"),)))
    visits.end_pattern(made.then[0].id, made.made[10].day, seen=1)
    with centre_db.owner.begin() as c:
        migrations.downgrade(c, "0026")
        states = dict(c.execute(text("select state, count(*) from visit group by state")).all())  # type: ignore[arg-type]
        assert states["planned"] + states["cancelled"] == 42
        migrations.upgrade(c)
        assert c.execute(text("select count(*) from visit where dropped or pattern_id is not null")).scalar_one() == 0
