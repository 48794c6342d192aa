"""T4: up to 100 at any one time in reablement or intermediate care after hospital. What there is room for in the next
two weeks, who waits for it, and what taking one more costs. Pure; days are the centre's own, an end is the first day
without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

from coordination.transfer.model import Recovery, Told, Transfer, TransferId
from coordination.values import PersonId

DAYS = 14
USUAL_LENGTH = 42
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InRecovery:
    """Somebody who has left hospital and is in the caseload. ``until`` is planned: of their episode of reablement where
    there is one (``by_episode``), else as it was said when they left."""

    transfer_id: TransferId
    person_id: PersonId
    who: str
    recovery: Recovery
    since: date
    until: date
    by_episode: bool
    locality: str
    revision: int

    @property
    def hidden(self) -> bool:
        """Not shared with this desk: only counted."""
        return not self.who

    def is_late(self, today: date) -> bool:
        """Past the planned end, and nobody has ended it: they count until somebody does."""
        return self.until <= today


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in hospital who is ready. ``wanted``: the day on which they are expected to leave, if it is known."""

    transfer_id: TransferId
    person_id: PersonId
    who: str
    recovery: Recovery
    wanted: date | None
    ready_at: datetime
    neighbourhood: int | None = None

    @property
    def hidden(self) -> bool:
        """Not shared with this desk: only counted."""
        return not self.who


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many people whom this desk may not see are in recovery until a day, past it, or wish to begin on it; or wards
    told us of them (``day`` None)."""

    state: Literal["inside", "late", "waiting", "told"]
    recovery: Recovery | Literal[""]
    day: date | None
    many: int


@dataclass(frozen=True, slots=True)
class Load:
    """What the caseload is made of, as it is kept. ``lengths``: days that somebody is usually in it, by service."""

    inside: tuple[InRecovery, ...]
    waiting: tuple[Waiting, ...]
    unseen: tuple[Unseen, ...]
    most: int
    told: int
    lengths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Start:
    """From which day there is a place; None: not within the days that are looked at."""

    waiting: Waiting
    wanted: date
    on: date | None

    def days_late(self, horizon: date) -> int:
        return ((self.on or horizon) - self.wanted).days


@dataclass(frozen=True, slots=True)
class DayLoad:
    """One day: how many are in the caseload at its end, who begins, who is planned to end, and who still waits."""

    day: date
    reablement: int
    intermediate: int
    starting: tuple[Start, ...] = field(repr=False, default=())
    ending: tuple[InRecovery, ...] = field(repr=False, default=())
    held_back: tuple[Start, ...] = field(repr=False, default=())

    @property
    def all(self) -> int:
        return self.reablement + self.intermediate


@dataclass(frozen=True)
class Caseload:
    """``told``: whom wards told us of and nobody has put on the list yet. ``in_recovery`` and ``waiting`` are whom this
    desk may see; ``unseen`` are counted with them everywhere."""

    most: int
    in_recovery: tuple[InRecovery, ...]
    waiting: tuple[Waiting, ...]
    told: int
    today: date
    lengths: Mapping[str, int]
    days: int = DAYS
    taken: tuple[Waiting, ...] = ()
    """taken today whatever the room: what one more costs"""
    unseen: tuple[Unseen, ...] = ()

    @cached_property
    def inside(self) -> tuple[InRecovery, ...]:
        """Everybody in recovery, also whom this desk may not see."""
        return (*self.in_recovery, *(_hidden_inside(u, n, self.today) for u, n in self._each("inside", "late")))

    @cached_property
    def behind(self) -> tuple[Waiting, ...]:
        """Everybody in hospital who is ready."""
        return (*self.waiting, *(_hidden_waiting(u, n) for u, n in self._each("waiting")))

    def _each(self, *states: str) -> list[tuple[Unseen, int]]:
        """One by one, with a number of its own."""
        these = [u for u in self.unseen if u.state in states for _ in range(u.many)]
        return list(zip(these, range(1, len(these) + 1), strict=True))

    @property
    def now(self) -> int:
        return len(self.inside)

    def of(self, recovery: Recovery) -> int:
        """Reablement and intermediate care are counted apart."""
        return sum(1 for one in self.inside if one.recovery == recovery)

    @property
    def told_all(self) -> int:
        return self.told + sum(u.many for u in self.unseen if u.state == "told")

    @property
    def queued(self) -> int:
        return len(self.behind) + self.told_all

    @cached_property
    def late(self) -> tuple[InRecovery, ...]:
        return tuple(one for one in self.inside if one.is_late(self.today))

    @property
    def horizon(self) -> date:
        """The first day that is not looked at."""
        return self.today + timedelta(days=self.days)

    def _length(self, recovery: str) -> timedelta:
        return timedelta(days=self.lengths.get(recovery, USUAL_LENGTH))

    @cached_property
    def starts(self) -> tuple[Start, ...]:
        """Who can begin when, in the order in which they are wanted: nobody is passed over, nor is the most."""
        load = Counter[date]()
        dates = [self.today + n * DAY for n in range(self.days)]
        for one in self.inside:
            load.update(d for d in dates if one.is_late(self.today) or d < one.until)
        for each in self.taken:
            load.update(d for d in dates if d < self.today + self._length(each.recovery))
        found = []
        for each in sorted(self.behind, key=lambda w: (max(w.wanted or self.today, self.today), w.ready_at)):
            wanted = max(each.wanted or self.today, self.today)
            on = next((d for d in dates if d >= wanted and load[d] < self.most), None)
            if on is not None:
                load.update(d for d in dates if on <= d < on + self._length(each.recovery))
            found.append(Start(each, wanted, on))
        return tuple(found)

    @cached_property
    def forecast(self) -> tuple[DayLoad, ...]:
        """Day by day, today first."""
        return tuple(self._day(self.today + n * DAY) for n in range(self.days))

    def _day(self, day: date) -> DayLoad:
        counted = Counter[str](one.recovery for one in self.inside if one.is_late(self.today) or day < one.until)
        counted.update(w.recovery for w in self.taken if day < self.today + self._length(w.recovery))
        for start in self.starts:
            if start.on is not None and start.on <= day < start.on + self._length(start.waiting.recovery):
                counted[start.waiting.recovery] += 1
        return DayLoad(
            day, counted["reablement"], counted["intermediate_care"],
            tuple(s for s in self.starts if s.on == day),
            tuple(one for one in self.inside if one.until == day and not one.is_late(self.today)),
            tuple(s for s in self.starts if s.wanted <= day and (s.on is None or s.on > day)),
        )  # fmt: skip

    @property
    def first_place(self) -> date | None:
        """The first day on which one more fits, after all who wait; None when none is in sight."""
        return next((each.day for each in self.forecast if each.all < self.most and not each.held_back), None)


def _hidden_inside(unseen: Unseen, number: int, today: date) -> InRecovery:
    key = UUID(int=number)
    until = today if unseen.state == "late" else unseen.day or today
    recovery: Recovery = unseen.recovery or "reablement"
    return InRecovery(TransferId(key), PersonId(key), "", recovery, today, until, False, "", 0)


def _hidden_waiting(unseen: Unseen, number: int) -> Waiting:
    key = UUID(int=number)
    recovery: Recovery = unseen.recovery or "reablement"
    return Waiting(TransferId(key), PersonId(key), "", recovery, unseen.day, datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of reablement on one day where somebody lives: short as it is planned, and spare."""

    day: date
    short: int
    spare: int


