"""The first thing to be seen: what is being opened, how far it is, and, when it cannot be, why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from ui.sentences import sentence
from ui.style import theme
from ui.widgets.basics import button, column, label, row

STEPS = {
    "waiting": "Waiting for another start to finish",
    "making": "Making the database, once",
    "starting": "Starting the database",
    "joining": "Joining the running database",
    "preparing_database": "Bringing the database up to date",
    "waiting_for_desks": "Desks are at work; waiting for a moment to bring the database up to date",
    "loading_city": "Loading the training city, once",
}


class OpeningWindow(QWidget):
    """A small window while the database opens. ``closed`` when somebody gives up."""

    closed = Signal()
    stepped = Signal(str, int, int)
    """a step's code, done, of how many (0: unknown); may be emitted from any thread"""

    def __init__(self, again: Callable[[], object]) -> None:
        super().__init__()
        self.setWindowTitle("Co-ordination Centre")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self._step = label("Opening", quiet=True, wrap=True)
        self._problem = label("", tone="red", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.px(4))
        self._bar.setAccessibleName("Progress")
        self._again = button("Try again", again, kind="main")
        self._close = button("Close", self.close)
        parts = (self._step, self._bar, self._problem, None, row(self._again, self._close, None))
        self.setLayout(column(label("Co-ordination Centre", size="title", strong=True), *parts, gap=4, margins=8))
        self.resize(theme.px(480), theme.px(240))
        self.stepped.connect(self._show_step)
        self.begin()

    def begin(self) -> None:
        """Show that it is under way (again)."""
        self._problem.hide()
        self._again.hide()
        self._close.hide()
        self._bar.show()

    def fail(self, error: Exception) -> None:
        """Say what is in the way, and offer to try again."""
        self._problem.setText(sentence(error))
        self._problem.show()
        self._again.show()
        self._close.show()
        self._bar.hide()
        self._step.setText("The database could not be opened.")
        self._again.setFocus()

    def _show_step(self, step: str, done: int, total: int) -> None:
        self._step.setText(STEPS.get(step, step))
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def closeEvent(self, event: object) -> None:
        super().closeEvent(event)  # type: ignore[arg-type]
        self.closed.emit()
