"""Deployment sheets as PDF: A4 across, black and white, 11 points and up, no visit split over two pages (D4).

``worker_sheets(data)``: one sheet a worker, each on pages of its own; ``team_sheet(data)``: the whole day on one list;
``whole_team(data)``: both, in one go. All give the bytes of a PDF and write no file. ReportLab is imported with this
module (0.2 to 0.6 s), so import it when something is to be printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
    Table,
    TableStyle,
)

from coordination.deployment.sheets import Elsewhen, SheetData, SheetLine, WorkerSheet
from ui import wording
from ui.sheets.fonts import fonts_for
from ui.sheets.messages import (
    ALONE,
    AWAY,
    ENDED,
    FOOT,
    NO_PHONE,
    NOT_ALONE,
    RISKS,
    SECOND_MISSING,
    TIME_CRITICAL,
)
from ui.sheets.parts import (
    BOTTOM,
    HEIGHT,
    LEAST,
    LEFT,
    PAD,
    PAGE,
    PALE,
    RIGHT,
    TOP,
    WIDTH,
    Hand,
    Heading,
    Numbering,
    SignBox,
    numbered_canvas,
)

_WORKER_COLUMNS = (("Time", 23), ("Name and address", 58), ("Getting in", 44), ("Need and skills", 56),
                   ("With, and take care", 45), ("How it went", 47))  # fmt: skip
_TEAM_COLUMNS = (("Time", 28), ("Name", 58), ("Address", 62), ("Need and skills", 70), ("With, and take care", 55))
_ROW_MOST = HEIGHT - 34  # points: a row and the column heads above it fit on a page


@dataclass(frozen=True)
class _Section:
    heading: Heading
    story: list[Flowable]


def worker_sheets(data: SheetData) -> bytes:
    """Every worker of ``data``, each beginning on a new page, pages numbered by worker."""
    return _build(data, lambda hand: [_worker_section(hand, data, sheet) for sheet in data.workers])


def team_sheet(data: SheetData) -> bytes:
    """The team's day on one list: what nobody has, then worker by worker."""
    return _build(data, lambda hand: [_team_section(hand, data)])


def whole_team(data: SheetData) -> bytes:
    """The team's list, then every worker's sheet."""

    def sections(hand: Hand) -> list[_Section]:
        return [_team_section(hand, data), *(_worker_section(hand, data, sheet) for sheet in data.workers)]

    return _build(data, sections)


# ---------------------------------------------------------------- one worker


def _worker_section(hand: Hand, data: SheetData, sheet: WorkerSheet) -> _Section:
    hours = wording.listing([_span(w.start, w.end) for w in sheet.hours]) if sheet.hours else "not at work"
    away = (AWAY[kind].lower() for kind in sheet.away)
    under = ", ".join(part for part in (sheet.grade, f"shift {hours}", *away, _count(sheet.lines)) if part)
    rows: list[tuple[datetime, list[Any]]] = [(line.window.start, _worker_row(hand, line)) for line in sheet.lines]
    rows += [(stay.window.start, _elsewhere_row(hand, stay)) for stay in sheet.elsewhere]
    ordered = [row for _, row in sorted(rows, key=lambda pair: pair[0])]
    return _Section(_heading(data, sheet.name, under), _table(hand, _WORKER_COLUMNS, ordered, "No visits."))


def _count(lines: Sequence[SheetLine]) -> str:
    return wording.count(len(lines), "visit")


def _worker_row(hand: Hand, line: SheetLine) -> list[Any]:
    """The cells of a visit. Whatever somebody typed, it fits on a page: what is too long is cut, and says so."""
    for share in (1.0, 0.7, 0.5, 0.35, 0.25, 0.15):
        row = _worker_cells(hand, _shortened(line, share))
        if max(_height(cell, width) for cell, (_, width) in zip(row, _WORKER_COLUMNS, strict=True)) <= _ROW_MOST:
            break
    return row


