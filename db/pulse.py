"""A server that says nothing more though the line stands: it is frozen, or the machine it runs on is.

TCP does not notice, since the other side's system still answers for it, and a statement's own time limit is kept by
the server that is frozen. So the change feed asks a question now and then; when the answer does not come, every
connection of this desk is hung up, and whoever waits on one is told at once that the database is away.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakSet

import psycopg


class Lines:
    """The connections of one sign-in, whichever thread is waiting on them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._open: WeakSet[psycopg.Connection[Any]] = WeakSet()

    def add(self, connection: psycopg.Connection[Any]) -> None:
        with self._guard:
            self._open.add(connection)

    def hang_up(self) -> None:
        """End them all: a call that waits fails as if the server had closed the line."""
        with self._guard:
            for connection in list(self._open):
                _hang_up(connection)
            self._open.clear()


@contextmanager
def answered_within(seconds: float, connection: psycopg.Connection[Any], others: Lines) -> Iterator[None]:
    """What is asked inside is answered in this time, or ``connection`` and ``others`` are hung up."""

    def silent() -> None:
        _hang_up(connection)
        others.hang_up()

    watch = threading.Timer(seconds, silent)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _hang_up(connection: psycopg.Connection[Any]) -> None:
    """Shut the socket, not the connection: that belongs to the thread that waits on it, which closes it."""
    with suppress(psycopg.Error, OSError):
        line = socket.socket(fileno=connection.pgconn.socket)
        try:
            line.shutdown(socket.SHUT_RDWR)
        finally:
            line.detach()
