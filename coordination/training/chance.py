"""Chance that comes out the same every time: everything invented is drawn from one of these."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things to pick from, each as often as its weight says."""

    __slots__ = ("_sums", "_things", "_total")

    def __init__(self, weights: Mapping[T, float] | Sequence[tuple[T, float]]) -> None:
        pairs = [p for p in (weights.items() if isinstance(weights, Mapping) else weights) if p[1] > 0]
        self._things = [thing for thing, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))
        self._total = self._sums[-1]

    def at(self, fraction: float) -> T:
        """The thing at a place in ``[0, 1)``."""
        return self._things[bisect(self._sums, fraction * self._total, 0, len(self._things) - 1)]


class Chance:
    """One stream of chance. The same purpose and seed always give the same stream, on every machine."""

    def __init__(self, seed: int, purpose: str, began: datetime) -> None:
        """``began`` dates the ids: they look as if made one a millisecond from then on."""
        self._random = Random(f"{seed}/{purpose}")  # noqa: S311 - invented data, not a secret
        self._millisecond = int(began.timestamp() * 1000)
        self.fraction = self._random.random

    def id(self) -> str:
        """A UUIDv7 in hexadecimal, later than those before it."""
        self._millisecond += 1
        bits = self._random.getrandbits(74)
        return f"{self._millisecond << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1:032x}"

    def happens(self, probability: float) -> bool:
        return self.fraction() < probability

    def one_of(self, things: Sequence[T]) -> T:
        return things[int(self.fraction() * len(things))]

    def pick(self, weighted: Weighted[T]) -> T:
        return weighted.at(self.fraction())

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends in."""
        return low + int(self.fraction() * (high - low + 1))

    def around(self, middle: float, spread: float) -> float:
        """Normally distributed."""
        return self._random.gauss(middle, spread)

    def shuffled(self, things: Sequence[T]) -> list[T]:
        return self._random.sample(things, len(things))

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """``count`` different ones, or all if there are fewer."""
        return self._random.sample(things, min(count, len(things)))