def _worker_cells(hand: Hand, line: SheetLine) -> list[Any]:
    time, name, access, need, care, sign = (width * mm for _, width in _WORKER_COLUMNS)
    ended = ENDED[line.state].capitalize() if line.state != "planned" else ""
    return [
        hand.cell(time, *_time(line)),
        hand.cell(name, (line.name, True), (_known_as(line), False), (line.address, False), (_speaks(line), False)),
        hand.cell(access, (line.access or "Nothing noted", False)),
        hand.cell(need, (line.need, False), (_skills(line), False)),
        hand.cell(care, *_with_and_care(line)),
        [SignBox(sign - 2 * PAD, hand.fonts.name("plain"), ended)],
    ]


def _elsewhere_row(hand: Hand, stay: Elsewhen) -> list[Any]:
    time, name = (width * mm for _, width in _WORKER_COLUMNS[:2])
    when = hand.cell(time, (wording.clock_time(stay.window.start), True, 14), (_until(stay.window.end), False))
    return [when, hand.cell(name, ("With another team: see that team's sheet", False)), "", "", "", ""]


# ---------------------------------------------------------------- the team


def _team_section(hand: Hand, data: SheetData) -> _Section:
    lines = [line for sheet in data.workers for line in sheet.lines]
    visits = wording.count(len({line.visit_id for line in (*lines, *data.unplaced)}), "visit")
    under = f"{wording.count(len(data.workers), 'worker')}, {visits}, {len(data.unplaced)} not placed"
    rows: list[Any] = []
    if data.unplaced:
        rows.append(_group(hand, f"Not placed: {len(data.unplaced)}"))
        rows += [_team_row(hand, line, placed=False) for line in data.unplaced]
    for sheet in data.workers:
        hours = wording.listing([_span(w.start, w.end) for w in sheet.hours]) or "not at work"
        away = "".join(f", {AWAY[kind].lower()}" for kind in sheet.away)
        rows.append(_group(hand, f"{sheet.name}: {hours}{away}, {_count(sheet.lines)}"))
        rows += [_team_row(hand, line, placed=True) for line in sheet.lines]
    return _Section(_heading(data, data.team, under), _table(hand, _TEAM_COLUMNS, rows, "No visits."))


def _team_row(hand: Hand, line: SheetLine, *, placed: bool) -> list[Any]:
    for share in (1.0, 0.7, 0.5, 0.35, 0.25, 0.15):
        row = _team_cells(hand, _shortened(line, share), placed)
        if max(_height(cell, width) for cell, (_, width) in zip(row, _TEAM_COLUMNS, strict=True)) <= _ROW_MOST / 2:
            break
    return row


def _team_cells(hand: Hand, line: SheetLine, placed: bool) -> list[Any]:
    time, name, address, need, care = (width * mm for _, width in _TEAM_COLUMNS)
    ended = ENDED[line.state].capitalize() if line.state != "planned" else ""
    critical = TIME_CRITICAL if line.time_critical else ""
    return [
        hand.cell(time, (_span(line.window.start, line.window.end), True), (critical, True)),
        hand.cell(name, (line.name, True), ("" if placed else f"{line.minutes} min", False)),
        hand.cell(address, (line.address, False)),
        hand.cell(need, (line.need, False), (_skills(line), False)),
        hand.cell(care, (ended, True), *(_with_and_care(line, alone=False) if placed else _care(line))),
    ]


class _Group(str):
    """The text of a row over the whole width: whose visits follow."""


def _group(hand: Hand, text: str) -> list[Any]:
    return [hand.cell(WIDTH, (text, True)), _Group(text)]


# ---------------------------------------------------------------- words


def _span(start: datetime, end: datetime) -> str:
    return f"{wording.clock_time(start)}–{wording.clock_time(end)}"


def _until(end: datetime) -> str:
    return f"to {wording.clock_time(end)}"


