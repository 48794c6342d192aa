"""Times of the day and gaps as one types them, and back. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta

from coordination.deployment.patterns import Gap, Slot
from coordination.errors import BadValue
from ui import wording

HINT = "8-10, 12-13 (20 min), 18:00"
_ONE = re.compile(
    r"(?P<opens>[\d:.]+)\s*(?:(?:-|–|—|to|till|until)\s*(?P<closes>[\d:.]+))?\s*(?:\(?\s*(?P<minutes>\d{1,3})\s*min\.?\s*\)?)?",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,2}(?:[.,]5)?)\s*h(?:ours?)?)?\s*(?:(?P<minutes>\d{1,3})\s*(?:min\.?|minutes)?)?", re.I
)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A window, or with ``closes`` None a fixed time; ``minutes`` None: as long as the others."""

    opens: time
    closes: time | None
    minutes: int | None = None


def parse_times(text: str, field: str = "times") -> tuple[TimeOfDay, ...]:
    """``8-10, 12-13 (20 min), 18:00``: a window each, or one time alone for a fixed one.

    Raises BadValue(field, 'missing' or 'not_times').
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if not parts:
        raise BadValue(field, "missing")
    return tuple(_one(part, field) for part in parts)


def _one(text: str, field: str) -> TimeOfDay:
    found = _ONE.fullmatch(text)
    if found is None:
        raise BadValue(field, "not_times")
    try:
        opens, closes = (wording.parse_time(found[name] or "") for name in ("opens", "closes"))
    except BadValue:
        raise BadValue(field, "not_times") from None
    if opens is None:
        raise BadValue(field, "not_times")
    return TimeOfDay(opens, closes, int(found["minutes"]) if found["minutes"] else None)


def times_words(times: tuple[TimeOfDay, ...]) -> str:
    """``08:00–10:00, 18:00``: what ``parse_times`` reads."""
    return ", ".join(one_words(t.opens, t.closes) + (f" ({t.minutes} min)" if t.minutes else "") for t in times)


def one_words(opens: time, closes: time | None) -> str:
    return wording.clock_time(opens) if closes is None else f"{wording.clock_time(opens)}–{wording.clock_time(closes)}"


def of_slots(slots: tuple[Slot, ...]) -> tuple[tuple[TimeOfDay, ...], int]:
    """The times of a pattern, each with its length where it is not the usual one; and the usual one."""
    lengths = [s.minutes for s in slots]
    usual = max(sorted(set(lengths)), key=lengths.count)
    return tuple(TimeOfDay(s.opens, s.closes, None if s.minutes == usual else s.minutes) for s in slots), usual


def parse_gap(text: str, field: str = "gap") -> Gap | None:
    """``4 h``, ``4-6 h``, ``90 min to 2 h``: the least, and the most if there is one. Empty is none.

    Raises BadValue(field, 'not_a_gap').
    """
    plain = text.strip()
    if not plain:
        return None
    least, *most = [part.strip() for part in re.split(r"-|–|—|\bto\b", plain)]
    if len(most) > 1:
        raise BadValue(field, "not_a_gap")
    upper = _minutes(most[0], field) if most else None
    unit = re.search(r"h|min", most[0], re.IGNORECASE) if most else None
    if unit is not None and re.fullmatch(r"[\d.,]+", least):  # "4-6 h"
        least = f"{least} {unit[0]}"
    return Gap(_minutes(least, field), upper)


def _minutes(text: str, field: str) -> int:
    found = _LENGTH.fullmatch(text.strip())
    hours, minutes = (found["hours"], found["minutes"]) if found else (None, None)
    if (not hours and not minutes) or (not hours and text.strip().isdigit()):
        raise BadValue(field, "not_a_gap")
    return round(float((hours or "0").replace(",", ".")) * 60) + int(minutes or 0)


def gap_words(gap: Gap | None) -> str:
    """What ``parse_gap`` reads: ``4 h``, ``4 h to 6 h 30 min``."""
    if gap is None:
        return ""
    least = wording.length(timedelta(minutes=gap.least))
    return least if gap.most is None else f"{least} to {wording.length(timedelta(minutes=gap.most))}"
