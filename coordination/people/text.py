"""Text that people typed, as far as it can be stored."""

from __future__ import annotations

from coordination.errors import BadValue
from coordination.values import is_storable

# Control characters and the marks that turn the direction of whatever follows: a name with one of them turns round the
# words beside it on every screen. Scripts written from the right need none of them; joiners and plain marks are kept.
_UNSEEN = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
for _kept in "\t\n\r":
    del _UNSEEN[ord(_kept)]


def check_text(field: str, text: str, longest: int) -> str:
    """The text without blanks around it and unseen controls, otherwise as typed: accents, emoji, any script.

    Raises BadValue(field, 'has_unstorable_character' | 'too_long').
    """
    if not is_storable(text):
        raise BadValue(field, "has_unstorable_character")
    text = text.translate(_UNSEEN).strip()
    if len(text) > longest:
        raise BadValue(field, "too_long")
    return text
