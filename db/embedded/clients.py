"""Who uses the server. Each client holds the lock of a file of its own; the system lets go of it however it dies."""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from db.embedded.account import Account


def this_machine() -> str:
    """The machine's name, in letters that any file system takes. Two containers have two."""
    return re.sub(r"[^A-Za-z0-9_.]", "_", socket.gethostname())[:64] or "unnamed"


def register(folder: Path, owner: Account) -> FileLock:
    """Make and hold this client's lock. Call it under the folder's lock, as with everything here."""
    path = folder / f"{this_machine()}-{os.getpid()}-{secrets.token_hex(4)}.lock"
    lock = FileLock(path, mode=0o600, thread_local=False)
    lock.acquire(timeout=0)
    owner.own(path)
    return lock


def leave(lock: FileLock) -> None:
    """Let go of this client's lock and take its file away."""
    lock.release(force=True)
    Path(lock.lock_file).unlink(missing_ok=True)


def others(folder: Path, mine: FileLock | None = None) -> list[str]:
    """The machines of the other living clients, one entry a client. Files of dead ones are swept."""
    return [path.name.split("-")[0] for path in _living(folder, mine)]


def _living(folder: Path, mine: FileLock | None) -> Iterator[Path]:
    for path in sorted(folder.glob("*.lock")):
        if mine is not None and path.name == Path(mine.lock_file).name:
            continue
        lock = FileLock(path, mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield path
        else:
            leave(lock)
