"""What is chosen in a list of the record, in full: nothing is cut here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ui.people import words
from ui.widgets.basics import button, column, label, plane
from ui.widgets.panels import Facts, scrolling


class Reading(QWidget):
    """``say(title, facts, text, open_it)``; empty until then."""

    def __init__(self, empty: str) -> None:
        super().__init__()
        self._empty = empty
        self._area = scrolling(QWidget())
        self.setLayout(column(plane(column(self._area), "surface", "left")))
        self.clear()

    def clear(self) -> None:
        self._put(label(self._empty, quiet=True, wrap=True))

    def say(
        self, title: str, facts: Sequence[tuple[str, object | None]], text: str,
        open_it: tuple[str, Callable[[], object]] | None = None,
    ) -> None:  # fmt: skip
        parts: list[QWidget] = [label(title, strong=True, wrap=True)]
        if facts:
            parts.append(Facts(facts))
        if text:
            parts.append(label(words.soft(text), wrap=True, selectable=True))
        if open_it is not None:
            parts.append(button(open_it[0], open_it[1], icon="arrow-square-out"))
        self._put(*parts)

    def _put(self, *parts: QWidget) -> None:
        content = QWidget()
        content.setLayout(column(*parts, None, gap=3, margins=(5, 4, 5, 4)))
        self._area.setWidget(content)
