"""The catalogue as somebody types: every word typed begins a word of a name, or of what it is for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coordination.equipment import rules
from coordination.equipment.stock_model import CatalogueItem

_WORD = re.compile(r"[a-z0-9]+")


def search(text: str, catalogue: Sequence[CatalogueItem], most: int = 30) -> tuple[CatalogueItem, ...]:
    """By the name first, then by other names, then by the purpose; nothing typed: all. Where no words fit, what they
    may mean."""
    there = [m for m in catalogue if m.active]
    wanted = _WORD.findall(text.casefold())
    if not wanted:
        return tuple(there[:most])
    ranked = [(rank, n, m) for n, m in enumerate(there) if (rank := _rank(wanted, m)) is not None]
    if not ranked:
        return rules.meant(text, there, most)
    return tuple(m for _, _, m in sorted(ranked, key=lambda r: r[:2])[:most])


def _rank(wanted: Sequence[str], model: CatalogueItem) -> int | None:
    parts = (model.name, " ".join(model.also_called), f"{model.purpose} {model.group}")
    said: list[str] = []
    for rank, part in enumerate(parts):
        said += _WORD.findall(part.casefold())
        if all(any(word.startswith(w) for word in said) for w in wanted):
            return rank
    return None
