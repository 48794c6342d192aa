"""A published workbook of the national discharge situation report, read by its words and not by its places (T6).

Months differ: rows above the tables, columns in another order, added or worded anew, dashes for what was not sent in. A
table is known by its title or by its columns, a column by its words, a row by the code of its organisation. What is not
understood is told, and the rest is read all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from coordination.reference.standing import DelayReason, Destination
from coordination.transfer.report import DAILY
from coordination.transfer.wordings import plain

Cell = str | int | float | bool | date | datetime | None
Rows = Sequence[Sequence[Cell]]
TableKind = Literal["daily", "bed_days", "destinations", "reasons"]
_HEADS = {"region": "region", "icb code": "code", "org code": "code", "organisation code": "code",
          "provider code": "code", "trust code": "code", "code": "code", "icb name": "name", "org name": "name",
          "organisation name": "name", "provider name": "name", "trust name": "name", "name": "name",
          "provider": "name", "trust": "name", "organisation": "name", "icb": "name"}  # fmt: skip
_TITLES: tuple[tuple[TableKind, tuple[str, ...]], ...] = (
    ("destinations", ("discharged by", "destination")),
    ("reasons", ("reasons why", "continued to reside")),
    ("reasons", ("broken down by", "reason")),
    ("bed_days", ("number of additional", "days")),
    ("daily", ("no longer meet", "criteria to reside", "discharged")),
)
_NOT_SENT = frozenset({"", "-", "–", "n/a", "na", ".", ".."})
_HIDDEN = frozenset({"*", "c", "suppressed", "[c]"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was not understood, where. ``code`` names the sentence; ``words`` are of the file."""

    code: str
    sheet: str = ""
    words: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """One value's column: its period (a day, ``w/c 04/12/2023``, or empty for the whole month) and its words."""

    period: date | str
    words: str


@dataclass(frozen=True)
class OrgRow:
    """An organisation, a region or England. ``values``: None was not sent in or is hidden."""

    code: str
    name: str
    region: str
    values: Mapping[Place, float | None] = field(repr=False)


@dataclass(frozen=True)
class PublishedTable:
    kind: TableKind
    sheet: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[OrgRow, ...] = field(repr=False)

    def row(self, code: str) -> OrgRow | None:
        return next((r for r in self.rows if r.code.casefold() == code.casefold()), None)

    def total(self, code: str, words: str) -> float | None:
        """Of an organisation, over all periods of a column; None when nothing was sent in."""
        found = self.row(code)
        numbers = [] if found is None else [v for p, v in found.values.items() if p.words == words and v is not None]
        return sum(numbers) if numbers else None

    def on(self, code: str, day: date, words: str) -> float | None:
        found = self.row(code)
        return None if found is None else found.values.get(Place(day, words))


@dataclass(frozen=True)
class Published:
    """What a workbook says. ``collection``: of which list it is, as far as its words tell; ``others``: sheets that are
    no table of the report."""

    collection: Literal["acute", "community", ""]
    tables: tuple[PublishedTable, ...]
    troubles: tuple[Trouble, ...]
    others: tuple[str, ...]

    def table(self, kind: TableKind) -> PublishedTable | None:
        return next((t for t in self.tables if t.kind == kind), None)


# -------------------------------------------------------------------- reading


