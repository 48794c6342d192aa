"""What passed between a hospital ward and the centre about one referral: notices, and the answers to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NewType
from uuid import UUID

from coordination.values import ReferralId

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
