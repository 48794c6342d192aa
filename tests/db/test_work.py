"""The unit of work and the change feed."""

from __future__ import annotations

import queue
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import text

from coordination.changes import RESYNC, Change
from coordination.errors import DatabaseAway, SignInFailed
from coordination.values import new_id
from db.engine import connect
from db.listen import PgChangeFeed
from tests.database import CentreDb, password_of


class Heard:
    """What a feed delivered, to be waited for."""

    def __init__(self) -> None:
        self.changes: queue.Queue[Change] = queue.Queue()
        self.states: queue.Queue[bool] = queue.Queue()

    def until(self, wanted: Change) -> None:
        while self.changes.get(timeout=30) != wanted:
            pass


@pytest.fixture
def heard(centre_db: CentreDb) -> Iterator[Heard]:
    found = Heard()
    user = "cora.coordinator"
    feed = PgChangeFeed(lambda: centre_db.where(user), password_of(user))
    feed.start(found.changes.put, found.states.put)
    found.until(RESYNC)
    yield found
    feed.stop()


def insert_person(c: object, key: object) -> None:
    c.execute("insert into person (id, surname) values (%s, 'Example')", [key])  # type: ignore[attr-defined]


def test_a_change_on_one_desk_reaches_another_as_an_id(centre_db: CentreDb, heard: Heard) -> None:
    key = new_id()
    with centre_db.psql("cole.coordinator") as c:
        insert_person(c, key)
    heard.until(Change("people", str(key)))


def test_what_is_rolled_back_is_not_heard(centre_db: CentreDb, heard: Heard) -> None:
    gone, kept = new_id(), new_id()
    with centre_db.psql("cole.coordinator") as c:
        with c.transaction(force_rollback=True):
            insert_person(c, gone)
        insert_person(c, kept)
    assert heard.changes.get(timeout=30) == Change("people", str(kept))


def test_the_feed_comes_back_and_says_resync(centre_db: CentreDb, heard: Heard) -> None:
    with centre_db.owner.connect() as c:
        c.execute(text("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'"))
    heard.until(RESYNC)
    assert [heard.states.get(timeout=30) for _ in range(3)] == [True, False, True]


def test_stopping_the_feed_is_prompt(centre_db: CentreDb) -> None:
    user = "cora.coordinator"
    feed = PgChangeFeed(lambda: centre_db.where(user), password_of(user))
    begun: queue.Queue[bool] = queue.Queue()
    feed.start(lambda _: None, begun.put)
    assert begun.get(timeout=30)
    before = time.monotonic()
    feed.stop()
    assert time.monotonic() - before < 30  # ends at all: a hang would wait for ever


def test_a_wrong_password_is_told_from_a_server_that_is_away(centre_db: CentreDb) -> None:
    where = centre_db.where("cora.coordinator")
    with pytest.raises(SignInFailed):
        connect(where, "wrong")
    with pytest.raises(DatabaseAway):
        connect({**where, "port": 1}, "wrong")


def test_a_line_that_is_lost_each_time_the_password_was_given_is_no_wrong_password() -> None:
    heard = []

    def lose(listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return  # the test is over
            with line:
                while int.from_bytes(line.recv(8)[4:], "big") in _WISHES:
                    line.sendall(b"N")
                line.recv(8192)
                line.sendall(b"R" + struct.pack("!II", 8, 3))  # the password, please
                heard.append(line.recv(8192)[:1])

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as other:
        other.submit(lose, listener)
        where = {"host": "127.0.0.1", "port": listener.getsockname()[1], "user": "x", "dbname": "x"}
        try:
            with pytest.raises(DatabaseAway):
                connect(where, "right or wrong")
        finally:
            with suppress(OSError):  # not everywhere
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
    assert heard == [b"p", b"p"], "tried twice, and given up"


_WISHES = (80877103, 80877104)  # for TLS, for GSSAPI


def test_an_error_inside_rolls_everything_back(centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("cora.coordinator")
    with pytest.raises(RuntimeError), desk.begin() as work:
        work.governance.note("view", "people", "x", None)
        raise RuntimeError
    with centre_db.owner.connect() as c:
        assert c.execute(text("select count(*) from audit.entry where action = 'view'")).scalar_one() == 0


def test_no_password_in_what_an_engine_says_of_itself(centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("cora.coordinator")
    assert password_of("cora.coordinator") not in f"{desk.engine!r} {desk.engine.url}"
