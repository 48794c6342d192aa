"""Columns of the national report, compared by their words: years word one thing otherwise, and add others (T6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Match = Literal["same", "reworded", "added", "missing"]
ALIKE = 0.93
"""how alike two wordings must be to be one column; below it is another"""


def plain(words: object) -> str:
    """Words as they are compared: one space, one kind of dash, no capitals, no full stop at the end."""
    said = unicodedata.normalize("NFKC", str(words))
    said = re.sub(r"[‐-―−]", "-", said)
    return " ".join(said.split()).casefold().rstrip(" .:")


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One of our columns and theirs. ``added``: only theirs; ``missing``: only ours; ``reworded``: one meaning, said
    otherwise."""

    match: Match
    ours: str
    theirs: str


def match_columns(ours: Sequence[str], theirs: Sequence[str]) -> list[ColumnMatch]:
    """Ours in their order, then what they have besides. No column of theirs stands for two of ours."""
    left = {plain(words): words for words in theirs}
    found: dict[str, ColumnMatch] = {}
    for words in ours:
        if plain(words) in left:
            found[words] = ColumnMatch("same", words, left.pop(plain(words)))
    pairs = sorted(
        ((_alike(plain(mine), key), mine, key) for mine in ours if mine not in found for key in left), reverse=True
    )
    for alike, mine, key in pairs:
        if alike >= ALIKE and mine not in found and key in left:
            found[mine] = ColumnMatch("reworded", mine, left.pop(key))
    matched = [found.get(words, ColumnMatch("missing", words, "")) for words in ours]
    return matched + [ColumnMatch("added", "", words) for words in theirs if plain(words) in left]


def _alike(mine: str, theirs: str) -> float:
    """Nothing is alike whose pathway or other number differs."""
    if re.findall(r"\d+", mine) != re.findall(r"\d+", theirs):
        return 0.0
    return SequenceMatcher(None, mine, theirs, autojunk=False).ratio()
