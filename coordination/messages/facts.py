"""The checks that every way in shares: NHS number, dates, postcode, telephone; and what running text may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from coordination.clock import LONDON
from coordination.errors import BadValue
from coordination.messages.findings import Findings
from coordination.messages.model import Suggestion
from coordination.values import NhsNumber, Postcode, phone_key

EARLIEST_BIRTH = date(1890, 1, 1)  # as the person's record has it
NEED_LIMIT = 20_000  # characters of need that a contact and a referral can hold
SCANNED = 200_000  # characters of running text that are searched for suggestions
MAX_SUGGESTIONS = 40

PostcodeKnown = Callable[[Postcode], bool]


@dataclass(slots=True)
class Reading:
    """What every reader is given: the day, the findings, and whether a postcode is known (None: cannot be asked)."""

    today: date
    findings: Findings
    postcode_known: PostcodeKnown | None = None


def nhs_number(text: str, path: str, reading: Reading) -> NhsNumber | None:
    """The number when its check digit holds; otherwise nothing, and a finding with what stood there."""
    try:
        return NhsNumber.parse(text)
    except BadValue as bad:
        reading.findings.refuse_field(path, f"nhs_number_{bad.reason}", value=text)
        return None


def birth_date(text: str, path: str, reading: Reading) -> date | None:
    """A whole day (``YYYY-MM-DD``) on which somebody alive or lately dead can have been born."""
    day = calendar_day(text, path, reading, "birth_date")
    if day is None:
        return None
    if day > reading.today:
        reading.findings.refuse_field(path, "birth_date_in_future", value=text)
        return None
    if day < EARLIEST_BIRTH:
        reading.findings.refuse_field(path, "birth_date_too_long_ago", value=text)
        return None
    return day


def calendar_day(text: str, path: str, reading: Reading, what: str = "date") -> date | None:
    """``YYYY-MM-DD``, also when a time follows. A year or a month alone is reported and not guessed."""
    text = text.strip()
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        reading.findings.refuse_field(path, f"{what}_incomplete", value=text)
        return None
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})(?=$|T)", text, re.ASCII)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else _fail()
    except ValueError:
        reading.findings.refuse_field(path, f"{what}_impossible", value=text)
        return None


def _fail() -> date:
    raise ValueError


def moment(text: str, path: str, reading: Reading) -> datetime | None:
    """An aware time in UTC. A time without a zone is taken as London's, with a finding; a day as its midnight."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        reading.findings.refuse_field(path, "time_impossible", value=text)
        return None
    if at.tzinfo is None:
        if "T" in text:
            reading.findings.info(path, "time_without_zone", value=text)
        at = at.replace(tzinfo=LONDON)
    try:
        return at.astimezone(UTC)
    except (OverflowError, ValueError):
        reading.findings.refuse_field(path, "time_impossible", value=text)
        return None


def postcode(text: str, path: str, reading: Reading) -> Postcode | None:
    """Form and existence are two questions: a wrong form is refused, an unknown one is only a warning."""
    try:
        found = Postcode(text)
    except BadValue:
        reading.findings.refuse_field(path, "postcode_not_a_postcode", value=text)
        return None
    if reading.postcode_known is not None and not reading.postcode_known(found):
        reading.findings.warn(path, "postcode_unknown", value=found.text)
    return found


def phone(text: str, path: str, reading: Reading) -> str:
    """The number as it was sent, with a finding when there are too few digits to call it."""
    if text and not phone_key(text):
        reading.findings.warn(path, "phone_too_short", value=text)
    return text


# ---------------------------------------------------------------- what running text may hold

_NHS = re.compile(r"(?<![\d+])\d{3}[ \-]?\d{3}[ \-]?\d{4}(?!\d)", re.ASCII)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b", re.ASCII | re.IGNORECASE)
_PHONE = re.compile(r"(?<![\d+])(?:\+44 ?(?:\(0\) ?)?|0)\d(?:[ \-()]{0,2}\d){8,9}(?!\d)", re.ASCII)
_BORN = re.compile(
    r"\b(?:d\.?o\.?b\.?|born(?: on)?|date of birth|birth ?date)\b[\s:.\-]{0,4}"
    r"(\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?[ \-][A-Za-z]{3,9}[ \-,]{1,2}\d{4})",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def suggestions(text: str, today: date) -> tuple[Suggestion, ...]:
    """NHS numbers, dates of birth, postcodes and telephone numbers in running text, in order of place."""
    text = text[:SCANNED]
    found = [*_dates_of_birth(text, today), *_numbers(text), *_postcodes(text), *_phones(text)]
    taken: list[Suggestion] = []
    for one in sorted(found, key=lambda s: (s.start, -s.end)):
        if not taken or one.start >= taken[-1].end:
            taken.append(one)
    return tuple(taken[:MAX_SUGGESTIONS])


def _numbers(text: str) -> list[Suggestion]:
    found = []
    for match in _NHS.finditer(text):
        try:
            found.append(Suggestion("nhs_number", str(NhsNumber.parse(match[0])), match.start(), match.end()))
        except BadValue:
            continue
    return found


def _postcodes(text: str) -> list[Suggestion]:
    return [
        Suggestion("postcode", Postcode(match[0]).text, match.start(), match.end())
        for match in _POSTCODE.finditer(text)
    ]


def _phones(text: str) -> list[Suggestion]:
    return [Suggestion("phone", match[0], match.start(), match.end()) for match in _PHONE.finditer(text)]


def _dates_of_birth(text: str, today: date) -> list[Suggestion]:
    found = []
    for match in _BORN.finditer(text):
        day = _spoken_day(match[1])
        if day and EARLIEST_BIRTH <= day <= today:
            found.append(Suggestion("birth_date", day.isoformat(), match.start(1), match.end(1)))
    return found


def _spoken_day(text: str) -> date | None:
    """A day as people write it, day before month as in Britain."""
    parts = re.findall(r"\d+|[A-Za-z]{3,}", text)
    try:
        if len(parts[0]) == 4:
            return date(int(parts[0]), int(parts[1]), int(parts[2]))
        month = int(parts[1]) if parts[1].isdigit() else _MONTHS.index(parts[1][:3].lower()) + 1
        return date(int(parts[2]), month, int(parts[0]))
    except (ValueError, IndexError):
        return None
