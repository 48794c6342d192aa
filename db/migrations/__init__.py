"""The schema, step by step. Alembic keeps the order; the steps are hand-written SQL.

``upgrade`` and ``downgrade`` run all wanted steps in one transaction: a step that fails leaves nothing half done.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

HERE = Path(__file__).parent
# One at a time: two desks that start an upgrade together wait for each other here.
_LOCK = 0x43454E5452


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision that this program expects."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config).get_current_head() or ""


def current(connection: Connection) -> str | None:
    """The revision of the database, or None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema up. ``connection`` belongs to the owner; the caller commits."""
    connection.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
    command.upgrade(_config(connection), to)
    connection.exec_driver_sql("grant select on alembic_version to centre_user")


def downgrade(connection: Connection, to: str) -> None:
    """Take the schema down to a revision, or to nothing with ``base``."""
    connection.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
    command.downgrade(_config(connection), to)
