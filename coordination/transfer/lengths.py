"""Tables 3 and 5 of the national report (T6): further bed days, and why people wait, of those who have been in hospital
for some time. Weekly snapshots: ours are taken on Wednesdays. Where a day of admission is not known and would decide,
the cell is empty and the people are named: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from coordination.clock import local_date
from coordination.transfer.model import Transfer

SNAPSHOT_WEEKDAY = 2
"""Providers choose the day of the week of their snapshot: Wednesday, Monday being 0."""
THRESHOLDS = (7, 14, 21)
LONG = 14
"""Table 5 counts people who have been in hospital so many days or more."""
BED_DAYS = {days: f"Number of additional bed days, patients with length of stay of {days}+ days" for days in THRESHOLDS}
Remaining = Callable[[date], Sequence[Transfer]]


@dataclass(frozen=True)
class Lengths:
    """Of one site. ``bed_days``: by snapshot and length of stay, days since they were ready of those who remained;
    ``behind``: how many people these are. ``long``: by snapshot and reason (empty: none recorded), how many people of
    ``LONG`` days or more. None: somebody's length of stay is not known and would decide. ``unknown``: who. ``people``:
    whom a number of ``bed_days`` or a reason of ``long`` is made of (O2)."""

    bed_days: Mapping[tuple[date, int], int | None]
    behind: Mapping[tuple[date, int], int]
    long: Mapping[tuple[date, str], int | None]
    unknown: tuple[Transfer, ...] = field(repr=False, default=())
    people: Mapping[object, tuple[Transfer, ...]] = field(repr=False, default_factory=dict)

    @property
    def snapshots(self) -> tuple[date, ...]:
        return tuple(dict.fromkeys(day for day, _ in self.bed_days))

    def reason(self, words: str) -> int | None:
        """Over all snapshots; None where one of them is not known."""
        counts = [self.long[day, words] for day in self.snapshots]
        known = [n for n in counts if n is not None]
        return sum(known) if len(known) == len(counts) else None


NO_LENGTHS = Lengths({}, {}, {})


def snapshots(days: Sequence[date]) -> list[date]:
    return [day for day in days if day.weekday() == SNAPSHOT_WEEKDAY]


def week_of(day: date) -> date:
    """The Monday that a snapshot is published under."""
    return day - timedelta(days=day.weekday())


def lengths(
    days: Sequence[date], remaining: Remaining, reason_of: Callable[[Transfer, date], str], reasons: Sequence[str]
) -> Lengths:
    """``remaining``: who is in hospital and need not be, at the end of a day; ``reason_of``: why, in the words of the
    list, empty where nobody has said."""
    bed_days: dict[tuple[date, int], int | None] = {}
    behind: dict[tuple[date, int], int] = {}
    long: dict[tuple[date, str], int | None] = {}
    unknown: dict[object, Transfer] = {}
    of: dict[object, dict[object, Transfer]] = {}
    for day in snapshots(days):
        people = remaining(day)
        for length in THRESHOLDS:
            told = [(one, one.has_been_there(day, length)) for one in people]
            there = [one for one, long_enough in told if long_enough]
            unknown.update({one.id: one for one, long_enough in told if long_enough is None})
            known = all(long_enough is not None for _, long_enough in told)
            bed_days[day, length] = sum((day - local_date(one.ready_at)).days for one in there) if known else None
            behind[day, length] = len(there)
            of[day, length] = {one.id: one for one in there}
        for words in (*reasons, ""):
            told = [(one, one.has_been_there(day, LONG)) for one in people if reason_of(one, day) == words]
            there = [one for one, long_enough in told if long_enough]
            long[day, words] = len(there) if all(t is not None for _, t in told) else None
            of.setdefault(words, {}).update({one.id: one for one in there})
    who = {key: tuple(found.values()) for key, found in of.items()}
    return Lengths(bed_days, behind, long, tuple(unknown.values()), who)
