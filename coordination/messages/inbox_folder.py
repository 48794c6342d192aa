"""A watched folder. Looked at again and again, because a network share tells nobody of new files.

Nothing in it is ever changed, moved or deleted. Folders in it are left alone; a link that leads out of it is refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import quote_from_bytes, unquote_to_bytes

from coordination.messages.findings import Findings, line
from coordination.messages.inbox import Found, Held, ItemTrouble, PlaceTrouble
from coordination.messages.inbox_place import Keep, Stop
from coordination.messages.reading import MAX_FILE

QUIET = timedelta(seconds=2)  # a file that has not changed for so long is taken to be written whole
# How programs call a file that they have not written to its end, and what systems leave lying about.
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", ".writing")
_LEFT_BY_SYSTEMS = frozenset(("thumbs.db", "desktop.ini"))


class FolderPlace:
    """One folder. A file is a new item whenever its size or its time changes."""

    uid_validity: int | None = None

    def __init__(self, folder: Path, *, quiet: timedelta = QUIET, clock: Callable[[], float] = monotonic) -> None:
        self._folder, self._quiet, self._clock = folder, quiet.total_seconds(), clock
        self._since: dict[str, float] = {}  # when each version was first seen

    def open(self, held: Held) -> None:
        """Whether it is there. Raises PlaceTrouble."""
        try:
            os.scandir(self._folder).close()
        except NotADirectoryError:
            raise PlaceTrouble("folder_is_file") from None
        except PermissionError:
            raise PlaceTrouble("folder_closed") from None
        except OSError:
            raise PlaceTrouble("folder_away") from None

    def found(self, after_uid: int) -> Sequence[Found]:
        """Every version of every file that lies there now, by name. Raises PlaceTrouble."""
        try:
            with os.scandir(self._folder) as entries:
                found = [one for entry in entries if (one := self._found(entry)) is not None]
        except OSError:
            raise PlaceTrouble("folder_away") from None
        here = {one.key for one in found}
        self._since = {key: since for key, since in self._since.items() if key in here}
        return sorted(found, key=lambda one: one.key)

    def _found(self, entry: os.DirEntry[str]) -> Found | None:
        low = entry.name.lower()
        if low.startswith((".", "~$")) or low.endswith(_UNFINISHED) or low in _LEFT_BY_SYSTEMS:
            return None
        try:
            if entry.is_dir():
                return None
            return Found(self._key(entry.name), shown(entry.name))
        except FileNotFoundError:  # between one glance and the next
            return None
        except OSError:  # a link in a circle; or it may not be looked at, which reading will say
            kind = "link" if entry.is_symlink() else "0"
            return Found(f"{_quoted(entry.name)}|{kind}|0", shown(entry.name))

    def _key(self, name: str) -> str:
        """Raises OSError."""
        path = self._folder / name
        if path.is_symlink() and not _stays_inside(path, self._folder):
            return f"{_quoted(name)}|link|0"
        about = path.stat()
        return f"{_quoted(name)}|{about.st_size}|{about.st_mtime_ns}"

    def is_ready(self, found: Found) -> bool:
        """Whether it has lain there unchanged for long enough."""
        since = self._since.setdefault(found.key, self._clock())
        return self._clock() - since >= self._quiet

    def read(self, found: Found, keep: Keep) -> bytes:
        """The whole of it. Raises ItemTrouble; PlaceTrouble when the folder itself has gone."""
        name = _name(found.key)
        path = self._folder / name
        if found.key.endswith("|link|0"):
            raise ItemTrouble("file_link_outside")
        try:
            data = _read(path)
            if self._key(name) != found.key:
                raise ItemTrouble("file_changing", passes=True)
        except FileNotFoundError:
            if not self._folder.is_dir():
                raise PlaceTrouble("folder_away") from None
            raise ItemTrouble("file_gone") from None
        except OSError:
            if not self._folder.is_dir():
                raise PlaceTrouble("folder_away") from None
            raise ItemTrouble("file_unreadable", passes=True) from None
        return data

    def wait(self, seconds: float, stop: Stop) -> bool:
        stop.wait(seconds)
        return False

    def close(self) -> None:
        """Nothing is held open between two looks."""


def shown(name: str) -> str:
    """A name that can be kept and shown, whatever bytes it has."""
    return line(os.fsencode(name).decode("utf-8", "replace"), "", Findings(), 200) or "unnamed"


def _quoted(name: str) -> str:
    return quote_from_bytes(os.fsencode(name), safe=" ")


def _name(key: str) -> str:
    return os.fsdecode(unquote_to_bytes(key.partition("|")[0]))


def _stays_inside(link: Path, folder: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # leads nowhere, or in a circle
        return False


def _read(path: Path) -> bytes:
    """Raises OSError, ItemTrouble."""
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):  # a pipe or a device has no end
        raise ItemTrouble("file_unreadable")
    if about.st_size > MAX_FILE:
        raise ItemTrouble("file_too_large", size=about.st_size, limit=MAX_FILE)
    with path.open("rb") as file:
        data = file.read(MAX_FILE + 1)  # it may have grown since
    if len(data) > MAX_FILE:
        raise ItemTrouble("file_too_large", size=len(data), limit=MAX_FILE)
    return data
