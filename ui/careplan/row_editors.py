"""Editing one outcome or action where it stands. Ctrl+Enter saves, Esc leaves it as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from coordination.careplan.model import Outcome, PlanAction, TeamChoice
from coordination.errors import BadValue, BadValues
from coordination.values import new_id
from ui.careplan.differing import SideBySide
from ui.careplan.messages import STATES
from ui.careplan.rows import fact_words, facts_of
from ui.widgets.basics import Choice, TextArea, button, column, label, row
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form


class RowEditor(QFrame):
    """``saved`` gives the values by name; the page saves, and either closes it or says what is wrong."""

    saved = Signal(object, int, dict)
    """id (None: new), the revision that was seen, values"""
    left = Signal()

    def __init__(self, key: UUID | None, seen: int, form: Form, *, words: str = "Save") -> None:
        super().__init__()
        self.key, self.seen, self.form = key, seen, form
        self.new_key = new_id()  # of what is new: saving it again makes no second one
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "sunken")
        self.setProperty("rule", "all")
        self._save = button(words, self.save, kind="main", tip=f"{words}  (Ctrl+Enter)")
        leave = button("Leave it", self.left.emit, tip="Leave it as it was  (Esc)")
        self._column = column(form, row(None, leave, self._save), margins=3)
        self.setLayout(self._column)
        self._differing: SideBySide | None = None
        self._before = self._written()

    def take_focus(self) -> None:
        next(iter(self.form.fields.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Hand the values over, if they can be read."""
        try:
            values = self.form.values()
        except BadValues as bad:
            self.form.set_problems(bad)
            return
        self.form.clear_problems()
        self.saved.emit(self.key, self.seen, values)

    def keep(self) -> None:
        """Somebody goes elsewhere: what was written is saved, what was not is left."""
        if self._written() == self._before:
            self.left.emit()
        else:
            self.save()

    def _written(self) -> dict[str, Any] | None:
        try:
            return self.form.values()
        except BadValues:
            return None  # a date that is none: written, so not to be dropped

    def show_problem(self, error: BadValue | BadValues) -> None:
        self.form.set_problems(error)

    def show_differing(self, current: Outcome | PlanAction) -> None:
        """Somebody saved first. Keep mine saves over what is there now; take theirs closes."""
        if self._differing is not None:
            self._differing.deleteLater()
        made = SideBySide(self._mine(), record_words(current))
        made.mine.connect(lambda: self._keep(current.revision))
        made.theirs.connect(self.left)
        self._differing = made
        self._column.insertWidget(1, made)
        made.show()
        made.keep.setFocus()

    def _keep(self, revision: int) -> None:
        self.seen = revision
        self.save()

    def _mine(self) -> str:
        try:
            values = self.form.values()
        except BadValues:
            return ""
        if "words" in values:
            return str(values["words"])
        chosen = self.form.fields["team"].editor
        team = chosen.currentText() if isinstance(chosen, Choice) and values["team"] is not None else ""
        return f"{values['what']}\n{fact_words(team, values['who'], values['due_on'], values['state'])}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif enter and (ctrl or isinstance(self.focusWidget(), QLineEdit)):
            self.save()
        else:
            super().keyPressEvent(event)


def outcome_editor(outcome: Outcome | None) -> RowEditor:
    """The person's words."""
    form = Form()
    area = TextArea(lines=2, most=8)
    form.add("words", "What do I want?", area, help="In the person’s own words", required=True)
    if outcome is not None:
        form.set_values({"words": outcome.words})
    return RowEditor(outcome.id if outcome else None, outcome.revision if outcome else 0, form)


def action_editor(
    action: PlanAction | None, outcomes: Sequence[Outcome], teams: Sequence[TeamChoice], under: UUID | None
) -> RowEditor:
    """What, who, by when, how far, and which outcome it serves."""
    form = Form(columns=3)
    form.add("what", "What is to be done", TextArea(lines=1, most=6), required=True, span=3)
    form.add("team", "Team", Choice([(None, "No team"), *((t.id, t.name) for t in teams)]))
    form.add("who", "Who", QLineEdit(), help="A name, when it is no team or as well")
    due = DateEdit()
    due.setPlaceholderText("No date yet")
    form.add("due_on", "By", due)
    served: list[tuple[Any, str]] = [(None, "The plan as a whole"), *((o.id, _short(o.words)) for o in outcomes)]
    form.add("outcome", "For", Choice(served), span=2)
    form.add("state", "State", Choice(list(STATES.items())))
    form.set_values({"outcome": under, "state": "to_do", "team": None})
    if action is not None:
        form.set_values(
            {
                "what": action.what,
                "team": action.team,
                "who": action.who,
                "due_on": action.due_on,
                "outcome": action.outcome,
                "state": action.state,
            }
        )
    return RowEditor(action.id if action else None, action.revision if action else 0, form)


def record_words(record: Outcome | PlanAction) -> str:
    """A saved outcome or action in words, to set beside ours."""
    if isinstance(record, Outcome):
        return record.words
    return f"{record.what}\n{facts_of(record)}"


def _short(words: str, most: int = 50) -> str:
    line = words.splitlines()[0]
    return line if len(line) <= most else line[: most - 1] + "…"


def heading(words: str) -> QWidget:
    """Quiet words above a group of rows."""
    made = label(words, quiet=True, size="small", strong=True)
    made.setContentsMargins(0, 8, 0, 0)
    return made
