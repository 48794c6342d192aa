"""A server that has no room for one more connection is busy. It has not refused anybody's password."""

from __future__ import annotations

import queue

import pytest
from sqlalchemy import text

from coordination.changes import RESYNC, Change
from coordination.errors import SignInFailed, TooBusy
from db.engine import connect
from db.listen import PgChangeFeed
from tests.database import CentreDb, password_of

USER = "cora.coordinator"


def rooms_for(database: CentreDb, most: int) -> None:
    with database.owner.begin() as connection:
        connection.execute(text(f'alter role "{USER}" connection limit {most}'))


def test_one_more_than_a_login_may_have_hears_that_it_is_busy_and_comes_in_later(centre_db: CentreDb) -> None:
    one = centre_db.psql(USER)
    rooms_for(centre_db, 1)
    try:
        with pytest.raises(TooBusy):
            centre_db.psql(USER)
        with pytest.raises(SignInFailed):
            connect(centre_db.where(USER), "another password")
        states, heard = queue.Queue[bool](), queue.Queue[Change]()
        feed = PgChangeFeed(lambda: centre_db.where(USER), password_of(USER))
        feed.start(heard.put, states.put)
        assert states.get(timeout=30) is False
        one.close()
        while not states.get(timeout=30):
            pass
        assert heard.get(timeout=30) == RESYNC, "nobody is told that the sign-in is over"
        feed.stop()
    finally:
        rooms_for(centre_db, 12)
        one.close()
