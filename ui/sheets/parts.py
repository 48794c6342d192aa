"""The parts that a sheet is made of: paragraphs in any script, the boxes to tick, the page around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from ui.sheets.fonts import Fonts
from ui.sheets.markup import markup
from ui.sheets.messages import FOOT, SIGN, SIGN_HERE

PAGE = landscape(A4)
LEFT, RIGHT, BOTTOM, TOP = 12 * mm, 12 * mm, 15 * mm, 30 * mm
WIDTH = PAGE[0] - LEFT - RIGHT
HEIGHT = PAGE[1] - TOP - BOTTOM
BAR = 5  # points: in the margin of what has changed
LEAST = 11  # points: nothing on paper is smaller
PAD = 4
HEAD_ROW = LEAST * 1.24 + 2 * PAD + 1
PALE = Color(0.9, 0.9, 0.9)


@dataclass
class Hand:
    """Writes paragraphs with the fonts of one document."""

    fonts: Fonts

    def words(
        self,
        text: str,
        width: float,
        *,
        bold: bool = False,
        size: float = LEAST,
        right: bool = False,
        hanging: float = 0,
    ) -> Paragraph:
        """A paragraph ``width`` points wide, in whatever scripts ``text`` is; ``right``: it begins at the right;
        ``hanging``: points by which its further lines stand in."""
        made = markup(
            text, self.fonts, bold=bold, room=width - 1, width=lambda part, name: float(stringWidth(part, name, size))
        )
        style = ParagraphStyle(
            "words",
            fontName=self.fonts.name("plain", bold),
            fontSize=size,
            leading=size * 1.24,
            shaping=1 if made.shaped else 0,
            splitLongWords=1,
            alignment=TA_RIGHT if right else TA_LEFT,
            leftIndent=hanging,
            firstLineIndent=-hanging,
        )
        return Paragraph(made.text, style)

    def cell(self, width: float, *parts: tuple[str, bool] | tuple[str, bool, float]) -> list[Flowable]:
        """Paragraphs of a table cell: text, bold, and size if it is not the least."""
        inner = width - 2 * PAD
        return [
            self.words(part[0], inner, bold=part[1], size=part[2] if len(part) > 2 else LEAST)
            for part in parts
            if part[0]
        ]


class SignBox(Flowable):
    """Room to tick how it went, and to sign."""

    def __init__(self, width: float, font: str, ended: str = "") -> None:
        super().__init__()
        self.width, self.font, self.ended = width, font, ended
        self.height = 52.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        c: Canvas = self.canv
        c.setFont(self.font, LEAST)
        x, y = 0.0, self.height - 11
        for word in SIGN:
            takes = 14 + stringWidth(word, self.font, LEAST)
            if x + takes > self.width:
                x, y = 0.0, y - 17
            self._box(c, x, y - 1, crossed=word == self.ended)
            c.drawString(x + 14, y, word)
            x += takes + 8
        c.drawString(0, 2, SIGN_HERE)
        c.setLineWidth(0.6)
        c.line(stringWidth(SIGN_HERE, self.font, LEAST) + 4, 1, self.width, 1)

    @staticmethod
    def _box(c: Canvas, x: float, y: float, *, crossed: bool) -> None:
        c.setStrokeColor(black)
        c.setLineWidth(0.9)
        c.rect(x, y, 10, 10)
        if crossed:
            c.line(x, y, x + 10, y + 10)
            c.line(x, y + 10, x + 10, y)


@dataclass(frozen=True)
class Heading:
    """What stands on top of every page of a section: whose it is, for which day, and whom to ring; and the
    ``columns`` (name, millimetres) of a section that is made of several tables. ``phone`` may be empty, and so may
    ``edition``, which version it is of."""

    title: str
    under: str
    day: str
    phone: str
    printed: str
    columns: tuple[tuple[str, float], ...] = ()
    foot: str = FOOT
    edition: str = ""


@dataclass
class Numbering:
    """Pages are numbered within their section: ``Page 2 of 3`` of this worker's sheet."""

    sections: list[int] = field(default_factory=list)

    def number_of(self, page: int) -> tuple[int, int]:
        """Number and count within the section, of a page counted from 0 over the whole document."""
        section = self.sections[page]
        return page - self.sections.index(section) + 1, self.sections.count(section)


def numbered_canvas(numbering: Numbering, write: Callable[[Canvas, int, int], None]) -> type[Canvas]:
    """A canvas that numbers its pages when it knows how many there are."""

    class NumberedCanvas(Canvas):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self._kept: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._kept.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            for page, kept in enumerate(self._kept):
                self.__dict__.update(kept)
                write(self, *numbering.number_of(page))
                Canvas.showPage(self)
            Canvas.save(self)

    return NumberedCanvas
