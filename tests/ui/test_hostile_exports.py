"""What leaves as a file: no formula, no link, no script, nothing fetched, no name that leads elsewhere."""

from __future__ import annotations

import ast
import csv
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook

from coordination.deployment.calendars import calendar_of
from coordination.deployment.sheets import SheetData, sheets
from tests.domain.deployment_boards import alert, at, board, person, visit, worker
from tests.domain.test_published import published
from tests.ui.test_sheets_pdf import pages
from ui.sheets import pdf
from ui.sheets.files import plain, write_calendars, write_sheets
from ui.spreadsheet import harmless
from ui.widgets import tableio

ROOT = Path(__file__).resolve().parents[2]
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
EVIL = "</para><a href='http://x.invalid'>a</a><img src='file:///etc/passwd'/><font color=red>b</font>&lt;"
WORDS = st.one_of(
    st.text(max_size=20),
    st.builds("{}{}".format, st.sampled_from([*STARTS, " =", "\u200b=", '"=', ";=", "\x00="]), st.text(max_size=12)),
    st.sampled_from(["=cmd|' /C calc'!A0", '=HYPERLINK("http://x.invalid")', "@SUM(1)", "-1", "-1.5", "-inf", "+1_0"]),
)  # fmt: skip

VALUES = WORDS | st.integers() | st.floats() | st.none() | st.booleans() | st.just(date(1, 1, 1))
BETWEEN_LINES = [
    "\r\nBEGIN:VALARM\r\nATTACH:file:///x\r\nEND:VALARM", "a\nATTACH:http://x.invalid", "\\n\\;,",
    ";X=1:\r\nURL:http://x.invalid",
]  # fmt: skip
OF_AN_EVENT = {
    "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "CLASS", "TRANSP", "STATUS", "SUMMARY",
    "LOCATION", "DESCRIPTION",
}  # fmt: skip
NAMES = [
    "../../x", "..", "/etc/passwd", "C:\\x", "CON", "nul", "LPT1.pdf", "aux .x", "a\0b", "\u202egpj.exe", ".hidden",
    "x" * 300, "字" * 120, "", "   ", "com1", "~/x", "-rf",
]  # fmt: skip


# -------------------------------------------------------------------- spreadsheets


def test_there_are_two_places_that_write_spreadsheets_and_both_fill_their_cells_by_one_function() -> None:
    """Another exporter belongs into this test: the first half finds it, the second looks at what it writes."""
    writers = set()
    for folder in ("ui", "coordination", "db", "launch"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text("utf-8")
            if re.search(r"\bWorkbook\(|csv\.writer|DictWriter|to_excel|to_csv|to_html|xlsxwriter", text):
                writers.add(path.relative_to(ROOT).as_posix())
    assert writers == {"ui/widgets/tableio.py", "ui/transfer/workbook_file.py"}
    for name in writers:
        for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".cell") and len(node.args) > 2:
                given_ = ast.unparse(node.args[2])
                assert given_ in ("title", "when", "label") or given_.startswith("_given("), (
                    f"{name}:{node.lineno}: fill"
                )


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=4), st.lists(WORDS, min_size=2, max_size=2), WORDS)
@example([["=1+1", "x" * 40_000]], ["=1+1", "\t=2"], "=3")
@QUICK
def test_no_exported_table_holds_a_formula(
    tmp_path_factory: Any, rows: list[Any], heads: list[str], title: str
) -> None:
    folder = tmp_path_factory.mktemp("x")
    path, about = folder / "t.xlsx", tableio.About(title, (title,), title)
    tableio.export(path, heads, rows, about)
    book = load_workbook(path)
    assert [sheet.title for sheet in book.worksheets] == ["Sheet", "About"]
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type != "f" and cell.hyperlink is None
    with zipfile.ZipFile(path) as packed:
        assert not [n for n in packed.namelist() if "externalLink" in n or "vba" in n or "connections" in n]
        assert not any(
            b"<f>" in packed.read(n) or b"<f " in packed.read(n) for n in packed.namelist() if "sheets/" in n
        )
    tableio.export(path.with_suffix(".csv"), heads, rows, about)
    with path.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    assert len(read) == len(rows) + 1
    texts = [cell for line in read for cell in line]
    copied = [
        cell
        for line in tableio.as_tsv(heads, [[str(v) for v in row] for row in rows]).split("\n")
        for cell in line.split("\t")
    ]
    for cell in (*texts, *copied):
        lone = cell.lstrip(" \u00a0\ufeff\u200b")
        assert not lone.startswith(STARTS) or re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", cell), cell


