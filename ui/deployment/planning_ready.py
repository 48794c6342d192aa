"""The planner is made ready before anybody needs it: compiled once on each computer, by a process of its own, so that
neither the window nor the first plan waits for it."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QProcess, QProcessEnvironment, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

import coordination

AFTER_MS = 8_000  # when the board has been read, painted and looked at
_BEGUN = "planner made ready"
_WORDS = "from coordination.deployment.planner.engine import warm_up; warm_up()"


def make_ready_soon(page: QWidget) -> None:
    """Once in a run of the program; a page that is gone by then makes nothing ready."""
    QTimer.singleShot(AFTER_MS, page, _make_ready)


def _make_ready() -> None:
    app = QCoreApplication.instance()
    if app is None or app.property(_BEGUN) or QGuiApplication.platformName() in ("offscreen", "minimal"):
        return
    app.setProperty(_BEGUN, True)
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(["-c", _WORDS])
    around = QProcessEnvironment.systemEnvironment()
    around.insert("PYTHONPATH", str(Path(coordination.__file__).parents[1]))
    process.setProcessEnvironment(around)
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    process.startDetached()
