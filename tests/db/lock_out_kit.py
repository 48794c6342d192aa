"""A shared server whose sign-ins are guarded, reached from two addresses. It has logins and no schema."""

from __future__ import annotations

import os
import select
import socket
import socketserver
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import trustme

from bench.tls_server import TlsServer
from coordination.errors import CoordinationError, LockedOut, SignInFailed
from coordination.governance.lock_out import Limits
from db.address import shared_words
from db.engine import connect
from db.lock_out import RULES, Guard, Turn

HBA = f"""\
include_if_exists {RULES}
hostssl  all          all         127.0.0.0/8  scram-sha-256
hostssl  replication  all         127.0.0.0/8  scram-sha-256
"""
LOGGED = {
    "logging_collector": "on", "log_destination": "jsonlog", "log_connections": "authentication",
    "log_timezone": "UTC", "log_min_messages": "log", "log_error_verbosity": "terse", "lc_messages": "C",
}  # fmt: skip
RIGHT, WRONG = "the right one of them", "a wrong one"
NEAR, FAR = "127.0.0.1", "127.0.0.2"


class ShiftedClock:
    """The time of day, and ``ahead`` of it: the server dates its log itself."""

    ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def heard(self, server: datetime) -> None: ...


class _PassOn(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        near = self.request
        with socket.create_connection((NEAR, self.server.to), source_address=(FAR, 0)) as far, suppress(OSError):  # type: ignore[attr-defined]
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    piece = ready.recv(65536)
                    if not piece:
                        return
                    (far if ready is near else near).sendall(piece)


class Relay(socketserver.ThreadingTCPServer):
    """Whoever comes to ``port`` comes to the server from another address of this computer."""

    def __init__(self, server: int) -> None:
        super().__init__((NEAR, 0), _PassOn)
        self.to, self.port = server, int(self.server_address[1])
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Guarded:
    """The server and what a test asks of it."""

    def __init__(self, folder: Path) -> None:
        authority, self.pem = trustme.CA(), folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.pem))
        self.server = TlsServer.make(folder / "one", authority, hba=HBA, settings=LOGGED)
        self.server.start()
        self.relay, self.clock = Relay(self.server.port), ShiftedClock()
        self.data = self.server.data
        for login in ("ada.admin", "ben.lead", "cora.coordinator"):
            self.make_login(login)

    def make_login(self, login: str) -> None:
        with self.server.psql(self.pem) as superuser:
            superuser.execute(psycopg.sql.SQL("create role {} login password {}").format(
                psycopg.sql.Identifier(login), psycopg.sql.Literal(RIGHT)))  # fmt: skip

    def address(self, at: str = NEAR) -> str:
        port = self.server.port if at == NEAR else self.relay.port
        return f"postgresql://localhost:{port}/postgres?hostaddr={NEAR}&sslrootcert={quote(str(self.pem))}"

    def sign_in(self, login: str, password: str = RIGHT, at: str = NEAR) -> str:
        """``in``, or the kind of error."""
        try:
            connect({**shared_words(self.address(at)), "user": login}, password).close()
        except CoordinationError as error:
            return type(error).__name__
        return "in"

    def wrong(self, login: str, times: int, at: str = NEAR) -> None:
        """And wait until it stands in the log, which another process of the server writes."""
        before = self.refusals()
        for _ in range(times):
            assert self.sign_in(login, WRONG, at) == SignInFailed.__name__
        while self.refusals() < before + times:
            os.sched_yield()
        assert self.refusals() == before + times, "one wrong password is one refusal"

    def refusals(self) -> int:
        return self.logged(b'"28P01"')

    def logged(self, words: bytes) -> int:
        """How often they stand in the log."""
        return sum(file.read_bytes().count(words) for file in (self.data / "log").glob("*.json"))

    def guard(self, **limits: int) -> Guard:
        return Guard(self.data, self.clock, Limits(**limits) if limits else None)

    def turn(self, **limits: int) -> Turn:
        return self.guard(**({"tries": 10} | limits)).turn()

    def until(self, expected: str, login: str, at: str = NEAR) -> None:
        """The server was told to read its rules, and does so soon. A password that fits would end the count."""
        password = RIGHT if expected == "in" else WRONG
        while (found := self.sign_in(login, password, at)) != expected:
            assert found in (SignInFailed.__name__, LockedOut.__name__)

    def rules(self) -> list[str]:
        """Those of the guard, but for the one about nobody."""
        return [line.split("#")[0].strip() for line in (self.data / RULES).read_text("ascii").splitlines()[2:]]

    def superuser(self) -> psycopg.Connection[Any]:
        return self.server.psql(self.pem)

    def close(self) -> None:
        self.relay.close()
        self.server.stop()
