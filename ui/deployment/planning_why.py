"""Why nobody goes to a visit, and the smallest change that would place it."""

from __future__ import annotations

from coordination.deployment.model import Visit
from coordination.deployment.planner.edit import Edit
from coordination.deployment.planner.whynot import why_not
from coordination.errors import Refused
from ui.deployment import words
from ui.deployment.addition import BoardPage
from ui.deployment.planning import PlanningDeeds
from ui.deployment.planning_whynot import WhyNotPanel


class WhyDeeds:
    """Of the visit that is chosen, or of one that a proposal leaves open."""

    def __init__(self, page: BoardPage, deeds: PlanningDeeds) -> None:
        self._page, self._deeds = page, deeds
        deeds.ask_why = self.why

    def ask_why(self) -> None:
        if self._page.board.visit is not None:
            self.why(self._page.board.visit)

    def why(self, visit: Visit) -> None:
        """Who comes nearest to an open visit, and what would help."""
        board, not_before = self._deeds.board, self._deeds.not_before()
        now = board.visit_by_id.get(visit.id) if board is not None else None
        if board is None or now is None or now.is_placed:
            return
        panel = WhyNotPanel(board, now, may_change=self._page.may_change)
        panel.chosen.connect(self.remedy)
        panel.left.connect(self._deeds.aside())
        self._deeds.show_beside("Why not", panel)
        panel.begin()
        self._page.run(lambda: why_not(board, now, not_before), panel.show_found, latest="why")

    def remedy(self, edit: Edit, label: str) -> None:
        """Apply one small change."""
        service = self._deeds.service
        self._page.in_order.do(
            lambda: lambda: service.remedy(edit),
            lambda done: self._deeds.applied(done, label),
            self._remedy_failed,
        )

    def _remedy_failed(self, error: Exception) -> bool:
        self._page.refresh()
        self._deeds.leave()
        if isinstance(error, Refused):
            self._page.desk.notices.warn(words.refusal(error))
            return True
        return False
