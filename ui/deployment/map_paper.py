"""A map on paper: black and white, the map at the left, the list beside it, further pages for a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter

from coordination.deployment.maps import MapScene, WardShape
from ui.deployment import map_words
from ui.deployment.map_lens import fitting
from ui.deployment.map_paint import Ink, MapDrawing
from ui.style import fonts

_DOTS = 1200
_WIDE, _TALL, _EDGE = 842.0, 595.0, 30.0  # points, A4 across
_LIST = 300.0
_GREY = {
    "sunken": "#F0F0F0", "surface": "#FFFFFF", "line": "#A0A0A0", "edge": "#606060", "text": "#000000",
    "text-off": "#606060", "text-quiet": "#303030", "focus": "#000000", "selection": "#E0E0E0",
    "tone:accent": "#404040",
    "fill:accent": "#000000", "on-fill:accent": "#FFFFFF", "fill:neutral": "#505050", "on-fill:neutral": "#FFFFFF",
    "fill:amber": "#505050", "on-fill:amber": "#FFFFFF",
}  # fmt: skip


@dataclass(frozen=True)
class MapHeading:
    """What stands on top and at the foot. ``phone`` may be empty."""

    title: str
    under: str
    printed: str
    phone: str = ""


def map_pdf(wards: Sequence[WardShape], scene: MapScene, heading: MapHeading) -> bytes:
    """The bytes of a PDF: A4 across, nothing smaller than 11 points but the names of wards."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF())
    )
    writer.setTitle("Map")
    writer.setCreator("Co-ordination Centre")
    painter = QPainter(writer)
    painter.scale(_DOTS / 72, _DOTS / 72)
    _Pages(painter, writer, heading).draw(wards, scene)
    painter.end()
    return bytes(buffer.data().data())


def _font(points: float, *, strong: bool = False) -> QFont:
    font = QFont(fonts.font("small", strong=strong))  # a copy: the program's own is shared by all
    font.setPixelSize(round(points))
    return font


class _Pages:
    def __init__(self, painter: QPainter, writer: QPdfWriter, heading: MapHeading) -> None:
        self.p, self.writer, self.heading = painter, writer, heading
        self.plain, self.bold = _font(11), _font(11, strong=True)
        self._measures = QFontMetricsF(self.plain)

    def draw(self, wards: Sequence[WardShape], scene: MapScene) -> None:
        rows = [self._row(scene, wards, n) for n in range(len(scene.points))]
        beside = _LIST
        pages = self._paged(rows)
        for number, page in enumerate(pages):
            if number:
                self.writer.newPage()
            self._around(number + 1, len(pages))
            if number == 0:
                box = QRectF(_EDGE, 78, _WIDE - 2 * _EDGE - beside - 12, _TALL - 78 - 36)
                places = [p.place for p in scene.points if p.place is not None]
                ink = Ink(lambda role: QColor(_GREY[role]), self.plain, self.bold, float)
                lens = fitting(places or [w.middle for w in wards], box, 50)
                MapDrawing(self.p, box, ink, lens).draw(wards, scene)
                self.p.setPen(QColor("#000000"))
                self.p.setBrush(Qt.BrushStyle.NoBrush)
                self.p.drawRect(box)
            wide = _LIST if number == 0 else _WIDE - 2 * _EDGE  # the map is on the first page only
            self._list(page, _WIDE - _EDGE - wide, wide)

    def _row(self, scene: MapScene, wards: Sequence[WardShape], number: int) -> tuple[str, list[tuple[str, bool]]]:
        point = scene.points[number]
        lines = [(" ".join(t for t in (map_words.when(point), point.title) if t), True)]
        lines += [(says, False) for says in (map_words.where(point, wards), map_words.notes(point)) if says]
        way = map_words.way(point)
        return map_words.number(point), [*lines, *([(way, False)] if way else [])]

    def _height(self, row: tuple[str, list[tuple[str, bool]]], wide: float) -> float:
        return sum(self._box(says, strong, wide).height() for says, strong in row[1]) + 6

    def _box(self, says: str, strong: bool, wide: float) -> QRectF:
        measures = QFontMetricsF(self.bold if strong else self.plain)
        return measures.boundingRect(QRectF(0, 0, wide - 46, 1e4), int(Qt.TextFlag.TextWordWrap), says)

    def _paged(self, rows: list[tuple[str, list[tuple[str, bool]]]]) -> list[list[tuple[str, list[tuple[str, bool]]]]]:
        """Rows that fit on each page; there is always one page."""
        pages: list[list[tuple[str, list[tuple[str, bool]]]]] = [[]]
        room = left = _TALL - 78 - 36
        for row in rows:
            takes = self._height(row, _LIST if len(pages) == 1 else _WIDE - 2 * _EDGE)
            if takes > left and pages[-1]:
                pages.append([])
                left = room
                takes = self._height(row, _WIDE - 2 * _EDGE)
            pages[-1].append(row)
            left -= takes
        return pages

    def _list(self, rows: list[tuple[str, list[tuple[str, bool]]]], x: float, wide: float) -> None:
        y = 78.0
        for mark, lines in rows:
            self.p.setPen(QColor("#000000"))
            self.p.setFont(self.bold)
            self.p.drawText(QRectF(x, y, 42, 16), int(Qt.AlignmentFlag.AlignLeft), mark)
            for says, strong in lines:
                self.p.setFont(self.bold if strong else self.plain)
                box = self._box(says, strong, wide)
                self.p.drawText(QRectF(x + 46, y, wide - 46, box.height()), int(Qt.TextFlag.TextWordWrap), says)
                y += box.height()
            y += 3
            self.p.setPen(QColor("#A0A0A0"))
            self.p.drawLine(round(x), round(y), round(x + wide), round(y))
            y += 3

    def _around(self, number: int, count: int) -> None:
        head, left, right = self.heading, int(Qt.AlignmentFlag.AlignLeft), int(Qt.AlignmentFlag.AlignRight)
        across = _WIDE - 2 * _EDGE
        self.p.setPen(QColor("#000000"))
        self.p.setFont(_font(17, strong=True))
        self.p.drawText(QRectF(_EDGE, 24, across, 24), left, head.title)
        if head.phone:
            self.p.drawText(QRectF(_EDGE, 24, across, 24), right, head.phone)
        self.p.setFont(self.plain)
        self.p.drawText(QRectF(_EDGE, 48, across, 18), left, head.under)
        self.p.drawText(QRectF(_EDGE, _TALL - 28, across, 16), left, head.printed)
        self.p.drawText(QRectF(_EDGE, _TALL - 28, across, 16), int(Qt.AlignmentFlag.AlignHCenter), "Confidential.")
        self.p.drawText(QRectF(_EDGE, _TALL - 28, across, 16), right, f"Page {number} of {count}")
