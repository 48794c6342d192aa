"""Moves of a referral, inside a transaction that is already open (E5).

Each is one UPDATE guarded by the revision that the screen saw: of two desks at once, one changes the row and the other
is told who was first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coordination.errors import AlreadyClaimed, BadValue, BadValues, Conflict, IllegalMove, NotFound
from coordination.intake import rules
from coordination.intake.model import Moved, QueueFilter, Referral, Undo
from coordination.intake.steps import need_contact
from coordination.people.model import Responsibility
from coordination.people.rules import responsible_for
from coordination.values import ReferralId, UserName

if TYPE_CHECKING:
    from coordination.work import Work


def within(asked: QueueFilter, localities: frozenset[str]) -> QueueFilter:
    """The same filter, in those localities only."""
    return replace(asked, localities=localities)


def need(work: Work, referral_id: ReferralId) -> Referral:
    referral = work.intake.referral(referral_id)
    if referral is None:
        raise NotFound("intake", str(referral_id))
    return referral


def claim(work: Work, referral_id: ReferralId, seen: int) -> Moved:
    before = need(work, referral_id)
    if before.holder == work.actor.user_name and before.is_open:
        return _moved("claim", before, before)
    _refuse_held_by_another(work, before)
    if before.state == "accepted" or not before.is_open:
        raise IllegalMove("intake", before.state, "claimed")
    return _move(work, "claim", before, seen, _held("claimed", work.actor.user_name))


def claim_next(work: Work, asked: QueueFilter) -> Moved | None:
    first = work.intake.lock_next(replace(asked, states=frozenset({"waiting"}), holder="nobody"), work.actor.user_name)
    if first is None:
        return None
    return _move(work, "claim", first, first.revision, _held("claimed", work.actor.user_name))


def release(work: Work, referral_id: ReferralId, seen: int, reason: str) -> Moved:
    before = need(work, referral_id)
    _refuse_held_by_another(work, before)
    _legal(before, "waiting", ("claimed", "accepted"))
    words = rules.check_reason("reason", reason) if reason.strip() else ""
    return _move(work, "release", before, seen, _free(words))


def hand_over(work: Work, referral_id: ReferralId, seen: int, to_user: UserName, reason: str) -> Moved:
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    _refuse_held_by_another(work, before)
    _refuse_unknown_colleague(work, "to_user", to_user)
    _legal(before, "claimed", ("waiting", "claimed", "accepted"))
    return _move(work, "hand_over", before, seen, {**_held("claimed", to_user), "state_reason": words})


def take_over(work: Work, referral_id: ReferralId, seen: int, reason: str) -> Moved:
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    _legal(before, "claimed", ("claimed", "accepted"))
    if before.holder == work.actor.user_name:
        return _moved("take_over", before, before)
    return _move(work, "take_over", before, seen, {**_held(before.state, work.actor.user_name), "state_reason": words})


def accept(work: Work, referral_id: ReferralId, seen: int) -> Moved:
    before = need(work, referral_id)
    _refuse_held_by_another(work, before)
    if before.state == "waiting":  # claimed on the way, so that the history tells both
        _guarded(work, before, seen, _held("claimed", work.actor.user_name))
        seen += 1
    else:
        rules.check_move(before, "accepted")
    return _move(work, "accept", before, seen, {"state": "accepted", "state_reason": ""})


def decline(work: Work, referral_id: ReferralId, seen: int, reason: str, next_owner: UserName | None) -> Moved:
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    _refuse_held_by_another(work, before)
    rules.check_move(before, "declined")
    owner = next_owner or need_contact(work, before.contact_id).recorded_by
    _refuse_unknown_colleague(work, "next_owner", owner)
    changes = {"state": "declined", "claimed_by": owner, "state_reason": words, "closed_at": work.now}
    return _move(work, "decline", before, seen, changes)


def close(work: Work, referral_id: ReferralId, seen: int, reason: str) -> Moved:
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    _refuse_held_by_another(work, before)
    rules.check_move(before, "closed")
    return _move(work, "close", before, seen, {"state": "closed", "state_reason": words, "closed_at": work.now})


def reopen(work: Work, referral_id: ReferralId, seen: int, reason: str) -> Moved:
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    _legal(before, "waiting", ("declined", "closed"))
    return _move(work, "reopen", before, seen, _free(words))


def triage(work: Work, referral_id: ReferralId, seen: int, service: str, urgency: str, reason: str) -> Moved:
    words = rules.check_reason("urgency_reason", reason)
    before = need(work, referral_id)
    if not before.is_open:
        raise IllegalMove("intake", before.state, "triage")
    due = rules.due_at(urgency, before.received_at)
    changes: dict[str, Any] = {
        "urgency": urgency,
        "urgency_reason": words,
        "state_reason": words,
        "due_at": due,
        "service": service,
        **_place(work, before, service),
    }
    return _move(work, "triage", before, seen, changes)


def undo(work: Work, undo: Undo) -> Referral:
    """Back to what it was, by legal moves; the history keeps both ways."""
    now, before = need(work, undo.before.id), undo.before
    if now.revision != undo.revision:
        raise Conflict("intake", str(now.id), undo.revision, now)
    if undo.revision == before.revision:  # the move had changed nothing
        return now
    for changes in _given_back(before) if undo.move == "take_over" else _way_back(now, before):
        _guarded(work, before, now.revision, changes)
        now = need(work, before.id)
    return now


def _given_back(before: Referral) -> list[dict[str, Any]]:
    """What I took over goes back from my hand: nobody claims in another's name, so not through the queue."""
    return [{"state": before.state, "claimed_by": before.holder, "state_reason": before.state_reason}]


