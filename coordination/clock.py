"""Time. Aware UTC everywhere; "today" is the centre's own, in Europe/London."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, in UTC."""
        ...


class SystemClock:
    """This machine's clock. Only for what is shown; what is stored takes the server's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands where it is put, for tests and the training city."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, step: timedelta) -> None:
        self.at += step


def local_date(moment: datetime) -> date:
    """The centre's calendar day of a moment."""
    return moment.astimezone(LONDON).date()


def at_local(day: date, hour: int, minute: int = 0) -> datetime:
    """``hour:minute`` on the centre's wall clock that day, in UTC. Hour 24 is the next midnight."""
    extra, hour = divmod(hour, 24)
    wall = datetime.combine(day + timedelta(days=extra), time(hour, minute), LONDON)
    return wall.astimezone(UTC)
