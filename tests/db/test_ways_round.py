"""Ways round that once went through, each as it was tried with psql (0051): none of them does any more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from coordination.values import new_id
from db.engine import connect, verifier
from tests.database import CentreDb, password_of

CORA, ADA = "cora.coordinator", "ada.admin"
DENIED = psycopg.errors.InsufficientPrivilege


def as_owner(db: CentreDb, statement: str, **values: Any) -> None:
    with db.owner.begin() as owner:
        owner.execute(text(statement), values)


def one(connection: Any, query: str, *parameters: Any) -> Any:
    row = connection.execute(query, parameters).fetchone()
    return row[0] if row else None


def somebody(db: CentreDb, level: str = "everything", number: str | None = None) -> UUID:
    person = new_id()
    as_owner(
        db,
        "insert into person (id, surname, nhs_number, sharing_level) values (:i, 'Example', :n, :l)",
        i=person,
        n=number,
        l=level,
    )
    return person


def referred(db: CentreDb, person: UUID, state: str = "waiting") -> tuple[UUID, UUID]:
    contact, referral = new_id(), new_id()
    ids = {"c": contact, "r": referral, "p": person, "s": state}
    as_owner(
        db,
        "insert into contact (id, channel, received_at, person_id, locality) values (:c, 'gp', now(), :p, 'south')",
        **ids,
    )
    as_owner(
        db,
        "insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source, received_at,"
        " due_at, state, closed_at, claimed_by, state_reason, claimed_at) "
        " values (:r, :c, :p, 'reablement', 'routine', 'x', 'x', 'gp', now(), now(),"
        " :s, case when :s = 'closed' then now() end, case when :s = 'closed' then 'cora.coordinator' end, 'done',"
        " case when :s = 'closed' then now() end)",
        **ids,
    )
    return contact, referral


# ---------------------------------------------------------------- what an error says


def test_a_condition_that_fails_is_not_asked_of_rows_that_a_view_keeps_back(centre_db: CentreDb) -> None:
    """A cast says in its error what it was given: it must be given nothing that the view does not show."""
    person = somebody(centre_db, "named_teams")
    as_owner(
        centre_db,
        "insert into worker (team_id, name, lat, lon) select id, 'Example', 53.123, -2.2 from team"
        " where service = 'district_nursing'",
    )
    as_owner(
        centre_db,
        "insert into worker_person (worker_id, person_id, relation, reason) select max(id), :p, 'not_to', 'quarrel'"
        " from worker",
        p=person,
    )
    as_owner(
        centre_db,
        "insert into shift (worker_id, period, kind, category) select max(id),"
        " tstzrange(now(), now() + interval '8 h'), 'sickness', 'work_injury' from worker",
    )
    as_owner(
        centre_db,
        "insert into emergency_access (id, person_id, by_user, by_role, shut, kind, words, began_at, ends_at)"
        " values (:i, :p, 'cole.coordinator', 'care_coordinator', 'record', 'life_at_risk',"
        " 'she has collapsed here', now(), now() + interval '1 hour')",
        i=new_id(),
        p=person,
    )
    for user in (CORA, "tess.lead", "asa.assessor", "ida.governance", ADA):
        with centre_db.psql(user) as c:
            for asked in (
                "select 1 from worker_start where (lat::text || 'x')::int = 1",
                "select 1 from absence_reason where category::int = 1",
                "select 1 from worker_person_reason where reason::int = 1",
                "select 1 from my_emergency where kind::int = 1",
                "select 1 from emergency_on_record where kind::int = 1",
            ):
                try:
                    assert c.execute(asked).fetchall() == [], (user, asked)
                except psycopg.DataError as error:
                    pytest.fail(f"{user} reads what is kept back: {error}")
    with centre_db.owner.connect() as owner:
        open_ones = owner.execute(
            text(
                "select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace"
                " and coalesce(reloptions::text, '') !~ 'security_invoker=true|security_barrier=true'"
            )
        ).scalars()
        # ids alone, which policies look up for every row
        assert set(open_ones) == {"hidden_from_me", "hidden_detail_from_me", "agreed_with_my_team"}


# ---------------------------------------------------------------- stopping others, and not being stopped


@contextmanager
def held(db: CentreDb, *statements: str) -> Iterator[Any]:
    """A transaction of cora's that stays open, with whatever it could take hold of."""
    c = connect(db.where(CORA), password_of(CORA), autocommit=True)
    try:
        c.execute("begin")
        for statement in statements:
            c.execute("savepoint s")
            with suppress(psycopg.Error):
                c.execute(statement)
                continue
            c.execute("rollback to s")
        yield c
    finally:
        c.close()


def test_nobody_holds_the_trail_so_that_others_neither_write_nor_sign_in(centre_db: CentreDb) -> None:
    # being connected is an entry of the trail
    with held(centre_db, "select audit.draw_border()"), centre_db.psql("cole.coordinator") as c:
        c.execute("set lock_timeout = '5s'")
        c.execute("insert into person (id, surname) values (uuidv7(), 'Example')")
        assert one(c, "select audit.draw_border()") is False, "the border waits, and nothing else does"
    with centre_db.psql("cole.coordinator") as c:
        assert one(c, "select audit.draw_border()") is True


