"""The criteria-to-reside list of one hospital on paper, for the morning call: one upright A4 page, one line a person.

Letters are of 11 points; of more than some forty people they are as much smaller, and their lines as much closer, as
one page needs: who reads a list to others turns no pages (T6). No more personal data than the call needs: ward, name,
why they are there, what is still open. ReportLab comes with this module, so import it when something is to be printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer

from ui.sheets.leaflet import Leaflet, build
from ui.sheets.lines import Grid, Row, row_of, width_of
from ui.sheets.parts import LEAST, PALE, Hand

COLUMNS = (("Ward", 18), ("Name", 51), ("Waits", 17), ("Why", 47), ("Still open", 41), ("Said", 16))
MARGIN = 10.0
# Points; more than some sixty-five people go on to a second page, at the first.
SIZES = (LEAST, 10.5, 10, 9.5, 9, 8.5, 8)
_PAD = 0.9
_CLOSE = 1.23  # of the size: from line to line, where letters are smaller; what hangs below them stands free
_BETWEEN = 5  # points: between what stands in two columns


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What stands on one line. ``bold``: somebody who need not be there."""

    ward: str
    name: str
    waits: str
    why: str
    still: str
    said: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class PaperPart:
    """Lines under one heading."""

    title: str
    lines: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class PaperList:
    """One hospital's page. ``under`` is the line beneath its name."""

    title: str
    under: str
    parts: tuple[PaperPart, ...]
    nothing: str


def morning_list(lists: Sequence[PaperList], printed: str) -> tuple[bytes, int]:
    """The PDF, each hospital on a page of its own, and how many pages. ``printed``: when and by whom."""
    leaflet = Leaflet(
        "Criteria to reside", lists[0].title if len(lists) == 1 else "Criteria to reside",
        f"Confidential. {printed}", size=LEAST, margin=MARGIN,
    )  # fmt: skip
    texts = [text for each in lists for text in _texts(each)]

    def make(hand: Hand) -> list[Flowable]:
        story: list[Flowable] = []
        for number, each in enumerate(lists):
            story += [PageBreak()] if number else []
            story += _fitting(hand, leaflet, each)
        return story

    return build(leaflet, texts, make)


def _fitting(hand: Hand, leaflet: Leaflet, each: PaperList) -> list[Flowable]:
    """In the largest letters with which it stands on one page."""
    for size in SIZES:
        story = _page(hand, leaflet.width, each, size)
        if sum(float(part.wrap(leaflet.width, leaflet.height)[1]) for part in story) <= leaflet.height:
            return story
    return _page(hand, leaflet.width, each, LEAST)


def _page(hand: Hand, width: float, each: PaperList, size: float) -> list[Flowable]:
    story: list[Flowable] = [
        hand.words(each.title, width, bold=True, size=15), hand.words(each.under, width), Spacer(1, 3),
    ]  # fmt: skip
    widths = [w * mm for _, w in COLUMNS]
    if not any(part.lines for part in each.parts):
        return [*story, hand.words(each.nothing, width, size=12)]
    names = [hand.cell(w, (name, True, size)) for (name, _), w in zip(COLUMNS, widths, strict=True)]
    heads = [_row(names, widths, size, shaded=True)]
    for part in each.parts:
        if part.lines:
            title = _row([hand.cell(width, (part.title, True, size))], [width], size, shaded=True, spans=True)
            rows = [_row(_cells(hand, widths, line, size), widths, size) for line in part.lines]
            story += [Grid(widths, [*heads, title], rows, _pad(size), PALE)]
            heads = []
    return story


def _row(cells: Sequence[Sequence[Flowable]], widths: Sequence[float], size: float, **more: bool) -> Row:
    made = row_of(cells, widths, _pad(size), **more)
    return made if size == LEAST else replace(made, height=size * _CLOSE)


def _pad(size: float) -> float:
    return _PAD if size == LEAST else 0


def _cells(hand: Hand, widths: Sequence[float], line: PaperLine, size: float) -> list[list[Flowable]]:
    said = (line.ward, line.name, line.waits, line.why, line.still, line.said)
    return [
        [hand.words(_fitted(hand, text, w - _BETWEEN, size, bold=line.bold and n == 1), w, bold=line.bold and n == 1,
                    size=size)]
        for n, (text, w) in enumerate(zip(said, widths, strict=True))
    ]  # fmt: skip


def _fitted(hand: Hand, text: str, room: float, size: float, *, bold: bool) -> str:
    """On one line: what does not fit is cut, and shows it."""
    font = hand.fonts.name("plain", bold)
    while len(text) > 4 and width_of(text, font, size) > room:
        text = text.rstrip("…")[:-1].rstrip(" ,;") + "…"
    return text


def _texts(each: PaperList) -> list[str]:
    lines = [
        text for part in each.parts for x in part.lines for text in (x.ward, x.name, x.waits, x.why, x.still, x.said)
    ]
    return [each.title, each.under, each.nothing, "…", *(part.title for part in each.parts), *lines]
