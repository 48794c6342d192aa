"""Several of a list, each with a box: forms, services, competencies. ``('*',)`` when all of them are meant."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from coordination.assessment.trust import EVERY
from ui.style import fonts, theme


class Ticks(QWidget):
    """``value``: the codes that are ticked. ``every``: words for a box that means all, those of later too."""

    changed = Signal()

    def __init__(self, items: Sequence[tuple[str, str]], *, every: str = "", columns: int = 1) -> None:
        super().__init__()
        self._boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(theme.space(3))
        named = [(EVERY, every), *items] if every else list(items)
        for place, (code, words) in enumerate(named):
            box = QCheckBox(words)
            fonts.dress(box)
            box.toggled.connect(lambda _on: self._ticked())
            self._boxes[code] = box
            grid.addWidget(box, place // columns, place % columns)
        for number in range(columns):
            grid.setColumnStretch(number, 1)
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    @property
    def value(self) -> tuple[str, ...]:
        every = self._boxes.get(EVERY)
        if every is not None and every.isChecked():
            return (EVERY,)
        return tuple(code for code, box in self._boxes.items() if box.isChecked())

    def set_value(self, codes: Sequence[str]) -> None:
        for code, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(code in codes)
            box.blockSignals(False)
        self._ticked()

    def _ticked(self) -> None:
        every = self._boxes.get(EVERY)
        for code, box in self._boxes.items():
            box.setEnabled(code == EVERY or every is None or not every.isChecked())
        self.changed.emit()
