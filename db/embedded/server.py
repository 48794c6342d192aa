"""The door: one client's hold on the embedded server of a data folder."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from weakref import WeakSet

from filelock import FileLock, Timeout

from db.embedded import clients, cluster, process, programs, scram
from db.embedded.account import Account, choose, owner_of
from db.embedded.cluster import DATABASE, OWNER
from db.embedded.errors import EmbeddedError, FolderBusy, FolderUnusable, OwnerUnknown
from db.embedded.layout import Layout, faults_of
from db.embedded.probe import HOST
from db.embedded.runner import Runner

__all__ = ["DATABASE", "OWNER", "EmbeddedServer"]

Say = Callable[[str], None]
_LOCK_PATIENCE = 240.0


def _silence(step: str) -> None:
    pass


class EmbeddedServer:
    """A client's hold on the server. While any client holds it the server runs; the last one out stops it.

    ``port`` is kept through :meth:`owner_password` and :meth:`revive` while it is free, and else changes: make
    connections from :meth:`dsn` when they are needed. Methods may be called from any thread.
    """

    host: str = HOST
    database: str = DATABASE

    def __init__(self, folder: Path, say: Say) -> None:
        """Use :meth:`open`."""
        self.folder = folder
        self.port = 0
        self.is_new = False
        self._say = say
        self._layout = Layout(folder)
        self._password: str | None = None
        self._mine: FileLock | None = None
        self._process = os.getpid()
        self._guard = threading.RLock()

    @classmethod
    def open(cls, folder: Path, *, say: Say = _silence) -> EmbeddedServer:
        """Take hold of the server of ``folder``: make the cluster if there is none (``is_new``), start the server if it
        is down, join if another client runs it. ``say`` hears a code as each step begins: ``waiting``, ``making``,
        ``starting``, ``joining``. Raises FolderUnusable, FolderBusy, ServerWontStart, TooOld, TooNew, ProgramsMissing.
        """
        self = cls(folder.expanduser().absolute(), say)
        with faults_of(self.folder):
            self._layout.prepare()
            with self._alone():
                self._enter()
        _held.add(self)
        return self

    def dsn(self, user: str) -> dict[str, object]:
        """Keyword arguments of ``psycopg.connect`` for ``user``, without password. Nothing but SCRAM is spoken, so that
        whoever took a dead server's port is not told a password."""
        return {
            "host": self.host,
            "port": self.port,
            "dbname": self.database,
            "user": user,
            "require_auth": "scram-sha-256",
            "sslmode": "disable",
            "gssencmode": "disable",
        }

    def others(self) -> int:
        """How many other clients hold the server now."""
        with self._guard, faults_of(self.folder), self._alone():
            return len(clients.others(self._layout.clients, self._mine))

    def owner_password(self) -> str:
        """The password of the owner, ``centre_owner``. The client that made the cluster has it in memory. Any other
        gets a fresh one, for which the server is stopped and started: call it before you open connections. Raises
        OwnerUnknown when other clients hold the server, and as :meth:`open`."""
        with self._guard:
            if self._password is None:
                with faults_of(self.folder), self._alone():
                    self._password = self._new_owner_password()
            return self._password

    def revive(self) -> bool:
        """See that the server runs, and start it again if it died; True when it had to. Raises as :meth:`open`."""
        with self._guard, faults_of(self.folder), self._alone():
            found = process.find(self._layout)
            self.port = found or self._start(self.port)
            return found is None

    def close(self) -> None:
        """Leave; the last one out stops the server. Again does nothing. Raises FolderBusy, ServerWontStart('stop')."""
        with self._guard:
            if self._mine is None or os.getpid() != self._process:
                return
            _held.discard(self)
            if not self.folder.is_dir():  # taken away under us: the server notices by itself within a minute
                self._mine.release(force=True)
                self._mine = None
                return
            with faults_of(self.folder), self._alone():
                self._leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder's lock: whoever starts, stops, joins or leaves does it alone."""
        lock = FileLock(self._layout.lock, mode=0o600, thread_local=False)
        begin = time.monotonic()
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self._say("waiting")
            try:
                lock.acquire(timeout=_LOCK_PATIENCE, poll_interval=0.01)
            except Timeout:
                raise FolderBusy(self.folder, time.monotonic() - begin) from None
        try:
            owner_of(self.folder).own(self._layout.lock)
            yield
        finally:
            lock.release()

    def _enter(self) -> None:
        layout, owner = self._layout, owner_of(self.folder)
        layout.furnish(owner)
        layout.sweep()
        elsewhere = set(clients.others(layout.clients)) - {clients.this_machine()}
        if elsewhere and process.living(layout.cluster) is None:
            raise FolderUnusable(self.folder, "in_use_elsewhere", min(elsewhere))
        self._mine = clients.register(layout.clients, owner)
        try:
            self.port = self._make_or_find()
        except BaseException:
            self._leave()
            raise

    def _make_or_find(self) -> int:
        is_there = cluster.exists(self._layout)
        account = choose(self.folder, self._layout.cluster)
        if is_there and (port := process.find(self._layout)):
            self._say("joining")
            return port
        runner = self._runner(account)
        if not is_there:
            self._say("making")
            password = scram.new_password()
            with self._layout.log_for(owner_of(self.folder)) as log:
                cluster.make(self._layout, runner, log, password)
            self.is_new, self._password = True, password
        self._say("starting")
        return self._start(runner=runner)

    def _leave(self) -> None:
        mine, self._mine, self._password = self._mine, None, None
        if mine is not None:
            clients.leave(mine)
        if not clients.others(self._layout.clients):
            process.stop(self._layout)
            programs.remove_copy(self._layout.programs)

    def _runner(self, account: Account) -> Runner:
        return Runner(self.folder, account, programs.runnable(account, self._layout.programs))

    def _start(self, wanted: int = 0, runner: Runner | None = None) -> int:
        runner = runner or self._runner(choose(self.folder, self._layout.cluster))
        return process.start(self._layout, runner, owner_of(self.folder), wanted)

    def _new_owner_password(self) -> str:
        others = len(clients.others(self._layout.clients, self._mine))
        if others:
            raise OwnerUnknown(others)
        password = scram.new_password()
        process.stop(self._layout)
        runner = self._runner(choose(self.folder, self._layout.cluster))
        try:
            with self._layout.log_for(owner_of(self.folder)) as log:
                cluster.set_owner_password(self._layout, runner, log, password)
        finally:
            self.port = self._start(self.port, runner)
        return password


_held: WeakSet[EmbeddedServer] = WeakSet()


@atexit.register
def _leave_all() -> None:
    """A client that ends without closing leaves all the same; one that is killed is swept by the next."""
    for server in list(_held):
        with suppress(EmbeddedError):
            server.close()
