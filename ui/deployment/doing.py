"""How something is done to visits on a board: one after another, from what is seen; told of, undone, and over what
somebody else was quicker with. Needs the page that owns it for threads and for showing what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from coordination.deployment.model import Step, Visit
from coordination.deployment.service import can_undo
from coordination.errors import BadValue, BadValues, Conflict, CoordinationError, Obstacle, Refused
from coordination.values import VisitId, WorkerId
from ui.deployment import words
from ui.deployment.board import DeploymentBoard
from ui.deployment.undo import GONE, ShowsSteps, UndoStack

Make = Callable[[Visit, int], Callable[[], Step] | None]
"""of a visit as it is shown and the revision that was seen: the call that changes it, or None"""
Failed = Callable[[Exception], Any]


class BoardShown(ShowsSteps, Protocol):
    """What the acts ask of the page."""

    @property
    def board(self) -> DeploymentBoard: ...
    @property
    def undo_stack(self) -> UndoStack: ...
    def refuse(self, obstacles: tuple[Obstacle, ...]) -> None: ...


class Doing:
    """``mine`` is what somebody else was quicker than: it can be done all the same."""

    def __init__(self, page: BoardShown) -> None:
        self._page = page
        self._own: dict[tuple[VisitId, int], int] = {}
        self._left: set[tuple[VisitId, int]] = set()
        self.mine: Callable[[], None] | None = None

    # ------------------------------------------------------------------ somebody else was quicker

    def do_mine(self) -> None:
        """What a conflict has stopped, over what somebody else has done meanwhile."""
        mine, self.mine = self.mine, None
        if mine is not None:
            mine()

    # ------------------------------------------------------------------ inside

    def _do(self, visit: VisitId, make: Make, failed: Failed | None = None) -> None:
        self._do_all([(visit, make)], failed=failed)

    def _do_all(
        self, deeds: Sequence[tuple[VisitId, Make]], label: str = "", worker: WorkerId | None = None,
        failed: Failed | None = None,
    ) -> None:  # fmt: skip
        """One visit after another, each in its own transaction, from what is seen now on."""
        board = self._page.board.board
        if board is None or not deeds:
            return
        seen = {v: board.visit_by_id[v].revision for v, _ in deeds if v in board.visit_by_id}

        def prepare() -> Callable[[], Any] | None:
            shown = self._page.board.board
            known = shown.visit_by_id if shown else {}
            calls = [
                (v, make, make(known[v], self._as_left(v, seen[v]))) for v, make in deeds if v in known and v in seen
            ]
            return (lambda: _run_all(calls)) if any(call is not None for _, _, call in calls) else None

        def done(found: tuple[list[Step], list[Exception]]) -> None:
            self._done(found[0], label, worker, len(deeds))
            for error in found[1]:
                self._failed(error, failed, deeds, label, worker)

        self._page.in_order.do(prepare, done)

    def know_own(self, steps: Sequence[Step]) -> None:
        """This desk has done these: whatever is waiting to be done after them was not overtaken by anybody."""
        for step in steps:
            if step.before.revision != step.after.revision:
                self._own[step.after.id, step.before.revision] = step.after.revision
                self._left.add((step.after.id, step.after.revision))

    def is_own(self, visit: VisitId, revision: int) -> bool:
        """Whether it is this desk that brought the visit to this revision."""
        return (visit, revision) in self._left

    def _as_left(self, visit: VisitId, revision: int) -> int:
        """The revision under which what was seen stands, after this desk's own acts since."""
        while (visit, revision) in self._own:
            revision = self._own[visit, revision]
        return revision

    def _done(self, steps: Sequence[Step], label: str, worker: WorkerId | None, wanted: int) -> None:
        page = self._page
        if not steps:
            return
        self.mine = None
        # what the desk did itself is shown at once; the change feed brings the rest
        page.show_steps(steps)
        board = page.board.board
        if board is None:
            return
        names = {"count": words.visits(len(steps)), "worker": board.worker_by_id[worker].name if worker else ""}
        one = wanted == 1 or not label
        says = words.said(steps[-1], board) if one else words.said_of_several(label, names)
        undo = None
        if all(can_undo(step) for step in steps):
            entry = page.undo_stack.push_steps(words.label(steps[-1], board) if one else label.format_map(names), steps)

            def undo() -> None:
                page.undo_stack.undo_entry(entry)

        page.desk.notices.say(says, undo=undo)

    def _failed(
        self, error: Exception, own: Failed | None, deeds: Sequence[tuple[VisitId, Make]], label: str,
        worker: WorkerId | None,
    ) -> None:  # fmt: skip
        """A sentence that names what is in the way; then the board as it stands."""
        if isinstance(error, BadValue | BadValues) and own is not None and own(error) is not False:
            return
        notices = self._page.desk.notices
        if isinstance(error, Refused):
            notices.warn(words.refusal(error))
        elif isinstance(error, Conflict):
            self._lost_to_another(error, own, deeds, label, worker)
        else:
            notices.error(error)
        if isinstance(error, GONE):
            self._page.refresh()

    def _lost_to_another(
        self, error: Conflict, own: Failed | None, deeds: Sequence[tuple[VisitId, Make]], label: str,
        worker: WorkerId | None,
    ) -> None:  # fmt: skip
        """Somebody was quicker: what they did, and mine a key away."""
        now = error.current
        board = self._page.board.board
        if not isinstance(now, Visit) or board is None:
            self._page.desk.notices.error(error)
            return
        again = [(v, make) for v, make in deeds if v == now.id]

        def mine() -> None:
            self._page.show_steps([Step("seen", board.visit_by_id.get(now.id, now), now)])
            self._do_all(again, label, worker, own)

        self.mine = mine
        self._page.desk.notices.warn(
            words.lost(now, board), do=None if now.is_over else self.do_mine, do_words="Mine instead  (Y)"
        )


def _run_all(
    calls: Sequence[tuple[VisitId, Make, Callable[[], Step] | None]],
) -> tuple[list[Step], list[Exception]]:
    """The steps that were made, and what was refused. The second half of a double-up goes from what the first left."""
    made: list[Step] = []
    refused: list[Exception] = []
    left: dict[VisitId, Visit] = {}
    for visit, make, planned in calls:
        call = make(left[visit], left[visit].revision) if visit in left else planned
        try:
            if call is not None:
                made.append(call())
                left[visit] = made[-1].after
        except CoordinationError as error:
            refused.append(error)
            if not isinstance(error, (*GONE, BadValue, BadValues)):
                break
    return made, refused
