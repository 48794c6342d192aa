"""Workers, rotas and absence on a real database: what is kept, what is refused, what races."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import event, text

from coordination.clock import at_local, local_date
from coordination.deployment.model import Place
from coordination.errors import BadValue, BadValues, Conflict, NotAllowed, NotFound, Refused
from coordination.services import Services
from coordination.values import DateRange, TeamId, VisitId, Window, WorkerId, new_id
from coordination.workforce.model import AbsenceDraft, Assignment, Rota, RotaException, Spell, WorkerDraft
from db import migrations
from tests.database import CentreDb
from tests.db.deployment_kit import Kit

MONDAY = date(2026, 1, 5)
EARLY = tuple(Spell(0, day, 7 * 60, 15 * 60) for day in range(5))


@pytest.fixture
def kit(centre_db: CentreDb) -> Kit:
    return Kit(centre_db)


@pytest.fixture
def lead(centre_db: CentreDb) -> Services:
    return centre_db.sign_in("tess.lead").services


def next_monday(kit: Kit, weeks: int = 1) -> date:
    today = kit.today()
    return today + timedelta(days=7 * weeks - today.weekday())


def rota(kit: Kit, name: str = "Earlies", spells: tuple[Spell, ...] = EARLY, weeks: int = 1) -> Rota:
    return Rota(new_id(), kit.team(), name, weeks, MONDAY, spells)


def shifts(kit: Kit, worker: WorkerId, kind: str = "work") -> list[tuple[datetime, datetime, date | None]]:
    with kit.database.owner.begin() as c:
        rows = c.execute(
            text(
                "select lower(period) a, upper(period) b, rota_day from shift"
                " where worker_id = :w and kind = :k order by 1"
            ),
            {"w": worker, "k": kind},
        )
        return [(r.a, r.b, r.rota_day) for r in rows]


def given(kit: Kit, lead: Services, worker: WorkerId, start: datetime, surname: str = "Pankhurst") -> VisitId:
    draft = kit.draft(kit.person(surname), start)
    lead.deployment.plan_visits([draft])
    lead.deployment.allocate(draft.id, worker, start, seen=1)
    return draft.id


# ---------------------------------------------------------------- a worker


def test_a_worker_is_kept_with_everything_a_lead_says_of_them(kit: Kit, lead: Services, centre_db: CentreDb) -> None:
    kit.skill("insulin")
    draft = WorkerDraft(new_id(), kit.team(), " Amina Khan ", "female", "Reablement officer")
    worker = lead.workforce.add(draft)
    assert lead.workforce.add(draft) == worker
    today = kit.today()
    (row,) = lead.workforce.workers(kit.team(), today)
    assert (row.name, row.state, row.has_place) == ("Amina Khan", "off", False)
    changes = {"languages": ("urdu", "Polish ", "Urdu"), "neighbourhoods": (3, 1), "most_minutes": 300,
               "contracted_minutes": 2220, "agency": "Carewell", "enhanced": True,
               "place": Place(53.5, -2.2), "base": "base", "base_name": "Longsight"}  # fmt: skip
    head = lead.workforce.change(worker, changes, seen=1)
    assert head.languages == ("Polish", "Urdu") and head.neighbourhoods == (1, 3) and head.revision == 2
    with pytest.raises(Conflict) as stale:
        lead.workforce.change(worker, {"grade": "Senior"}, seen=1)
    assert stale.value.current == head
    who = kit.person()
    lead.workforce.set_skill(worker, "insulin", today + timedelta(days=9), seen=None)
    lead.workforce.say(worker, who, "not_to", "A complaint in March", seen=None)
    sheet = lead.workforce.worker(worker, today)
    assert sheet.head == head and sheet.skills[0].expires_on == today + timedelta(days=9)
    assert (sheet.people[0].person, sheet.people[0].reason) == ("PANKHURST, Emmeline", "A complaint in March")
    board = lead.deployment.board(kit.team(), today)
    (seen,) = board.workers
    assert (seen.languages, seen.not_to, seen.most_minutes) == (("Polish", "Urdu"), {who}, 300)
    assert (seen.enhanced, seen.agency, seen.base) == (True, "Carewell", "base")
    # whoever does not lead the team is told that there is a person, and not why
    cora = centre_db.sign_in("cora.coordinator").services
    assert [p.reason for p in cora.workforce.worker(worker, today).people] == [None]
    assert cora.workforce.stranded(worker) == () and cora.deployment.board(kit.team(), today).workers[0].not_to == {who}
    for refuse in (
        lambda: cora.workforce.change(worker, {"grade": "x"}, seen=2),
        lambda: cora.workforce.set_skill(worker, "insulin", None, seen=1),
        lambda: cora.workforce.say(worker, who, "knows", seen=None),
        lambda: cora.absences.enter(AbsenceDraft(new_id(), worker, "leave", today, today)),
    ):
        with pytest.raises((NotAllowed, Conflict)):
            refuse()
    with psycopg_as(centre_db, "cora.coordinator") as c, pytest.raises(psycopg.errors.InsufficientPrivilege):
        c.execute("select reason from worker_person")


def psycopg_as(centre_db: CentreDb, user: str) -> psycopg.Connection:
    connection: psycopg.Connection = centre_db.psql(user)
    return connection


def test_the_list_and_a_worker_are_few_queries(kit: Kit, lead: Services, centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("tess.lead")
    for n in range(4):
        kit.worker(f"W{n}", hours=[])
    counted: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *a: counted.append(a[2]))
    (first, *_) = desk.services.workforce.workers(None, kit.today())
    assert len(counted) <= 2  # with the transaction's own
    counted.clear()
    desk.services.workforce.worker(first.id, kit.today())
    assert len(counted) <= 4


def test_a_skill_that_runs_out_in_the_middle_of_what_is_planned_is_said_at_once(kit: Kit, lead: Services) -> None:
    kit.skill("insulin")
    day = next_monday(kit)
    amina = kit.worker("Amina", hours=[], skills=["insulin"])
    kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
    draft = kit.draft(kit.person(), at_local(day, 9), skills=("insulin",))
    lead.deployment.plan_visits([draft])
    lead.deployment.allocate(draft.id, amina, at_local(day, 9), seen=1)
    (left,) = lead.workforce.set_skill(amina, "insulin", day - timedelta(days=1), seen=1)
    assert left.visit_id == draft.id and left.why == ("lacks_skill",)
    with pytest.raises(Conflict) as stale:
        lead.workforce.set_skill(amina, "insulin", None, seen=1)
    assert stale.value.current.expires_on == day - timedelta(days=1)
    assert lead.workforce.set_skill(amina, "insulin", day, seen=2) == ()
    with pytest.raises(BadValue):
        lead.workforce.set_skill(amina, "juggling", None, seen=None)


# ---------------------------------------------------------------- who may not be sent


def test_nobody_is_sent_where_they_are_not_to_go_nor_over_their_minutes(
    kit: Kit, lead: Services, centre_db: CentreDb
) -> None:
    day = next_monday(kit)
    amina, bola = kit.worker("Amina", hours=[]), kit.worker("Bola", hours=[])
    for worker in (amina, bola):
        kit.shift(worker, "work", at_local(day, 7), at_local(day, 15))
    who = kit.person()
    lead.workforce.say(amina, who, "not_to", "Asked for", seen=None)
    draft = kit.draft(who, at_local(day, 9))
    lead.deployment.plan_visits([draft])
    with pytest.raises(Refused) as told:
        lead.deployment.allocate(draft.id, amina, at_local(day, 9), seen=1)
    assert [o.code for o in told.value.obstacles] == ["may_not_visit"]
    lead.workforce.change(bola, {"most_minutes": 60}, seen=1)
    given(kit, lead, bola, at_local(day, 11), "Davies")
    with pytest.raises(Refused) as told:
        lead.deployment.allocate(draft.id, bola, at_local(day, 9), seen=1)
    assert [(o.code, o.fact("given"), o.fact("most")) for o in told.value.obstacles] == [("contact_limit", 45, 60)]
    put = "insert into allocation (id, visit_id, worker_id, period) values (%s, %s, %s, tstzrange(%s, %s))"
    with centre_db.psql("tess.lead") as c:
        for worker, constraint in ((amina, "allocation_worker_may_visit"), (bola, "allocation_within_contact_limit")):
            with pytest.raises(psycopg.errors.CheckViolation) as caught:
                c.execute(put, (new_id(), draft.id, worker, at_local(day, 9), at_local(day, 9, 45)))
            assert caught.value.diag.constraint_name == constraint
    # said the other way round afterwards, it is told with the visits that are given already
    lead.workforce.change(bola, {"most_minutes": None}, seen=2)
    lead.deployment.allocate(draft.id, bola, at_local(day, 9), seen=1)
    (left,) = lead.workforce.say(bola, who, "not_to", "Knows the family", seen=None)
    assert left.visit_id == draft.id and left.why == ("may_not_visit",)
    assert lead.workforce.say(bola, who, "knows", seen=1) == ()


def test_two_who_give_to_one_worker_at_once_do_not_go_over_the_minutes_together(
    kit: Kit, lead: Services, centre_db: CentreDb
) -> None:
    day = next_monday(kit)
    amina = kit.worker("Amina", hours=[])
    kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
    lead.workforce.change(amina, {"most_minutes": 60}, seen=1)
    drafts = [kit.draft(kit.person(f"P{n}"), at_local(day, 8 + n)) for n in range(2)]
    lead.deployment.plan_visits(drafts)
    desks = [lead, centre_db.sign_in("tess.lead").services]
    together = Barrier(2, timeout=60)

    def give(number: int) -> str:
        together.wait()
        try:
            desks[number].deployment.allocate(drafts[number].id, amina, at_local(day, 8 + number), seen=1)
        except Refused as error:
            return error.obstacles[0].code
        return "given"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(give, range(2))) == ["contact_limit", "given"]


# ---------------------------------------------------------------- rotas


def test_a_rota_makes_shifts_and_making_them_again_changes_nothing(kit: Kit, lead: Services) -> None:
    first = next_monday(kit)
    amina, zed = kit.worker("Amina", hours=[]), kit.worker("Zed", hours=[])
    made, done = lead.rotas.save(rota(kit))
    assert done is None and made.revision == 1
    start = Assignment(new_id(), amina, made.id, first)
    rolled = lead.rotas.assign(start).rolled
    assert rolled.added == len(shifts(kit, amina)) >= 10
    kit.shift(zed, "work", at_local(first, 9), at_local(first, 12))
    lead.rotas.assign(Assignment(new_id(), zed, made.id, first))
    again = lead.rotas.roll_out(kit.team(), DateRange.of(first, 14))
    assert (again.added, again.removed) == (0, 0) and again.kept == 19
    assert [(o.code, o.fact("worker"), o.fact("day")) for o in again.told] == [("kept_by_hand", "Zed", first)]
    assert shifts(kit, zed)[0] == (at_local(first, 9), at_local(first, 12), None)
    # one day off, and other hours on another; then the rota itself changes
    off = RotaException(new_id(), amina, first, "off")
    assert lead.rotas.except_day(off).removed == 1
    with pytest.raises(BadValue) as twice:
        lead.rotas.except_day(RotaException(new_id(), amina, first, "hours", 600, 900))
    assert twice.value.reason == "has_one"
    lead.rotas.except_day(RotaException(new_id(), amina, first, "extra", 17 * 60, 20 * 60))
    assert shifts(kit, amina)[0] == (at_local(first, 17), at_local(first, 20), first)
    lead.rotas.remove_exception(replace(off, revision=1))
    assert [s[0] for s in shifts(kit, amina)[:2]] == [at_local(first, 7), at_local(first, 17)]
    visit = given(kit, lead, amina, at_local(first + timedelta(days=1), 14), "Davies")
    late = replace(made, spells=tuple(replace(s, ends=14 * 60) for s in made.spells))
    _, rolled_on = lead.rotas.save(late)
    assert rolled_on is not None and [g.visit_id for g in rolled_on.stranded] == [visit]
    with pytest.raises(Conflict):
        lead.rotas.save(late)
    with pytest.raises(Refused):
        lead.rotas.remove(made.id, seen=2)
    # another rota from the second week on ends the first
    lates, _ = lead.rotas.save(rota(kit, "Lates", tuple(Spell(0, d, 14 * 60, 22 * 60) for d in range(3))))
    second = first + timedelta(days=7)
    done = lead.rotas.assign(Assignment(new_id(), amina, lates.id, second))
    lead.rotas.undo_assign(done)
    assert [(a.start, a.end) for a in lead.workforce.worker(amina, first).assignments] == [(first, None)]
    with pytest.raises(Conflict):
        lead.rotas.undo_assign(done)
    lead.rotas.assign(Assignment(new_id(), amina, lates.id, second))
    sheet = lead.workforce.worker(amina, first)
    assert [(a.start, a.end) for a in sheet.assignments] == [(first, second), (second, None)]
    assert [s.window.start for s in sheet.shifts if s.rota_day and s.rota_day >= second] == [
        at_local(second + timedelta(days=n), 14) for n in range(3)
    ]


def test_a_rota_that_overlaps_itself_is_refused_here_and_there(kit: Kit, lead: Services, centre_db: CentreDb) -> None:
    night = Spell(1, 6, 22 * 60, 7 * 60)  # the last Sunday night reaches into the first Monday
    wrong = rota(kit, spells=(night, Spell(0, 0, 6 * 60, 14 * 60)), weeks=2)
    with pytest.raises(BadValues) as told:
        lead.rotas.save(wrong)
    assert {p.reason for p in told.value.problems} == {"overlaps"}
    made, _ = lead.rotas.save(replace(wrong, spells=(night,)))
    with pytest.raises(BadValue) as taken:
        lead.rotas.save(rota(kit))
    assert (taken.value.field, taken.value.reason) == ("name", "taken")
    put = "insert into rota_spell (rota_id, weeks, week, weekday, starts, ends) values (%s, %s, 0, 0, %s, 840)"
    with centre_db.psql("tess.lead") as c:
        with pytest.raises(psycopg.errors.ExclusionViolation) as caught:
            c.execute(put, (made.id, 2, 360))
        assert caught.value.diag.constraint_name == "rota_spell_never_overlaps"
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            c.execute(put, (made.id, 3, 600))  # not the length of the cycle
    with centre_db.psql("cora.coordinator") as c, pytest.raises(psycopg.errors.InsufficientPrivilege):
        c.execute("update rota set name = 'x'")


def test_two_roll_outs_at_once_make_every_shift_once(kit: Kit, lead: Services, centre_db: CentreDb) -> None:
    first = next_monday(kit, 9)
    made, _ = lead.rotas.save(rota(kit))
    for n in range(3):
        lead.rotas.assign(Assignment(new_id(), kit.worker(f"W{n}", hours=[]), made.id, first))
    desks = [lead, centre_db.sign_in("tess.lead").services]
    together = Barrier(2, timeout=60)

    def roll(desk: Services) -> int:
        together.wait()
        return desk.rotas.roll_out(kit.team(), DateRange.of(first, 7)).added

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(roll, desks)) == [0, 15]


# ---------------------------------------------------------------- leave and sickness


def test_whoever_is_ill_leaves_visits_that_are_listed_freed_and_given_again(kit: Kit, lead: Services) -> None:
    day = next_monday(kit)
    amina = kit.worker("Amina", hours=[])
    kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
    early, late = (given(kit, lead, amina, at_local(day, h), f"P{h}") for h in (8, 13))
    lead.deployment.pin(early, seen=2)
    half = AbsenceDraft(new_id(), amina, "sickness", day, day, "self_certified", from_midday=True)
    done = lead.absences.enter(half)
    assert done.after is not None and done.after.window == Window(at_local(day, 11), at_local(day, 24))
    assert [g.visit_id for g in done.stranded] == [late]
    assert lead.absences.enter(half).after == done.after  # sent twice
    assert lead.absences.remove(done.after).after is None
    whole = lead.absences.enter(AbsenceDraft(new_id(), amina, "sickness", day, day), free=True)
    assert whole.after is not None and len(whole.freed) == 2 and lead.deployment.visit(early).allocations == ()
    with pytest.raises(BadValue) as twice:
        lead.absences.enter(AbsenceDraft(new_id(), amina, "sickness", day - timedelta(days=2), day))
    assert (twice.value.field, twice.value.reason) == ("first", "away_already")
    assert lead.absences.undo(whole).after is None
    assert lead.deployment.visit(early).allocations[0].pinned
    assert [a.worker_id for a in lead.deployment.visit(late).allocations] == [amina]
    with pytest.raises(Conflict):
        lead.absences.undo(whole)
    # left as they were, and freed later; the absence ends early, and that is undone too
    back = lead.absences.enter(replace(half, id=new_id()))
    assert back.after is not None
    (left,) = [g for g in lead.workforce.stranded(amina) if g.why == ("away",)]
    steps = lead.absences.free([left])
    with pytest.raises(Conflict):
        lead.absences.free([left])
    with pytest.raises(Refused):
        lead.absences.unfree(steps)  # still ill
    ended = lead.absences.back_on(back.after, day, midday=True)
    assert ended.after is None and shifts(kit, amina, "sickness") == []
    lead.absences.unfree(steps)
    again = lead.absences.undo(ended)
    assert again.after is not None and again.after.window == done.after.window
    lead.absences.remove(again.after)


def test_absence_that_cannot_be_is_told_at_its_field(kit: Kit, lead: Services) -> None:
    day = next_monday(kit)
    amina = kit.worker("Amina", hours=[])
    with pytest.raises(BadValues) as told:
        lead.absences.enter(AbsenceDraft(new_id(), amina, "leave", day, day - timedelta(days=1), "fit_note"))
    assert [(p.field, p.reason) for p in told.value.problems] == [("last", "before_first"), ("category", "not_known")]
    fine = AbsenceDraft(new_id(), amina, "leave", day, day + timedelta(days=6), "annual")
    done = lead.absences.enter(fine)
    assert done.after is not None
    with pytest.raises(BadValue) as late:
        lead.absences.back_on(done.after, day + timedelta(days=9))
    assert (late.value.field, late.value.reason) == ("back", "after_end")
    cut = lead.absences.back_on(done.after, day + timedelta(days=3))
    assert cut.after is not None and local_date(cut.after.window.end) == day + timedelta(days=3)
    month = lead.rotas.month(kit.team(), day, 7)
    assert [len(r.away) for r in month.rows] == [3]
    with pytest.raises(NotFound):
        lead.rotas.month(TeamId(999), day)


def test_a_visit_that_is_not_shared_with_the_lead_is_counted_and_not_named(
    kit: Kit, lead: Services, centre_db: CentreDb
) -> None:
    day = next_monday(kit)
    amina = kit.worker("Amina", hours=[])
    kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
    who = kit.person("Hidden")
    draft = kit.draft(who, at_local(day, 9))
    lead.deployment.plan_visits([draft])
    lead.deployment.allocate(draft.id, amina, at_local(day, 9), seen=1)
    with kit.database.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams' where id = :p"), {"p": who})
    done = lead.absences.enter(AbsenceDraft(new_id(), amina, "sickness", day, day), free=True)
    assert (done.stranded, done.freed, done.unseen) == ((), (), 1)
    with centre_db.psql("cora.coordinator") as c, pytest.raises(psycopg.errors.InsufficientPrivilege):
        c.execute("select given_unseen(1, tstzrange(now(), null))")


def test_whoever_leaves_has_their_visits_named(kit: Kit, lead: Services) -> None:
    day = next_monday(kit)
    amina = kit.worker("Amina", hours=[])
    kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
    visit = given(kit, lead, amina, at_local(day, 9))
    assert lead.workforce.stranded(amina) == ()
    lead.workforce.change(amina, {"active": False}, seen=1)
    (left,) = lead.workforce.stranded(amina)
    assert (left.visit_id, left.why) == (visit, ("gone",))
    assert lead.workforce.workers(kit.team(), day) == []
    assert [r.active for r in lead.workforce.workers(kit.team(), day, inactive=True)] == [False]


def test_the_step_goes_down_with_workers_rotas_and_absence_in_place(
    kit: Kit, lead: Services, centre_db: CentreDb
) -> None:
    amina = kit.worker("Amina")
    lead.workforce.change(amina, {"place": None, "most_minutes": 300, "languages": ("Urdu",)}, seen=1)
    lead.workforce.say(amina, kit.person(), "not_to", "A complaint", seen=None)
    made, _ = lead.rotas.save(rota(kit))
    lead.rotas.assign(Assignment(new_id(), amina, made.id, kit.today()))
    lead.absences.enter(AbsenceDraft(new_id(), amina, "leave", kit.today(), kit.today(), "annual"))
    with centre_db.owner.begin() as c:
        migrations.downgrade(c, "0025")
        there = c.execute(text("select name, lat from worker")).one()
        assert (there.name, there.lat) == ("Amina", 53.4794)
        assert c.execute(text("select count(*) from shift where kind = 'leave'")).scalar_one() == 1
        migrations.upgrade(c)
        assert c.execute(text("select base, languages, agency from worker")).one() == ("home", [], "")


def test_nobody_says_anything_of_a_person_who_is_not_shared_with_them(
    kit: Kit, lead: Services, centre_db: CentreDb
) -> None:
    amina, who = kit.worker("Amina", hours=[]), kit.person("Hidden")
    lead.workforce.say(amina, who, "not_to", "A complaint", seen=None)
    with kit.database.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams' where id = :p"), {"p": who})
    assert lead.workforce.worker(amina, kit.today()).people == ()
    with centre_db.psql("tess.lead") as c:
        assert c.execute("select person_id from worker_person").fetchall() == []
        assert c.execute("delete from worker_person").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute(
                "insert into worker_person (worker_id, person_id, relation) values (%s, %s, 'knows')", (amina, who)
            )
        c.execute("update worker set languages = '{Urdu}' where id = %s", (amina,))
        for wrong in (
            "neighbourhoods = '{13}'",
            "languages = array['']",
            "lat = null",
            "most_minutes = 5",
            "name = ' '",
        ):
            with pytest.raises(psycopg.errors.CheckViolation):
                c.execute(f"update worker set {wrong} where id = {amina}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute("update worker set team_id = team_id")
        with pytest.raises(psycopg.errors.CheckViolation):
            c.execute(
                "insert into shift (worker_id, kind, period, category) values (%s, 'sickness',"
                " tstzrange(now(), now() + '1 day'), 'annual')",
                (amina,),
            )


def test_both_halves_of_a_visit_are_taken_back_and_given_again_together(kit: Kit, lead: Services) -> None:
    day = next_monday(kit)
    pair = [kit.worker(name, hours=[]) for name in ("Amina", "Bola")]
    draft = kit.draft(kit.person(), at_local(day, 9), workers_needed=2)
    lead.deployment.plan_visits([draft])
    for number, worker in enumerate(pair):
        kit.shift(worker, "work", at_local(day, 7), at_local(day, 15))
        lead.deployment.allocate(draft.id, worker, at_local(day, 9), seen=1 + number)
    with kit.database.owner.begin() as c:
        c.execute(text("delete from shift"))
    both = [g for worker in pair for g in lead.workforce.stranded(worker)]
    (step,) = lead.absences.free(both)
    assert len(step.before.allocations) == 2 and step.after.allocations == ()
    for worker in pair:
        kit.shift(worker, "work", at_local(day, 7), at_local(day, 15))
    lead.absences.unfree([step])
    assert {a.worker_id for a in lead.deployment.visit(draft.id).allocations} == set(pair)
