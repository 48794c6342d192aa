"""What somebody types into the forms of equipment."""

from __future__ import annotations

from coordination.errors import BadValue, BadValues


def whole(typed: object, name: str) -> int:
    """A number as somebody types it. Raises BadValues."""
    text = str(typed or "").strip()
    if not text.isdecimal():
        raise BadValues((BadValue(name, "not_a_number"),))
    return int(text)
