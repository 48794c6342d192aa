"""The deployment service on a real database: what is read, what is refused, what races."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import event, text

from coordination.deployment.model import Step
from coordination.deployment.service import Deployment, can_undo
from coordination.errors import BadValue, BadValues, Conflict, CoordinationError, NotAllowed, NotFound, Refused
from coordination.values import AllocationId, DateRange, TeamId, VisitId, Window, WorkerId, new_id
from tests.database import CentreDb
from tests.db.deployment_kit import DAY, NURSING, Kit, at


@pytest.fixture
def kit(centre_db: CentreDb) -> Kit:
    return Kit(centre_db)


@pytest.fixture
def lead(centre_db: CentreDb) -> Deployment:
    return centre_db.sign_in("tess.lead").services.deployment


def plan(lead: Deployment, kit: Kit, *people: object, **more: object) -> VisitId:
    draft = kit.draft(kit.person(*people), **more)  # type: ignore[arg-type]
    return lead.plan_visits([draft])[0]


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        act()
    return [o.code for o in caught.value.obstacles]


# ---------------------------------------------------------------- reading


def test_a_board_holds_workers_visits_and_what_keeps_people_safe(kit: Kit, lead: Deployment) -> None:
    amina = kit.worker("Amina", hours=[(7, 11), (12, 15)], skills=["insulin"])
    kit.shift(amina, "leave", at(7), at(8))
    kit.worker("Zed", hours=[])
    who = kit.person(title="Mrs", address="62 Nelson Street", access_notes="Side door", language="Urdu")
    kit.alert(who, "do_not_visit_alone", "Dog")
    draft = kit.draft(who, skills=("insulin",), time_critical=True, workers_needed=2)
    lead.plan_visits([draft])
    step = lead.allocate(draft.id, amina, at(9), seen=1)
    board = lead.board(kit.team(), DAY)
    assert [w.name for w in board.workers] == ["Amina", "Zed"]
    assert [s.kind for s in board.workers[0].shifts] == ["work", "leave", "work"]
    assert [s.code for s in board.workers[0].skills] == ["insulin"] and board.skills["insulin"] == "Insulin"
    (visit,) = board.visits
    assert visit == step.after == lead.visit(draft.id)
    assert visit.person.listed == "PANKHURST, Emmeline (Mrs)" and visit.person.alerts[0].words == "Dog"
    assert (visit.arrive, visit.minutes, visit.skills, visit.time_critical) == (draft.arrive, 45, ("insulin",), True)
    assert visit.allocations[0].window == Window(at(9), at(9, 45)) and visit.free_slots == (2,)


def test_teams_are_listed_by_service(kit: Kit, lead: Deployment) -> None:
    assert [t.service for t in lead.teams("reablement")] == ["reablement"]
    assert len(lead.teams()) == 2
    with pytest.raises(NotFound):
        lead.board(TeamId(999), DAY)


def test_who_went_before_is_remembered_for_four_weeks(kit: Kit, lead: Deployment) -> None:
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    who = kit.person()
    for days, worker in ((1, amina), (2, amina), (3, bola), (40, bola)):
        day = DAY - timedelta(days=days)
        kit.shift(worker, "work", at(7, day=day), at(15, day=day))
        draft = kit.draft(who, at(9, day=day))
        lead.plan_visits([draft])
        lead.allocate(draft.id, worker, at(9, day=day), seen=1)
    today = kit.draft(who)
    lead.plan_visits([today])
    assert lead.visit(today.id).known_to == (amina, bola)


def test_a_worker_lent_to_another_team_shows_on_both_boards(kit: Kit, lead: Deployment, centre_db: CentreDb) -> None:
    nurse = kit.worker("Nia", team=kit.team(NURSING))
    here = plan(lead, kit, start=at(9))
    lead.allocate(here, nurse, at(9), seen=1)
    assert [w.name for w in lead.board(kit.team(), DAY).workers] == ["Nia"]
    (elsewhere,) = lead.board(kit.team(NURSING), DAY).elsewhere
    assert (elsewhere.visit_id, elsewhere.person) == (here, "PANKHURST, Emmeline")
    there = kit.draft(kit.person("Davies"), team=kit.team(NURSING))
    nursing = centre_db.sign_in("dina.lead").services.deployment
    nursing.plan_visits([there])
    assert refused(lambda: nursing.allocate(there.id, nurse, at(9, 30), seen=1)) == ["busy"]
    with pytest.raises(NotAllowed):
        lead.allocate(there.id, nurse, at(9, 30), seen=1)


def test_a_board_is_the_same_number_of_queries_whatever_its_size(kit: Kit, centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("tess.lead")
    lead = desk.services.deployment
    counted: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))

    def queries() -> int:
        counted.clear()
        lead.board(kit.team(), DAY)
        return len(counted)

    workers = [kit.worker(f"W{n}") for n in range(2)]
    lead.allocate(plan(lead, kit), workers[0], at(9), seen=1)
    few = queries()
    people = [kit.person(f"P{n}") for n in range(10)]
    drafts = [kit.draft(p, at(7 + n % 8), minutes=15) for n, p in enumerate(people)]
    lead.plan_visits(drafts)
    assert queries() == few <= 11


# ---------------------------------------------------------------- planning


def test_planning_twice_plans_once_and_a_plan_action_makes_many(kit: Kit, lead: Deployment) -> None:
    from coordination.deployment.drafts import repeated

    first = kit.draft(kit.person(), skills=("insulin", "insulin"))
    drafts = repeated(first, DateRange.of(DAY, 3))
    assert lead.plan_visits(drafts) == lead.plan_visits(drafts) == tuple(d.id for d in drafts)
    for days in range(3):
        (visit,) = lead.board(kit.team(), DAY + timedelta(days=days)).visits
        assert visit.skills == ("insulin",) and visit.arrive.start == at(9, day=visit.day)


def test_what_cannot_be_planned_says_why(kit: Kit, lead: Deployment) -> None:
    who = kit.person()
    with pytest.raises(BadValues):
        lead.plan_visits([kit.draft(who, minutes=2)])
    with pytest.raises(BadValue) as caught:
        lead.plan_visits([kit.draft(who, skills=("juggling",))])
    assert (caught.value.field, caught.value.reason) == ("skills", "not_known")
    # nobody learns whether somebody whom they do not see is there
    with pytest.raises(NotAllowed):
        lead.plan_visits([kit.draft(new_id())])  # type: ignore[arg-type]


# ---------------------------------------------------------------- each refusal, by the service and by raw SQL


@pytest.fixture
def psql(centre_db: CentreDb) -> Iterator[psycopg.Connection]:
    connection = centre_db.psql("tess.lead")
    yield connection
    connection.close()


def raw(
    psql: psycopg.Connection, visit: VisitId, worker: WorkerId, start: object, minutes: int = 45, slot: int = 1
) -> str:
    """The name of the constraint that refuses this row, or ``""``."""
    try:
        psql.execute(
            "insert into allocation (id, visit_id, worker_id, slot, period)"
            " values (%s, %s, %s, %s, tstzrange(%s, %s::timestamptz + make_interval(mins => %s)))",
            (new_id(), visit, worker, slot, start, start, minutes),
        )
    except psycopg.Error as error:
        return error.diag.constraint_name or error.sqlstate or "?"
    return ""


def test_nobody_is_in_two_places_at_once(kit: Kit, lead: Deployment, psql: psycopg.Connection) -> None:
    amina = kit.worker("Amina")
    lead.allocate(plan(lead, kit, "Davies"), amina, at(9), seen=1)
    asked = plan(lead, kit)
    with pytest.raises(Refused) as caught:
        lead.allocate(asked, amina, at(9, 30), seen=1)
    (found,) = caught.value.obstacles
    assert (found.code, found.fact("other"), found.fact("start")) == ("busy", "DAVIES, Emmeline", at(9))
    assert raw(psql, asked, amina, at(9, 30)) == "allocation_worker_free"
    assert lead.visit(asked).revision == 1


def test_nobody_visits_without_the_skill(kit: Kit, lead: Deployment, psql: psycopg.Connection) -> None:
    bola, asked = kit.worker("Bola"), plan(lead, kit, skills=("insulin",))
    assert refused(lambda: lead.allocate(asked, bola, at(9), seen=1)) == ["lacks_skill"]
    assert raw(psql, asked, bola, at(9)) == "allocation_worker_has_skill"


def test_nobody_visits_off_shift_or_away(kit: Kit, lead: Deployment, psql: psycopg.Connection) -> None:
    early, ill, none = kit.worker("Early", hours=[(7, 9)]), kit.worker("Ill"), kit.worker("None", hours=[])
    kit.shift(ill, "sickness", at(8), at(12))
    asked = plan(lead, kit)
    assert refused(lambda: lead.allocate(asked, early, at(9), seen=1)) == ["off_shift"]
    assert refused(lambda: lead.allocate(asked, none, at(9), seen=1)) == ["not_working"]
    assert refused(lambda: lead.allocate(asked, ill, at(9), seen=1)) == ["away"]
    assert raw(psql, asked, early, at(9)) == raw(psql, asked, none, at(9)) == "allocation_worker_on_shift"
    assert raw(psql, asked, ill, at(9)) == "allocation_worker_not_away"


def test_the_gender_that_was_asked_for(kit: Kit, lead: Deployment, psql: psycopg.Connection) -> None:
    omar, asked = kit.worker("Omar", gender="male"), plan(lead, kit, gender_asked="female")
    assert refused(lambda: lead.allocate(asked, omar, at(9), seen=1)) == ["gender_asked"]
    assert raw(psql, asked, omar, at(9)) == "allocation_gender_asked"


def test_another_day_another_length_another_slot(kit: Kit, lead: Deployment, psql: psycopg.Connection) -> None:
    amina, asked = kit.worker("Amina"), plan(lead, kit)
    tomorrow = DAY + timedelta(days=1)
    kit.shift(amina, "work", at(7, day=tomorrow), at(15, day=tomorrow))
    codes = refused(lambda: lead.allocate(asked, amina, at(9, day=tomorrow), seen=1))
    assert "another_day" in codes
    assert raw(psql, asked, amina, at(9, day=tomorrow)) == "allocation_on_visits_day"
    assert raw(psql, asked, amina, at(9), minutes=30) == "allocation_length_is_visits"
    assert raw(psql, asked, amina, at(9), slot=2) == "allocation_slot_needed"
    lead.allocate(asked, amina, at(9), seen=1)
    bola = kit.worker("Bola")
    assert refused(lambda: lead.allocate(asked, bola, at(9), seen=2)) == ["fully_placed"]
    assert raw(psql, asked, bola, at(9)) == "allocation_slot_once"


def test_a_visit_that_is_over_takes_nobody(kit: Kit, lead: Deployment, psql: psycopg.Connection) -> None:
    amina, asked = kit.worker("Amina"), plan(lead, kit)
    lead.end(asked, "cancelled", "In hospital", seen=1)
    assert refused(lambda: lead.allocate(asked, amina, at(9), seen=2)) == ["visit_over"]
    assert raw(psql, asked, amina, at(9)) == "allocation_visit_is_planned"


def test_only_a_team_lead_gives_visits_away(kit: Kit, lead: Deployment, centre_db: CentreDb) -> None:
    amina, asked = kit.worker("Amina"), plan(lead, kit)
    for user in ("cora.coordinator", "max.manager", "asa.assessor"):
        desk = centre_db.sign_in(user).services.deployment
        with pytest.raises(NotAllowed):
            desk.allocate(asked, amina, at(9), seen=1)
    assert lead.visit(asked).allocations == ()


# ---------------------------------------------------------------- moving, double-ups, pins, undo


def test_a_move_keeps_the_allocation_and_raises_the_revision(kit: Kit, lead: Deployment) -> None:
    amina, bola, asked = kit.worker("Amina"), kit.worker("Bola"), plan(lead, kit)
    placed = lead.allocate(asked, amina, at(9), seen=1).after
    moved = lead.move(asked, 1, bola, at(10), seen=placed.revision).after
    assert moved.allocations[0].id == placed.allocations[0].id and moved.revision == 3
    assert (moved.allocations[0].worker_id, moved.starts) == (bola, at(10))
    with pytest.raises(Conflict) as caught:
        lead.move(asked, 1, amina, at(9), seen=placed.revision)
    assert caught.value.current == moved


def test_the_halves_of_a_double_up_go_together(kit: Kit, lead: Deployment) -> None:
    amina, bola = kit.worker("Amina", hours=[(7, 11)]), kit.worker("Bola")
    asked = plan(lead, kit, workers_needed=2)
    lead.allocate(asked, amina, at(9), seen=1)
    both = lead.allocate(asked, bola, at(9, 15), seen=2).after
    assert [a.window.start for a in both.allocations] == [at(9, 15), at(9, 15)]
    later = lead.move(asked, 2, bola, at(10), seen=3).after
    assert {a.window.start for a in later.allocations} == {at(10)}
    with pytest.raises(Refused) as caught:
        lead.move(asked, 2, bola, at(11), seen=4)
    assert [(o.code, o.fact("worker")) for o in caught.value.obstacles] == [("off_shift", "Amina")]
    assert lead.visit(asked) == later
    assert refused(lambda: lead.move(asked, 1, bola, at(10), seen=4)) == ["already_there"]


def test_a_pinned_visit_stays(kit: Kit, lead: Deployment) -> None:
    amina, asked = kit.worker("Amina"), plan(lead, kit)
    lead.allocate(asked, amina, at(9), seen=1)
    fixed = lead.pin(asked, seen=2).after
    assert fixed.is_pinned
    assert refused(lambda: lead.move(asked, 1, amina, at(10), seen=3)) == ["pinned"]
    assert refused(lambda: lead.unallocate(asked, seen=3)) == ["pinned"]
    free = lead.pin(asked, False, seen=3).after
    assert not free.is_pinned and lead.unallocate(asked, seen=4).after.allocations == ()


def everything(kit: Kit, lead: Deployment) -> Iterator[Step]:
    """One step of each kind on one double-up."""
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    asked = plan(lead, kit, start=at(0), window=23 * 60, workers_needed=2)
    yield (step := lead.allocate(asked, amina, at(9), seen=1))
    yield (step := lead.allocate(asked, bola, at(9), seen=step.after.revision))
    yield (step := lead.move(asked, 1, amina, at(10), seen=step.after.revision))
    yield (step := lead.pin(asked, seen=step.after.revision))
    yield (step := lead.pin(asked, False, seen=step.after.revision))
    yield (step := lead.unallocate(asked, 2, seen=step.after.revision))
    yield (step := lead.end(asked, "cancelled", "In hospital", seen=step.after.revision))
    yield lead.reopen(asked, seen=step.after.revision)


def test_every_step_can_be_undone_and_done_again(kit: Kit, lead: Deployment) -> None:
    def core(step_visit: object) -> object:
        return {**_fields(step_visit), "revision": 0}

    for step in everything(kit, lead):
        assert can_undo(step)
        back = lead.undo(step)
        assert core(back.after) == core(step.before)
        again = lead.undo(back)
        assert core(again.after) == core(step.after)
        with pytest.raises(Conflict):
            lead.undo(back)
        # leave the revision where the generator expects it
        kit.set_revision(step.after.id, step.after.revision)


def _fields(record: object) -> dict[str, object]:
    from dataclasses import fields

    return {f.name: getattr(record, f.name) for f in fields(record)}  # type: ignore[arg-type]


def test_undo_is_refused_when_the_place_was_taken_meanwhile(kit: Kit, lead: Deployment) -> None:
    amina, first, second = kit.worker("Amina"), plan(lead, kit), plan(lead, kit, "Davies")
    lead.allocate(first, amina, at(9), seen=1)
    gone = lead.unallocate(first, seen=2)
    lead.allocate(second, amina, at(9), seen=1)
    assert refused(lambda: lead.undo(gone)) == ["busy"]
    assert lead.visit(first).allocations == ()


def test_sending_an_allocation_again_is_safe(kit: Kit, lead: Deployment) -> None:
    amina, asked, same = kit.worker("Amina"), plan(lead, kit), AllocationId(new_id())
    once = lead.allocate(asked, amina, at(9), seen=1, allocation=same)
    twice = lead.allocate(asked, amina, at(9), seen=1, allocation=same)
    assert once.after == twice.after and len(twice.after.allocations) == 1


# ---------------------------------------------------------------- how visits end


def test_who_went_stays_on_record_and_a_cancelled_visit_frees_them(kit: Kit, lead: Deployment) -> None:
    amina = kit.worker("Amina", hours=[])
    yesterday = kit.today() - timedelta(days=1)
    kit.shift(amina, "work", at(7, day=yesterday), at(22, day=yesterday))
    visits = []
    for hour in (8, 10, 12, 14):
        draft = kit.draft(kit.person(), at(hour, day=yesterday))
        lead.plan_visits([draft])
        lead.allocate(draft.id, amina, at(hour, day=yesterday), seen=1)
        visits.append(draft.id)
    with pytest.raises(BadValue):
        lead.end(visits[1], "no_access", " ", seen=2)
    ends = [("done", ""), ("no_access", "Nobody answered"), ("declined", "Not today"), ("cancelled", "In hospital")]
    found = [lead.end(v, o, r, seen=2).after for v, (o, r) in zip(visits, ends, strict=True)]  # type: ignore[arg-type]
    assert [v.state for v in found] == ["done", "no_access", "declined", "cancelled"]
    assert [len(v.allocations) for v in found] == [1, 1, 1, 0]
    assert refused(lambda: lead.end(visits[0], "done", seen=3)) == ["visit_over"]
    assert lead.reopen(visits[0], seen=3).after.state == "planned"


def test_nobody_has_been_where_it_is_not_yet_time(kit: Kit, lead: Deployment) -> None:
    amina = kit.worker("Amina", hours=[])
    tomorrow = kit.today() + timedelta(days=1)
    kit.shift(amina, "work", at(7, day=tomorrow), at(22, day=tomorrow))
    draft = kit.draft(kit.person(), at(9, day=tomorrow))
    lead.plan_visits([draft])
    assert refused(lambda: lead.end(draft.id, "done", seen=1)) == ["nobody_sent"]
    lead.allocate(draft.id, amina, at(9, day=tomorrow), seen=1)
    assert refused(lambda: lead.end(draft.id, "done", seen=2)) == ["not_yet"]
    assert lead.end(draft.id, "declined", "Rang to say no", seen=2).after.allocations == ()


def test_a_visit_moves_to_another_day_as_a_new_one(kit: Kit, lead: Deployment) -> None:
    amina, asked, fresh = (
        kit.worker("Amina", skills=["insulin"]),
        plan(lead, kit, skills=("insulin",)),
        VisitId(new_id()),
    )
    later = DAY + timedelta(days=2)
    kit.shift(amina, "work", at(7, day=later), at(22, day=later))
    given = lead.allocate(asked, amina, at(9), seen=1).after
    step = lead.move_to(asked, later, Window.of(at(11, day=later), 30), "Hospital appointment", seen=2, new_visit=fresh)
    assert (step.after.state, step.after.state_reason) == ("moved", "Hospital appointment")
    new = lead.visit(fresh)
    assert (new.day, new.skills, new.need, new.state) == (later, ("insulin",), "Washing and dressing", "planned")

    back = lead.undo(step)  # with whoever had it; the new one is on no board, and was never to be
    assert (back.after.state, back.after.allocations) == ("planned", given.allocations)
    assert not lead.board(kit.team(), later).visits and can_undo(back)
    again = lead.undo(back)
    assert (again.after.state, again.after.state_reason) == ("moved", "Hospital appointment")
    assert [v.id for v in lead.board(kit.team(), later).visits] == [fresh]
    assert kit.database.sign_in("tess.lead").services.outcomes.trace(asked).went_to.id == fresh

    taken = lead.allocate(fresh, amina, at(11, day=later), seen=lead.visit(fresh).revision)
    assert refused(lambda: lead.undo(again)) == ["successor_changed"]
    assert lead.visit(asked).state == "moved" and lead.visit(fresh).allocations == taken.after.allocations


# ---------------------------------------------------------------- two at once


def race(*acts: Callable[[], object]) -> list[object]:
    """Run them at the same moment; each result or error."""
    gate = Barrier(len(acts), timeout=60)

    def one(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        except CoordinationError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_two_leads_never_send_one_worker_to_two_places(kit: Kit, centre_db: CentreDb) -> None:
    tess, theo = (centre_db.sign_in(u).services.deployment for u in ("tess.lead", "theo.lead"))
    amina = kit.worker("Amina")
    for minute in range(0, 300, 20):
        start = at(7) + timedelta(minutes=minute)
        one, two = (plan(tess, kit, name, start=start, minutes=20) for name in ("Davies", "Khan"))
        found = race(
            lambda one=one, start=start: tess.allocate(one, amina, start, seen=1),
            lambda two=two, start=start: theo.allocate(two, amina, start, seen=1),
        )
        (won,) = [f for f in found if isinstance(f, Step)]
        (lost,) = [f for f in found if isinstance(f, Refused)]
        (why,) = lost.obstacles
        assert why.code == "busy" and why.fact("visit") == won.after.id


def test_two_leads_with_one_visit_one_is_told_that_it_changed(kit: Kit, centre_db: CentreDb) -> None:
    tess, theo = (centre_db.sign_in(u).services.deployment for u in ("tess.lead", "theo.lead"))
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    for minute in range(0, 200, 20):
        start = at(7) + timedelta(minutes=minute)
        asked = plan(tess, kit, start=start, minutes=20)
        found = race(
            lambda v=asked, start=start: tess.allocate(v, amina, start, seen=1),
            lambda v=asked, start=start: theo.allocate(v, bola, start, seen=1),
        )
        (won,) = [f for f in found if isinstance(f, Step)]
        (lost,) = [f for f in found if isinstance(f, Conflict)]
        assert lost.current == won.after


def test_two_leads_exchange_two_workers_without_blocking_each_other(kit: Kit, centre_db: CentreDb) -> None:
    tess, theo = (centre_db.sign_in(u).services.deployment for u in ("tess.lead", "theo.lead"))
    amina, bola = kit.worker("Amina"), kit.worker("Bola")
    one, two = plan(tess, kit, "Davies", workers_needed=2), plan(tess, kit, "Khan", workers_needed=2, start=at(10))
    for visit, start in ((one, at(8)), (two, at(12))):
        tess.allocate(visit, amina, start, seen=1)
        tess.allocate(visit, bola, start, seen=2)
    found = race(
        lambda: tess.move(one, 1, amina, at(12, 20), seen=3),
        lambda: theo.move(two, 1, amina, at(8, 20), seen=3),
    )
    assert all(isinstance(f, Step | Refused) for f in found)
    with centre_db.owner.begin() as c:
        overlapping = text(
            "select count(*) from allocation a join allocation b on a.worker_id = b.worker_id and a.id < b.id"
            " where a.period && b.period"
        )
        assert c.execute(overlapping).scalar_one() == 0
