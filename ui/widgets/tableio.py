"""What I see I can copy, export and print, filtered as it is. A cell that looks like a formula is made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout
from PySide6.QtWidgets import QFileDialog, QMenu, QTableView, QWidget

from coordination.clock import LONDON, SystemClock, local_date
from coordination.errors import DatabaseAway
from ui import wording
from ui.governance.whose import people_of
from ui.spreadsheet import fill, harmless
from ui.style import icons

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from ui.desk import Desk

Cells = list[list[str]]
Values = Sequence[Sequence[Any]]
"""cells as a spreadsheet takes them: words, whole numbers, dates, aware moments, None"""
HIDDEN = "*"
"""in place of a number that is too small to leave the centre (O3)"""


@dataclass(frozen=True)
class About:
    """What a table shows, for its print and its workbook. ``said``: view, filter, as of when, how much of it."""

    title: str
    said: tuple[str, ...] = ()
    by: str = ""


def shown(view: QTableView, *, only_selected: bool = False) -> tuple[list[str], Cells]:
    """Heads and rows as the view shows them: its columns in its order."""
    model, header = view.model(), view.horizontalHeader()
    columns = [header.logicalIndex(place) for place in range(header.count())]
    columns = [number for number in columns if not view.isColumnHidden(number)]
    heads = [str(model.headerData(number, Qt.Orientation.Horizontal) or "") for number in columns]
    numbers: Sequence[int] = range(model.rowCount())
    if only_selected:
        numbers = sorted(index.row() for index in view.selectionModel().selectedRows())
    hides = _hides(view)
    rows = [
        [HIDDEN if hides(number, column) else str(model.index(number, column).data() or "") for column in columns]
        for number in numbers
    ]
    return heads, rows


def values(view: QTableView) -> list[list[Any]]:
    """The rows as the view shows them, with dates as dates and numbers as numbers where its columns give them."""
    model, header = view.model(), view.horizontalHeader()
    columns = [header.logicalIndex(place) for place in range(header.count())]
    columns = [number for number in columns if not view.isColumnHidden(number)]
    known, hides = getattr(model, "columns", None), _hides(view)
    rows = []
    for number in range(model.rowCount()):
        line: list[Any] = []
        for column in columns:
            value = known[column].value if known is not None else None
            text = str(model.index(number, column).data() or "")
            given = value(model.row_at(number)) if value is not None else text  # type: ignore[attr-defined]
            line.append(HIDDEN if hides(number, column) else given)
        rows.append(line)
    return rows


def _hides(view: QTableView) -> Callable[[int, int], bool]:
    """O3: which cells do not leave the screen, by number of row and column. ``view.hides`` is asked with the record and
    the id of the column."""
    asked, model = getattr(view, "hides", None), view.model()
    known = getattr(model, "columns", None)
    if asked is None or known is None:
        return lambda _row, _column: False
    return lambda row, column: bool(asked(model.row_at(row), known[column].id))  # type: ignore[attr-defined]


def as_tsv(heads: list[str], rows: Cells) -> str:
    """Tab-separated, one line a row; tabs and line breaks within a cell become spaces."""
    lines = [[harmless(" ".join(cell.split())) for cell in line] for line in [heads, *rows]]
    return "\n".join("\t".join(line) for line in lines)


def write_csv(path: Path, heads: list[str], rows: Cells) -> None:
    """UTF-8 with a mark, so that a spreadsheet reads accents right; each cell in quotes, so that one with a semicolon
    is one cell wherever that divides them."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[harmless(cell) for cell in line] for line in [heads, *rows]])
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def write_xlsx(path: Path, heads: list[str], rows: Values, about: About | None = None) -> None:
    """One sheet, head row frozen and repeated on paper; dates are dates, and nothing in it is a formula. What it shows,
    as of when and for whom, stands on a second sheet."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for down, line in enumerate([heads, *rows], start=1):
        for across, value in enumerate(line, start=1):
            fill(sheet.cell(down, across), value)
            if down == 1:
                sheet.cell(down, across).font = Font(bold=True)
    for across, head in enumerate(heads, start=1):
        widest = max([len(head), *(_length(line[across - 1]) for line in rows[:500])])
        sheet.column_dimensions[get_column_letter(across)].width = min(max(10, widest + 2), 60)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape" if len(heads) > 5 else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    if about is not None:
        _about_sheet(book, about, len(rows))
    book.save(path)


def _about_sheet(book: Any, about: About, rows: int) -> None:
    sheet = book.create_sheet("About")
    for down, words in enumerate((about.title, *about.said, wording.count(rows, "row"), about.by), start=1):
        fill(sheet.cell(down, 1), words)
    sheet.column_dimensions["A"].width = 80


def _length(value: Any) -> int:
    return 17 if isinstance(value, datetime) else 11 if isinstance(value, date) else len(str(value))


def _as_words(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(LONDON):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def export(path: Path, heads: list[str], rows: Values, about: About | None = None) -> None:
    """Write a table to ``.xlsx`` or ``.csv`` by the name's ending."""
    if path.suffix.lower() == ".xlsx":
        write_xlsx(path, heads, rows, about)
    else:
        write_csv(path, heads, [[_as_words(value) for value in line] for line in rows])


def print_pages(
    printer: QPrinter, about: About, heads: list[str], rows: Cells, right: frozenset[int],
    stretch: frozenset[int] = frozenset(),
) -> int:  # fmt: skip
    """The table on the printer; how many pages it took."""
    from ui.widgets.table_print import Paper, TablePrinter

    said = (*about.said, wording.count(len(rows), "row"))
    made = TablePrinter(Paper(about.title, said, heads, rows, about.by, right, stretch), printer)
    made.print()
    return len(made.pages)


