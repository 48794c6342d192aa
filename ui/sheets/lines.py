"""Paragraphs of plain letters and rows of a table, laid out once and drawn straight on the canvas.

ReportLab's own paragraph reads markup and its table measures each cell many times over: with them a hundred pages of a
team take ten times as long. What needs shaping, or an order from the right, is still a paragraph of theirs
(``Hand.words``); a ``Grid`` takes both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportlab.lib.colors import black
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

LEADING = 1.24
_RULE, _TOP_RULE = 0.7, 1.2
Measure = Callable[[str], float]


@lru_cache(maxsize=50_000)
def width_of(text: str, font: str, size: float) -> float:
    """Fonts are named anew for each document, so that a name stands for one font only."""
    return float(stringWidth(text, font, size))


def broken(text: str, room: float, measure: Measure) -> list[str]:
    """Lines of whole words that fit into ``room``; a word that does not fit by itself is cut where it must be."""
    if text.isprintable() and "  " not in text and text == text.strip() and measure(text) <= room:  # as most cells
        return [text] if text else []
    words = text.split()
    space = measure(" ")
    lines: list[str] = []
    line: list[str] = []
    used = 0.0
    for word in (part for w in words for part in _pieces(w, room, measure)):
        takes = measure(word)
        if line and used + space + takes > room:
            lines.append(" ".join(line))
            line, used = [], 0.0
        used += takes + (space if line else 0.0)
        line.append(word)
    return [*lines, " ".join(line)] if line else lines


def _pieces(word: str, room: float, measure: Measure) -> Iterator[str]:
    """The word, or as many letters at a time as fit: one at least."""
    if measure(word) <= room:
        yield word
        return
    start, used = 0, 0.0
    for end, letter in enumerate(word):
        takes = measure(letter)
        if end > start and used + takes > room:
            yield word[start:end]
            start, used = end, 0.0
        used += takes
    yield word[start:]


class Lines(Flowable):
    """A paragraph of letters that one font has, ``width`` points wide."""

    def __init__(self, text: str, font: str, size: float, width: float) -> None:
        super().__init__()
        self.font, self.size, self.width = font, size, width
        self.lines = broken(text, width, lambda part: width_of(part, font, size))
        self.height = len(self.lines) * size * LEADING

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        """Whole lines that fit, and the rest."""
        fitting = int(height / (self.size * LEADING))
        if not 0 < fitting < len(self.lines):
            return [] if fitting <= 0 else [self]
        return [self._part(self.lines[:fitting]), self._part(self.lines[fitting:])]

    def _part(self, lines: list[str]) -> Lines:
        part = Lines("", self.font, self.size, self.width)
        part.lines, part.height = lines, len(lines) * self.size * LEADING
        return part

    def draw(self) -> None:
        text = self.canv.beginText()
        self.put(self.canv, text, 0.0, self.height)
        self.canv.drawText(text)

    def put(self, _canvas: Canvas, text: Any, x: float, top: float) -> None:
        """Into a text object, with the top at a height."""
        set_font(text, self.font, self.size)
        y, leading = top - self.size, self.size * LEADING
        for number, line in enumerate(self.lines):
            text.setTextOrigin(x, y - number * leading)
            text.textOut(line)


def set_font(text: Any, name: str, size: float) -> None:
    """Set the font of a text object, if it is another one."""
    if (text._fontname, text._fontsize) != (name, size):
        text.setFont(name, size)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of flowables; ``shaded`` and ``spans`` (one cell over all columns) for a head; ``bar`` in the margin."""

    cells: Sequence[Sequence[Flowable]]
    height: float
    shaded: bool = False
    spans: bool = False
    bar: float = 0.0


class Grid(Flowable):
    """Rows under heads that come again on every page. A row is never split; no row may be higher than a page less
    the heads. ``widths`` in points; ``pad`` around each cell."""

    def __init__(
        self, widths: Sequence[float], heads: Sequence[Row], rows: Sequence[Row], pad: float, shade: Any, *,
        over: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()
        self._widths, self._heads, self._rows, self._pad, self._shade = widths, heads, rows, pad, shade
        self._over = over
        self.width = sum(widths)
        self.height = sum(row.height for row in (*heads, *rows))

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        """What fits, with one row at least beneath the heads, and the rest."""
        used, fitting = sum(row.height for row in self._heads), 0
        for row in self._rows:
            if used + row.height > height + 0.01:
                break
            used += row.height
            fitting += 1
        if fitting == 0 or fitting == len(self._rows):
            return []
        parts = self._rows[:fitting], self._rows[fitting:]
        return [Grid(self._widths, self._heads, part, self._pad, self._shade, over=self._over) for part in parts]

    def draw(self) -> None:
        canvas, top = self.canv, self.height
        text = canvas.beginText()
        for row in (*self._heads, *self._rows):
            self._row(canvas, text, row, top)
            top -= row.height
        if self._over:
            _line(canvas, 0, self.height, self.width, _TOP_RULE)
        canvas.drawText(text)

    def _row(self, canvas: Canvas, text: Any, row: Row, top: float) -> None:
        """One text object for all rows: a third of the time of one for each word."""
        bottom = top - row.height
        if row.shaded:
            canvas.setFillColor(self._shade)
            canvas.rect(0, bottom, self.width, row.height, stroke=0, fill=1)
            canvas.setFillColor(black)
        x = 0.0
        for cell, width in zip(row.cells, (self.width,) if row.spans else self._widths, strict=False):
            y = top - self._pad
            for part in cell:
                if hasattr(part, "put"):
                    part.put(canvas, text, x + self._pad, y)
                    y -= part.height
                else:
                    y -= float(part.wrap(width - 2 * self._pad, 1e6)[1])
                    part.drawOn(canvas, x + self._pad, y)
            x += width
        _line(canvas, 0, bottom, self.width, _RULE)
        if row.bar:
            canvas.setLineWidth(row.bar)
            canvas.line(-row.bar / 2, bottom, -row.bar / 2, top)


def row_of(cells: Sequence[Sequence[Flowable] | str], widths: Sequence[float], pad: float, **more: Any) -> Row:
    """A row as high as its highest cell."""
    filled = [cell if not isinstance(cell, str) else () for cell in cells]
    highest = max((height_of(cell, width, pad) for cell, width in zip(filled, widths, strict=False)), default=0.0)
    return Row(filled, highest, **more)


def height_of(cell: Sequence[Flowable] | str, width: float, pad: float) -> float:
    """Of a cell with what is around it."""
    if isinstance(cell, str):
        return 0.0
    tall = (p.height if hasattr(p, "put") else float(p.wrap(width - 2 * pad, 1e6)[1]) for p in cell)
    return sum(tall) + 2 * pad


def _line(canvas: Canvas, x: float, y: float, to: float, thick: float) -> None:
    canvas.setLineWidth(thick)
    canvas.line(x, y, to, y)
