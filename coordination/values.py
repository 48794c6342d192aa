"""Typed ids and small values that validate on construction.

Everything here is immutable, hashable and free of I/O. A value that cannot be is refused
with :class:`~coordination.errors.BadValue`, which names the field and the reason and never
repeats what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NewType
from uuid import UUID

from nhs_number.validate import is_valid as check_digit_holds
from uuid_utils.compat import uuid7

from coordination.errors import BadValue

PersonId = NewType("PersonId", UUID)
ContactId = NewType("ContactId", UUID)
ReferralId = NewType("ReferralId", UUID)
AssessmentId = NewType("AssessmentId", UUID)
PlanId = NewType("PlanId", UUID)
VisitId = NewType("VisitId", UUID)
AllocationId = NewType("AllocationId", UUID)
PatternId = NewType("PatternId", UUID)
StayId = NewType("StayId", UUID)
OriginalId = NewType("OriginalId", UUID)
# Whole numbers, because the exclusion constraints of these need a range type (see docs/architecture.md).
WorkerId = NewType("WorkerId", int)
ApartmentId = NewType("ApartmentId", int)
TeamId = NewType("TeamId", int)
UserName = NewType("UserName", str)


def new_id() -> UUID:
    """A fresh UUIDv7, made by the client so that sending a create again is safe."""
    return uuid7()


@dataclass(frozen=True, slots=True, order=True)
class NhsNumber:
    """Ten digits whose check digit holds (modulus 11). Shown 3 3 4."""

    digits: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{10}", self.digits):
            raise BadValue("nhs_number", "needs_ten_digits")
        if not check_digit_holds(self.digits):
            raise BadValue("nhs_number", "check_digit_fails")

    @classmethod
    def parse(cls, text: str) -> NhsNumber:
        """Read a number however it is spaced. Raises BadValue('nhs_number', …)."""
        return cls(re.sub(r"[\s\-.]", "", text))

    @classmethod
    def kept(cls, digits: str) -> NhsNumber:
        """As the database keeps it: not checked again for each row of a list."""
        made = object.__new__(cls)
        object.__setattr__(made, "digits", digits)
        return made

    @property
    def is_synthetic(self) -> bool:
        """True in the 9xx range, which is never issued to a real person."""
        return self.digits.startswith("9")

    def __str__(self) -> str:
        return f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"


_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Postcode:
    """A postcode of the right form, spaced and in capitals. Whether it exists is another question."""

    text: str

    def __post_init__(self) -> None:
        match = _POSTCODE.fullmatch(re.sub(r"\s", "", self.text).upper())
        if match is None:
            raise BadValue("postcode", "not_a_postcode")
        object.__setattr__(self, "text", f"{match[1]} {match[2]}")

    @classmethod
    def kept(cls, text: str) -> Postcode:
        """As the database keeps it: not checked again for each row of a list."""
        made = object.__new__(cls)
        object.__setattr__(made, "text", text)
        return made

    @property
    def outward(self) -> str:
        """The part before the space, such as ``M9``."""
        return self.text.split(" ")[0]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class DateRange:
    """Whole days, first day in and last day out: ``[start, end)``, as PostgreSQL keeps a daterange."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BadValue("dates", "ends_before_it_starts")

    @classmethod
    def of(cls, start: date, days: int) -> DateRange:
        """``days`` nights from ``start``."""
        return cls(start, start + timedelta(days=days))

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - timedelta(days=1)

    def overlaps(self, other: DateRange) -> bool:
        return self.start < other.end and other.start < self.end

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(self.days))


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, start in and end out, both aware and in UTC or convertible to it."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise BadValue("time", "has_no_time_zone")
        if self.end <= self.start:
            raise BadValue("time", "ends_before_it_starts")

    @classmethod
    def of(cls, start: datetime, minutes: int) -> Window:
        return cls(start, start + timedelta(minutes=minutes))

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    def overlaps(self, other: Window) -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: Window) -> bool:
        return self.start <= other.start and other.end <= self.end


def is_storable(text: str) -> bool:
    """PostgreSQL holds no NUL, and UTF-8 no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def phone_key(text: str) -> str:
    """The digits that identify a British number: country code and leading zero gone, so
    ``+44 (0)161 496 0000`` and ``0161 496 0000`` are one. Empty when there are too few to search by."""
    digits = re.sub(r"\D", "", text)
    digits = re.sub(r"^(00)?44", "", digits) if len(digits) > 10 else digits
    digits = digits.lstrip("0")
    return digits[-10:] if len(digits) >= 6 else ""
