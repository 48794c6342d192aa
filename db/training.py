"""The training city into the database: its logins, and its people by COPY. Run by the owner."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, text

from coordination.assessment.forms import from_definition
from coordination.changes import RESYNC
from coordination.errors import BadValue, Refused, obstacle
from coordination.reference import standing
from coordination.training.batches import Batch
from coordination.training.city import City
from coordination.training.outcome import LoadCancelled, Summary
from coordination.training.teams import TEAMS
from coordination.training.users import TRAINING_USERS, TrainingUser, training_password
from db import (
    training_answers,
    training_apartments,
    training_deliveries,
    training_equipment,
    training_glass,
    training_looked,
    training_outcomes,
    training_published,
    training_transfer,
    training_trust,
    training_workforce,
)
from db.engine import verifier
from db.errors import domain_errors
from db.setup import owner_engine
from db.training_plans import finish_plans

_LOADED = "training_city"
_LOCK = 0x43495459
# Everything that the city consists of. What hangs on these goes with them when the city is replaced.
_FILLED = (
    "person", "name_lexicon", "contact", "referral", "referral_event", "referral_clock", "clock_pause",
    "information_request", "assessment", "assessment_receipt", "receipt_point", "care_plan", "worker", "shift", "rota",
    "made_ahead", "visit", "visit_pattern", "published_day", "published_visit", "scheme", "apartment", "stay",
    "apartment_pause", "move_on_task", "apartment_request", "apartment_decline", "scheme_need", "stay_override",
    "original", "message",
    "transfer", "reside_said", "hospital_notice", "hospital_said", "hospital_receipt",
    *training_equipment.FILLED,
    "sharing_agreement", "emergency_review", "emergency_access", "emergency_lookup",
    "desk_shift", "desk_break", "desk_correction", "handover", "handover_item", "professional",
)  # fmt: skip
_NUMBERED = ("worker", "care_provider", "scheme", "apartment")

# Visits made from a plan's action say with which words of it.
_WORDS_OF_ACTIONS = """
update visit_pattern p set action_words = a.what from plan_action a where a.id = p.plan_action_id
"""

# When they were here last: within the last days, each at another hour.
_CAME = """
update user_sign_in s set last_at = now() - (1 + abs(hashtext(s.user_name)) % 70) * interval '53 minutes'
from user_account u where u.user_name = s.user_name and u.training and s.last_at is null
"""

Progress = Callable[[str, int, int], None]


def load(
    where: Mapping[str, Any],
    password: str,
    *,
    people: int,
    seed: int,
    progress: Progress = lambda *_: None,
    cancelled: Callable[[], bool] = lambda: False,
    replace: bool = False,
    now: datetime | None = None,
) -> Summary:
    """Fill an empty database with the invented city, in one transaction: all of it or nothing.

    ``where`` are the owner's libpq words; triggers are passed over (``session_replication_role``). ``now`` is the
    server's time unless given. Raises Refused('load_training', …) with ``holds_others`` where there is anything
    that is not of a training city (``replace`` or not), ``already_loaded`` where there is one and no ``replace``;
    LoadCancelled; BadValue('people', …).
    """
    if not 50 <= people <= 2_000_000:
        raise BadValue("people", "out_of_range")
    began = perf_counter()
    engine = owner_engine(where, password)
    try:
        with domain_errors(), engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _refuse(connection, replace=replace)
            create_logins(connection)
            connection.execute(text("set local session_replication_role = replica"))
            if replace:
                _empty(connection)
            connection.execute(text("select marks_at_the_end(true)"))
            moment = now or connection.execute(text("select now()")).scalar_one()
            city = _city(connection, people, seed, moment.astimezone(UTC).replace(microsecond=0))
            rows = _fill(connection, city, progress, cancelled)
            _finish(connection, people, seed, moment, rows, progress)
    finally:
        engine.dispose()
    return Summary(people, seed, moment, rows, perf_counter() - began)


def loaded(connection: Connection) -> dict[str, Any] | None:
    """Which city there is: ``people``, ``seed``, ``at``; None when none."""
    query = text("select value from setting where name = :name")
    found: dict[str, Any] | None = connection.execute(query, {"name": _LOADED}).scalar_one_or_none()
    return found


def _refuse(connection: Connection, *, replace: bool) -> None:
    there = loaded(connection)
    if there is None:
        if any(connection.execute(text(f"select exists (select 1 from {t})")).scalar() for t in _FILLED):  # noqa: S608
            raise Refused("load_training", (obstacle("holds_others"),))
        return
    # Somebody may have gone on to use a training city in earnest: whatever a login that is no training login wrote.
    query = " union all ".join(
        f"select 1 from {table} t left join user_account a on a.user_name = t.{column} and a.training"  # noqa: S608
        " where a.user_name is null"
        for table, column in (("person", "registered_by"), ("contact", "recorded_by"), ("original", "received_by"))
    )
    if connection.execute(text(f"select exists ({query})")).scalar():
        raise Refused("load_training", (obstacle("holds_others"),))
    if not replace:
        raise Refused("load_training", (obstacle("already_loaded", people=there["people"], seed=there["seed"]),))


def _empty(connection: Connection) -> None:
    connection.execute(text(f"truncate {', '.join(_FILLED)} restart identity cascade"))
    connection.execute(text("delete from care_provider where invented"))
    connection.execute(text("delete from practice where invented"))
    connection.execute(text("delete from postcode where invented"))


def _city(connection: Connection, people: int, seed: int, now: datetime) -> City:
    teams = {row.name: row.id for row in connection.execute(text("select name, id from team"))}
    newest = text("select distinct on (id) definition from form where state = 'live' order by id, version desc")
    forms = [from_definition(definition) for definition in connection.execute(newest).scalars()]
    return City(standing.read(), people, seed, now, teams, forms)


def _fill(connection: Connection, city: City, progress: Progress, cancelled: Callable[[], bool]) -> dict[str, int]:
    rows: dict[str, int] = {}
    driver = connection.connection.driver_connection
    assert driver is not None
    for chunk in city.chunks():
        for batch in chunk.batches:
            _copy(driver, batch)
            rows[batch.table] = rows.get(batch.table, 0) + len(batch.rows)
        progress(chunk.step, chunk.done, chunk.total)
        if cancelled():
            raise LoadCancelled
    return rows


def _copy(driver: Any, batch: Batch) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, batch.columns))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(batch.table), columns)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in batch.rows:
            copy.write_row(row)


def _finish(
    connection: Connection, people: int, seed: int, moment: datetime, rows: dict[str, int], progress: Progress
) -> None:
    """What triggers would have done, said once: the lexicon of names, the clocks, one audit entry, one notification."""
    progress("names", 0, 1)
    names = "select surname_key as key from person union select given_key from person"
    learn = f"insert into name_lexicon select key, trigrams(key) from ({names}) n where key <> ''"  # noqa: S608
    rows["name_lexicon"] = connection.execute(text(learn)).rowcount
    connection.execute(text("select fill_clocks(:now)"), {"now": moment})
    training_trust.finish(connection, moment)
    rows["answer_change"] = training_answers.finish(connection)
    for table in _NUMBERED:
        next_id = f"setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"  # noqa: S608
        connection.execute(text(f"select {next_id}"))
    finish_plans(connection, moment)
    connection.execute(text(_WORDS_OF_ACTIONS))
    rows |= training_workforce.finish(connection, moment)
    training_outcomes.finish(connection, moment)
    rows["published_visit"] = training_published.finish(connection, moment)
    rows["transfer"] = training_transfer.finish(connection, moment)
    rows |= training_apartments.finish(connection, moment)
    rows["equipment_order"] = training_equipment.finish(connection, moment)
    rows["delivery"] = training_deliveries.finish(connection, moment)
    rows["sharing_agreement"] = training_glass.finish(connection, moment)
    rows["looked"] = training_looked.finish(connection, moment)
    connection.execute(text("select mark_all(), marks_at_the_end(false)"))
    progress("statistics", 0, 1)
    connection.execute(text("analyze"))
    value = json.dumps({"people": people, "seed": seed, "at": datetime.now(UTC).isoformat()})
    setting = (
        "insert into setting (name, value) values (:name, cast(:value as jsonb))"
        " on conflict (name) do update set value = excluded.value"
    )
    connection.execute(text(setting), {"name": _LOADED, "value": value})
    entry = "insert into audit.entry (action, area, record) values ('load', 'training', :record)"
    connection.execute(text(entry), {"record": f"{people} people, seed {seed}"})
    connection.execute(text("select pg_notify('centre', :wire)"), {"wire": RESYNC.wire()})
    progress("statistics", 1, 1)


def create_logins(connection: Connection) -> None:
    """Teams and logins of the training city, on the owner's connection; whoever is there already is left alone.

    A login belongs to the whole server: where another database of it made one, it is taken over with its password
    set anew. The caller commits.
    """
    for team in TEAMS:
        connection.execute(
            text(
                "insert into team (name, service, locality, phone) values (:name, :service, :locality, :phone)"
                " on conflict (name) do nothing"
            ),
            {"name": team.name, "service": team.service, "locality": team.locality, "phone": team.phone},
        )
    accounts = set(connection.execute(text("select user_name from user_account")).scalars())
    logins = set(connection.execute(text("select rolname from pg_roles")).scalars())
    driver = connection.connection.driver_connection
    for user in TRAINING_USERS:
        if user.user_name not in accounts:
            _create_login(driver, user, known=user.user_name in logins)
    connection.execute(text(_CAME))
    training_trust.agree(connection)


def _create_login(driver: Any, user: TrainingUser, *, known: bool) -> None:
    secret = verifier(driver, user.user_name, training_password(user.user_name))
    details = (user.display_name, user.role, user.locality, user.team)
    if known:
        driver.execute(
            "insert into user_account (user_name, display_name, role, locality, team_id)"
            " values (%s, %s, %s, %s, (select id from team where name = %s))",
            (user.user_name, *details),
        )
        name = sql.Identifier(user.user_name)
        driver.execute(sql.SQL("alter role {} login password {}").format(name, sql.Literal(secret)))
        driver.execute(sql.SQL("grant {} to {}").format(sql.Identifier(user.role), name))
    else:
        driver.execute(
            "select create_login(%s, %s, %s, %s, %s, (select id from team where name = %s))",
            (user.user_name, secret, *details),
        )
    # A whole class shares a training user; a login of the world keeps the limit that create_login sets.
    driver.execute(sql.SQL("alter role {} connection limit -1").format(sql.Identifier(user.user_name)))
    driver.execute("update user_account set training = true where user_name = %s", (user.user_name,))
