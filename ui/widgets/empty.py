"""An empty list says what would be there and how to start."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.style import icons, theme
from ui.widgets.basics import button, label


class EmptyState(QWidget):
    """``EmptyState("No visits today", "Visits planned for this day appear here.", icon="calendar-blank",
    action=("Plan a visit", self.plan))``"""

    def __init__(
        self, title: str, hint: str = "", *, icon: str = "tray", action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._icon = icon
        self._picture = QLabel()
        self._title = label(title, strong=True)
        self._hint = label(hint, quiet=True, wrap=True)
        self._hint.setFixedWidth(theme.px(440))
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.space(6), theme.space(6), theme.space(6), theme.space(6))
        layout.setSpacing(theme.space(1))
        for part in (self._picture, self._title, self._hint):
            layout.addWidget(part)
        if action is not None:
            layout.addSpacing(theme.space(2))
            layout.addWidget(button(action[0], action[1]), 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        theme.hub().changed.connect(self._draw)
        self._draw()

    def say(self, title: str, hint: str = "") -> None:
        """Other words, say when a filter hides everything."""
        self._title.setText(title)
        self._hint.setText(hint)

    def fit(self) -> None:
        """Over a list, which says how large it is: what has no room is left out, the picture first."""
        layout, title, hint = self._layout, self._title.sizeHint().height(), 0
        if self._hint.text():
            hint = self._hint.heightForWidth(self._hint.width())
        wide, narrow, gap = theme.space(6), theme.space(2), theme.space(1)
        words = title + gap + hint
        whole = self.height() >= 2 * wide + theme.px(28) + gap + words
        layout.setContentsMargins(wide, wide if whole else narrow, wide, wide if whole else narrow)
        self._picture.setVisible(whole)
        self._hint.setVisible(self.height() >= 2 * narrow + words)

    def _draw(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, "text-off", 28, self.devicePixelRatioF()))
