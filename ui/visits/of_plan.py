"""On a care plan: the visits that were made from it and should follow it now."""

from __future__ import annotations

from coordination.deployment.patterns import Change
from coordination.deployment.patterns_store import FromPlan
from coordination.values import PersonId
from ui.page import OnDesk
from ui.visits import WRITERS, words
from ui.visits.proposals import ProposalStrip


class PlanVisits:
    """``strip`` stands on the page; :meth:`ask` fills it, after each reading of the plan."""

    def __init__(self, page: OnDesk) -> None:
        self._page = page
        self._person: PersonId | None = None
        self.strip = ProposalStrip(self._follow, self._keep)

    def ask(self, person: PersonId | None = None) -> None:
        """Where do plan and visits of this person differ?"""
        page = self._page
        self._person = person or self._person
        whose = self._person
        if whose is not None:
            may = page.desk.actor.role in WRITERS
            visits = page.desk.services.visits
            page.run(
                lambda: visits.of_plans(person=whose),
                lambda found: self.strip.show_proposals(found, may=may),
                latest="visits",
            )

    def _follow(self, asked: list[FromPlan]) -> None:
        visits = self._page.desk.services.visits
        self._page.run(lambda: visits.follow(asked), self._did)

    def _did(self, change: Change) -> None:
        self._page.desk.notices.say(words.happened(change), undo=lambda: self._undo(change))
        self.ask()

    def _undo(self, change: Change) -> None:
        visits = self._page.desk.services.visits
        self._page.run(lambda: visits.undo(change), lambda _back: self.ask())

    def _keep(self, asked: FromPlan) -> None:
        visits = self._page.desk.services.visits
        self._page.run(lambda: visits.keep_as_is(asked), lambda _done: self.ask())
