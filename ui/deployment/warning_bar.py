"""The strip above a board: what wants somebody's eye, by type and number, and who else has the board open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QWidget

from coordination.deployment.board_warnings import KINDS, WarningKind
from ui.deployment.messages import WARNINGS
from ui.deployment.outlook import Outlook
from ui.style import theme
from ui.widgets import FilterChips, LinkLabel, label, plane, row, set_tone


class WarningBar(QObject):
    """A chip a type. One that is on: F8 goes through its visits only, and the others step back."""

    beyond_asked = Signal()
    """all hours are wanted, since some visits are outside of those shown"""

    def __init__(self) -> None:
        super().__init__()
        self.chips = FilterChips(
            [(kind, *WARNINGS[kind]) for kind in KINDS],
            name="Warnings by type",
        )
        self._nothing = label("No warnings on this board.", quiet=True, size="small")
        self._beyond = LinkLabel("", self.beyond_asked.emit)
        set_tone(self._beyond, "amber")
        self._beyond.hide()
        self._right = row(gap=2)
        self._frame = plane(
            row(self.chips, self._nothing, 1, self._beyond, None, self._right, gap=1, margins=(6, 0.5, 6, 0.5)),
            "surface",
            "below",
        )
        self._frame.setMinimumHeight(theme.px(34))

    def widget(self) -> QFrame:
        return self._frame

    def add(self, widget: QWidget) -> None:
        """Something to be said of the whole board, at the right."""
        self._right.addWidget(widget)

    @property
    def kinds(self) -> tuple[WarningKind, ...]:
        """The types that are on; all, when none is."""
        on = tuple(kind for kind in KINDS if kind in self.chips.value)
        return on or KINDS

    @staticmethod
    def words_of(kind: WarningKind) -> str:
        return WARNINGS[kind][0]

    @property
    def is_filtered(self) -> bool:
        return bool(self.chips.value)

    def show(self, outlook: Outlook | None) -> None:
        """Types that there are, with how many visits each."""
        counts = outlook.counts if outlook is not None else {}
        self.chips.set_value(frozenset(kind for kind in self.chips.value if kind in counts))
        self.chips.show_only(frozenset(counts))
        self.chips.set_counts(dict(counts))
        self.chips.setVisible(bool(counts))
        self._nothing.setVisible(not counts and outlook is not None)

    def say_beyond(self, words: str) -> None:
        """Visits that the hours shown leave out: never silently."""
        self._beyond.setText(words)
        self._beyond.setVisible(bool(words))
