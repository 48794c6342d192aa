"""The training city into the database: its logins, and its people by COPY. Run by the owner."""

from __future__ import annotations

from typing import Any

from psycopg import sql
from sqlalchemy import Connection, text

from coordination.training.teams import TEAMS
from coordination.training.users import TRAINING_USERS, TrainingUser, training_password, users_of
from db.engine import verifier


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
    _recognise_assessors(connection)


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
    driver.execute("update user_account set training = true where user_name = %s", (user.user_name,))


def _recognise_assessors(connection: Connection) -> None:
    """A3: the trusted assessors are recognised for every form, two years from the first of the month."""
    for user in users_of("trusted_assessor"):
        connection.execute(
            text(
                "insert into recognised_assessor (user_name, organisation, valid, recorded_by)"
                " select :user, 'Manchester (training)', daterange(first, (first + interval '2 years')::date), :manager"
                " from (select date_trunc('month', current_date)::date as first) month"
                " where not exists (select 1 from recognised_assessor where user_name = :user)"
            ),
            {"user": user.user_name, "manager": users_of("manager")[0].user_name},
        )
