"""What the apartments service needs of a store."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from coordination.apartments.model import ApartmentBoard, Stay, StayDraft, StayState, Waiting
from coordination.values import ApartmentId, DateRange, StayId


class ApartmentStore(Protocol):
    """Apartments and stays."""

    def board(self, days: DateRange, locality: str | None) -> ApartmentBoard:
        """Apartments of one locality or all, with what touches ``days``. Three queries; no cancelled stays."""
        ...

    def waiting(self, limit: int) -> list[Waiting]: ...

    def stay(self, stay_id: StayId) -> Stay:
        """Raises NotFound."""
        ...

    def add(self, stay_id: StayId, draft: StayDraft) -> Stay:
        """Raises BrokenRule with the constraint that refused. The same id again returns the stay as it stands."""
        ...

    def change(
        self,
        stay_id: StayId,
        seen: int,
        *,
        apartment: ApartmentId | None = None,
        period: DateRange | None = None,
        state: StayState | None = None,
        reason: str | None = None,
        past_six_weeks_reason: str | None = None,
        move_on: str | None = None,
        went_to: str | None = None,
    ) -> Stay:
        """Change what is given; ``went_to`` empty: nowhere yet.

        Raises Conflict when ``seen`` is stale, NotFound, BrokenRule.
        """
        ...

    def today(self) -> date:
        """The centre's calendar day by the server's clock."""
        ...
