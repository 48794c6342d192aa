"""Who the server runs as. ``postgres`` refuses to be root, so that root has to step down first."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.embedded.errors import FolderUnusable

OWN_FOLDER = "/proc/self/cwd"
"""A process's own working folder, by a name that leads through no parent of it (Linux)."""


@dataclass(frozen=True)
class Account:
    """``uid`` None: the account that runs this process already."""

    uid: int | None = None
    gid: int | None = None

    @property
    def is_other(self) -> bool:
        return self.uid is not None

    def popen(self) -> Mapping[str, Any]:
        """Arguments of ``subprocess.Popen`` that make the child this account, with no group but its own."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def own(self, path: Path) -> None:
        """Hand ``path`` over; never what a link points at."""
        if sys.platform != "win32" and self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, path: Path) -> bool:
        """True when this account may read ``path`` (run it, if it is a program or a folder) and pass through everything
        above it, going by plain modes. A right that an access list gives is not seen, which costs only a detour."""
        if not self.is_other:
            return True
        real = path.resolve()
        wanted = 0o5 if real.is_dir() or real.parent.name == "bin" else 0o4
        return self._may(real, wanted) and all(self._may(above, 0o1) for above in real.parents)

    def _may(self, path: Path, wanted: int) -> bool:
        try:
            found = path.stat()
        except OSError:
            return False
        mode = stat.S_IMODE(found.st_mode)
        if found.st_uid == self.uid:
            mode >>= 6
        elif found.st_gid == self.gid:
            mode >>= 3
        return mode & wanted == wanted


def choose(folder: Path, cluster: Path) -> Account:
    """The account to run as: oneself or, for root, the owner of the cluster, else of the folder, else ``postgres``,
    else ``nobody``. Raises FolderUnusable."""
    if sys.platform == "win32":
        return Account()
    me = os.geteuid()
    if cluster.is_dir():
        owner = cluster.stat().st_uid
        if me not in (0, owner):
            raise FolderUnusable(folder, "owned_by_another", str(owner))
        if owner == 0:
            raise FolderUnusable(folder, "owned_by_root")
    if me != 0:
        return Account()
    account = _step_down(folder, cluster if cluster.is_dir() else folder)
    if sys.platform != "linux" and not account.reaches(folder):
        raise FolderUnusable(folder, "parents_closed")
    return account


def owner_of(folder: Path) -> Account:
    """Whose the files beside the cluster should be: the folder's owner's, when root works in somebody's folder."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return Account()
    found = folder.stat()
    return Account(found.st_uid, found.st_gid) if found.st_uid else Account()


def _step_down(folder: Path, owned: Path) -> Account:
    if sys.platform != "win32":
        import pwd

        found = owned.stat()
        if found.st_uid:
            return Account(found.st_uid, found.st_gid)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            if entry.pw_uid:
                return Account(entry.pw_uid, entry.pw_gid)
    raise FolderUnusable(folder, "no_account")
