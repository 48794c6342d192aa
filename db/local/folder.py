"""Where the files of one user of one database lie, who has which, and how they are done away with."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from db.local.log import sync

DRAFTS = "drafts"
_HEAD_ROOM = 4096


def place_of(data_folder: Path, database: str, user: str) -> Path:
    """The folder of one user of one database; its name says neither."""
    name = hashlib.sha256(f"{database}\0{user}".encode()).hexdigest()[:24]
    return data_folder / DRAFTS / name


def log_of(folder: Path, file_id: str) -> Path:
    return folder / f"{file_id}.log"


def lock_of(folder: Path, file_id: str) -> FileLock:
    """Held by the client whose file it is; the system lets go of it however that client ends."""
    return FileLock(folder / f"{file_id}.lock", timeout=0, thread_local=False, mode=0o600)


@contextlib.contextmanager
def left_behind(folder: Path) -> Iterator[dict[str, FileLock]]:
    """The files whose client is gone, by id, locked while one looks at them. A lock that the caller takes out of the
    dictionary stays locked."""
    locks: dict[str, FileLock] = {}
    try:
        for path in sorted(folder.glob("*.log")):
            lock = lock_of(folder, path.stem)
            with contextlib.suppress(Timeout, OSError):
                lock.acquire()
                if path.exists():  # another client may have been quicker
                    locks[path.stem] = lock
                else:
                    _let_go(folder, path.stem, lock)
        for path in folder.glob("*.new"):  # begun and never finished: its log is whole
            if path.stem in locks:
                path.unlink(missing_ok=True)
        yield locks
    finally:
        for file_id, lock in locks.items():
            _let_go(folder, file_id, lock)


def _let_go(folder: Path, file_id: str, lock: FileLock) -> None:
    """Unlock; the lock's own file goes only after the log, else two clients could hold two locks of one log."""
    gone = not log_of(folder, file_id).exists()
    if gone and os.name != "nt":
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
    if gone:
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)


def let_go(folder: Path, file_id: str, lock: FileLock) -> None:
    """The client ends."""
    _let_go(folder, file_id, lock)


def remove(path: Path) -> bool:
    """False when it cannot be removed now."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def set_aside(path: Path) -> None:
    """Kept for whoever may still read it; no client looks at it again."""
    with contextlib.suppress(OSError):
        path.replace(path.with_suffix(".damaged"))


def wipe(folder: Path) -> bool:
    """Do away with everything of that user, first with the heads that hold the keys. False when something is left."""
    if not folder.is_dir():
        return True
    for path in [*folder.glob("*.log"), *folder.glob("*.new"), *folder.glob("*.damaged")]:
        with contextlib.suppress(OSError), path.open("r+b") as file:
            file.write(b"\0" * min(_HEAD_ROOM, path.stat().st_size))
            file.flush()
            sync(file.fileno())
    for path in folder.iterdir():
        remove(path)
    with contextlib.suppress(OSError):
        folder.rmdir()
    return not folder.exists()
