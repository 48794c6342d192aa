"""What the safeguarding service needs of a store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from coordination.safeguarding.model import (
    Concern,
    ConcernDetail,
    ConcernDraft,
    ConcernFilter,
    ConcernId,
    ConcernRow,
    DecisionKind,
    ToldDraft,
)
from coordination.values import ContactId, ReferralId, UserName


class SafeguardingStore(Protocol):
    """Concerns and who was told of them."""

    def insert(self, draft: ConcernDraft, owner: UserName) -> bool:
        """False when the id is already there, or its referral has a concern: the same create, sent again."""
        ...

    def get(self, concern_id: ConcernId) -> Concern | None: ...

    def of_referral(self, referral_id: ReferralId) -> Concern | None: ...

    def of_contact(self, contact_id: ContactId) -> Concern | None:
        """That of a contact without a referral."""
        ...

    def change(self, concern_id: ConcernId, seen: int, changes: Mapping[str, Any]) -> bool:
        """Change it only if it is still at revision ``seen``; False when somebody was first."""
        ...

    def tell(self, concern_id: ConcernId, told: ToldDraft) -> bool:
        """False when the id is already there."""
        ...

    def told(self, concern_id: ConcernId) -> int:
        """How many were told."""
        ...

    def detail(self, concern_id: ConcernId) -> ConcernDetail | None: ...

    def rows(self, asked: ConcernFilter, me: UserName) -> list[ConcernRow]:
        """One query. Undecided: danger first, then the oldest."""
        ...

    def undecided(self, localities: frozenset[str]) -> int:
        """How many of those that this login may see, within some localities or in the whole city."""
        ...

    def decisions(self) -> list[DecisionKind]:
        """In the order of lists."""
        ...
