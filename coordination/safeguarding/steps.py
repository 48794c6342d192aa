"""Steps of safeguarding inside a transaction that is already open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from coordination.errors import BadValue, BadValues, Conflict, NotFound, Refused, obstacle
from coordination.safeguarding import rules
from coordination.safeguarding.model import OWNERS, Concern, ConcernDraft, ConcernFacts, ConcernId, Stage
from coordination.values import ContactId, ReferralId, UserName

if TYPE_CHECKING:
    from coordination.work import Work


def need(work: Work, concern_id: ConcernId) -> Concern:
    concern = work.safeguarding.get(concern_id)
    if concern is None:
        raise NotFound("safeguarding", str(concern_id))
    return concern


def raise_concern(work: Work, draft: ConcernDraft) -> Concern:
    """E3. Opened with the one who raises it as its owner. One a referral: raised again, it is the one there is."""
    checked = rules.check_draft(draft)
    work.safeguarding.insert(checked, work.actor.user_name)
    found = work.safeguarding.of_referral(draft.referral_id) if draft.referral_id else work.safeguarding.get(draft.id)
    if found is None:
        raise NotFound("safeguarding", str(draft.id))
    return found


def raise_about_referral(work: Work, concern_id: ConcernId, referral_id: ReferralId, facts: ConcernFacts) -> None:
    """The concern of a referral that is being made in this transaction; ``facts`` are checked already."""
    work.safeguarding.insert(ConcernDraft(concern_id, facts, referral_id), work.actor.user_name)


def raise_about_contact(work: Work, concern_id: ConcernId, contact_id: ContactId, facts: ConcernFacts) -> None:
    """The concern of a contact that is being taken in this transaction and makes no referral; ``facts`` as above."""
    work.safeguarding.insert(ConcernDraft(concern_id, facts, contact_id=contact_id), work.actor.user_name)


def move(work: Work, before: Concern, seen: int, changes: Mapping[str, Any]) -> Concern:
    """The UPDATE that only one of two desks wins. The loser learns what it is now."""
    if not work.safeguarding.change(before.id, seen, changes):
        raise Conflict("safeguarding", str(before.id), seen, need(work, before.id))
    return need(work, before.id)


def step(work: Work, concern_id: ConcernId, seen: int, wanted: Stage, changes: Mapping[str, Any]) -> Concern:
    """A move along the path by its owner. Raises IllegalMove, Refused (concern_with_another), Conflict."""
    before = need(work, concern_id)
    if before.revision != seen:
        raise Conflict("safeguarding", str(concern_id), seen, before)
    refuse_of_another(work, before)
    rules.check_move(before, wanted)
    return move(work, before, seen, {"stage": wanted, "reason": "", **changes})


def refuse_of_another(work: Work, concern: Concern) -> None:
    if concern.owner != work.actor.user_name:
        raise Refused("safeguarding", (obstacle("concern_with_another", owner=concern.owner_name),))


def refuse_who_may_not_have_it(work: Work, user: UserName) -> None:
    """Raises BadValues(to_user)."""
    if all(a.user_name != user or a.role not in OWNERS for a in work.governance.accounts()):
        raise BadValues((BadValue("to_user", "unknown_colleague" if user else "missing"),))
