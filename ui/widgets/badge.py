"""Badges: a mark, a word and a colour together, so that colour is never alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.style import fonts, icons, theme, tokens

HEIGHT = 20
_LEAST = 64


def badge_width(words: str, mark: str = "") -> float:
    """Pixels that a badge needs at the text size in force."""
    width = fonts.metrics("small", strong=True).horizontalAdvance(words) if words else 0.0
    width += theme.px(16) if words else theme.px(8)
    return width + (theme.px(16 if words else 12) if mark else 0)


def paint_badge(
    painter: QPainter, box: QRectF, words: str, tone: str, mark: str = "", *, solid: bool = False
) -> QRectF:
    """Paint a badge at the left of ``box``, centred in its height, elided to its width; gives back where it is."""
    height = min(theme.px(HEIGHT), box.height())
    width = min(badge_width(words, mark), box.width())
    place = QRectF(box.left(), round(box.center().y() - height / 2), width, height)
    ground, ink = (f"fill:{tone}", f"on-fill:{tone}") if solid else (f"soft:{tone}", f"tone:{tone}")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    radius = theme.px(tokens.measure("radius"))
    painter.drawRoundedRect(place, radius, radius)
    left = place.left() + theme.px(6)
    if mark:
        side = theme.px(13)
        icons.paint(painter, QRectF(left, place.center().y() - side / 2, side, side), mark, theme.colour(ink))
        left += theme.px(17)
    if words:
        painter.setFont(fonts.font("small", strong=True))
        painter.setPen(theme.colour(ink))
        room = QRectF(left, place.top(), place.right() - theme.px(6) - left + 1, place.height())
        shown = fonts.metrics("small", strong=True).elidedText(words, Qt.TextElideMode.ElideRight, room.width() + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()
    return place


class Badge(QWidget):
    """``Badge("Safeguarding", "red", "warning")``; ``Badge.of_state("overdue", "25 min over")``."""

    def __init__(self, words: str = "", tone: str = "neutral", mark: str = "", *, solid: bool = False) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # narrower, its words are cut short
        self._solid = solid
        self._words, self._tone, self._mark = words, tone, mark
        self.setAccessibleName(words)
        self.setToolTip(words)
        theme.hub().changed.connect(self.updateGeometry)

    @classmethod
    def of_state(cls, code: str, words: str) -> Badge:
        look = tokens.state(code)
        return cls(words, look.tone, look.mark)

    def set(self, words: str, tone: str, mark: str = "") -> None:
        self._words, self._tone, self._mark = words, tone, mark
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        return self._words

    def sizeHint(self) -> QSize:
        return QSize(round(badge_width(self._words, self._mark) + 0.5), theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(theme.px(_LEAST), self.sizeHint().width()), theme.px(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, QRectF(self.rect()), self._words, self._tone, self._mark, solid=self._solid)
        painter.end()


def paint_dot(painter: QPainter, centre: QPointF, role: str, size: float = 7) -> None:
    """A round dot: "changed since you looked"."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(role))
    half = theme.px(size) / 2
    painter.drawEllipse(centre, half, half)
    painter.restore()
