"""Plan the rest, repair the day: from a key to a proposal, and from there to the board.

Everything slow runs through ``desk.tasks``; what is applied goes through the board's own order and undo stack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import SystemRandom
from threading import Event
from typing import Any

from coordination.clock import local_date
from coordination.deployment.model import Board, Step, Visit
from coordination.deployment.planner.happened import Happened, whole_minute
from coordination.deployment.planner.problem import Budget
from coordination.deployment.planner.proposal import Change, Proposal, Sofar
from coordination.deployment.planner.service import Applied, Planning
from coordination.deployment.planner.weights import Weights
from coordination.errors import Conflict, NotFound, Refused
from ui.deployment import planning_words as say
from ui.deployment import words
from ui.deployment.addition import BoardPage
from ui.deployment.layout import Spot
from ui.deployment.planning_panel import ProgressPanel, ProposalPanel
from ui.deployment.planning_preview import Preview
from ui.deployment.planning_ready import Readying
from ui.tasks import Progress, Task

_SEEDS = 9999
NOTICE = timedelta(minutes=10)  # who is on the way to a visit is left in peace


class PlanningDeeds:
    """What planning does on one board. ``proposal`` is what lies beside it, waiting for a decision; ``budget`` of plan
    and repair can be set, None: as long as they usually take. ``ask_why`` says why a visit stays open."""

    ask_why: Callable[[Visit], object]

    def __init__(self, page: BoardPage) -> None:
        self._page = page
        self._seeds = SystemRandom()
        self._task: Task | None = None
        self._panel: ProposalPanel | None = None
        self.preview = Preview(page)
        self.preview.strip.applied.connect(self.apply)
        self.budget: Budget | None = None
        self.seed: int | None = None

    # ------------------------------------------------------------------ what it stands on

    @property
    def service(self) -> Planning:
        found: Planning = self._page.desk.services.planning
        return found

    @property
    def board(self) -> Board | None:
        """As it stands, whatever plan is looked at."""
        newest = self._page.board.newest
        return newest.board if newest is not None else None

    @property
    def proposal(self) -> Proposal | None:
        return self._panel.proposal if self._panel is not None else None

    @property
    def panel(self) -> ProposalPanel | None:
        return self._panel

    def now(self) -> datetime | None:
        """On the board of today."""
        now: datetime = self._page.desk.clock.now()
        return whole_minute(now) if local_date(now) == self._page.day else None

    def not_before(self) -> datetime | None:
        """The earliest that anything new begins, and the latest that anybody can be told that it does not."""
        now = self.now()
        return now + NOTICE if now is not None else None

    def may_plan(self) -> bool:
        return self._page.may_change and self.board is not None

    def chosen_open(self) -> bool:
        """The visit that is chosen still needs somebody."""
        visit = self._page.board.visit
        return visit is not None and not visit.is_over and not visit.is_placed

    def _is_past(self, board: Board) -> bool:
        if board.day >= local_date(self._page.desk.clock.now()):
            return False
        self._page.desk.notices.say("That day is over. Plan today, or a day to come.")
        return True

    def next_seed(self) -> int:
        return self.seed if self.seed is not None else 1 + self._seeds.randrange(_SEEDS)

    # ------------------------------------------------------------------ plan the rest

    def plan_rest(self) -> None:
        """Everything that is open, and what stands wherever that is worth a change."""
        board = self.board
        if board is None or self._is_past(board):
            return
        service, not_before, seed, budget = self.service, self.not_before(), self.next_seed(), self.budget
        panel = ProgressPanel(f"Planning the rest of {say.day_of(board)}")
        stopped, told, readying = Event(), panel.told, Readying()
        readying.said.connect(panel.state.setText)
        readying.said.connect(panel.stop.hide)
        readying.over.connect(panel.stop.show)

        def better(found: Sofar) -> None:
            told.better.emit(found)

        def call(progress: Progress) -> Proposal:
            from coordination.deployment.planner.plan import plan  # the engine loads with the first plan, over here

            weights = service.weights(board.team.id).weights

            def stop() -> bool:
                return stopped.is_set() or progress.stopping

            readying.wait(stop)
            return plan(board, weights, seed=seed, not_before=not_before, budget=budget, on_better=better, stop=stop)

        panel.stopped.connect(stopped.set)
        panel.dropped.connect(self.leave)
        self._drop_task()
        self.show_beside("Plan", panel)
        panel.setFocus()
        self._task = self._page.run(
            call, lambda proposal: self.show(proposal), self._failed, latest="plan", progress="Planning"
        )
        task = self._task
        panel.destroyed.connect(lambda: self._drop_task() if self._task is task else None)

    def make_room(self) -> None:
        """Place the open visit that is chosen, moving as little as can be."""
        board, visit = self.board, self._page.board.visit
        if board is None or visit is None or self._is_past(board):
            return
        wanted, budget = visit.id, self.budget

        def make(weights: Weights, seed: int, now: datetime | None) -> Proposal:
            from coordination.deployment.planner.plan import make_room

            return make_room(board, wanted, weights, seed=seed, not_before=now, budget=budget)

        self._repair(make, f"Room for {visit.person.listed}")

    def repair(self, happened: Happened, title: str) -> None:
        """What moves least once that has happened."""
        board = self.board
        if board is None or self._is_past(board):
            return
        budget = self.budget

        def make(weights: Weights, seed: int, now: datetime | None) -> Proposal:
            from coordination.deployment.planner.plan import repair

            return repair(board, happened, weights, seed=seed, not_before=now, budget=budget)

        self._repair(make, title)

    def _repair(self, make: Callable[[Weights, int, datetime | None], Proposal], title: str) -> None:
        board = self.board
        assert board is not None
        service, now, seed, team = self.service, self.not_before(), self.next_seed(), board.team.id
        readying = Readying()
        readying.said.connect(self._page.desk.notices.say)

        def call() -> Proposal:
            readying.wait()
            return make(service.weights(team).weights, seed, now)

        self._page.run(
            call,
            lambda proposal: self.show(proposal, title),
            self._failed,
            latest="plan",
        )

    # ------------------------------------------------------------------ a proposal

    def show(self, proposal: Proposal, title: str = "", warned: str = "") -> None:
        """Beside the board, to be applied or left."""
        self._task = None
        board = self.board
        if board is None or (board.team.id, board.day) != (proposal.was.team.id, proposal.was.day):
            self._page.desk.notices.say("The plan came for a board that is no longer shown, and was dropped.")
            self._page.leave_beside()
            return
        panel = ProposalPanel(proposal, title, warned)
        panel.applied.connect(self.apply)
        panel.left.connect(self.leave)
        panel.looked_at.connect(self._preview)
        panel.asked.connect(lambda visit: self.ask_why(visit))
        panel.picked.connect(self._pick)
        panel.whole.connect(self.preview.toggle)
        self.show_beside("Proposal", panel)
        self._panel = panel
        self.preview.begin(proposal)
        panel.destroyed.connect(lambda: self._forget(panel))
        panel.begin()

    def aside(self) -> Callable[[], None]:
        """What brings back the proposal that lies beside the board now; without one, what leaves it alone."""
        panel = self._panel
        return (lambda: self.show(panel.proposal, panel.title, panel.said_before)) if panel is not None else self.leave

    def _preview(self, change: Change | None) -> None:
        """Where a visit would go, on the board."""
        view = self._page.board
        if self.preview.look_at(change):
            return
        if change is None or not change.after:
            view.show_preview(None, None, None)
        else:
            held = change.after[0]
            view.show_preview(change.before, held.worker_id, held.window.start)

    def _pick(self, change: Change) -> None:
        """The visit, where it stands now, or would."""
        if self.preview.look_at(change):
            return
        held = change.before.allocations
        slot = held[0].slot if held else next(iter(change.before.free_slots), 1)
        self._page.board.choose(Spot(change.visit, slot))

    def apply(self) -> None:
        """All of the proposal in one transaction."""
        panel = self._panel
        if panel is None or not panel.apply.isEnabled():
            return
        panel.apply.setEnabled(False)
        proposal, service = panel.proposal, self.service
        label = say.label(proposal)
        self._page.in_order.do(
            lambda: lambda: service.apply(proposal),
            lambda done: self.applied(done, label),
            lambda error: self._not_applied(error, proposal),
        )

    def leave(self) -> None:
        """Change nothing."""
        self._drop_task()
        self.preview.end()
        self._page.board.show_preview(None, None, None)
        self._page.leave_beside()
        self._page.board.setFocus()

    def applied(self, done: Applied, label: str) -> None:
        """Shown on the board, and one entry of what can be undone."""
        held = [done]

        def back(steps: Sequence[Step]) -> Sequence[Step]:
            held[0] = self.service.undo(held[0], steps)
            return held[0].steps

        page = self._page
        self.preview.end()
        page.board.show_preview(None, None, None)
        entry = page.undo_stack.push_steps(label, done.steps, back) if done.steps else None
        page.leave_beside()
        page.show_steps(done.steps)
        if done.edit.happened is not None or done.edit.stretch is not None:
            page.refresh()
        undo = (lambda: page.undo_stack.undo_entry(entry)) if entry is not None else None
        page.desk.notices.say(f"Applied: {label}.", undo=undo)
        page.board.setFocus()

    def _not_applied(self, error: Exception, proposal: Proposal) -> bool:
        """What somebody else changed is named, and the rest offered."""
        if self._panel is not None:
            self._panel.apply.setEnabled(True)
        if isinstance(error, Refused):
            self._page.desk.notices.warn(words.refusal(error))
        elif not (isinstance(error, Conflict) and error.area == "day_plan"):
            return False
        warned = say.changed_meanwhile(error.current) if isinstance(error, Conflict) else ""
        service = self.service
        self._page.refresh()
        self._page.run(
            lambda: service.rest(proposal), lambda rest: self.show(rest, "", warned), self._failed, latest="plan"
        )
        return True

    # ------------------------------------------------------------------ inside

    def show_beside(self, title: str, widget: Any) -> None:
        """In the place of the proposal, if there was one."""
        self._panel = None
        self.preview.end()
        self._page.show_beside(title, widget)

    def _forget(self, panel: ProposalPanel) -> None:
        if self._panel is panel:
            self._panel = None
            self.preview.end()

    def _drop_task(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None

    def _failed(self, error: Exception) -> bool:
        self._task = None
        self._page.leave_beside()
        if isinstance(error, NotFound):
            self._page.desk.notices.error(error)
            return True
        return False
