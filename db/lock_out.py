"""A lock-out for sign-in on a shared server, on the server's own machine (docs/decisions/signing-in.md).

The server's log says who was refused; ``coordination.governance.lock_out`` says who is shut out until when; a small
file that ``pg_hba.conf`` includes as its first rule says it to the server. All of it lies in the server's data folder
and belongs to the server's account. What is known is kept beside it, so that each turn goes on where the last one
ended, whoever takes it: a service, a job of cron, somebody who lets a colleague in again.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import psutil
from filelock import FileLock

from coordination.clock import Clock
from coordination.governance.lock_out import Limits, Lock, Pair, SignIns
from db import sign_in_log
from db.embedded.account import owner_of
from db.embedded.process import living
from db.sign_in_log import LOGIN, NoLog, Place

RULES, KNOWN = "centre_locked_out.conf", "centre_locked_out.json"
NOBODY = "centre guards sign-ins"
"""Whom the one line is about that is always there, and no login: by it the server shows that it reads the file."""
_HEAD = f'''\
# Written anew by "centre admin guard-sign-ins" when somebody is locked out or let in again. Do not edit it.
host  all,replication  "{NOBODY}"  0.0.0.0/32  reject
'''


@dataclass(frozen=True, slots=True)
class Turn:
    """``locks``: who is shut out now; ``fault``: why the log was not read."""

    locks: list[Lock]
    fault: NoLog | OSError | None


@dataclass
class _Known:
    """``told``: of which rules the server was told last; ``guarded``: since then nobody who guards has left."""

    sign_ins: SignIns
    places: dict[str, Place] = field(default_factory=dict)
    told: str = ""
    guarded: bool = False

    def locks(self, now: datetime) -> list[Lock]:
        return self.sign_ins.locks(now) if self.guarded else []


class Guard:
    """Of the server whose data folder is ``data``. ``limits`` None: those by which it was guarded last. Everything
    raises OSError where the folder cannot be read or written."""

    def __init__(self, data: Path, clock: Clock, limits: Limits | None = None) -> None:
        self._data, self._clock, self._limits = data, clock, limits

    def turn(self) -> Turn:
        """Read what is new in the log, and have the server know. Where there is no log to read, locks end all the
        same."""
        with self._known() as known:
            now, fault = self._clock.now(), None
            try:
                since = now - known.sign_ins.limits.counts
                known.sign_ins.hear(sign_in_log.read(self._data, known.places, since), now)
            except (NoLog, OSError) as error:
                fault = error
            known.guarded = True
            locks = known.locks(now)
            self._tell(known, locks)
            return Turn(locks, fault)

    def release(self, whom: str) -> int:
        """Let a login, or everybody at an address, in at once; how many pairs of them were known."""
        with self._known() as known:
            now = self._clock.now()
            count = known.sign_ins.release(whom, now)
            self._tell(known, known.locks(now))
            return count

    def locks(self) -> list[Lock]:
        """Who is shut out now, as far as the log was read."""
        with self._known(look_only=True) as known:
            return known.locks(self._clock.now())

    def leave(self) -> None:
        """Nobody guards any more, so nobody stays shut out. Whoever guards next knows of them."""
        with self._known() as known:
            known.guarded = False
            self._tell(known, [])

    def is_there(self) -> bool:
        """Whether that is the data folder of a server."""
        return (self._data / "PG_VERSION").is_file()

    @contextmanager
    def _known(self, *, look_only: bool = False) -> Iterator[_Known]:
        """By one at a time. Written back when it went well, or touched: that shows when somebody looked last."""
        path, lock = self._data / KNOWN, self._data / f"{KNOWN}.lock"
        with FileLock(lock, mode=0o600):
            owner_of(self._data).own(lock)
            was = path.read_bytes() if path.is_file() else b""
            known = _from_json(was)
            known.sign_ins.limits = self._limits or known.sign_ins.limits
            yield known
            if look_only:
                return
            if (now := _as_json(known)) != was:
                self._write(path, now)
            else:
                os.utime(path)

    def _tell(self, known: _Known, locks: list[Lock]) -> None:
        """The file is compared each time: what somebody else wrote into it could keep the server from starting. One
        that does not run reads it when it starts."""
        rules, path = rules_of(locks), self._data / RULES
        digest = sha256(rules).hexdigest()
        if known.told != digest or not path.is_file() or path.read_bytes() != rules:
            self._write(path, rules)
            if (server := living(self._data)) is not None:
                _have_read(self._data, server[1])
            known.told = digest

    def _write(self, path: Path, content: bytes) -> None:
        """There as a whole or not at all, also after a power cut."""
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            owner_of(self._data).own(part)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def rules_of(locks: list[Lock]) -> bytes:
    """The file that ``pg_hba.conf`` includes. A name stands between quotation marks, where ``all`` and ``+`` mean
    nothing, and only one that needs none: a slash would begin a pattern even there."""
    lines = [_HEAD]
    for lock in locks:
        address = ip_address(lock.address)
        if not lock.login or LOGIN.fullmatch(lock.login):
            who = f'"{lock.login}"' if lock.login else "all"
            until = f"{lock.until:%Y-%m-%d %H:%M:%S} UTC"
            lines.append(f"host  all,replication  {who}  {address}/{address.max_prefixlen}  reject  # until {until}\n")
    return "".join(lines).encode("ascii")


def _have_read(data: Path, server: psutil.Process) -> None:
    """The server reads its rules again. One that it cannot read leaves it with those that it has."""
    if sys.platform != "win32":
        server.send_signal(signal.SIGHUP)
        return
    words = [str(Path(server.exe()).with_name("pg_ctl.exe")), "reload", "-s", "-D", str(data)]
    if subprocess.run(words, check=False, stdin=subprocess.DEVNULL).returncode:  # noqa: S603
        raise OSError("pg_ctl reload")


def _as_json(known: _Known) -> bytes:
    pairs = [
        [login, address, pair.known, pair.fitted and pair.fitted.isoformat(),
         {entry: at.isoformat() for entry, at in pair.refused.items()}]
        for (login, address), pair in known.sign_ins.pairs.items()
    ]  # fmt: skip
    places = {name: [place.inode, place.offset] for name, place in known.places.items()}
    found = {
        "limits": asdict(known.sign_ins.limits), "told": known.told, "guarded": known.guarded, "read": places,
        "pairs": pairs,
    }  # fmt: skip
    return json.dumps(found).encode("ascii")


def _from_json(kept: bytes) -> _Known:
    """What cannot be read is not known: the log is read again as far back as it counts."""
    try:
        found = json.loads(kept)
        pairs = {
            (str(login), str(ip_address(address))): Pair(
                {str(entry): _time(at) for entry, at in refused.items()}, fitted and _time(fitted), bool(known)
            )
            for login, address, known, fitted, refused in found["pairs"]
        }
        places = {str(name): Place(int(inode), int(offset)) for name, (inode, offset) in found["read"].items()}
        limits = Limits(**{name: int(value) for name, value in found["limits"].items()})
        return _Known(SignIns(limits, pairs), places, str(found["told"]), bool(found["guarded"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return _Known(SignIns(Limits()))


def _time(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError(said)
    return at