@dataclass(frozen=True, slots=True)
class ExtraDay:
    """A day with one more in the caseload. ``short``: minutes of reablement that are short then, ``added`` of them by
    this one; None: that day has no rota yet, or it is not reablement."""

    day: date
    load: int
    over: bool
    short: int | None = None
    added: int | None = None


@dataclass(frozen=True)
class OneMore:
    """What it costs to take somebody today: days that pass the most, whose start it puts off and by how many days."""

    waiting: Waiting
    most: int
    days: tuple[ExtraDay, ...]
    delayed: tuple[tuple[Start, Start], ...]
    """as it would be, and as it is then"""
    horizon: date
    minutes_a_day: int = 0

    @property
    def over(self) -> tuple[ExtraDay, ...]:
        return tuple(each for each in self.days if each.over)

    @property
    def days_lost(self) -> int:
        return sum((after.on or self.horizon).toordinal() - (before.on or self.horizon).toordinal()
                   for before, after in self.delayed)  # fmt: skip

    @property
    def minutes_short(self) -> int:
        return sum(each.added or 0 for each in self.days)


def one_more(load: Caseload, who: Waiting, hours: Sequence[Hours] = (), minutes_a_day: int = 0) -> OneMore:
    """``hours``: what the forecast of reablement says of the days; ``minutes_a_day`` that somebody takes on average."""
    before = replace(load, waiting=tuple(w for w in load.waiting if w.transfer_id != who.transfer_id))
    after = replace(before, taken=(who,))
    by_day = {each.day: each for each in hours}
    stays = load.today + timedelta(days=load.lengths.get(who.recovery, USUAL_LENGTH))
    days = []
    for each in before.forecast:
        there = each.all + (1 if each.day < stays else 0)
        known = by_day.get(each.day) if who.recovery == "reablement" else None
        added = max(0, minutes_a_day - known.spare) if known is not None and each.day < stays else 0
        days.append(
            ExtraDay(each.day, there, there > load.most, known.short + added, added)
            if known is not None
            else ExtraDay(each.day, there, there > load.most)
        )
    then = {start.waiting.transfer_id: start for start in after.starts}
    delayed = tuple(
        (start, then[start.waiting.transfer_id])
        for start in before.starts
        if start.on != then[start.waiting.transfer_id].on
    )
    return OneMore(who, load.most, tuple(days), delayed, load.horizon, minutes_a_day)


@dataclass(frozen=True, slots=True)
class TransferList:
    """What the page shows, in one reading."""

    rows: tuple[Transfer, ...]
    told: tuple[Told, ...]
    caseload: Caseload
    as_of: datetime
