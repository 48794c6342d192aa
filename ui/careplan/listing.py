"""Outcomes with their actions beneath them, edited where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from coordination.careplan.model import Outcome, PlanAction, PlanSheet, TeamChoice
from coordination.values import TeamId
from ui.careplan.row_editors import RowEditor, action_editor, heading, outcome_editor
from ui.careplan.rows import ActionRow, OutcomeRow, PlanRow
from ui.careplan.visits import VisitsEditor
from ui.style import theme
from ui.widgets.basics import label

# Teams of these services go out to people: an action of theirs can become visits.
BOARDS = {"reablement": "reablement", "complex_reablement": "reablement", "district_nursing": "nursing"}


class PlanList(QWidget):
    """Rows of a plan. One of them, or a new one, may be open for editing; a refresh leaves that alone."""

    saved = Signal(object, int, dict)
    """id (None: new), seen revision, values; ``words`` in them makes it an outcome"""
    remove_asked = Signal(object)
    state_asked = Signal(object)
    visits_asked = Signal(object)
    editor_opened = Signal(object)
    """a RowEditor, to be brought into view"""
    visits_planned = Signal(object, int, dict)
    """id of the action, its revision, values of the form"""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: PlanSheet | None = None
        self._teams: Sequence[TeamChoice] = ()
        self.rows: dict[UUID, PlanRow] = {}
        self.editor: RowEditor | None = None
        self._next: tuple[RowEditor, bool] | None = None
        self._editing_outcome = False
        self._under: UUID | None = None
        self.current: UUID | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.space(0.5))

    def set_teams(self, teams: Sequence[TeamChoice]) -> None:
        self._teams = teams

    def show_sheet(self, sheet: PlanSheet) -> None:
        """Build the rows anew; the cursor stays where it was."""
        focus = next((key for key, made in self.rows.items() if made.hasFocus()), None)
        self._sheet = sheet
        self._build(sheet)
        if focus in self.rows:
            self.rows[focus].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def outcome_here(self) -> UUID | None:
        """The outcome that has the cursor, or whose action has it."""
        if self._sheet is None:
            return None
        if any(o.id == self.current for o in self._sheet.outcomes):
            return self.current
        return next((a.outcome for a in self._sheet.actions if a.id == self.current), None)

    def action(self, key: UUID) -> PlanAction | None:
        return next((a for a in self._sheet.actions if a.id == key), None) if self._sheet else None

    def outcome(self, key: UUID) -> Outcome | None:
        return next((o for o in self._sheet.outcomes if o.id == key), None) if self._sheet else None

    def board_of(self, action: PlanAction) -> str:
        """The page where visits of this action's team are planned; empty when the team does not visit."""
        service = next((t.service for t in self._teams if t.id == action.team), "")
        return BOARDS.get(service, "")

    def team_of(self, key: TeamId | None) -> TeamChoice | None:
        return next((t for t in self._teams if t.id == key), None)

    # building

    def _build(self, sheet: PlanSheet) -> None:
        self._clear()
        writable = sheet.plan.state != "ended"
        for outcome in sheet.outcomes:
            self._place(outcome, OutcomeRow(outcome, writable=writable))
            for action in sheet.actions_of(outcome.id):
                self._place(action, self._action_row(action, writable))
            self._place_new_action(outcome.id)
        loose = sheet.actions_of(None)
        if loose or self._editing_new_action(None):
            if sheet.outcomes:
                self._column.addWidget(heading("For the plan as a whole"))
            for action in loose:
                self._place(action, self._action_row(action, writable))
            self._place_new_action(None)
        if self.editor is not None and self._column.indexOf(self.editor) < 0:
            self._column.addWidget(self.editor)  # a new outcome, or a row that somebody has taken off meanwhile
            self.editor.show()
        if not sheet.outcomes and not loose and self.editor is None:
            self._column.addWidget(label("Nothing yet. Press O for an outcome, A for an action.", quiet=True))

    def _clear(self) -> None:
        self.rows.clear()
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget is not self.editor:
                widget.hide()
                widget.deleteLater()

    def _action_row(self, action: PlanAction, writable: bool) -> ActionRow:
        return ActionRow(action, writable=writable, visits=bool(self.board_of(action)))

    def _place(self, record: Outcome | PlanAction, made: PlanRow) -> None:
        if self.editor is not None and self.editor.key == record.id:
            made.deleteLater()
            self._column.addWidget(self.editor)
            return
        made.edit_asked.connect(self.edit)
        made.remove_asked.connect(self.remove_asked)
        made.state_asked.connect(self.state_asked)
        made.visits_asked.connect(self.visits_asked)
        made.step_asked.connect(self._step)
        made.focused.connect(self._focused)
        self.rows[record.id] = made
        self._column.addWidget(made)
        made.show()  # at once: only what is shown can take the cursor

    def _editing_new_action(self, outcome: UUID | None) -> bool:
        new = self.editor is not None and self.editor.key is None and not self._editing_outcome
        return new and self._under == outcome

    def _place_new_action(self, outcome: UUID | None) -> None:
        if self._editing_new_action(outcome) and self.editor is not None:
            self._column.addWidget(self.editor)

    # moving and editing

    def _focused(self, key: UUID) -> None:
        self.current = key

    def _step(self, key: UUID, step: int) -> None:
        keys = list(self.rows)
        place = keys.index(key) + step
        if 0 <= place < len(keys):
            self.rows[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)

    def take_focus(self, key: UUID | None = None) -> None:
        """Put the cursor on a row, or on the first."""
        made = self.rows.get(key) if key is not None else next(iter(self.rows.values()), None)
        if made is not None:
            made.setFocus(Qt.FocusReason.OtherFocusReason)

    def edit(self, key: UUID) -> None:
        """Open a row for editing."""
        outcome, action = self.outcome(key), self.action(key)
        if outcome is not None:
            self._open(outcome_editor(outcome), outcome=True)
        elif action is not None and self._sheet is not None:
            self._open(action_editor(action, self._sheet.outcomes, self._teams, action.outcome), outcome=False)

    def add_outcome(self) -> None:
        self._open(outcome_editor(None), outcome=True)

    def add_action(self) -> None:
        """A new action for the outcome that has the cursor."""
        if self._sheet is not None:
            self._under = self.outcome_here
            made = action_editor(None, self._sheet.outcomes, self._teams, self._under)
            self._open(made, outcome=False)

    def plan_visits(self, editor: VisitsEditor) -> None:
        """Open the form that makes visits of an action, where the action stands."""
        self._open(editor, outcome=False)

    def _open(self, editor: RowEditor, *, outcome: bool) -> None:
        if self.editor is not None:
            if (type(self.editor), self.editor.key) == (type(editor), editor.key) and self._editing_outcome == outcome:
                editor.deleteLater()
                self.editor.take_focus()
                return
            self._next = (editor, outcome)  # opened when the one before has been saved or left
            self.editor.keep()
            return
        self.editor, self._editing_outcome = editor, outcome
        editor.saved.connect(self.visits_planned if isinstance(editor, VisitsEditor) else self.saved)
        editor.left.connect(self.close_editor)
        if self._sheet is not None:
            self._build(self._sheet)
        editor.show()
        editor.take_focus()
        self.editor_opened.emit(editor)

    def close_editor(self) -> None:
        """Back to reading."""
        if self.editor is None:
            return
        key, editor = self.editor.key or self.current, self.editor
        self.editor = None
        editor.hide()
        editor.deleteLater()
        if self._sheet is not None:
            self._build(self._sheet)
        self.take_focus(key)
        if self._next is not None:
            (following, outcome), self._next = self._next, None
            self._open(following, outcome=outcome)

    def stay(self) -> None:
        """The editor stays open, because what is in it could not be saved."""
        if self._next is not None:
            self._next[0].deleteLater()
            self._next = None
