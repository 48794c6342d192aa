"""Steps of a handover, inside a transaction that is already open.

A handover is locked before its referrals, and those in the order of their ids, so that two who accept, or one who
accepts and one who withdraws, wait for each other and never block each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

from coordination.duty import rules
from coordination.duty.model import (
    Answered,
    Handover,
    HandoverDraft,
    HandoverItem,
    HandoverSheet,
    ItemDraft,
    Wanted,
)
from coordination.duty.store import Held
from coordination.errors import (
    BadValue,
    BadValues,
    Conflict,
    NotFound,
    Refused,
    obstacle,
)
from coordination.intake import moves
from coordination.safeguarding import steps
from coordination.safeguarding.model import ConcernId
from coordination.values import ReferralId, UserName

if TYPE_CHECKING:
    from coordination.work import Work

REASON = "Shift handover"  # what the referral's own history says, before the line that was written to it
SETTLING = "declined"


def sheet(work: Work, handover_id: UUID) -> HandoverSheet:
    found = work.duty.handover(handover_id)
    if found is None:
        raise NotFound("duty", str(handover_id))
    return HandoverSheet(found, tuple(work.duty.items(handover_id)))


# ---------------------------------------------------------------- signing


def sign(work: Work, draft: HandoverDraft) -> HandoverSheet:
    """See Duty.sign."""
    draft = rules.check_draft(draft, work.actor.user_name)
    leaver = draft.from_user or work.actor.user_name
    if work.duty.handover(draft.id) is not None:  # sent again
        return sheet(work, draft.id)
    if draft.to_user is not None and all(a.user_name != draft.to_user for a in work.governance.accounts()):
        raise BadValues((BadValue("to_user", "unknown_colleague"),))
    shift = work.duty.open_shift(leaver)
    _refuse_changed(work, draft, leaver)
    draft = replace(draft, items=tuple(_released(work, item, leaver) for item in draft.items))
    work.duty.insert_handover(draft, leaver, shift.id if shift else None)
    work.duty.insert_items(draft)
    if not any(item.choice == "next" for item in draft.items) and not draft.note:
        work.duty.settle(draft.id, "settled")  # nothing that anybody would have to accept or read
    return sheet(work, draft.id)


def _refuse_changed(work: Work, draft: HandoverDraft, leaver: UserName) -> None:
    """Lock the referrals. What is no longer as the screen showed it stops the signature: it covers what was read."""
    held = _locked(work, draft.items)
    for item in draft.items:
        if item.kind not in ("referral", "concern"):
            continue
        now = held.get(item.subject)
        if now is None:
            raise NotFound("duty", str(item.subject))
        if now.holder != leaver:
            raise Refused("sign_handover", (obstacle("not_held"),))
        if now.revision != item.seen:
            raise Conflict("duty", str(item.subject), item.seen, now)


def _released(work: Work, item: ItemDraft, leaver: UserName) -> ItemDraft:
    """What goes back to the queue goes now; out of a colleague's hands through one's own, with the reason."""
    if item.choice != "queue":
        return item
    referral, seen, reason = ReferralId(item.subject), item.seen, item.line or REASON
    if leaver != work.actor.user_name:
        seen = moves.take_over(work, referral, seen, reason).referral.revision
    return replace(item, seen=moves.release(work, referral, seen, reason).referral.revision)


# ---------------------------------------------------------------- answering


def accept(work: Work, handover_id: UUID, wanted: tuple[Wanted, ...]) -> Answered:
    """See Duty.accept."""
    whole = _open(work, handover_id, "accept_handover")
    if whole.from_user == work.actor.user_name:
        raise Refused("accept_handover", (obstacle("own_handover"),))
    items = {item.id: item for item in work.duty.items(handover_id)}
    asked = [(items[w.item], w.seen) for w in wanted if w.item in items and items[w.item].state == "offered"]
    held = _locked(work, [item for item, _ in asked])
    fates = {item.id: _take(work, whole, item, seen, held.get(item.subject)) for item, seen in asked}
    accepted, changed, gone = (_with(fates, fate) for fate in ("accepted", "changed", "gone"))
    work.duty.answer(accepted, "accepted")
    work.duty.answer(gone, "gone")
    _settle_if_done(work, handover_id)
    return Answered(sheet(work, handover_id), accepted, changed, gone)


def _with(fates: Mapping[UUID, str], fate: str) -> tuple[UUID, ...]:
    return tuple(item for item, its in fates.items() if its == fate)


def _take(work: Work, whole: Handover, item: HandoverItem, seen: int, now: Held | None) -> str:
    """Make one item mine: ``accepted``; or ``changed`` since the screen saw it, or ``gone`` to somebody else."""
    if item.kind == "concern":
        return _take_concern(work, whole, item, seen, now)
    if item.kind != "referral":  # the accepted item itself says who looks after it from now on
        if item.now is None:
            return "gone"
        return "accepted" if item.now.revision == seen else "changed"
    if now is None or now.holder != whole.from_user or now.state not in (*rules.QUEUE_STATES, SETTLING):
        return "gone"
    if now.revision != seen:
        return "changed"
    reason = _reason(item.line)
    referral = ReferralId(item.subject)
    if now.state != SETTLING:
        moves.take_over(work, referral, seen, reason)
    elif not _settled_by(work, referral, now, work.actor.user_name, reason):
        return "changed"
    return "accepted"


def _take_concern(work: Work, whole: Handover, item: HandoverItem, seen: int, now: Held | None) -> str:
    if now is None or now.holder != whole.from_user or now.state == "decided":
        return "gone"
    if now.revision != seen:
        return "changed"
    concern = steps.need(work, ConcernId(item.subject))
    steps.move(work, concern, seen, {"owner": work.actor.user_name, "reason": _reason(item.line)})
    return "accepted"


def _reason(line: str) -> str:
    return f"{REASON}: {line}" if line else REASON


def _locked(work: Work, items: Sequence[HandoverItem | ItemDraft]) -> dict[UUID, Held]:
    """Referrals, then concerns, each in the order of their ids."""
    held = work.duty.lock_referrals([item.subject for item in items if item.kind == "referral"])
    return held | work.duty.lock_concerns([item.subject for item in items if item.kind == "concern"])


def _settled_by(work: Work, referral: ReferralId, now: Held, user: UserName, reason: str) -> bool:
    """A declined referral keeps its state and the words of the decline; another settles it next."""
    words = f"{now.state_reason} ({reason})"
    if words == now.state_reason or len(words) > 4_000:
        words = reason
    return work.intake.move(referral, now.revision, {"claimed_by": user, "state_reason": words})


def return_item(work: Work, handover_id: UUID, item_id: UUID, reason: str) -> HandoverSheet:
    """See Duty.return_item."""
    words = rules.check_reason("reason", reason)
    whole = _open(work, handover_id, "return_item")
    if whole.from_user == work.actor.user_name:
        raise Refused("return_item", (obstacle("own_handover"),))
    item = next((i for i in work.duty.items(handover_id) if i.id == item_id), None)
    if item is None:
        raise NotFound("duty", str(item_id))
    if item.state != "offered":
        raise Refused("return_item", (obstacle("item_answered", by=item.settled_by_name or ""),))
    work.duty.answer([item_id], "returned", words)
    _settle_if_done(work, handover_id)
    return sheet(work, handover_id)


def withdraw(work: Work, handover_id: UUID) -> HandoverSheet:
    """See Duty.withdraw."""
    _open(work, handover_id, "withdraw_handover")
    waiting = [i.id for i in work.duty.items(handover_id) if i.state == "offered"]
    work.duty.answer(waiting, "withdrawn")
    work.duty.settle(handover_id, "withdrawn")
    return sheet(work, handover_id)


def hand_back(work: Work, handover_id: UUID, items: tuple[UUID, ...], reason: str) -> HandoverSheet:
    """See Duty.hand_back."""
    words = rules.check_reason("reason", reason)
    whole = work.duty.lock_handover(handover_id)
    if whole is None:
        raise NotFound("duty", str(handover_id))
    me = work.actor.user_name
    mine = [i for i in work.duty.items(handover_id) if i.id in items and i.state == "accepted" and i.settled_by == me]
    held = _locked(work, mine)
    owned = ("referral", "concern")
    given = [i.id for i in mine if i.kind not in owned or _give_back(work, whole, i, held.get(i.subject), words)]
    if not given:
        raise Refused("hand_back", (obstacle("not_held"),))
    work.duty.answer(given, "returned", words)
    return sheet(work, handover_id)


def _give_back(work: Work, whole: Handover, item: HandoverItem, now: Held | None, words: str) -> bool:
    if now is None or now.holder != work.actor.user_name:
        return False
    if item.kind == "concern":
        if now.state == "decided":
            return False
        concern = steps.need(work, ConcernId(item.subject))
        steps.move(work, concern, now.revision, {"owner": whole.from_user, "reason": words})
        return True
    if now.state not in (*rules.QUEUE_STATES, SETTLING):
        return False
    referral = ReferralId(item.subject)
    if now.state == SETTLING:
        return _settled_by(work, referral, now, whole.from_user, words)
    moves.hand_over(work, referral, now.revision, whole.from_user, words)
    return True


def _open(work: Work, handover_id: UUID, action: str) -> Handover:
    """The handover, locked, while there is something to answer."""
    whole = work.duty.lock_handover(handover_id)
    if whole is None:
        raise NotFound("duty", str(handover_id))
    if whole.state != "offered":
        _over(whole, action)
    return whole


def _over(whole: Handover, action: str) -> NoReturn:
    facts = {"by": whole.settled_by_name or "", "at": whole.settled_at}
    raise Refused(action, (obstacle(f"handover_{whole.state}", **facts),))


def _settle_if_done(work: Work, handover_id: UUID) -> None:
    """An answer to the last item settles the whole."""
    if work.duty.waiting(handover_id) == 0:
        work.duty.settle(handover_id, "settled")
