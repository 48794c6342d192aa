"""A server that says nothing more while the line stands: it is noticed, and nobody waits for it for ever."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from coordination.changes import RESYNC, Change
from coordination.errors import DatabaseAway
from coordination.services import Services
from db.engine import open_engine
from db.listen import PgChangeFeed
from db.pulse import Lines
from db.stores.governance import whoami
from db.work import beginner
from tests.database import CentreDb, password_of
from tests.imap_server import Cord

USER = "cora.coordinator"


@pytest.fixture
def cord(centre_db: CentreDb) -> Iterator[Cord]:
    made = Cord(int(centre_db.where(USER)["port"]))
    yield made
    made.flowing.set()
    made.close()


def test_a_silent_server_is_away_for_the_feed_and_for_a_call_that_waits_and_comes_back(
    centre_db: CentreDb, cord: Cord
) -> None:
    def where() -> dict[str, Any]:
        return {**centre_db.where(USER), "host": "127.0.0.1", "port": cord.port, "connect_timeout": 2}

    lines, states, heard = Lines(), queue.Queue[bool](), queue.Queue[Change]()
    engine = open_engine(where, password_of(USER), lines=lines)
    with engine.begin() as connection:
        actor = whoami(connection)
    services = Services(beginner(engine, actor))
    feed = PgChangeFeed(where, password_of(USER), lines=lines, beat=0.1, patience=0.3)
    feed.start(heard.put, states.put)
    assert states.get(timeout=30) is True and heard.get(timeout=30) == RESYNC

    cord.flowing.clear()
    ended = queue.Queue[object]()

    def ask() -> None:
        try:
            ended.put(services.people.find("pankhurst", 1))
        except DatabaseAway as away:
            ended.put(away)

    waiting = threading.Thread(target=ask)
    waiting.start()
    assert states.get(timeout=30) is False
    assert isinstance(ended.get(timeout=30), DatabaseAway)

    cord.flowing.set()
    while states.get(timeout=30) is not True:
        pass
    assert heard.get(timeout=30) == RESYNC
    assert services.people.find("pankhurst", 1) == []
    waiting.join()
    feed.stop()
    engine.dispose()
