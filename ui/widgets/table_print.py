"""A table on paper: A4, black on white, the heads on every page, page n of m, what it shows and who printed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPagedPaintDevice, QPainter, QPen

from ui.style import fonts

_WRAP = int(Qt.TextFlag.TextWordWrap)
_TOP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
POINTS, SMALL, TITLE = 9.0, 8.0, 13.0
MOST_LINES = 3  # of a cell: a long text is cut with an ellipsis, so that a row never fills a page


@dataclass(frozen=True)
class Paper:
    """What is to be printed. ``said`` are lines under the title; ``foot`` stands at the left of every foot."""

    title: str
    said: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    foot: str
    right: frozenset[int] = frozenset()  # columns of numbers
    stretch: frozenset[int] = frozenset()  # columns that take the room that is left


class TablePrinter:
    """Paints pages on a printer or a PDF. All measures in the dots of the device."""

    def __init__(self, paper: Paper, device: QPagedPaintDevice) -> None:
        self._paper, self._device = paper, device
        self._dots = device.logicalDpiY() / 72  # a point
        area = device.pageLayout().paintRectPixels(device.logicalDpiY())
        self._page = QRectF(0, 0, area.width(), area.height())
        self._pad = 3 * self._dots
        self._foot_high = 16 * self._dots
        self._metrics = QFontMetricsF(self._font(POINTS), device)
        self._widths = self._share(self._natural())
        self._heights = [self._height(row) for row in paper.rows]
        self._head_high = self._height(paper.heads, strong=True)
        self.pages = self._paginate()

    def print(self) -> None:
        """Every page, in order."""
        painter = QPainter(self._device)
        for number, (first, last) in enumerate(self.pages):
            if number:
                self._device.newPage()
            self._paint_page(painter, number, first, last)
        painter.end()

    # ---------------------------------------------------------------- measuring

    def _font(self, points: float, *, strong: bool = False) -> QFont:
        made = QFont(fonts.font(strong=strong))
        made.setPixelSize(max(1, round(points * self._dots)))
        return made

    def _natural(self) -> list[float]:
        """What each column would like: room for nine of ten of its texts, and for its head."""
        strong = QFontMetricsF(self._font(POINTS, strong=True), self._device)
        sample = self._paper.rows[:400]
        wide = []
        for number, head in enumerate(self._paper.heads):
            lengths = sorted(self._metrics.horizontalAdvance(row[number]) for row in sample) or [0.0]
            most = min(lengths[(len(lengths) - 1) * 9 // 10], self._page.width() / 8)
            least = self._page.width() / 4 if number in self._paper.stretch else strong.horizontalAdvance(head)
            wide.append(max(most, least) + 3 * self._pad)
        return wide

    def _share(self, wide: list[float]) -> list[float]:
        """Never wider than the page: what is over is taken from the widest. What is left goes to those that stretch."""
        widest = max(range(len(wide)), key=wide.__getitem__)
        stretch = [n for n in range(len(wide)) if n in self._paper.stretch] or [widest]
        spare = self._page.width() - sum(wide)
        if spare >= 0:
            return [w + (spare / len(stretch) if n in stretch else 0) for n, w in enumerate(wide)]
        low, high = 0.0, max(wide)
        for _ in range(40):
            cap = (low + high) / 2
            low, high = (cap, high) if sum(min(w, cap) for w in wide) < self._page.width() else (low, cap)
        return [min(w, low) for w in wide]

    def _height(self, row: Sequence[str], *, strong: bool = False) -> float:
        measure = QFontMetricsF(self._font(POINTS, strong=strong), self._device)
        line = measure.boundingRect(QRectF(0, 0, 1e6, 1e6), _WRAP, "Äg").height()
        high = line
        for words, width in zip(row, self._widths, strict=True):
            box = QRectF(0, 0, max(1.0, width - 2 * self._pad), 1e6)
            high = max(high, measure.boundingRect(box, _WRAP, words).height() if words else 0)
        most = measure.boundingRect(QRectF(0, 0, 1e6, 1e6), _WRAP, "\n".join(["Äg"] * MOST_LINES)).height()
        return min(high, most) + 2 * self._pad

    def _top(self, number: int) -> float:
        """Where the heads begin: under the title on the first page."""
        if number:
            return 0.0
        said = QFontMetricsF(self._font(SMALL), self._device).lineSpacing() * len(self._paper.said)
        return QFontMetricsF(self._font(TITLE, strong=True), self._device).lineSpacing() + said + 8 * self._dots

    def _paginate(self) -> list[tuple[int, int]]:
        """First row and the one after the last, of each page. A row is never split."""
        pages, first, at = [], 0, self._top(0) + self._head_high
        bottom = self._page.height() - self._foot_high
        for number, high in enumerate(self._heights):
            if at + high > bottom and number > first:
                pages.append((first, number))
                first, at = number, self._head_high
            at += high
        pages.append((first, len(self._heights)))
        return pages

    # ---------------------------------------------------------------- painting

    def _paint_page(self, painter: QPainter, number: int, first: int, last: int) -> None:
        painter.setPen(QColor("black"))
        if number == 0:
            self._paint_title(painter)
        top = self._top(number)
        self._paint_row(painter, top, self._head_high, self._paper.heads, strong=True)
        at = top + self._head_high
        painter.setPen(QPen(QColor("black"), self._dots))
        painter.drawLine(0, round(at), round(self._page.width()), round(at))
        for place in range(first, last):
            painter.setPen(QColor("black"))
            self._paint_row(painter, at, self._heights[place], self._paper.rows[place])
            at += self._heights[place]
            painter.setPen(QPen(QColor(150, 150, 150), self._dots * 0.5))
            painter.drawLine(0, round(at), round(self._page.width()), round(at))
        self._paint_foot(painter, number)

    def _paint_title(self, painter: QPainter) -> None:
        face = self._font(TITLE, strong=True)
        painter.setFont(face)
        at = QFontMetricsF(face, self._device).lineSpacing()
        painter.drawText(QRectF(0, 0, self._page.width(), at), _TOP, self._paper.title)
        painter.setFont(self._font(SMALL))
        line = QFontMetricsF(self._font(SMALL), self._device).lineSpacing()
        for words in self._paper.said:
            painter.drawText(QRectF(0, at, self._page.width(), line), _TOP, words)
            at += line

    def _paint_row(
        self, painter: QPainter, top: float, high: float, row: Sequence[str], *, strong: bool = False
    ) -> None:
        face = self._font(POINTS, strong=strong)
        painter.setFont(face)
        measure, left = QFontMetricsF(face, self._device), 0.0
        for number, (words, width) in enumerate(zip(row, self._widths, strict=True)):
            box = QRectF(left + self._pad, top + self._pad, width - 2 * self._pad, high - 2 * self._pad)
            side = _RIGHT if number in self._paper.right else _TOP
            painter.drawText(box, side | _WRAP, self._fitting(words, box, measure))
            left += width

    @staticmethod
    def _fitting(words: str, box: QRectF, measure: QFontMetricsF) -> str:
        """As much as there is room for; what is cut ends with an ellipsis."""
        tall = QRectF(0, 0, max(1.0, box.width()), 1e6)

        def fits(text: str) -> bool:
            return measure.boundingRect(tall, _WRAP, text).height() <= box.height() + 1

        if fits(words):
            return words
        low, high = 0, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if fits(words[:middle].rstrip() + "…") else (low, middle - 1)
        return words[:low].rstrip() + "…"

    def _paint_foot(self, painter: QPainter, number: int) -> None:
        painter.setPen(QColor("black"))
        painter.setFont(self._font(SMALL))
        box = QRectF(0, self._page.height() - self._foot_high, self._page.width(), self._foot_high)
        low = int(Qt.AlignmentFlag.AlignBottom)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft) | low, self._paper.foot)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight) | low, f"Page {number + 1} of {len(self.pages)}")
