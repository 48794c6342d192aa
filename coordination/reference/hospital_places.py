"""Places of what a ward may say of a person's needs, for the questions of forms (``known = "message.…"``).

A place is ``message.`` and the outermost heading, with the last one when it says more:
``message.care_needs_summary``, ``message.about_me.my_wellness``, ``message.risks.risk_of_accidents``.
"""

from __future__ import annotations

import re
from functools import cache

from coordination.reference.hospital_headings import Path, find, leaves

_NOT_NEEDS = frozenset(
    {
        "Message", "Person demographics", "GP practice", "Local authority",
        "Documents (including correspondence and images)",
        "Assessment notice", "Discharge notice", "Withdrawal notice", "Notice receipt", "Admission details",
        "Discharge details",
    }
)  # fmt: skip
_NOT_SAID = frozenset(
    {"Person completing record", "Performing professional", "Location", "Referrer details", "Referral to"}
)
_WRAPS = frozenset({"Free text", "Coded value"})
_WORD = re.compile(r"[^a-z0-9]+")


def place_of(path: Path) -> str:
    """The place of words at a heading; empty for what is no need: who wrote it, ids, dates of the record."""
    names = [step for step in path if isinstance(step, str)]
    if not names or names[0] in _NOT_NEEDS or _NOT_SAID & set(names):
        return ""
    names = [name for name in names if name not in _WRAPS and not name.endswith("record entry")] or names[:1]
    heading = find(path)
    if heading is None or heading.holds in ("date", "datetime"):
        return ""
    top, last = _slug(names[0]), _slug(names[-1])
    return f"message.{top}" if top == last else f"message.{top}.{last}"


@cache
def places() -> tuple[str, ...]:
    """Every place that a message can fill, in the order of the standard."""
    return tuple(dict.fromkeys(place for path in leaves() if (place := place_of(path))))


def _slug(name: str) -> str:
    return _WORD.sub("_", name.casefold().replace("'", "")).strip("_")
