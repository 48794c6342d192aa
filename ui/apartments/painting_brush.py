"""The strokes that the apartment board is painted with: colours by role, words that never run over."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from ui.style import fonts, icons, theme

_V = Qt.AlignmentFlag.AlignVCenter
LEFT, CENTRE, RIGHT = (
    _V | Qt.AlignmentFlag.AlignLeft,
    _V | Qt.AlignmentFlag.AlignHCenter,
    _V | Qt.AlignmentFlag.AlignRight,
)


class Brush:
    """One painter. Boxes in pixels of the viewport."""

    def __init__(self, painter: QPainter) -> None:
        self.p = painter
        self._plain, self._strong = fonts.font("small"), fonts.font("small", strong=True)
        self._metrics = (QFontMetricsF(self._plain), QFontMetricsF(self._strong))

    def fill(self, box: QRectF, role: str) -> None:
        self.p.fillRect(box, theme.colour(role))

    def rounded(self, box: QRectF, role: str, edge: str = "", *, width: float = 1, dashed: bool = False) -> None:
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.p.setBrush(theme.colour(role) if role else Qt.BrushStyle.NoBrush)
        if edge:
            self.p.setPen(QPen(theme.colour(edge), width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
            box = box.adjusted(0.5, 0.5, -0.5, -0.5)
        else:
            self.p.setPen(Qt.PenStyle.NoPen)
        self.p.drawRoundedRect(box, theme.px(4), theme.px(4))

    def width(self, words: str, *, strong: bool = False) -> float:
        return self._metrics[strong].horizontalAdvance(words)

    def words(self, box: QRectF, words: str, role: str, how: Qt.AlignmentFlag, *, strong: bool = False) -> None:
        self.p.setFont(self._strong if strong else self._plain)
        self.p.setPen(theme.colour(role))
        shown = self._metrics[strong].elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        self.p.drawText(box, how, shown)

    def icon(self, box: QRectF, mark: str, role: str) -> None:
        icons.paint(self.p, box, mark, theme.colour(role))

    def strike(self, box: QRectF, role: str) -> None:
        """A line through a mark: that is not there."""
        self.p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.p.setPen(QPen(theme.colour(role), max(1.5, theme.px(1.5))))
        self.p.drawLine(box.bottomLeft(), box.topRight())

    def mark_and_words(self, box: QRectF, mark: str, words: str, role: str, *, strong: bool = False) -> None:
        """A mark, and as many of the words as there is room for; nothing where there is none even for the mark."""
        side = min(float(theme.px(14)), box.width() - 3)
        if side < theme.px(9):
            return
        left = box.left() + (theme.px(6) if box.width() > side + theme.px(12) else (box.width() - side) / 2)
        self.icon(QRectF(left, box.center().y() - side / 2, side, side), mark, role)
        room = box.adjusted(theme.px(25), 0, -theme.px(5), 0)
        if room.width() > theme.px(10):
            self.words(room, words, role, LEFT, strong=strong)
