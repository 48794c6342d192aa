"""What the tests of the embedded server share: a cluster made once, copies of it, clients in their own processes."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg
import pytest

from db.embedded import OWNER, EmbeddedServer
from db.embedded.process import living
from tests.made_once import copy_tree

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root has to step down")

_CLIENT = """
import json, os, signal, sys
from pathlib import Path
from db.embedded import EmbeddedServer, OwnerUnknown
import db.embedded.process, encodings.ascii, encodings.idna, pwd  # before root's own library is out of reach
if sys.argv[2]:
    os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[2]))
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, also where the tests run in the background
def tell(**facts):
    print(json.dumps(facts), flush=True)
said = []
try:
    server = EmbeddedServer.open(Path(sys.argv[1]), say=said.append)
except Exception as fault:
    tell(error=type(fault).__name__, **{k: str(v) for k, v in vars(fault).items()})
    sys.exit(3)
tell(port=server.port, is_new=server.is_new, said=said)
for line in sys.stdin:
    match line.strip():
        case "close":
            server.close()
            tell(closed=True)
        case "owner":
            try:
                tell(password=server.owner_password(), port=server.port)
            except OwnerUnknown as fault:
                tell(others=fault.others)
        case "walk away":
            break
"""


@dataclass(frozen=True)
class Home:
    """A data folder at rest and its owner's password."""

    folder: Path
    password: str


class Client:
    """Another client of a data folder, in a process group of its own."""

    def __init__(
        self, folder: Path, user: tuple[int, int] | None = None, under: Sequence[str] = (), **environment: str
    ) -> None:
        uid, gid = user or ("", "")
        self.process = subprocess.Popen(
            [*under, sys.executable, "-c", _CLIENT, str(folder), str(uid), str(gid)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._opened: dict[str, Any] | None = None

    @property
    def opened(self) -> dict[str, Any]:
        """What it said when it had opened the server; waits for it."""
        if self._opened is None:
            self._opened = self._hear()
        return self._opened

    def ask(self, what: str) -> dict[str, Any]:
        assert self.opened
        self.say(what)
        return self._hear()

    def say(self, what: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()

    def signal(self, number: signal.Signals) -> None:
        """To the whole group, as a terminal does."""
        os.killpg(self.process.pid, number)
        self.process.wait(30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout
        heard: dict[str, Any] = json.loads(self.process.stdout.readline())
        return heard


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A data folder at a path with a space and letters beyond ASCII, one for all: leave no trace but tables of names of
    your own, and the owner's password as it was. No server outlives the test."""
    made = _make(tmp_path_factory.getbasetemp() / "made once" / "Zoë's data żółć")
    yield made
    assert living(made.folder / "postgres") is None


@pytest.fixture
def lone(home: Home, tmp_path: Path) -> Iterator[Home]:
    """A copy of it that a test may spoil."""
    folder = tmp_path / "a lone folder"
    copy_of(home, folder)
    yield Home(folder, home.password)
    assert living(folder / "postgres") is None


@cache
def _make(folder: Path) -> Home:
    with EmbeddedServer.open(folder) as server:
        return Home(folder, server.owner_password())


def copy_of(home: Home, folder: Path) -> None:
    copy_tree(home.folder, folder)


def connect(server: EmbeddedServer, password: str, user: str = OWNER) -> psycopg.Connection[Any]:
    return psycopg.connect(**server.dsn(user), password=password, autocommit=True)  # type: ignore[arg-type]


def value(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row
    return row[0]


def process_of(folder: Path) -> psutil.Process:
    found = living(folder / "postgres")
    assert found
    return found[1]


def kill_server(folder: Path) -> None:
    """``kill -9`` of the postmaster; gone, though maybe not reaped, when this returns. A desk that is open may have
    started the next one by then."""
    process = process_of(folder)
    process.kill()
    while not ended(process):
        os.sched_yield()


def ended(process: psutil.Process) -> bool:
    """Dead, though its parent may not have noticed."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def modes(path: Path) -> dict[Path, int]:
    """The modes of a folder and of everything above it."""
    return {above: stat.S_IMODE(above.stat().st_mode) for above in (path, *path.parents)}
