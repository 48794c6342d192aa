"""A whole caseload changes hands, in one transaction: what somebody changed meanwhile stays, and is told row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coordination.errors import BadValue, BadValues
from coordination.intake import moves, rules
from coordination.intake.model import Referral
from coordination.intake.moved import BulkMoved, LeftBehind, Moved, Undo
from coordination.values import ReferralId, UserName

if TYPE_CHECKING:
    from coordination.work import Work

MOST = 1000


def hand_over(work: Work, items: Sequence[tuple[ReferralId, int]], to: Sequence[UserName], reason: str) -> BulkMoved:
    """Each (id, revision seen) to the colleagues in turn; to nobody: back into the queue."""
    words = rules.check_reason("reason", reason)
    if not items:
        raise BadValues((BadValue("items", "missing"),))
    if len(items) > MOST:
        raise BadValues((BadValue("items", "too_many"),))
    for user in to:
        moves.refuse_unknown_colleague(work, "to", user)
    # All are locked before any is moved, in one order: two such hand-overs wait for each other and cannot block.
    there = {found.id: found for found in work.intake.lock_many([id_ for id_, _ in items])}
    moved: list[Moved] = []
    left: list[LeftBehind] = []
    for referral_id, seen in items:
        before = there.get(referral_id)
        if before is None or before.revision != seen or not before.is_open:
            last = work.intake.last_event(referral_id) if before is not None else None
            left.append(LeftBehind(referral_id, before, last))
        else:
            moved.append(_give(work, before, to[len(moved) % len(to)] if to else None, words))
    return BulkMoved(tuple(moved), tuple(left))


def _give(work: Work, before: Referral, to: UserName | None, words: str) -> Moved:
    if before.holder == to:
        return Moved(before, Undo("hand_over", before, before.revision))
    # The same words as last time are a new reason all the same.
    told = words if words != before.state_reason else f"{words} "
    changes: dict[str, Any] = {"state": "claimed", "claimed_by": to, "state_reason": told}
    if to is None:
        changes = {"state": "waiting", "claimed_by": None, "claimed_at": None, "state_reason": told}
    work.intake.move(before.id, before.revision, changes)
    after = replace(before, state="claimed" if to else "waiting", holder=to, revision=before.revision + 1)
    return Moved(after, Undo("hand_over" if to else "release", before, after.revision))


def take_back(work: Work, undo: Sequence[Undo]) -> BulkMoved:
    """All of it that nobody has touched since; the rest is told."""
    there = {found.id: found for found in work.intake.lock_many([each.before.id for each in undo])}
    moved: list[Moved] = []
    left: list[LeftBehind] = []
    for each in undo:
        now = there.get(each.before.id)
        if now is None or now.revision != each.revision:
            last = work.intake.last_event(each.before.id) if now is not None else None
            left.append(LeftBehind(each.before.id, now, last))
        else:
            moved.append(Moved(moves.undo(work, each), each))
    return BulkMoved(tuple(moved), tuple(left))
