"""Use cases about ward notices: withdrawals to decide on, notices that wait for a referral, and answers to the ward."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.errors import BadValue, BadValues, Conflict, NotFound
from coordination.intake import moves
from coordination.intake.model import Referral
from coordination.intake.queue import QueueFilter
from coordination.intake.ward import KeptNotice, NoticeId, ReceiptId, WardStory
from coordination.messages import prsb_decide, prsb_settle
from coordination.messages.hospital import AskedWithdrawal, DueReceipt
from coordination.messages.prsb import Head, NoticeReceipt, WardPerson, notice_type
from coordination.messages.prsb_fields import head_of
from coordination.messages.prsb_write import cleaned, written
from coordination.messages.record import MessageRecord
from coordination.values import ReferralId, new_id

if TYPE_CHECKING:
    from coordination.work import Begin, Work

Put = Callable[[str, bytes], object]
"""Writes one whole file under a name, or raises OSError and leaves nothing."""
_MOST = 200  # receipts of one round


@dataclass(frozen=True, slots=True)
class SentRound:
    """What went out in one round: how many, and how many cannot be written as the standard has it."""

    sent: int = 0
    stuck: int = 0


class Hospital:
    """Notices from wards, and what they are answered."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def story(self, referral_id: ReferralId) -> WardStory:
        """What passed between the ward and the centre about a referral."""
        with self._begin() as work:
            return work.hospital.of_referral(referral_id)

    def of_message(self, message_id: UUID) -> list[KeptNotice]:
        """The notices of one message, as they stand."""
        with self._begin() as work:
            return work.hospital.of_message(message_id)

    def asked_of_me(self) -> list[AskedWithdrawal]:
        """Withdrawals of referrals that this user works on, until they have decided."""
        with self._begin() as work:
            return work.hospital.asked_of(work.actor.user_name)

    def agree(self, notice_id: NoticeId, seen: int) -> Referral:
        """The ward's withdrawal is taken up: the referral is closed with its reason, or no longer medically optimised
        when only the discharge notice is withdrawn; and the ward is told.

        Raises NotFound, Conflict with the present notice, AlreadyClaimed while somebody else works on the referral.
        """
        with self._begin() as work:
            kept, referral = _asked(work, notice_id, seen)
            if not kept.is_clear:
                raise BadValues((BadValue("withdrawal", "unclear"),))
            moves.refuse_held_by_another(work, referral)
            if not work.hospital.settle(kept, "applied"):
                raise Conflict("hospital", str(notice_id), seen, work.hospital.notice(notice_id))
            if referral.is_open:
                deed: prsb_decide.Deed = "moft_off" if kept.withdrawal_type == "2" else "close"
                prsb_settle.do(work, referral.id, prsb_decide.facts_of_kept(kept), deed)
            return moves.need(work, referral.id)

    def keep_on(self, notice_id: NoticeId, seen: int, words: str) -> WardStory:
        """The withdrawal is rejected with ``words``, which the ward is sent; the referral goes on.

        Raises as ``agree``, and BadValues('answer_words')."""
        said = _words(words)
        with self._begin() as work:
            kept, referral = _asked(work, notice_id, seen)
            moves.refuse_held_by_another(work, referral)
            if not work.hospital.settle(kept, "rejected", words=said):
                raise Conflict("hospital", str(notice_id), seen, work.hospital.notice(notice_id))
            return work.hospital.of_referral(referral.id)

    def belongs_to(self, message_id: UUID, number: int) -> MessageRecord:
        """Somebody says which open referral the notices of a message are about: they are applied to it.

        Raises NotFound('hospital_referral') when there is no such open referral, Conflict when they have theirs."""
        with self._begin() as work:
            rows = work.intake.queue(QueueFilter(number=number), work.actor.user_name).rows
            referral = work.intake.lock(rows[0].id) if rows else None
            if referral is None or not referral.is_open:
                raise NotFound("hospital_referral", str(number))
            waiting = [one for one in work.hospital.of_message(message_id) if one.state == "pending"]
            if not waiting:
                raise Conflict("hospital", str(message_id), 0, None)
            for kept in waiting:
                locked = work.hospital.notice(kept.id, lock=True)
                if locked is None or locked.state != "pending":
                    raise Conflict("hospital", str(kept.id), kept.revision, locked)
                state, deed = prsb_settle.decide_kept(work, locked, moves.need(work, referral.id))
                prsb_settle.apply_kept(work, locked, referral.id, state, deed)
            record = work.messages.get(message_id)
            if record is None:
                raise NotFound("messages", str(message_id))
            return record

    # ---------------------------------------------------------------- answers to the ward

    def answer(self, notice_id: NoticeId, response: str, words: str, receipt_id: ReceiptId) -> WardStory:
        """An answer by hand, where no move of the referral gave one. The same id twice is one answer.

        Raises BadValues, NotFound, AlreadyExists('receipt_once')."""
        said = _words(words) if response == "2" else cleaned(words)
        if response not in ("1", "2"):
            raise BadValues((BadValue("response", "not_in_list"),))
        with self._begin() as work:
            kept = work.hospital.notice(notice_id, lock=True)
            if kept is None:
                raise NotFound("hospital", str(notice_id))
            work.hospital.answer(receipt_id, notice_id, response, said)
            return work.hospital.of_referral(kept.referral_id) if kept.referral_id else WardStory()

    def send_due(self, source_id: UUID, put: Put) -> SentRound:
        """Write every answer that goes into the folder beside a source, each in a transaction of its own: written
        whole before it counts as sent, and under a name that is its own, so that one that was written and not noted
        is written over with the same bytes. Several desks at once share them. Raises OSError from ``put``."""
        done = SentRound()
        after: ReceiptId | None = None
        for _ in range(_MOST):
            with self._begin() as work:
                due = work.hospital.next_due(source_id, after)
                if due is None:
                    break
                after = due.receipt.id
                try:
                    content = document(due)
                except BadValues:
                    done = replace(done, stuck=done.stuck + 1)
                    continue
                name = file_name(due)
                put(name, content)
                work.hospital.sent(due.receipt.id, "folder", name, hashlib.sha256(content).digest())
                done = replace(done, sent=done.sent + 1)
        return done

    def receipt(self, receipt_id: ReceiptId) -> tuple[str, bytes]:
        """Name and content of one answer, to be saved by hand. R4: noted as an export. Raises NotFound, BadValues."""
        with self._begin() as work:
            due = work.hospital.due(receipt_id)
            if due is None:
                raise NotFound("hospital", str(receipt_id))
            work.governance.note("export", "hospital_receipt", str(receipt_id), None)
            return file_name(due), document(due)

    def saved(self, receipt_id: ReceiptId, name: str, content: bytes) -> bool:
        """Somebody has saved an answer and sees to it that the ward gets it. False when it had gone out already."""
        with self._begin() as work:
            return work.hospital.sent(receipt_id, "saved", name[:200], hashlib.sha256(content).digest())


