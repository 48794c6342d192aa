"""The criteria-to-reside list of one hospital on paper, for the morning call: upright A4, one line a person, 11 points.

No more personal data than the call needs: ward, name, why they are there, what is still open. ReportLab comes with this
module, so import it when something is to be printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer

from ui.sheets.leaflet import Leaflet, build
from ui.sheets.lines import Grid, row_of, width_of
from ui.sheets.parts import LEAST, PALE, Hand

COLUMNS = (("Ward", 18), ("Name", 51), ("Waits", 17), ("Why", 47), ("Still open", 41), ("Said", 16))
MARGIN = 10.0
_PAD = 0.9
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
            story += _page(hand, leaflet.width, each)
        return story

    return build(leaflet, texts, make)


def _page(hand: Hand, width: float, each: PaperList) -> list[Flowable]:
    story: list[Flowable] = [
        hand.words(each.title, width, bold=True, size=15), hand.words(each.under, width), Spacer(1, 3),
    ]  # fmt: skip
    widths = [w * mm for _, w in COLUMNS]
    if not any(part.lines for part in each.parts):
        return [*story, hand.words(each.nothing, width, size=12)]
    heads = [row_of([hand.cell(w, (name, True)) for (name, _), w in zip(COLUMNS, widths, strict=True)], widths, _PAD,
                    shaded=True)]  # fmt: skip
    for part in each.parts:
        if part.lines:
            title = row_of([hand.cell(width, (part.title, True))], [width], _PAD, shaded=True, spans=True)
            rows = [row_of(_cells(hand, widths, line), widths, _PAD) for line in part.lines]
            story += [Grid(widths, [*heads, title], rows, _PAD, PALE)]
            heads = []
    return story


def _cells(hand: Hand, widths: Sequence[float], line: PaperLine) -> list[list[Flowable]]:
    said = (line.ward, line.name, line.waits, line.why, line.still, line.said)
    return [
        [hand.words(_fitted(hand, text, w - _BETWEEN, bold=line.bold and n == 1), w, bold=line.bold and n == 1)]
        for n, (text, w) in enumerate(zip(said, widths, strict=True))
    ]


def _fitted(hand: Hand, text: str, room: float, *, bold: bool) -> str:
    """On one line: what does not fit is cut, and shows it."""
    font = hand.fonts.name("plain", bold)
    while len(text) > 4 and width_of(text, font, LEAST) > room:
        text = text.rstrip("…")[:-1].rstrip(" ,;") + "…"
    return text


def _texts(each: PaperList) -> list[str]:
    lines = [
        text for part in each.parts for x in part.lines for text in (x.ward, x.name, x.waits, x.why, x.still, x.said)
    ]
    return [each.title, each.under, each.nothing, "…", *(part.title for part in each.parts), *lines]
