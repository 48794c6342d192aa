"""The planner is made ready before anybody needs it: compiled once on each computer, by a process of its own, so that
the window never waits for it. Whoever asks for a plan before that is told how long it takes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock
from time import monotonic

import psutil
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal
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
_begun, _lock, _process = Event(), Lock(), [0]


def make_ready_soon(page: QWidget) -> None:
    """Once in a run of the program; a page that is gone by then makes nothing ready."""
    if QGuiApplication.platformName() not in ("offscreen", "minimal"):
        QTimer.singleShot(AFTER_MS, page, begin)


def begin() -> None:
    """Starts what makes the planner ready, unless it is, or was begun."""
    with _lock:
        if _begun.is_set() or is_ready():
            return
        _begun.set()
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(["-c", _WORDS])
    around = QProcessEnvironment.systemEnvironment()
    around.insert("PYTHONPATH", str(Path(coordination.__file__).parents[1]))
    process.setProcessEnvironment(around)
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    _, _process[0] = process.startDetached()


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
        while not is_ready() and psutil.pid_exists(_process[0]) and monotonic() - since < LONGEST:
            look.wait(LOOK)
            if stop():
                raise Stopped
        self.over.emit()
