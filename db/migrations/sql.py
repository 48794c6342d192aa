"""Run a hand-written SQL file of versions/ inside the migration's transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import op

VERSIONS = Path(__file__).parent / "versions"


def run(name: str) -> None:
    """Execute every statement of ``versions/name``. A lock that cannot be had in 5 s fails the migration,
    so that open desks never hang behind it."""
    op.get_bind().exec_driver_sql("set local lock_timeout = '5s'")
    op.get_bind().exec_driver_sql((VERSIONS / name).read_text(encoding="utf-8").replace("%", "%%"))
