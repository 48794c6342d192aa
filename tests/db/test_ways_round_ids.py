"""What an id of somebody hidden gives away (0053): nothing that an id which is nobody's does not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from coordination.values import new_id
from tests.database import CentreDb

CORA, TESS, PIA = "cora.coordinator", "tess.lead", "pia.placement"
DENIED = psycopg.errors.InsufficientPrivilege
KEPT = "links_to_what_i_see"


class Theirs:
    """Somebody, and one row of each kind that others hang on."""

    def __init__(self, db: CentreDb, level: str) -> None:
        kinds = (
            "person", "contact", "referral", "visit", "other", "plan", "need", "outcome", "action", "thing", "episode",
            "transfer", "order", "assessment",
        )  # fmt: skip
        self.ids = {kind: new_id() for kind in kinds}
        rows = (
            "insert into person (id, surname, sharing_level) values (:person, 'Example', :level)",
            "insert into contact (id, channel, received_at, person_id) values (:contact, 'gp', now(), :person)",
            "insert into referral (id, contact_id, person_id, service, urgency, urgency_reason, need, source,"
            " received_at, due_at, state, claimed_by, claimed_at) values (:referral, :contact, :person, 'reablement',"
            " 'routine', 'x', 'x', 'gp', now(), now(), 'claimed', 'cole.coordinator', now())",
            *(
                "insert into visit (id, person_id, team_id, day, arrive, minutes, need)"
                f" select :{which}, :person, min(id), '2026-12-01',"
                " tstzrange('2026-12-01 09:00Z', '2026-12-01 10:00Z'), 30, 'x' from team where service = 'reablement'"
                for which in ("visit", "other")
            ),
            "insert into care_plan (id, person_id) values (:plan, :person)",
            "insert into plan_need (id, plan_id, position, words) values (:need, :plan, 1, 'x')",
            "insert into plan_outcome (id, plan_id, position, words) values (:outcome, :plan, 1, 'x')",
            "insert into plan_action (id, plan_id, position, what) values (:action, :plan, 1, 'x')",
            "insert into plan_equipment (id, plan_id, position, what) values (:thing, :plan, 1, 'x')",
            "insert into transfer (id, person_id, list, hospital, ready_at, owner) select :transfer, :person,"
            " (select list from discharge_destination limit 1), (select code from hospital limit 1), now(), '"
            + CORA
            + "'",
            "insert into assessment (id, person_id, form_id, form_version) select :assessment, :person, id, version"
            " from form limit 1",
            "insert into reablement_episode (id, person_id, team_id, started_on, planned_end, opened_by)"
            " select :episode, :person, min(id), current_date, current_date + 41, 'cole.coordinator' from team"
            " where service = 'reablement'",
        )
        with db.owner.begin() as owner:
            owner.execute(text("set local session_replication_role = replica"))
            for row in rows:
                owner.execute(text(row), {**self.ids, "level": level})

    def __getattr__(self, kind: str) -> UUID:
        return self.ids[kind]


def refusal(connection: Any, statement: str, *values: Any) -> tuple[str | None, str | None]:
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(statement, values)
    return caught.value.sqlstate, caught.value.diag.constraint_name


def test_what_hangs_on_a_hidden_row_is_refused_before_any_guard_says_how_it_stands(centre_db: CentreDb) -> None:
    hidden, seen = Theirs(centre_db, "named_teams"), Theirs(centre_db, "everything")
    tries = (
        (TESS, "visit", "insert into visit_skill (visit_id, skill) select %s, code from skill limit 1"),
        (TESS, "visit", "insert into allocation (id, visit_id, worker_id, period) values (uuidv7(), %s, 1,"
                        " tstzrange('2026-12-01 09:00Z', '2026-12-01 09:10Z'))"),
        (TESS, "visit", f"insert into visit_pair (first_id, second_id) values ('{seen.visit}', %s)"),
        (CORA, "referral", "insert into clock_pause (id, referral_id, reason) values (uuidv7(), %s, 'x')"),
        (CORA, "referral", "insert into information_request (id, referral_id, question) values (uuidv7(), %s, 'x')"),
        (CORA, "plan", "insert into plan_version (id, plan_id, number) values (uuidv7(), %s, 2)"),
        (CORA, "transfer", "insert into transfer_delay (id, transfer_id, nights) values (uuidv7(), %s,"
                           " '[2020-01-01,2020-01-02)')"),
        (CORA, "episode", "insert into reablement_barrier (id, episode_id) values (uuidv7(), %s)"),
        (CORA, "assessment", "insert into answer (assessment_id, question, value) values (%s, 'x', '1')"),
    )  # fmt: skip
    for user, kind, statement in tries:
        with centre_db.psql(user) as c:
            for id_ in (hidden.ids[kind], new_id()):
                assert refusal(c, statement, id_) == ("42501", KEPT), statement


def test_a_visit_or_an_order_is_for_a_plan_of_the_same_person(centre_db: CentreDb) -> None:
    hidden, seen, another = (Theirs(centre_db, level) for level in ("named_teams", "everything", "everything"))
    with centre_db.psql(TESS) as c:
        for theirs in (hidden.action, another.action, new_id()):
            assert refusal(c, "update visit set plan_action_id = %s where id = %s", theirs, seen.visit)[1] == KEPT
        assert c.execute("update visit set plan_action_id = %s where id = %s", [seen.action, seen.visit]).rowcount == 1
    order = new_id()
    with centre_db.psql(CORA) as c:
        c.execute(
            "insert into equipment_order (id, person_id, model, wanted_by) select %s, %s, code, current_date"
            " from equipment_model limit 1",
            [order, seen.person],
        )
        move = "update equipment_order set plan_equipment_id = %s where id = %s"
        for theirs in (hidden.thing, another.thing, new_id()):
            assert refusal(c, move, theirs, order) == ("42501", KEPT)
        assert c.execute(move, [seen.thing, order]).rowcount == 1


def test_a_message_stays_with_the_original_in_which_it_was_read(centre_db: CentreDb) -> None:
    keep = "insert into original (id, sha256, name, media_type, size, content) values (%s, %s::bytea, 'x', 'x', 1, 'x')"
    mine, other, message = new_id(), new_id(), new_id()
    with centre_db.psql(CORA) as c:
        for original, digest in ((mine, "a"), (other, "b")):
            c.execute(keep, [original, digest])
        c.execute(
            "insert into message (id, original_id, kind, outcome) values (%s, %s, 'mail', 'refused')", [message, mine]
        )
        move = "update message set original_id = %s where id = %s"
        assert refusal(c, move, other, message) == ("42501", "message_stays_with_its_original")


def test_functions_answer_to_a_hidden_id_as_to_none(centre_db: CentreDb) -> None:
    hidden = Theirs(centre_db, "named_teams")
    with centre_db.owner.begin() as owner:
        owner.execute(text("set local session_replication_role = replica"))
        owner.execute(
            text(
                "insert into equipment_order (id, person_id, model, quantity, source, wanted_by, promised_from, state,"
                " store) select :o, :p, (select code from equipment_model limit 1), 1, 'by_hand', '2026-12-20',"
                " '2026-12-20', 'reserved', (select code from equipment_store limit 1)"
            ),
            {"o": hidden.order, "p": hidden.person},
        )
    for user in (CORA, TESS):
        with centre_db.psql(user) as c:
            for asked in ("select equipment_earliest(%s)", "select take_back_reablement(%s, 1)"):
                said = [c.execute(asked, [id_]).fetchone() for id_ in (hidden.ids[_kind(asked)], new_id())]
                assert said[0] == said[1], asked
    with centre_db.owner.connect() as owner:
        assert owner.execute(text("select count(*) from reablement_episode")).scalar_one() == 1


def _kind(asked: str) -> str:
    return "order" if "earliest" in asked else "episode"


def test_a_change_of_what_somebody_shares_tells_listeners_nothing_of_their_rows(centre_db: CentreDb) -> None:
    theirs = Theirs(centre_db, "summary")
    with centre_db.psql("ada.admin") as listening, centre_db.psql(CORA) as c:
        listening.execute("listen centre")
        c.execute(
            "insert into sharing_agreement (id, person_id, level, teams, how) values (uuidv7(), %s, 'everything', '{}',"
            " 'phone')",
            [theirs.person],
        )
        told = {n.payload for n in listening.notifies(timeout=30, stop_after=2)}
        told |= {n.payload for n in listening.notifies(timeout=0)}
    assert told == {f"people:{theirs.person}", f"sharing:{theirs.person}"}


def test_a_lock_by_agreement_does_not_stop_the_calendar_of_apartments(centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as owner:
        owner.execute(text("insert into scheme (name, kind, locality) values ('Example', 'extra_care', 'north')"))
        owner.execute(text("insert into apartment (scheme_id, name) select max(id), 'One' from scheme"))
    pause = (
        "insert into apartment_pause (id, apartment_id, period, reason) select uuidv7(), max(id),"
        " '[2026-12-01,2026-12-08)', (select code from apartment_reason limit 1) from apartment"
    )
    with centre_db.psql(CORA) as c, centre_db.psql(PIA) as pia:
        c.execute("select pg_advisory_lock(1398030681)")
        c.execute("begin; select calendar_alone()")  # of somebody who writes nothing there
        pia.execute("set statement_timeout = '9s'")
        pia.execute("begin; select calendar_alone(); rollback")
        with pytest.raises(DENIED):
            c.execute("select 1 from calendar_turn for update")
        assert pia.execute(pause).rowcount == 1
