"""ODS practices: epraccur, 27 columns, as NHS England publishes it (no header) or with one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from coordination.errors import BadValue
from coordination.reference.model import Finding, Practice, Register
from coordination.values import Postcode

WIDTH = 27
_COLUMNS = {
    "organisation_code": 0,
    "name": 1,
    "postcode": 9,
    "open_date": 10,
    "close_date": 11,
    "status_code": 12,
    "commissioner": 14,
    "contact_telephone": 17,
    "prescribing_setting": 25,
}
_ADDRESS = range(4, 9)
_GP_PRACTICE = "4"  # prescribing setting; the others are walk-in centres, prisons, out-of-hours and such
_CODE = re.compile(r"[A-Z][A-Z0-9]{2,7}")
_LONGEST = 300  # characters of a cell; published ones have up to a hundred
_STATUS = {"A", "C", "D", "P"}  # active, closed, dormant, proposed
# A whole register has thousands; a cut of one city does not tell what has gone elsewhere.
_NATIONAL = 3_000

Layout = Mapping[str, int]


def layout(rows: Sequence[Sequence[str]]) -> Layout | None:
    """Where each column is; None when this is no such file."""
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    names = [re.sub(r"\W+", "_", cell.strip().lower()) for cell in first]
    if {"organisation_code", "prescribing_setting"} <= set(names):
        found = {name: names.index(name) for name in _COLUMNS if name in names}
        return found if set(_COLUMNS) <= set(names) and max(found.values()) < WIDTH else None
    sound = len(first) == WIDTH and _CODE.fullmatch(first[0].strip()) and first[12].strip() in _STATUS
    return dict(_COLUMNS) if sound else None


def read(rows: Sequence[Sequence[str]], columns: Layout) -> Register:
    """Every GP practice, active or not. Other sites are passed over."""
    found: dict[str, Practice] = {}
    findings: list[Finding] = []
    other = 0
    for number, row in _lines(rows):
        if len(row) != WIDTH:
            findings.append(Finding(number, "wrong_number_of_columns", refused=True))
            continue
        row, odd = _readable(row)
        cell = {name: row[place].strip() for name, place in columns.items()}
        if cell["prescribing_setting"] != _GP_PRACTICE:
            other += 1
            continue
        problem = _problem(cell, found)
        if problem:
            findings.append(Finding(number, problem, refused=True))
            continue
        practice = _practice(number, cell, row, columns)
        if odd:
            findings.append(Finding(number, "odd_characters", refused=False))
        if cell["postcode"] and practice.postcode is None:
            findings.append(Finding(number, "not_a_postcode", refused=False))
        found[practice.code] = practice
    return Register("practices", tuple(found.values()), tuple(findings), other, whole=len(found) >= _NATIONAL)


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    header = bool(rows) and not _CODE.fullmatch(rows[0][0].strip() if rows[0] else "")
    for number, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row) and not (header and number == 1):
            yield number, row


def _readable(row: Sequence[str]) -> tuple[Sequence[str], bool]:
    """The cells without what cannot be stored or seen (NUL, marks that turn the reading direction), and whether there
    was any. The row is taken all the same: one that is left out would close its practice."""
    if all(cell.isprintable() and len(cell) <= _LONGEST for cell in row):
        return row, False
    spaced = [re.sub(r"\s", " ", cell[:_LONGEST]) for cell in row]
    return ["".join(c for c in cell if c.isprintable()) for cell in spaced], True


def _problem(cell: Mapping[str, str], found: Mapping[str, Practice]) -> str | None:
    if not _CODE.fullmatch(cell["organisation_code"]):
        return "not_a_practice_code"
    if cell["organisation_code"] in found:
        return "twice_in_the_file"
    if not cell["name"]:
        return "no_name"
    if cell["status_code"] not in _STATUS:
        return "unknown_status"
    if any(cell[name] and _day(cell[name]) is None for name in ("open_date", "close_date")):
        return "not_a_date"
    return None


def _practice(number: int, cell: Mapping[str, str], row: Sequence[str], columns: Layout) -> Practice:
    before = columns["postcode"] - _COLUMNS["postcode"]  # the address stands before the postcode, wherever that is
    lines = [row[place + before].strip() for place in _ADDRESS if 0 <= place + before < len(row)]
    return Practice(
        code=cell["organisation_code"],
        name=cell["name"],
        address=", ".join(line for line in lines if line),
        postcode=_postcode(cell["postcode"]),
        phone=cell["contact_telephone"] or None,
        active=cell["status_code"] == "A",
        opened_on=_day(cell["open_date"]),
        closed_on=_day(cell["close_date"]),
        commissioner=cell["commissioner"],
        row=number,
    )


def _postcode(text: str) -> str | None:
    try:
        return Postcode(text).text
    except BadValue:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{8}|\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
