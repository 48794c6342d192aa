"""What lies where in a data folder. What we make is private; what stood there before keeps its mode."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from db.embedded.account import Account
from db.embedded.errors import FolderUnusable

_WORKSHOP = "postgres.new-"
_LOG_BYTES = 1_000_000
_REASONS = {
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EROFS: "read_only",
    errno.ENOSPC: "no_space",
    errno.EDQUOT: "no_space",
    errno.ENOTDIR: "not_a_folder",
    errno.EEXIST: "not_a_folder",
    errno.ENOSYS: "no_locks",
    errno.ENOLCK: "no_locks",
}


@dataclass(frozen=True)
class Layout:
    """The paths of one data folder."""

    folder: Path

    @property
    def cluster(self) -> Path:
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        return self.folder / "log" / "postgres.log"

    @property
    def lock(self) -> Path:
        return self.folder / "postgres.lock"

    @property
    def clients(self) -> Path:
        return self.folder / "clients"

    @property
    def programs(self) -> Path:
        """A link to the copy of the server's programs, where one is needed."""
        return self.folder / "programs"

    def prepare(self) -> None:
        """Make the folder itself, private; parents that are missing too."""
        for path in (*reversed(self.folder.parents), self.folder):
            if not path.exists():
                path.mkdir(mode=0o700, exist_ok=True)
        if not self.folder.is_dir():
            raise FolderUnusable(self.folder, "not_a_folder")

    def furnish(self, owner: Account) -> None:
        """Make what stands beside the cluster."""
        for path in (self.log.parent, self.clients):
            if not path.is_dir():
                path.mkdir(mode=0o700)
                owner.own(path)

    @contextmanager
    def workshop(self, account: Account) -> Iterator[Path]:
        """A private folder of a name of its own, where a cluster is made before it is moved to its place whole. A
        program that outlived its client may still be busy in another one; it does no harm there."""
        path = Path(tempfile.mkdtemp(prefix=_WORKSHOP, dir=self.folder))
        try:
            account.own(path)
            yield path
        finally:
            shutil.rmtree(path)

    def sweep(self) -> None:
        """Take away what clients that died in the making left."""
        for path in self.folder.glob(f"{_WORKSHOP}*"):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def log_for(self, owner: Account) -> Iterator[int]:
        """A descriptor that appends to the server's log, which is private; a long one is put aside first."""
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.log, flags, 0o600)
        try:
            owner.own(self.log)
            yield descriptor
        finally:
            os.close(descriptor)


@contextmanager
def faults_of(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into FolderUnusable."""
    try:
        yield
    except OSError as fault:
        code = fault.errno or 0
        reason = _REASONS.get(code, "failed")
        raise FolderUnusable(folder, reason, errno.errorcode.get(code, "")) from fault


def settle(path: Path) -> None:
    """Make the names in folder ``path`` last through a power cut (POSIX)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
