"""Who is kept out for a while, because too many passwords were refused: a login at one address, never a login alone.

A rule over what the server's log says, and nothing else: the same tries give the same locks in whatever order they are
heard, and however often. Names in a log are typed by whoever tries; what is written of them is ``db.lock_out``'s care.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

MOST_PAIRS = 5_000
"""Pairs of login and address that are remembered. Of more, those with the fewest refusals are forgotten."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """``tries`` refused within ``minutes`` shut out for ``minutes``. ``names``: so many different names refused at one
    address shut out the address with all its desks; 0: never."""

    tries: int = 10
    minutes: int = 15
    names: int = 0

    def __post_init__(self) -> None:
        if self.tries < 1 or self.minutes < 1 or self.names < 0:
            raise ValueError("limits")

    @property
    def span(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def counts(self) -> timedelta:
        """How long a try is remembered: the first may lie a span before the last, and their lock lasts another."""
        return 2 * self.span


@dataclass(frozen=True, slots=True)
class Try:
    """One entry of the server's log. ``entry``: which one it is, so that it counts once; ``known``: False where the
    server said that there is no such login."""

    entry: str
    at: datetime
    login: str
    address: str
    fitted: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Lock:
    """``login`` is empty where the whole address is shut out."""

    login: str
    address: str
    until: datetime


@dataclass(slots=True)
class Pair:
    """What is remembered of a login at an address: the latest refusals, by entry, and when a password last fitted."""

    refused: dict[str, datetime] = field(default_factory=dict)
    fitted: datetime | None = None
    known: bool = True


@dataclass(slots=True)
class SignIns:
    """What was tried lately. ``now`` is the caller's clock; where it was set back, what was heard counts as of now, so
    that no lock lasts longer than the limits say."""

    limits: Limits
    pairs: dict[tuple[str, str], Pair] = field(default_factory=dict)

    def hear(self, tries: Iterable[Try], now: datetime) -> None:
        """Take in what the log says. What is too old to count is passed over."""
        self._settle(now)
        for one in tries:
            if now - one.at >= self.limits.counts or not (one.known or self.limits.names):
                continue
            pair = self.pairs.setdefault((one.login, one.address), Pair(known=False))
            pair.known |= one.known
            if one.fitted:
                pair.fitted = max(one.at, pair.fitted or one.at)
            else:
                pair.refused[one.entry] = one.at
                self._shorten(pair)
            if len(self.pairs) > MOST_PAIRS * 2:
                self._settle(now)
        self._settle(now)

    def release(self, whom: str, now: datetime) -> int:
        """Let a login, or all at an address, in again: as if a password had fitted now. How many pairs it was."""
        found = [pair for who, pair in self.pairs.items() if whom in who]
        for pair in found:
            pair.fitted = now
        self._settle(now)
        return len(found)

    def locks(self, now: datetime) -> list[Lock]:
        """Who is shut out now, sorted."""
        self._settle(now)
        found, at_address = list[Lock](), dict[str, list[datetime]]()
        for (login, address), pair in self.pairs.items():
            times = sorted(pair.refused.values())
            at_address.setdefault(address, []).extend(times[-1:])
            if pair.known:
                found += self._lock(login, address, times, self.limits.tries)
        if self.limits.names:
            for address, times in at_address.items():
                found += self._lock("", address, sorted(times), self.limits.names)
        return sorted((lock for lock in found if lock.until > now), key=lambda lock: (lock.login, lock.address))

    def _lock(self, login: str, address: str, times: list[datetime], limit: int) -> list[Lock]:
        """One or none. The latest times are enough: a lock that earlier ones made is over once those have fallen out of
        the time within which is counted, because it lasts as long."""
        if len(times) < limit or times[-1] - times[-limit] >= self.limits.span:
            return []
        return [Lock(login, address, times[-1] + self.limits.span)]

    def _settle(self, now: datetime) -> None:
        """Nothing lies ahead of now, nothing before a password that fitted counts, and what is over is forgotten."""
        for pair in self.pairs.values():
            if pair.fitted is not None:
                pair.fitted = min(pair.fitted, now)
            since = pair.fitted
            refused = {entry: min(at, now) for entry, at in pair.refused.items()}
            pair.refused = {entry: at for entry, at in refused.items() if since is None or at > since}
        lasting = {who: pair for who, pair in self.pairs.items() if _latest(pair) > now - self.limits.counts}
        if len(lasting) > MOST_PAIRS:
            weight = sorted(lasting.items(), key=lambda each: (len(each[1].refused), _latest(each[1])))
            lasting = dict(weight[-MOST_PAIRS:])
        self.pairs = lasting

    def _shorten(self, pair: Pair) -> None:
        if len(pair.refused) > self.limits.tries:
            del pair.refused[min(pair.refused, key=lambda entry: (pair.refused[entry], entry))]


def _latest(pair: Pair) -> datetime:
    return max([*pair.refused.values(), pair.fitted or _LONG_AGO])
