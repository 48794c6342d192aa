"""Steps that fall due at the foot of the window; open cases, and who declines often, at their place in the rail."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from coordination.changes import RESYNC, Change
from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.model import Case, DeclinedOften
from coordination.values import TeamId
from ui.at_desk import AtDesk

BEAT_MS = 30_000
PAGE = "no_access"
ROLES = ("team_lead", "care_coordinator")


def whose(desk: AtDesk) -> tuple[TeamId | None, str]:
    """Which cases a desk answers for: its team's or, without a team, those of the locality that it looks at."""
    team = desk.actor.team_id if desk.actor.role == "team_lead" else None
    return team, "" if team is not None else desk.locality.value.lower()


class NoAccessWatch(QObject):
    """Lives as long as the desk. Three queries when a case changes; time is counted here. ``declined``: people who
    decline again and again, and whose plan this user leads."""

    def __init__(self, desk: AtDesk) -> None:
        super().__init__()
        self._desk = desk
        self.cases: Sequence[Case] = ()
        self.declined: Sequence[DeclinedOften] = ()
        if desk.actor.role in ROLES:
            desk.changes.batch.connect(self._came)
            desk.locality.changed.connect(lambda _locality: self.read())
            beat = QTimer(self, interval=BEAT_MS)
            beat.timeout.connect(self.count)
            beat.start()
            self.read()

    def read(self) -> None:
        team, locality = whose(self._desk)
        services, me = self._desk.services, self._desk.actor.user_name

        def read() -> tuple[Sequence[Case], Sequence[DeclinedOften]]:
            often = [found for found in services.outcomes.declined_often() if found.lead_worker == me]
            return services.no_access.cases(team, locality), often

        self._desk.tasks.run(self, read, self._show, lambda _error: True, latest="no_access")

    def _show(self, found: tuple[Sequence[Case], Sequence[DeclinedOften]]) -> None:
        self.cases, self.declined = found
        self.count()

    def count(self) -> None:
        """By the clock of the desk, which the server has put right."""
        now = self._desk.clock.now()
        self._desk.foot.set_due(PAGE, rules.due_within(self.cases, now))
        often = f"; {len(self.declined)} of whom you lead the plan declined often" if self.declined else ""
        self._desk.foot.set_count(PAGE, len(self.cases) + len(self.declined), f"open{often}")

    def _came(self, changes: frozenset[Change]) -> None:
        if RESYNC in changes or any(change.area == "outcomes" for change in changes):
            self.read()
