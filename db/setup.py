"""Bring a database to what this program expects: schema, reference data, forms. Run by its owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from coordination.errors import CannotOpen, Obstacle, obstacle
from coordination.messages.inbox import DEFAULT_FOLDER, DEFAULT_SOURCE
from db import migrations
from db.engine import connect, open_engine


class SchemaDiffers(CannotOpen):
    """The database is at another revision than this program. ``ahead`` when the database is the newer one."""

    def __init__(self, database: str | None, program: str) -> None:
        super().__init__(database, program)
        self.database, self.program = database, program

    @property
    def ahead(self) -> bool:
        return self.database is not None and self.database > self.program

    @property
    def obstacle(self) -> Obstacle:
        return obstacle("schema_ahead" if self.ahead else "schema_behind", database=self.database, program=self.program)

    def __str__(self) -> str:
        return f"database at {self.database}, program at {self.program}"


def prepare(connection: Connection) -> None:
    """Migrate to the newest revision and put in what the program needs from the first minute. Idempotent.

    ``connection`` is the owner's, inside a transaction that the caller commits. Raises SchemaDiffers for a
    database that is newer than this program: nothing is written then.
    """
    from db import reference  # imported here: only a start that prepares something needs them
    from db.stores.forms import publish_forms

    found = migrations.current(connection)
    if found is not None and found > migrations.head():
        raise SchemaDiffers(found, migrations.head())
    migrations.upgrade(connection)
    reference.seed(connection)
    publish_forms(connection)


def prepare_database(where: Mapping[str, Any], password: str) -> None:
    """``prepare`` over a connection of its own, committed."""
    engine = owner_engine(where, password)
    try:
        with engine.begin() as connection:
            prepare(connection)
    finally:
        engine.dispose()


def watch_own_folder(where: Mapping[str, Any], password: str) -> None:
    """An embedded database has one source from the first minute: the folder ``inbox`` beside it. Once made, it is
    changed by nobody but its keepers."""
    with connect(where, password) as connection:
        connection.execute(
            "insert into inbox_source (id, kind, name, folder) values (%s, 'folder', 'Inbox folder', %s)"
            " on conflict do nothing",
            (DEFAULT_SOURCE, DEFAULT_FOLDER),
        )


def owner_engine(where: Mapping[str, Any], password: str) -> Engine:
    """An engine for the owner: no time limit on a statement, since a bulk load is one."""
    words = {**where, "options": "-c timezone=UTC -c jit=off"}
    return open_engine(lambda: words, password)


def check_revision(where: Mapping[str, Any], password: str) -> None:
    """Raise SchemaDiffers unless the database is exactly at this program's revision."""
    with connect(where, password) as connection:
        row = connection.execute("select version_num from alembic_version").fetchone()
    found = row[0] if row else None
    if found != migrations.head():
        raise SchemaDiffers(found, migrations.head())
