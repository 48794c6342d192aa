"""Two versions of the same thing, field by field, and a choice for each: mine, theirs, beside what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QWidget

from ui.style import theme
from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, label, row, rule
from ui.widgets.chips import SegmentedChoice


@dataclass(frozen=True, slots=True)
class Twice:
    """One field that two people changed: in words."""

    field: str
    caption: str
    mine: str
    theirs: str
    was: str


class ChangedTwice(QFrame):
    """Ours, theirs and what it was, a line a field. Nothing is lost: whichever is not chosen has been read.

    Tab goes from field to field, Left and Right choose, Enter goes on with what is chosen.
    ``mine`` and ``theirs`` choose all fields at once and go on.
    """

    chosen = Signal(frozenset)
    """the fields of which ours stands"""
    mine = Signal()
    theirs = Signal()

    def __init__(self, fields: Sequence[Twice], who: str = "") -> None:
        super().__init__()
        self.setProperty("plane", "sunken")
        self.setProperty("rule", "all")
        self.choices: dict[str, SegmentedChoice] = {}
        self.keep = button("Keep all of mine", self.mine.emit)
        self._take = button("Take all of theirs", self.theirs.emit)
        self.go = button("Go on with this choice", self.settle, kind="main", tip="Go on with this choice  (Enter)")
        by = f"{who} saved first." if who else "Somebody saved first."
        head = row(Badge("Changed twice", "accent", "users"), label(f"{by} Which one stands?", quiet=True), None)
        self.setLayout(column(head, self._grid(fields), row(None, self.keep, self._take, self.go), gap=2, margins=3))
        self.setAccessibleName(
            "Changed twice. "
            + " ".join(f"{f.caption}: yours: {f.mine}. Saved meanwhile: {f.theirs}. It was: {f.was}." for f in fields)
        )

    def _grid(self, fields: Sequence[Twice]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.space(3))
        for number, caption in enumerate(("", "Yours", "Saved meanwhile", "It was", "Stands")):
            grid.addWidget(label(caption, size="small", strong=True), 0, number)
        for number in (1, 2, 3):
            grid.setColumnStretch(number, 1)
        for line, each in enumerate(fields):
            at = 1 + line * 2
            grid.addWidget(rule(), at, 0, 1, 5)
            cells = (label(each.caption, quiet=True, wrap=True), *(
                label(words or "Nothing", wrap=True, selectable=True, quiet=not words)
                for words in (each.mine, each.theirs, each.was)
            ))  # fmt: skip
            for place, cell in enumerate(cells):
                grid.addWidget(cell, at + 1, place, Qt.AlignmentFlag.AlignTop)
            choice = SegmentedChoice((("mine", "Mine"), ("theirs", "Theirs")), "mine", each.caption)
            self.choices[each.field] = choice
            grid.addWidget(choice, at + 1, 4, Qt.AlignmentFlag.AlignTop)
        return made

    def start(self) -> None:
        """Put the cursor on the first choice."""
        for button_ in next(iter(self.choices.values())).findChildren(QAbstractButton):
            if button_.isChecked():
                button_.setFocus(Qt.FocusReason.TabFocusReason)

    def settle(self) -> None:
        """Go on with what is chosen for each field."""
        self.chosen.emit(frozenset(name for name, choice in self.choices.items() if choice.value == "mine"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        on_button = self.focusWidget() in (self.keep, self._take, self.go)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not on_button:
            self.settle()
        else:
            super().keyPressEvent(event)
