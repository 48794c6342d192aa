"""Words that are painted again and again, whenever a pointer crosses a table: cut to their room and laid out once.

``QPainter.drawText`` shapes its words anew each time, which is most of what a cell costs.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QStaticText

from ui.style import fonts, tokens

_AT_MOST = 4096  # some screens of cells


def paint_words(
    painter: QPainter, box: QRectF, words: str, size: tokens.Size = "body", *, strong: bool = False, right: bool = False
) -> None:
    """One line in ``box``, in the pen's colour, elided at its end, in the middle of its height."""
    made = _laid_out(words, size, strong, int(box.width()), fonts.scale())
    room = made.size()
    left = box.right() - room.width() if right else box.left()
    painter.setFont(fonts.font(size, strong=strong))
    top = box.top() + (box.height() - room.height()) / 2
    painter.drawStaticText(QPointF(round(left), round(top)), made)  # between two pixels it would fall to the upper one


@lru_cache(_AT_MOST)
def _laid_out(words: str, size: tokens.Size, strong: bool, width: int, _scale: float) -> QStaticText:
    shown = fonts.metrics(size, strong=strong).elidedText(words, Qt.TextElideMode.ElideRight, width)
    made = QStaticText(shown)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(font=fonts.font(size, strong=strong))
    return made
