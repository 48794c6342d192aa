"""Take a backup while desks work: one snapshot, streamed through encryption, never in clear on a disk."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg

from coordination.errors import Refused, obstacle
from db.backup import contents, programs
from db.backup.contents import Manifest
from db.backup.relay import without_tls
from db.backup.sealed import PIECE, Writer
from db.engine import connect

LENGTH = 8
"""Bytes before the manifest that say how long it is."""


def take(
    where: Mapping[str, Any],
    password: str,
    file: Path,
    passphrase: str,
    *,
    progress: Callable[[int], object] = lambda _bytes: None,
) -> Manifest:
    """Write everything in the database ``where`` to ``file``, as it is at one moment. As the database's owner.

    The file appears when it is whole, readable by whoever runs this alone. ``progress`` hears the bytes so far. Raises
    Refused where the file is there already, BackupFailed, DatabaseAway, OSError.
    """
    if file.exists():
        raise Refused("backup", (obstacle("backup_file_exists"),))
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        with connect(where, password, autocommit=True) as connection, _owners_only(part) as out:
            connection.execute("begin isolation level repeatable read, read only")
            made = _write(connection, where, password, Writer(out, passphrase), progress)
        part.rename(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return made


def _owners_only(file: Path) -> Any:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _write(
    connection: psycopg.Connection[Any],
    where: Mapping[str, Any],
    password: str,
    out: Writer,
    progress: Callable[[int], object],
) -> Manifest:
    connection.execute("set local statement_timeout = 0")
    connection.execute("set local idle_in_transaction_session_timeout = 0")  # its snapshot is another program's
    snapshot = (connection.execute("select pg_export_snapshot()").fetchone() or ("",))[0]
    made = contents.manifest(connection)
    head = made.as_json()
    out.write(len(head).to_bytes(LENGTH, "big") + head)
    arguments = ["--format=custom", "--no-unlogged-table-data", f"--snapshot={snapshot}"]
    done = len(head)
    with (
        without_tls(where, connection.info.host, connection.info.port) as plain,
        programs.run("pg_dump", arguments, plain, password, stdout=subprocess.PIPE) as dump,
    ):
        assert dump.stdout is not None
        while content := dump.stdout.read(PIECE):
            out.write(content)
            done += len(content)
            progress(done)
        programs.ended("pg_dump", dump)
    out.finish()
    return made
