"""What can be done to the visits that are chosen: calls of the service, told of, and undone.

Between board and service. Needs the page that owns it for threads and for showing what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from coordination.clock import at_local
from coordination.deployment.model import Board, Step, Visit
from coordination.deployment.outcomes.model import Entry
from coordination.deployment.service import can_undo
from coordination.deployment.suggest import Candidate, open_starts
from coordination.errors import BadValue, BadValues, Conflict, CoordinationError, Obstacle, Refused
from coordination.values import AllocationId, VisitId, Window, WorkerId, new_id
from ui.deployment import words
from ui.deployment.board import DeploymentBoard
from ui.deployment.layout import Spot
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


class Acts:
    """Verbs of the board. ``mine`` is what somebody else was quicker than: it can be done all the same."""

    def __init__(self, page: BoardShown) -> None:
        self._page = page
        self._own: dict[tuple[VisitId, int], int] = {}
        self._left: set[tuple[VisitId, int]] = set()
        self.mine: Callable[[], None] | None = None

    # ------------------------------------------------------------------ giving

    def give(self, spot: Spot, worker: WorkerId, start: datetime) -> None:
        """Give a visit to a worker, or move it there if somebody has it."""
        service, same = self._page.desk.services.deployment, AllocationId(new_id())

        def make(visit: Visit, seen: int) -> Callable[[], Step]:
            if visit.at_slot(spot.slot) is not None:
                return lambda: service.move(visit.id, spot.slot, worker, start, seen=seen)
            return lambda: service.allocate(visit.id, worker, start, spot.slot, seen=seen, allocation=same)

        self._do(spot.visit, make)

    def take(self, spot: Spot, candidate: Candidate) -> None:
        """Give to somebody of the list; one who cannot take it says why."""
        if candidate.start is None:
            self._page.refuse(candidate.obstacles)
        else:
            self.give(spot, candidate.worker.id, candidate.start)

    def give_all(self, spots: Sequence[Spot], worker: WorkerId) -> None:
        """All of them to one worker, each at its own time."""
        service = self._page.desk.services.deployment

        def make_for(spot: Spot) -> Make:
            def make(visit: Visit, seen: int) -> Callable[[], Step]:
                held = visit.at_slot(spot.slot)
                if held is not None:
                    return lambda: service.move(visit.id, spot.slot, worker, held.window.start, seen=seen)
                begin = visit.starts or visit.arrive.start
                return lambda: service.allocate(visit.id, worker, begin, spot.slot, seen=seen)

            return make

        self._do_all([(spot.visit, make_for(spot)) for spot in spots], "give {count} to {worker}", worker)

    def shift(self, spot: Spot, minutes: int) -> None:
        """The same worker, so many minutes later or earlier. Refused by the database, if anything is in the way."""
        service = self._page.desk.services.deployment

        def make(visit: Visit, seen: int) -> Callable[[], Step] | None:
            held = visit.at_slot(spot.slot)
            if held is None:
                return None
            start = held.window.start + timedelta(minutes=minutes)
            return lambda: service.move(visit.id, spot.slot, held.worker_id, start, seen=seen)

        self._do(spot.visit, make)

    def pass_on(self, spot: Spot, step: int) -> None:
        """To the next worker up (-1) or down (+1) who can take it at the same time."""
        service = self._page.desk.services.deployment

        def make(visit: Visit, seen: int) -> Callable[[], Step] | None:
            board, held = self._page.board.board, visit.at_slot(spot.slot)
            if board is None or held is None:
                return None
            start, worker = held.window.start, self._next_who_can(board, visit, spot, step)
            if worker is None:
                self._page.desk.notices.warn(
                    f"Nobody further {'down' if step > 0 else 'up'} can take {visit.person.listed} at that time. "
                    "P shows who could, and when."
                )
                return None
            return lambda: service.move(visit.id, spot.slot, worker, start, seen=seen)

        self._do(spot.visit, make)

    @staticmethod
    def _next_who_can(board: Board, visit: Visit, spot: Spot, step: int) -> WorkerId | None:
        held = visit.at_slot(spot.slot)
        ids = [w.id for w in board.workers]
        if held is None or held.worker_id not in ids:
            return None
        at = ids.index(held.worker_id)
        order = board.workers[at + 1 :] if step > 0 else tuple(reversed(board.workers[:at]))
        for worker in order:
            if any(held.window.start in s for s in open_starts(board, visit, worker, spot.slot)):
                return worker.id
        return None

    def take_back(self, *spots: Spot) -> None:
        """From those who have them: a double-up is taken back by halves."""
        service = self._page.desk.services.deployment

        def make_for(spot: Spot) -> Make:
            def make(visit: Visit, seen: int) -> Callable[[], Step] | None:
                held = visit.at_slot(spot.slot)
                return (lambda: service.unallocate(visit.id, spot.slot, seen=seen)) if held is not None else None

            return make

        self._do_all([(spot.visit, make_for(spot)) for spot in spots], "take {count} back")

    def pin(self, *spots: Spot) -> None:
        """Pin; or release, when all of them are pinned."""
        service = self._page.desk.services.deployment
        board = self._page.board.board
        ids = dict.fromkeys(spot.visit for spot in spots)
        known = [board.visit_by_id[v] for v in ids if v in board.visit_by_id] if board else []
        pinned = not all(v.is_pinned for v in known)

        def make(visit: Visit, seen: int) -> Callable[[], Step] | None:
            if len(ids) > 1 and (visit.is_pinned == pinned or not visit.allocations):
                return None
            return lambda: service.pin(visit.id, pinned, seen=seen)

        self._do_all([(v, make) for v in ids], "pin {count}" if pinned else "release {count}")

    # ------------------------------------------------------------------ ending

    def end(
        self, visit: Visit, outcome: Any, words: str = "", failed: Failed | None = None, code: str | None = None
    ) -> None:
        """It is over, with a coded reason, words, or both."""
        service = self._page.desk.services.outcomes

        def make(v: Visit, seen: int) -> Callable[[], Step]:
            return lambda: service.record(Entry(v.id, seen, outcome, code, words))

        self._do(visit.id, make, failed)

    def move_to(self, visit: Visit, values: dict[str, Any], failed: Failed) -> None:
        """To another day, by the values of the form."""
        day: date = values["day"]
        first, last = (at_local(day, values[name].hour, values[name].minute) for name in ("from", "until"))
        try:
            arrive = Window(first, last)
        except BadValue:
            failed(BadValue("until", "ends_before_it_starts"))
            return
        service, fresh = self._page.desk.services.deployment, VisitId(new_id())
        why = values["reason"]
        self._do(
            visit.id,
            lambda v, seen: lambda: service.move_to(v.id, day, arrive, why, seen=seen, new_visit=fresh),
            failed,
        )

    def reopen(self, visit: Visit) -> None:
        service = self._page.desk.services.deployment
        self._do(visit.id, lambda v, seen: lambda: service.reopen(v.id, seen=seen))

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
