"""A published workbook beside our own report: which columns are ours, how each is worded there, what it counts (T6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coordination.reference import standing
from coordination.transfer.lengths import BED_DAYS
from coordination.transfer.report import DAILY, SiteReport
from coordination.transfer.wordings import Match, match_columns
from coordination.transfer.workbook import Published, PublishedTable, TableKind, read_book
from ui import wording
from ui.style.tokens import State
from ui.transfer.workbook_file import read_file
from ui.widgets.table_model import Column

TABLES: dict[TableKind, str] = {
    "daily": "Each day", "destinations": "Where they went", "reasons": "Reasons", "bed_days": "Further bed days",
}  # fmt: skip
MATCHES: dict[Match, str] = {
    "same": "The same", "reworded": "Worded anew", "added": "Only there", "missing": "Only ours",
}  # fmt: skip
_LOOKS = {
    "reworded": State("amber", "pencil-simple"),
    "added": State("neutral", "plus"),
    "missing": State("amber", "minus"),
}
TROUBLES = {
    "nothing_known": "This is no situation report: no table of it has a title or columns that are known.",
    "table_missing": "There is no table of {words}.",
    "table_twice": "{sheet} is a second table of the same kind; the first one was read.",
    "no_organisations": "{sheet} has no heads such as Org Code and Org Name. Its rows cannot be told; it was left out.",
    "no_numbers": "{sheet} has no numbers. It was left out.",
    "no_columns": "{sheet} has no words over its numbers. It was left out.",
    "column_twice": "{sheet} has a column twice, and neither was read: {words}",
    "row_twice": "{sheet}, row {row}: {words} is there already; the first one was read.",
    "not_a_number": "{sheet}, row {row}: {words} is not a number; it was left out.",
}
_WANTED = {"daily": "people on each day", "destinations": "where people went", "reasons": "reasons for delay"}
MOST_TROUBLES = 6


@dataclass(frozen=True, slots=True)
class Compared:
    """One column. ``theirs`` of the trust, over the whole workbook; ``same_days``: theirs and ours of days in both."""

    table: str
    words: str
    there: str
    match: Match
    theirs: float | None
    same_days: tuple[float, int] | None = None


def read(path: Path) -> Published:
    """Raises BadValue('file')."""
    lists = standing.read()
    return read_book(read_file(path), lists.delay_reasons, lists.destinations)


def compare(found: Published, trust: str, reports: list[SiteReport]) -> list[Compared]:
    """Every column of every table that is ours or theirs."""
    lists = standing.read()
    collection = found.collection or "acute"
    ours: dict[TableKind, list[str]] = {
        "daily": list(DAILY),
        "destinations": [d.words for d in lists.destinations if d.list.startswith(collection)],
        "reasons": [r.words for r in lists.delay_reasons if r.list.startswith(collection)],
        "bed_days": list(BED_DAYS.values()),
    }
    lines = []
    for kind, name in TABLES.items():
        table = found.table(kind)
        if table is None:
            continue
        for each in match_columns(ours[kind], table.columns):
            theirs = table.total(trust, each.theirs) if each.theirs else None
            both = _same_days(table, trust, each.theirs, each.ours, reports) if kind == "daily" else None
            lines.append(Compared(name, each.ours or each.theirs, each.theirs, each.match, theirs, both))
    return lines


def _same_days(
    table: PublishedTable, trust: str, theirs: str, ours: str, reports: list[SiteReport]
) -> tuple[float, int] | None:
    days: list[date] = list(reports[0].daily) if reports else []
    both = [(day, number) for day in days if (number := table.on(trust, day, theirs)) is not None]
    if not both or not ours:
        return None
    return sum(n for _, n in both), sum(site.daily[day][ours] for site in reports for day, _ in both)


def trouble_words(found: Published) -> str:
    """What was not understood, a sentence each; the first few, and how many more."""
    said = [
        TROUBLES[t.code].format(sheet=t.sheet, row=t.row, words=_WANTED.get(t.words, t.words)) for t in found.troubles
    ]
    more = len(said) - MOST_TROUBLES
    return " ".join([*said[:MOST_TROUBLES], *([f"And {more} more."] if more > 0 else [])])


def about(found: Published, name: str, trust: str) -> str:
    """``acute_december2023.xlsx: acute, 4 tables; R0A is in it``."""
    kind = f"{found.collection}, " if found.collection else ""
    there = any(table.row(trust) for table in found.tables)
    seen = f"{trust} is in it" if there else f"{trust} is not in it"
    return f"{name}: {kind}{wording.count(len(found.tables), 'table')}; {seen}."


def columns() -> list[Column[Compared]]:
    def number(value: float | None) -> str:
        return "" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")

    return [
        Column("table", "Table", lambda line: line.table, quiet=True, width=136),
        Column("words", "Column", lambda line: line.words, stretch=True, width=360,
               tip=lambda line: line.words if line.words == line.there else f"{line.words}\nThere: {line.there}"),
        Column("match", "In the workbook", lambda line: MATCHES[line.match], width=140,
               badge=lambda line: _LOOKS.get(line.match)),
        Column("theirs", "Trust, whole workbook", lambda line: number(line.theirs), numeric=True, width=150,
               value=lambda line: line.theirs, sort=lambda line: line.theirs),
        Column("both", "Same days, there", lambda line: number(line.same_days[0]) if line.same_days else "",
               numeric=True, width=120),
        Column("ours", "Same days, ours", lambda line: str(line.same_days[1]) if line.same_days else "",
               numeric=True, width=116),
    ]  # fmt: skip
