"""The bars of the page: where one is in time, and what is free instead of what was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from ui.commands import Command, menu
from ui.style import theme
from ui.undo import UndoStack
from ui.widgets.basics import ask_again, button, column, command_button, icon_button, label, plane, row
from ui.widgets.chips import FlowBox
from ui.widgets.dates import DateEdit
from ui.widgets.panels import PageHead
from ui.widgets.tips import plain_tip

MORE = ("as_list", "copy", "paper", "", "swap", "split", "pause", "close", "", "undo", "redo", "history")


CROWDED = 860


class BoardHead(PageHead):
    """The name of the page, how many are free, and what can be done."""

    def __init__(self, made: Mapping[str, Command]) -> None:
        self.undo = command_button(made["undo"], kind="quiet", words="Undo")
        self.day = DateEdit()
        self.day.setAccessibleName("Go to a day")
        self.day.setToolTip("Go to a day  (J)")
        self.day.setFixedWidth(theme.px(132))
        self.more = icon_button("dots-three-vertical", "More that can be done here", lambda: self._show_more(made))
        self._today = command_button(made["today"], words="Today")
        super().__init__(
            "Apartments", "", self.undo, self.day,
            icon_button("magnifying-glass-minus", "Narrower days  (−)", made["narrower"]),
            icon_button("magnifying-glass-plus", "Wider days  (+)", made["wider"]),
            self._today, command_button(made["book"], words="Book", kind="main"), self.more,
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is crowded, marks do without their words."""
        super().resizeEvent(event)
        crowded = self.width() < theme.px(CROWDED)
        self._said.setVisible(not crowded)
        self.undo.setText("" if crowded else "Undo")
        self._today.setText("" if crowded else "Today")

    def show_undo(self, stack: UndoStack) -> None:
        """The label of what would be undone, in the tip and for a screen reader."""
        says = f"Undo: {stack.undo_label}  (Ctrl+Z)" if stack.can_undo else "Undo  (U, Ctrl+Z)"
        self.undo.setToolTip(plain_tip(says))
        self.undo.setAccessibleName(says)
        ask_again(self.undo)

    def show_day(self, day: date) -> None:
        self.day.set_value(day)

    def _show_more(self, made: Mapping[str, Command]) -> None:
        shown = menu([made[name] if name else None for name in MORE], self)
        shown.aboutToHide.connect(shown.deleteLater)
        shown.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


class ChoiceBar(QWidget):
    """What could be done instead, each by a number; Esc leaves it. Hidden while there is nothing to choose."""

    left = Signal()
    MOST = 6

    def __init__(self) -> None:
        super().__init__()
        self._made: list[tuple[str, Callable[[], object]]] = []
        self._lead = label("", strong=True)
        self._buttons: FlowBox | None = None
        self._place = row(gap=0)
        leave = button("Leave it", self.leave, kind="quiet", tip="Esc")
        self._frame: QFrame = plane(
            row(self._lead, self._place, leave, gap=3, margins=(6, 1, 4, 1)), "surface", "below",
        )  # fmt: skip
        self.setLayout(column(self._frame, gap=0))
        self.setAccessibleName("What is free instead")
        self.hide()

    def offer(self, lead: str, made: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """Words and deed of each, the nearest first."""
        if not made:
            self.leave()
            return
        self._clear()
        self._made = list(made[: self.MOST])
        self._lead.setText(lead)
        self._buttons = FlowBox(*(self._button(n, says) for n, (says, _do) in enumerate(self._made, 1)))
        self._place.addWidget(self._buttons)
        self.show()

    def _button(self, number: int, says: str) -> QPushButton:
        made = QPushButton(f"{number}  {says}")
        made.clicked.connect(lambda: self.pick(number))
        return made

    @property
    def count(self) -> int:
        return len(self._made)

    @property
    def says(self) -> list[str]:
        return [says for says, _do in self._made]

    def pick(self, number: int) -> None:
        """Do the one with this number."""
        if 1 <= number <= len(self._made):
            do = self._made[number - 1][1]
            self.leave()
            do()

    def leave(self) -> None:
        if self._made:
            self._clear()
            self.hide()
            self.left.emit()

    def _clear(self) -> None:
        self._made = []
        if self._buttons is not None:
            self._place.removeWidget(self._buttons)
            self._buttons.deleteLater()
            self._buttons = None
