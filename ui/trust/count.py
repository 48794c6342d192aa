"""How many assessments wait for my team, and how many answers for me, at the place in the rail."""

from __future__ import annotations

from PySide6.QtCore import QObject

from coordination.changes import RESYNC, Change
from ui.desk import Desk

_ROLES = frozenset({"team_lead", "care_coordinator", "trusted_assessor", "manager"})


class RelianceCount(QObject):
    """Lives as long as the desk: read at sign-in and whenever a receipt changes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        if desk.actor.role in _ROLES:
            desk.changes.batch.connect(self._came)
            self.read()

    def read(self) -> None:
        service = self._desk.services.reliance
        self._desk.tasks.run(self, service.waiting, self._show, lambda _error: True, "reliance")

    def _show(self, counts: tuple[int, int]) -> None:
        self._desk.foot.set_count("reliance", sum(counts), "to decide or answer")

    def _came(self, changes: frozenset[Change]) -> None:
        if RESYNC in changes or any(change.area == "trust" for change in changes):
            self.read()
