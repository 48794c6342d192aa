"""Does this program fit this database? Asked with each transaction, and held by the database too.

Whoever takes a connection reads the database's revision in the transaction that follows, which keeps a migration out
until it ends: a migration begins by locking that table against everybody. So no transaction of a program sees half of
a migration, and none writes to a schema that it does not know. A connection also states for which revision the program
was written, and the trigger ``program_fits`` on the audit trail refuses what another one changes; psql states none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg

from coordination.errors import CannotOpen, DatabaseAway, Obstacle, obstacle

STATED = "centre.revision"
CONSTRAINT = "program_fits"
READ = "select version_num from alembic_version"


class SchemaDiffers(CannotOpen, DatabaseAway):
    """The database is at another revision than this program. ``ahead`` when the database is the newer one.

    To a desk the database is away, then: what is typed is kept, and goes when the two fit again.
    """

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


def stating(where: Mapping[str, Any], revision: str, options: str) -> dict[str, Any]:
    """libpq words that say which revision the program was written for, beside its other ``options``."""
    return {**where, "options": f"{where.get('options', options)} -c {STATED}={revision}"}


def compare(found: str | None, program: str) -> None:
    """Raises SchemaDiffers unless they are the same."""
    if found != program:
        raise SchemaDiffers(found, program)


def found_in(connection: psycopg.Connection[Any]) -> str | None:
    """The revision of the database; None where it is empty."""
    row = connection.execute(READ).fetchone()
    return str(row[0]) if row else None
