"""Badges: a mark, a word and a colour together, so that colour is never alone."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.style import fonts, icons, theme, tokens
from ui.style.laid_out import paint_words
from ui.widgets.tips import plain_tip

HEIGHT = 20
_LEAST = 64
_AT_MOST = 2048  # different ones that are remembered


def badge_width(words: str, mark: str = "") -> float:
    """Pixels that a badge needs at the text size in force."""
    return _width(words, mark, fonts.scale())


@lru_cache(_AT_MOST)
def _width(words: str, mark: str, _scale: float) -> float:
    width = fonts.metrics("small", strong=True).horizontalAdvance(words) if words else 0.0
    width += theme.px(16) if words else theme.px(8)
    return width + (theme.px(16 if words else 12) if mark else 0)


def paint_badge(
    painter: QPainter, box: QRectF, words: str, tone: str, mark: str = "", *, solid: bool = False
) -> QRectF:
    """Paint a badge at the left of ``box``, centred in its height, elided to its width; gives back where it is."""
    height = min(theme.px(HEIGHT), int(box.height()))
    width = min(ceil(badge_width(words, mark)), int(box.width()))
    place = QRectF(box.left(), round(box.center().y() - height / 2), width, height)
    if width <= 0 or height <= 0:
        return place
    ground, ink = (f"fill:{tone}", f"on-fill:{tone}") if solid else (f"soft:{tone}", f"tone:{tone}")
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(place.topLeft(), _ground(width, height, ground, mark, ink, theme.mode(), fonts.scale(), ratio))
    if words:
        left = place.left() + theme.px(23 if mark else 6)
        painter.setPen(theme.colour(ink))
        room = QRectF(left, place.top(), place.right() - theme.px(6) - left + 2, place.height())
        paint_words(painter, room, words, "small", strong=True)
    return place


@lru_cache(_AT_MOST)
def _ground(
    width: int, height: int, ground: str, mark: str, ink: str, _mode: str, _scale: float, ratio: float
) -> QPixmap:
    """What stands behind the words, drawn once for all rows that have the like."""
    made = QPixmap(ceil(width * ratio), ceil(height * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    radius = theme.px(tokens.measure("radius"))
    painter.drawRoundedRect(QRectF(0, 0, width, height), radius, radius)
    if mark:
        side = theme.px(13)
        icons.paint(painter, QRectF(theme.px(6), (height - side) / 2, side, side), mark, theme.colour(ink))
    painter.end()
    return made


class Badge(QWidget):
    """``Badge("Safeguarding", "red", "warning")``; ``Badge.of_state("overdue", "25 min over")``."""

    def __init__(self, words: str = "", tone: str = "neutral", mark: str = "", *, solid: bool = False) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # narrower, its words are cut short
        self._solid = solid
        self._words, self._tone, self._mark = words, tone, mark
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
        theme.hub().changed.connect(self.updateGeometry)

    @classmethod
    def of_state(cls, code: str, words: str) -> Badge:
        look = tokens.state(code)
        return cls(words, look.tone, look.mark)

    def set(self, words: str, tone: str, mark: str = "") -> None:
        self._words, self._tone, self._mark = words, tone, mark
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
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
