"""Cases of nobody found, on a real database: steps with clocks, two leads at once, and what psql may not do either."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy import text

from coordination.clock import at_local
from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.model import Case, Entry
from coordination.errors import BadValues, Conflict, CoordinationError, NotFound, Refused
from db import migrations
from tests.database import CentreDb
from tests.db.deployment_kit import Kit


@pytest.fixture
def nobody(centre_db: CentreDb) -> SimpleNamespace:
    """Yesterday at nine nobody was found at Adams's; Bell's visit at ten is still to be entered."""
    kit = Kit(centre_db)
    tess = centre_db.sign_in("tess.lead")
    day = kit.today() - timedelta(days=1)
    amina = kit.worker("Amina", hours=())
    kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
    people = [kit.person("Adams"), kit.person("Bell", risk_tier="very_high")]
    drafts = [kit.draft(who, at_local(day, 9 + n)) for n, who in enumerate(people)]
    tess.services.deployment.plan_visits(drafts)
    for n, draft in enumerate(drafts):
        tess.services.deployment.allocate(draft.id, amina, at_local(day, 9 + n), seen=1)
    adams, bell = (d.id for d in drafts)
    tess.services.outcomes.record(Entry(adams, 2, "no_access", "no_reply", began=at_local(day, 9, 5)))
    return SimpleNamespace(
        kit=kit, db=centre_db, day=day, tess=tess, theo=centre_db.sign_in("theo.lead"), adams=adams, bell=bell,
        cases=tess.services.no_access, people=people,
    )  # fmt: skip


def the_case(m: SimpleNamespace) -> Case:
    found = m.cases.of_visit(m.adams)
    assert found is not None
    return found


def codes(error: Refused) -> list[str]:
    return [o.code for o in error.obstacles]


# ---------------------------------------------------------------- opening


def test_a_case_has_the_steps_of_the_protocol_from_when_nobody_was_found(nobody: SimpleNamespace) -> None:
    case = the_case(nobody)
    since = at_local(nobody.day, 9, 5)
    assert case.since == since and not case.urgent and case.owner == "tess.lead" and case.workers == ("Amina",)
    protocol = nobody.tess.services.outcomes.protocol()
    usual = rules.schedule(protocol, since, urgent=False)
    assert [(s.code, s.due, s.name) for s in case.steps] == [(p.code, due, p.name) for p, due in usual]
    nobody.tess.services.outcomes.record(Entry(nobody.bell, 2, "no_access", "no_reply", began=at_local(nobody.day, 10)))
    urgent = nobody.cases.of_visit(nobody.bell)
    pressing = rules.schedule(protocol, at_local(nobody.day, 10), urgent=True)
    assert urgent.urgent, "very high risk"
    assert [(s.code, s.due) for s in urgent.steps] == [(p.code, due) for p, due in pressing]
    assert [c.visit_id for c in nobody.cases.cases()] == [nobody.adams, nobody.bell], "what was due first"


def test_a_case_is_worked_through_and_ended_and_its_way_is_kept(nobody: SimpleNamespace) -> None:
    cases = nobody.cases
    case = cases.take_step(the_case(nobody), "ring_next_of_kin").after
    assert case.step("ring_next_of_kin").owner_name == "Tess Example"
    with pytest.raises(BadValues):
        cases.do_step(case, "knock_and_ring", "  ")
    at = at_local(nobody.day, 9, 12)
    for step in case.steps:
        with pytest.raises(BadValues) as told:
            cases.end(case, "with_police", "Log 12")
        assert [str(p) for p in told.value.problems] == ["ending: steps_are_open"]
        case = cases.do_step(case, step.code, f"{step.name} done", at).after
    assert case.steps[0].done_at == at and rules.is_waiting_for_an_ending(case)
    assert cases.cases(), "a case without an ending cannot be left"
    case = cases.undo_step(case, "ask_around").after
    assert case.step("ask_around").done_at is None and case.step("ask_around").words == ""
    with pytest.raises(BadValues) as told:
        cases.end(case, "with_family")
    assert [str(p) for p in told.value.problems] == ["came_of_it: missing"]
    ended = cases.end(case, "with_family", "At her sister's").after
    assert cases.cases() == [] and [c.id for c in cases.ended()] == [case.id]
    with pytest.raises(Refused) as late:
        cases.do_step(ended, "ask_around", "Too late")
    assert codes(late.value) == ["case_is_ended"]
    again = cases.reopen(ended).after
    assert again.is_open and again.ending is None
    way = [(e.what, e.step) for e in cases.open_case(case.id).events]
    assert way[:2] == [("opened", None), ("taken", "ring_next_of_kin")]
    assert way[-3:] == [("undone", "ask_around"), ("ended", None), ("reopened", None)]


def test_a_visit_that_is_opened_again_ends_its_case_only_while_nothing_was_done(nobody: SimpleNamespace) -> None:
    board = nobody.tess.services.deployment
    step = board.reopen(nobody.adams, seen=board.visit(nobody.adams).revision)
    assert nobody.cases.cases() == [] and the_case(nobody).ending == "taken_back"
    board.end(nobody.adams, "no_access", "Nobody", seen=step.after.revision)
    case = the_case(nobody)
    assert case.is_open and len(nobody.cases.cases()) == 1, "the same case"
    nobody.cases.do_step(case, "knock_and_ring", "Rang")
    board.reopen(nobody.adams, seen=board.visit(nobody.adams).revision)
    assert the_case(nobody).is_open, "somebody has begun to look: only an ending ends it"


def test_what_is_known_of_the_person_is_read_under_row_security_and_noted(nobody: SimpleNamespace) -> None:
    who = nobody.people[0]
    with nobody.db.owner.begin() as c:
        c.execute(
            text("update person set phone = '0161 496 0101', access_notes = 'Key safe code 4711, side' where id = :p"),
            {"p": who},
        )
        c.execute(
            text(
                "insert into person_around (id, person_id, name, relation, phone, is_carer)"
                " values (uuidv7(), :p, 'June', 'Daughter', '0161 496 0102', true)"
            ),
            {"p": who},
        )
    nobody.kit.alert(who, "key_safe", "By the door 4711")
    known = nobody.cases.open_case(the_case(nobody).id).known
    assert [(p.number, p.whose, p.is_carer) for p in known.phones] == [
        ("0161 496 0101", "", False), ("0161 496 0102", "June", True),
    ]  # fmt: skip
    assert known.key_safe and "4711" not in known.access_notes and not known.detail_hidden
    assert [(s.state, s.workers) for s in known.seen] == [("no_access", ("Amina",))]
    with nobody.db.owner.begin() as c:
        noted = c.execute(
            text("select actor, person_id from audit.entry where action = 'view' and area = 'no_access_case'")
        ).all()
        assert noted == [("tess.lead", who)]
        c.execute(text("update person set sharing_level = 'summary' where id = :p"), {"p": who})
    hidden = nobody.cases.open_case(the_case(nobody).id).known
    assert hidden.detail_hidden and [p.whose for p in hidden.phones] == [""], "who is around them is kept back"
    with nobody.db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams' where id = :p"), {"p": who})
    case = nobody.cases.of_visit(nobody.adams)
    assert case is None and nobody.cases.cases() == []
    with pytest.raises(NotFound):
        nobody.cases.open_case(nobody.adams)


# ---------------------------------------------------------------- two leads at once


def test_two_leads_never_both_own_a_step(nobody: SimpleNamespace) -> None:
    case, together = the_case(nobody), Barrier(2, timeout=60)

    def take(desk: object) -> object:
        together.wait()
        try:
            return desk.services.no_access.take_step(case, "second_visit")  # type: ignore[attr-defined]
        except CoordinationError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(take, (nobody.tess, nobody.theo))
    (lost,) = [r for r in (first, second) if isinstance(r, Exception)]
    assert isinstance(lost, Refused) and codes(lost) == ["step_taken"]
    owner = the_case(nobody).step("second_visit").owner
    assert lost.obstacles[0].fact("name") == {"tess.lead": "Tess Example", "theo.lead": "Theo Example"}[owner]
    other = nobody.theo if owner == "tess.lead" else nobody.tess
    with pytest.raises(Refused) as told:
        other.services.no_access.do_step(the_case(nobody), "second_visit", "I did it")
    assert codes(told.value) == ["step_taken"]
    taken = other.services.no_access.take_step(the_case(nobody), "second_visit", from_colleague=True).after
    assert other.services.no_access.do_step(taken, "second_visit", "I did it").after.step("second_visit").done_at


def test_two_leads_who_finish_a_step_or_end_a_case_at_once(nobody: SimpleNamespace) -> None:
    case, together = the_case(nobody), Barrier(2, timeout=60)

    def both(act: object) -> list[object]:
        def one(desk: object) -> object:
            together.wait()
            try:
                return act(desk.services.no_access)  # type: ignore[attr-defined, operator]
            except CoordinationError as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(one, (nobody.tess, nobody.theo)))

    done = both(lambda s: s.do_step(case, "knock_and_ring", "Rang"))
    (lost,) = [r for r in done if isinstance(r, Exception)]
    assert isinstance(lost, Refused) and codes(lost) == ["step_done"]
    now = the_case(nobody)
    ended = both(lambda s: s.end(now, "found_safe"))
    (lost,) = [r for r in ended if isinstance(r, Exception)]
    assert isinstance(lost, Conflict) and not lost.current.is_open
    with nobody.db.owner.begin() as c:
        whats = c.execute(text("select what from no_access_event order by at")).scalars().all()
    assert whats == ["opened", "done", "ended"], "each thing happened once"


def test_two_leads_who_save_one_sheet_save_each_visit_once(nobody: SimpleNamespace) -> None:
    together = Barrier(2, timeout=60)
    entries = [Entry(nobody.bell, 2, "done")]

    def save(desk: object) -> object:
        together.wait()
        return desk.services.outcomes.save_day(entries)  # type: ignore[attr-defined]

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(save, (nobody.tess, nobody.theo)))
    assert sorted(len(r.steps) for r in results) == [0, 1]
    (refused,) = [r.refused[0].error for r in results if r.refused]
    assert isinstance(refused, Conflict) and refused.current.state == "done"


# ---------------------------------------------------------------- the database by itself


def refused_by(connection: psycopg.Connection, statement: str, *values: object) -> str:
    with pytest.raises(psycopg.Error) as told:
        connection.execute(statement, values)  # type: ignore[arg-type]
    return told.value.diag.constraint_name or told.value.diag.sqlstate or ""


def test_what_the_screen_would_not_do_psql_cannot(nobody: SimpleNamespace) -> None:
    case = the_case(nobody).id
    with nobody.db.psql("tess.lead") as psql:

        def no(statement: str, *values: object) -> str:
            return refused_by(psql, statement, *values)

        end = "update no_access_case set ending = %s, ending_words = %s where id = %s"
        assert no(end, "with_police", "Log 12", case) == "no_access_steps_are_done"
        assert no(end, "with_family", " ", case) == "no_access_ending_asks_words"
        assert no(end, "taken_back", "", case) == "no_access_is_not_taken_back"
        assert no("update no_access_case set ending_words = 'x' where id = %s", case) == "no_access_ending_is_whole"
        assert no("update no_access_case set ended_at = now() where id = %s", case) == "42501"
        assert no("update no_access_case set since = now() where id = %s", case) == "42501"
        assert no("delete from no_access_case where id = %s", case) == "42501"
        assert (
            no("insert into no_access_case (visit_id, since, urgent) values (%s, now(), false)", nobody.bell) == "42501"
        )
        step = "update no_access_step set {} where case_id = %s and code = 'second_visit'"
        assert no(step.format("done_at = now()"), case) == "no_access_done_says_what"
        assert no(step.format("words = 'x'"), case) == "no_access_done_is_whole"
        assert no(step.format("done_at = now() + interval '1 hour', words = 'x'"), case) == "no_access_done_not_ahead"
        assert no(step.format("owner = 'theo.lead'"), case) == "no_access_step_for_oneself"
        assert no(step.format("due = now() + interval '1 day'"), case) == "42501"
        outcome = "update visit_outcome set {} where visit_id = %s"
        assert no(outcome.format("outcome = 'done', reason = null"), nobody.adams) == "visit_outcome_is_the_visits"
        assert no(outcome.format("reason = 'managed_alone'"), nobody.adams) == "visit_outcome_reason_fits"
        assert no(outcome.format("reason = null"), nobody.adams) == "visit_outcome_says_why"
        assert no(outcome.format("began = now() + interval '1 hour'"), nobody.adams) == "visit_outcome_not_ahead"
        assert no(outcome.format("began = now() - interval '9 days'"), nobody.adams) == "visit_outcome_on_its_day"
        assert no(outcome.format("ended = began"), nobody.adams) == "visit_outcome_times_in_order"
        assert no(outcome.format("entered_by = 'theo.lead'"), nobody.adams) == "42501"
        assert no("delete from visit_outcome where visit_id = %s", nobody.adams) == "42501"
        insert = "insert into visit_outcome (visit_id, outcome, reason) values (%s, %s, %s)"
        assert no(insert, nobody.bell, "missed", "missed_other") == "visit_outcome_reason_asks_words"
        assert no(insert, nobody.bell, "missed", "overlooked") == "visit_outcome_is_the_visits"
        assert no("update visit set state = 'lost' where id = %s", nobody.bell) == "visit_state_check"
        psql.execute(
            "update no_access_step set owner = 'tess.lead' where case_id = %s and code = 'second_visit'", (case,)
        )
    with nobody.db.psql("theo.lead") as psql:
        done = "update no_access_step set done_at = now(), words = 'x' where case_id = %s and code = 'second_visit'"
        assert refused_by(psql, done, case) == "no_access_step_is_anothers"
    with nobody.db.psql("max.manager") as psql:
        assert refused_by(psql, "update no_access_case set ending = 'found_safe' where id = %s", case) == "42501"
        assert psql.execute("select count(*) from no_access_case").fetchone() == (1,)
    with nobody.db.psql("ada.admin") as psql:
        assert psql.execute("select count(*) from no_access_case").fetchone() == (0,), (
            "an administrator reads no records"
        )
    with nobody.db.owner.connect() as c:
        for table in ("no_access_case", "no_access_step", "no_access_event", "visit_outcome_former"):
            with pytest.raises(Exception, match="kept"), c.begin():
                c.execute(text(f"delete from {table}"))
            with pytest.raises(Exception, match="kept"), c.begin():
                c.execute(text(f"truncate {table} cascade"))


def test_whoever_ends_a_visit_a_case_opens(nobody: SimpleNamespace) -> None:
    """From psql, too; and a co-ordinator's is nobody's until a lead takes it."""
    with nobody.db.psql("cora.coordinator") as psql:
        psql.execute("update visit set state = 'no_access', state_reason = 'Rang us' where id = %s", (nobody.bell,))
    case = nobody.cases.of_visit(nobody.bell)
    assert case.owner is None and case.opened_by == "Cora Example"
    mine = nobody.cases.take(case).after
    assert mine.owner == "tess.lead" and nobody.cases.leave(mine).after.owner is None
    with pytest.raises(Conflict):
        nobody.cases.take(case)
    pia = nobody.db.sign_in("pia.placement").services.no_access
    with pytest.raises(NotFound):  # a placement co-ordinator reads of no case
        pia.take(nobody.cases.of_visit(nobody.bell))


def test_the_step_of_the_database_is_taken_back_with_its_data_in_place(nobody: SimpleNamespace) -> None:
    nobody.tess.services.outcomes.record(Entry(nobody.bell, 2, "missed", "overlooked"))
    with nobody.db.owner.begin() as c:
        migrations.downgrade(c, "0028")
        migrations.upgrade(c)
        rows = c.exec_driver_sql("select state, state_reason from visit order by lower(arrive)").all()
    assert rows == [("no_access", "No reply at the door"), ("cancelled", "Missed. It was overlooked")]
