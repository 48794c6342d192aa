"""What the referrals for apartments need of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from coordination.apartments.declines import DeclineFact
from coordination.apartments.referrals_model import Declined, Override, Request, RequestDraft, Waiting
from coordination.values import DateRange, ReferralId, StayId


class PlacementStore(Protocol):
    """Requests, declined referrals, overrides."""

    def waiting(self, limit: int) -> list[Waiting]:
        """Open referrals for an apartment that have no stay, with home and request. One query."""
        ...

    def request(self, referral: ReferralId) -> Request | None: ...

    def record(self, draft: RequestDraft, list_: str, seen: int) -> bool:
        """``seen`` 0: there is none yet. False when it is stale. Raises BrokenRule."""
        ...

    def declined(self, limit: int) -> list[Declined]:
        """Referrals that stand declined, the one that is to be looked at first first. One query."""
        ...

    def declined_one(self, referral: ReferralId) -> Declined:
        """Raises NotFound when it does not stand declined."""
        ...

    def set_way_back(self, decline: UUID, seen: int, next_step: str, look_again_on: date, code: str) -> bool:
        """A code that is new is of the list in force. False when it is stale. Raises BrokenRule."""
        ...

    def declines(self, days: DateRange, locality: str | None) -> list[DeclineFact]:
        """Declined in these days, whether or not they wait again, the oldest first. One query."""
        ...

    def override(self, stay: StayId, reasons: Mapping[str, str]) -> None:
        """By criterion, for the scheme that the stay is in, where it is not met there. Who has one keeps it."""
        ...

    def overrides(self, stays: Sequence[StayId]) -> list[Override]: ...

    def today(self) -> date: ...