def printer_for(title: str, *, wide: bool) -> QPrinter:
    """A printer of A4, across when the table is wide."""
    from PySide6.QtPrintSupport import QPrinter

    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setDocName(title)
    made.setPageOrientation(QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
    made.setPageMargins(QMarginsF(12, 12, 12, 12), QPageLayout.Unit.Millimeter)
    return made


def _desk_of(view: QWidget) -> Desk | None:
    """The desk of the page that a table stands on, if it stands on one."""
    at: QWidget | None = view
    while at is not None:
        found = getattr(at, "desk", None)
        if found is not None:
            return cast("Desk", found)
        at = at.parentWidget()
    return None


def _about(view: QTableView, title: str) -> About:
    """What the table says of itself, who wants it, and when."""
    desk, tell = _desk_of(view), getattr(view, "about", None)
    now = desk.clock.now() if desk is not None else SystemClock().now()
    who = f" by {desk.actor.display_name}" if desk is not None else ""
    said: tuple[str, ...] = tuple(tell()) if callable(tell) else ()
    return About(title, said, f"{title}, {wording.day_time(now)}{who}")


def _note(desk: Desk, form: str, view: QTableView, numbers: Sequence[int]) -> Callable[[], None]:
    """R4: that it leaves the screen is on the audit trail, how much of what, and about whom; never what stood in it."""
    name = str(getattr(view, "_name", "") or "table")
    looks = getattr(desk.services, "looks", None)
    row_at = getattr(view.model(), "row_at", None)
    people = people_of(row_at(number) for number in numbers) if row_at is not None else []

    def note() -> None:
        if looks is not None:
            what: Literal["print", "export"] = "print" if form == "paper" else "export"
            looks.note_people(what, f"table {name}"[:60], wording.count(len(numbers), "row"), form, people)

    return note


def note_copy(view: QTableView) -> None:
    """R4: what was put on the clipboard left the screen too. Noted in the background: a copy waits for nothing."""
    desk = _desk_of(view)
    if desk is not None:
        numbers = sorted(index.row() for index in view.selectionModel().selectedRows())
        note = _note(desk, "clipboard", view, numbers or range(view.model().rowCount()))
        desk.tasks.run(view, note, failed=lambda _error: True)


def _leave(view: QTableView, form: str, call: Callable[[], object], done: Callable[[], str]) -> None:
    """Write or print on a worker thread, where there is a desk to run it. It is noted first: a table that cannot be
    noted is not exported. What must be had on paper while the line is down is printed all the same, and said so."""
    desk = _desk_of(view)
    if desk is None:
        call()
        return
    note = _note(desk, form, view, range(view.model().rowCount()))

    def both() -> bool:
        noted = True
        try:
            note()
        except DatabaseAway:
            if form != "paper":
                raise
            noted = False
        call()
        return noted

    def said(noted: bool) -> None:
        desk.notices.say(done())
        if not noted:
            desk.notices.warn("The database does not answer, so this print is not on the audit trail. Write it down.")

    desk.tasks.run(view, both, said)


def print_table(view: QTableView, title: str) -> None:
    """Ask for a printer, and print what the table shows."""
    from PySide6.QtPrintSupport import QPrintDialog

    heads, rows = shown(view)
    printer = printer_for(title, wide=len(heads) > 5)
    if QPrintDialog(printer, view).exec():
        about, right, wide = _about(view, title), places(view, "numeric"), places(view, "stretch")
        done = f"{title} is on its way to the printer."
        _leave(view, "paper", lambda: print_pages(printer, about, heads, rows, right, wide), lambda: done)


def places(view: QTableView, what: Literal["numeric", "stretch"]) -> frozenset[int]:
    """Places of the columns that are so, among those that are shown."""
    header, known = view.horizontalHeader(), getattr(view.model(), "columns", [])
    order = [header.logicalIndex(place) for place in range(header.count())]
    shown = [number for number in order if not view.isColumnHidden(number)]
    return frozenset(place for place, number in enumerate(shown) if known and getattr(known[number], what))


def export_table(view: QTableView, title: str) -> None:
    """Ask for a file name, and write what the table shows."""
    day = wording.day(local_date(SystemClock().now()))
    name, _kind = QFileDialog.getSaveFileName(
        view, "Export", f"{title} {day}.xlsx", "Excel workbook (*.xlsx);;Comma-separated (*.csv)"
    )
    if name:
        path = Path(name) if Path(name).suffix else Path(f"{name}.xlsx")
        heads, rows, about = shown(view)[0], values(view), _about(view, title)
        done = f"{wording.count(len(rows), 'row')} exported to {path.name}."
        form = "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
        _leave(view, form, lambda: export(path, heads, rows, about), lambda: done)


def table_menu(view: QTableView, title: str, columns: Callable[[QWidget], QMenu]) -> QMenu:
    """The menu of a table: columns, copy, export, print."""
    menu = QMenu(view)
    menu.addMenu(columns(menu)).setIcon(icons.icon("columns"))
    menu.addSeparator()
    menu.addAction(icons.icon("copy"), "Copy\tCtrl+C", view.copy)  # type: ignore[attr-defined]
    menu.addAction(icons.icon("export"), "Export…", lambda: export_table(view, title))
    menu.addAction(icons.icon("printer"), "Print…", lambda: print_table(view, title))
    return menu