def read_book(
    sheets: Mapping[str, Rows], reasons: Iterable[DelayReason], destinations: Iterable[Destination]
) -> Published:
    """Every table that can be told, by sheet name and its rows. The lists are all that are known, of every year."""
    known = {
        "reasons": {plain(r.words): r.list for r in reasons},
        "destinations": {plain(d.words): d.list for d in destinations},
        "daily": {plain(words): "" for words in DAILY},
    }
    tables: list[PublishedTable] = []
    troubles: list[Trouble] = []
    others: list[str] = []
    for name, rows in sheets.items():
        kind, title = _kind(rows, known)
        if kind is None:
            others.append(name)
            continue
        if any(t.kind == kind for t in tables):
            troubles.append(Trouble("table_twice", name, title))
            continue
        made, wrong = _table(kind, name, title, rows)
        troubles += wrong
        if made is not None:
            tables.append(made)
    if not tables and not troubles:
        troubles.append(Trouble("nothing_known"))
    for wanted in ("daily", "destinations", "reasons"):
        if tables and all(t.kind != wanted for t in tables) and not any(t.words == wanted for t in troubles):
            troubles.append(Trouble("table_missing", words=wanted))
    return Published(_collection(tables, known), tuple(tables), tuple(troubles), tuple(others))


def _kind(rows: Rows, known: Mapping[str, Mapping[str, str]]) -> tuple[TableKind | None, str]:
    """By a title in its first rows; by its columns where there is none, or it says nothing known."""
    for row in rows[:8]:
        for cell in row[:6]:
            if isinstance(cell, str) and len(cell) > 20 and not plain(cell).startswith("note"):
                said = plain(cell)
                if "no data was submitted" in said or "no data were submitted" in said:
                    return None, ""
                for kind, parts in _TITLES:
                    if all(part in said for part in parts):
                        return kind, " ".join(cell.split())
    for row in rows[:40]:
        said_here = {plain(cell) for cell in row if isinstance(cell, str)}
        for kind in ("daily", "destinations", "reasons"):
            if len(said_here & known[kind].keys()) >= min(2, len(known[kind])):
                return kind, ""
    return None, ""


def _table(kind: TableKind, sheet: str, title: str, rows: Rows) -> tuple[PublishedTable | None, list[Trouble]]:
    labels = _label_columns(rows)
    if labels is None:
        return None, [Trouble("no_organisations", sheet, kind)]
    first = next((n for n, row in enumerate(rows) if _is_data(row, labels)), None)
    if first is None:
        return None, [Trouble("no_numbers", sheet, kind)]
    told = _told_columns(rows[first:], labels)
    above = [n for n in range(first) if _names(rows[n], told)]
    if not above:
        return None, [Trouble("no_columns", sheet, kind)]
    head = max(above, key=lambda n: (len(_names(rows[n], told)), n))
    names = _names(rows[head], told)
    periods = _periods(rows[:head], max(names) + 1)
    places: dict[int, Place] = {}
    troubles: list[Trouble] = []
    seen: Counter[Place] = Counter(Place(periods.get(n, ""), words) for n, words in names.items())
    for number, words in names.items():
        place = Place(periods.get(number, ""), words)
        if seen[place] > 1:
            troubles.append(Trouble("column_twice", sheet, words))
            continue
        places[number] = place
    found, wrong = _org_rows(rows, first, labels, places, sheet)
    columns = tuple(dict.fromkeys(p.words for p in places.values()))
    return PublishedTable(kind, sheet, title, columns, found), list(dict.fromkeys([*troubles, *wrong]))


def _label_columns(rows: Rows) -> dict[str, int] | None:
    """Where region, code and name stand, as the heads of the organisations say; None when there are no such heads."""
    for row in rows:
        found: dict[str, int] = {}
        for number, cell in enumerate(row):
            if isinstance(cell, str) and plain(cell) in _HEADS:
                found.setdefault(_HEADS[plain(cell)], number)
        if "code" in found and "name" in found:
            return found
    return None


def _is_data(row: Sequence[Cell], labels: Mapping[str, int]) -> bool:
    """A name, and numbers behind it."""
    own = set(labels.values())
    numbers = [c for n, c in enumerate(row) if n not in own and isinstance(c, int | float) and not isinstance(c, bool)]
    return bool(numbers) and any(_text(row, labels, part) for part in labels)


