"""Bring a database to what this program expects: schema, reference data, forms. Run by its owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, text

from coordination.errors import TooBusy
from coordination.messages.inbox import DEFAULT_FOLDER, DEFAULT_SOURCE
from db import migrations
from db.engine import connect, open_engine
from db.errors import domain_errors
from db.revision import SchemaDiffers


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


TRIES = 60
_PAUSE = 1.0
"""Seconds between two tries, in which desks catch up."""


def prepare_database(
    where: Mapping[str, Any], password: str, say: Callable[[str], object] = lambda _step: None, tries: int = TRIES
) -> None:
    """``prepare`` over a connection of its own, committed; desks may be at work meanwhile.

    Where it cannot have the schema for itself at once, it lets the desks go on (``say("waiting_for_desks")``) and tries
    again, so often. Raises TooBusy after that, and what ``prepare`` raises. Nothing is half done then.
    """
    engine = owner_engine(where, password)
    pause = Event()
    try:
        for left in reversed(range(tries)):
            try:
                with domain_errors(), engine.begin() as connection:
                    was = migrations.current(connection)
                    prepare(connection)
                with domain_errors(), engine.begin() as connection:  # by itself: it keeps new connections waiting
                    connection.execute(text("select audit.watch_connections()"))
                if was != migrations.head():
                    _sweep(where, password)
                return
            except TooBusy:
                if not left:
                    raise
                say("waiting_for_desks")
                pause.wait(_PAUSE)
    finally:
        engine.dispose()


def _sweep(where: Mapping[str, Any], password: str) -> None:
    """Old versions of rows out of the indexes by which people are found: a plan counts what an index still holds
    (docs/decisions/kept-back.md)."""
    with connect(where, password, autocommit=True) as connection:
        connection.execute("vacuum person, person_former, person_around, contact, contact_caller")


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
