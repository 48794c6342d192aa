"""Text that people typed, as far as it can be stored."""

from __future__ import annotations

from coordination.errors import BadValue
from coordination.values import is_storable


def check_text(field: str, text: str, longest: int) -> str:
    """The text without blanks around it, otherwise exactly as typed: accents, emoji and any script are kept.

    Raises BadValue(field, 'has_unstorable_character' | 'too_long').
    """
    if not is_storable(text):
        raise BadValue(field, "has_unstorable_character")
    text = text.strip()
    if len(text) > longest:
        raise BadValue(field, "too_long")
    return text
