"""The document around the sheets: sections with their headings, tables whose heads come again, page numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, partial
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
)

from ui.sheets.fonts import fonts_for
from ui.sheets.lines import Grid, Row, row_of
from ui.sheets.parts import (
    BAR,
    BOTTOM,
    HEAD_ROW,
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
    numbered_canvas,
)


@dataclass(frozen=True)
class Section:
    """Pages under one heading, numbered by themselves; it begins on a new page."""

    heading: Heading
    story: list[Flowable]


def _column_heads(hand: Hand, columns: Sequence[tuple[str, float]]) -> Row:
    cells = [hand.cell(width * mm, (name, True)) for name, width in columns]
    return row_of(cells, _points(columns), PAD, shaded=True)


def _points(columns: Sequence[tuple[str, float]]) -> list[float]:
    return [width * mm for _, width in columns]


def table(
    hand: Hand,
    columns: Sequence[tuple[str, float]],
    rows: Sequence[list[Any]],
    nothing: str,
    marked: Collection[int] = (),
) -> list[Flowable]:
    """A table whose head comes again on every page and whose rows are never split; a bar beside those ``marked``."""
    if not rows:
        return [Spacer(1, 8), hand.words(nothing, WIDTH, size=12)]
    return [Grid(_points(columns), [_column_heads(hand, columns)], _rows(columns, rows, marked), PAD, PALE)]


def group(
    hand: Hand,
    columns: Sequence[tuple[str, float]],
    title: str,
    rows: Sequence[list[Any]],
    marked: Collection[int] = (),
) -> Grid:
    """Rows that belong to one; whose they are stands over them on every page that they go on to."""
    head = row_of([hand.cell(WIDTH, (title, True))], [WIDTH], PAD, shaded=True, spans=True)
    return Grid(_points(columns), [head], _rows(columns, rows, marked), PAD, PALE, over=False)


def _rows(columns: Sequence[tuple[str, float]], rows: Sequence[list[Any]], marked: Collection[int]) -> list[Row]:
    """A bar in the margin of those ``marked``: seen without colour, from across a table."""
    widths = _points(columns)
    return [row_of(row, widths, PAD, bar=BAR if n in marked else 0) for n, row in enumerate(rows)]


def build(data: Any, make: Callable[[Hand], list[Section]], title: str = "Deployment sheets") -> bytes:
    """Lay out the sections, one page template each, and number their pages. ``data`` holds all their texts."""
    with fonts_for(_texts(data)) as fonts:
        hand = Hand(fonts)
        sections = make(hand)
        out, numbering = BytesIO(), Numbering()
        document = BaseDocTemplate(
            out, pagesize=PAGE, title=title, author="Co-ordination Centre", subject="",
            leftMargin=LEFT, rightMargin=RIGHT, topMargin=TOP, bottomMargin=BOTTOM,
        )  # fmt: skip
        document.addPageTemplates(
            [
                PageTemplate(
                    f"s{n}",
                    [_frame(section.heading)],
                    onPage=partial(_head_of_page, hand, section.heading, numbering, n),
                )
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


def _frame(heading: Heading) -> Frame:
    """Where the story runs: beneath the heading, and beneath the column heads if the page has them."""
    tall = HEIGHT - (HEAD_ROW if heading.columns else 0)
    return Frame(LEFT, BOTTOM, WIDTH, tall, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _head_of_page(
    hand: Hand, heading: Heading, numbering: Numbering, section: int, canvas: Canvas, _document: Any
) -> None:
    numbering.sections.append(section)
    width, height = PAGE
    right = 78 * mm
    up = 2 * mm if heading.edition else 0.0
    _at(hand, canvas, heading.title, LEFT, height - 9 * mm + up, WIDTH - right, bold=True, size=17, lines=1)
    _at(hand, canvas, heading.day, LEFT, height - 17 * mm + up, WIDTH - right, bold=True, size=12, lines=1)
    _at(hand, canvas, heading.under, LEFT, height - 23 * mm + 1.5 * up, WIDTH - right, size=LEAST, lines=1)
    _at(hand, canvas, heading.edition, LEFT, height - 24.6 * mm, WIDTH, bold=True, size=LEAST, lines=1)
    if heading.phone:
        canvas.setFont(hand.fonts.name("plain"), LEAST)
        canvas.drawRightString(width - RIGHT, height - 14 * mm, "Ring the centre")
        canvas.setFont(hand.fonts.name("plain", True), 17)
        canvas.drawRightString(width - RIGHT, height - 21 * mm, heading.phone)
    canvas.setFont(hand.fonts.name("plain"), LEAST)
    if heading.columns:
        _draw_heads(hand, canvas, heading)
    _at(hand, canvas, heading.printed, LEFT, 12 * mm, WIDTH * 0.45, size=LEAST, lines=1)
    canvas.drawString(LEFT + WIDTH * 0.46, 8 * mm, heading.foot)


def _draw_heads(hand: Hand, canvas: Canvas, heading: Heading) -> None:
    head = Grid(_points(heading.columns), [_column_heads(hand, heading.columns)], [], PAD, PALE)
    head.wrapOn(canvas, WIDTH, HEAD_ROW)
    head.drawOn(canvas, LEFT, PAGE[1] - TOP - head.height)


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


def _texts(record: Any) -> set[str]:
    """Every text in a record, however deep: the characters that the fonts must have."""
    found: set[str] = set()
    waiting = [record]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            found.add(part)
        elif is_dataclass(part) and not isinstance(part, type):
            waiting += [getattr(part, name) for name in _fields(type(part))]
        elif isinstance(part, Iterable) and not isinstance(part, bytes):
            waiting += part
    return found


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