def test_whoever_holds_what_they_can_is_signed_out_switched_off_and_given_another_password_and_role(
    centre_db: CentreDb,
) -> None:
    grip = (
        "select signed_in(0)",
        "select end_sessions('cora.coordinator')",
        "select pg_advisory_lock(hashtext('end_backends'))",
        "alter role current_user set statement_timeout = '1h'",
        "insert into contact (id, channel, received_at) values (uuidv7(), 'gp', now())",
        "lock table user_account, user_sign_in in access exclusive mode",
        "lock table person in access exclusive mode",
        "lock table referral in access exclusive mode",
        "select audit.seal_up()",
        "select 1 from user_account for key share",
    )
    with centre_db.psql(ADA) as ada:
        ada.execute("set statement_timeout = '30s'")
        secret = verifier(ada, CORA, "another password of cora")
        revision = one(ada, "select revision from user_account where user_name = %s", CORA)
        for deed, values in (
            ("select end_sessions(%s)", [CORA]),
            ("select change_role(%s, 'team_lead', %s)", [CORA, revision]),
            ("select reset_password(%s, %s)", [CORA, secret]),
            ("update user_account set active = false where user_name = %s", [CORA]),
        ):
            # after a reset the password would be another: tried in a transaction that is taken back
            with held(centre_db, *grip) as gripping:
                with ada.transaction(force_rollback=True):
                    ada.execute(deed, values)
                with pytest.raises(psycopg.OperationalError):
                    gripping.execute("select 1")


def test_a_lock_by_agreement_that_somebody_holds_does_not_stop_a_look_in_an_emergency(centre_db: CentreDb) -> None:
    with centre_db.psql("max.manager") as m, centre_db.psql(CORA) as c:
        m.execute("select pg_advisory_lock(hashtextextended('emergency_look cora.coordinator', 0))")
        c.execute("set statement_timeout = '10s'")
        c.execute("select emergency_look(uuidv7(), null, 'Nobody', 'Nobody', '1950-01-01')")


def test_looks_are_counted_in_what_is_committed(centre_db: CentreDb) -> None:
    """With an older picture in each connection, an hour would have ten looks for each."""
    with centre_db.psql(CORA) as c:
        for level in ("repeatable read", "serializable"):
            c.execute(f"begin isolation level {level}")
            with pytest.raises(DENIED):
                c.execute("select emergency_look(uuidv7(), null, 'Nobody', 'Nobody', '1950-01-01')")
            c.execute("rollback")


# ---------------------------------------------------------------- functions of the owner


def test_functions_tell_no_more_than_the_rows_one_may_read(centre_db: CentreDb) -> None:
    person, hidden = somebody(centre_db), somebody(centre_db, "named_teams")
    contact, _ = referred(centre_db, person)
    with centre_db.psql(CORA) as c:  # written by a login, so that it is on the trail
        c.execute(
            "insert into safeguarding_concern (id, contact_id, person_id, seen_or_said, owner, locality)"
            " values (uuidv7(), %s, %s, 'x', 'cora.coordinator', 'south')",
            [contact, person],
        )
        c.execute(
            "insert into equality_answer (id, person_id, characteristic, value) values (uuidv7(), %s, 'race', 'x')",
            [person],
        )
        c.execute("update person set phone = '0161 496 0000', revision = revision + 1 where id = %s", [person])
    with centre_db.psql("tess.lead") as c:
        assert one(c, "select count(*) from safeguarding_concern") == 0
        for area in ("safeguarding_concern", "equality_answer"):
            assert c.execute("select * from record_said(%s, %s, '{}')", [person, area]).fetchall() == []
        assert one(c, "select said_by from record_said(%s, 'person', '{phone}')", person) == CORA
    # since when somebody stays, by the ids that tell of a taken apartment
    stay = new_id()
    as_owner(
        centre_db,
        "insert into scheme (name, kind, locality) values ('Example', 'extra_care', 'north')",
    )
    as_owner(
        centre_db,
        "insert into apartment (scheme_id, name, bedrooms, step_free) select max(id), 'One', 1, true from scheme",
    )
    as_owner(
        centre_db,
        "insert into stay (id, apartment_id, person_id, period) select :i, max(id), :p, '[2026-12-01,2026-12-08)'"
        " from apartment",
        i=stay,
        p=hidden,
    )
    with centre_db.psql("pia.placement") as c:
        assert one(c, "select id from hidden_stays('[2026-11-01,2027-01-01)')") == stay
        assert one(c, "select stay_began(%s)", stay) is None


