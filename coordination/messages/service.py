"""Use cases of the messages area, one method each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from coordination.clock import local_date
from coordination.errors import AlreadyExists, BadValue, BadValues, Conflict, NotFound
from coordination.intake import steps as intake
from coordination.intake import whose
from coordination.intake.model import Ending, Link, NoAction, Refer
from coordination.messages import steps, taking
from coordination.messages.reading import read_message
from coordination.messages.record import MessageFilter, MessageRecord, OpenedMessage, Taken
from coordination.people import steps as people
from coordination.people.model import PersonDraft
from coordination.values import PersonId, ReferralId, new_id

if TYPE_CHECKING:
    from coordination.work import Begin, Work


Decision = Literal["link", "refer", "no_action"]


class Messages:
    """Messages and their originals."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def take_in(self, name: str, data: bytes) -> Taken:
        """One file: kept, read, and made a contact and a referral in one transaction, or refused with reasons.

        The same bytes, or the same message in other bytes, are taken in once, also when two desks do it in the same
        second: both get the first one. Raises NotAllowed for a role that takes no contacts.
        """
        with self._begin() as work:
            today = local_date(work.now)
        message = read_message(name, data, today=today)  # outside: a large file takes a while to read
        if not message.taken_in and not taking.is_message(message):
            return Taken(message, "refused")
        try:
            with self._begin() as work:
                return steps.settle(work, message, data)
        except AlreadyExists as taken:
            if taken.constraint in ("message_once", "original_once"):
                return Taken(message, "again")  # by somebody else, about a person whom this desk may not see
            raise

    def recent(self, asked: MessageFilter | None = None) -> list[MessageRecord]:
        """What was read, newest first."""
        with self._begin() as work:
            return work.messages.recent(asked or MessageFilter())

    def locate(self, key: UUID) -> MessageRecord:
        """The message with this id, or that was read from the original with this id. Raises NotFound."""
        with self._begin() as work:
            return work.messages.of_original(key) or _need(work, key)

    def open(self, message_id: UUID) -> OpenedMessage:
        """R4. One message with its original, noted on the audit trail as a view. Raises NotFound."""
        with self._begin() as work:
            record = _need(work, message_id)
            content = work.messages.content(record.original_id)
            if content is None:
                raise NotFound("messages", str(message_id))
            work.governance.note("view", "message", str(message_id), record.person_id)
            message = read_message(record.name, content, today=local_date(work.now))
            likely = people.likely_duplicates(work, taking.person_draft(message), steps.CANDIDATES)
            kept = replace(message, findings=record.findings)
            return OpenedMessage(record, kept, content, () if record.person_id else tuple(likely))

    def person_draft(self, opened: OpenedMessage) -> PersonDraft:
        """The person of a message as a draft for registering, to be checked by somebody before it is saved."""
        return taking.person_draft(opened.message)

    def decide(self, message_id: UUID, seen: int, decision: Decision, words: str = "") -> MessageRecord:
        """E2. End the open contact of a message: ``link`` to the referral in whose thread it was sent, ``refer`` as a
        referral of its own, or ``no_action`` with the reason in ``words``.

        Raises NotFound, Conflict with the present record, BadValues, IllegalMove when the referral has been closed.
        """
        with self._begin() as work:
            record = _need(work, message_id)
            if record.revision != seen or record.contact_id is None or record.contact_ended:
                raise Conflict("messages", str(message_id), seen, record)
            contact_id = record.contact_id
            if decision == "link":
                record = _about_whom_the_referral_is(work, record)
            contact = intake.need_contact(work, contact_id)
            ending = _ending(work, record, contact.need, decision, words)
            ended = intake.end_contact(work, contact.id, contact.revision, ending)
            referral_id = ended.referrals[0].id if ended.referrals else ended.contact.linked_referral_id
            if not work.messages.belongs_to(record, referral_id):
                raise Conflict("messages", str(message_id), seen, _need(work, message_id))
            return _need(work, message_id)

    def say_whose(self, message_id: UUID, seen: int, person_id: PersonId) -> MessageRecord:
        """Somebody has looked, and says whom it is about: the contact and the referral follow.

        Raises NotFound, Conflict with the present record.
        """
        with self._begin() as work:
            return _say_whose(work, message_id, seen, person_id)

    def register_whose(self, message_id: UUID, seen: int, draft: PersonDraft, person_id: PersonId) -> MessageRecord:
        """Register the person of a message and say that it is about them, in one. Raises as both do."""
        with self._begin() as work:
            people.register(work, draft, person_id)
            return _say_whose(work, message_id, seen, person_id)


def _about_whom_the_referral_is(work: Work, record: MessageRecord) -> MessageRecord:
    """A mail that belongs to a referral is about its person, and stands on their record."""
    referral = work.intake.referral(record.suggested[0]) if record.suggested else None
    if record.person_id is not None or referral is None or referral.person_id is None:
        return record
    if not work.messages.say_whose(record, referral.person_id):
        raise Conflict("messages", str(record.id), record.revision, _need(work, record.id))
    return _need(work, record.id)


def _ending(work: Work, record: MessageRecord, need: str, decision: Decision, words: str) -> Ending:
    if decision == "no_action":
        return NoAction(words)
    if decision == "link":
        if record.suggested is None:
            raise BadValues((BadValue("linked_referral", "missing"),))
        return Link(record.suggested[0], words)
    content = work.messages.content(record.original_id)
    if content is None:
        raise NotFound("messages", str(record.id))
    message = read_message(record.name, content, today=local_date(work.now))
    return Refer((taking.referral_draft(replace(message, need=need), ReferralId(new_id())),))


def _need(work: Work, message_id: UUID) -> MessageRecord:
    record = work.messages.get(message_id)
    if record is None:
        raise NotFound("messages", str(message_id))
    return record


def _say_whose(work: Work, message_id: UUID, seen: int, person_id: PersonId) -> MessageRecord:
    record = _need(work, message_id)
    person = people.need(work, person_id)
    if record.person_id == person_id:
        return record
    if record.revision != seen or not work.messages.say_whose(record, person_id):
        raise Conflict("messages", str(message_id), seen, _need(work, message_id))
    referral = work.intake.referral(record.referral_id) if record.referral_id else None
    if referral is not None and referral.person_id is None:
        whose.know(work, referral, person)
    return _need(work, message_id)