def file_name(due: DueReceipt) -> str:
    """Its own for ever; nothing of the person is in it."""
    return f"receipt-{due.receipt.id}.json"


def document(due: DueReceipt) -> bytes:
    """The answer as it goes to the ward. The same one gives the same bytes. Raises BadValues."""
    kept, sent = due.notice, head_of(due.head)
    answer = NoticeReceipt(
        head=_addressed(sent, str(due.receipt.id), due.receipt.made_at),
        answers=due.sender_message,
        issued_at=due.receipt.made_at,
        notice_type=notice_type(kept.kind, kept.withdrawal_type or "1"),
        response=due.receipt.response,
        details=tuple(line for line in (cleaned(due.receipt.details),) if line),
    )
    return written(answer)


def _addressed(sent: Head, message_id: str, at: datetime) -> Head:
    """The head of the notice turned round: the same person and referral, no more about them than tells which."""
    who = sent.person
    person = WardPerson(surname=who.surname, given=who.given, birth_date=who.birth_date, nhs_number=who.nhs_number,
                        address=who.address[:1], postcode=who.postcode)  # fmt: skip
    return Head(message_id, sent.referral_id, at, person, sent.referrer, sent.authority)


def _asked(work: Work, notice_id: NoticeId, seen: int) -> tuple[KeptNotice, Referral]:
    """A withdrawal that waits for somebody, with its referral, both held."""
    kept = work.hospital.notice(notice_id)
    if kept is None or kept.referral_id is None:
        raise NotFound("hospital", str(notice_id))
    referral = work.intake.lock(kept.referral_id)
    kept = work.hospital.notice(notice_id, lock=True)
    if referral is None or kept is None:
        raise NotFound("hospital", str(notice_id))
    if kept.revision != seen or kept.state != "asked":
        raise Conflict("hospital", str(notice_id), seen, kept)
    return kept, referral


def _words(words: str) -> str:
    said = cleaned(words)
    if not said:
        raise BadValues((BadValue("answer_words", "required"),))
    return said


def new_receipt_id() -> ReceiptId:
    return ReceiptId(new_id())


__all__ = ["Hospital", "SentRound", "document", "file_name", "new_receipt_id"]
