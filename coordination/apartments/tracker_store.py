"""What the tracker needs of a store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol
from uuid import UUID

from coordination.apartments.measures import Happened
from coordination.apartments.tracker_model import MoveOnTask, TrackerRow
from coordination.values import DateRange, StayId, UserName


class TrackerStore(Protocol):
    """Tasks of moving on, and holds."""

    def rows(self, locality: str | None) -> list[TrackerRow]:
        """Everybody who is in an apartment. One query."""
        ...

    def task(self, task: UUID) -> MoveOnTask:
        """Raises NotFound."""
        ...

    def add_task(self, key: UUID, stay: StayId, words: str, due_on: date, owner: UserName | None) -> None: ...

    def change_task(self, task: UUID, seen: int, changes: Mapping[str, object]) -> bool:
        """False when ``seen`` is stale. Raises BrokenRule."""
        ...

    def owners(self) -> list[tuple[UserName, str]]: ...

    def hold_days(self) -> int: ...

    def today(self) -> date:
        """The centre's calendar day by the server's clock."""
        ...

    def facts(self, days: DateRange, locality: str | None) -> Happened:
        """Every stay and closure that touches ``days``, with its apartment's lease; those of people whose record this
        login may not see as well, without their names. When apartments took nobody in, and who waited."""
        ...
