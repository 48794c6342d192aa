"""Runs the server's programs as the account that may run them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db.embedded.account import OWN_FOLDER, Account
from db.embedded.errors import FolderUnusable
from db.embedded.programs import program

PATIENCE = 300.0
"""Seconds for a program that is to end by itself: making a cluster, or recovering one after a crash."""


@dataclass(frozen=True)
class Runner:
    """An account and a tree of programs that it can reach, for one data folder."""

    folder: Path
    account: Account
    programs: Path

    def data_argument(self, data: Path) -> str:
        """The ``-D`` of a program whose working folder is ``data``. Another account may not be able to pass through the
        parents, and must not be let: it is put into the folder and calls it by ``/proc/self/cwd``."""
        return OWN_FOLDER if self.account.is_other and sys.platform == "linux" else str(data)

    def run(self, name: str, *arguments: str, data: Path, log: int, feed: str | None = None) -> tuple[int | None, str]:
        """Run ``name`` in folder ``data`` to its end, fed ``feed`` (ASCII). Without ``feed`` what it prints goes to the
        log, with it into the answer. Returns its exit code, None when it never ended, and the answer."""
        fed = subprocess.DEVNULL if feed is None else subprocess.PIPE
        printed = log if feed is None else subprocess.PIPE
        child = self._begin(name, arguments, data, fed, printed, log)
        with child:
            try:
                answer, _ = child.communicate(None if feed is None else feed.encode("ascii"), PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                return None, ""
        return child.returncode, (answer or b"").decode("utf-8", "replace")

    def start(self, name: str, *arguments: str, data: Path, log: int) -> subprocess.Popen[bytes]:
        """Begin ``name`` in folder ``data`` and leave it running."""
        return self._begin(name, arguments, data, subprocess.DEVNULL, log, log)

    def _begin(
        self, name: str, arguments: tuple[str, ...], data: Path, fed: int, printed: int, log: int
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603  our own programs, no shell
                [program(name, self.programs), *arguments],
                cwd=data,
                env=environment(),
                stdin=fed,
                stdout=printed,
                stderr=log,
                **self.account.popen(),
                **_apart(),
            )
        except PermissionError as fault:
            if self.account.is_other:  # root by name only, as in a container that may not change accounts
                raise FolderUnusable(self.folder, "no_account") from fault
            raise


def environment() -> Mapping[str, str]:
    """This process's environment without what would steer PostgreSQL (PGDATA, PGOPTIONS …), in the C locale. A frozen
    application points the loader at its own libraries; the server gets what was there before."""
    steering = ("PG", "LC_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering) and name != "LANG"}
    if "LD_LIBRARY_PATH_ORIG" in kept:
        kept["LD_LIBRARY_PATH"] = kept.pop("LD_LIBRARY_PATH_ORIG")
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _apart() -> dict[str, Any]:
    """What keeps a Ctrl+C or a closing terminal of this client from the server of the others."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
