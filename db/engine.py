"""Connections for one signed-in user. The password lives in memory only, never in a URL or a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

from coordination.errors import CannotOpen, DatabaseAway, LockedOut, NotAllowed, SignInFailed, StandbyOnly, TooBusy
from db import revision as revisions
from db.pulse import Lines

# A line that is dead without having been closed is noticed within a quarter of a minute, not of an hour.
_PULSE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 15_000}
SESSION = "-c timezone=UTC -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c jit=off"


Password = str | Callable[[], str]
"""or where it is to be had at each connection: somebody may change theirs while signed in"""


def connect(where: Mapping[str, Any], password: Password, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    """A plain connection outside any pool. ``where``: host, port, dbname, user and other libpq words.

    Raises SignInFailed when the server heard the password and refused, LockedOut when it did not want to hear it,
    TooBusy when it took it and has no room for one more, DatabaseAway when it was not reached, StandbyOnly where the
    address asks for a server that takes something in, and none of those that answer does.
    """
    words = {"connect_timeout": 5, "application_name": "centre", "options": SESSION, **_PULSE, **where}
    secret = password if isinstance(password, str) else password()
    said = ""
    for _ in range(_BELIEVED):
        try:
            return _over_tls(psycopg.connect(**words, password=secret, autocommit=autocommit), words)
        except psycopg.OperationalError as error:
            # libpq gives no SQLSTATE before a session stands, but it says whether the password was asked for. A line
            # that was cut just then is tried once more; a server that refuses says so itself.
            said = str(error)
            if _REFUSED in said:  # by the server and not by the line: asked again, it would count twice
                raise SignInFailed from None
            if error.pgconn is None or not error.pgconn.used_password:
                raise (LockedOut if _SHUT in said else DatabaseAway) from None
            _passing(said)
    if words.get("target_session_attrs", "any") != "any" and _answers({**words, "target_session_attrs": "any"}, secret):
        raise StandbyOnly
    raise SignInFailed if _BY_SERVER in said else DatabaseAway


_BELIEVED = 2
_BY_SERVER = "FATAL"
# Words of the server (lc_messages = C, as prepare-server sets it) for what ends by itself: the password was right.
_FULL = ("too many connections for", "too many clients", "connection slots", "lock timeout", "statement timeout")
_SHUT, _REFUSED = "pg_hba.conf rejects connection", "password authentication failed"
_STOPS = ("the database system is", "terminating connection")


def _passing(said: str) -> None:
    """Raises TooBusy, DatabaseAway: a session that did not come about after the password had been taken."""
    if any(words in said for words in _FULL):
        raise TooBusy from None
    if any(words in said for words in _STOPS):
        raise DatabaseAway from None


def _over_tls(connection: psycopg.Connection[Any], words: Mapping[str, Any]) -> psycopg.Connection[Any]:
    """What was to be encrypted is. libpq passes over ``sslmode`` where it thinks it is on a socket of this machine."""
    if words.get("sslmode") == "verify-full" and not connection.pgconn.ssl_in_use:
        connection.close()
        raise DatabaseAway
    return connection


def _answers(words: Mapping[str, Any], password: str) -> bool:
    """Whether any server of the address lets this login in."""
    try:
        psycopg.connect(**words, password=password).close()
    except psycopg.OperationalError:
        return False
    return True


Where = Callable[[], Mapping[str, Any]]
"""libpq words, asked for at each connection: an embedded server that was started again may have another port."""


def connect_again(where: Where, password: Password, revive: Callable[[], object] | None = None, **how: Any) -> Any:
    """``connect``; when nobody answers, ``revive`` the server (an embedded one that died) and try once more. One that
    cannot be revived now is away: its disk may be full, and have room again in a minute."""
    try:
        return connect(where(), password, **how)
    except DatabaseAway:
        if revive is None:
            raise
    try:
        revive()
    except CannotOpen as error:
        raise DatabaseAway from error
    return connect(where(), password, **how)


KEPT, MOST = 3, 8
"""Connections that a desk keeps open once it has needed them, and the most that it has at a moment; the feed's is one
more. docs/shared-server.md counts with it."""


def open_engine(
    where: Where, password: Password, revive: Callable[[], object] | None = None, lines: Lines | None = None,
    *, revision: str | None = None,
) -> Engine:  # fmt: skip
    """A small pool for one login. A connection is taken with its transaction begun; a dead one is replaced before.

    ``lines`` gets each connection, so that a silent server can be hung up on. ``revision``: the one that the program
    was written for; taking a connection raises SchemaDiffers where the database has another one.
    """

    def creator() -> psycopg.Connection[Any]:
        connection: psycopg.Connection[Any] = connect_again(where, password, revive)
        if lines is not None:
            lines.add(connection)
        return connection

    engine = create_engine(
        "postgresql+psycopg://", creator=creator, pool_size=KEPT, max_overflow=MOST - KEPT, pool_timeout=10,
        pool_use_lifo=True,  # one at a time, the same one again: its plans are made already
    )  # fmt: skip
    event.listen(engine, "checkout", partial(_begin, revision))
    return engine


BEGAN = "began"
"""Where ``Connection.info`` holds when the transaction of a connection began, by the server's clock, in UTC."""


def _begin(revision: str | None, connection: psycopg.Connection[Any], record: Any, _fairy: object) -> None:
    """One round trip as a connection is taken: it answers, its transaction has begun, it is told the time, and program
    and schema fit for as long as the transaction lasts.

    A connection that does not answer is replaced before anything is asked of it, and so are the others of its time.
    """
    asked = b"begin; select now()" if revision is None else f"begin; select now(), ({revisions.READ})".encode()
    try:
        answer = connection.pgconn.exec_(asked)
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error
    _understand(answer.error_field(DiagnosticField.SQLSTATE), revision)
    began = answer.get_value(0, 0) if answer.status == ExecStatus.TUPLES_OK else None
    if began is None:
        raise InvalidatePoolError
    if revision is not None:
        found = answer.get_value(0, 1)
        revisions.compare(found.decode() if found is not None else None, revision)
    record.info[BEGAN] = datetime.fromisoformat(began.decode()).astimezone(UTC)


def _understand(state: bytes | None, revision: str | None) -> None:
    """What is wrong with the database and not with the line."""
    if state in (b"57014", b"55P03"):  # it took too long: a migration has the schema for itself
        raise TooBusy
    if state == b"42P01":
        raise revisions.SchemaDiffers(None, revision or "")
    if state == b"42501":
        raise NotAllowed("sign_in")


def verifier(connection: psycopg.Connection[Any], user: str, password: str) -> str:
    """The SCRAM verifier of a password, computed here so that the password never travels to the server."""
    return connection.pgconn.encrypt_password(password.encode(), user.encode(), b"scram-sha-256").decode()
