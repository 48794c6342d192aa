"""Correct a person's own facts, beside the record. Who saved first is shown beside what is typed here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.errors import BadValue, BadValues, Conflict, Refused
from coordination.people.model import Person
from ui import sentences, wording
from ui.desk import Desk
from ui.people.register import PersonForm, draft_from
from ui.widgets.basics import column, label, rule
from ui.widgets.panels import Facts


class CorrectPerson(QWidget):
    """``save()`` saves over the revision that was last *seen*; ``saved`` gives the Person."""

    saved = Signal(object)

    def __init__(self, desk: Desk, person: Person) -> None:
        super().__init__()
        self._desk, self._id, self._seen = desk, person.id, person.revision
        self.fields = PersonForm(desk, columns=1, whole=True)
        self.fields.set_draft(draft_from(person))
        self._first = label("", tone="amber", wrap=True)
        self._theirs = Facts()
        self._theirs_box = QWidget()
        hint = label("Change yours below where theirs is right, then save again.", quiet=True, wrap=True)
        self._theirs_box.setLayout(column(self._first, self._theirs, hint, rule(), gap=3))
        self._theirs_box.hide()
        self.setLayout(column(self._theirs_box, self.fields, None, gap=3))

    def save(self) -> None:
        """What is wrong is said at the fields; what is typed stays."""
        draft, people, seen = self.fields.draft(), self._desk.services.people, self._seen
        self._desk.tasks.run(
            self, lambda: people.update(self._id, seen, draft), self.saved.emit, self._failed, latest="save"
        )

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, BadValue | BadValues):
            return not self.fields.set_problems(error)
        if isinstance(error, Refused):
            said = " ".join(sentences.obstacle_words(found) for found in error.obstacles)
            self.fields.form.field("nhs_number").set_problem(said)
            return True
        if isinstance(error, Conflict):
            self._show_theirs(error)
            return True
        return False

    def _show_theirs(self, error: Conflict) -> None:
        """Both versions. Saving again saves over theirs, now that it has been seen."""
        theirs, mine = draft_from(error.current), self.fields.draft()
        differ: list[tuple[str, object | None]] = []
        for name, field in self.fields.form.fields.items():
            here, there = _said(getattr(mine, name)), _said(getattr(theirs, name))
            if here != there:
                differ.append((field.caption.text(), f"{there or 'empty'}  (yours: {here or 'empty'})"))
        self._seen = error.current.revision
        self._first.setText(sentences.sentence(error))
        self._theirs.set(differ)
        self._theirs_box.show()


def _said(value: object) -> str:
    """A field of a draft as the form shows it."""
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    return wording.day(value) if hasattr(value, "year") else str(value)  # type: ignore[arg-type]
