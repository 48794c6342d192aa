"""How facts are written on every screen: dates, times, ages, names, "Not known". Pure functions; no Qt.

Follows the NHS Common User Interface guidance: ``PANKHURST, Emmeline (Mrs)``, ``14-Jul-1945``, ``943 476 5919``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from coordination.clock import LONDON, local_date
from coordination.errors import BadValue
from coordination.names import listed

NOT_KNOWN = "Not known"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ROLES = {
    "care_coordinator": "Care co-ordinator",
    "placement_coordinator": "Placement co-ordinator",
    "team_lead": "Team lead",
    "trusted_assessor": "Trusted assessor",
    "manager": "Manager",
    "ig_lead": "Information-governance lead",
    "administrator": "Administrator",
}


def known(text: object | None) -> str:
    """The text, or "Not known": never blank."""
    return str(text).strip() or NOT_KNOWN if text is not None else NOT_KNOWN


def day(value: date | None) -> str:
    """``14-Jul-1945``."""
    return f"{value.day:02d}-{MONTHS[value.month - 1]}-{value.year}" if value else NOT_KNOWN


def weekday(value: date) -> str:
    """``Sun 22-Nov-2026``."""
    return f"{DAYS[value.weekday()]} {day(value)}"


def clock_time(moment: datetime | time | None) -> str:
    """``09:05`` on the centre's wall clock."""
    if moment is None:
        return NOT_KNOWN
    if isinstance(moment, datetime):
        moment = moment.astimezone(LONDON).time()
    return f"{moment.hour:02d}:{moment.minute:02d}"


def day_time(moment: datetime | None) -> str:
    """``22-Nov-2026 14:05``."""
    return f"{day(local_date(moment))} {clock_time(moment)}" if moment else NOT_KNOWN


def near_time(moment: datetime, now: datetime) -> str:
    """``14:05`` today, ``Tomorrow 14:05``, ``Yesterday 14:05``, else with its date."""
    apart = (local_date(moment) - local_date(now)).days
    named = {0: "", 1: "Tomorrow ", -1: "Yesterday "}
    return f"{named[apart]}{clock_time(moment)}" if apart in named else day_time(moment)


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age(born: date | None, on: date) -> str:
    """``81y``; under two years ``14m``; under eight weeks ``3w``; under two weeks ``5d``."""
    if born is None:
        return NOT_KNOWN
    days = (on - born).days
    if days < 0:
        return NOT_KNOWN
    if days < 14:
        return f"{days}d"
    if days < 56:
        return f"{days // 7}w"
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return f"{months}m" if months < 24 else f"{age_on(born, on)}y"


def born(value: date | None, today: date, died: date | None = None) -> str:
    """``14-Jul-1945 (81y)``; of someone who has died, without an age."""
    if value is None:
        return NOT_KNOWN
    return day(value) if died else f"{day(value)} ({age(value, today)})"


def died(value: date, birth: date | None) -> str:
    """``03-Feb-2026 (80y)``: the age at death."""
    return f"{day(value)} ({age(birth, value)})" if birth else day(value)


def name(surname: str | None, given: str | None = "", title: str | None = "") -> str:
    """``PANKHURST, Emmeline (Mrs)``; what is missing is left out, all missing is "Not known"."""
    return listed(surname or "", given or "", title or "") or NOT_KNOWN


def initials(surname: str | None, given: str | None) -> str:
    """``E.P.`` for a wall display."""
    letters = [part.strip()[0].upper() for part in (given or "", surname or "") if part.strip()]
    return "".join(f"{letter}." for letter in letters) or NOT_KNOWN


def length(span: timedelta) -> str:
    """``45 min``, ``1 h 20 min``, ``3 d 4 h``; always positive, seconds dropped."""
    minutes = int(abs(span).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def time_left(due: datetime | None, now: datetime) -> str:
    """``in 1 h 20 min``, ``now``, ``overdue 25 min``."""
    if due is None:
        return "No limit"
    span = due - now
    if abs(span) < timedelta(minutes=1):
        return "now"
    return f"in {length(span)}" if span > timedelta() else f"overdue {length(span)}"


def ago(moment: datetime, now: datetime) -> str:
    """``just now``, ``25 min ago``."""
    return "just now" if now - moment < timedelta(minutes=1) else f"{length(now - moment)} ago"


def count(number: int, one: str, many: str = "") -> str:
    """``1 visit``, ``3 visits``, ``2,014 people``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def role(code: str) -> str:
    """A role as people say it."""
    return ROLES.get(code, code.replace("_", " ").capitalize())


def words(code: str) -> str:
    """A code as words, where no better ones are given: ``no_access`` is "No access"."""
    return code.replace("_", " ").strip().capitalize()


def listing(parts: list[str], last: str = "and") -> str:
    """``a, b and c``."""
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


_NUMBERS = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s*[-/. ]?\s*([a-z]{3,9})\.?\s*[-/., ]?\s*(\d{4}|\d{2})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")


def parse_date(text: str, today: date, *, past: bool = False, field: str = "date") -> date | None:
    """Read a date as people type it: ``14071945``, ``14/7/1945``, ``14-Jul-1945``, ``14 July 1945``, ``1945-07-14``,
    ``today``, ``tomorrow``, ``+3``. Day comes before month. Empty text is None.

    A year of two digits is the nearest that fits: with ``past`` (a birth) the last one, otherwise within 50 years.
    Raises BadValue(field, 'not_a_date').
    """
    plain = text.strip().lower()
    if not plain:
        return None
    near = {"today": 0, "tomorrow": 1, "yesterday": -1}
    if plain in near:
        return today + timedelta(days=near[plain])
    if re.fullmatch(r"[+-]\d{1,3}", plain):
        return today + timedelta(days=int(plain))
    try:
        if found := _ISO.fullmatch(plain):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMBERS.fullmatch(plain) or _RUN.fullmatch(plain):
            return date(_year(found[3], today, past), int(found[2]), int(found[1]))
        if found := _NAMED.fullmatch(plain):
            return date(_year(found[3], today, past), _month(found[2]), int(found[1]))
    except ValueError:
        pass
    raise BadValue(field, "not_a_date")


def _year(digits: str, today: date, past: bool) -> int:
    if len(digits) == 4:
        return int(digits)
    year = today.year - today.year % 100 + int(digits)
    if year > today.year + (0 if past else 50):
        return year - 100
    return year + 100 if not past and year < today.year - 50 else year


_FULL_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip


def _month(text: str) -> int:
    """ValueError for what is not a month's name or the beginning of one."""
    plain = "sep" if text == "sept" else text
    for number, full in enumerate(_FULL_MONTHS, start=1):
        if full.startswith(plain):
            return number
    raise ValueError(text)


_TIME = re.compile(r"(\d{1,2})[:.h ]?(\d{2})?")


def parse_time(text: str, *, field: str = "time") -> time | None:
    """Read a time as people type it: ``9``, ``930``, ``0930``, ``9:30``, ``21.15``. Empty text is None.

    Raises BadValue(field, 'not_a_time')."""
    plain = text.strip().lower()
    if not plain:
        return None
    found = re.fullmatch(r"(\d{1,2})(\d{2})", plain) if plain.isdigit() and len(plain) > 2 else _TIME.fullmatch(plain)
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return time(int(found[1]), int(found[2] or 0))
    raise BadValue(field, "not_a_time")
