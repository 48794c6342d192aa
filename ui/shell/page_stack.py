"""The pages of a window, one in front. Each is built when it is first looked at."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget

from ui.desk import Desk
from ui.page import Page, PageSpec
from ui.style import theme


class PageStack(QStackedWidget):
    """One that needs more height than there is scrolls within itself; it never makes the window grow."""

    title_changed = Signal()
    """of any of them"""

    def __init__(self, desk: Desk, specs: Mapping[str, PageSpec]) -> None:
        super().__init__()
        self._desk, self._specs = desk, specs
        self.built: dict[str, Page] = {}

    def page_of(self, page: str) -> Page:
        """A page by id, built if it is not yet. KeyError for one that is not there."""
        if page not in self.built:
            made = self._specs[page].build(self._desk)
            self._desk.commands.add(made.commands(), made, page)
            made.title_changed.connect(self.title_changed)
            self.addWidget(made)
            self.built[page] = made
        return self.built[page]

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(270))
