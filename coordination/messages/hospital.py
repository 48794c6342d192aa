"""Notices as they are kept, what became of each, and the receipts that the ward is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from coordination.intake.ward import KeptKind, KeptNotice, KeptReceipt, NoticeId, NoticeState, ReceiptId, WardStory
from coordination.values import ReferralId, UserName


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to keep; columns as the table has them."""

    id: NoticeId
    message_id: UUID
    place: int
    kind: KeptKind
    ward_keys: tuple[str, ...]
    sender_message: str
    issued_at: datetime | None
    referral_id: ReferralId | None
    head: dict[str, Any]
    site: str
    ward: str
    person_consulted: str
    carer_consulted: str
    consent: str
    consent_source: str
    expected_on: date | None
    discharge_at: datetime | None
    moft_at: datetime | None
    withdrawal_type: int | None
    withdrawal_reason: str | None
    withdrawal_words: str
    state: NoticeState
    admitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueReceipt:
    """An answer to write, with what it is about."""

    receipt: KeptReceipt
    notice: KeptNotice
    head: dict[str, Any]
    sender_message: str


@dataclass(frozen=True, slots=True)
class AskedWithdrawal:
    """A withdrawal that its referral's holder decides on."""

    notice_id: NoticeId
    referral_id: ReferralId
    number: int


class HospitalStore(Protocol):
    """Notices and receipts. What this login may not see is not there (R2)."""

    def insert(self, row: NewNotice, said: tuple[tuple[str, str], ...]) -> None: ...

    def of_referral(self, referral_id: ReferralId) -> WardStory: ...

    def referral_of(self, ward_keys: tuple[str, ...]) -> ReferralId | None:
        """The referral that a hospital means; an open one first, then the latest."""
        ...

    def of_message(self, message_id: UUID) -> list[KeptNotice]: ...

    def notice(self, notice_id: NoticeId, *, lock: bool = False) -> KeptNotice | None: ...

    def pending(self, ward_keys: tuple[str, ...]) -> list[KeptNotice]:
        """Those that wait for their referral, as they were issued; locked."""
        ...

    def settle(
        self, notice: KeptNotice, state: NoticeState, referral_id: ReferralId | None = None, words: str = ""
    ) -> bool:
        """False when it has moved on. ``referral_id`` for one that was pending."""
        ...

    def answer(self, receipt_id: ReceiptId, notice_id: NoticeId, response: str, details: str) -> None:
        """An answer by hand. AlreadyExists('receipt_once'), BrokenRule('receipt_notice_withdrawn')."""
        ...

    def asked_of(self, user: UserName) -> list[AskedWithdrawal]:
        """Of the referrals that somebody holds, oldest first."""
        ...

    def next_due(self, source_id: UUID, after: ReceiptId | None) -> DueReceipt | None:
        """The next answer that goes into the folder beside a source, held until the end of the transaction; those
        that another desk holds are passed over."""
        ...

    def due(self, receipt_id: ReceiptId) -> DueReceipt | None:
        """One answer, whatever its state."""
        ...

    def sent(self, receipt_id: ReceiptId, how: str, file_name: str, sha256: bytes) -> bool:
        """False when it has gone out, or was taken back, already."""
        ...
