"""A shared server made ready, step by step: look, make what is missing, say of each what was found."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from db import migrations, setup, shared_server
from db.engine import connect, verifier
from db.errors import domain_errors
from db.shared_server import OWNER, Found


class Asks(Protocol):
    """Where passwords come from; asked for when they are first needed."""

    def superuser(self, name: str) -> str: ...
    def owner(self, *, new: bool) -> str: ...
    def administrator(self, user: str) -> str: ...


@dataclass(frozen=True)
class Wishes:
    """``desks`` at once; ``administrator``: user name and display name of the first one, where there is none."""

    superuser: str
    desks: int
    administrator: tuple[str, str] | None
    look_only: bool


def prepare(
    where: Callable[[str], Mapping[str, Any]], wishes: Wishes, ask: Asks, say: Callable[[str], object]
) -> Iterator[Found]:
    """``where``: libpq words for a user of the database that is to be. Raises SignInFailed, DatabaseAway, TooBusy."""
    name = str(where(OWNER)["dbname"])
    words = {**where(wishes.superuser), "dbname": "postgres"}
    superuser = ask.superuser(wishes.superuser)
    with domain_errors(), connect(words, superuser, autocommit=True) as connection:
        stopped = False
        for found in shared_server.look(words, connection, wishes.desks):
            stopped |= found.stops and not found.good
            if found.code == "connections" and not found.good:
                if wishes.look_only:
                    yield Found("too_few", good=False, facts=found.facts)
                    continue
                shared_server.widen(connection, wishes.desks)
            yield found
        if stopped:
            return
        if not wishes.look_only:
            yield from shared_server.quieten(connection)
        password = yield from _owner(connection, wishes, ask)
        if password is None:
            return
        if not (yield from _database(connection, name, wishes)):
            return
        if not wishes.look_only:
            say("preparing_database")
            setup.prepare_database(where(OWNER), password, say)
            yield Found("schema", good=True, facts={"revision": migrations.head()})
            with connect({**words, "dbname": name}, superuser, autocommit=True) as inside:
                yield shared_server.note_connections(inside)
        yield from _administrator(where, password, wishes, ask)


def _owner(connection: psycopg.Connection[Any], wishes: Wishes, ask: Asks) -> Generator[Found, None, str | None]:
    """Its password, or None where there is no going on."""
    there = shared_server.has_owner(connection)
    if not there and wishes.look_only:
        yield shared_server.look_at_owner(connection)
        return None
    password = ask.owner(new=not there)
    if not there:
        shared_server.make_owner(connection, password)
    if not wishes.look_only:
        shared_server.let_owner_mark(connection)
    if not there:
        yield Found("owner_made", good=True, facts={"owner": OWNER})
        return password
    found = shared_server.look_at_owner(connection)
    yield found
    return password if found.good else None


def _database(connection: psycopg.Connection[Any], name: str, wishes: Wishes) -> Generator[Found, None, bool]:
    """Whether it can be gone into."""
    if not shared_server.has_database(connection, name) and not wishes.look_only:
        shared_server.make_database(connection, name)
        yield Found("database_made", good=True, facts={"name": name})
        return True
    found = shared_server.look_at_database(connection, name)
    yield found
    return found.good


def _administrator(where: Callable[[str], Mapping[str, Any]], owner: str, wishes: Wishes, ask: Asks) -> Iterator[Found]:
    count = shared_server.administrators(where(OWNER), owner)
    if count or wishes.administrator is None or wishes.look_only:
        yield Found("administrator", good=count > 0, facts={"count": count})
        return
    user, display = wishes.administrator
    password = ask.administrator(user)
    with connect(where(OWNER), owner) as connection:
        connection.execute(
            "select create_login(%s, %s, %s, 'administrator', null, null)",
            (user, verifier(connection, user, password), display),
        )
    yield Found("administrator_made", good=True, facts={"user": user})
