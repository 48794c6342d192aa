"""One start at a time installs into `.venv`; the others wait."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from launch.words import Stop, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AT_WORK = "installing\n"


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Hold the lock; yields whether the last holder was interrupted.

    The file says ``installing`` while somebody is at it. The system takes the lock from a process that dies, but leaves
    that word, which is how the next one knows.
    """
    with path.open("a+", encoding="utf-8") as file:
        if not _take(file.fileno(), wait=False):
            say("Another start is installing into .venv; waiting for it.")
            _take(file.fileno(), wait=True)
        file.seek(0)
        interrupted = file.read() == AT_WORK
        file.truncate(0)
        file.write(AT_WORK)
        file.flush()
        try:
            yield interrupted
        except Stop:  # refused in good order: what is there can be completed
            file.truncate(0)
            raise
        file.truncate(0)


def _take(number: int, wait: bool) -> bool:
    if sys.platform == "win32":
        import msvcrt

        while True:
            os.lseek(number, 1 << 20, os.SEEK_SET)  # past the text: nobody else can read a locked byte
            try:
                msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False
                time.sleep(0.2)
    import fcntl

    try:
        fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
