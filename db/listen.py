"""The change feed: one thread, one connection outside the pool, from PostgreSQL's notifications."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from coordination.changes import RESYNC, Change
from coordination.errors import CoordinationError
from db.engine import Where, connect_again
from db.pulse import Lines, answered_within

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_LOOK_UP = 0.25  # seconds between looks at the stop flag while nothing happens
BEAT, PATIENCE = 5.0, 8.0  # seconds between two questions whether the server is there, and for the answer


class PgChangeFeed:
    """See coordination.changes.ChangeFeed. Sends RESYNC after each LISTEN, because what was missed is unknown."""

    def __init__(
        self, where: Where, password: str, revive: Callable[[], object] | None = None, lines: Lines | None = None,
        *, beat: float = BEAT, patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        """``lines``: what is hung up when the server falls silent (db/pulse.py)."""
        self._where, self._password, self._revive = where, password, revive
        self._lines, self._every, self._patience = lines or Lines(), beat, patience
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
                        connection.execute("listen centre")
                    state(True)
                    deliver(RESYNC)
                    pause = _FIRST_PAUSE
                    self._pass_on(connection, deliver)
            except (psycopg.Error, CoordinationError):
                state(False)
                # Not all desks at the same moment, when a server comes back.
                self._stop.wait(pause * random.uniform(0.5, 1.5))  # noqa: S311
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _pass_on(self, connection: psycopg.Connection[Any], deliver: Callable[[Change], None]) -> None:
        asked = time.monotonic()
        while not self._stop.is_set():
            if time.monotonic() - asked >= self._every:
                with answered_within(self._patience, connection, self._lines):
                    connection.execute("select 1")
                asked = time.monotonic()
            for notice in connection.notifies(timeout=_LOOK_UP):
                deliver(Change.from_wire(notice.payload))
                if self._stop.is_set():
                    return
