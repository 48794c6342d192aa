"""Turns that only those take whose they are (0055): a lock that any login can hold stops nobody's work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from coordination.errors import NotAllowed, Refused
from coordination.intake.model import ContactDraft, Refer, ReferralDraft
from coordination.people.model import PersonDraft
from coordination.presence.model import Mark
from coordination.values import ContactId, PersonId, ReferralId, new_id
from db.engine import connect
from tests.database import USERS, CentreDb, password_of
from tests.db.deployment_kit import Kit
from tests.db.test_roll_out import daily, unmade

DENIED = psycopg.errors.InsufficientPrivilege
# What each of them once was: the number or numbers by which all desks agreed.
AHEAD, SWEEP = "1095255361", "1347568979"


@contextmanager
def held(db: CentreDb, user: str, *statements: str) -> Iterator[Any]:
    """A transaction that stays open, with whatever of it could be had."""
    c = connect(db.where(user), password_of(user), autocommit=True)
    try:
        c.execute("begin")
        c.execute("set local lock_timeout = '300ms'")  # what another has is not waited for
        for statement in statements:
            c.execute("savepoint s")
            try:
                c.execute(statement)
            except psycopg.Error:
                c.execute("rollback to s")
        yield c
    finally:
        c.close()


def test_visits_are_made_ahead_whatever_anybody_else_holds(centre_db: CentreDb) -> None:
    kit = Kit(centre_db)
    daily(kit, kit.today() + timedelta(days=1), 8)
    unmade(kit)
    others = [user for user, (_, role, _, _) in USERS.items() if role != "team_lead"]
    for user in others:
        with centre_db.psql(user) as c:
            for attempt in (
                "select * from ahead_turn for update",
                "lock table ahead_turn",
                "update ahead_turn set one = true",
            ):
                with pytest.raises(DENIED), c.transaction():
                    c.execute(attempt)
    grip = (f"select pg_advisory_xact_lock({AHEAD})", "select * from ahead_turn for update", "lock table ahead_turn")
    with held(centre_db, "cora.coordinator", *grip), held(centre_db, "max.manager", *grip):
        made = centre_db.sign_in("tess.lead").services.ahead.make_once()
    assert made is not None and made.visits > 0
    for user in ("cora.coordinator", "max.manager", "ada.admin"):
        with pytest.raises(NotAllowed):
            centre_db.sign_in(user).services.ahead.make()


def test_one_team_lead_makes_ahead_at_a_time_and_nobody_keeps_the_turn(centre_db: CentreDb) -> None:
    tess, theo = centre_db.sign_in("tess.lead"), centre_db.sign_in("theo.lead")
    with tess.begin() as holding:
        assert holding.ahead.hold()
        with pytest.raises(Refused):
            theo.services.ahead.make()
        assert theo.services.ahead.make_once() is None
    assert theo.services.ahead.make_once() is not None
    with centre_db.psql("tess.lead") as c:
        for attempt in ("lock table ahead_turn", "delete from ahead_turn", "insert into ahead_turn values (false)"):
            with pytest.raises(DENIED), c.transaction():
                c.execute(attempt)
        with centre_db.owner.begin() as owner:  # switched off while connected
            owner.execute(text("set local session_replication_role = replica"))
            owner.execute(text("update user_account set active = false where user_name = 'tess.lead'"))
        assert c.execute("select * from ahead_turn for update").fetchall() == []


def test_nobody_keeps_a_round_from_being_booked(centre_db: CentreDb) -> None:
    with centre_db.owner.connect() as owner:
        team = owner.execute(text("select min(id) from team")).scalar_one()
    day = (date(2026, 12, 1) - date(2020, 1, 1)).days
    grip = (
        f"select pg_advisory_xact_lock({team}, {day})", f"select round_alone({team})", "lock table round_turn",
        f"select 1 from round_turn where team_id = {team} for update",
    )  # fmt: skip
    tess = centre_db.sign_in("tess.lead")
    with held(centre_db, "max.manager", *grip), held(centre_db, "ada.admin", *grip), tess.begin() as work:
        work.deliveries.hold_round(team)
    with centre_db.psql("pia.placement") as pia, centre_db.psql("cora.coordinator") as cora:
        pia.execute("begin")
        pia.execute("select round_alone(%s)", [team])
        cora.execute("begin")
        cora.execute("set local lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):  # after ten seconds, as the function says
            cora.execute("select round_alone(%s)", [team])
        cora.execute("rollback")
        pia.execute("commit")
        cora.execute("select round_alone(%s)", [team])


def test_an_assessment_is_begun_whatever_anybody_else_holds(centre_db: CentreDb) -> None:
    cora = centre_db.sign_in("cora.coordinator")
    person = cora.services.people.register(PersonDraft(surname="Example"), PersonId(new_id())).id
    with centre_db.owner.connect() as owner:
        form = owner.execute(text("select id from form order by id limit 1")).scalar_one()
    grip = (
        f"select pg_advisory_xact_lock(hashtextextended('start {person} {form}', 0))",
        f"select 1 from person where id = '{person}' for update",
    )
    with held(centre_db, "max.manager", *grip), held(centre_db, "ida.governance", *grip), cora.begin() as work:
        assert work.assessment.hold_start(person, form) is None
        with centre_db.psql("asa.assessor") as asa:  # who else begins one waits
            asa.execute("set lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                asa.execute("select 1 from person where id = %s for no key update", [person])
            draft = ReferralDraft(ReferralId(new_id()), "reablement", "24_hours", "Alone and weak")
            contact = ContactDraft(need="Cannot manage the stairs", person_id=person)
            other = centre_db.sign_in("cole.coordinator").services.intake
            assert other.take_contact(contact, ContactId(new_id()), Refer((draft,))).referrals, "and nobody else does"


def test_marks_of_dead_desks_are_swept_up_whatever_anybody_holds(centre_db: CentreDb) -> None:
    cora, cole = centre_db.sign_in("cora.coordinator"), centre_db.sign_in("cole.coordinator")
    people = [cora.services.people.register(PersonDraft(surname="Example"), PersonId(new_id())).id for _ in range(2)]
    for person, desk in zip(people, (cora, cole), strict=True):
        desk.services.presence.say(new_id(), [Mark("people", person, "looking")])
    with centre_db.owner.begin() as owner:
        owner.execute(text("update presence set seen_at = now() - interval '61 seconds'"))
    grip = (f"select pg_advisory_xact_lock({SWEEP})", "delete from presence", "select * from presence for update")
    with held(centre_db, "cora.coordinator", *grip):
        cole.services.presence.beat(new_id(), [])  # passes over what is held, and waits for nobody
        with centre_db.owner.connect() as owner:
            left = owner.execute(text("select user_name from presence")).scalars().all()
    assert left == ["cora.coordinator"]
    cole.services.presence.beat(new_id(), [])
    with centre_db.owner.connect() as owner:
        assert owner.execute(text("select count(*) from presence")).scalar_one() == 0
