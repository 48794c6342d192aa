"""The two bars above a board: its name and what can be done; which team, day, rows and hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QWidget

from ui.commands import Command, menu
from ui.deployment.undo import UndoStack
from ui.style import theme
from ui.widgets import Choice, DateEdit, PageHead, ask_again, command_button, icon_button, plane, row
from ui.widgets.tips import plain_tip

HOURS: Mapping[str, tuple[int, int] | None] = {
    "day": None,
    "morning": (7, 14),
    "afternoon": (12, 18),
    "evening": (16, 22),
}
LATEST = 30  # six in the morning after


class BoardHead(PageHead):
    """The name of the board, what is on it, and what can be done. The undo button tells what it would undo."""

    def __init__(self, title: str, made: Mapping[str, Command], added: Sequence[str], more: Sequence[str]) -> None:
        self.undo = command_button(made["undo"], kind="quiet", words="Undo")
        self._buttons: list[QPushButton] = [
            self.undo,
            *(command_button(made[name]) for name in added),
            command_button(made["print"], kind="main", words="Print sheets"),
        ]
        self._undo_title = f"{made['undo'].title}  ({made['undo'].keys}, Ctrl+Z)"
        told = made["history"]
        history = icon_button("clock-counter-clockwise", f"{told.title}  ({told.keys})", told)
        self._more = icon_button(
            "dots-three-vertical", "More that can be done here", lambda: self._show_more(made, more)
        )
        undo, *rest = self._buttons
        super().__init__(title, "", undo, history, *rest, self._more)

    def ask_again(self) -> None:
        """The selection has moved."""
        ask_again(*self._buttons)

    def show_undo(self, stack: UndoStack) -> None:
        """The label of what would be undone, in the tip and for a screen reader."""
        says = f"Undo: {stack.undo_label}  (Ctrl+Z)" if stack.can_undo else self._undo_title
        self.undo.setToolTip(plain_tip(says))
        self.undo.setAccessibleName(says)
        ask_again(self.undo)

    def _show_more(self, made: Mapping[str, Command], names: Sequence[str]) -> None:
        shown = menu([made[name] if name else None for name in names], self)
        shown.aboutToHide.connect(shown.deleteLater)
        at = self._more
        shown.popup(at.mapToGlobal(at.rect().bottomLeft()))


class RowsField(QLineEdit):
    """Finds rows as one types. Enter goes to them, Esc shows all again."""

    entered = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Worker, skill, place  (F)")
        self.setAccessibleName("Show only these workers: name, skill, grade or neighbourhood")
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(210), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(110), super().minimumSizeHint().height())


class HoursChoice(QWidget):
    """From which hour to which: any. ``changed`` with (first, last)."""

    changed = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self._first = Choice([(h, f"{h:02d}") for h in range(24)])
        self._last = Choice([(h, f"{h % 24:02d}" + (" +1" if h > 24 else "")) for h in range(1, LATEST + 1)])
        self._first.setAccessibleName("Hours shown from")
        self._last.setAccessibleName("Hours shown until")
        layout = row(self._first, self._last, gap=0.5)
        self.setLayout(layout)
        self.show_hours((7, 22))
        self._first.chosen.connect(lambda _h: self._chosen(moved_first=True))
        self._last.chosen.connect(lambda _h: self._chosen(moved_first=False))

    def show_hours(self, hours: tuple[int, int]) -> None:
        """What is shown now; says nothing."""
        for choice, value in zip((self._first, self._last), hours, strict=True):
            choice.blockSignals(True)
            choice.set_value(value)
            choice.blockSignals(False)

    def _chosen(self, *, moved_first: bool) -> None:
        first, last = self._first.value, self._last.value
        if first is None or last is None:
            return
        if first >= last:  # the other end gives way
            first, last = (first, first + 1) if moved_first else (max(0, last - 1), last)
            self.show_hours((first, last))
        self.changed.emit((first, last))


class BoardTools:
    """Team, day, rows and hours."""

    def __init__(self, made: Mapping[str, Command], day: date, today: Callable[[], date]) -> None:
        self.team = Choice(prompt="Team")
        self.team.setAccessibleName("Team")
        self.day = DateEdit(day, today=today)
        self.day.setAccessibleName("Day")
        self.day.setFixedWidth(theme.px(132))
        self.rows = RowsField()
        self.hours = HoursChoice()

        def small(icon: str, name: str) -> QWidget:
            return icon_button(icon, f"{made[name].title}  ({made[name].keys})", made[name])

        self._row = row(
            self.team, 2, small("caret-left", "earlier_day"), self.day, small("caret-right", "later_day"),
            command_button(made["today"], kind="quiet", words="Today"), 2, self.rows, 2, None, self.hours,
            small("magnifying-glass-minus", "zoom_out"), small("magnifying-glass-plus", "zoom_in"),
            small("rows", "close_rows"), gap=1, margins=(6, 1.5, 6, 1.5),
        )  # fmt: skip

    def plane(self) -> QFrame:
        return plane(self._row, "surface", "below")
