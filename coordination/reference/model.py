"""What is read from a register, row by row, and what an import comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from coordination.errors import CoordinationError

Kind = Literal["ward_outlines", "postcodes", "practices"]
KINDS: tuple[Kind, ...] = ("ward_outlines", "postcodes", "practices")
"""In the order in which they build on each other."""


@dataclass(unsafe_hash=True)
class WrongFile(CoordinationError):
    """Not a register that can be read; nothing of it was taken. ``reason``: not_recognised, empty, not_text,
    broken_json, mostly_refused, no_ward_of_the_city, looks_partial."""

    reason: str
    facts: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return f"wrong file: {self.reason}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one row (a line of a table, counted from 1, or a feature). ``refused``: the row was left out."""

    row: int
    code: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Practice:
    """A GP practice of the register (prescribing setting 4). ``commissioner`` as in the file."""

    code: str
    name: str
    address: str
    postcode: str | None
    phone: str | None
    active: bool
    opened_on: date | None
    closed_on: date | None
    commissioner: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PostcodePoint:
    """Where a postcode lies (WGS84). ``ward`` is what the file says: it may be a code of another year, or empty."""

    postcode: str
    ward: str
    district: str
    lat: float
    lon: float
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Outline:
    """A ward's boundary. ``geometry`` is GeoJSON: Polygon or MultiPolygon, in degrees."""

    code: str
    name: str
    geometry: Mapping[str, Any] = field(hash=False)


Entry = Practice | PostcodePoint | Outline


@dataclass(frozen=True, slots=True)
class Register:
    """A file as read. ``passed_over``: rows that are sound and not for us. ``whole``: what it lacks has gone,
    everywhere; otherwise only in the city."""

    kind: Kind
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    passed_over: int = 0
    whole: bool = True

    @property
    def refused(self) -> int:
        return len({f.row for f in self.findings if f.refused})


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import came to, in rows."""

    kind: Kind
    added: int
    changed: int
    retired: int
    unchanged: int
    refused: int
    passed_over: int
    findings: tuple[Finding, ...]
