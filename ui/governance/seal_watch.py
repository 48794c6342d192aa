"""Open desks keep the audit trail sealed (R4): what was done is bound within minutes, and nobody has to think of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ui.at_desk import AtDesk

BEAT_MS = 10 * 60_000


class SealWatch(QObject):
    """Lives as long as the desk. Of desks that seal at the same moment the database lets one."""

    def __init__(self, desk: AtDesk, beat_ms: int = BEAT_MS) -> None:
        super().__init__()
        self._desk = desk
        self._beat = QTimer(self, interval=beat_ms)
        self._beat.timeout.connect(self.look)
        self._beat.start()

    def look(self) -> None:
        """What fails is done at the next beat, by this desk or another; nobody is told, for nobody asked."""
        if not self._desk.tasks.running(self):
            self._desk.tasks.run(self, self._desk.services.governance.seal_up, failed=lambda _error: True)
