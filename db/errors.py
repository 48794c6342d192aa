"""Database errors become domain errors here, and only here: by SQLSTATE and constraint name, never by text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from coordination.errors import (
    AlreadyExists,
    BadValue,
    BrokenRule,
    CoordinationError,
    DatabaseAway,
    NoRoom,
    NotAllowed,
    StandbyOnly,
    TooBusy,
)
from db import revision
from db.migrations import head

_UNIQUE, _CHECK, _EXCLUSION, _FOREIGN_KEY, _NOT_NULL = "23505", "23514", "23P01", "23503", "23502"
_ONCE = {"person_nhs_number"}  # exclusions that hold what a unique index would (0059)
_NOT_ALLOWED = "42501"
_BUSY = {"40001", "40P01", "55P03", "57014", "53300"}
_NO_ROOM = {"53000", "53100", "53200", "58030"}  # disk, memory; an error of the file system
_READ_ONLY = "25006"
_NOT_NOW = "55000"


def translate(error: psycopg.Error) -> CoordinationError | None:
    """The domain error for a driver error, or None when it is nothing foreseen."""
    state = error.sqlstate
    if state is None and isinstance(error, psycopg.DataError):  # psycopg itself refuses to send a NUL
        return BadValue("text", "has_unstorable_character")
    if state is None:
        return DatabaseAway() if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None
    constraint = error.diag.constraint_name or ""
    if state == _UNIQUE or (state == _EXCLUSION and constraint in _ONCE):
        return AlreadyExists(constraint)
    if state in (_CHECK, _EXCLUSION, _FOREIGN_KEY):
        return BrokenRule(constraint, error.diag.message_detail or "")
    if state == _NOT_NULL:
        return BadValue(error.diag.column_name or "", "missing")
    if state == _NOT_ALLOWED:
        return NotAllowed(constraint or error.diag.table_name or "")
    if state in _BUSY:
        return TooBusy()
    if state in _NO_ROOM:
        return NoRoom()
    if state == _READ_ONLY:
        return StandbyOnly()
    if state == _NOT_NOW and constraint == revision.CONSTRAINT:
        return revision.SchemaDiffers(error.diag.message_detail, head())
    if state.startswith(("08", "57P")):
        return DatabaseAway()
    if state in ("22P05", "22021"):  # a character that PostgreSQL text cannot hold
        return BadValue("text", "has_unstorable_character")
    return None


@contextmanager
def domain_errors() -> Iterator[None]:
    """Everything that the database raises inside comes out as a domain error, if one is known."""
    try:
        yield
    except DBAPIError as error:
        known = translate(error.orig) if isinstance(error.orig, psycopg.Error) else None
        if error.connection_invalidated:
            known = DatabaseAway()
        if known is None:
            raise
        raise known from error
    except UnicodeEncodeError:  # half of a surrogate pair; its message would hold what was typed
        raise BadValue("text", "has_unstorable_character") from None
    except PoolTimeout as error:
        raise TooBusy from error
    except psycopg.Error as error:
        known = translate(error)
        if known is None:
            raise
        raise known from error
