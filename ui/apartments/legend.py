"""What the colours and marks of the calendar mean, in a line beneath it: as many as there is room for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.apartments.painting_brush import LEFT, Brush
from ui.apartments.painting_strip import AGAINST, NO_CLEANING
from ui.style import theme, tokens
from ui.widgets.tips import plain_tip

HIGH, SIGN = 26, 16
_Paint = Callable[[Brush, QRectF], None]


def _bar(tone: str, *, solid: bool) -> _Paint:
    def paint(brush: Brush, box: QRectF) -> None:
        brush.rounded(box.adjusted(0, 3, 0, -3), f"{'fill' if solid else 'soft'}:{tone}", f"tone:{tone}")

    return paint


def _mark(name: str, tone: str = "", *, struck: bool = False) -> _Paint:
    def paint(brush: Brush, box: QRectF) -> None:
        box = box.adjusted(1, 1, -1, -1)
        role = f"tone:{tone}" if tone else "text"
        brush.icon(box, name, role)
        if struck:
            brush.strike(box, role)

    return paint


def _tick(brush: Brush, box: QRectF) -> None:
    brush.rounded(box.adjusted(0, 3, 0, -3), "fill:teal")
    brush.fill(QRectF(box.center().x() - 1, box.bottom() - 9, 2, 6), "on-fill:teal")


def _state(code: str) -> _Paint:
    look = tokens.state(code)
    return _mark(look.mark, look.tone)


ENTRIES: tuple[tuple[str, _Paint], ...] = (
    ("In it", _bar("teal", solid=True)),
    ("Booked", _bar("accent", solid=False)),
    ("Day 28, 35, 42", _tick),
    ("From day 28", _bar("amber", solid=True)),
    ("Past 42", _bar("red", solid=True)),
    ("Despite criteria", _mark(AGAINST)),
    ("No room to clean", _mark(NO_CLEANING, struck=True)),
    ("Not accepting", _mark("door", "amber")),
    ("Cleaning", _state("cleaning")),
    ("Inspection", _state("inspection")),
)


class Legend(QWidget):
    """One line. What has no room is under the pointer, and a screen reader says all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        said = "Marks of the calendar: " + ", ".join(words for words, _paint in ENTRIES)
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        theme.hub().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(0, theme.px(HIGH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        brush, box = Brush(painter), QRectF(self.rect())
        brush.fill(box, "surface")
        brush.fill(QRectF(0, 0, box.width(), 1), "line")
        side, x = theme.px(SIGN), float(theme.px(24))
        for words, paint in ENTRIES:
            wide = brush.width(words)
            if x + side + theme.px(5) + wide > box.width():
                break
            paint(brush, QRectF(x, (box.height() - side) / 2, side, side))
            brush.words(QRectF(x + side + theme.px(5), 0, wide + 2, box.height()), words, "text-quiet", LEFT)
            x += side + theme.px(5) + wide + theme.px(12)
        painter.end()
