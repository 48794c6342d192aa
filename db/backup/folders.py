"""A backup into the embedded server of a data folder, or of a scratch folder that goes with the proof."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import psutil

from coordination.errors import Refused, obstacle
from db.backup.contents import Difference, Manifest
from db.backup.restoring import read_manifest, restore
from db.data_folder import DataFolder
from db.embedded import OWNER, EmbeddedError, EmbeddedServer, process
from db.embedded.layout import Layout

_SCRATCH, _PROOF = "centre backup ", "proof"

Restored = tuple[Manifest, tuple[Difference, ...]]


def restore_into(file: Path, passphrase: str, folder: Path) -> Restored:
    """Into a data folder that has no database: all of it, or none. What one that was killed left is taken away first.

    Raises Refused where there is a database, embedded.EmbeddedError, and what ``restore`` raises.
    """
    read_manifest(file, passphrase)  # what does not open makes no folder
    kept, layout = DataFolder(folder), Layout(folder)
    layout.prepare()
    with kept.one_at_a_time():
        if kept.is_restoring():
            EmbeddedServer.open(folder).close()  # stops one that runs without its client
            shutil.rmtree(layout.cluster)
        if layout.cluster.exists():
            raise Refused("restore", (obstacle("database_not_empty"),))
        with _made_whole_or_not_at_all(kept, layout) as server:
            return restore(file, passphrase, server.dsn(OWNER), server.owner_password())


@contextmanager
def _made_whole_or_not_at_all(kept: DataFolder, layout: Layout) -> Iterator[EmbeddedServer]:
    """A new server. What fails is rolled back, and would still lie in the server's files, in clear: they go."""
    server = EmbeddedServer.open(layout.folder)
    whole = False
    try:
        if not server.is_new:  # a desk was quicker
            raise Refused("restore", (obstacle("database_not_empty"),))
        kept.mark_restoring()
        kept.mark_city("none")
        yield server
        whole = True
    finally:
        server.close()
        if server.is_new:
            if not whole:
                shutil.rmtree(layout.cluster)
            kept.mark_restored()


def prove(file: Path, passphrase: str) -> Restored:
    """Restore into a server that lives for this alone, and compare. Raises as :func:`restore_into`.

    While it lasts everything lies in clear in the system's folder for temporary files, readable by this account alone.
    """
    _sweep()
    with TemporaryDirectory(prefix=f"{_SCRATCH}{os.getpid()} ", ignore_cleanup_errors=True) as folder:
        return restore_into(file, passphrase, Path(folder) / _PROOF)


def _sweep() -> None:
    """Take away what proofs left that were killed."""
    for left in Path(gettempdir()).glob(f"{_SCRATCH}*"):
        pid = left.name.removeprefix(_SCRATCH).partition(" ")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)) and not left.is_symlink():
            with suppress(EmbeddedError):
                process.stop(Layout(left / _PROOF))  # it outlives a client that was killed
            shutil.rmtree(left, ignore_errors=True)
