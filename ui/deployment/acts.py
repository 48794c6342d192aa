"""What can be done to the visits that are chosen: calls of the service, told of, and undone (see doing.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from coordination.clock import at_local
from coordination.deployment.model import Board, Step, Visit
from coordination.deployment.outcomes.model import Entry
from coordination.deployment.suggest import Candidate, open_starts
from coordination.errors import BadValue
from coordination.values import AllocationId, VisitId, Window, WorkerId, new_id
from ui.deployment.doing import Doing, Failed, Make
from ui.deployment.layout import Spot


class Acts(Doing):
    """Verbs of the board."""

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
