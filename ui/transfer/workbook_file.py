"""A published workbook from a file, as rows; our own report into a workbook in the national shape."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from coordination.errors import BadValue
from coordination.transfer.disclosure import HIDDEN
from coordination.transfer.leaving import Leaving
from coordination.transfer.lengths import BED_DAYS, week_of
from coordination.transfer.report import DAILY
from coordination.transfer.workbook import Rows
from ui.spreadsheet import fill

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 3000, 700, 40
MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 20_000_000, 100_000_000, 2000  # published ones: 0.2 MB, 2 MB, 20
NOT_KNOWN = "-"
LABELS = ("Region", "Org Code", "Org Name")


def read_file(path: Path) -> dict[str, Rows]:
    """Every sheet by its name. Raises BadValue('file', …): book_too_large, book_not_readable, not_a_workbook."""
    from openpyxl import load_workbook

    try:
        _check_size(path)
        with path.open("rb") as file:  # the library leaves a file open that it cannot read
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            found: dict[str, Rows] = {}
            for sheet in book.worksheets[:MOST_SHEETS]:
                rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
                found[sheet.title] = [_trimmed(row) for row in rows]
            return found
    except BadValue:
        raise
    except OSError as error:
        raise BadValue("file", "book_not_readable") from error
    except Exception as error:  # of a damaged or made-up part the library raises whatever it met
        raise BadValue("file", "not_a_workbook") from error


def _check_size(path: Path) -> None:
    """Before anything is unpacked: a small archive can hold a large sheet, and a pipe has no end."""
    if not path.is_file():
        raise BadValue("file", "book_not_readable")
    if path.stat().st_size > MOST_BYTES:
        raise BadValue("file", "book_too_large")
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise BadValue("file", "book_too_large")


def _trimmed(row: Sequence[Any]) -> tuple[Any, ...]:
    last = len(row)
    while last and row[last - 1] is None:
        last -= 1
    return tuple(row[:last])


def write_file(path: Path, found: Leaving, said: str) -> None:
    """The tables of the national report with our trust and hospitals, small numbers as ``*``."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "Cover Sheet"
    for down, words in enumerate(_cover(found, said), start=1):
        fill(cover.cell(down, 1), words)
    cover.column_dimensions["A"].width = 110
    for name, title, kind, columns in _tables(found):
        sheet = book.create_sheet(name)
        sheet.cell(1, 1, title).font = Font(bold=True)
        days = {"daily": found.days, "bed_days": found.snapshots}.get(kind, ("",))
        for across, label in enumerate(LABELS, start=1):
            sheet.cell(4, across, label).font = Font(bold=True)
        for n, when in enumerate(days):
            at = len(LABELS) + 1 + n * len(columns)
            if isinstance(when, date) and kind == "bed_days":
                fill(sheet.cell(3, at), f"w/c {week_of(when):%d/%m/%Y} (daily snapshot)")
            elif isinstance(when, date):
                sheet.cell(3, at, when).number_format = "dd-mmm-yyyy"
            for m, words in enumerate(columns):
                cell = sheet.cell(4, at + m)
                fill(cell, words)
                cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        for down, (code, org) in enumerate(found.orgs.items(), start=5):
            for across, label in enumerate(("NORTH WEST", code, org), start=1):
                fill(sheet.cell(down, across), label)
            places = [(when, words) for when in days for words in columns]
            for across, (when, words) in enumerate(places, start=len(LABELS) + 1):
                sheet.cell(down, across, _given(found, code, kind, when, words))
        sheet.column_dimensions["C"].width = 46
        sheet.freeze_panes = "D5"
    book.save(path)


def _given(found: Leaving, code: str, kind: str, when: date | str, words: str) -> float | int | str:
    if found.hides(code, kind, when, words):
        return HIDDEN
    many = found.shown(code, kind, when, words)
    if many is None:
        return NOT_KNOWN
    return many if kind != "reasons" else round(many / max(1, len(found.snapshots)), 2)


def _tables(found: Leaving) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [
        ("Table 2", "Table 2: Number of patients who no longer meet criteria to reside and number of patients who were"
         " / were not discharged", "daily", DAILY),
        ("Table 3", "Table 3: Number of additional days in total patients have remained in hospital since the criteria"
         " to be discharged decision was made", "bed_days", tuple(BED_DAYS.values())),
        ("Table 4", "Table 4: Total number of patients discharged by their intended discharge destination",
         "destinations", found.destinations),
        ("Table 5", "Table 5: Weekly snapshot average of the total number of people per day with length of stay 14 days"
         " or over who no longer meet the criteria to reside but were not discharged, broken down by the reasons why"
         " they continued to reside", "reasons", found.reasons),
    ]  # fmt: skip


def _cover(found: Leaving, said: str) -> list[str]:
    return [
        "Daily discharge situation report",
        said,
        f"Small numbers are hidden ({HIDDEN}), and so is what would give one away.",
        "Tables 3 and 5 are weekly snapshots, ours on Wednesdays: "
        + (", ".join(f"{day:%d/%m/%Y}" for day in found.snapshots) or "there is none in these days")
        + ".",
        f"Where a day of admission is not known and would decide, the cell is {NOT_KNOWN}: nothing is guessed.",
    ]
