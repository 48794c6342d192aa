"""K2: tiers of risk in the shares of 2012, by locality of the practice (LLLB 1.8)."""

from __future__ import annotations

from coordination.training.chance import Chance

# Very high, high and moderate; people.
COUNTS = {
    "north": (1085, 2823, 8717, 181_615),
    "central": (837, 2142, 6908, 198_714),
    "south": (865, 2592, 7091, 159_297),
}
TIERS = ("very_high", "high", "moderate")
_SCORES = {"very_high": (70, 99), "high": (50, 69), "moderate": (25, 49), "low": (0, 24)}


class Tiers:
    """Hands out tiers so that every locality stays within a few people of its shares, older people first."""

    def __init__(self) -> None:
        self._owed = {locality: [0.0, 0.0, 0.0] for locality in COUNTS}

    def next(self, locality: str, age: int, chance: Chance) -> str:
        owed, counts = self._owed[locality], COUNTS[locality]
        for index in (0, 1, 2):
            owed[index] += counts[index] / counts[3]
        ready = 1.0 if age >= 80 else 0.45 if age >= 65 else 0.12 if age >= 45 else 0.03 if age >= 18 else 0.006
        for index, tier in enumerate(TIERS):
            # What is owed for long is paid to whoever comes, so that no tier runs behind.
            if owed[index] >= 1 and (owed[index] > 6 or chance.fraction() < ready):
                owed[index] -= 1
                return tier
        return "low"


def score(tier: str, chance: Chance) -> int:
    """An admission-risk score that belongs to the tier (K1)."""
    return chance.between(*_SCORES[tier])
