"""How often a password was refused on this computer, and how long one waits before the next try.

PostgreSQL counts nothing. This keeps somebody who tries at the window slow, and a start of the program does not make
them quick again. Who has a client of their own is locked out at the server (``coordination.governance.lock_out``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QSettings

FREE, FIRST, LONGEST = 3, 5, 300
"""tries without waiting; then seconds, doubled with each, up to the longest"""
_GROUP = "refused"
_FORGOTTEN = timedelta(days=1)


def pause_after(refused: int) -> timedelta:
    """Before the next try, when that many were refused in a row."""
    if refused < FREE:
        return timedelta()
    return timedelta(seconds=min(FIRST * 2 ** min(refused - FREE, 16), LONGEST))


class Refusals:
    """In the settings of this computer, under a hash: no name stands there."""

    def __init__(
        self,
        settings: QSettings | None = None,
        place: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings, self._place, self._now = settings, place, now
        self._known: dict[str, tuple[int, datetime]] = {}

    def count(self, user: str) -> int:
        """In a row, within a day of each other."""
        refused, at = self._read(user)
        return refused if self._now() - at < _FORGOTTEN else 0

    def left(self, user: str) -> timedelta:
        """How long to wait yet; a clock that was set back makes nobody wait longer than the longest pause."""
        pause = pause_after(self.count(user))
        since = self._now() - self._read(user)[1]
        return min(max(pause - since, timedelta()), pause)

    def note(self, user: str) -> None:
        """Refused once more."""
        self._write(user, self.count(user) + 1)

    def clear(self, user: str) -> None:
        """Signed in."""
        self._known.pop(user, None)
        if self._settings is not None:
            self._settings.remove(self._key(user))

    def _read(self, user: str) -> tuple[int, datetime]:
        if user not in self._known:
            self._known[user] = self._kept(user)
        return self._known[user]

    def _kept(self, user: str) -> tuple[int, datetime]:
        kept = str(self._settings.value(self._key(user), "")) if self._settings is not None else ""
        try:
            refused, at = kept.split("@")
            return min(max(int(refused), 0), 9999), datetime.fromisoformat(at).astimezone(UTC)
        except (ValueError, OverflowError):
            return 0, datetime(1970, 1, 1, tzinfo=UTC)

    def _write(self, user: str, refused: int) -> None:
        now = self._now()
        self._known[user] = (refused, now)
        if self._settings is not None:
            self._settings.setValue(self._key(user), f"{refused}@{now.isoformat(timespec='seconds')}")
            self._settings.sync()

    def _key(self, user: str) -> str:
        whose = "\0".join((self._place, user)).encode()
        return f"{_GROUP}/{hashlib.sha256(whose).hexdigest()[:16]}"
