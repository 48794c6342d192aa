"""What the apartments service needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from coordination.apartments.calendar import Lengths
from coordination.apartments.model import ApartmentBoard, Pause, Stay
from coordination.values import ApartmentId, DateRange, StayId


class ApartmentStore(Protocol):
    """Apartments and stays."""

    def board(self, days: DateRange, locality: str | None) -> ApartmentBoard:
        """Apartments of one locality or all, with what touches ``days``. One query; no cancelled stays."""
        ...

    def board_around(self, stays: Sequence[StayId], days: DateRange) -> ApartmentBoard:
        """All apartments, ``days`` and the days of these stays with 60 before and 120 after."""
        ...

    def alone(self) -> None:
        """Until this transaction ends nobody else writes to the calendar: who comes second sees what the first did."""
        ...

    def stay(self, stay_id: StayId) -> Stay:
        """Raises NotFound."""
        ...

    def stays(self, ids: Sequence[StayId]) -> list[Stay]:
        """Those that are there, cancelled ones too; in order of ``ids``."""
        ...

    def write(self, rows: Sequence[Stay]) -> list[Stay]:
        """New ones (revision 0) are inserted, the others changed, in one statement each: two can change places.

        Raises Conflict when a revision is stale, NotFound, BrokenRule with the constraint that refused.
        """
        ...

    def lengths(self) -> Lengths:
        """Days of cleaning and of inspection after a stay: the settings."""
        ...

    def pauses(self, ids: Sequence[UUID]) -> list[Pause]:
        """Those that are on."""
        ...

    def add_pause(self, pause: UUID, apartment: ApartmentId, start: date, end: date | None, reason: str) -> None:
        """Raises BrokenRule. The same id again changes nothing."""
        ...

    def turn_pause(self, pause: UUID, seen: int, *, on: bool) -> None:
        """Lift, or put on again. Raises Conflict, NotFound, BrokenRule."""
        ...

    def today(self) -> date:
        """The centre's calendar day by the server's clock."""
        ...
