"""Upright A4 that is read rather than worked from: paragraphs, a head and a foot on each page, pages numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from ui.sheets.fonts import fonts_for
from ui.sheets.parts import Hand, Numbering, numbered_canvas


@dataclass(frozen=True)
class Leaflet:
    """How the pages look. Sizes in points, ``margin`` in millimetres; ``right_to_left``: the page begins at the right.

    ``foot`` stands at the bottom of each page, ``head`` on top of each but the first.
    """

    title: str
    head: str
    foot: str
    size: float = 11
    margin: float = 18
    right_to_left: bool = False

    @property
    def width(self) -> float:
        """Of the text, in points."""
        return float(A4[0]) - 2 * self.margin * mm

    @property
    def height(self) -> float:
        """Of the text on one page, in points."""
        return float(A4[1]) - 2 * self.margin * mm - self.size * 0.75 - _head_height(self)


def build(leaflet: Leaflet, texts: Iterable[str], make: Callable[[Hand], list[Flowable]]) -> tuple[bytes, int]:
    """The PDF and how many pages it has. ``texts``: every character that is printed."""
    with fonts_for([*texts, leaflet.title, leaflet.head, leaflet.foot]) as fonts:
        hand, numbering, out = Hand(fonts), Numbering(), BytesIO()
        foot = leaflet.size * 0.75
        margin = leaflet.margin * mm
        document = BaseDocTemplate(
            out, pagesize=A4, title=leaflet.title, author="Co-ordination Centre", subject="",
            leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin,
        )  # fmt: skip
        frame = Frame(
            margin, margin + foot, leaflet.width, leaflet.height, leftPadding=0, rightPadding=0, topPadding=0,
            bottomPadding=0,
        )  # fmt: skip
        document.addPageTemplates([PageTemplate("page", [frame], onPage=partial(_around, hand, leaflet, numbering))])
        name = fonts.name("plain", True)
        document.build(make(hand), canvasmaker=numbered_canvas(numbering, partial(_number, name, leaflet)))
        return out.getvalue(), len(numbering.sections)


def _head_height(leaflet: Leaflet) -> float:
    return leaflet.size * 1.2


def _around(hand: Hand, leaflet: Leaflet, numbering: Numbering, canvas: Canvas, _document: Any) -> None:
    numbering.sections.append(0)
    small, margin = max(9, leaflet.size * 0.75), leaflet.margin * mm
    right = leaflet.right_to_left
    if len(numbering.sections) > 1:
        words = hand.words(leaflet.head, leaflet.width, size=small, right=right)
        words.wrap(leaflet.width, 100)
        words.drawOn(canvas, margin, A4[1] - margin)
    foot = hand.words(leaflet.foot, leaflet.width * 0.78, size=small, right=right)
    foot.wrap(leaflet.width * 0.78, 100)
    foot.drawOn(canvas, margin + (leaflet.width * 0.22 if right else 0), margin * 0.55)


def _number(font: str, leaflet: Leaflet, canvas: Canvas, number: int, count: int) -> None:
    canvas.setFont(font, max(9, leaflet.size * 0.75))
    said, margin = f"Page {number} of {count}", leaflet.margin * mm
    if leaflet.right_to_left:
        canvas.drawString(margin, margin * 0.55 + 2, said)
    else:
        canvas.drawRightString(A4[0] - margin, margin * 0.55 + 2, said)
