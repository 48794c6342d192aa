"""Notices as they are kept, what became of each, and the receipts that the ward is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NewType, Protocol
from uuid import UUID

from coordination.values import ReferralId, UserName

NoticeId = NewType("NoticeId", UUID)
ReceiptId = NewType("ReceiptId", UUID)
KeptKind = Literal["assessment", "discharge", "withdrawal"]
NoticeState = Literal["pending", "asked", "applied", "rejected", "overtaken"]
ReceiptState = Literal["due", "sent", "taken_back"]


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """An answer to a ward. ``how`` and ``file_name`` when it has gone out; ``response`` 1 accepts, 2 rejects."""

    id: ReceiptId
    notice_id: NoticeId
    response: str
    details: str
    made_at: datetime
    made_by_name: str
    state: ReceiptState
    how: str = ""  # folder, saved
    file_name: str = ""
    settled_at: datetime | None = None
    settled_by_name: str = ""


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice that came from a ward. ``state``: pending, its referral is not here yet; asked, somebody decides on it;
    applied, rejected, or overtaken by a newer notice. ``withdrawn_by``: the withdrawal that took it back."""

    id: NoticeId
    message_id: UUID
    kind: KeptKind
    state: NoticeState
    received_at: datetime
    revision: int
    issued_at: datetime | None = None
    referral_id: ReferralId | None = None
    site: str = ""
    ward: str = ""
    person_consulted: str = ""
    carer_consulted: str = ""
    consent: str = ""
    consent_source: str = ""
    expected_on: date | None = None
    discharge_at: datetime | None = None
    moft_at: datetime | None = None
    withdrawal_type: str = ""
    withdrawal_reason: str = ""
    withdrawal_words: str = ""
    answer_words: str = ""
    settled_at: datetime | None = None
    settled_by_name: str = ""
    withdrawn_by: NoticeId | None = None
    answer_to: str = ""  # where the ward wants its answer

    @property
    def is_clear(self) -> bool:
        """A withdrawal that says what is withdrawn, and why; any other notice is."""
        return self.kind != "withdrawal" or bool(self.withdrawal_type and self.withdrawal_reason)


@dataclass(frozen=True, slots=True)
class WardStory:
    """What passed between the ward and the centre about one referral, in the order in which it came."""

    notices: tuple[KeptNotice, ...] = ()
    receipts: tuple[KeptReceipt, ...] = ()  # without those taken back

    def receipt_of(self, notice: KeptNotice) -> KeptReceipt | None:
        """The last answer to a notice."""
        return next((one for one in reversed(self.receipts) if one.notice_id == notice.id), None)

    def is_owed(self, notice: KeptNotice) -> bool:
        """The ward has no answer to it yet, and none is on its way."""
        return notice.state != "overtaken" and notice.withdrawn_by is None and self.receipt_of(notice) is None

    @property
    def asked(self) -> KeptNotice | None:
        """The withdrawal that somebody has to decide on."""
        return next((one for one in self.notices if one.state == "asked"), None)


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
