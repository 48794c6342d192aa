"""Put a backup into an empty database, and hold what came of it against what was taken."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from psycopg import sql

from coordination.errors import BackupDamaged, Refused, obstacle
from coordination.governance.model import ROLES
from db.backup import contents, programs
from db.backup.contents import Difference, Login, Manifest
from db.backup.sealed import pieces
from db.backup.taking import LENGTH
from db.engine import connect

_EVERYBODY = "centre_user"


def read_manifest(file: Path, passphrase: str) -> Manifest:
    """What the backup says of itself; reads no more than that. Raises BackupDamaged, OSError."""
    with file.open("rb") as opened:
        return _split(pieces(opened, passphrase))[0]


def restore(
    file: Path,
    passphrase: str,
    where: Mapping[str, Any],
    password: str,
    *,
    progress: Callable[[int], object] = lambda _bytes: None,
) -> tuple[Manifest, tuple[Difference, ...]]:
    """Fill the empty database ``where`` from ``file``, as its owner: all of it, or nothing. Then compare every table.

    Logins come with their passwords (as verifiers); one that is there already keeps its own. ``progress`` hears the
    bytes so far. Raises Refused where the database is not empty, BackupDamaged, BackupFailed, DatabaseAway, OSError.
    """
    with file.open("rb") as opened, connect(where, password, autocommit=True) as connection:
        manifest, data = _split(pieces(opened, passphrase))
        if connection.execute("select 1 from pg_class where relnamespace = 'public'::regnamespace").fetchone():
            raise Refused("restore", (obstacle("database_not_empty"),))
        _roles(connection, manifest.logins)
        _fill(data, where, password, progress)
        connection.execute("set statement_timeout = 0")
        return manifest, contents.differences(manifest, contents.figures(connection))


def _split(content: Iterator[bytes]) -> tuple[Manifest, Iterator[bytes]]:
    """The manifest, and what comes after it."""
    had = next(content)
    length = int.from_bytes(had[:LENGTH], "big")
    while len(had) < LENGTH + length and (more := next(content, b"")):
        had += more
    try:
        manifest = Manifest.from_json(had[LENGTH : LENGTH + length])
    except (ValueError, KeyError, TypeError):
        raise BackupDamaged("foreign") from None

    def rest() -> Iterator[bytes]:
        yield had[LENGTH + length :]
        yield from content

    return manifest, rest()


def _fill(data: Iterator[bytes], where: Mapping[str, Any], password: str, progress: Callable[[int], object]) -> None:
    arguments = ["--format=custom", "--no-owner", "--single-transaction", "--exit-on-error"]
    done = 0
    with programs.run("pg_restore", arguments, where, password, stdin=subprocess.PIPE) as program:
        assert program.stdin is not None
        try:
            for content in data:
                program.stdin.write(content)
                done += len(content)
                progress(done)
            program.stdin.close()
        except BrokenPipeError:
            pass  # it ended before us: its exit code says so
        except BaseException:
            program.kill()  # before it sees an end of its input: nothing is committed
            raise
        programs.ended("pg_restore", program)


def _roles(connection: Any, logins: tuple[Login, ...]) -> None:
    """Those that the schema's grants name, which no backup of one database holds."""
    there = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role in (_EVERYBODY, *ROLES):
        if role not in there:
            connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
        if role != _EVERYBODY:
            connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(_EVERYBODY), sql.Identifier(role)))
    for login in logins:
        if login.name in there:
            continue
        enters = sql.SQL("login" if login.active else "nologin")
        password_is = sql.Literal(login.verifier or None)  # without one nobody enters before it is set
        connection.execute(
            sql.SQL("create role {} {} password {} connection limit 12").format(
                sql.Identifier(login.name), enters, password_is
            )
        )
        for role in login.roles:
            connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(login.name)))
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    connection.execute(sql.SQL("grant connect on database {} to centre_user").format(database))
