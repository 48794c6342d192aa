"""The change feed: one thread, one connection outside the pool, from PostgreSQL's notifications."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from coordination.changes import RESYNC, SCHEMA, SIGN_IN, Change
from coordination.errors import CoordinationError, LockedOut, SignInFailed
from db.engine import Password, Where, connect_again
from db.pulse import Lines, answered_within
from db.revision import SchemaDiffers, compare, found_in

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_LOOK_UP = 0.25  # seconds between looks at the stop flag while nothing happens
_AWAY_AFTER = "set lock_timeout = '5s'"
BEAT, PATIENCE = 5.0, 8.0  # seconds between two questions whether the server is there, and for the answer


class PgChangeFeed:
    """See coordination.changes.ChangeFeed. Sends RESYNC after each LISTEN, because what was missed is unknown."""

    def __init__(
        self, where: Where, password: Password, revive: Callable[[], object] | None = None, lines: Lines | None = None,
        *, beat: float = BEAT, patience: float = PATIENCE, revision: str | None = None,
    ) -> None:  # fmt: skip
        """``lines``: what is hung up when the server falls silent (db/pulse.py). ``revision``: the program's."""
        self._where, self._password, self._revive = where, password, revive
        self._lines, self._every, self._patience = lines or Lines(), beat, patience
        self._revision = revision
        self._differs: str | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, deliver: Callable[[Change], None], state: Callable[[bool], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(deliver, state), name="change-feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end and wait for it."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, deliver: Callable[[Change], None], state: Callable[[bool], None]) -> None:
        pause = _FIRST_PAUSE
        while not self._stop.is_set():
            try:
                with connect_again(self._where, self._password, self._revive, autocommit=True) as connection:
                    with answered_within(self._patience, connection, self._lines):
                        connection.execute(_AWAY_AFTER)  # a migration keeps the revision to itself while it runs
                        if self._revision is not None:
                            self._compare(connection)
                        connection.execute("listen centre")
                    self._fits_again(deliver)
                    state(True)
                    deliver(RESYNC)
                    pause = _FIRST_PAUSE
                    self._pass_on(connection, deliver)
            except (psycopg.Error, CoordinationError) as error:
                state(False)
                if isinstance(error, SignInFailed | LockedOut):  # the server is there, and lets this login in no more
                    deliver(Change(SIGN_IN, ""))
                if isinstance(error, SchemaDiffers):
                    self._say_differs(error.database or "", deliver)
                # Not all desks at the same moment, when a server comes back.
                self._stop.wait(pause * random.uniform(0.5, 1.5))  # noqa: S311
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _pass_on(self, connection: psycopg.Connection[Any], deliver: Callable[[Change], None]) -> None:
        asked = time.monotonic()
        while not self._stop.is_set():
            if time.monotonic() - asked >= self._every:
                with answered_within(self._patience, connection, self._lines):
                    self._compare(connection)
                asked = time.monotonic()
            for notice in connection.notifies(timeout=_LOOK_UP):
                change = Change.from_wire(notice.payload)
                if change.area == SCHEMA:
                    asked = 0.0  # looked at next
                else:
                    deliver(change)
                if self._stop.is_set():
                    return

    def _compare(self, connection: psycopg.Connection[Any]) -> None:
        """Raises SchemaDiffers. The question is also how one sees that the server answers."""
        if self._revision is None:
            connection.execute("select 1")
        else:
            compare(found_in(connection), self._revision)

    def _say_differs(self, found: str, deliver: Callable[[Change], None]) -> None:
        if found != self._differs:
            self._differs = found
            deliver(Change(SCHEMA, found))

    def _fits_again(self, deliver: Callable[[Change], None]) -> None:
        if self._differs is not None and self._revision is not None:
            self._differs = None
            deliver(Change(SCHEMA, self._revision))
