"""The parts that a sheet is made of: paragraphs in any script, the boxes to tick, the page around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from ui.sheets.fonts import ALWAYS, Fonts
from ui.sheets.lines import LEADING, Lines, set_font, width_of
from ui.sheets.markup import legible, markup, words_of
from ui.sheets.messages import FOOT, SIGN, SIGN_HERE

PAGE = landscape(A4)
LEFT, RIGHT, BOTTOM, TOP = 12 * mm, 12 * mm, 15 * mm, 30 * mm
WIDTH = PAGE[0] - LEFT - RIGHT
HEIGHT = PAGE[1] - TOP - BOTTOM
BAR = 5  # points: in the margin of what has changed
LEAST = 11  # points: nothing on paper is smaller
PAD = 4
HEAD_ROW = LEAST * LEADING + 2 * PAD + 1
PALE = Color(0.9, 0.9, 0.9)
_EASY = frozenset(ALWAYS)


@dataclass
class Hand:
    """Writes paragraphs with the fonts of one document."""

    fonts: Fonts
    _made: dict[tuple[str, float, bool, float], Flowable] = field(default_factory=dict)

    def words(
        self,
        text: str,
        width: float,
        *,
        bold: bool = False,
        size: float = LEAST,
        right: bool = False,
        hanging: float = 0,
    ) -> Flowable:
        """A paragraph ``width`` points wide, in whatever scripts ``text`` is; ``right``: it begins at the right;
        ``hanging``: points by which its further lines stand in."""
        plain = None if right or hanging else plain_of(text)
        if plain is not None:
            return Lines(plain, self.fonts.name("plain", bold), size, width)
        made = markup(
            text, self.fonts, bold=bold, room=width - 1, width=lambda part, name: float(stringWidth(part, name, size))
        )
        style = ParagraphStyle(
            "words",
            fontName=self.fonts.name("plain", bold),
            fontSize=size,
            leading=size * LEADING,
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
        return [self._cached(part[0], inner, part[1], part[2] if len(part) > 2 else LEAST) for part in parts if part[0]]

    def _cached(self, text: str, width: float, bold: bool, size: float) -> Flowable:
        """Many cells say the same: plain ones are laid out once."""
        key = (text, width, bold, size)
        found = self._made.get(key)
        if found is None:
            found = self.words(text, width, bold=bold, size=size)
            if isinstance(found, Lines):
                self._made[key] = found
        return found


def plain_of(text: str) -> str | None:
    """The text as letters of the one plain font, or None when it takes more than that."""
    if _EASY.issuperset(text):
        return text
    return legible(text) if all(word.script == "plain" for word in words_of(text)) else None


class SignBox(Flowable):
    """Room to tick how it went, and to sign."""

    def __init__(self, width: float, font: str, ended: str = "") -> None:
        super().__init__()
        self.width, self.font, self.ended = width, font, ended
        self.height = 52.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        text = self.canv.beginText()
        self.put(self.canv, text, 0.0, self.height)
        self.canv.drawText(text)

    def put(self, c: Canvas, text: Any, left: float, top: float) -> None:
        """Boxes on the canvas, words into a text object, with the top at a height."""
        set_font(text, self.font, LEAST)
        right, x, y = left + self.width, left, top - 11
        c.setLineWidth(0.9)
        for word in SIGN:
            takes = 14 + width_of(word, self.font, LEAST)
            if x + takes > right:
                x, y = left, y - 17
            self._box(c, x, y - 1, crossed=word == self.ended)
            text.setTextOrigin(x + 14, y)
            text.textOut(word)
            x += takes + 8
        foot = top - self.height
        text.setTextOrigin(left, foot + 2)
        text.textOut(SIGN_HERE)
        c.setLineWidth(0.6)
        c.line(left + width_of(SIGN_HERE, self.font, LEAST) + 4, foot + 1, right, foot + 1)

    @staticmethod
    def _box(c: Canvas, x: float, y: float, *, crossed: bool) -> None:
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
