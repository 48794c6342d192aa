"""Several things of a short list, ticked, in two columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from ui.style import theme


class Ticks(QWidget):
    """``Ticks([("hoist", "Hoist"), …])``; ``value`` is the frozenset of the codes that are ticked."""

    changed = Signal()

    def __init__(self, items: Sequence[tuple[str, str]], columns: int = 2) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(theme.space(1))
        self._boxes: dict[str, QCheckBox] = {}
        for number, (code, words) in enumerate(items):
            box = QCheckBox(words)
            box.toggled.connect(lambda _on: self.changed.emit())
            self._boxes[code] = box
            grid.addWidget(box, number // columns, number % columns)
        for place in range(columns):
            grid.setColumnStretch(place, 1)
        first = next(iter(self._boxes.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    @property
    def value(self) -> frozenset[str]:
        return frozenset(code for code, box in self._boxes.items() if box.isChecked())

    def set_value(self, codes: Collection[str] | None) -> None:
        for code, box in self._boxes.items():
            box.setChecked(code in (codes or ()))
