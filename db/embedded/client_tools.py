"""The client programs of the wheel: psql, pg_dump, pg_restore, pg_basebackup …"""

from __future__ import annotations

from pathlib import Path

from db.embedded.programs import program


def tool(name: str) -> Path:
    """The path of client program ``name``, without suffix. Raises ProgramsMissing."""
    return program(name)
