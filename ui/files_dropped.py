"""Files of this computer that somebody drags over a window and lets go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDropEvent


def files_of(event: QDropEvent) -> list[Path]:
    """What is dragged or dropped, without what lies elsewhere or is no file."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def accepted_files(event: QDropEvent) -> list[Path]:
    """The same; taken from where they came from, if there are any."""
    files = files_of(event)
    if files:
        event.acceptProposedAction()
    return files
