"""Tips are read for markup by Qt, and they hold names, notes and what callers said: here they become plain words."""

from __future__ import annotations

from html import escape


def plain_tip(words: str) -> str:
    """The words as they are, whatever they hold. ``<img src=…>`` in a name would be fetched, from this disk too."""
    if "<" not in words:  # then Qt takes it for plain text
        return words
    return f'<span style="white-space:pre-wrap">{escape(words)}</span>'
