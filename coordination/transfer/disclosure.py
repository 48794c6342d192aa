"""Small numbers in what leaves the centre (O3): hidden, so that nobody works them out from sums that are shown."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

HIDDEN = "*"


def hidden(counts: Mapping[Hashable, int], sums: Iterable[Sequence[Hashable]], least: int = 5) -> frozenset[Hashable]:
    """Keys of ``counts`` that must not be shown: from 1 to below ``least``; and, where one cell alone of a sum would be
    hidden, one more of it, the smallest, so that it cannot be worked out.

    ``sums``: keys of which the first is the sum of the others. Nought is no small number, unless it must cover one.
    """
    gone = {key for key, count in counts.items() if 0 < count < least}
    equations = [tuple(key for key in each if key in counts) for each in sums]
    changed = True
    while changed:
        changed = False
        for each in equations:
            if sum(1 for key in each if key in gone) != 1:
                continue
            shown = [key for key in each if key not in gone]
            if shown:
                gone.add(min(shown, key=lambda key: (counts[key] == 0, counts[key], shown.index(key))))
                changed = True
    return frozenset(gone)
