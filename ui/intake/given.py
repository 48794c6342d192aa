"""Advice that was given in a contact, as a draft keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from coordination.intake.model import GivenAdvice
from ui import plain_json

_ROOM = 3_500  # characters; a reason may have 4,000


def as_text(advice: Iterable[GivenAdvice]) -> str:
    rows = [[one.code, one.title, one.words] for one in advice]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def of_text(text: str) -> tuple[GivenAdvice, ...]:
    """Nothing where nothing can be read."""
    try:
        kept = plain_json.read(text) or ()
        return tuple(GivenAdvice(str(code), str(title), str(words)) for code, title, words in kept)
    except (TypeError, ValueError):
        return ()


def sentence(advice: Iterable[GivenAdvice]) -> str:
    """What the ending says of it: a line a topic, the title alone where there is no room for all words."""
    lines: list[str] = []
    room = _ROOM
    for one in advice:
        whole = f"{one.title}: {one.words}"
        lines.append(whole if len(whole) <= room else one.title)
        room -= len(lines[-1]) + 1
    return "\n".join(lines)
