"""The daily discharge situation report in the national columns, word for word (T6); counts keep their people (O2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from coordination.clock import local_date
from coordination.reference.standing import DelayReason, Destination
from coordination.transfer.lengths import NO_LENGTHS, Lengths, lengths
from coordination.transfer.model import Transfer, TransferId

READY = "Number of patients who no longer meet the criteria to reside"
DISCHARGED = "Number of patients discharged"
REMAINING = "Number of patients remaining in hospital who no longer meet the criteria to reside"
DAILY = (READY, DISCHARGED, REMAINING)


@dataclass(frozen=True)
class SiteReport:
    """One site. ``daily``: by day and column of table 2; ``destinations``: table 4, of the whole time; ``reasons``: how
    many waited for it on each day; ``nights``: DTOC days by reason; ``unreasoned``: nights with none; ``lengths``:
    tables 3 and 5."""

    hospital: str
    name: str
    daily: dict[date, dict[str, int]]
    destinations: dict[str, int]
    reasons: dict[date, dict[str, int]]
    nights: dict[str, int]
    unreasoned: int
    people: dict[str, tuple[Transfer, ...]] = field(repr=False, default_factory=dict)
    lengths: Lengths = NO_LENGTHS
    nights_of: dict[tuple[str, TransferId], int] = field(repr=False, default_factory=dict)
    """Of each person, by the words of a reason, or ``unreasoned``: what ``nights`` is the sum of (O2)."""


def was_ready(one: Transfer, day: date) -> bool:
    """In a bed in the morning of this day, and no longer in need of it."""
    if one.state == "not_ready" or local_date(one.ready_at) > day:
        return False
    return one.left_at is None or local_date(one.left_at) >= day


def counted_in(one: Transfer, column: str, day: date) -> bool:
    """Whether a column of table 2 counts somebody on a day."""
    gone = left_on(one, day)
    return was_ready(one, day) and (column == READY or gone == (column == DISCHARGED))


def left_on(one: Transfer, day: date) -> bool:
    return one.left_at is not None and local_date(one.left_at) == day


def delayed_by(one: Transfer, day: date) -> str:
    """The reason that counts for the night after this day; empty when none was recorded, or they had left."""
    return next((d.reason for d in one.delays if d.since <= day and (d.until is None or day < d.until)), "")


def report(
    transfers: Iterable[Transfer], first: date, last: date, sites: dict[str, str],
    reasons: Iterable[DelayReason], destinations: Iterable[Destination],
) -> list[SiteReport]:  # fmt: skip
    """One record a site, in the order of ``sites`` (code to name). Columns are the words of the lists given."""
    everybody = list(transfers)
    words = {r.code: r.words for r in reasons}
    where = {d.code: d.words for d in destinations}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        _site(code, name, [t for t in everybody if t.hospital == code], days, words, where)
        for code, name in sites.items()
    ]


def _site(
    code: str, name: str, people: list[Transfer], days: list[date], words: dict[str, str], where: dict[str, str]
) -> SiteReport:
    daily, by_reason = {}, {}
    nights_of: Counter[tuple[str, TransferId]] = Counter()
    nights = dict.fromkeys(words.values(), 0)
    unreasoned = 0
    opened: dict[str, dict[object, Transfer]] = {}
    for day in days:
        ready = [t for t in people if was_ready(t, day)]
        gone = [t for t in ready if left_on(t, day)]
        staying = [t for t in ready if not left_on(t, day)]
        daily[day] = {READY: len(ready), DISCHARGED: len(gone), REMAINING: len(staying)}
        counts = dict.fromkeys(words.values(), 0)
        for one in staying:
            reason = words.get(delayed_by(one, day), "")
            if reason:
                counts[reason] += 1
                nights[reason] += 1
            else:
                unreasoned += 1
            opened.setdefault(reason or "unreasoned", {})[one.id] = one
            nights_of[reason or "unreasoned", one.id] += 1
        by_reason[day] = counts
        for column, found in ((READY, ready), (DISCHARGED, gone), (REMAINING, staying)):
            opened.setdefault(column, {}).update({t.id: t for t in found})
    went = dict.fromkeys(where.values(), 0)
    for one in people:
        if one.left_at is not None and days[0] <= local_date(one.left_at) <= days[-1]:
            words_there = where.get(one.destination, "")
            if words_there:
                went[words_there] += 1
                opened.setdefault(words_there, {})[one.id] = one
    of_length = lengths(
        days, lambda day: [t for t in people if was_ready(t, day) and not left_on(t, day)],
        lambda one, day: words.get(delayed_by(one, day), ""), list(words.values()),
    )  # fmt: skip
    return SiteReport(
        code, name, daily, went, by_reason, nights, unreasoned,
        {column: tuple(found.values()) for column, found in opened.items()}, of_length, dict(nights_of),
    )  # fmt: skip