def test_who_knows_somebody_from_nursing_is_not_told_to_placement(centre_db: CentreDb) -> None:
    person, visits = somebody(centre_db), [new_id(), new_id()]
    as_owner(
        centre_db, "insert into worker (team_id, name) select id, 'Nurse' from team where service = 'district_nursing'"
    )
    as_owner(
        centre_db,
        "insert into shift (worker_id, period) select max(id),"
        " tstzrange('2026-12-01 08:00Z', '2026-12-01 12:00Z') from worker",
    )
    for n, visit in enumerate(visits):
        as_owner(
            centre_db,
            "insert into visit (id, person_id, team_id, day, arrive, minutes, need) select :i, :p, id,"
            " cast(:d as date), tstzrange(cast(:d || ' 09:00Z' as timestamptz), cast(:d || ' 10:00Z' as timestamptz)),"
            " 30, 'x' from team where service = 'district_nursing'",
            i=visit,
            p=person,
            d=f"2026-12-0{n + 1}",
        )
    as_owner(
        centre_db,
        "insert into allocation (id, visit_id, worker_id, period) select uuidv7(), :v, max(id),"
        " tstzrange('2026-12-01 09:00Z', '2026-12-01 09:30Z') from worker",
        v=visits[0],
    )
    ask = "select count(*) from known_faces(%s)"
    with centre_db.psql("dina.lead") as nurse, centre_db.psql("pia.placement") as pia:
        assert one(nurse, ask, visits) == 1
        assert one(pia, ask, visits) == 0


# ---------------------------------------------------------------- filing, hanging on, taking a place


def test_nobody_files_a_message_that_they_may_not_read_so_as_to_read_it(centre_db: CentreDb) -> None:
    person, original = somebody(centre_db), new_id()
    with centre_db.psql(CORA) as c:
        c.execute(
            "insert into original (id, sha256, name, media_type, size, content) values (%s, 'x', 'x', 'x', 1, 'words')",
            [original],
        )
        c.execute(
            "insert into message (id, original_id, kind, outcome) values (uuidv7(), %s, 'mail', 'refused')", [original]
        )
    for user in ("pia.placement", "tess.lead", "asa.assessor"):
        with centre_db.psql(user) as c:
            assert one(c, "select original_id from message") == original
            with pytest.raises(DENIED):
                c.execute(
                    "insert into message (id, original_id, kind, outcome, person_id)"
                    " values (uuidv7(), %s, 'mail', 'refused', %s)",
                    [original, person],
                )
            c.execute("update message set person_id = %s", [person])
            assert one(c, "select count(*) from original") == 0
    with centre_db.psql(CORA) as c:  # the desk that takes it in files it, and then it is on the record
        assert c.execute("update message set person_id = %s", [person]).rowcount == 1
    with centre_db.psql("pia.placement") as c:
        assert one(c, "select count(*) from original") == 1


def test_nothing_is_hung_on_rows_of_somebody_hidden_and_an_unknown_id_is_refused_alike(centre_db: CentreDb) -> None:
    seen, hidden = somebody(centre_db), somebody(centre_db, "named_teams")
    contact, referral = referred(centre_db, seen)
    their_contact, theirs = referred(centre_db, hidden)
    with centre_db.psql(CORA) as c:
        for link, values in (
            (
                "update contact set linked_referral_id = %s, ending = 'linked', ended_at = now() where id = %s",
                (theirs, new_id(), contact),
            ),
            ("update referral set contact_id = %s where id = %s", (their_contact, new_id(), referral)),
            (
                "insert into assessment (id, person_id, form_id, form_version, referral_id)"
                f" select uuidv7(), '{seen}', id, version, %s from form where %s::uuid is not null limit 1",
                (theirs, new_id(), contact),
            ),
        ):
            said = []
            for id_ in values[:2]:
                with pytest.raises(DENIED) as caught:
                    c.execute(link, [id_, values[2]])
                said.append(caught.value.diag.constraint_name)
            assert said == ["links_to_what_i_see"] * 2, link
        own = "update contact set linked_referral_id = %s, ending = 'linked', ended_at = now() where id = %s"
        assert c.execute(own, [referral, contact]).rowcount == 1


# ---------------------------------------------------------------- who, and when


def test_who_and_when_are_the_logins_and_what_ended_stays_as_it_ended(centre_db: CentreDb) -> None:
    person = somebody(centre_db)
    _, referral = referred(centre_db, person, "closed")
    with centre_db.psql("cole.coordinator") as c:
        for column, forged in (("closed_at", "2020-01-01T00:00Z"), ("claimed_by", "cole.coordinator")):
            with pytest.raises(psycopg.errors.CheckViolation):
                c.execute(f"update referral set {column} = %s where id = %s", [forged, referral])
        c.execute(
            "insert into transfer (id, person_id, list, hospital, ready_at, owner, begun_by, begun_at)"
            " select uuidv7(), %s, (select list from discharge_destination limit 1),"
            " (select code from hospital limit 1), now(), 'cole.coordinator', 'cora.coordinator', '2020-01-01'",
            [person],
        )
        began = c.execute("select begun_by, begun_at > now() - interval '1 hour' from transfer").fetchone()
        assert began == ("cole.coordinator", True)


def test_a_transaction_that_was_kept_open_dates_nothing_back(centre_db: CentreDb) -> None:
    with centre_db.psql(CORA) as c:
        as_owner(
            centre_db,
            "create or replace function audit.longest() returns interval immutable return interval '-1 second'",
        )
        with pytest.raises(psycopg.errors.SerializationFailure):
            c.execute("insert into person (id, surname) values (uuidv7(), 'Example')")
