"""How many concerns are undecided, at its place in the rail: read at sign-in and whenever a concern changes."""

from __future__ import annotations

from PySide6.QtCore import QObject

from coordination.changes import RESYNC, Change
from coordination.safeguarding.model import OWNERS
from ui.desk import Desk


class UndecidedCount(QObject):
    """Lives as long as the desk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        if desk.actor.role in OWNERS:
            desk.changes.batch.connect(self._came)
            desk.locality.changed.connect(lambda _locality: self.read())
            self.read()

    def read(self) -> None:
        """In the locality that the desk looks at, as the page shows them."""
        locality = self._desk.locality.value.lower()
        within = frozenset({locality}) if locality else frozenset()
        service = self._desk.services.safeguarding
        self._desk.tasks.run(self, lambda: service.undecided(within), self._show, lambda _error: True, "undecided")

    def _show(self, count: int) -> None:
        self._desk.foot.set_count("safeguarding", count, "not decided")

    def _came(self, changes: frozenset[Change]) -> None:
        if RESYNC in changes or any(change.area == "safeguarding" for change in changes):
            self.read()
