"""An answer to be read: of a signed assessment. It takes the focus, so that one key asks where it comes from."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame

from ui.style import theme
from ui.widgets.basics import column, label


class ReadAnswer(QFrame):
    """``words`` empty: not answered."""

    def __init__(self, question: str, words: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.said = words
        self.words = label(words or "Not answered", quiet=not words, wrap=True, selectable=True)
        self.words.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setLayout(column(self.words))
        self.setAccessibleName(f"{question}: {self.words.text()}. F3: how do we know this?")
        self.setToolTip("How do we know this?  (F3)")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("focus"), theme.px(2)))
            left = QRectF(self.rect()).left() + 1  # at the left edge: the words keep their place in the column
            painter.drawLine(int(left), 0, int(left), self.height())
            painter.end()
