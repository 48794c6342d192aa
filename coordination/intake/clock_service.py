"""Use cases about deadlines, work that goes elsewhere, and whole caseloads; one method each, part of ``Intake``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from coordination.intake import bulk, clock_moves, moves
from coordination.intake.clocks import Clocks, PauseId, RequestId, Until
from coordination.intake.model import ReferralEvent
from coordination.intake.moved import BulkMoved, Moved, Undo
from coordination.intake.queue import QueueFilter, ReferralRow
from coordination.values import ReferralId, UserName

if TYPE_CHECKING:
    from coordination.work import Begin


class ClockCases:
    """Every move takes the revision that the screen *saw*."""

    _begin: Begin

    def transfer(self, referral_id: ReferralId, seen: int, service: str, locality: str | None, reason: str) -> Moved:
        """Into the queue of another service or centre, with its clocks. ``locality`` None: where that service is for
        the person (P2). Raises BadValues (service, locality, reason), AlreadyClaimed, Conflict, …"""
        with self._begin() as work:
            return moves.transfer(work, referral_id, seen, service, locality, reason)

    def respond(self, referral_id: ReferralId, seen: int) -> Moved:
        """E3. The first response was made: the response is met, by the server's clock. Raises AlreadyClaimed, …"""
        with self._begin() as work:
            return moves.respond(work, referral_id, seen)

    def assessed(self, referral_id: ReferralId, seen: int) -> Moved:
        """T1, T2. The person was assessed. Signing an assessment here says so by itself."""
        with self._begin() as work:
            return moves.assessed(work, referral_id, seen)

    def moft(self, referral_id: ReferralId, seen: int, at: datetime | None) -> Moved:
        """T2. Notice that the person is medically optimised since ``at``: four hours run from now. None: no longer."""
        with self._begin() as work:
            return moves.moft(work, referral_id, seen, at)

    # ---------------------------------------------------------------- clocks

    def clocks(self, referral_id: ReferralId) -> Clocks:
        """Every deadline, what it is paused for, and what was asked. Raises NotFound."""
        with self._begin() as work:
            moves.need(work, referral_id)
            return work.intake.clocks(referral_id)

    def pause(
        self, referral_id: ReferralId, seen: int, pause_id: PauseId, reason: str, words: str = "",
        until: Until = None,
    ) -> Moved:  # fmt: skip
        """Clocks stand still for a named reason, until ``until`` or as long as the reason says; then they run on by
        themselves. The same id twice is one pause. Raises BadValues, Refused('pause'), AlreadyClaimed, Conflict, …"""
        with self._begin() as work:
            return clock_moves.pause(work, referral_id, seen, pause_id, reason, words, until)

    def resume(self, referral_id: ReferralId, seen: int) -> Moved:
        """The clocks run on. Raises Refused('resume') when nothing is paused, AlreadyClaimed, Conflict, …"""
        with self._begin() as work:
            return clock_moves.resume(work, referral_id, seen)

    def ask(
        self, referral_id: ReferralId, seen: int, request_id: RequestId, ask_of: str, named: str, question: str,
        reply_by: Until = None,
    ) -> Moved:  # fmt: skip
        """More information is asked for; the clocks that may stand still until ``reply_by``. The same id twice is one
        request. Raises BadValues (ask_of, named, question, reply_by), Refused('ask'), AlreadyClaimed, Conflict, …"""
        with self._begin() as work:
            return clock_moves.ask(work, referral_id, seen, request_id, ask_of, named, question, reply_by)

    def answer(self, referral_id: ReferralId, seen: int, words: str) -> Moved:
        """The information came, in words; the clocks run on. Raises BadValues (answer), Refused('answer'), …"""
        with self._begin() as work:
            return clock_moves.answer(work, referral_id, seen, words)

    def stop_asking(self, referral_id: ReferralId, seen: int) -> Moved:
        """It is needed no longer; the clocks run on. Raises Refused('stop_asking'), …"""
        with self._begin() as work:
            return clock_moves.stop_asking(work, referral_id, seen)

    # ---------------------------------------------------------------- a whole caseload

    def caseload(self, user: UserName) -> tuple[ReferralRow, ...]:
        """All open referrals that somebody holds, first due first."""
        with self._begin() as work:
            asked = QueueFilter(holders=frozenset({user}), limit=bulk.MOST)
            return work.intake.queue(asked, work.actor.user_name).rows

    def hand_over_many(self, items: Sequence[tuple[ReferralId, int]], to: Sequence[UserName], reason: str) -> BulkMoved:
        """Referrals (id, revision seen) to one colleague, to several in turn, or (``to`` empty) back into the queue.
        One transaction; one that somebody changed meanwhile is left and told. Raises BadValues (items, to, reason)."""
        with self._begin() as work:
            return bulk.hand_over(work, items, to, reason)

    def undo_many(self, undo: Sequence[Undo]) -> BulkMoved:
        """Take a bulk hand-over back, except what somebody has touched since; that is told."""
        with self._begin() as work:
            return bulk.take_back(work, undo)

    def last_change(self, referral_id: ReferralId) -> ReferralEvent | None:
        """Who did what last, for a form that was opened before it."""
        with self._begin() as work:
            return work.intake.last_event(referral_id)

    def changes(self, referral_id: ReferralId) -> tuple[ReferralEvent, ...]:
        """Its history, the oldest first: for a form that was opened before some of it."""
        with self._begin() as work:
            return work.intake.events(referral_id)
