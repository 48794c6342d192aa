"""What a ward's notices do, inside a transaction that is already open (T1, T2).

Notices of one referral come one at a time: whoever is second waits, and sees what the first has done. One that comes
before what it speaks of is kept, and applied when that comes. First it is decided what each does and what there is to
say about it, then the message is kept, then it is done.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from coordination.intake import moves
from coordination.intake import steps as intake
from coordination.intake.model import Link, NoAction, Refer, Referral
from coordination.intake.ward import KeptNotice, NoticeId, NoticeState
from coordination.messages import prsb_places, prsb_said, taking
from coordination.messages.hospital import NewNotice
from coordination.messages.model import Finding, ParsedMessage, Severity
from coordination.messages.prsb import AssessmentNotice, DischargeNotice, Notice, NoticeReceipt
from coordination.messages.prsb_decide import Deed, Facts, Standing, about_referral, decide, facts_of, facts_of_kept
from coordination.messages.prsb_fields import head_as_plain
from coordination.messages.record import MessageRecord, Taken
from coordination.reference.hospital_headings import codes
from coordination.values import ContactId, PersonId, ReferralId, new_id

if TYPE_CHECKING:
    from coordination.work import Work

MAIL = "message/rfc822"
AHEAD = timedelta(minutes=10)  # two clocks differ a little


class Settling(Protocol):
    """The message on its way; see ``steps``."""

    work: Work
    message: ParsedMessage

    def say(self, *findings: Finding) -> None: ...
    def contact(self, person_id: PersonId | None) -> ContactId: ...
    def store(
        self, person_id: PersonId | None, contact_id: ContactId | None, referral_id: ReferralId | None
    ) -> MessageRecord: ...


def take(on_its_way: Settling, person_id: PersonId | None) -> Taken:
    """One message with its notices."""
    work = on_its_way.work
    by_mail = on_its_way.message.media_type == MAIL
    if by_mail and person_id is not None:
        person_id = None  # nothing in a mail is believed to be identity
        on_its_way.say(Finding("Person demographics", Severity.WARNING, "person_not_believed"))
    work.messages.queue_up(prsb_said.request_keys(on_its_way.message.notices[0].head))
    _believe_moft(on_its_way)
    notices = on_its_way.message.notices
    first = notices[0]
    asks = isinstance(first, AssessmentNotice)
    referral = _spoken_of(on_its_way, person_id)
    if asks and referral is not None and not referral.is_open:
        referral = _reopened(on_its_way, referral)
    fresh = asks and referral is None
    about = referral.person_id if referral is not None else person_id
    contact_id = on_its_way.contact(about)
    if fresh:
        referral = _refer(on_its_way, contact_id)
    elif referral is not None:
        end = Link(referral.id) if referral.is_open else NoAction(f"Referral {referral.number} had ended.")
        intake.end_contact(work, contact_id, 1, end)
    waiting = _waiting(work, first, referral) if asks and referral is not None else []
    standing = _standing(work, referral) if referral is not None else None
    if standing is not None:
        standing.by_mail = by_mail
    states = [decide(facts_of(one), standing, fresh=fresh) for one in notices if not isinstance(one, NoticeReceipt)]
    later = [_decide_waiting(work, one, standing) for one in waiting]
    _tell(on_its_way, standing, waiting, referral)
    if asks and referral is not None and not fresh:
        _overtake(work, referral, first)
    record = on_its_way.store(about, contact_id, referral.id if referral is not None else None)
    kept = [one for one in notices if not isinstance(one, NoticeReceipt)]
    for place, (notice, (state, deed)) in enumerate(zip(kept, states, strict=True), 1):
        row = _row(notice, record.id, place, state, referral.id if referral is not None else None)
        work.hospital.insert(row, prsb_places.known(notice))
        if referral is not None:
            do(work, referral.id, facts_of(notice), deed)
    if referral is not None:
        for one, (state, deed) in zip(waiting, later, strict=True):
            apply_kept(work, one, referral.id, state, deed)
    return Taken(on_its_way.message, "new" if fresh or referral is None else "linked", record)


def _decide_waiting(work: Work, kept: KeptNotice, standing: Standing | None) -> tuple[NoticeState, Deed]:
    """What came first is believed as much as it was then."""
    record = work.messages.get(kept.message_id)
    if standing is not None:
        standing.by_mail = record is not None and record.media_type == MAIL
    return decide(facts_of_kept(kept), standing, fresh=False)


def decide_kept(work: Work, kept: KeptNotice, referral: Referral) -> tuple[NoticeState, Deed]:
    """What a notice that waited does, now that somebody says which referral it is about."""
    return decide(facts_of_kept(kept), _standing(work, referral), fresh=False)


def apply_kept(work: Work, kept: KeptNotice, referral_id: ReferralId, state: NoticeState, deed: Deed) -> None:
    """A notice that came before its referral: it stands on it now, its contact has its end, and it is done."""
    record = work.messages.get(kept.message_id)
    referral = moves.need(work, referral_id)
    work.hospital.settle(kept, state, referral_id)
    if record is not None and record.contact_id is not None and not record.contact_ended:
        contact = intake.need_contact(work, record.contact_id)
        if contact.person_id is None and referral.person_id is not None:
            work.messages.say_whose(record, referral.person_id)
            record, contact = work.messages.get(record.id) or record, intake.need_contact(work, contact.id)
        if contact.person_id == referral.person_id and referral.is_open:
            intake.end_contact(work, contact.id, contact.revision, Link(referral_id))
            work.messages.belongs_to(record, referral_id)
    do(work, referral_id, facts_of_kept(kept), deed)


def do(work: Work, referral_id: ReferralId, facts: Facts, deed: Deed) -> None:
    """The move that a notice makes. Raises what the moves raise."""
    referral = moves.need(work, referral_id)
    match deed:
        case "moft":
            moves.moft(work, referral_id, referral.revision, facts.moft_at or _past(facts.issued_at, work.now))
        case "moft_off":
            moves.moft(work, referral_id, referral.revision, None)
        case "close":
            moves.close(work, referral_id, referral.revision, withdrawn_words(facts))


def withdrawn_words(facts: Facts) -> str:
    """Why a referral was closed, with the standard's reason."""
    why = codes("withdrawal_reason").get(facts.reason, "reason not said")
    return f"Withdrawn by the ward ({facts.reason or '–'}): {why}. {facts.words}".strip()[:4_000]


