"""What somebody types while a caller speaks, read into a query. Pure: no database, no clock of its own.

Any of surname, given name, date of birth, postcode, telephone and NHS number, in any order:

>>> parse("emmeline pankhurst 14/7/45", date(2026, 11, 22)).names
('emmeline', 'pankhurst')
>>> parse("0161 496 0000 m9 5ab", date(2026, 11, 22)).phones
('1614960000',)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from coordination.errors import BadValue
from coordination.people.dates import Span, take_dates
from coordination.values import NhsNumber, Postcode, is_storable, phone_key

LONGEST = 200  # characters that are read; nobody types more into a search box
_MOST_NAMES = 4
_TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "lady", "lord", "master", "sister", "father"]
)

_NHS = re.compile(r"(?<![\d+])([1-9]\d{2})[ .-]?(\d{3})[ .-]?(\d{4})(?!\d)")
# A telephone number as it is written in Britain: ten digits after the zero or the 44, or nine where no more follow. Its
# first group, zero and all, has three digits or more, which tells it from a date such as 01 12 1949.
_BRITISH = re.compile(
    r"(?<![\w+])(?:(?:\+|00)44[ -]?(?:\(0\))?|(?=\(?0\d{2})\(?0)"
    r"(?:(?:[ )-]{0,2}\d){10}(?![\d/])|(?:[ )-]{0,2}\d){9}(?![ -]?\d|/))"
)
_PHONE = re.compile(r"(?<![\w])\+?\(?\d(?:[ ().-]{0,2}\d){8,13}(?![\w])")
_POSTCODE = re.compile(r"(?<!\w)([a-z]{1,2}\d[a-z\d]?)\s*(\d[abd-hjlnp-uw-z]{2})(?!\w)", re.IGNORECASE)
_POSTCODE_START = re.compile(r"(?<!\w)([a-z]{1,2}\d[a-z\d]?)(?:\s+(\d[abd-hjlnp-uw-z]?))?(?!\w)", re.IGNORECASE)
_DIGITS = re.compile(r"(?<!\w)\d(?:[ .-]?\d){3,}(?!\w)")


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood. Everything empty: nothing to search by.

    ``names`` as typed, in order; ``before_comma`` says how many of them form the surname (0: no comma was typed).
    ``births`` are spans of days, since a year or a month is a start. ``phones`` are keys (``values.phone_key``),
    ``digits`` the beginning of a telephone or NHS number. ``nhs_check_fails``: ten digits that look like an NHS
    number, of which one must be wrong.
    """

    names: tuple[str, ...] = ()
    before_comma: int = 0
    births: tuple[Span, ...] = ()
    nhs_number: NhsNumber | None = None
    nhs_check_fails: bool = False
    phones: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    postcodes: tuple[Postcode, ...] = ()
    postcode_starts: tuple[str, ...] = ()

    @property
    def says_more_than_names(self) -> bool:
        """A whole date of birth, number or postcode stands beside the name, or instead of it."""
        return bool(self.nhs_number or self.phones or self.postcodes or any(span.is_day for span in self.births))

    @property
    def is_empty(self) -> bool:
        return self == Query()


def parse(text: str, today: date) -> Query:
    """Read what was typed. Never raises: what cannot be read is a name, or is left out."""
    rest = " ".join("".join(c if is_storable(c) else " " for c in text[:LONGEST]).split())
    british, rest = _take_phones(rest, _BRITISH)
    number, fails, rest = _take_nhs_number(rest)
    births, rest = take_dates(rest, today)
    others, rest = _take_phones(rest, _PHONE)
    phones = tuple(dict.fromkeys([*british, *others]))
    postcodes, starts, rest = _take_postcodes(rest)
    digits, rest = _take_digits(rest)
    names, before_comma = _names(rest)
    if fails is not None:  # what fails as an NHS number may be a telephone number without its zero
        phones = (*phones, fails)
    return Query(names, before_comma, births, number, fails is not None, phones, digits, postcodes, starts)


def readings(names: tuple[str, ...], before_comma: int = 0) -> tuple[tuple[str, str], ...]:
    """Which of the (folded) words may be surname and which given name, as (surname, given), likeliest first.

    Either order, and words that belong together (``smith jones`` may be the surname ``Smith-Jones``).
    """
    if before_comma:
        return (("".join(names[:before_comma]), "".join(names[before_comma:])),)
    found: list[tuple[str, str]] = []
    for at in range(len(names) - 1, 0, -1):
        first, second = "".join(names[:at]), "".join(names[at:])
        found += [(second, first), (first, second)]
    found.append(("".join(names), ""))
    return tuple(dict.fromkeys(found)) if names else ()


def _cut(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " + text[match.end() :]


def _take_nhs_number(text: str) -> tuple[NhsNumber | None, str | None, str]:
    """The number if there is one; else the ten digits that failed their check, if any; and what is left."""
    for match in _NHS.finditer(text):
        digits = "".join(match.groups())
        try:
            return NhsNumber(digits), None, _cut(text, match)
        except BadValue:
            return None, digits, _cut(text, match)
    return None, None, text


def _take_phones(text: str, pattern: re.Pattern[str]) -> tuple[list[str], str]:
    found: list[str] = []
    at = 0
    while match := pattern.search(text, at):
        key = phone_key(match[0])
        if 9 <= len(key) <= 10:
            found.append(key)
            text, at = _cut(text, match), match.start()
        else:
            at = match.end()
    return found, text


def _take_postcodes(text: str) -> tuple[tuple[Postcode, ...], tuple[str, ...], str]:
    whole: list[Postcode] = []
    while match := _POSTCODE.search(text):
        whole.append(Postcode(match[0]))
        text = _cut(text, match)
    starts: list[str] = []
    while match := _POSTCODE_START.search(text):
        outward, inward = match[1].upper(), (match[2] or "").upper()
        starts.append(f"{outward} {inward}")
        text = _cut(text, match)
    return tuple(dict.fromkeys(whole)), tuple(dict.fromkeys(starts)), text


def _take_digits(text: str) -> tuple[tuple[str, ...], str]:
    """Digits that are neither a date nor a whole number: the beginning of a number, if there are six."""
    found: list[str] = []
    while match := _DIGITS.search(text):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) >= 6:
            found.append(digits)
        text = _cut(text, match)
    return tuple(dict.fromkeys(found)), text


def _names(text: str) -> tuple[tuple[str, ...], int]:
    head, comma, tail = text.partition(",")
    first, last = _words(head), _words(tail.replace(",", " "))
    if not comma or not first or not last:
        words = [*first, *last]
        return tuple(_without_titles(words)[:_MOST_NAMES]), 0
    first, last = _without_titles(first), _without_titles(last)
    names = tuple([*first, *last][:_MOST_NAMES])
    return names, (len(first) if last and len(first) < len(names) else 0)


def _words(text: str) -> list[str]:
    words = (word.strip('.,;:()[]/\\"“”') for word in text.split())
    return [word for word in words if any(character.isalpha() for character in word)]


def _without_titles(words: list[str]) -> list[str]:
    kept = [word for word in words if word.casefold() not in _TITLES]
    return kept or words
