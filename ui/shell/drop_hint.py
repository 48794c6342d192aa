"""Files are dragged over the window: what comes of letting them go."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ui.files_dropped import accepted_files
from ui.shell.overlay import Overlay
from ui.widgets.basics import column, label, plane


class DropHint(Overlay):
    """Over the window from when files come until they are let go or taken elsewhere."""

    def __init__(self, over: QWidget) -> None:
        said = label("Referrals (BaRS), e-mails and online forms become contacts in the queue.", quiet=True, wrap=True)
        words = column(label("Let go to bring these in", size="title", strong=True), said, gap=2, margins=6)
        super().__init__(over, plane(words, ""), width=420)

    def entered(self, event: QDragEnterEvent) -> None:
        """Something is dragged over the window."""
        if accepted_files(event):
            self.open()

    def dropped(self, event: QDropEvent) -> list[Path]:
        """It is let go: the files that it was."""
        self.close_overlay()
        return accepted_files(event)