def _standing(work: Work, referral: Referral) -> Standing:
    story = work.hospital.of_referral(referral.id)
    noticed = [
        one.issued_at
        for one in story.notices
        if one.kind == "assessment" and one.withdrawn_by is None and one.issued_at
    ]
    holder = (referral.holder_name or str(referral.holder)) if referral.holder and referral.is_open else None
    return Standing(referral.number, referral.is_open, holder, referral.moft_at, max(noticed, default=None))


# ---------------------------------------------------------------- which referral


def _spoken_of(on_its_way: Settling, person_id: PersonId | None) -> Referral | None:
    """The referral that the hospital means, held against every other desk; None, and a finding why, for another's."""
    work, message = on_its_way.work, on_its_way.message
    found = work.hospital.referral_of(prsb_said.request_keys(message.notices[0].head))
    if found is None:
        earlier = work.messages.spoken_of(message.concerns) if message.concerns else None
        found = earlier.referral_id if earlier is not None else None
    referral = work.intake.lock(found) if found is not None else None
    if referral is None:
        if not isinstance(message.notices[0], AssessmentNotice):
            receipt = isinstance(message.notices[0], NoticeReceipt)
            on_its_way.say(about_referral("earlier_not_found" if receipt else "notice_kept_for_later"))
        return None
    if person_id is not None and referral.person_id is not None and person_id != referral.person_id:
        on_its_way.say(about_referral("earlier_of_another", number=referral.number))
        return None
    return referral


def _waiting(work: Work, first: Notice, referral: Referral) -> list[KeptNotice]:
    """What came before this notice; not what somebody has said to be about another person."""
    found = []
    for kept in work.hospital.pending(prsb_said.request_keys(first.head)):
        record = work.messages.get(kept.message_id)
        if record is None or record.person_id in (None, referral.person_id) or referral.person_id is None:
            found.append(kept)
    return found


