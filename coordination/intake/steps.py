"""Steps that use cases of several areas share: each works inside a transaction that is already open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coordination.errors import BadValue, BadValues, Conflict, IllegalMove, NotFound
from coordination.intake import rules
from coordination.intake.model import (
    Advice,
    Contact,
    ContactDraft,
    EndedContact,
    Ending,
    EndingKind,
    Link,
    NoAction,
    Refer,
    ReferralDraft,
)
from coordination.intake.store import ContactRow, NewReferral
from coordination.people.callers.steps import keep_professional
from coordination.people.model import Responsibility
from coordination.people.responsibility import whose
from coordination.people.rules import responsible_for
from coordination.safeguarding.model import ConcernFacts, ConcernId
from coordination.safeguarding.steps import raise_about_contact, raise_about_referral
from coordination.values import ContactId, ReferralId, UserName, new_id

if TYPE_CHECKING:
    from coordination.work import Work


def record_contact(work: Work, draft: ContactDraft, contact_id: ContactId) -> Contact:
    """See ``Intake.record_contact``."""
    kept = work.intake.contact(contact_id)
    if kept is not None:  # sent again after a lost answer: nothing of it is done or refused twice
        if draft.concern is not None:  # which may be new: it is never dropped (E3)
            _raise_concern(work, rules.check_contact(draft, work.now), contact_id)
        return kept
    checked = rules.check_contact(draft, work.now)
    if checked.person_id is not None and work.people.get(checked.person_id) is None:
        raise NotFound("people", str(checked.person_id))
    checked = _with_caller(work, checked)
    work.intake.insert_contact(_row(work, checked, contact_id))
    work.intake.give_advice(contact_id, checked.advice)
    _raise_concern(work, checked, contact_id)
    return need_contact(work, contact_id)


def _raise_concern(work: Work, draft: ContactDraft, contact_id: ContactId) -> None:
    """E3. One a contact; what there is already stays as it is."""
    if draft.concern is not None:
        raise_about_contact(work, draft.concern_id or ConcernId(new_id()), contact_id, draft.concern)


def _with_caller(work: Work, draft: ContactDraft) -> ContactDraft:
    """Whoever calls is there, and a new professional is in the register."""
    if draft.new_professional is not None:
        kept = keep_professional(work, draft.new_professional)
        return replace(draft, new_professional=None, caller_professional_id=kept)
    callers = draft.caller_person_id, draft.caller_around_id, draft.caller_professional_id
    if any(callers) and not work.callers.can_be_named(*callers):
        raise BadValues((BadValue("caller_name", "caller_gone"),))
    return draft


def end_contact(work: Work, contact_id: ContactId, seen: int, ending: Ending) -> EndedContact:
    """See ``Intake.end_contact``."""
    contact = need_contact(work, contact_id)
    if contact.ending is not None:
        return _already_ended(work, contact, seen, ending)
    ending = rules.check_ending(ending, contact.need)
    if isinstance(ending, Refer):
        for draft in ending.referrals:
            _refer(work, contact, draft)
    if isinstance(ending, Link):
        _open_referral_of(work, contact, ending.referral_id)
    kind, reason, linked = _columns(ending)
    if not work.intake.end_contact(contact_id, seen, kind, reason, linked):
        raise Conflict("intake", str(contact_id), seen, need_contact(work, contact_id))
    return _ended(work, need_contact(work, contact_id))


def _ended(work: Work, contact: Contact) -> EndedContact:
    concern = work.safeguarding.of_contact(contact.id)
    of_concern = (concern.id, concern.number) if concern is not None else (None, None)
    return EndedContact(contact, tuple(work.intake.referrals_of_contact(contact.id)), *of_concern)


def need_contact(work: Work, contact_id: ContactId) -> Contact:
    contact = work.intake.contact(contact_id)
    if contact is None:
        raise NotFound("intake", str(contact_id))
    return contact


def _row(work: Work, draft: ContactDraft, contact_id: ContactId) -> ContactRow:
    return ContactRow(
        contact_id,
        draft.channel,
        draft.received_at or work.now,
        draft.locality or work.actor.locality,
        draft.person_id,
        draft.caller_name,
        draft.caller_relation,
        draft.caller_phone,
        draft.need,
        dict(draft.details),
        draft.caller_person_id,
        draft.caller_around_id,
        draft.caller_professional_id,
    )


def _refer(work: Work, contact: Contact, draft: ReferralDraft) -> None:
    kinds = {kind.code: kind for kind in work.intake.services()}
    if draft.service not in kinds:
        raise BadValues((BadValue("service", "not_in_list"),))
    person = work.people.get(contact.person_id) if contact.person_id else None
    who = person.responsibility if person else Responsibility(None, None)
    place = responsible_for(kinds[draft.service].side, who)
    made = work.intake.insert_referral(
        NewReferral(
            draft.id,
            contact.id,
            contact.person_id,
            draft.service,
            draft.urgency,
            draft.urgency_reason,
            draft.need,
            draft.source or contact.channel,
            place.locality if place else (draft.locality or contact.locality),
            place.neighbourhood_id if place else None,
            contact.received_at,
            rules.due_at(draft.urgency, contact.received_at),
            draft.safeguarding,
        )
    )
    if not made:
        return
    work.intake.keep_suggestions(draft.id, draft.suggestions)
    if person is not None and whose(person).of(kinds[draft.service].side).elsewhere:
        work.intake.keep_outside(draft.id, draft.outside_reason, draft.outside_whom)
    if draft.safeguarding:
        concern_id = draft.concern_id or ConcernId(new_id())
        raise_about_referral(work, concern_id, draft.id, draft.concern or ConcernFacts(draft.need))
    holder, reason = (work.actor.user_name, "") if draft.hold else (draft.give_to, draft.give_reason)
    if holder is not None:
        _refuse_unknown(work, holder)
        work.intake.move(draft.id, 1, {"state": "claimed", "claimed_by": holder, "state_reason": reason})


def _refuse_unknown(work: Work, colleague: UserName) -> None:
    if colleague != work.actor.user_name and all(a.user_name != colleague for a in work.governance.accounts()):
        raise BadValues((BadValue("give_to", "unknown_colleague"),))


def _open_referral_of(work: Work, contact: Contact, referral_id: ReferralId) -> None:
    referral = work.intake.referral(referral_id)
    if referral is None:
        raise NotFound("intake", str(referral_id))
    if not referral.is_open:
        raise IllegalMove("intake", referral.state, "linked")
    if contact.person_id is not None and referral.person_id != contact.person_id:
        raise BadValues((BadValue("linked_referral", "another_person"),))


def _columns(ending: Ending) -> tuple[EndingKind, str, ReferralId | None]:
    match ending:
        case Advice(words):
            return "advice", words, None
        case NoAction(reason):
            return "no_action", reason, None
        case Link(referral_id, words):
            return "linked", words, referral_id
        case Refer():
            return "referral", "", None


def _already_ended(work: Work, contact: Contact, seen: int, ending: Ending) -> EndedContact:
    """The same end, sent again after a lost answer, is that end. Another one is a conflict."""
    ended = _ended(work, contact)
    kind, reason, linked = _columns(ending)
    same = (contact.ending, contact.ending_reason, contact.linked_referral_id) == (kind, reason.strip(), linked)
    if isinstance(ending, Refer):
        same = same and {draft.id for draft in ending.referrals} == {referral.id for referral in ended.referrals}
    if not same:
        raise Conflict("intake", str(contact.id), seen, contact)
    return ended
