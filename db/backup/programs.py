"""pg_dump and pg_restore, run without a password in any argument."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.conninfo import make_conninfo

from coordination.errors import BackupFailed
from db.embedded.client_tools import tool


def run(
    name: str, arguments: Sequence[str], where: Mapping[str, Any], password: str, **pipes: Any
) -> subprocess.Popen[bytes]:
    """Start a client program of PostgreSQL on the database ``where``. The caller reads or writes its pipe and waits."""
    return subprocess.Popen(  # noqa: S603  no shell, and the program is ours
        [str(tool(name)), *arguments, "--no-password", "--dbname", make_conninfo(**where)],
        env={**os.environ, "PGPASSWORD": password, "LC_ALL": "C"},
        stderr=subprocess.DEVNULL,
        **pipes,
    )


def ended(name: str, program: subprocess.Popen[bytes]) -> None:
    """Wait for its end. Raises BackupFailed."""
    code = program.wait()
    if code != 0:
        raise BackupFailed(name, code)
