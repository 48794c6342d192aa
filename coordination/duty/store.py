"""What the duty service needs of a store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from coordination.duty.model import (
    Correction,
    DeskShift,
    Handover,
    HandoverDraft,
    HandoverItem,
    NewCorrection,
    OnDuty,
    Outstanding,
)
from coordination.values import UserName


@dataclass(frozen=True, slots=True)
class Held:
    """A referral, or a concern with its owner, as it stands, locked until the transaction ends."""

    holder: UserName | None
    state: str
    state_reason: str
    revision: int


class DutyStore(Protocol):
    """Shifts at the desk, breaks and handovers."""

    def on_duty(self) -> OnDuty:
        """Everybody at a desk now, and every handover that nobody has accepted."""
        ...

    def shift(self, shift_id: UUID) -> DeskShift | None: ...

    def open_shift(self, user: UserName) -> DeskShift | None: ...

    def shifts(self, user: UserName | None, since: datetime) -> list[DeskShift]:
        """Shifts of one user, or of all, that began since; latest first."""
        ...

    def start(self, shift_id: UUID, locality: str | None, planned_end: datetime) -> bool:
        """False when the id is there already: the same start, sent again."""
        ...

    def change_shift(self, shift_id: UUID, seen: int, changes: Mapping[str, object]) -> bool:
        """False when ``seen`` is not the present revision. ``ended_at`` takes the server's time."""
        ...

    def start_break(self, break_id: UUID, shift_id: UUID, planned_end: datetime, cover: UserName | None) -> bool: ...

    def change_break(self, break_id: UUID, seen: int, changes: Mapping[str, object]) -> bool: ...

    def correct(self, correction: NewCorrection) -> bool:
        """False when the id is there already."""
        ...

    def corrections(self, shift_id: UUID) -> list[Correction]: ...

    # handovers

    def outstanding(self, user: UserName | None, locality: str | None, limit: int) -> list[Outstanding]:
        """Everything not done of one user, or of everybody (in a locality)."""
        ...

    def lock_referrals(self, ids: Collection[UUID]) -> dict[UUID, Held]:
        """Those that this login may see, locked in the order of their ids."""
        ...

    def lock_concerns(self, ids: Collection[UUID]) -> dict[UUID, Held]:
        """The same for safeguarding concerns; ``state`` is the stage."""
        ...

    def insert_handover(self, draft: HandoverDraft, from_user: UserName, shift_id: UUID | None) -> bool:
        """False when the id is there already."""
        ...

    def insert_items(self, draft: HandoverDraft) -> None: ...

    def handover(self, handover_id: UUID) -> Handover | None: ...

    def lock_handover(self, handover_id: UUID) -> Handover | None:
        """The same, and nobody else answers it before the transaction ends."""
        ...

    def items(self, handover_id: UUID) -> list[HandoverItem]: ...

    def answer(self, items: Sequence[UUID], state: str, answer: str = "") -> int:
        """Give items a state; how many were changed."""
        ...

    def waiting(self, handover_id: UUID) -> int:
        """How many items nobody has answered, those about people whom this login may not see as well."""
        ...

    def settle(self, handover_id: UUID, state: str) -> None: ...

    def handovers(self, user: UserName, since: datetime) -> list[Handover]:
        """Open ones, and those signed or settled since that the user had a part in; latest first."""
        ...
