"""What I see I can copy, export and print, filtered as it is. A cell that looks like a formula is made harmless."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QTextDocument
from PySide6.QtWidgets import QFileDialog, QMenu, QTableView, QWidget

from coordination.clock import SystemClock, local_date
from ui import wording
from ui.style import fonts, icons, tokens

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from ui.desk import Desk

Cells = list[list[str]]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def shown(view: QTableView, *, only_selected: bool = False) -> tuple[list[str], Cells]:
    """Heads and rows as the view shows them: its columns in its order."""
    model, header = view.model(), view.horizontalHeader()
    columns = [header.logicalIndex(place) for place in range(header.count())]
    columns = [number for number in columns if not view.isColumnHidden(number)]
    heads = [str(model.headerData(number, Qt.Orientation.Horizontal) or "") for number in columns]
    numbers: Sequence[int] = range(model.rowCount())
    if only_selected:
        numbers = sorted(index.row() for index in view.selectionModel().selectedRows())
    rows = [[str(model.index(number, column).data() or "") for column in columns] for number in numbers]
    return heads, rows


def harmless(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula. Plain numbers stay numbers."""
    if not cell.startswith(_FORMULA_STARTS):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def as_tsv(heads: list[str], rows: Cells) -> str:
    """Tab-separated, one line a row; tabs and line breaks within a cell become spaces."""
    lines = [[harmless(" ".join(cell.split())) for cell in line] for line in [heads, *rows]]
    return "\n".join("\t".join(line) for line in lines)


def write_csv(path: Path, heads: list[str], rows: Cells) -> None:
    """UTF-8 with a mark, so that a spreadsheet reads accents right."""
    text = io.StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in line] for line in [heads, *rows]])
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def write_xlsx(path: Path, heads: list[str], rows: Cells) -> None:
    """One sheet of text cells, head row frozen. Nothing in it is a formula."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for down, line in enumerate([heads, *rows], start=1):
        for across, cell in enumerate(line, start=1):
            made = sheet.cell(down, across)
            made.value = ILLEGAL_CHARACTERS_RE.sub("", cell)
            made.data_type = "s"
            if cell.startswith(_FORMULA_STARTS):
                made.quotePrefix = True
            if down == 1:
                made.font = Font(bold=True)
    for across, head in enumerate(heads, start=1):
        widest = max([len(head), *(len(line[across - 1]) for line in rows[:500])])
        sheet.column_dimensions[get_column_letter(across)].width = min(max(10, widest + 2), 60)
    sheet.freeze_panes = "A2"
    book.save(path)


def export(path: Path, heads: list[str], rows: Cells) -> None:
    """Write a table to ``.xlsx`` or ``.csv`` by the name's ending."""
    (write_xlsx if path.suffix.lower() == ".xlsx" else write_csv)(path, heads, rows)


def as_document(title: str, heads: list[str], rows: Cells, printed: datetime) -> QTextDocument:
    """The table as a page for the printer, black on white, heads repeated on every page."""
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in heads)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line) + "</tr>" for line in rows)
    document = QTextDocument()
    face = fonts.font()
    face.setPixelSize(tokens.size("body"))
    document.setDefaultFont(face)
    document.setDefaultStyleSheet("th { text-align: left; } td, th { padding: 3px 6px; } body { color: #000; }")
    document.setHtml(
        f"<h3>{html.escape(title)}</h3><p>{wording.count(len(rows), 'row')} · printed {wording.day_time(printed)}</p>"
        f'<table border="1" cellspacing="0" width="100%" style="border-collapse: collapse;">'
        f"<thead><tr>{head}</tr></thead>{body}</table>"
    )
    return document


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


def _do(view: QWidget, call: Callable[[], object], done: str) -> None:
    """Write or print on a worker thread, where there is a desk to run it."""
    desk = _desk_of(view)
    if desk is None:
        call()
        return
    desk.tasks.run(view, call, lambda _result: desk.notices.say(done))


def print_table(view: QTableView, title: str) -> None:
    """Ask for a printer, and print what the table shows."""
    from PySide6.QtPrintSupport import QPrintDialog

    heads, rows = shown(view)
    printer = printer_for(title, wide=len(heads) > 5)
    if QPrintDialog(printer, view).exec():
        now = SystemClock().now()
        done = f"{title} is on its way to the printer."
        _do(view, lambda: as_document(title, heads, rows, now).print_(printer), done)


def export_table(view: QTableView, title: str) -> None:
    """Ask for a file name, and write what the table shows."""
    day = wording.day(local_date(SystemClock().now()))
    name, _kind = QFileDialog.getSaveFileName(
        view, "Export", f"{title} {day}.xlsx", "Excel workbook (*.xlsx);;Comma-separated (*.csv)"
    )
    if name:
        path = Path(name) if Path(name).suffix else Path(f"{name}.xlsx")
        heads, rows = shown(view)
        _do(view, lambda: export(path, heads, rows), f"{wording.count(len(rows), 'row')} exported to {path.name}.")


def table_menu(view: QTableView, title: str, columns: Callable[[QWidget], QMenu]) -> QMenu:
    """The menu of a table: columns, copy, export, print."""
    menu = QMenu(view)
    menu.addMenu(columns(menu)).setIcon(icons.icon("columns"))
    menu.addSeparator()
    menu.addAction(icons.icon("copy"), "Copy\tCtrl+C", view.copy)  # type: ignore[attr-defined]
    menu.addAction(icons.icon("export"), "Export…", lambda: export_table(view, title))
    menu.addAction(icons.icon("printer"), "Print…", lambda: print_table(view, title))
    return menu