def _time(line: SheetLine) -> Iterator[tuple[Any, ...]]:
    yield wording.clock_time(line.window.start), True, 14
    yield _until(line.window.end), False
    yield f"{line.minutes} min", False
    if line.time_critical:
        yield TIME_CRITICAL, True


def _known_as(line: SheetLine) -> str:
    return f"Known as {line.known_as}" if line.known_as else ""


def _speaks(line: SheetLine) -> str:
    return f"Language: {line.language}" if line.language else ""


def _skills(line: SheetLine) -> str:
    return "Skills: " + wording.listing(list(line.skills)) if line.skills else ""


def _with_and_care(line: SheetLine, *, alone: bool = True) -> Iterator[tuple[str, bool]]:
    if line.with_whom:
        yield "With " + wording.listing(list(line.with_whom)), True
    elif line.second_missing:
        yield SECOND_MISSING, True
    elif alone and not any(r.kind == "do_not_visit_alone" for r in line.risks):
        yield ALONE, False
    yield from _care(line)


def _care(line: SheetLine) -> Iterator[tuple[str, bool]]:
    if line.gender_asked:
        yield f"Asked for a {line.gender_asked} worker", False
    for risk in line.risks:
        forbidden = risk.kind == "do_not_visit_alone" and not line.with_whom
        yield NOT_ALONE if forbidden else RISKS.get(risk.kind, wording.words(risk.kind)), True
        yield risk.words, False


def _shortened(line: SheetLine, share: float) -> SheetLine:
    """The same visit with its longest texts cut to a share of what they may be."""
    if share == 1.0:
        return line

    def cut(text: str, most: int) -> str:
        most = int(most * share)
        return text if len(text) <= most else text[: most - 1].rstrip() + "…"

    return replace(
        line,
        name=cut(line.name, 160),
        known_as=cut(line.known_as, 100),
        address=cut(line.address, 240),
        access=cut(line.access, 400),
        language=cut(line.language, 160),
        need=cut(line.need, 500),
        risks=tuple(replace(r, words=cut(r.words, 200)) for r in line.risks),
    )


def _height(cell: Any, width: float) -> float:
    if isinstance(cell, str):
        return 0.0
    return sum(float(part.wrap(width * mm - 2 * PAD, 1e6)[1]) for part in cell) + 2 * PAD


# ---------------------------------------------------------------- the document


def _heading(data: SheetData, title: str, under: str) -> Heading:
    printed = f"Printed {wording.day_time(data.printed_at)} by {data.printed_by}"
    return Heading(title, under, f"{wording.weekday(data.day)}, {data.team}", data.phone or NO_PHONE, printed)


def _table(hand: Hand, columns: Sequence[tuple[str, float]], rows: Sequence[list[Any]], nothing: str) -> list[Flowable]:
    """A table whose head comes again on every page and whose rows are never split."""
    if not rows:
        return [Spacer(1, 8), hand.words(nothing, WIDTH, size=12)]
    widths = [width * mm for _, width in columns]
    head = [hand.cell(width, (name, True)) for (name, _), width in zip(columns, widths, strict=True)]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.7, "black"),
        ("LINEABOVE", (0, 0), (-1, 0), 1.2, "black"),
        ("BACKGROUND", (0, 0), (-1, 0), PALE),
        *((f"{side}PADDING", (0, 0), (-1, -1), PAD) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]
    body: list[list[Any]] = []
    for number, row in enumerate(rows, 1):
        if len(row) == 2 and isinstance(row[1], _Group):
            style += [("SPAN", (0, number), (-1, number)), ("BACKGROUND", (0, number), (-1, number), PALE)]
            style.append(("NOSPLIT", (0, number), (-1, min(number + 1, len(rows)))))
            body.append([row[0], *[""] * (len(columns) - 1)])
        else:
            body.append(row)
    return [Table([head, *body], colWidths=widths, repeatRows=1, splitByRow=1, splitInRow=0, style=TableStyle(style))]


