"""Users, teams, passwords and sessions, as the database holds them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from coordination.errors import BadValues, BrokenRule, Conflict, NotAllowed
from coordination.governance.users import TeamDraft, UserChange, UserDraft
from coordination.services import Services
from coordination.values import UserName
from db import migrations
from db.engine import connect, verifier
from tests.database import CentreDb

CORA = UserName("cora.coordinator")
FIRST = "first password of the new one"


def standing(c: Any) -> tuple[Any, ...]:
    return tuple(c.execute("select (my_standing()).standing, (my_standing()).ended_why").fetchone())


@pytest.fixture
def ada(centre_db: CentreDb) -> Services:
    return centre_db.sign_in("ada.admin").services


def user(services: Services, name: str) -> Any:
    return next(line for line in services.users.all() if line.user_name == name)


@pytest.fixture
def newcomer(centre_db: CentreDb, ada: Services) -> Any:
    """Logins belong to the whole server of the tests: this one is taken away again."""
    draft = UserDraft(" New.Person ", "New Person", "care_coordinator", "north", None, FIRST)
    yield ada.users.add(draft)
    with centre_db.owner.begin() as c:
        c.exec_driver_sql('drop role if exists "new.person"')


def test_a_first_password_is_good_for_choosing_another_and_nothing_more(
    centre_db: CentreDb, newcomer: Any, ada: Services
) -> None:
    assert (newcomer.user_name, newcomer.state, newcomer.connections) == ("new.person", "passing", 0)
    with connect(centre_db.where("new.person"), FIRST, autocommit=True) as c:
        assert standing(c) == ("temporary", None)
        assert c.execute("select my_role(), (select count(*) from user_account)").fetchone() == (None, 0)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute("select audit.note('view', 'people', 'x')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute("update user_sign_in set password_temporary = false")
        for bad in (
            "clear text",
            "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy",
            verifier(c, "x", "y").replace("4096", "1000"),
        ):
            with pytest.raises(psycopg.errors.CheckViolation) as refusal:
                c.execute("select change_my_password(%s)", [bad])
            assert refusal.value.diag.constraint_name == "verifier_is_scram"
        c.execute("select change_my_password(%s)", [verifier(c, "new.person", "a password of my own")])
        assert standing(c)[0] == "good"
    with connect(centre_db.where("new.person"), "a password of my own", autocommit=True) as c:
        c.execute("select signed_in(2)")
        assert c.execute("select my_role()").fetchone() == ("care_coordinator",)
        line = user(ada, "new.person")
        assert (line.state, line.refused, line.connections) == ("in", 2, 1)
    with pytest.raises(BadValues, match="user_name_taken"):
        ada.users.add(UserDraft("new.person", "Twice", "manager", None, None, FIRST))


def test_who_is_switched_off_is_out_at_once_and_told_why(centre_db: CentreDb, ada: Services) -> None:
    open_, beside = centre_db.psql(CORA), centre_db.psql("cole.coordinator")
    seen = user(ada, CORA).revision
    off = ada.users.set_active(CORA, False, seen=seen)
    assert (off.state, off.ended_why, off.connections) == ("off", "disabled", 0)
    with pytest.raises(psycopg.OperationalError):
        open_.execute("select 1")
    assert beside.execute("select my_role()").fetchone() == ("care_coordinator",), "nobody else's"
    beside.close()
    with centre_db.psql(CORA) as c:
        assert standing(c) == ("disabled", "disabled")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute("select change_my_password(%s)", [verifier(c, CORA, "another one of my own")])
    with pytest.raises(Conflict):
        ada.users.set_active(CORA, True, seen=seen)
    assert ada.users.set_active(CORA, True, seen=off.revision).state in ("never", "out")


def test_sessions_are_ended_by_oneself_or_an_administrator_and_nobody_else(centre_db: CentreDb, ada: Services) -> None:
    cole = centre_db.sign_in("cole.coordinator").services
    for call in (lambda: cole.users.sign_out_everywhere(CORA), lambda: cole.users.reset_password(CORA)):
        with pytest.raises(NotAllowed):
            call()
    with centre_db.psql(CORA) as mine:
        other = centre_db.psql(CORA)
        mine.execute("select end_sessions(session_user::text)")
        assert standing(mine) == ("good", "signed_out"), "the one that asks stays"
        with pytest.raises(psycopg.OperationalError):
            other.execute("select 1")
        assert ada.users.sign_out_everywhere(CORA).ended_why == "signed_out"
        with pytest.raises(psycopg.OperationalError):
            mine.execute("select 1")


def test_a_password_that_is_reset_is_another_and_a_passing_one(
    centre_db: CentreDb, ada: Services, newcomer: Any
) -> None:
    other = ada.users.change_role(newcomer.user_name, "manager", seen=newcomer.revision)
    assert (other.role, other.ended_why) == ("manager", "role_changed")
    with centre_db.owner.begin() as connection:
        asked = (
            "select array_agg(r.rolname::text) from pg_auth_members m join pg_roles r on r.oid = m.roleid"
            " join pg_roles u on u.oid = m.member where u.rolname = 'new.person'"
        )
        held = connection.exec_driver_sql(asked)
        assert held.scalar() == ["manager"], "one role a login"
    with pytest.raises(NotAllowed):
        ada.users.change_role(UserName("ada.admin"), "ig_lead", seen=1)
    given = ada.users.reset_password(UserName("new.person"))
    with connect(centre_db.where("new.person"), given, autocommit=True) as c:
        assert standing(c) == ("temporary", "password_reset")
    with pytest.raises(NotAllowed):  # nobody resets their own: that would do without the present one
        ada.users.reset_password(UserName("ada.admin"))
    with centre_db.psql("ida.governance") as c:
        told = c.execute(
            "select actor, columns from audit.entry where area = 'user_sign_in' and record = 'new.person' order by id"
        ).fetchall()
        assert {actor for actor, _columns in told} == {"ada.admin"}
        assert [columns[0] for _actor, columns in told[-3:]] == ["ended_at", "ended_at", "password_set_at"]


def test_users_and_teams_are_changed_with_a_way_back(centre_db: CentreDb, ada: Services) -> None:
    users = ada.users
    with pytest.raises(BadValues):
        users.add_team(TeamDraft(" ", "", "west"))
    made = users.add_team(TeamDraft(" North test nurses ", "district_nursing", "north", "0161 496 0110"))
    assert (made.name, made.users, made.revision) == ("North test nurses", 0, 1)
    with pytest.raises(BadValues, match="team_name_taken"):
        users.add_team(TeamDraft("North test nurses", "district_nursing", None))
    renamed = users.change_team(made.id, TeamDraft("North nurses", made.service, None), seen=1)
    assert users.undo_team(renamed).after.name == "North test nurses"
    before = user(ada, CORA)
    moved = users.change(CORA, UserChange("Cora Changed", "south", made.id), seen=before.revision)
    assert (moved.after.team, moved.after.locality) == ("North test nurses", "south")
    with pytest.raises(Conflict):
        users.change(CORA, UserChange("Late", None, None), seen=before.revision)
    with pytest.raises(BrokenRule):
        users.drop_team(next(t for t in users.teams() if t.id == made.id))
    back = users.undo_change(moved).after
    assert (back.display_name, back.locality, back.team_id) == ("Cora Example", "north", None)
    users.drop_team(next(t for t in users.teams() if t.id == made.id))
    own = user(ada, "ada.admin")
    with pytest.raises((NotAllowed, Conflict)):
        users.change(UserName("ada.admin"), UserChange("Me", None, None), seen=own.revision)
    cora = centre_db.sign_in(CORA).services.users
    assert {line.last_at for line in cora.all()} == {None}, "when colleagues were here is not everybody's business"
    with pytest.raises(NotAllowed):
        cora.add_team(TeamDraft("Mine", "reablement", None))


def test_the_step_goes_down_and_up_with_users_teams_and_a_passing_password(
    centre_db: CentreDb, ada: Services, newcomer: Any
) -> None:
    ada.users.add_team(TeamDraft("Night nurses", "district_nursing", None))
    line = user(ada, CORA)
    ada.users.set_active(CORA, False, seen=line.revision)
    for desk in list(centre_db._desks):
        desk.dispose()
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0046")
        told = connection.exec_driver_sql("select name, active from user_account u, team t where user_name = %s"
                                          " and t.name = 'Night nurses'", (CORA,))  # fmt: skip
        assert [tuple(row) for row in told] == [("Night nurses", False)]
        found = connection.exec_driver_sql(
            "select count(*) from pg_proc where proname in ('my_standing', 'is_verifier')"
        )
        assert found.scalar() == 0
    with centre_db.owner.begin() as connection:
        migrations.upgrade(connection)
    assert user(ada, CORA).state == "off" and user(ada, "new.person").state == "never"
    assert ada.users.set_active(CORA, True, seen=user(ada, CORA).revision).active
