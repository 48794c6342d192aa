"""NHS numbers of the 9xx range, which is never issued to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul

PANKHURST = "9434765919"  # the papers' own example
_WEIGHTS = range(10, 1, -1)
_RANGE = 99_999_989  # the largest prime below the hundred million numbers of the range


def check_digit(nine: str) -> int | None:
    """Modulus 11; None where it would be 10 and the number is not used."""
    digit = -sum(map(mul, map(int, nine), _WEIGHTS)) % 11
    return None if digit == 10 else digit


def numbers(seed: int) -> Iterator[str]:
    """Valid numbers, no two alike, Mrs Pankhurst's left out."""
    place = seed * 7_919 % _RANGE
    while True:
        place = (place + 1) % _RANGE
        # Cubing goes through the whole range without meeting itself, since 3 does not divide the prime less one.
        nine = f"9{pow(place, 3, _RANGE):08d}"
        digit = check_digit(nine)
        if digit is not None and (number := f"{nine}{digit}") != PANKHURST:
            yield number
