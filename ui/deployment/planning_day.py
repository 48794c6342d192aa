"""The day goes wrong: a form, the repair that moves least with what it costs, and then Apply or not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from coordination.clock import LONDON, at_local
from coordination.deployment.drafts import check_drafts
from coordination.deployment.model import DAY_ENDS, Board, Visit, VisitDraft
from coordination.deployment.planner.happened import Urgent, ill, running_late
from coordination.errors import BadValue, BadValues
from coordination.values import VisitId, Window, WorkerId, new_id
from ui import wording
from ui.deployment.addition import BoardPage
from ui.deployment.planning import PlanningDeeds
from ui.deployment.planning_wrong import WrongForm, again_form, ill_form, late_form

_ROUND = timedelta(minutes=5)


class DayDeeds:
    """Sickness, running late, a visit that is needed now."""

    def __init__(self, page: BoardPage, deeds: PlanningDeeds) -> None:
        self._page = page
        self._deeds = deeds
        self.form: WrongForm | None = None

    def ask_ill(self) -> None:
        """Who is ill; the worker of the chosen visit is proposed."""
        board = self._deeds.board
        if board is not None:
            self._show(ill_form(board, self._worker(), self._deeds.now()), "Sickness", self._ill)

    def ask_late(self) -> None:
        board = self._deeds.board
        if board is not None:
            self._show(late_form(board, self._worker()), "Running late", self._late)

    def ask_again(self) -> None:
        """Another visit to the person of the chosen one."""
        visit = self._page.board.visit
        if visit is None:
            return
        start = self._soon(visit)
        end = min(start + timedelta(hours=2), at_local(visit.day, DAY_ENDS))
        end = max(end, start + timedelta(minutes=15))
        form = again_form(visit, start.astimezone(LONDON).time(), end.astimezone(LONDON).time())
        self._show(form, "A visit now", lambda values: self._again(visit, values))

    # ------------------------------------------------------------------ from the form to a repair

    def _ill(self, values: dict[str, Any]) -> None:
        board = self._board()
        worker = board.worker_by_id[values["worker"]]
        since = values["since"]
        start = at_local(board.day, since.hour, since.minute) if since is not None else at_local(board.day, 0)
        self._deeds.repair(ill(worker, start), f"{worker.name} is ill")

    def _late(self, values: dict[str, Any]) -> None:
        board = self._board()
        worker = board.worker_by_id[values["worker"]]
        now = self._deeds.now() or at_local(board.day, 0)
        happened = running_late(worker.id, board, now, values["minutes"])
        length = wording.length(timedelta(minutes=values["minutes"]))
        self._deeds.repair(happened, f"{worker.name} runs {length} late")

    def _again(self, visit: Visit, values: dict[str, Any]) -> None:
        first, last = (at_local(visit.day, values[n].hour, values[n].minute) for n in ("from", "until"))
        if last <= first:
            raise BadValue("until", "ends_before_it_starts")
        draft = VisitDraft(
            VisitId(new_id()),
            visit.person.id,
            visit.team_id,
            visit.day,
            Window(first, last),
            values["minutes"],
            values["need"],
            visit.workers_needed,
            visit.skills,
            visit.time_critical,
            visit.gender_asked,
            min(visit.priority, 2),
            referral_id=visit.referral_id,
        )
        check_drafts([draft])
        self._deeds.repair(Urgent(draft, visit.person), f"{visit.person.listed}, now")

    # ------------------------------------------------------------------ inside

    def _show(self, form: WrongForm, title: str, act: Any) -> None:
        def asked(values: dict[str, Any]) -> None:
            try:
                act(values)
            except (BadValue, BadValues) as error:
                form.refuse(error)

        form.asked.connect(asked)
        form.left.connect(self._deeds.leave)
        self.form = form
        form.destroyed.connect(lambda: self._forget(form))
        self._page.show_beside(title, form)
        form.begin()

    def _forget(self, form: WrongForm) -> None:
        if self.form is form:
            self.form = None

    def _board(self) -> Board:
        board = self._deeds.board
        assert board is not None
        return board

    def _worker(self) -> WorkerId | None:
        """Whoever has the visit that is chosen."""
        visit, spot = self._page.board.visit, self._page.board.spot
        held = visit.at_slot(spot.slot) if visit is not None and spot is not None else None
        return held.worker_id if held is not None else None

    def _soon(self, visit: Visit) -> datetime:
        """From now on, on whole five minutes; on another day from the window of the visit."""
        now = self._deeds.not_before()
        if now is None:
            return visit.arrive.start
        over = (now - datetime.min.replace(tzinfo=now.tzinfo)) % _ROUND
        return now + _ROUND - over if over else now
