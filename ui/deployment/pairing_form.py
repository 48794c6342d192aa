"""Beside the board: how two visits to one person belong together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from coordination.deployment.model import Visit
from coordination.deployment.patterns_rules import LONGEST_GAP
from coordination.errors import BadValue, BadValues
from ui import wording
from ui.deployment import words
from ui.widgets import Choice, Form, button, column, label, row

_HOURS = 4  # what is proposed: as far apart as two doses usually are


class PairForm(QWidget):
    """``asked`` with ``other`` (a VisitId), ``how`` (gap, double), ``gap`` (the least) and ``most``, in minutes."""

    asked = Signal(dict)
    left = Signal()

    def __init__(self, visit: Visit, others: Sequence[Visit]) -> None:
        super().__init__()
        now = next((p for p in visit.pairs if p.other == others[0].id), None)
        self.form = Form()
        other = Choice([(v.id, _line(v)) for v in others])
        other.set_value(others[0].id)
        how = Choice([("gap", "A gap between them"), ("double", "One visit for two workers")])
        alike = others[0].minutes == visit.minutes and others[0].arrive.overlaps(visit.arrive)
        how.set_value("double" if alike and now is None else "gap")
        self._least = _minutes(now.least if now else 60 * _HOURS)
        self._most = _minutes((now.most or 0) if now else 0)
        self._most.setSpecialValueText("No longest")
        self.form.add("other", "With the visit", other, required=True)
        self.form.add("how", "As", how, required=True)
        self.form.add("gap", "At least", self._least, help="From the end of the first to the start of the second")
        self.form.add("most", "At most", self._most)
        how.chosen.connect(self._fit)
        self._fit(how.value)
        join = button("Join them", self.ask, kind="main", icon="link", tip="Join them  (Ctrl+Enter)")
        leave = button("Leave it", self.left.emit, kind="quiet", tip="Change nothing  (Esc)")
        about = label(f"{visit.person.listed}, {_line(visit)}", quiet=True, wrap=True)
        title = label("Two visits belong together", strong=True, wrap=True)
        self.setLayout(column(title, about, self.form, row(join, leave, None), None, gap=3, margins=4))

    def begin(self) -> None:
        next(iter(self.form.fields.values())).editor.setFocus()

    def _fit(self, how: object) -> None:
        """A gap is asked for only where there is one."""
        for minutes in (self._least, self._most):
            minutes.setEnabled(how == "gap")

    def ask(self) -> None:
        self.form.clear_problems()
        self.asked.emit(self.form.values())

    def refuse(self, error: BadValue | BadValues) -> None:
        self.form.set_problems(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.ask()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _line(visit: Visit) -> str:
    at = wording.clock_time(visit.starts) if visit.starts else words.arrival(visit)
    return f"{at}, {visit.minutes} min, {visit.need}"


def _minutes(value: int) -> QSpinBox:
    made = QSpinBox()
    made.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)  # arrow keys
    made.setRange(0, LONGEST_GAP)
    made.setSingleStep(15)
    made.setSuffix(" min")
    made.setValue(value)
    return made
