"""Drafts and outbox of one user on this computer, encrypted. See docs/decisions/local-drafts.md.

Each client writes to a file of its own, under a lock of its own. What a client that is gone has left is taken over into
that file, in one record, and its file removed.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from filelock import FileLock

from coordination.local.model import CannotKeep, Drop, Entry, Found, Name, Put, Step, apply, join
from db.local import folder as files
from db.local.log import VERSION, Log, frames, read_head, read_records
from db.local.wraps import KEY_BYTES, Cost, Locks, Vault

_TIDY_FROM = 1_000_000
_TIDY_FACTOR = 4


class EncryptedStore:
    """See coordination.local.store.LocalStore."""

    on_disk = True

    def __init__(self, folder: Path, password: str, vault: Vault | None = None, cost: Cost | None = None) -> None:
        """Open it; ``take_in`` then brings what was left behind. Raises CannotKeep."""
        self.folder = folder
        self._guard = RLock()
        self._cost, self._vault = cost, vault
        self._locks = Locks(password, vault, cost)
        self._entries: dict[Name, Entry] = {}
        self._taken: dict[str, FileLock] = {}
        self._closed = False
        self.file_id = secrets.token_hex(8)
        with _translated():
            for each in (folder.parent, folder):  # of several that are made at once only the last gets the mode
                each.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = files.lock_of(folder, self.file_id)
            self._lock.acquire()
        try:
            # Before a new file is sealed: the salt of what is there serves it too, and the password is derived once.
            found, gone = self._look(self._locks)
            with _translated():
                self._log = self._new_log(files.log_of(folder, self.file_id))
            self._first = self._take_over(found, gone)
        except BaseException:
            self._lock.release()
            raise

    # ---------------------------------------------------------------- LocalStore

    def entries(self) -> tuple[Entry, ...]:
        with self._guard:
            return tuple(self._entries.values())

    def write(self, steps: Iterable[Step]) -> None:
        steps = list(steps)
        with self._guard, _translated():
            if self._closed:
                raise CannotKeep("not_writable")
            self._log.add([_step(step) for step in steps])
            apply(self._entries, steps)
            self._tidy()

    def take_in(self, former: str | None = None) -> Found:
        with self._guard:
            first, self._first = self._first, Found()
            locks = self._locks if former is None else Locks(former, self._vault, self._cost)
            now = self._take_over(*self._look(locks))
            return Found(
                first.recovered + now.recovered,
                now.under_other_key,
                first.damaged + now.damaged,
                first.lost + now.lost,
                first.entries + now.entries,
            )

    def opens_with(self, password: str) -> bool:
        return Locks(password, cost=self._cost).password_opens(self._log.head["wraps"], self.file_id)

    def change_password(self, password: str) -> None:
        with self._guard, _translated():
            if self._closed:
                raise CannotKeep("not_writable")
            before, self._locks = self._locks, Locks(password, self._vault, self._cost)
            try:
                self._rewrite()
            except OSError:
                self._locks = before
                raise

    def close(self) -> None:
        with self._guard:
            if self._closed:
                return
            self._closed = True
            self._log.close()
            if not self._entries:
                files.remove(self._log.path)
            for file_id, lock in self._taken.items():
                files.let_go(self.folder, file_id, lock)
            files.let_go(self.folder, self.file_id, self._lock)
            self._entries.clear()

    # ---------------------------------------------------------------- what was left behind

    def _look(self, locks: Locks) -> tuple[Found, _Gone]:
        """Read the files of clients that are gone, and hold their locks until they are taken over."""
        gone = _Gone()
        recovered = other = damaged = lost = 0
        entries: list[Entry] = []
        with _translated(), files.left_behind(self.folder) as left:
            for file_id in left:
                part = _read(files.log_of(self.folder, file_id), file_id, locks)
                if part.closed_to_us:
                    other += 1
                    continue
                gone.adopted |= part.adopted
                gone.parts[file_id] = part
                damaged += part.is_damaged
                lost += part.lost
            for file_id in gone.parts:
                gone.locks[file_id] = left.pop(file_id)
        for file_id, part in gone.parts.items():
            if file_id not in gone.adopted:
                recovered += bool(part.entries)
                entries += part.entries.values()
        return Found(recovered, other, damaged, lost, tuple(entries)), gone

    def _take_over(self, found: Found, gone: _Gone) -> Found:
        """What they held into this client's file, in one record; only then their files go."""
        new = join(self._entries, found.entries)
        if gone.parts:
            with _translated():
                self._log.add([*(_step(Put(entry)) for entry in new), {"taken": sorted(gone.parts)}])
            apply(self._entries, (Put(entry) for entry in new))
        for file_id, part in gone.parts.items():
            path, lock = files.log_of(self.folder, file_id), gone.locks[file_id]
            if part.is_damaged:
                files.set_aside(path)
            else:
                files.remove(path)
            if path.exists():
                self._taken[file_id] = lock  # held as long as this client is there, so that nobody takes it twice
            else:
                files.let_go(self.folder, file_id, lock)
        return Found(found.recovered, found.under_other_key, found.damaged, found.lost, tuple(new))

    # ---------------------------------------------------------------- this client's file

    def _new_log(self, path: Path) -> Log:
        key = os.urandom(KEY_BYTES)
        wraps = self._locks.wrap(key, self.file_id)
        return Log(path, self.file_id, key, {"version": VERSION, "id": self.file_id, "wraps": wraps})

    def _tidy(self) -> None:
        """Write what is kept into a new file when most of this one is past. The old one stays whole until then."""
        if self._log.size < _TIDY_FROM or self._log.size < _TIDY_FACTOR * self._tidied_size():
            return
        with suppress(OSError):  # what was to be written is; there will be another time to tidy
            self._rewrite()

    def _rewrite(self) -> None:
        """What is kept, in a new file under new locks. Raises OSError; the old one stays whole then."""
        old, path = self._log, self._log.path
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        log = self._new_log(new)
        try:
            log.add([*(_step(Put(entry)) for entry in self._entries.values()), {"taken": sorted(self._taken)}])
            old.close()
            log.move_to(path)
        except OSError:
            log.close()
            files.remove(new)
            old.open_again()
            raise
        self._log, self._tidied = log, log.size

    _tidied = 0

    def _tidied_size(self) -> int:
        return max(self._tidied, _TIDY_FROM // _TIDY_FACTOR)


class _Gone:
    """Files of clients that are gone, read and locked."""

    def __init__(self) -> None:
        self.locks: dict[str, FileLock] = {}
        self.parts: dict[str, _Part] = {}
        self.adopted: set[str] = set()


class _Part:
    """What one file holds."""

    def __init__(self) -> None:
        self.entries: dict[Name, Entry] = {}
        self.adopted: set[str] = set()
        self.lost = 0
        self.closed_to_us = False

    @property
    def is_damaged(self) -> bool:
        return self.lost > 0


def _read(path: Path, file_id: str, locks: Locks) -> _Part:
    part = _Part()
    content = path.read_bytes()
    try:
        head = read_head(content)
        if head is None:
            part.lost = 0 if not any(True for _piece in frames(content)) else 1  # 0: it went before it had begun
            return part
        key = locks.unwrap(head["wraps"], file_id) if head["version"] == VERSION else None
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):  # no head of ours
        part.lost = 1
        return part
    if key is None:
        part.closed_to_us = True
        return part
    found = read_records(content, key, file_id)
    part.lost = found.lost
    for payload in found.payloads:
        for step in payload:
            if "taken" in step:
                part.adopted |= set(step["taken"])
            else:
                apply(part.entries, [_read_step(step)])
    return part


def _step(step: Step) -> dict[str, Any]:
    if isinstance(step, Drop):
        return {"drop": [step.kind, step.key]}
    entry = step.entry
    return {"put": [entry.kind, entry.key, entry.at.isoformat(), dict(entry.data)]}


def _read_step(step: Mapping[str, Any]) -> Step:
    if "drop" in step:
        return Drop(*step["drop"])
    kind, key, at, data = step["put"]
    return Put(Entry(kind, key, data, datetime.fromisoformat(at)))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
        raise CannotKeep("disk_full" if full else "not_writable") from None
