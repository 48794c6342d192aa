"""Beside the board: the day goes wrong. Who is ill or late, or what is needed now; the repair is shown before
anything is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from coordination.clock import LONDON
from coordination.deployment.model import Board, Visit, Worker
from coordination.errors import BadValue, BadValues
from coordination.values import WorkerId
from ui.deployment import words
from ui.widgets import Choice, Form, TimeEdit, button, column, label, row


class WrongForm(QWidget):
    """A few fields, then the repair: ``asked`` with their values, ``left`` with nothing changed."""

    asked = Signal(dict)
    left = Signal()

    def __init__(self, title: str, about: str, form: Form, needed: Sequence[str]) -> None:
        super().__init__()
        self._needed = needed
        self.form = form
        self.show_repair = button("Show the repair", self.ask, kind="main", tip="Nothing is saved yet  (Ctrl+Enter)")
        leave = button("Leave it", self.left.emit, kind="quiet", tip="Change nothing  (Esc)")
        self.setLayout(
            column(label(title, strong=True, wrap=True), label(about, quiet=True, wrap=True), form,
                   row(self.show_repair, leave, None), None, gap=3, margins=4)
        )  # fmt: skip

    def begin(self) -> None:
        next(iter(self.form.fields.values())).editor.setFocus()

    def ask(self) -> None:
        """Hand over what is entered, or say at the field what is wrong with it."""
        self.form.clear_problems()
        try:
            values = self.form.values()
        except (BadValue, BadValues) as error:
            self.form.set_problems(error)
            return
        missing = [BadValue(name, "missing") for name in self._needed if not values[name]]
        if missing:
            self.form.set_problems(BadValues(tuple(missing)))
            return
        self.asked.emit(values)

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


def ill_form(board: Board, worker: WorkerId | None, now: datetime | None) -> WrongForm:
    """Who, and from when; the whole shift unless it has begun."""
    form = Form()
    form.add("worker", "Who is ill", _workers(board, worker), required=True)
    shown = now.astimezone(LONDON).time().replace(second=0, microsecond=0) if now else None
    form.add("since", "From", TimeEdit(shown), help="Empty: the whole shift. Until the end of the shift.")
    about = (
        "Their visits from then on go to others, with as few changes as can be. Nothing is saved before you apply it."
    )
    return WrongForm("Somebody is ill", about, form, ("worker",))


def late_form(board: Board, worker: WorkerId | None) -> WrongForm:
    """Who, and by how much."""
    form = Form()
    form.add("worker", "Who runs late", _workers(board, worker), required=True)
    minutes = QSpinBox()
    minutes.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)  # arrow keys
    minutes.setRange(5, 240)
    minutes.setSingleStep(5)
    minutes.setValue(20)
    minutes.setSuffix(" min")
    form.add("minutes", "By", minutes, required=True)
    about = "What they cannot reach in time moves, or goes to others. Nothing is saved before you apply it."
    return WrongForm("Somebody runs late", about, form, ("worker",))


def again_form(visit: Visit, start: time, end: time) -> WrongForm:
    """Another visit to the same person today: nobody was found, or something is needed now."""
    form = Form()
    need = QLineEdit(visit.need)
    need.setMaxLength(500)
    form.add("need", "What is to be done", need, required=True)
    minutes = QSpinBox()
    minutes.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)  # arrow keys
    minutes.setRange(5, 480)
    minutes.setSingleStep(5)
    minutes.setValue(visit.minutes)
    minutes.setSuffix(" min")
    form.add("minutes", "Length", minutes, required=True)
    form.add("from", "Begin from", TimeEdit(start), required=True)
    form.add("until", "Begin until", TimeEdit(end), required=True)
    about = (
        f"A further visit to {visit.person.listed} today, with the same skills and workers. The board makes room with"
        " as few changes as can be. Nothing is saved before you apply it."
    )
    return WrongForm("A visit is needed now", about, form, ("need", "from", "until"))


def _workers(board: Board, chosen: WorkerId | None) -> Choice:
    at_work: Sequence[Worker] = [w for w in board.workers if w.at_work]
    found = Choice([(w.id, f"{w.name}  {words.hours_of(w)}") for w in at_work])
    if chosen in {w.id for w in at_work}:
        found.set_value(chosen)
    return found
