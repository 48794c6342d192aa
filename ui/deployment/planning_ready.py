"""The planner is made ready before anybody needs it: compiled once on each computer, by a process of its own, so that
the window never waits for it. Whoever asks for a plan before that is told how long it takes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import coordination
from coordination.deployment.planner.cache import is_ready
from ui.tasks import Stopped

AFTER_MS = 8_000  # when the board has been read, painted and looked at
LONGEST = 900.0  # seconds; then, or when that process has ended without, the plan is made in any case
LOOK = 0.25  # seconds between two looks whether it is ready
WAIT = (
    "The planner is being made ready on this computer. That happens once and takes about a minute. "
    "Your plan begins by itself after that; you can go on working."
)
_WORDS = """
import os
if hasattr(os, "nice"):
    os.nice(5)
from coordination.deployment.planner.engine import warm_up
warm_up()
"""
_lock = Lock()
_begun: list[subprocess.Popen[bytes]] = []


def make_ready_soon(page: QWidget) -> None:
    """Once in a run of the program; a page that is gone by then makes nothing ready."""
    if QGuiApplication.platformName() not in ("offscreen", "minimal"):
        QTimer.singleShot(AFTER_MS, page, begin)


def begin(words: str = _WORDS) -> None:
    """Starts what makes the planner ready, unless it is, or was begun."""
    with _lock:
        if _begun or is_ready():
            return
        around = os.environ | {"PYTHONPATH": str(Path(coordination.__file__).parents[1])}
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        null = subprocess.DEVNULL
        # Not QProcess.startDetached: of a QProcess it gives no number of the process with PySide6 6.11, against its own
        # stubs, so nobody would know when it ends.
        process = subprocess.Popen(  # noqa: S603  (this program itself)
            [sys.executable, "-c", words],
            env=around,
            stdin=null,
            stdout=null,
            stderr=null,
            start_new_session=True,
            creationflags=hidden,
        )
        _begun.append(process)


def _is_under_way() -> bool:
    return any(process.poll() is None for process in _begun)


class Readying(QObject):
    """The wait of one call, on its own thread. ``said``: why nothing is seen yet, if so; ``over`` when it is."""

    said = Signal(str)
    over = Signal()

    def wait(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Returns when the planner is ready, or after ``LONGEST``. Raises Stopped when ``stop`` says so before."""
        if is_ready():
            return
        begin()
        self.said.emit(WAIT)
        since, look = monotonic(), Event()
        while not is_ready() and _is_under_way() and monotonic() - since < LONGEST:
            look.wait(LOOK)
            if stop():
                raise Stopped
        self.over.emit()
