"""What can be done to the visit that is chosen: one call of the service each, told of, and undone.

Between board and service. Needs the page that owns it for threads and for showing what came of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from coordination.clock import at_local
from coordination.deployment.model import Board, Step, Visit
from coordination.deployment.service import can_undo
from coordination.deployment.suggest import Candidate, open_starts
from coordination.errors import BadValue, BadValues, Conflict, NotFound, Obstacle, Refused
from coordination.values import AllocationId, VisitId, Window, WorkerId, new_id
from ui.deployment import words
from ui.deployment.board import DeploymentBoard
from ui.deployment.layout import Spot
from ui.page import OnDesk

_MOST_STEPS = 50


class BoardShown(OnDesk, Protocol):
    """What the acts ask of the page."""

    @property
    def board(self) -> DeploymentBoard: ...
    def refuse(self, obstacles: tuple[Obstacle, ...]) -> None: ...
    def show_step(self, step: Step, board: Board) -> None: ...


class Acts:
    """Verbs of the board. ``steps`` is what can be undone, the latest last."""

    def __init__(self, page: BoardShown) -> None:
        self._page = page
        self.steps: list[Step] = []

    # ------------------------------------------------------------------ giving

    def give(self, spot: Spot, worker: WorkerId, start: datetime) -> None:
        """Give a visit to a worker, or move it there if somebody has it."""
        visit = self._visit(spot)
        if visit is None:
            return
        service, seen = self._page.desk.services.deployment, visit.revision
        if visit.at_slot(spot.slot) is not None:
            self._send(lambda: service.move(visit.id, spot.slot, worker, start, seen=seen))
        else:
            same = AllocationId(new_id())
            self._send(lambda: service.allocate(visit.id, worker, start, spot.slot, seen=seen, allocation=same))

    def take(self, spot: Spot, candidate: Candidate) -> None:
        """Give to somebody of the list; one who cannot take it says why."""
        if candidate.start is None:
            self._page.refuse(candidate.obstacles)
        else:
            self.give(spot, candidate.worker.id, candidate.start)

    def shift(self, spot: Spot, minutes: int) -> None:
        """The same worker, so many minutes later or earlier. Refused by the database, if anything is in the way."""
        visit = self._visit(spot)
        held = visit.at_slot(spot.slot) if visit else None
        if held is not None:
            self.give(spot, held.worker_id, held.window.start + timedelta(minutes=minutes))

    def pass_on(self, spot: Spot, board: Board, step: int) -> None:
        """To the next worker up (-1) or down (+1) who can take it at the same time."""
        visit = self._visit(spot)
        held = visit.at_slot(spot.slot) if visit else None
        if visit is None or held is None:
            return
        ids = [w.id for w in board.workers]
        order = (
            board.workers[ids.index(held.worker_id) + 1 :] if step > 0 else board.workers[: ids.index(held.worker_id)]
        )
        for worker in order if step > 0 else reversed(order):
            if any(held.window.start in s for s in open_starts(board, visit, worker, spot.slot)):
                self.give(spot, worker.id, held.window.start)
                return
        self._page.desk.notices.warn(
            f"Nobody further {'down' if step > 0 else 'up'} can take {visit.person.listed} at that time. "
            "P shows who could, and when."
        )

    def take_back(self, spot: Spot) -> None:
        visit = self._visit(spot)
        if visit is not None and visit.at_slot(spot.slot) is not None:
            service = self._page.desk.services.deployment
            self._send(lambda: service.unallocate(visit.id, spot.slot, seen=visit.revision))

    def pin(self, spot: Spot) -> None:
        """Pin, or release what is pinned."""
        visit = self._visit(spot)
        if visit is not None:
            service = self._page.desk.services.deployment
            self._send(lambda: service.pin(visit.id, not visit.is_pinned, seen=visit.revision))

    # ------------------------------------------------------------------ ending

    def end(
        self, visit: Visit, outcome: Any, reason: str = "", failed: Callable[[Exception], Any] | None = None
    ) -> None:
        service = self._page.desk.services.deployment
        self._send(lambda: service.end(visit.id, outcome, reason, seen=visit.revision), failed)

    def move_to(self, visit: Visit, values: dict[str, Any], failed: Callable[[Exception], Any]) -> None:
        """To another day, by the values of the form."""
        day: date = values["day"]
        first, last = (at_local(day, values[name].hour, values[name].minute) for name in ("from", "until"))
        try:
            arrive = Window(first, last)
        except BadValue:
            failed(BadValue("until", "ends_before_it_starts"))
            return
        service, fresh = self._page.desk.services.deployment, VisitId(new_id())
        self._send(
            lambda: service.move_to(visit.id, day, arrive, values["reason"], seen=visit.revision, new_visit=fresh),
            failed,
        )

    def reopen(self, visit: Visit) -> None:
        service = self._page.desk.services.deployment
        self._send(lambda: service.reopen(visit.id, seen=visit.revision))

    # ------------------------------------------------------------------ undo

    @property
    def can_undo(self) -> bool:
        return bool(self.steps)

    def undo(self, step: Step | None = None) -> None:
        """Take back a step, by default the latest."""
        if step is None:
            step = self.steps[-1] if self.steps else None
        if step is None or step not in self.steps:
            return
        self.steps.remove(step)
        service = self._page.desk.services.deployment
        self._send(lambda: service.undo(step), keep=False)

    # ------------------------------------------------------------------ inside

    def _visit(self, spot: Spot) -> Visit | None:
        board = self._page.board.board
        return board.visit_by_id.get(spot.visit) if board else None

    def _send(
        self, call: Callable[[], Step], failed: Callable[[Exception], Any] | None = None, *, keep: bool = True
    ) -> None:
        self._page.run(call, lambda step: self._done(step, keep), lambda error: self._failed(error, failed))

    def _done(self, step: Step, keep: bool) -> None:
        page = self._page
        board = page.board.board
        undo = None
        if keep and can_undo(step):
            self.steps = [*self.steps[-_MOST_STEPS:], step]

            def undo() -> None:
                self.undo(step)

        if board is not None:
            # what the desk did itself is shown at once; the change feed brings the rest
            visits = tuple(step.after if v.id == step.after.id else v for v in board.visits)
            fresh = replace(board, visits=visits)
            page.show_step(step, fresh)
            page.desk.notices.say(words.said(step, fresh), undo=undo)

    def _failed(self, error: Exception, own: Callable[[Exception], Any] | None) -> bool:
        """A sentence that names what is in the way; then the board as it stands."""
        if isinstance(error, BadValue | BadValues) and own is not None:
            return own(error) is not False
        self._page.refresh()
        if isinstance(error, Refused):
            self._page.desk.notices.warn(words.refusal(error))
            return True
        if isinstance(error, Conflict | NotFound):
            self._page.desk.notices.error(error)
            return True
        return False
