"""Dates of birth in the many ways in which people write and say them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from coordination.errors import BadValue

EARLIEST = date(1890, 1, 1)  # nobody alive was born before; the database refuses it too
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH = "(?P<word>" + "|".join(f"{m[:3]}(?:{m[3:]})?" if m[3:] else m for m in _MONTHS) + "|sept)"
_END = r"(?![\w])"

# Tried in this order; each names day, month (or word) and year.
_PATTERNS = tuple(
    re.compile(r"(?<![\w/])" + pattern + _END, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
        r"(?P<day>\d{1,2}) (?P<month>\d{1,2}) (?P<year>\d{4}|\d{2})",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)?[-/. ]?" + _MONTH + r"[-/., ]{0,2}(?P<year>\d{4}|\d{2})",
        _MONTH + r" (?P<day>\d{1,2})(?:st|nd|rd|th)?[, ]{1,2}(?P<year>\d{4}|\d{2})",
        r"(?P<year>(?:18|19|20)\d{2})(?P<month>0\d|1[0-2])(?P<day>\d{2})",  # else 19012001 would be in 1901
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>(?:18|19|20)\d{2}|\d{2})",
        _MONTH + r"[-/. ](?P<year>\d{4})",
        r"(?P<year>\d{4})",
    )
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both in: one day, a month or a year."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def take_dates(text: str, today: date) -> tuple[tuple[Span, ...], str]:
    """Every date of birth in a text, and what is left of it. Two digits of a year may mean two centuries."""
    found: list[Span] = []
    for pattern in _PATTERNS:
        at = 0
        while match := pattern.search(text, at):
            spans = _read(match, today)
            if spans:
                found += spans
                text = text[: match.start()] + " " + text[match.end() :]
                at = match.start()
            else:
                at = match.start() + 1
    return tuple(dict.fromkeys(found)), text


def read_birth_date(value: date | str | None, today: date, field: str = "birth_date") -> date | None:
    """One day out of a form field; None when it is empty. Two digits of a year mean the last time there was one.

    Raises BadValue(field, 'not_a_date' | 'impossible_date' | 'in_the_future' | 'before_1890').
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    day = value if isinstance(value, date) else _one_day(" ".join(value.split()), today, field)
    if day > today:
        raise BadValue(field, "in_the_future")
    if day < EARLIEST:
        raise BadValue(field, "before_1890")
    return day


def _one_day(text: str, today: date, field: str) -> date:
    for pattern in _PATTERNS[:7]:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        day, month, year = int(match["day"]), _month(match), int(match["year"])
        if len(match["year"]) == 2:
            year += 2000 if 2000 + year <= today.year else 1900
        try:
            return date(year, month, day)
        except ValueError:
            raise BadValue(field, "impossible_date") from None
    raise BadValue(field, "not_a_date")


def _read(match: re.Match[str], today: date) -> list[Span]:
    """The days that a match may mean; none when it is no possible date of birth."""
    groups = match.groupdict()
    years = [int(match["year"])] if len(match["year"]) == 4 else [1900 + int(match["year"]), 2000 + int(match["year"])]
    spans: list[Span] = []
    for year in years:
        if not EARLIEST.year <= year <= today.year:
            continue
        if "day" in groups:
            spans += _days(year, _month(match), int(match["day"]))
        elif groups.get("word"):
            month = _month(match)
            spans.append(Span(date(year, month, 1), date(year, month, monthrange(year, month)[1])))
        else:
            spans.append(Span(date(year, 1, 1), date(year, 12, 31)))
    return [span for span in spans if span.first <= today]


def _days(year: int, month: int, day: int) -> list[Span]:
    # The American order is tried only where the British one cannot be.
    for m, d in ((month, day), (day, month)):
        try:
            found = date(year, m, d)
        except ValueError:
            continue
        return [Span(found, found)]
    return []


def _month(match: re.Match[str]) -> int:
    word = match.groupdict().get("word")
    if word:
        return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(word.lower()[:3]))
    return int(match["month"])
