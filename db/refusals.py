"""A refusal is on the audit trail although what was refused is rolled back (R4): noted afterwards, by the same login.

What cannot be seen here: rows that row security does not show (reading them is answered with nothing, except that a
person asked for by id is noted), and statements of another program, whose refusal its own transaction takes back.
"""

from __future__ import annotations

import re
from contextlib import suppress

from sqlalchemy import Engine, cast, func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.types import Uuid

from coordination.errors import CoordinationError
from coordination.governance.trail_notes import ToNote, refused_by
from db.errors import domain_errors

_TABLE = re.compile(r"\b(?:insert into|update|delete from|from|select audit\.)\s*\"?([a-z_]{1,63})\b", re.IGNORECASE)


def note_refusal(engine: Engine, error: CoordinationError) -> None:
    """Never raises: whoever was refused hears of that, not of the trail."""
    refused = refused_by(error)
    if refused is not None:
        with suppress(CoordinationError, SQLAlchemyError):
            write(engine, refused, _table_of(error))


def write(engine: Engine, refused: ToNote, table: str = "") -> None:
    """In a transaction of its own."""
    area, record = refused.area or table or "statement", refused.record
    with domain_errors(), engine.begin() as connection:
        connection.execute(select(func.audit.note_refusal(refused.kind, area, record, cast(refused.person, Uuid))))


def _table_of(error: CoordinationError) -> str:
    """The first table of the refused statement: the server does not name it, and the statement holds no values."""
    cause = error.__cause__
    statement = cause.statement if isinstance(cause, DBAPIError) else None
    found = _TABLE.search(statement or "")
    return found[1].lower() if found else ""