def _told_columns(rows: Rows, labels: Mapping[str, int]) -> set[int]:
    """Columns in which organisations have numbers, dashes or stars; never the labels, nor a note beside the table."""
    own = set(labels.values())
    return {
        n
        for row in rows
        if any(_text(row, labels, part) for part in labels)
        for n, cell in enumerate(row)
        if n not in own and cell is not None and plain(cell) != "" and _number(cell)[1]
    }


def _names(row: Sequence[Cell], told: set[int]) -> dict[int, str]:
    """Words of columns that have numbers; neither a period nor a dash."""
    return {
        n: " ".join(cell.split())
        for n, cell in enumerate(row)
        if n in told and isinstance(cell, str) and len(plain(cell)) > 2 and _period(cell) is None
    }


def _period(cell: Cell) -> date | str | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, str):
        said = plain(cell)
        if re.match(r"(w/c|week commencing|week ending)\b", said):
            return " ".join(cell.split())
        if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", said):
            day, month, year = map(int, match.groups())
            try:
                return date(year, month, day)
            except ValueError:
                return None
        if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(t?\s*00:00(:00)?)?", said):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                return None
    return None


def _periods(rows: Rows, width: int) -> dict[int, date | str]:
    """Of each column: the period that stands over it, or over the first of its group."""
    for row in reversed(rows):
        found = {n: p for n, cell in enumerate(row[:width]) if (p := _period(cell)) is not None}
        if found:
            spread: dict[int, date | str] = {}
            current: date | str | None = None
            for number in range(width):
                current = found.get(number, current)
                if current is not None:
                    spread[number] = current
            return spread
    return {}


def _org_rows(
    rows: Rows, first: int, labels: Mapping[str, int], places: Mapping[int, Place], sheet: str
) -> tuple[tuple[OrgRow, ...], list[Trouble]]:
    made: list[OrgRow] = []
    troubles: list[Trouble] = []
    codes: set[str] = set()
    for number in range(first, len(rows)):
        row = rows[number]
        name, code, region = (_text(row, labels, part) for part in ("name", "code", "region"))
        if not (name or region) or plain(name or region) in _HEADS or plain(code) in _HEADS:
            continue
        values: dict[Place, float | None] = {}
        said_something = False
        for column, place in places.items():
            cell = row[column] if column < len(row) else None
            value, understood = _number(cell)
            said_something = said_something or cell is not None
            if not understood:
                troubles.append(Trouble("not_a_number", sheet, " ".join(str(cell).split())[:60], number + 1))
            values[place] = value
        if not said_something:
            continue
        if code and code.casefold() in codes:
            troubles.append(Trouble("row_twice", sheet, code, number + 1))
            continue
        codes.add(code.casefold())
        made.append(OrgRow(code, name or region, region, values))
    return tuple(made), troubles


def _text(row: Sequence[Cell], labels: Mapping[str, int], part: str) -> str:
    at = labels.get(part)
    cell = row[at] if at is not None and at < len(row) else None
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _number(cell: Cell) -> tuple[float | None, bool]:
    """The number, and whether it was understood. A dash was not sent in, a star is hidden: both are no number."""
    if cell is None or (isinstance(cell, str) and plain(cell) in _NOT_SENT | _HIDDEN):
        return None, True
    if isinstance(cell, bool | date):
        return None, False
    if isinstance(cell, int | float):
        return (float(cell), True) if cell == cell and cell >= 0 and cell != float("inf") else (None, False)
    said = cell.strip().replace(",", "").replace("\u00a0", "")
    return (float(said), True) if re.fullmatch(r"\d+(\.\d+)?", said) else (None, False)


def _collection(
    tables: Iterable[PublishedTable], known: Mapping[str, Mapping[str, str]]
) -> Literal["acute", "community", ""]:
    votes = Counter(
        known[t.kind][plain(c)].split("-")[0] for t in tables if t.kind in known for c in t.columns
        if known[t.kind].get(plain(c))
    )  # fmt: skip
    best = votes.most_common(1)
    return best[0][0] if best and best[0][0] in ("acute", "community") else ""  # type: ignore[return-value]
