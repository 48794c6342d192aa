"""What is wrong with a file: each fault with its line, its place in the form, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QVBoxLayout, QWidget

from coordination.assessment.faults import Fault
from ui import wording
from ui.assessment.messages import fault_sentence
from ui.widgets.basics import label, plane, row
from ui.widgets.empty import EmptyState
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel


class FaultsView(QWidget):
    """A list to work through beside the file."""

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self.said = label("", strong=True)
        self.model = StableTableModel[tuple[int, Fault]](
            [
                Column("line", "Line", lambda f: str(f[1].line), sort=lambda f: f[1].line, width=64, numeric=True),
                Column("place", "Where", lambda f: f[1].place, width=240, quiet=True),
                Column("words", "What is wrong", lambda f: fault_sentence(f[1]), width=560, stretch=True, strong=True),
            ],
            key=lambda f: f[0],
        )
        empty = EmptyState("No faults", "Whatever is wrong with a form stands here.", icon="check-circle")
        self.table = Table(self.model, settings=settings, name="form_faults", title="Faults of a form", empty=empty)
        hint = label("Put it right in the file, save it, and read it again.", quiet=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(plane(row(self.said, hint, None, gap=3, margins=(6, 2, 6, 2)), "surface", "below"))
        whole.addWidget(self.table, 1)

    def show_faults(self, file: str, faults: Sequence[Fault]) -> None:
        """In the order of the lines."""
        self.said.setText(f"{wording.count(len(faults), 'fault')} in {file}")
        self.model.set_rows(list(enumerate(faults)))
