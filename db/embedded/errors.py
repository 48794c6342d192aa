"""What can go wrong with the embedded server. Data, not sentences; ``str()`` holds codes only, never a path.

Not frozen: ``contextlib`` writes ``__traceback__`` on what passes through it, and a frozen exception would burst there.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from coordination.errors import CannotOpen, Obstacle, obstacle

_TAIL_BYTES = 16_384
_LEAST_FREE = 48 * 1024 * 1024  # three WAL segments


class EmbeddedError(CannotOpen):
    """Whatever keeps the embedded server from being used."""


@dataclass(eq=False)
class FolderUnusable(EmbeddedError):
    """The data folder cannot hold a cluster. ``reason`` is one of:

    ``not_a_folder`` a file stands there; ``no_permission``; ``read_only``; ``no_space``; ``no_locks`` (the file system
    keeps none); ``failed`` (another fault of the file system: ``detail`` is its errno name); ``damaged`` (``postgres/``
    is there but is no cluster); ``owned_by_another`` (``detail``: the account); ``owned_by_root`` (a cluster that root
    owns cannot be run: chown it); ``in_use_elsewhere`` (``detail``: the machine that has it open);
    ``parents_closed`` (as root, on a system where an unprivileged server cannot reach it: choose a folder that it
    can); ``no_account`` (as root, no unprivileged account to run as, or not allowed to change to it);
    ``programs_closed`` (as root, no place to put the server's programs where that account can run them);
    ``restore_unfinished`` (whoever put a backup back here was killed).
    """

    folder: Path
    reason: str
    detail: str = ""

    @property
    def obstacle(self) -> Obstacle:
        return obstacle(f"folder_{self.reason}", folder=str(self.folder), detail=self.detail)

    def __str__(self) -> str:
        return f"data folder unusable: {self.reason}"


@dataclass(eq=False)
class FolderBusy(EmbeddedError):
    """Another client has been starting or stopping the server for longer than anybody should wait."""

    folder: Path
    waited: float

    @property
    def obstacle(self) -> Obstacle:
        return obstacle("folder_busy", folder=str(self.folder))

    def __str__(self) -> str:
        return f"data folder busy for {self.waited:.0f} s"


@dataclass(eq=False)
class ServerWontStart(EmbeddedError):
    """``step`` is ``make``, ``start``, ``join``, ``stop`` or ``owner``; ``exit_code`` is None when nothing ended
    with one. ``log`` is the file that may say why."""

    step: str
    exit_code: int | None
    log: Path

    @property
    def obstacle(self) -> Obstacle:
        if _is_full(self.log.parent):
            return obstacle("folder_no_space", folder=str(self.log.parent.parent), detail="")
        return obstacle("server_wont_start", log=str(self.log))

    def __str__(self) -> str:
        return f"embedded server: {self.step} failed, exit code {self.exit_code}"

    def tail(self, lines: int = 20) -> tuple[str, ...]:
        """The last lines of the log; none when it cannot be read."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - _TAIL_BYTES))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return ()
        return tuple(text.splitlines()[-lines:])


def _is_full(folder: Path) -> bool:
    """Whether so little is free that a server could not start there, whatever else is wrong."""
    try:
        return shutil.disk_usage(folder).free < _LEAST_FREE
    except OSError:
        return False


@dataclass(eq=False)
class OwnerUnknown(EmbeddedError):
    """The owner's password is not to be had while ``others`` clients use the server: ask them to leave."""

    others: int

    @property
    def obstacle(self) -> Obstacle:
        return obstacle("owner_unknown", others=self.others)

    def __str__(self) -> str:
        return f"owner unknown: {self.others} other clients"


@dataclass(eq=False)
class TooOld(EmbeddedError):
    """The cluster was made by an older major version than these programs: dump with the old, restore with the new."""

    found: int
    needed: int

    @property
    def obstacle(self) -> Obstacle:
        return obstacle("cluster_too_old", found=self.found, needed=self.needed)

    def __str__(self) -> str:
        return f"cluster of PostgreSQL {self.found}, programs of {self.needed}"


@dataclass(eq=False)
class TooNew(EmbeddedError):
    """The cluster was made by a newer major version than these programs: install the newer application."""

    found: int
    needed: int

    @property
    def obstacle(self) -> Obstacle:
        return obstacle("cluster_too_new", found=self.found, needed=self.needed)

    def __str__(self) -> str:
        return f"cluster of PostgreSQL {self.found}, programs of {self.needed}"


@dataclass(eq=False)
class ProgramsMissing(EmbeddedError):
    """The wheel with the server's programs is not installed whole: ``program`` is not there."""

    program: str

    @property
    def obstacle(self) -> Obstacle:
        return obstacle("programs_missing", program=self.program)

    def __str__(self) -> str:
        return f"program missing: {self.program}"
