"""What has this user looked at? Signals that one might ask about, never a verdict."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from statistics import median, quantiles
from typing import Literal
from uuid import UUID

from coordination.governance.looked import LOOKS, Colleague, Entries, Looking, Whose, lookings
from coordination.names import listed

Hint = Literal["own_name", "same_surname", "own_address", "colleague"]
ENOUGH_OTHERS = 20
"""Days of other users of the role, below which nothing is called usual."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A person at whom a user looked in a period. ``days`` on which they did, ``unexplained`` those without an apparent
    reason; ``why`` as in Looking; ``hints`` what one might ask about."""

    person: UUID
    name: str
    days: int
    unexplained: int
    times: int
    last_at: datetime
    why: tuple[str, ...]
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class DayOf:
    """How many people's records a user opened on a day."""

    day: date
    people: int


@dataclass(frozen=True, slots=True)
class Usual:
    """People a day of all others of the role, over the days on which they looked at anybody: the median, and what nine
    in ten of their days do not pass."""

    median: float
    high: float


@dataclass(frozen=True, slots=True)
class UserLooks:
    """``usual`` None where too little is known of others. ``more``: only the newest part of the period was read."""

    user: Colleague
    people: tuple[Looked, ...]
    days: tuple[DayOf, ...]
    usual: Usual | None
    more: bool = False

    def unusual(self, day: DayOf) -> bool:
        """Well above what is usual for the role."""
        return self.usual is not None and day.people > max(10.0, 1.5 * self.usual.high)


def user_looks(
    user: Colleague,
    rows: Iterable[Entries],
    whose: Mapping[UUID, Whose],
    colleagues: Iterable[Colleague],
    others: Iterable[tuple[str, date, int]],
    *,
    more: bool = False,
) -> UserLooks:
    """Everything about one user. ``others`` as ``LookedStore.people_a_day`` gives it; the user's own are left out."""
    found = [looking for looking in lookings(rows) if looking.person is not None]
    mine = _own_addresses(user, whose.values())
    names = {_folded(c.display_name) for c in colleagues if c.user_name != user.user_name}
    people = []
    for key, of in groupby(sorted(found, key=lambda x: str(x.person)), lambda x: x.person):
        assert key is not None
        person = whose.get(key)
        people.append(_looked(key, person, list(of), _hints(user, person, mine, names)))
    people.sort(key=lambda p: (-len(p.hints), -p.unexplained, -p.last_at.timestamp(), str(p.person)))
    days: dict[date, set[UUID]] = {}
    for looking in found:
        if looking.person is not None and any(d.action in LOOKS for d in looking.did):
            days.setdefault(looking.day, set()).add(looking.person)
    counted = tuple(DayOf(day, len(who)) for day, who in sorted(days.items(), reverse=True))
    usual = usual_of([count for name, _, count in others if name != user.user_name])
    return UserLooks(user, tuple(people), counted, usual, more)


def usual_of(counts: list[int]) -> Usual | None:
    """None below ENOUGH_OTHERS days."""
    if len(counts) < ENOUGH_OTHERS:
        return None
    return Usual(float(median(counts)), float(quantiles(counts, n=10, method="inclusive")[8]))


def _looked(key: UUID, person: Whose | None, of: list[Looking], hints: tuple[Hint, ...]) -> Looked:
    return Looked(
        key,
        listed(person.surname, person.given, person.title) if person is not None else "",
        len(of),
        sum(looking.unexplained for looking in of),
        sum(looking.times for looking in of),
        max(looking.last_at for looking in of),
        tuple(sorted({why for looking in of for why in looking.why})),
        hints,
    )


def _hints(
    user: Colleague, person: Whose | None, addresses: set[tuple[str, str]], colleagues: set[str]
) -> tuple[Hint, ...]:
    if person is None:
        return ()
    name, mine = _folded(f"{person.given} {person.surname}"), _folded(user.display_name)
    hints: list[Hint] = []
    if name == mine:
        hints.append("own_name")
    elif _folded(person.surname) and _folded(person.surname) == mine.rpartition(" ")[2]:
        hints.append("same_surname")
    if name != mine and _address(person) in addresses:
        hints.append("own_address")
    if name in colleagues:
        hints.append("colleague")
    return tuple(hints)


def _own_addresses(user: Colleague, people: Iterable[Whose]) -> set[tuple[str, str]]:
    """Where people live who bear the user's own name: the centre keeps no addresses of its staff."""
    mine = _folded(user.display_name)
    found = {_address(p) for p in people if _folded(f"{p.given} {p.surname}") == mine}
    return {address for address in found if all(address)}


def _address(person: Whose) -> tuple[str, str]:
    return _folded(person.address), person.postcode.replace(" ", "").upper()


def _folded(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())
