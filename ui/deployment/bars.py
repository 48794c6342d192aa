"""The two bars above a board: its name and what can be done; which team, day and hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QFrame, QPushButton

from ui.commands import Command
from ui.deployment.undo import UndoStack
from ui.style import theme
from ui.widgets import (
    Choice,
    DateEdit,
    PageHead,
    SegmentedChoice,
    ask_again,
    command_button,
    icon_button,
    plane,
    row,
)

HOURS = {"day": None, "morning": (7, 14), "afternoon": (12, 18), "evening": (16, 22)}


class BoardHead(PageHead):
    """The name of the board, what is on it, and what can be done. The undo button tells what it would undo."""

    def __init__(self, title: str, made: Mapping[str, Command], added: Sequence[str]) -> None:
        self.undo = command_button(made["undo"], kind="quiet", words="Undo")
        self._buttons: list[QPushButton] = [
            command_button(made["place"], words="Who could take this?"),
            self.undo,
            *(command_button(made[name]) for name in added),
            command_button(made["print"], kind="main", words="Print sheets"),
        ]
        self._undo_title = f"{made['undo'].title}  ({made['undo'].keys}, Ctrl+Z)"
        history = icon_button(
            "clock-counter-clockwise", f"What was done here  ({made['history'].keys})", made["history"]
        )
        place, undo, *rest = self._buttons
        super().__init__(title, "", place, undo, history, *rest)

    def ask_again(self) -> None:
        """The selection has moved."""
        ask_again(*self._buttons)

    def show_undo(self, stack: UndoStack) -> None:
        """The label of what would be undone, in the tip and for a screen reader."""
        says = f"Undo: {stack.undo_label}  (Ctrl+Z)" if stack.can_undo else self._undo_title
        self.undo.setToolTip(says)
        self.undo.setAccessibleName(says)
        ask_again(self.undo)


class BoardTools:
    """Team, day and hours."""

    def __init__(self, made: Mapping[str, Command], day: date, today: Callable[[], date]) -> None:
        self.team = Choice(prompt="Team")
        self.team.setAccessibleName("Team")
        self.day = DateEdit(day, today=today)
        self.day.setAccessibleName("Day")
        self.day.setFixedWidth(theme.px(132))
        self.hours = SegmentedChoice([(n, n.capitalize()) for n in HOURS])
        self.hours.setAccessibleName("Hours shown")
        before = icon_button("caret-left", f"Day before  ({made['earlier_day'].keys})", made["earlier_day"])
        after = icon_button("caret-right", f"Day after  ({made['later_day'].keys})", made["later_day"])
        now = command_button(made["today"], kind="quiet", words="Today")
        self._row = row(self.team, 2, before, self.day, after, now, None, self.hours, gap=1, margins=(6, 1.5, 6, 1.5))

    def plane(self) -> QFrame:
        return plane(self._row, "surface", "below")
