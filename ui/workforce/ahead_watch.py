"""One open desk of a team lead a day makes shifts and visits ahead, in the background. Nobody has to think of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from ui.at_desk import AtDesk

FIRST_MS, BEAT_MS = 90_000, 30 * 60_000
ROLES = ("team_lead",)


class AheadWatch(QObject):
    """Lives as long as the desk. It looks a little after the start, when nobody waits for the first pages any more, and
    then every half hour: a desk may be open over midnight. Of many desks the database lets one (Ahead.make_once)."""

    def __init__(self, desk: AtDesk, first_ms: int = FIRST_MS) -> None:
        super().__init__()
        self._desk = desk
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.look)
        if desk.actor.role in ROLES:
            QTimer.singleShot(first_ms, self, self.look)
            self._beat.start()

    def look(self) -> None:
        """Make ahead, unless it was done today. What fails is tried again at the next beat; nobody is told: nobody
        asked, and boards and the page Rotas make what they need themselves."""
        ahead = self._desk.services.ahead
        if not self._desk.tasks.running(self):
            self._desk.tasks.run(self, ahead.is_due, self._make, lambda _error: True)

    def _make(self, due: bool) -> None:
        """It takes its time, so it shows at the foot and can be stopped."""
        ahead = self._desk.services.ahead
        if due:
            self._desk.tasks.run(
                self, lambda progress: ahead.make_once(progress.say), failed=lambda _error: True,
                progress="Making shifts and visits ahead",
            )  # fmt: skip
