"""The path of a concern, drawn: three steps, which are done, which is now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.style import fonts, icons, theme


class Path(QWidget):
    """Steps from left to right: a title and a quiet line each. ``now`` is the place of the present one."""

    def __init__(self, steps: Sequence[tuple[str, str]], now: int) -> None:
        super().__init__()
        self._steps, self._now = list(steps), now
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = [f"{title} {note}".strip() for title, note in steps]
        self.setAccessibleName(f"Step {now + 1} of {len(steps)}: {said[now]}. " + ". ".join(said))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(420), theme.px(52))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(300), theme.px(52))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() / len(self._steps)
        side, middle = theme.px(20), theme.px(12)
        for number, (title, note) in enumerate(self._steps):
            left = number * width
            done, present = number < self._now, number == self._now
            ink = theme.colour("accent" if done or present else "text-quiet")
            if number + 1 < len(self._steps):
                painter.setPen(QPen(theme.colour("accent" if done else "line"), theme.px(2)))
                painter.drawLine(
                    QPointF(left + side + theme.px(6), middle), QPointF(left + width - theme.px(6), middle)
                )
            mark = "check-circle-fill" if done else "circle-fill" if present else "circle"
            last = present and number + 1 == len(self._steps)
            mark = "check-circle-fill" if last else mark
            icons.paint(painter, QRectF(left, middle - side / 2, side, side), mark, ink)
            self._text(painter, left, width, title, note, strong=present)
        painter.end()

    @staticmethod
    def _text(painter: QPainter, left: float, width: float, title: str, note: str, *, strong: bool) -> None:
        at = theme.px(26)
        for words, face, role in (
            (title, fonts.font(strong=strong), "text"),
            (note, fonts.font("small"), "text-quiet"),
        ):
            painter.setFont(face)
            painter.setPen(theme.colour(role))
            metrics = QFontMetricsF(face)
            if words is title:
                own = metrics.horizontalAdvance(title) + theme.px(10)
            else:
                left, width = left + own, width - own
            box = QRectF(left, at, max(0.0, width - theme.px(10)), theme.px(24))
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
