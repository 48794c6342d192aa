"""Two leads on one board: who else has it open, which visit is in front of them, and what they have just done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from coordination.changes import RESYNC, Change
from coordination.deployment.model import Board, Visit
from coordination.values import TeamId, VisitId, WorkerId
from ui.deployment.outlook import Outlook
from ui.deployment.steps import with_visits
from ui.presence import PresenceLine, initials

if TYPE_CHECKING:
    from ui.deployment.addition import WholePage

AREA = "deployment"
_BOARDS = UUID("6f0d3a52-8c1e-5b7e-9a54-2d1c1f0b7a11")
_MOST = 40  # visits that are read by themselves; more at once, and the board is read again


def board_id(team: TeamId, day: object) -> UUID:
    """What a mark of presence stands on: one team's day."""
    return uuid5(_BOARDS, f"{team} {day}")


class Live:
    """Of one page. What others change is read by itself and flashes; a drag is never disturbed."""

    def __init__(self, page: WholePage) -> None:
        self._page = page
        self._waiting: set[VisitId] = set()
        self._reading = False
        self.line = PresenceLine(page.desk, wrap=False)
        page.warnings.add(self.line)
        page.desk.presence.watch(page, self._watched)
        page.desk.presence.changed.connect(lambda _records: self._show_others())
        page.board.spot_changed.connect(self._say_visit)

    # ------------------------------------------------------------------ presence

    def _watched(self) -> list[UUID]:
        board = self._page.board.board
        return [board_id(board.team.id, board.day), *board.visit_by_id] if board is not None else []

    def board_shown(self) -> None:
        """Another board, or the same anew: this desk is at it."""
        board, presence = self._page.board.board, self._page.desk.presence
        if board is None:
            presence.leave(self._page)
            self.line.show_record(AREA, None)
            return
        here = board_id(board.team.id, board.day)
        presence.say(self._page, AREA, here, "looking")
        self.line.show_record(AREA, here)
        if self._page.isVisible():
            self._page.desk.seen.saw_list("board", board.team.id, board.day)
        self._show_others()

    def _say_visit(self) -> None:
        """Which visit a lead has in front of them: the other's board marks it."""
        visit, view, presence = self._page.board.visit, self._page.board, self._page.desk.presence
        if visit is not None and self._page.may_change and not visit.is_over:
            presence.say(view, AREA, visit.id, "looking")
        else:
            presence.leave(view)

    def _show_others(self) -> None:
        view = self._page.board
        board, presence = view.board, self._page.desk.presence
        if board is None:
            return
        found = ((visit.id, presence.of(AREA, visit.id)) for visit in board.visits)
        view.show_others({visit: initials(who[0].display_name) for visit, who in found if who})

    # ------------------------------------------------------------------ what others do

    def takes(self, changes: frozenset[Change]) -> bool:
        """True when these are visits, few enough to be read by themselves; it is done then."""
        mine = [change for change in changes if change == RESYNC or change.area in self._page.areas]
        ids = [_visit_id(change) for change in mine]
        board = self._page.board.board
        if not mine or board is None or None in ids or len(ids) > _MOST or not self._page.isVisible():
            return False
        self._waiting |= {found for found in ids if found is not None}
        self._read()
        return True

    def _read(self) -> None:
        if self._reading or not self._waiting:
            return
        ids, self._waiting = sorted(self._waiting), set()
        self._reading = True
        service = self._page.desk.services.deployment

        def failed(_error: Exception) -> bool:
            self._reading = False
            self._page.refresh()
            return True

        self._page.run(lambda: service.visits(ids), lambda found: self._came(ids, found), failed)

    def _came(self, asked: Sequence[VisitId], found: Sequence[Visit]) -> None:
        self._reading = False
        page = self._page
        board = page.newest_board
        if board is None or _is_more(board, found):
            page.refresh()
        else:
            fresh = with_visits(board, asked, found)
            if fresh is not board:
                page.show_outlook(Outlook.of(fresh, page.desk.clock.now(), page.board.outlook))
        self._read()

    def flash(self, before: Board | None, now: Board | None) -> None:
        """Rows that somebody else has changed, of the same team and day."""
        if before is None or now is None or before is now or (before.team.id, before.day) != (now.team.id, now.day):
            return
        rows: set[WorkerId] = set()
        for visit in now.visits:
            old = before.visit_by_id.get(visit.id)
            if old is None or old is visit or old.revision == visit.revision:
                continue
            if self._page.acts.is_own(visit.id, visit.revision):
                continue
            held = {(a.worker_id, a.window) for a in visit.allocations}
            was = {(a.worker_id, a.window) for a in old.allocations}
            rows |= {worker for worker, _ in (held ^ was)}
            if held == was and (old.state, old.is_pinned) != (visit.state, visit.is_pinned):
                rows |= {worker for worker, _ in held}
        self._page.board.flash_workers(rows)


def _visit_id(change: Change) -> VisitId | None:
    try:
        return VisitId(UUID(change.key))
    except ValueError:
        return None


def _is_more(board: Board, found: Sequence[Visit]) -> bool:
    """More has changed than visits of this board: one of its workers goes to another team's, or comes from there."""
    here = (board.team.id, board.day)
    for visit in found:
        workers = {a.worker_id for a in visit.allocations}
        if (visit.team_id, visit.day) == here:
            if not workers <= board.worker_by_id.keys():
                return True
        elif visit.day == board.day and (workers & board.worker_by_id.keys() or _was_elsewhere(board, visit)):
            return True
    return False


def _was_elsewhere(board: Board, visit: Visit) -> bool:
    return any(stay.visit_id == visit.id for stay in board.elsewhere)