@given(WORDS)
@QUICK
def test_only_what_looks_like_a_formula_is_changed(cell: str) -> None:
    assert harmless(cell) in (cell, f"'{cell}")


# -------------------------------------------------------------------- paper and calendars


def a_day(words: str) -> SheetData:
    amina = worker(1, f"Amina {words}")
    who = person(words or "x", words, address=words, access_notes=words, language=words, alerts=(alert("risk", words),))
    day = board([amina], [visit(who=who, start=(9, 0), to=[(amina, (9, 0))], need=words)])
    return sheets(day, at(6), words, published=published(day))


@pytest.mark.parametrize("words", [EVIL, "<b>unclosed", "&#x0;]]>", "/JavaScript (app.alert(1)) /S /URI", "﷽ " + EVIL])
def test_paper_has_neither_links_nor_actions_and_markup_is_printed_as_it_was_typed(words: str) -> None:
    data = a_day(words)
    for content in (pdf.team_sheet(data), pdf.worker_sheets(data)):
        outside = re.sub(rb"stream\r?\n.*?endstream", b"", content, flags=re.DOTALL)  # what a reader acts on
        for name in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/OpenAction", b"/AA", b"/EmbeddedFile", b"/GoToR",
                     b"/SubmitForm", b"/RichMedia", b"/Annots", b"/XFA", b"/ImportData"):  # fmt: skip
            assert not re.search(name + rb"\b", outside), name
        printed = "".join("".join(pages(content)).split())
        for piece in re.findall(r"[<&/]\S{1,7}", words):
            assert piece in printed, "a reader sees the mark that was typed, and not what it would do"


def test_every_paragraph_on_paper_is_made_of_escaped_words() -> None:
    """ReportLab reads markup, and markup may fetch: one place makes paragraphs, of ``markup``, which escapes."""
    places, pictures = [], []
    for path in sorted((ROOT / "ui").rglob("*.py")):
        text = path.read_text("utf-8")
        if "reportlab" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            called = ast.unparse(node.func).split(".")[-1] if isinstance(node, ast.Call) else ""
            if called in ("Paragraph", "XPreformatted"):
                places.append((path.name, ast.unparse(node.args[0])))
            if called in ("linkURL", "linkAbsolute", "drawImage", "drawInlineImage", "Image", "beginForm"):
                pictures.append(path.name)
    assert places == [("parts.py", "made.text")] and pictures == []


@given(st.text(max_size=40) | st.sampled_from(BETWEEN_LINES))
@QUICK
def test_nothing_gets_into_a_calendar_beside_its_text(words: str) -> None:
    data = a_day(words)
    made = Calendar.from_ical(calendar_of(data, data.workers[0]))
    assert [c.name for c in made.walk()].count("VALARM") == 0
    for event in made.walk("VEVENT"):
        assert set(event) <= OF_AN_EVENT
    assert len(made.walk("VEVENT")) == 1


# -------------------------------------------------------------------- names of files


@given(st.text(max_size=150) | st.sampled_from(NAMES))
@QUICK
def test_a_name_made_of_data_leads_nowhere_else(words: str) -> None:
    name = plain(words)
    assert name and name not in (".", "..") and len(name.encode()) <= 240
    assert not set(name) & set('<>:"/\\|?*\0') and name.isprintable()
    assert name == name.strip(" .")
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", name)


def test_sheets_of_a_worker_with_a_wicked_name_stay_in_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "sheets"
    data = a_day("../../../x\0\u202e")
    paths = [*write_sheets(data, folder), *write_calendars(data, folder)]
    assert {path.resolve().parent for path in paths} == {folder.resolve()}
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == sorted(p.name for p in paths)


def test_the_clock_of_a_cell_is_the_centres() -> None:
    assert tableio._as_words(datetime(2026, 7, 1, 9, tzinfo=UTC)) == "2026-07-01 10:00"
