"""The last word before a window closes over what is not saved: said once."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui import wording
from ui.desk import Desk


class Parting(QObject):
    """Whether one may go. ``pages``: those that there are, by id."""

    def __init__(self, desk: Desk, pages: frozenset[str], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._pages = desk, pages
        self._told = False
        desk.foot.changed.connect(self._changed)

    def may_go(self) -> bool:
        """When nothing is open and nothing waits; else it is shown and said, and one may the next time: what is kept
        comes back at the next sign-in, and what can't be kept on the disk is let go."""
        if self._told or not self._waits():
            return True
        self._told = True
        self._show()
        self._say()
        return False

    def _waits(self) -> bool:
        return bool(self._desk.foot.drafts or self._desk.foot.outbox)

    def _changed(self) -> None:
        if not self._waits():
            self._told = False

    def _show(self) -> None:
        page = "unsent" if self._desk.foot.outbox else "contact"
        if page in self._pages:
            self._desk.go.to(page)

    def _say(self) -> None:
        foot = self._desk.foot
        parts = [wording.count(foot.drafts, "draft") + " not ended or saved"] if foot.drafts else []
        parts += [wording.count(foot.outbox, "contact") + " not in the database yet"] if foot.outbox else []
        kept = "Kept on this computer for your next sign-in here: close the window once more to leave."
        lost = "Nothing can be kept on this computer: close the window once more to lose it."
        words = kept if self._desk.drafts.where != "memory" else lost
        self._desk.notices.warn(f"{wording.listing(parts)}. {words}")
