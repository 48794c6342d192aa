"""What making ahead needs of a store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from coordination.values import TeamId


@dataclass(frozen=True, slots=True)
class LastMade:
    """When everything was last made ahead, by whom, and how many shifts and visits were new."""

    day: date
    at: datetime
    by_name: str
    shifts: int
    visits: int


class AheadStore(Protocol):
    def hold(self) -> bool:
        """Until the end of the transaction nobody else makes ahead. False: somebody does just now. NotAllowed: no team
        lead."""
        ...

    def beat(self) -> None:
        """The transaction that holds is still wanted."""
        ...

    def teams(self) -> list[tuple[TeamId, str]]:
        """Teams that anybody at work belongs to, in order of name."""
        ...

    def last(self) -> LastMade | None: ...

    def note(self, day: date, shifts: int, visits: int) -> None:
        """It was done on that day; adds to what was noted of it."""
        ...
