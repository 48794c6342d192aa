"""Where one has been: back and forward."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """A page, and what it showed."""

    page: str
    key: object = None


class History:
    """A line of spots and a place on it."""

    def __init__(self) -> None:
        self._spots: list[Spot] = []
        self._at = -1

    def visit(self, spot: Spot) -> None:
        """Go somewhere new: what lay ahead is forgotten."""
        if self._at >= 0 and self._spots[self._at] == spot:
            return
        self._spots = [*self._spots[: self._at + 1], spot][-MOST:]
        self._at = len(self._spots) - 1

    @property
    def here(self) -> Spot | None:
        return self._spots[self._at] if self._at >= 0 else None

    @property
    def behind(self) -> Spot | None:
        """The spot that back leads to."""
        return self._spots[self._at - 1] if self._at > 0 else None

    @property
    def ahead(self) -> Spot | None:
        return self._spots[self._at + 1] if self._at + 1 < len(self._spots) else None

    def step(self, by: int) -> None:
        """Move along the line; the caller has shown that spot."""
        self._at = min(max(self._at + by, 0), len(self._spots) - 1)
