"""What somebody with psql and their own password can and cannot do (R2, R4)."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.errors import SignInFailed
from coordination.values import new_id
from tests.database import USERS, CentreDb

DENIED = psycopg.errors.InsufficientPrivilege


def register(db: CentreDb, sharing: str = "everything", shared_with: str | None = None) -> Any:
    key = new_id()
    with db.owner.begin() as c:
        c.execute(
            text("insert into person (id, surname, sharing_level) values (:i, 'Example', :l)"), {"i": key, "l": sharing}
        )
        if shared_with:
            c.execute(
                text("insert into person_sharing (person_id, team_id) select :i, id from team where name = :t"),
                {"i": key, "t": shared_with},
            )
    return key


def count(connection: Any, query: str, *parameters: Any) -> int:
    return int(connection.execute(query, parameters).fetchone()[0])


@pytest.mark.parametrize("user", ["cora.coordinator", "tess.lead", "max.manager", "ida.governance"])
def test_named_teams_only_means_named_teams_only(centre_db: CentreDb, user: str) -> None:
    register(centre_db)
    register(centre_db, "named_teams", "North reablement test team")
    with centre_db.psql(user) as c:
        assert count(c, "select count(*) from person") == (2 if user == "tess.lead" else 1)


def test_what_hangs_on_a_hidden_person_is_hidden_too(centre_db: CentreDb) -> None:
    hidden = register(centre_db, "named_teams")
    summary = register(centre_db, "summary")
    with centre_db.owner.begin() as c:
        for key in (hidden, summary):
            contact, person = new_id(), {"p": key}
            c.execute(
                text("insert into contact (id, channel, received_at, person_id) values (:i, 'gp', now(), :p)"),
                {"i": contact, **person},
            )
            c.execute(
                text(
                    "insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source,"
                    " received_at, due_at) values (:i, :c, :p, 'reablement', 'routine', 'x', 'x', 'gp', now(), now())"
                ),
                {"i": new_id(), "c": contact, **person},
            )
            c.execute(text("insert into care_plan (id, person_id) values (:i, :p)"), {"i": new_id(), **person})
            c.execute(
                text("insert into person_alert (id, person_id, kind) values (:i, :p, 'infection')"),
                {"i": new_id(), **person},
            )
    with centre_db.psql("cora.coordinator") as c:
        for table, seen in (
            ("contact", 1),
            ("referral", 1),
            ("person_alert", 1),
            ("referral_event", 1),
            ("care_plan", 0),
        ):
            assert count(c, f"select count(*) from {table}") == seen, table


def test_an_administrator_sees_nobody(centre_db: CentreDb) -> None:
    register(centre_db)
    with centre_db.psql("ada.admin") as c:
        assert count(c, "select count(*) from person") == 0


FORBIDDEN = (
    "update audit.entry set actor = 'nobody'",
    "delete from audit.entry",
    "truncate audit.entry",
    "insert into audit.entry (action, area, record) values ('view', 'people', 'x')",
    "alter table audit.entry disable trigger all",
    "alter table person disable row level security",
    "set role centre_owner",
    "create table mine (x int)",
    "delete from person",
    "delete from referral_event",
    "update user_account set role = 'manager' where user_name = session_user",
)


def test_nobody_edits_the_audit_or_lifts_a_policy(centre_db: CentreDb) -> None:
    register(centre_db)
    for user in sorted(USERS):
        with centre_db.psql(user) as c:
            for statement in FORBIDDEN:
                try:
                    touched = c.execute(statement).rowcount
                except DENIED:
                    continue
                assert touched == 0, f"row security let {user} through: {statement}"


def test_the_owner_cannot_rewrite_the_audit_by_accident(centre_db: CentreDb) -> None:
    register(centre_db)
    with centre_db.owner.connect() as c, pytest.raises(Exception, match="append-only"):
        c.execute(text("update audit.entry set actor = 'nobody'"))


def test_every_change_is_on_the_audit_with_the_login_as_actor(centre_db: CentreDb) -> None:
    key = new_id()
    with centre_db.psql("cora.coordinator") as c:
        c.execute("set application_name = 'somebody else'")
        c.execute("insert into person (id, surname, given) values (%s, 'Secret', 'Name')", [key])
        c.execute("update person set given = 'Other' where id = %s", [key])
    with centre_db.psql("ida.governance") as c:
        entries = c.execute(
            "select actor, role, action, columns, entry::text from audit.entry where person_id = %s order by id", [key]
        ).fetchall()
    assert [(e[0], e[1], e[2]) for e in entries] == [
        ("cora.coordinator", "care_coordinator", a) for a in ("insert", "update")
    ]
    assert entries[1][3] == ["given", "given_key"]
    assert "Secret" not in str(entries) and "Other" not in str(entries), "identifiers, never content"


def test_only_governance_reads_the_audit(centre_db: CentreDb) -> None:
    register(centre_db)
    with centre_db.psql("max.manager") as c, pytest.raises(DENIED):
        c.execute("select * from audit.entry")


def test_a_switched_off_account_sees_nothing_and_signs_in_nowhere(centre_db: CentreDb) -> None:
    register(centre_db)
    with centre_db.owner.begin() as c:
        c.execute(text("update user_account set active = false where user_name = 'cora.coordinator'"))
    with centre_db.psql("cora.coordinator") as c:
        assert count(c, "select count(*) from person") == 0
        with pytest.raises(DENIED):
            c.execute("select audit.note('view', 'people', 'x')")
    with pytest.raises(SignInFailed):
        centre_db.sign_in("cora.coordinator")


def test_only_an_administrator_makes_logins(centre_db: CentreDb) -> None:
    verifier = "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$" + "A" * 43 + "=:" + "A" * 43 + "="
    make = "select create_login('new.person', %s, 'New', 'manager', null, null)"
    with centre_db.psql("max.manager") as c, pytest.raises(DENIED):
        c.execute(make, [verifier])
    with centre_db.psql("ada.admin") as c, c.transaction(force_rollback=True):
        c.execute(make, [verifier])
        assert count(c, "select count(*) from user_account where user_name = 'new.person'") == 1
        with pytest.raises(psycopg.errors.CheckViolation), c.transaction():
            c.execute(make.replace("new.person", "other.person"), ["clear text"])
