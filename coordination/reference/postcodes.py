"""Postcodes: Code-Point Open as Ordnance Survey publishes it (no header, National Grid), or a table with a header
that has a postcode, a ward, and latitude and longitude or easting and northing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coordination.errors import BadValue
from coordination.reference.grid import to_degrees
from coordination.reference.model import Finding, PostcodePoint, Register
from coordination.values import Postcode

# Ten columns: postcode, quality, easting, northing, country, two health areas, county, district, ward.
_RAW = {"postcode": 0, "quality": 1, "easting": 2, "northing": 3, "district": 8, "ward": 9}
_RAW_WIDTH = 10
_HEADERS = {
    "postcode": r"postcode|pcds?",
    "quality": r"positional_quality.*|osgrdind",
    "easting": r"eastings?|oseast1m|east1m",
    "northing": r"northings?|osnrth1m|north1m",
    "lat": r"lat|latitude",
    "lon": r"lon|long|longitude",
    "district": r"admin_district_code|district.*|laua|oslaua|lad\w*cd",
    "ward": r"(admin_)?ward_?code\w*|osward|wd\w*cd",
}
_NO_POSITION = "90"

Layout = Mapping[str, int]


def layout(rows: Sequence[Sequence[str]]) -> Layout | None:
    """Where each column is; None when this is no such file."""
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    if len(first) == _RAW_WIDTH and _read_postcode(first[0]) and first[2].strip().isdigit():
        return _RAW
    names = [re.sub(r"\W+", "_", cell.strip().lower()) for cell in first]
    found = {
        column: next(place for place, name in enumerate(names) if re.fullmatch(pattern, name))
        for column, pattern in _HEADERS.items()
        if any(re.fullmatch(pattern, name) for name in names)
    }
    placed = {"lat", "lon"} <= set(found) or {"easting", "northing"} <= set(found)
    # Many tables have a postcode and a position somewhere; a register of postcodes begins with it and says the ward.
    return found if found.get("postcode") == 0 and placed and {"ward", "district"} & set(found) else None


def read(rows: Sequence[Sequence[str]], columns: Layout) -> Register:
    """Every postcode that has a position. Rows are refused one by one, with the reason."""
    found: dict[str, PostcodePoint] = {}
    findings: list[Finding] = []
    header = columns is not _RAW
    for number, row in enumerate(rows, start=1):
        if (header and number == 1) or not any(cell.strip() for cell in row):
            continue
        point = _point(number, row, columns)
        if isinstance(point, str):
            findings.append(Finding(number, point, refused=True))
        elif point.postcode in found:
            findings.append(Finding(number, "twice_in_the_file", refused=True))
        else:
            found[point.postcode] = point
    return Register("postcodes", tuple(found.values()), tuple(findings), whole="district" in columns)


def _point(number: int, row: Sequence[str], columns: Layout) -> PostcodePoint | str:
    """The point, or the code of what is wrong with it."""
    if len(row) <= max(columns.values()):
        return "wrong_number_of_columns"
    cell = {name: row[place].strip() for name, place in columns.items()}
    postcode = _read_postcode(cell["postcode"])
    if postcode is None:
        return "not_a_postcode"
    if cell.get("quality") == _NO_POSITION:
        return "no_position"
    position = _position(cell)
    if position is None:
        return "not_a_position"
    lat, lon = position
    if (lat, lon) == (0.0, 0.0):
        return "no_position"
    if not (49 < lat < 61 and -9 < lon < 2):
        return "outside_the_country"
    return PostcodePoint(postcode, cell.get("ward", ""), cell.get("district", ""), round(lat, 6), round(lon, 6), number)


def _position(cell: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        if cell.get("lat") and cell.get("lon"):
            return float(cell["lat"]), float(cell["lon"])
        easting, northing = float(cell["easting"]), float(cell["northing"])
    except (KeyError, ValueError):
        return None
    if easting == 0 and northing == 0:
        return 0.0, 0.0
    if not (0 < easting < 700_000 and 0 < northing < 1_300_000):
        return None
    return to_degrees(easting, northing)


def _read_postcode(text: str) -> str | None:
    try:
        return Postcode(text).text
    except BadValue:
        return None
