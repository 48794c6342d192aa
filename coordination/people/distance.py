"""How far two spellings of a name are apart. Pure."""

from __future__ import annotations


def allowed(name: str) -> int:
    """How many slips a (folded) name of that length may hold: none in two letters, one up to seven, then two."""
    return 0 if len(name) < 3 else 1 if len(name) <= 7 else 2


def near(one: str, other: str) -> bool:
    """Whether one (folded) name may be the other misspelt."""
    most = min(allowed(one), allowed(other)) or (1 if min(len(one), len(other)) >= 2 and one[:1] == other[:1] else 0)
    return most > 0 and distance(one, other, most) <= most


def distance(one: str, other: str, most: int) -> int:
    """Letters to insert, drop, change or swap with a neighbour; ``most + 1`` as soon as it is more than ``most``.

    >>> distance("pankhurst", "pankhrust", 2)
    1
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, their in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != their))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == their:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
