"""Each row says whether its person keeps something back, whatever is done (docs/decisions/kept-back.md)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text

from coordination.values import new_id
from db.embedded import OWNER
from db.engine import connect
from tests.database import CentreDb

CORA = "cora.coordinator"


def as_owner(db: CentreDb, *statements: str, **values: Any) -> Any:
    with db.owner.begin() as owner:
        for statement in statements:
            done = owner.execute(text(statement), values)
        return done.fetchall() if done.returns_rows else None


def person(db: CentreDb, level: str = "everything") -> UUID:
    which = new_id()
    as_owner(db, "insert into person (id, surname, sharing_level) values (:i, 'Example', :l)", i=which, l=level)
    return which


def chain(db: CentreDb, whose: UUID) -> dict[str, UUID]:
    """A referral with what hangs on it, three deep, and a plan."""
    ids = {kind: new_id() for kind in ("contact", "referral", "message", "original", "notice", "plan", "need", "visit")}
    as_owner(
        db,
        "insert into contact (id, channel, received_at, person_id) values (:contact, 'gp', now(), :whose)",
        "insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source, received_at,"
        " due_at) values (:referral, :contact, :whose, 'reablement', 'routine', 'x', 'x', 'gp', now(), now())",
        "insert into care_plan (id, person_id) values (:plan, :whose)",
        "insert into plan_need (id, plan_id, position, words) values (:need, :plan, 1, 'x')",
        "insert into visit (id, person_id, team_id, day, arrive, minutes, need)"
        " select :visit, :whose, min(id), '2030-12-02', tstzrange('2030-12-02 09:00Z', '2030-12-02 10:00Z'), 30, 'x'"
        " from team where service = 'reablement'",
        "insert into visit_skill (visit_id, skill) select :visit, code from skill limit 1",
        whose=whose,
        **ids,
    )
    return ids


def kept(db: CentreDb, table: str, column: str, which: UUID) -> list[bool]:
    return [row[0] for row in as_owner(db, f"select kept from {table} where {column} = :i", i=which)]


def share(db: CentreDb, whose: UUID, level: str) -> None:
    as_owner(db, "update person set sharing_level = :l where id = :i", l=level, i=whose)


def test_a_change_of_what_is_shared_marks_all_that_hangs_on_the_person(centre_db: CentreDb) -> None:
    whose = person(centre_db)
    ids = chain(centre_db, whose)
    shallow = (("referral", "id", ids["referral"]), ("referral_clock", "referral_id", ids["referral"]),
               ("visit", "id", ids["visit"]), ("visit_skill", "visit_id", ids["visit"]))  # fmt: skip
    deep = (("care_plan", "id", ids["plan"]), ("plan_need", "id", ids["need"]))
    assert not any(any(kept(centre_db, *row)) for row in (*shallow, *deep))
    share(centre_db, whose, "summary")
    assert all(all(kept(centre_db, *row)) and kept(centre_db, *row) for row in deep)
    assert not any(any(kept(centre_db, *row)) for row in shallow)
    share(centre_db, whose, "named_teams")
    assert all(all(kept(centre_db, *row)) for row in (*shallow, *deep))
    share(centre_db, whose, "everything")
    assert not any(any(kept(centre_db, *row)) for row in (*shallow, *deep))
    assert as_owner(centre_db, "select * from marks_wrong()") == []


def test_marking_is_no_change_of_a_record(centre_db: CentreDb) -> None:
    whose = person(centre_db)
    visit = chain(centre_db, whose)["visit"]
    noted = "select count(*) from audit.entry where area = 'visit'"
    before = as_owner(centre_db, noted, "select revision from visit where id = :v", v=visit), as_owner(centre_db, noted)
    share(centre_db, whose, "named_teams")
    assert kept(centre_db, "visit", "id", visit) == [True]
    after = as_owner(centre_db, noted, "select revision from visit where id = :v", v=visit), as_owner(centre_db, noted)
    assert after == before


def test_nobody_takes_the_mark_away(centre_db: CentreDb) -> None:
    whose = person(centre_db, "named_teams")
    visit = chain(centre_db, whose)["visit"]
    as_owner(centre_db, "update visit set kept = false where id = :v", v=visit)
    assert kept(centre_db, "visit", "id", visit) == [True]
    with centre_db.psql(CORA) as login:
        told = login.execute("select has_function_privilege('pass_mark(text, uuid[])', 'execute'),"
                             " has_function_privilege('mark_all()', 'execute')").fetchone()  # fmt: skip
        assert told == (False, False)


def test_what_comes_past_the_triggers_counts_as_kept_until_it_was_looked_at(centre_db: CentreDb) -> None:
    whose, which = person(centre_db), new_id()
    as_owner(
        centre_db,
        "set local session_replication_role = replica",
        "insert into contact (id, channel, received_at, person_id, recorded_by)"
        f" values (:i, 'gp', now(), :w, '{CORA}')",
        i=which,
        w=whose,
    )
    assert kept(centre_db, "contact", "id", which) == [True]
    assert as_owner(centre_db, "select mark_all()") == [(1,)]
    assert kept(centre_db, "contact", "id", which) == [False]


def test_a_call_that_turns_out_to_be_about_somebody_hidden_is_marked_with_what_hangs_on_it(centre_db: CentreDb) -> None:
    open_, hidden = person(centre_db), person(centre_db, "named_teams")
    contact = chain(centre_db, open_)["contact"]
    as_owner(centre_db, "insert into contact_caller (contact_id, caller_person_id) values (:c, :p)", c=contact, p=open_)
    as_owner(centre_db, "update contact set person_id = :h where id = :c", h=hidden, c=contact)
    assert (
        kept(centre_db, "contact", "id", contact) == kept(centre_db, "contact_caller", "contact_id", contact) == [True]
    )
    as_owner(centre_db, "update contact set person_id = :h where id = :c", h=open_, c=contact)
    assert (
        kept(centre_db, "contact", "id", contact) == kept(centre_db, "contact_caller", "contact_id", contact) == [False]
    )


def test_marks_are_not_set_by_what_a_transaction_saw_before(centre_db: CentreDb) -> None:
    whose = person(centre_db)
    owner = connect(centre_db.where(OWNER), centre_db.owner_password, autocommit=True)
    with owner, pytest.raises(InsufficientPrivilege, match="of one moment only"):
        owner.execute("begin isolation level repeatable read")
        owner.execute("update person set sharing_level = 'summary' where id = %s", [whose])


def test_of_a_row_that_is_written_while_the_level_changes_none_stays_unmarked(centre_db: CentreDb) -> None:
    """Both begin, in either order: whoever comes second waits, and sees what the first did."""
    for first in ("write", "share"):
        whose = person(centre_db)
        visit = chain(centre_db, whose)["visit"]
        statements = {
            "write": ("insert into visit_skill (visit_id, skill) select :v, code from skill order by code desc limit 1",
                      "insert into visit (id, person_id, team_id, day, arrive, minutes, need) select uuidv7(), :w,"
                      " team_id, day, arrive, minutes, 'y' from visit where id = :v"),
            "share": ("update person set sharing_level = 'named_teams' where id = :w",),
        }  # fmt: skip
        second = "share" if first == "write" else "write"
        values = {"v": visit, "w": whose}
        with centre_db.owner.connect() as one, ThreadPoolExecutor(1) as other:
            for statement in statements[first]:
                one.execute(text(statement), values)
            waiting = other.submit(as_owner, centre_db, *statements[second], **values)
            blocked = (
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
            while not as_owner(centre_db, blocked)[0][0]:
                assert not waiting.done(), f"{second} did not wait for {first}"
            one.commit()
            waiting.result(timeout=30)
        assert (
            all(kept(centre_db, "visit", "person_id", whose)) and len(kept(centre_db, "visit", "person_id", whose)) == 2
        )
        assert all(kept(centre_db, "visit_skill", "visit_id", visit))
        assert as_owner(centre_db, "select * from marks_wrong()") == []


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("share", "register", "identify", "contact", "merge", "part", "chain")),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from(("everything", "summary", "named_teams")),
    ),
    max_size=14,
)


def test_the_marks_are_right_after_whatever_is_done(centre_db: CentreDb) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(DEEDS)
    def holds(deeds: list[tuple[str, int, int, str]]) -> None:
        people = [person(centre_db) for _ in range(4)]
        contacts = [chain(centre_db, people[0])["contact"]]
        for deed, one, other, level in deeds:
            try:
                _do(centre_db, deed, people, contacts, people[one], people[other], level)
            except Exception as refused:
                if "of one moment only" in str(refused):
                    raise
        assert as_owner(centre_db, "select * from marks_wrong()") == []

    holds()


def _do(db: CentreDb, deed: str, people: list[UUID], contacts: list[UUID], one: UUID, other: UUID, level: str) -> None:
    if deed == "share":
        share(db, one, level)
    elif deed == "chain":
        contacts.append(chain(db, one)["contact"])
    elif deed == "register":
        people[people.index(one)] = person(db, level)
    elif deed == "identify":
        as_owner(db, "update contact set person_id = :p where id = :c", p=one, c=contacts[-1])
        as_owner(db, "update referral set person_id = :p where contact_id = :c", p=one, c=contacts[-1])
    elif deed == "contact":
        called = "insert into contact_caller (contact_id, caller_person_id) values (:c, :p)"
        as_owner(db, f"{called} on conflict (contact_id) do update set caller_person_id = :p", c=contacts[-1], p=other)
    elif deed == "merge":
        as_owner(db, "update person set merged_into = :o where id = :p and id <> :o", p=one, o=other)
    else:
        as_owner(db, "update person set merged_into = null where id = :p", p=one)


def test_every_table_that_hangs_on_a_marked_one_is_marked_or_excused(centre_db: CentreDb) -> None:
    """A new table about people has its line in ``kept_by``: without it, everybody of the role would see its rows."""
    hangs = as_owner(
        centre_db,
        "select distinct c.conrelid::regclass::text from pg_constraint c where c.contype = 'f'"
        " and c.confrelid::regclass::text in (select tab from kept_by union select 'person')"
        " and c.conrelid::regclass::text not in (select tab from kept_by union select 'person')",
    )
    asked_each_time = {"handover_item", "original", "safeguarding_event", "safeguarding_told", "presence"}
    reviewed = {"emergency_access", "emergency_lookup", "emergency_review"}
    ids_alone = {"equipment_movement", "equipment_service", "equipment_whereabouts", "inbox_item"}
    counted_only = {"equality_answer"}
    assert {row[0] for row in hangs} <= asked_each_time | reviewed | ids_alone | counted_only


def test_who_is_behind_a_row_is_asked_before_any_other_policy(centre_db: CentreDb) -> None:
    """Restrictive policies are taken by name, and what the first leaves out reaches no other."""
    first = as_owner(
        centre_db,
        'select tablename, min(policyname collate "C") from pg_policies, kept_by where tab = tablename'
        " and permissive = 'RESTRICTIVE' and cmd in ('SELECT', 'UPDATE', 'DELETE', 'ALL') group by 1",
    )
    assert {name for _, name in first} == {"asked_first"}
    dear = as_owner(
        centre_db,
        "select proname from pg_proc where proname like 'shown\\_%' and (procost >= 0.01 or prolang ="
        " (select oid from pg_language where lanname = 'sql')) and proname <> 'shown_by'",
    )
    assert dear == []
