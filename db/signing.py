"""Coming in: how a login stands, and its password. Only verifiers travel to the server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from coordination.errors import BadValue, LoginDisabled, PasswordMustChange, SignInFailed
from coordination.governance.model import Standing
from db.engine import connect, verifier
from db.errors import domain_errors

_ASK = "select standing, at, ended_at, ended_why, ended_by from my_standing()"
_REFUSALS = {"disabled": LoginDisabled, "temporary": PasswordMustChange}


class Secret:
    """The password of a sitting, in memory. Connections ask for it as they are made: it may be changed meanwhile."""

    def __init__(self, password: str) -> None:
        self._password = password

    def __call__(self) -> str:
        return self._password

    def replace(self, password: str) -> None:
        self._password = password


def refuse_unless_good(connection: Connection) -> Standing:
    """How this login stands. Raises LoginDisabled, PasswordMustChange, SignInFailed where it may not go on."""
    return _good(_standing(connection.exec_driver_sql(_ASK).one()))


def standing(where: Mapping[str, Any], secret: Secret) -> Standing:
    """The same over a connection of its own, whatever the answer. Raises SignInFailed when the password does not fit
    any more, DatabaseAway."""
    with domain_errors(), connect(where, secret) as connection:
        return _standing(connection.execute(_ASK).fetchone())


def try_password(where: Mapping[str, Any], password: str) -> Standing:
    """Whether this is the password. Raises SignInFailed, LoginDisabled, PasswordMustChange, DatabaseAway."""
    with domain_errors(), connect(where, password) as connection:
        return _good(_standing(connection.execute(_ASK).fetchone()))


def change_password(where: Mapping[str, Any], user: str, present: str, new: str) -> datetime:
    """From now on, and on every other desk the sessions are over; the moment, by the server. Raises
    BadValue('present', 'password_wrong'), LoginDisabled, DatabaseAway. The rules of passwords are the caller's."""
    try:
        with domain_errors(), connect(where, present) as connection:
            found = _standing(connection.execute(_ASK).fetchone())
            if found.state != "temporary":
                _good(found)
            moment: datetime = connection.execute(
                "select change_my_password(%s)", (verifier(connection, user, new),)
            ).fetchone()[0]  # type: ignore[index]
            return moment
    except LoginDisabled:
        raise
    except SignInFailed:
        raise BadValue("present", "password_wrong") from None


def _standing(row: Any) -> Standing:
    state: Literal["good", "temporary", "disabled", "without_role", "unknown"] = row[0]
    return Standing(state, row[1], row[2], row[3], row[4])


def _good(found: Standing) -> Standing:
    if found.state != "good":
        raise _REFUSALS.get(found.state, SignInFailed)
    return found
