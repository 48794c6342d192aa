"""Logins: a new one, and a password for somebody whom no administrator can help. Only verifiers reach the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection, sql

from coordination.errors import NotFound
from db.engine import verifier


@dataclass(frozen=True)
class NewUser:
    """A login to be made, with its first password."""

    user_name: str
    display_name: str
    role: str
    locality: str | None
    password: str = field(repr=False)


def create(connection: Connection[Any], user: NewUser) -> None:
    """A login and its account, by an administrator or by the owner of the database."""
    connection.execute(
        "select create_login(%s, %s, %s, %s, %s, null)",
        (
            user.user_name, verifier(connection, user.user_name, user.password), user.display_name, user.role,
            user.locality,
        ),
    )  # fmt: skip


def give_password(connection: Connection[Any], user: str, password: str) -> None:
    """By the owner of the database; it must be changed when it is first used. Raises NotFound."""
    if connection.execute("select 1 from user_account where user_name = %s", (user,)).fetchone() is None:
        raise NotFound("user", user)
    secret = verifier(connection, user, password)
    connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(user), sql.Literal(secret)))
    connection.execute(
        "update user_sign_in set password_temporary = true, password_set_at = now() where user_name = %s", (user,)
    )
