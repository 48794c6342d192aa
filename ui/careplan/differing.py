"""Two versions side by side, and a choice between them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, label, row


class SideBySide(QFrame):
    """Ours and theirs. Nothing is lost: whichever is not chosen has been read."""

    mine = Signal()
    theirs = Signal()

    def __init__(self, mine: str, theirs: str) -> None:
        super().__init__()
        self.setProperty("plane", "sunken")
        self.setProperty("rule", "all")
        self.keep = button("Keep mine", self.mine.emit)
        take = button("Take theirs", self.theirs.emit)
        both = QHBoxLayout()
        for title, words, choose in (("Yours", mine, self.keep), ("Saved meanwhile", theirs, take)):
            shown = label(words or "Nothing", wrap=True, selectable=True)
            both.addLayout(column(label(title, strong=True, size="small"), shown, None, row(choose, None)), 1)
        head = row(Badge("Changed twice", "accent", "users"), label("Which one stands?", quiet=True), None)
        self.setLayout(column(head, both, margins=3))
        self.setAccessibleName(f"Changed twice. Yours: {mine}. Saved meanwhile: {theirs}")
