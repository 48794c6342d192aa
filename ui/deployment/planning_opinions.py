"""The weights of a team: shown, tried out as a draft on the day in front, saved by a lead."""

from __future__ import annotations

from coordination.deployment.planner.figures import Figures, figures
from coordination.deployment.planner.problem import Budget
from coordination.deployment.planner.weights import TeamWeights
from coordination.errors import BadValue, Conflict
from ui.deployment.addition import BoardPage
from ui.deployment.planning import PlanningDeeds
from ui.deployment.planning_weights import WeightsPanel
from ui.tasks import Progress

TRY = Budget(seconds=4.0)
"""of each of the two plans that are compared"""


class WeightDeeds:
    def __init__(self, page: BoardPage, deeds: PlanningDeeds) -> None:
        self._page = page
        self._deeds = deeds
        self.panel: WeightsPanel | None = None

    def show(self) -> None:
        """The weights as they stand for this team."""
        board = self._deeds.board
        if board is not None:
            team, service = board.team.id, self._deeds.service
            self._page.run(lambda: service.weights(team), self._show, latest="weights")

    def _show(self, found: TeamWeights) -> None:
        panel = WeightsPanel(found, may_change=self._page.may_change)
        panel.tried.connect(self._try)
        panel.saved.connect(self._save)
        panel.usual.connect(self._usual)
        panel.left.connect(self._deeds.leave)
        self.panel = panel
        panel.destroyed.connect(lambda: self._forget(panel))
        self._page.show_beside("What matters", panel)
        panel.begin()

    def _forget(self, panel: WeightsPanel) -> None:
        if self.panel is panel:
            self.panel = None

    # ------------------------------------------------------------------ see the effect

    def _try(self, values: dict[str, int]) -> None:
        """The same board, seed and budget twice: as the weights stand, and as they are drawn."""
        board, panel = self._deeds.board, self.panel
        if board is None or panel is None:
            return
        stands = panel.weights.weights
        seed, now, budget = self._deeds.next_seed(), self._deeds.not_before(), self._deeds.budget or TRY

        def call(progress: Progress) -> tuple[Figures, ...]:
            from coordination.deployment.planner.plan import plan

            found = [figures(board, board)]
            for number, weights in enumerate((stands, stands.changed(**values))):
                progress.say(number, 2)
                made = plan(board, weights, seed=seed, not_before=now, budget=budget, stop=lambda: progress.stopping)
                found.append(made.after)
            return tuple(found)

        def show(found: tuple[Figures, ...]) -> None:
            if self.panel is panel:
                panel.show_effect(found)

        panel.show_working()
        self._page.run(call, show, self._failed, latest="effect", progress="Trying the weights out")

    # ------------------------------------------------------------------ keeping them

    def _save(self, values: dict[str, int]) -> None:
        panel, service = self.panel, self._deeds.service
        if panel is not None:
            seen = panel.weights
            self._page.run(lambda: service.set_weights(seen, values), self._saved, self._failed)

    def _usual(self) -> None:
        panel, service = self.panel, self._deeds.service
        if panel is not None:
            team = panel.weights.team
            self._page.run(lambda: service.usual_weights(team), self._saved, self._failed)

    def _saved(self, found: TeamWeights) -> None:
        before = self.panel.weights if self.panel is not None else None
        if self.panel is not None:
            self.panel.show_weights(found)
        undo = (lambda: self._back(found, before)) if before is not None else None
        self._page.desk.notices.say("Saved for this team. The next plan goes by them.", undo=undo)

    def _back(self, now: TeamWeights, before: TeamWeights) -> None:
        """As they were; a team that had none of its own has none again."""
        service, values = self._deeds.service, {str(row.term): row.value for row in before.rows}
        own = any(row.own for row in before.rows)

        def restore() -> TeamWeights:
            return service.set_weights(now, values) if own else service.usual_weights(now.team)

        def shown(found: TeamWeights) -> None:
            if self.panel is not None:
                self.panel.show_weights(found)

        self._page.run(restore, shown, self._failed)

    def _failed(self, error: Exception) -> bool:
        if self.panel is not None:
            self.panel.stop_working()
        if isinstance(error, Conflict) and isinstance(error.current, TeamWeights):
            if self.panel is not None:
                self.panel.show_weights(error.current)
            self._page.desk.notices.error(error)
            return True
        if isinstance(error, BadValue):
            self._page.desk.notices.error(error)
            return True
        return False
