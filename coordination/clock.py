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

    def heard(self, server: datetime) -> None:
        """What time it is at the server, as just read."""
        ...


class SystemClock:
    """This machine's clock. Only for what is shown; what is stored takes the server's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def heard(self, server: datetime) -> None:
        """This machine's time stays as it is."""


class DeskClock(SystemClock):
    """This machine's clock, put right by the server's: a desk whose clock is wrong shows no wrong time left."""

    _SLACK = timedelta(seconds=2)  # the way from the server takes a moment

    def __init__(self) -> None:
        self._off = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._off

    def heard(self, server: datetime) -> None:
        off = server - datetime.now(UTC)
        self._off = off if abs(off) > self._SLACK else timedelta()


@dataclass
class FixedClock:
    """A clock that stands where it is put, for tests and the training city."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def heard(self, server: datetime) -> None:
        """It stands where it is put."""

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
