"""After how many minutes a desk locks: a setting of the centre, the same for every desk."""

from __future__ import annotations

from PySide6.QtCore import QObject

from coordination.changes import RESYNC, Change
from coordination.settings.model import Setting
from ui.desk import Desk
from ui.shell.idle import IdleWatch

NAME = "lock.minutes"


class LockMinutes(QObject):
    """Read when the desk opens, and when somebody changes it."""

    def __init__(self, desk: Desk, idle: IdleWatch) -> None:
        super().__init__(desk.changes)
        self._desk, self._idle = desk, idle
        desk.changes.batch.connect(self._changed)
        self._read()

    def _changed(self, changes: frozenset[Change]) -> None:
        if Change("settings", NAME) in changes or RESYNC in changes:
            self._read()

    def _read(self) -> None:
        self._desk.tasks.run(self, self._desk.services.settings.all, self._take, lambda _error: True, latest="minutes")

    def _take(self, found: list[Setting]) -> None:
        minutes = next((s.value for s in found if s.name == NAME), None)
        if isinstance(minutes, int) and minutes > 0 and minutes != self._idle.minutes:
            self._idle.set_minutes(minutes)
