"""The schema, step by step. Alembic keeps the order; the steps are hand-written SQL.

``upgrade`` and ``downgrade`` run all wanted steps in one transaction: a step that fails leaves nothing half done.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from coordination.changes import SCHEMA, Change

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where it is used: it costs 0.2 s, and a start that has nothing to migrate does without.
HERE = Path(__file__).parent
# One at a time: two desks that start an upgrade together wait for each other here.
_LOCK = 0x43454E5452


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision that this program expects: steps are numbered, and the last is the newest (a test says so)."""
    return max(step.name[:4] for step in (HERE / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def current(connection: Connection) -> str | None:
    """The revision of the database, or None for an empty one."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema up. ``connection`` belongs to the owner; the caller commits, and tries again where it is too
    busy: a migration never makes desks wait for longer than ``PATIENCE`` before it begins."""
    from alembic import command

    _alone(connection)
    command.upgrade(_config(connection), to)
    connection.exec_driver_sql("grant select on alembic_version to centre_user")
    _tell(connection)


def downgrade(connection: Connection, to: str) -> None:
    """Take the schema down to a revision, or to nothing with ``base``; as ``upgrade``."""
    from alembic import command

    _alone(connection)
    command.downgrade(_config(connection), to)
    _tell(connection)


PATIENCE = "2s"


def _alone(connection: Connection) -> None:
    """No transaction of a desk is under way, and none begins before this one has ended (db/revision.py)."""
    connection.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
    connection.exec_driver_sql(f"set local lock_timeout = '{PATIENCE}'")
    if current(connection) is not None:
        connection.exec_driver_sql("lock table alembic_version in access exclusive mode")


def _tell(connection: Connection) -> None:
    """Open desks hear of it when it is committed."""
    wire = Change(SCHEMA, current(connection) or "").wire()
    connection.exec_driver_sql("select pg_notify('centre', %s)", (wire,))