def _build(data: SheetData, make: Any) -> bytes:
    """Lay out the sections, one page template each, and number their pages."""
    with fonts_for(_texts(data)) as fonts:
        hand = Hand(fonts)
        sections: list[_Section] = make(hand) or [
            _Section(_heading(data, data.team, ""), _table(hand, (), (), "Nobody works."))
        ]
        out, numbering = BytesIO(), Numbering()
        document = BaseDocTemplate(
            out, pagesize=PAGE, title="Deployment sheets", author="Co-ordination Centre", subject="",
            leftMargin=LEFT, rightMargin=RIGHT, topMargin=TOP, bottomMargin=BOTTOM,
        )  # fmt: skip
        frame = Frame(LEFT, BOTTOM, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        document.addPageTemplates(
            [
                PageTemplate(f"s{n}", [frame], onPage=partial(_head_of_page, hand, section.heading, numbering, n))
                for n, section in enumerate(sections)
            ]
        )
        story: list[Flowable] = []
        for number, section in enumerate(sections):
            if number:
                story += [NextPageTemplate(f"s{number}"), PageBreak()]
            story += section.story
        bold = fonts.name("plain", True)
        document.build(story, canvasmaker=numbered_canvas(numbering, partial(_page_number, bold)))
        return out.getvalue()


def _head_of_page(
    hand: Hand, heading: Heading, numbering: Numbering, section: int, canvas: Canvas, _document: Any
) -> None:
    numbering.sections.append(section)
    width, height = PAGE
    right = 78 * mm
    _at(hand, canvas, heading.title, LEFT, height - 9 * mm, WIDTH - right, bold=True, size=17, lines=1)
    _at(hand, canvas, heading.day, LEFT, height - 17 * mm, WIDTH - right, bold=True, size=12, lines=1)
    _at(hand, canvas, heading.under, LEFT, height - 23 * mm, WIDTH - right, size=LEAST, lines=1)
    canvas.setFont(hand.fonts.name("plain"), LEAST)
    canvas.drawRightString(width - RIGHT, height - 14 * mm, "Ring the centre")
    canvas.setFont(hand.fonts.name("plain", True), 17)
    canvas.drawRightString(width - RIGHT, height - 21 * mm, heading.phone)
    canvas.setFont(hand.fonts.name("plain"), LEAST)
    _at(hand, canvas, heading.printed, LEFT, 12 * mm, WIDTH * 0.45, size=LEAST, lines=1)
    canvas.drawString(LEFT + WIDTH * 0.46, 8 * mm, FOOT)


def _at(
    hand: Hand, canvas: Canvas, text: str, x: float, top: float, width: float, *, bold: bool = False,
    size: float, lines: int,
) -> None:  # fmt: skip
    """Words with their top at a height, cut to a number of lines."""
    paragraph = hand.words(text, width, bold=bold, size=size)
    _, height = paragraph.wrap(width, 1e6)
    while height > size * 1.24 * lines + 1 and len(text) > 4:
        text = text[: int(len(text) * 0.9) - 1].rstrip() + "…"
        paragraph = hand.words(text, width, bold=bold, size=size)
        _, height = paragraph.wrap(width, 1e6)
    paragraph.drawOn(canvas, x, top - height)


def _page_number(font: str, canvas: Canvas, number: int, count: int) -> None:
    canvas.setFont(font, LEAST)
    canvas.drawRightString(PAGE[0] - RIGHT, 8 * mm, f"Page {number} of {count}")


def _texts(record: Any) -> Iterator[str]:
    """Every text in a record, however deep: the characters that the fonts must have."""
    if isinstance(record, str):
        yield record
    elif is_dataclass(record) and not isinstance(record, type):
        for part in fields(record):
            yield from _texts(getattr(record, part.name))
    elif isinstance(record, Iterable) and not isinstance(record, bytes):
        for part in record:
            yield from _texts(part)
