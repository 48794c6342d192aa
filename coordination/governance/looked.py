"""Who has looked at a person, and why could they (R4): what the audit trail says, put together by day and user.

The trail holds identifiers. With each look it holds what let that user in at that moment: the sharing level, their
team, and what they had to do with the person (``why``). Nothing here judges anybody: a look for which no reason was
found is one to ask about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Literal
from uuid import UUID

Reason = Literal["known", "own_work", "on_list", "none", "not_noted", "system"]
ListArea = Literal["board", "paper_lines"]
Kind = Literal["looked", "changed", "taken", "refused"]

LISTS = frozenset({"board", "paper_lines"})
"""A team's day on a board, a worker's sheet: many people in one look. By itself it is nothing to explain."""
LOOKS = frozenset({"view", "print", "export"})
CHANGES = frozenset({"insert", "update", "delete"})
# Changing who a person is, or what they agreed to, is no reason for having had their record open.
NOT_WORK = frozenset({"person", "person_sharing", "person_alert", "person_around", "person_merge", "emergency_access"})
KINDS: dict[str, Kind] = {
    "view": "looked", "print": "taken", "export": "taken", "refused": "refused",
    "insert": "changed", "update": "changed", "delete": "changed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries of one day by one user about one person, of one action and one kind of record. ``day`` is the centre's.

    ``facts`` are those of all of them (see 0046_looked): ``sharing:summary``, ``team:7``, ``why:visit``.
    """

    day: date
    actor: str
    role: str | None
    action: str
    area: str
    times: int
    first_at: datetime
    last_at: datetime
    facts: tuple[str, ...]
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Did:
    """What was done, to which kind of record, how often. ``forms``: on paper, as a file of which sort."""

    action: str
    area: str
    times: int
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looking:
    """One user and one person on one day. ``teams`` are ids as they were then, ``why`` codes of what they had to do
    with the person; ``noted``: whether what let them in was written down."""

    day: date
    actor: str
    role: str | None
    first_at: datetime
    last_at: datetime
    did: tuple[Did, ...]
    why: tuple[str, ...]
    sharing: tuple[str, ...]
    teams: tuple[int, ...]
    places: tuple[str, ...]
    noted: bool
    person: UUID | None = None

    @property
    def reason(self) -> Reason:
        """Whether a reason is apparent. ``none``: they looked, and had nothing to do with the person that day."""
        if self.role is None:
            return "system"
        if self.why:
            return "known"
        if any(d.action in CHANGES and d.area not in NOT_WORK for d in self.did):
            return "own_work"
        if all(d.area in LISTS for d in self.did):
            return "on_list"
        return "none" if self.noted else "not_noted"

    @property
    def unexplained(self) -> bool:
        return self.reason == "none"

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(KINDS[d.action] for d in self.did if d.action in KINDS)

    @property
    def by_emergency(self) -> bool:
        return "emergency" in self.why

    @property
    def times(self) -> int:
        return sum(d.times for d in self.did)


@dataclass(frozen=True, slots=True)
class LookPage:
    """``more``: the day to go on before; None when there is nothing older in what was asked."""

    lookings: tuple[Looking, ...]
    more: date | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody on the trail, as their account stands today."""

    user_name: str
    display_name: str
    role: str
    team: str
    locality: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Whose:
    """Who a person is, and nothing of their care. ``same``: ids of records that were merged into this one."""

    id: UUID
    surname: str
    given: str
    title: str
    birth_date: date | None
    nhs_number: str | None
    address: str
    postcode: str
    sharing: str
    same: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Emergency:
    """Emergency access that began on a day, and why, by code and in the words of whoever asked."""

    user: str
    day: date
    kind: str
    words: str


def lookings(rows: Iterable[Entries]) -> list[Looking]:
    """By day, user and person; those without an apparent reason first, then the newest."""

    def key(row: Entries) -> tuple[date, str, str]:
        return row.day, row.actor, str(row.person)

    found = [_looking(list(of)) for _, of in groupby(sorted(rows, key=key), key)]
    return sorted(found, key=lambda looking: (not looking.unexplained, -looking.last_at.timestamp(), looking.actor))


def _looking(rows: Sequence[Entries]) -> Looking:
    first = rows[0]
    done: dict[tuple[str, str], tuple[int, set[str]]] = {}
    for row in rows:
        times, forms = done.get((row.action, row.area), (0, set()))
        done[row.action, row.area] = (times + row.times, forms | set(_facts([row], "form")))
    looks = [row for row in rows if row.action in LOOKS]
    sharing = _facts(looks, "sharing")
    return Looking(
        first.day,
        first.actor,
        next((row.role for row in rows if row.role is not None), None),
        min(row.first_at for row in rows),
        max(row.last_at for row in rows),
        tuple(Did(action, area, n, tuple(sorted(forms))) for (action, area), (n, forms) in sorted(done.items())),
        _facts(looks, "why"),
        sharing,
        tuple(int(team) for team in _facts(looks, "team")),
        _facts(looks, "place"),
        bool(sharing),
        first.person,
    )


def _facts(rows: Iterable[Entries], kind: str) -> tuple[str, ...]:
    """The values of one kind of fact, each once, in order."""
    start = f"{kind}:"
    return tuple(sorted({fact[len(start) :] for row in rows for fact in row.facts if fact.startswith(start)}))


def page_of(rows: Sequence[Entries], limit: int) -> tuple[Sequence[Entries], date | None]:
    """Whole days of the first ``limit`` rows (newest day first), and the day to go on before. A day that alone has more
    than ``limit`` is given as far as it was read."""
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1].day if rows[limit - 1].day == rows[limit].day else None
    whole = [row for row in rows[:limit] if row.day != last]
    kept = whole or list(rows[:limit])
    return kept, kept[-1].day
