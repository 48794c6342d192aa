"""Emergency access from an earlier sitting ends on this desk too (R3), whatever is open of that person."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from coordination.changes import RESYNC
from coordination.governance.emergency import MAY_BREAK
from coordination.people.emergency import Access
from ui.at_desk import AtDesk

_A_MOMENT = timedelta(seconds=1)


class EmergencyWatch(QObject):
    """Lives as long as the desk. What is opened in this sitting is watched by the bar over its record."""

    def __init__(self, desk: AtDesk) -> None:
        super().__init__()
        self._desk = desk
        self._end = QTimer(self, singleShot=True)
        self._end.timeout.connect(self._over)
        if desk.actor.role in MAY_BREAK:
            self.look()

    def look(self) -> None:
        """Which is the next to end? What fails is known when a record is read: the database closes it all the same."""
        emergency = self._desk.services.emergency
        self._desk.tasks.run(self, emergency.mine, self._found, failed=lambda _error: True)

    def _found(self, found: list[Access]) -> None:
        if found:
            left = found[0].left(self._desk.clock.now()) + _A_MOMENT
            self._end.start(int(left.total_seconds() * 1000))

    def _over(self) -> None:
        self._desk.changes.deliver(RESYNC)
        self.look()
