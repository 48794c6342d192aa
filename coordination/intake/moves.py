"""Moves of a referral, inside a transaction that is already open (E5).

Each is one UPDATE guarded by the revision that the screen saw: of two desks at once, one changes the row and the other
is told who was first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from coordination.errors import AlreadyClaimed, BadValue, BadValues, Conflict, IllegalMove, NotFound
from coordination.intake import rules
from coordination.intake.model import MOVES, OPEN_STATES, Referral
from coordination.intake.moved import Move, Moved, Undo
from coordination.intake.queue import QueueFilter
from coordination.intake.steps import need_contact
from coordination.people.model import Person, Responsibility
from coordination.people.rules import responsible_for
from coordination.values import ReferralId, UserName

if TYPE_CHECKING:
    from coordination.work import Work

LOCALITIES = ("north", "central", "south")


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
        sent_again = before.state == "claimed" and before.revision == seen + 1
        return _moved("claim", _before_claim(before) if sent_again else before, before)
    refuse_held_by_another(work, before)
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
    refuse_held_by_another(work, before)
    _legal(before, "waiting", ("claimed", "accepted"))
    words = rules.check_reason("reason", reason) if reason.strip() else ""
    return _move(work, "release", before, seen, _free(words))


def hand_over(work: Work, referral_id: ReferralId, seen: int, to_user: UserName, reason: str) -> Moved:
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    refuse_held_by_another(work, before)
    refuse_unknown_colleague(work, "to_user", to_user)
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
    refuse_held_by_another(work, before)
    if before.state == "waiting":  # claimed on the way, so that the history tells both
        _guarded(work, before, seen, _held("claimed", work.actor.user_name))
        seen += 1
    else:
        rules.check_move(before, "accepted")
    return _move(work, "accept", before, seen, {"state": "accepted", "state_reason": ""})


def decline(work: Work, referral_id: ReferralId, seen: int, reason: str, next_owner: UserName | None) -> Moved:
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    refuse_held_by_another(work, before)
    rules.check_move(before, "declined")
    owner = next_owner or need_contact(work, before.contact_id).recorded_by
    refuse_unknown_colleague(work, "next_owner", owner)
    changes = {"state": "declined", "claimed_by": owner, "state_reason": words, "closed_at": work.now}
    return _move(work, "decline", before, seen, changes)


def close(work: Work, referral_id: ReferralId, seen: int, reason: str) -> Moved:
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    refuse_held_by_another(work, before)
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
    rules.check_urgency(urgency)
    changes: dict[str, Any] = {
        "urgency": urgency,
        "urgency_reason": words,
        "state_reason": words,
        "service": service,
        **_place(work, before, service),
    }
    return _move(work, "triage", before, seen, changes)


def transfer(work: Work, referral_id: ReferralId, seen: int, service: str, locality: str | None, reason: str) -> Moved:
    """Into the queue of another service or centre, with its clocks. Place follows the service unless it is said."""
    words = rules.check_reason("reason", reason)
    before = need(work, referral_id)
    refuse_held_by_another(work, before)
    _legal(before, "waiting", OPEN_STATES)
    if locality not in (None, *LOCALITIES):
        raise BadValues((BadValue("locality", "not_in_list"),))
    place = _place(work, before, service) if service != before.service else {}
    if locality and locality != place.get("locality", before.locality):
        place = {"locality": locality, "neighbourhood_id": None}
    if service == before.service and place.get("locality", before.locality) == before.locality:
        raise BadValues((BadValue("service", "not_elsewhere"),))
    return _move(work, "transfer", before, seen, {**_free(words), "service": service, **place})


def respond(work: Work, referral_id: ReferralId, seen: int) -> Moved:
    """The first response was made: whoever holds it has accepted it and begun."""
    before = need(work, referral_id)
    refuse_held_by_another(work, before)
    _legal(before, "responded", ("claimed", "accepted"))
    if before.responded_at is not None:
        return _moved("respond", before, before)
    return _move(work, "respond", before, seen, {"state": "accepted", "responded_at": work.now})


def assessed(work: Work, referral_id: ReferralId, seen: int) -> Moved:
    """T1, T2. The person was assessed; one that is signed here says so by itself."""
    before = need(work, referral_id)
    refuse_held_by_another(work, before)
    _legal(before, "assessed", ("claimed", "accepted"))
    if before.assessed_at is not None:
        return _moved("assessed", before, before)
    return _move(work, "assessed", before, seen, {"assessed_at": work.now})


def moft(work: Work, referral_id: ReferralId, seen: int, at: datetime | None) -> Moved:
    """T2. Medically optimised since ``at``, told now; None: no longer. Anybody takes the notice, whoever holds it."""
    before = need(work, referral_id)
    _legal(before, "moft", OPEN_STATES)
    if at is not None and at > work.now + timedelta(minutes=10):
        raise BadValues((BadValue("moft_at", "in_the_future"),))
    if at == before.moft_at:
        return _moved("moft", before, before)
    return _move(work, "moft", before, seen, {"moft_at": at})


def undo(work: Work, undo: Undo) -> Referral:
    """Back to what it was, by legal moves; the history keeps both ways."""
    now = work.intake.lock(undo.before.id)
    if now is None:
        raise NotFound("intake", str(undo.before.id))
    if now.revision != undo.revision:
        raise Conflict("intake", str(now.id), undo.revision, now)
    if undo.revision == undo.before.revision:  # the move had changed nothing
        return now
    work.intake.taking_back()
    if undo.thing is not None:
        work.intake.take_back(undo.move, undo.thing)
        return need(work, now.id)
    seen = undo.revision
    for changes in _way_back(now, undo.before, undo.move):
        _guarded(work, now, seen, changes)
        seen += 1
    return need(work, now.id)


def _way_back(now: Referral, before: Referral, move: Move) -> list[dict[str, Any]]:
    """The fewest legal moves: straight back into the hand that it came from, or through the queue."""
    last: dict[str, Any] = {
        "state": before.state,
        "claimed_by": before.holder,
        "closed_at": before.closed_at,
        "state_reason": before.state_reason,
        "service": before.service,
        "urgency": before.urgency,
        "urgency_reason": before.urgency_reason,
        "locality": before.locality,
        "neighbourhood_id": before.neighbourhood_id,
    }
    if before.holder is None:
        last["claimed_at"] = None
    if move in ("respond", "assessed", "moft"):
        last |= {"responded_at": before.responded_at, "assessed_at": before.assessed_at, "moft_at": before.moft_at}
    if before.state == now.state or before.state in MOVES[now.state]:
        return [last]
    ways = [_free("")] if now.state != "waiting" else []
    if before.state == "accepted":
        ways.append(_held("claimed", before.holder))
    return [*ways, last]


def _place(work: Work, referral: Referral, service: str) -> dict[str, Any]:
    """Where another service belongs (P2); nothing changes while nobody knows the person."""
    return place_of(work, service, work.people.get(referral.person_id) if referral.person_id else None)


def place_of(work: Work, service: str, person: Person | None) -> dict[str, Any]:
    """P2. Locality and neighbourhood of a referral of that person to that service; empty where nobody can say.

    Raises BadValues for a service that there is not.
    """
    kinds = {kind.code: kind for kind in work.intake.services()}
    if service not in kinds:
        raise BadValues((BadValue("service", "not_in_list"),))
    who = person.responsibility if person else Responsibility(None, None)
    place = responsible_for(kinds[service].side, who)
    return {"locality": place.locality, "neighbourhood_id": place.neighbourhood_id} if place else {}


def _held(state: str, holder: UserName | None) -> dict[str, Any]:
    return {"state": state, "claimed_by": holder, "state_reason": ""}


def _before_claim(claimed: Referral) -> Referral:
    """What a claim that was sent twice was made of: the second answer can be taken back like the first."""
    return replace(
        claimed, state="waiting", holder=None, holder_name="", claimed_at=None, revision=claimed.revision - 1
    )


def _free(reason: str) -> dict[str, Any]:
    return {"state": "waiting", "claimed_by": None, "claimed_at": None, "closed_at": None, "state_reason": reason}


def _legal(referral: Referral, wanted: str, starts: tuple[str, ...]) -> None:
    if referral.state not in starts:
        raise IllegalMove("intake", referral.state, wanted)


def refuse_held_by_another(work: Work, referral: Referral) -> None:
    if not referral.is_open or referral.holder is None or referral.holder == work.actor.user_name:
        return
    assert referral.claimed_at is not None
    raise AlreadyClaimed(
        str(referral.id), referral.holder, referral.holder_name or str(referral.holder), referral.claimed_at
    )


def refuse_unknown_colleague(work: Work, field: str, user: UserName) -> None:
    if all(account.user_name != user for account in work.governance.accounts()):
        raise BadValues((BadValue(field, "unknown_colleague"),))


def _move(work: Work, move: Move, before: Referral, seen: int, changes: Mapping[str, Any]) -> Moved:
    if changes.get("state_reason") and changes["state_reason"] == before.state_reason:
        # The same words as last time are a new reason all the same; the database wants to see a change.
        _guarded(work, before, seen, {"state_reason": ""})
        seen += 1
    _guarded(work, before, seen, changes)
    return _moved(move, before, need(work, before.id))


def _moved(move: Move, before: Referral, after: Referral) -> Moved:
    return Moved(after, Undo(move, before, after.revision))


def _guarded(work: Work, before: Referral, seen: int, changes: Mapping[str, Any]) -> None:
    """The UPDATE that only one of two desks wins. The loser learns who has it (E5), or what it is now."""
    if work.intake.move(before.id, seen, changes):
        return
    current = need(work, before.id)
    refuse_held_by_another(work, current)
    raise Conflict("intake", str(before.id), seen, current)
