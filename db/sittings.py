"""From signing in to signing out, on the audit trail (R4). The computer is known by its kind alone."""

from __future__ import annotations

import platform
import re
from contextlib import suppress
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from coordination.errors import CoordinationError
from db.errors import domain_errors
from db.stores.looked import PgLookedStore

_LONGEST = 40


def begin(connection: Connection, sitting: UUID) -> None:
    """Somebody has come in, on a computer of this kind."""
    PgLookedStore(connection).note_sitting("sign_in", sitting, [_fact("system", kind_of_computer())])


def end(engine: Engine, sitting: UUID, how: str = "left") -> None:
    """They go. Never raises: a line that is cut ends a sitting without a word, and on the trail it has no end."""
    with suppress(CoordinationError, SQLAlchemyError), domain_errors(), engine.begin() as connection:
        PgLookedStore(connection).note_sitting("sign_out", sitting, [_fact("how", how)])


def kind_of_computer() -> str:
    """``Windows 11``, ``Darwin 25.1.0``: never its name, its address or a number of its own."""
    return f"{platform.system() or 'unknown'} {platform.release().split('-')[0]}".strip()


def _fact(kind: str, words: str) -> str:
    return f"{kind}:{re.sub(r'[^A-Za-z0-9._ -]', '', words)[:_LONGEST] or 'unknown'}"
