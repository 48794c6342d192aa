"""Steps that fall due at the foot of the window, and open cases at their place in the rail, wherever one works."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from coordination.changes import RESYNC, Change
from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.model import Case
from coordination.values import TeamId
from ui.desk import Desk

BEAT_MS = 30_000
PAGE = "no_access"
ROLES = ("team_lead", "care_coordinator")


def whose(desk: Desk) -> tuple[TeamId | None, str]:
    """Which cases a desk answers for: its team's or, without a team, those of the locality that it looks at."""
    team = desk.actor.team_id if desk.actor.role == "team_lead" else None
    return team, "" if team is not None else desk.locality.value.lower()


class NoAccessWatch(QObject):
    """Lives as long as the desk. Two queries when a case changes; time is counted here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.cases: Sequence[Case] = ()
        if desk.actor.role in ROLES:
            desk.changes.batch.connect(self._came)
            desk.locality.changed.connect(lambda _locality: self.read())
            beat = QTimer(self, interval=BEAT_MS)
            beat.timeout.connect(self.count)
            beat.start()
            self.read()

    def read(self) -> None:
        team, locality = whose(self._desk)
        service = self._desk.services.no_access
        self._desk.tasks.run(
            self, lambda: service.cases(team, locality), self._show, lambda _error: True, latest="no_access"
        )

    def _show(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self.count()

    def count(self) -> None:
        """By the clock of the desk, which the server has put right."""
        now = self._desk.clock.now()
        self._desk.foot.set_due(PAGE, rules.due_within(self.cases, now))
        self._desk.foot.set_count(PAGE, len(self.cases), "open")

    def _came(self, changes: frozenset[Change]) -> None:
        if RESYNC in changes or any(change.area == "outcomes" for change in changes):
            self.read()