def _way_back(now: Referral, before: Referral) -> list[dict[str, Any]]:
    same = {"state_reason": before.state_reason}
    if now.state == before.state and now.holder == before.holder:  # a triage
        return [
            {
                "service": before.service,
                "urgency": before.urgency,
                "urgency_reason": before.urgency_reason,
                "due_at": before.due_at,
                "locality": before.locality,
                "neighbourhood_id": before.neighbourhood_id,
                **same,
            }
        ]
    if before.state == "waiting":
        return [_free("")]
    ways: list[dict[str, Any]] = []
    if now.state in ("declined", "closed") or now.holder != before.holder:
        ways.append(_free(""))  # through the queue: so a holder changes without a reason of its own
    if before.state in ("claimed", "accepted"):
        if ways or now.state == "waiting":
            ways.append({"state": "claimed", "claimed_by": before.holder, "state_reason": "", "closed_at": None})
        if before.state == "accepted":
            ways.append({"state": "accepted", **same})
        elif not ways:
            ways.append({"state": "claimed", **same})
    else:
        ways.append(
            {
                "state": before.state,
                "claimed_by": before.holder,
                "claimed_at": before.claimed_at,
                "closed_at": before.closed_at,
                **same,
            }
        )
    return ways


def _place(work: Work, referral: Referral, service: str) -> dict[str, Any]:
    """Where another service belongs (P2); nothing changes while nobody knows the person."""
    kinds = {kind.code: kind for kind in work.intake.services()}
    if service not in kinds:
        raise BadValues((BadValue("service", "not_in_list"),))
    person = work.people.get(referral.person_id) if referral.person_id else None
    who = person.responsibility if person else Responsibility(None, None)
    place = responsible_for(kinds[service].side, who)
    return {"locality": place.locality, "neighbourhood_id": place.neighbourhood_id} if place else {}


def _held(state: str, holder: UserName) -> dict[str, Any]:
    return {"state": state, "claimed_by": holder, "state_reason": ""}


def _free(reason: str) -> dict[str, Any]:
    return {"state": "waiting", "claimed_by": None, "claimed_at": None, "closed_at": None, "state_reason": reason}


def _legal(referral: Referral, wanted: str, starts: tuple[str, ...]) -> None:
    if referral.state not in starts:
        raise IllegalMove("intake", referral.state, wanted)


def _refuse_held_by_another(work: Work, referral: Referral) -> None:
    if not referral.is_open or referral.holder is None or referral.holder == work.actor.user_name:
        return
    assert referral.claimed_at is not None
    raise AlreadyClaimed(
        str(referral.id), referral.holder, referral.holder_name or str(referral.holder), referral.claimed_at
    )


def _refuse_unknown_colleague(work: Work, field: str, user: UserName) -> None:
    if all(account.user_name != user for account in work.governance.accounts()):
        raise BadValues((BadValue(field, "unknown_colleague"),))


def _move(work: Work, move: Any, before: Referral, seen: int, changes: Mapping[str, Any]) -> Moved:
    if changes.get("state_reason") and changes["state_reason"] == before.state_reason:
        # The same words as last time are a new reason all the same; the database wants to see a change.
        _guarded(work, before, seen, {"state_reason": ""})
        seen += 1
    _guarded(work, before, seen, changes)
    return _moved(move, before, need(work, before.id))


def _moved(move: Any, before: Referral, after: Referral) -> Moved:
    return Moved(after, Undo(move, before, after.revision))


def _guarded(work: Work, before: Referral, seen: int, changes: Mapping[str, Any]) -> None:
    """The UPDATE that only one of two desks wins. The loser learns who has it (E5), or what it is now."""
    if work.intake.move(before.id, seen, changes):
        return
    current = need(work, before.id)
    _refuse_held_by_another(work, current)
    raise Conflict("intake", str(before.id), seen, current)
