"""Put a backup into an empty database, and hold what came of it against what was taken."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from psycopg import sql

from coordination.errors import BackupDamaged, Refused, obstacle
from coordination.governance.model import ROLES
from db.backup import contents, programs
from db.backup.contents import Difference, Login, Manifest
from db.backup.relay import without_tls
from db.backup.sealed import pieces
from db.backup.taking import LENGTH
from db.engine import connect

_EVERYBODY, _PREVIEW = "centre_user", "centre_preview"


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
        with (
            without_tls(where, connection.info.host, connection.info.port) as plain,
            what_to_restore(file, passphrase, plain, password, connection) as listed,
        ):
            _fill(data, plain, password, progress, listed)
        _preview_apart(connection)
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


@contextmanager
def what_to_restore(
    file: Path, passphrase: str, where: Mapping[str, Any], password: str, connection: Any
) -> Iterator[list[str]]:
    """Arguments that name it: all, but for an owner who is no superuser without the event trigger that notes each
    connection, which only a superuser can make."""
    if connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()[0]:
        yield []
        return
    with TemporaryDirectory(prefix="centre restore ") as folder:
        listed = Path(folder) / "list"
        whole = contents_of(file, passphrase, where, password).splitlines(keepends=True)
        listed.write_bytes(b"".join(line for line in whole if b" EVENT TRIGGER " not in line))
        yield [f"--use-list={listed}"]


def contents_of(file: Path, passphrase: str, where: Mapping[str, Any], password: str) -> bytes:
    """What is in the backup, a line a thing: names of tables and the like, no rows."""
    with (
        file.open("rb") as opened,
        TemporaryFile() as out,
        programs.run(
            "pg_restore", ["--format=custom", "--list"], where, password, stdin=subprocess.PIPE, stdout=out
        ) as program,
    ):
        assert program.stdin is not None
        with suppress(BrokenPipeError):  # it reads no further than the list
            for content in _split(pieces(opened, passphrase))[1]:
                program.stdin.write(content)
            program.stdin.close()
        programs.ended("pg_restore", program)
        out.seek(0)
        return out.read()


def _fill(
    data: Iterator[bytes],
    where: Mapping[str, Any],
    password: str,
    progress: Callable[[int], object],
    listed: Sequence[str] = (),
) -> None:
    arguments = ["--format=custom", "--no-owner", "--single-transaction", "--exit-on-error", *listed]
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


def _preview_apart(connection: Any) -> None:
    """What a team would see is asked by a role that owns nothing else; what is restored belongs to the owner."""
    if connection.execute("select to_regproc('keep_preview_apart')").fetchone()[0] is not None:
        connection.execute("select keep_preview_apart()")


def _roles(connection: Any, logins: tuple[Login, ...]) -> None:
    """Those that the schema's grants name, which no backup of one database holds."""
    there = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role in (_EVERYBODY, _PREVIEW, *ROLES):
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