def _overtake(work: Work, referral: Referral, first: Notice) -> None:
    """Nobody needs to decide any more on a withdrawal that the ward has since taken back by asking again."""
    asked = work.hospital.of_referral(referral.id).asked
    if asked is not None and (asked.issued_at is None or first.issued_at is None or asked.issued_at < first.issued_at):
        work.hospital.settle(asked, "overtaken")


def _reopened(on_its_way: Settling, referral: Referral) -> Referral | None:
    """The ward asks again for what it had withdrawn, or for what was declined. What else has ended stays so."""
    work = on_its_way.work
    asked = [one for one in work.hospital.of_referral(referral.id).notices if one.kind == "assessment"]
    withdrawn = bool(asked) and all(one.withdrawn_by is not None for one in asked)
    if not withdrawn and referral.state != "declined":
        on_its_way.say(about_referral("earlier_closed", number=referral.number))
        return None
    moved = moves.reopen(work, referral.id, referral.revision, "The ward has sent its assessment notice again.")
    on_its_way.say(about_referral("referral_reopened", number=referral.number))
    return moved.referral


def _refer(on_its_way: Settling, contact_id: ContactId) -> Referral:
    draft = taking.referral_draft(on_its_way.message, ReferralId(new_id()))
    ended = intake.end_contact(on_its_way.work, contact_id, 1, Refer((draft,)))
    return ended.referrals[0]


# ---------------------------------------------------------------- what is kept


def _believe_moft(on_its_way: Settling) -> None:
    """A time that is still to come is none: nobody is optimised for transfer tomorrow."""
    limit = on_its_way.work.now + AHEAD
    message = on_its_way.message
    believed: list[Notice] = []
    for notice in message.notices:
        if notice.issued_at is not None and notice.issued_at > limit:
            on_its_way.say(Finding("", Severity.WARNING, "issued_in_future"))
        stay = prsb_said.stay_of(notice)
        if isinstance(notice, AssessmentNotice | DischargeNotice) and stay.moft_at is not None and stay.moft_at > limit:
            on_its_way.say(Finding("", Severity.WARNING, "moft_in_future"))
            believed.append(replace(notice, stay=replace(stay, moft_at=None)))
        else:
            believed.append(notice)
    details = prsb_said.details_of(prsb_said.stay_of(believed[0]))
    on_its_way.message = replace(on_its_way.message, notices=tuple(believed), details=details)


def _past(moment: datetime | None, now: datetime) -> datetime:
    return min(moment, now) if moment is not None else now


def _row(notice: Notice, message_id: UUID, place: int, state: NoticeState, referral_id: ReferralId | None) -> NewNotice:
    assert not isinstance(notice, NoticeReceipt)
    facts, stay, head = facts_of(notice), prsb_said.stay_of(notice), notice.head
    said = notice if isinstance(notice, AssessmentNotice) else AssessmentNotice(head)
    return NewNotice(
        id=NoticeId(new_id()),
        message_id=message_id,
        place=place,
        kind=notice.kind,
        ward_keys=prsb_said.request_keys(head),
        sender_message=head.message_id,
        issued_at=notice.issued_at,
        referral_id=None if state == "pending" else referral_id,
        head=head_as_plain(head),
        site=stay.site or stay.site_code or head.referrer.organisation,
        ward=stay.ward or head.referrer.team,
        person_consulted=said.person_consulted,
        carer_consulted=said.carer_consulted,
        consent=said.consent,
        consent_source=said.consent_source,
        expected_on=max(stay.expected, default=None),
        discharge_at=notice.discharge_at if isinstance(notice, DischargeNotice) else None,
        moft_at=stay.moft_at,
        withdrawal_type=int(facts.type) if facts.type else None,
        withdrawal_reason=facts.reason or None,
        withdrawal_words=facts.words,
        state=state,
        admitted_at=stay.admitted_at,
    )


def _tell(on_its_way: Settling, standing: Standing | None, waited: list[KeptNotice], referral: Referral | None) -> None:
    for kept in waited:
        on_its_way.say(about_referral("notice_was_waiting", kind=f"{kept.kind} notice"))
    if standing is not None:
        on_its_way.say(*standing.findings)
    if referral is None and isinstance(on_its_way.message.notices[0], NoticeReceipt):
        on_its_way.say(about_referral("contact_left_open"))
