"""What a ward says of the person's needs, by the places that a form's questions ask for (``known = "message.…"``).

A place is ``message.`` and the outermost heading, with the last one when it says more:
``message.care_needs_summary``, ``message.about_me.my_wellness``, ``message.risks.risk_of_accidents``.
"""

from __future__ import annotations

import re
from functools import cache

from coordination.messages.prsb import AssessmentNotice, Notice
from coordination.messages.prsb_headings import Path, find, leaves

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


def known(notice: Notice) -> tuple[tuple[str, str], ...]:
    """Place and words of everything that a notice says of needs; several words at one place, one to a line."""
    found: dict[str, list[str]] = {}
    if isinstance(notice, AssessmentNotice):
        for path, words in ((_REASON, notice.reason), (_CARE_NEEDS, notice.care_needs)):
            if words:
                found.setdefault(place_of(path), []).append(words)
    for path, words in notice.said:
        place = place_of(path)
        if place and words not in found.setdefault(place, []):
            found[place].append(words)
    return tuple((place, "\n".join(words)[:20_000]) for place, words in found.items() if words)


_REASON: Path = ("Referral details", "Referral details record entry", "Reason for referral")
_CARE_NEEDS: Path = ("Care needs summary", "Care needs summary")


def _slug(name: str) -> str:
    return _WORD.sub("_", name.casefold().replace("'", "")).strip("_")
