"""What the program says of itself: into the data folder, never with personal data, and never onto the screen."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_SIZE, _KEPT = 1_000_000, 3
# Said by the screen that is none, of every window.
_OF_NO_SCREEN = "This plugin does not support"


def log_to(folder: Path) -> None:
    """Write the program's log to ``folder/log/centre.log``, and Qt's own words with it. Once a process."""
    root = logging.getLogger()
    if any(isinstance(handler, RotatingFileHandler) for handler in root.handlers):
        return
    logs = folder / "log"
    logs.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(logs / "centre.log", maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True)
    # No exception text: it may repeat what somebody typed. ui/sentences.py gives the place as ``where``.
    handler.setFormatter(_Plain("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    qInstallMessageHandler(_from_qt)


def report_unforeseen(show: Callable[[Exception], object]) -> None:
    """What no handler caught (in a slot, say) is logged by type and place, and shown by ``show``."""

    def unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        show(error.with_traceback(trace))

    sys.excepthook = unforeseen


class _Plain(logging.Formatter):
    """A line without the text of exceptions; the place in the code, when it was given."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        where = getattr(record, "where", "")
        return f"{super().format(record)} {where}".rstrip()


def _from_qt(kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
    if not words.startswith(_OF_NO_SCREEN):
        logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", words)
