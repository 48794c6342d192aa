"""Use cases of safeguarding (E3). Row security decides who sees a concern; the database refuses what must not be."""

from __future__ import annotations

from coordination.errors import Conflict, NotFound, Refused, obstacle
from coordination.safeguarding import rules, steps
from coordination.safeguarding.model import (
    Concern,
    ConcernDetail,
    ConcernDraft,
    ConcernFilter,
    ConcernId,
    ConcernRow,
    DecisionKind,
    LookedInto,
    ToldDraft,
)
from coordination.values import UserName
from coordination.work import Begin


class Safeguarding:
    """Concerns from the first word to the decision."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def raise_concern(self, draft: ConcernDraft) -> Concern:
        """Open its path, with me as its owner. Sending it again raises it once; a referral has one at most, which is
        given back. Raises BadValues (seen_or_said, …), NotFound when this desk may not see it."""
        with self._begin() as work:
            return steps.raise_concern(work, draft)

    def open_concern(self, concern_id: ConcernId) -> ConcernDetail:
        """R4. One concern in full, noted on the audit trail as a view. Raises NotFound."""
        with self._begin() as work:
            detail = work.safeguarding.detail(concern_id)
            if detail is None:
                raise NotFound("safeguarding", str(concern_id))
            work.governance.note("view", "safeguarding_concern", str(concern_id), detail.concern.person_id)
            return detail

    def concerns(self, asked: ConcernFilter | None = None) -> list[ConcernRow]:
        """One query. Undecided: those in danger first, then the oldest."""
        with self._begin() as work:
            return work.safeguarding.rows(asked or ConcernFilter(), work.actor.user_name)

    def undecided(self, localities: frozenset[str] = frozenset()) -> int:
        """How many there are of those that this desk may see, within some localities or in the whole city."""
        with self._begin() as work:
            return work.safeguarding.undecided(localities)

    def decisions(self) -> list[DecisionKind]:
        with self._begin() as work:
            return work.safeguarding.decisions()

    def look_into(self, concern_id: ConcernId, seen: int) -> Concern:
        """It is being looked into. Raises Refused (concern_with_another), IllegalMove, Conflict."""
        with self._begin() as work:
            return steps.step(work, concern_id, seen, "looking", {})

    def not_yet(self, concern_id: ConcernId, seen: int) -> Concern:
        """Take ``look_into`` back."""
        with self._begin() as work:
            return steps.step(work, concern_id, seen, "raised", {})

    def write_down(self, concern_id: ConcernId, seen: int, now: LookedInto) -> Concern:
        """What was found, and danger, safety and consent as they are now. Raises BadValues, Refused
        (concern_is_decided), Conflict."""
        with self._begin() as work:
            checked = rules.check_looked_into(now)
            before = steps.need(work, concern_id)
            if before.is_decided and before.revision == seen:
                raise Refused("safeguarding", (obstacle("concern_is_decided"),))
            changes = {
                "found": checked.found,
                "danger": checked.danger,
                "made_safe": checked.made_safe,
                "consent": checked.consent,
            }
            return steps.move(work, before, seen, changes)

    def hand_over(self, concern_id: ConcernId, seen: int, to_user: UserName, reason: str) -> Concern:
        """Give what I have to a colleague who may have it. Raises BadValues (to_user, reason), Refused, Conflict."""
        with self._begin() as work:
            words = rules.check_reason(reason)
            before = steps.need(work, concern_id)
            if before.revision != seen:
                raise Conflict("safeguarding", str(concern_id), seen, before)
            steps.refuse_of_another(work, before)
            steps.refuse_who_may_not_have_it(work, to_user)
            return steps.move(work, before, seen, {"owner": to_user, "reason": words})

    def take_over(self, concern_id: ConcernId, seen: int, reason: str) -> Concern:
        """Take what a colleague has, saying why. What is mine already stays so. Raises BadValues (reason), Conflict."""
        with self._begin() as work:
            words = rules.check_reason(reason)
            before = steps.need(work, concern_id)
            if before.owner == work.actor.user_name:
                return before
            return steps.move(work, before, seen, {"owner": work.actor.user_name, "reason": words})

    def tell(self, concern_id: ConcernId, told: ToldDraft) -> ConcernDetail:
        """Somebody was told. Only ever added to. Raises BadValues (name, role, how, told_at), NotFound."""
        with self._begin() as work:
            checked = rules.check_told(told, work.now)
            steps.need(work, concern_id)
            work.safeguarding.tell(concern_id, checked)
            detail = work.safeguarding.detail(concern_id)
            if detail is None:
                raise NotFound("safeguarding", str(concern_id))
            return detail

    def decide(self, concern_id: ConcernId, seen: int, decision: str, words: str) -> Concern:
        """The end of the path: a decision, in words, and at least one person told.

        Raises BadValues (decision, decision_words), Refused (nobody_told, concern_with_another), IllegalMove, Conflict.
        """
        with self._begin() as work:
            code, said = rules.check_decision(decision, words, work.safeguarding.decisions())
            if not work.safeguarding.told(concern_id):
                steps.need(work, concern_id)
                raise Refused("safeguarding", (obstacle("nobody_told"),))
            return steps.step(work, concern_id, seen, "decided", {"decision": code, "decision_words": said})

    def reopen(self, concern_id: ConcernId, seen: int, reason: str) -> Concern:
        """It is looked into again; the decision stays in its history. Raises BadValues (reason), Refused, …"""
        with self._begin() as work:
            return steps.step(work, concern_id, seen, "looking", {"reason": rules.check_reason(reason)})
