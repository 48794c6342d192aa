"""Whose a contact and its referrals are, said later than they were taken; inside a transaction that is already open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coordination.errors import Conflict, NotFound
from coordination.intake import moves, rules
from coordination.intake.model import Referral
from coordination.intake.moved import Moved, Undo
from coordination.people import steps as people
from coordination.people.model import Person
from coordination.values import PersonId, ReferralId

if TYPE_CHECKING:
    from coordination.work import Work


def say(work: Work, referral_id: ReferralId, seen: int, person_id: PersonId, reason: str) -> Moved:
    """See ``Intake.say_whose``."""
    words = rules.check_reason("reason", reason)
    person = people.need(work, person_id)
    first, sisters = _locked(work, moves.need(work, referral_id))
    if first.person_id == person.id:
        return Moved(first, Undo("say_whose", first, first.revision))
    if first.revision != seen or first.person_id is not None:
        raise Conflict("intake", str(first.id), seen, first)
    told = work.intake.say_whose(first.contact_id, None, person.id)
    also = tuple(Undo("say_whose", each, know(work, each, person, words).revision) for each in sisters)
    after = know(work, first, person, words)
    return Moved(after, Undo("say_whose", first, after.revision, first.contact_id if told else None, also))


def unsay(work: Work, undo: Undo, reason: str) -> Referral:
    """See ``Intake.unsay_whose``."""
    every = (undo, *undo.also)
    now = {each.id: each for each in work.intake.lock_many([each.before.id for each in every])}
    for each in every:
        current = now.get(each.before.id)
        if current is None:
            raise NotFound("intake", str(each.before.id))
        if current.revision != each.revision:
            raise Conflict("intake", str(current.id), each.revision, current)
    if undo.revision == undo.before.revision:  # it had been said already
        return now[undo.before.id]
    for each in every:
        before = each.before
        place = {"locality": before.locality, "neighbourhood_id": before.neighbourhood_id}
        said = reason.strip() or before.state_reason
        _change(work, now[before.id], {"person_id": None, **place, "state_reason": said})
    if undo.thing is not None:
        work.intake.say_whose(undo.before.contact_id, now[undo.before.id].person_id, None)
    return moves.need(work, undo.before.id)


def know(work: Work, referral: Referral, person: Person, reason: str = "") -> Referral:
    """P2. Now that it is known whom it is about, it is known who is responsible too. Raises Conflict.

    ``reason`` goes into its history; without one the history tells only of another place.
    """
    changes: dict[str, Any] = {"person_id": person.id, **moves.place_of(work, referral.service, person)}
    _change(work, referral, changes | ({"state_reason": reason} if reason else {}))
    return moves.need(work, referral.id)


def _locked(work: Work, asked: Referral) -> tuple[Referral, list[Referral]]:
    """It as it is now, and the others of its contact that are about nobody yet; nobody else changes them meanwhile."""
    of_contact = [each.id for each in work.intake.referrals_of_contact(asked.contact_id)]
    locked = work.intake.lock_many(of_contact)
    others = [each for each in locked if each.id != asked.id and each.person_id is None]
    return next((each for each in locked if each.id == asked.id), asked), others


def _change(work: Work, referral: Referral, changes: dict[str, Any]) -> None:
    seen = referral.revision
    if changes.get("state_reason") and changes["state_reason"] == referral.state_reason:
        # The same words as last time are a new reason all the same; the database wants to see a change.
        _guarded(work, referral, seen, {"state_reason": ""})
        seen += 1
    _guarded(work, referral, seen, changes)


def _guarded(work: Work, referral: Referral, seen: int, changes: dict[str, Any]) -> None:
    if not work.intake.move(referral.id, seen, changes):
        raise Conflict("intake", str(referral.id), seen, work.intake.referral(referral.id))
