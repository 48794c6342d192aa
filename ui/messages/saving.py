"""Saving what came with a message, where the person says and nowhere else. Nothing is opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from ui.page import Page
from ui.sheets.files import plain


def save_as(page: Page, name: str, content: bytes) -> None:
    chosen, _kind = QFileDialog.getSaveFileName(page, "Save", plain(name))
    if not chosen:
        return

    def write() -> None:
        Path(chosen).write_bytes(content)

    def failed(error: Exception) -> bool:
        if isinstance(error, OSError):
            page.desk.notices.warn("It could not be saved there. Choose another place.")
            return True
        return False

    page.run(write, lambda _none: page.desk.notices.say("Saved."), failed)
