"""A team with yesterday's visits, on a real database, for the pages of outcomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from coordination.clock import at_local
from coordination.values import VisitId, WorkerId
from tests.database import CentreDb, SignedIn
from tests.db.deployment_kit import Kit

SURNAMES = (
    *("Adams", "Bell", "Cole", "Davies", "Evans", "Fox", "Grant"),
    *("Hill", "Irwin", "Jones", "Kaur", "Lamb", "Moss", "Nash"),
)  # fmt: skip


@dataclass
class Yesterday:
    """Amina's sheet of yesterday: ``many`` visits of half an hour from 07:00, on the hour and the half hour."""

    kit: Kit
    session: SignedIn
    day: date
    amina: WorkerId
    visits: list[VisitId]

    @classmethod
    def make(cls, database: CentreDb, many: int = 14, user: str = "tess.lead") -> Yesterday:
        kit, session = Kit(database), database.sign_in(user)
        day = kit.today() - timedelta(days=1)
        amina = kit.worker("Amina Khan", hours=())
        kit.shift(amina, "work", at_local(day, 7), at_local(day, 15))
        board = session.services.deployment
        drafts = [
            kit.draft(kit.person(name), at_local(day, 7 + n // 2, 30 * (n % 2)), minutes=30)
            for n, name in enumerate(SURNAMES[:many])
        ]
        board.plan_visits(drafts)
        for draft in drafts:
            board.allocate(draft.id, amina, draft.arrive.start, seen=1)
        return cls(kit, session, day, amina, [d.id for d in drafts])

    def at(self, hour: int, minute: int = 0) -> Any:
        return at_local(self.day, hour, minute)

    def states(self) -> list[str]:
        service = self.session.services.outcomes
        return [r.visit.state for r in service.sheet(self.kit.team(), self.day, self.amina).rows]

    def dress(self, desk: Any) -> None:
        """The desk of the team's lead, today."""
        desk.actor = replace(self.session.actor, locality="north")
        desk.clock.at = at_local(self.day + timedelta(days=1), 9)
