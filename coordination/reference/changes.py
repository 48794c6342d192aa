"""What an import changes: a register held against what is stored. Pure, so that it can be told before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from coordination.reference.model import Finding, Outline, PostcodePoint, Practice, Register, WrongFile
from coordination.reference.outlines import Locator

# Practices that the city's commissioner answers for: health follows them (P2). In the register since 2017 as 14L.
CITY_COMMISSIONERS = frozenset({"14L"})
CITY_DISTRICT = "E08000003"
_MOST_RETIRED = 0.2  # of what is stored; more than that and the file is likely a part
_FEW = 50


@dataclass(frozen=True, slots=True)
class StoredPractice:
    """A practice as it stands in the database, but for the training city's. ``neighbourhood`` None: not the city's."""

    code: str
    name: str
    address: str
    postcode: str | None
    phone: str | None
    neighbourhood: int | None
    active: bool
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class StoredPostcode:
    """``ward`` is one of the city's wards, or None. ``retired_on``: no longer in use since about then."""

    postcode: str
    ward: str | None
    lat: float
    lon: float
    retired_on: date | None = None


@dataclass(frozen=True, slots=True)
class StoredOutline:
    code: str
    geometry: Mapping[str, Any] | None


Stored = StoredPractice | StoredPostcode | StoredOutline


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows to write, and how many stay as they are. ``retired`` rows are written as they will be then."""

    added: tuple[Stored, ...]
    changed: tuple[Stored, ...]
    retired: tuple[Stored, ...]
    unchanged: int
    passed_over: int
    findings: tuple[Finding, ...] = ()


def practice_changes(
    register: Register,
    stored: Mapping[str, StoredPractice],
    neighbourhood_of: Mapping[str, int],
    today: date,
    *,
    part: bool = False,
) -> Changes:
    """``neighbourhood_of``: by postcode, of the city. A city practice whose postcode is not known keeps its place.

    ``part``: the file is known to be a part, and nothing retires.
    """
    wanted: dict[str, StoredPractice] = {}
    findings: list[Finding] = []
    for practice in register.entries:
        assert isinstance(practice, Practice)
        before = stored.get(practice.code)
        place = before.neighbourhood if before else None
        if practice.commissioner in CITY_COMMISSIONERS:
            place = neighbourhood_of.get(practice.postcode or "", place)
            if place is None and practice.active:
                findings.append(Finding(practice.row, "practice_not_placed", refused=False))
        wanted[practice.code] = StoredPractice(
            practice.code, practice.name, practice.address, practice.postcode, practice.phone, place, practice.active,
            practice.opened_on, practice.closed_on,
        )  # fmt: skip
    gone = [
        replace(old, active=False, closed_on=old.closed_on or today)
        for code, old in stored.items()
        if code not in wanted and old.active and (register.whole or old.neighbourhood is not None)
    ]
    return _sorted_out(register, wanted, stored, gone, findings, part=part)


def postcode_changes(
    register: Register,
    stored: Mapping[str, StoredPostcode],
    wards: frozenset[str],
    locator: Locator,
    today: date,
    *,
    part: bool = False,
) -> Changes:
    """A ward code of another year is looked up by position in the outlines that have been imported."""
    wanted: dict[str, StoredPostcode] = {}
    findings: list[Finding] = []
    for point in register.entries:
        assert isinstance(point, PostcodePoint)
        ward = point.ward if point.ward in wards else locator.ward_at(point.lat, point.lon)
        if ward is None and (point.district == CITY_DISTRICT or (not point.district and point.ward)):
            findings.append(Finding(point.row, "ward_not_known", refused=False))
        wanted[point.postcode] = StoredPostcode(point.postcode, ward, point.lat, point.lon)
    areas = Counter(_area(postcode) for postcode in wanted)
    gone = [
        replace(old, retired_on=today)
        for code, old in stored.items()
        if code not in wanted
        and old.retired_on is None
        and _area(code) in areas
        and (register.whole or old.ward is not None)
    ]
    for area, missing in Counter(_area(old.postcode) for old in gone).items():
        # Cut off in the middle of an area?
        if missing > max(_FEW, _MOST_RETIRED * (missing + areas[area])) and not part:
            raise WrongFile("looks_partial", (("missing", missing), ("known", missing + areas[area])))
    return _sorted_out(register, wanted, stored, gone, findings, part=part)


def outline_changes(register: Register, stored: Mapping[str, StoredOutline]) -> Changes:
    """Only wards that stand in places.toml get an outline: a ward belongs to a neighbourhood, which no file knows."""
    wanted: dict[str, StoredOutline] = {}
    other = 0
    for outline in register.entries:
        assert isinstance(outline, Outline)
        if outline.code in stored:
            wanted[outline.code] = StoredOutline(outline.code, outline.geometry)
        else:
            other += 1
    if not wanted:
        raise WrongFile("no_ward_of_the_city")
    found = _sorted_out(register, wanted, stored, [], [], part=True)
    return replace(found, passed_over=register.passed_over + other)


def _area(postcode: str) -> str:
    return postcode.split(" ")[0]


def _sorted_out(
    register: Register,
    wanted: Mapping[str, Stored],
    stored: Mapping[str, Stored],
    gone: list[Any],
    findings: list[Finding],
    *,
    part: bool,
) -> Changes:
    if part:
        gone = []
    if len(gone) > _FEW and len(gone) > _MOST_RETIRED * len(stored):
        raise WrongFile("looks_partial", (("missing", len(gone)), ("known", len(stored))))
    added = tuple(row for key, row in wanted.items() if key not in stored)
    changed = tuple(row for key, row in wanted.items() if key in stored and stored[key] != row)
    return Changes(
        added,
        changed,
        tuple(gone),
        len(wanted) - len(added) - len(changed),
        register.passed_over,
        tuple(findings),
    )
