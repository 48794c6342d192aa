"""Every row of a plan, edited where it stands; the running texts stand between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from coordination.careplan.model import PlanSheet, TeamChoice
from coordination.careplan.rows import Item, ItemKind, Outcome, PlanAction
from coordination.values import TeamId
from ui.careplan.item_forms import item_editor
from ui.careplan.item_words import kind_of
from ui.careplan.row_editors import RowEditor, heading
from ui.careplan.rows import ItemRow, PlanRow
from ui.style import theme
from ui.widgets.basics import button, label
from ui.widgets.panels import Section

# Teams of these services go out to people: an action of theirs can become visits.
BOARDS = {"reablement": "reablement", "complex_reablement": "reablement", "district_nursing": "nursing"}
# The parts of the page from top to bottom: texts by their name, and rows.
ORDER: tuple[str, ...] = (
    "what_matters", "strengths", "need", "outcome", "contingency", "carers_part", "self_care", "equipment", "funding",
    "agreement",
)  # fmt: skip
# Of rows: title, what adds one, its key, what to say of none.
PARTS: Mapping[str, tuple[str, str, str, str]] = {
    "need": ("What is hard for me", "Add a need", "N", "No need written down yet. Press N."),
    "outcome": ("What I want, and who does what", "Add an outcome", "O", "None yet. O adds an outcome, A an action."),
    "contingency": ("If things go wrong", "Add what if", "W", "None yet. Press W: the sign, what to do, whom to call."),
    "equipment": ("Equipment", "Add equipment", "Q", "None. Press Q for what is needed or in place."),
    "agreement": ("Agreed with", "Add an agreement", "G", "Nobody yet. Press G: who, when, how; or why not."),
}  # fmt: skip


class PlanList(QWidget):
    """Rows of a plan. One of them, or a new one, may be open for editing; a refresh leaves that alone.

    ``texts``: the running texts, by name, which stay as they are.
    """

    saved = Signal(object, int, dict)
    """id (None: new), seen revision, values; the kind is that of ``editor``"""
    remove_asked = Signal(object)
    state_asked = Signal(object)
    visits_asked = Signal(object)
    editor_opened = Signal(object)
    """a RowEditor, to be brought into view"""
    editor_closed = Signal()

    def __init__(self, texts: Mapping[str, QWidget], today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self._sheet: PlanSheet | None = None
        self._teams: Sequence[TeamChoice] = ()
        self.rows: dict[UUID, PlanRow] = {}
        self.editor: RowEditor | None = None
        self._next: RowEditor | None = None
        self._under: UUID | None = None
        self._placed = False  # whether the editor stands among the rows
        self.current: UUID | None = None
        self._places: dict[str, QVBoxLayout] = {}
        self._adders: list[QWidget] = []
        self.setLayout(self._lay_out(texts))

    def _lay_out(self, texts: Mapping[str, QWidget]) -> QVBoxLayout:
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.space(6))
        for part in ORDER:
            if part in texts:
                whole.addWidget(texts[part])
                continue
            title, add, key, _none = PARTS[part]
            kind: ItemKind = part  # type: ignore[assignment]
            tools = [button(add, partial(self.add, kind), kind="quiet", icon="plus", tip=f"{add}  ({key})")]
            if part == "outcome":
                tools.append(
                    button("Add an action", self.add_action, kind="quiet", icon="plus", tip="Add an action  (A)")
                )
            self._adders += tools
            rows = QWidget()
            place = QVBoxLayout(rows)
            place.setContentsMargins(0, 0, 0, 0)
            place.setSpacing(theme.space(0.5))
            self._places[part] = place
            whole.addWidget(Section(title, *tools, content=rows))
        return whole

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
        item = self.item(self.current)
        if isinstance(item, PlanAction):
            return item.outcome
        return item.id if isinstance(item, Outcome) else None

    def item(self, key: UUID | None) -> Item | None:
        return next((i for i in self._sheet.items() if i.id == key), None) if self._sheet else None

    def action(self, key: UUID) -> PlanAction | None:
        item = self.item(key)
        return item if isinstance(item, PlanAction) else None

    def board_of(self, action: PlanAction) -> str:
        """The page where visits of this action's team are planned; empty when the team does not visit."""
        team = self.team_of(action.team)
        return BOARDS.get(team.service, "") if team is not None else ""

    def team_of(self, key: TeamId | None) -> TeamChoice | None:
        return next((t for t in self._teams if t.id == key), None)

    # building

    def _build(self, sheet: PlanSheet) -> None:
        self._clear()
        writable = sheet.plan.state != "ended"
        for adder in self._adders:
            adder.setVisible(writable)
        sources = {s.id: s for s in sheet.sources}

        def put(part: str, items: Sequence[Item]) -> None:
            for item in items:
                visits = isinstance(item, PlanAction) and bool(self.board_of(item))
                self._place(part, item, ItemRow(item, sources.get(item.id), writable=writable, visits=visits))

        put("need", sheet.needs)
        for outcome in sheet.outcomes:
            put("outcome", [outcome])
            put("outcome", sheet.actions_of(outcome.id))
            self._place_new("action", "outcome", outcome.id)
        loose = sheet.actions_of(None)
        if (loose or self._editing_new("action", None)) and sheet.outcomes:
            self._places["outcome"].addWidget(heading("For the plan as a whole"))
        put("outcome", loose)
        self._place_new("action", "outcome", None)
        put("contingency", sheet.contingencies)
        put("equipment", sheet.equipment)
        put("agreement", sheet.agreements)
        self._place_rest()

    def _place_rest(self) -> None:
        """A new row at its end, one that somebody took off meanwhile, and words where there is nothing."""
        if self.editor is not None and not self._placed:
            kind = self.editor.kind
            self._put_editor("outcome" if kind is None or kind == "action" else kind)
        for part, place in self._places.items():
            if not place.count():
                place.addWidget(label(PARTS[part][3], quiet=True, wrap=True))

    def _clear(self) -> None:
        self.rows.clear()
        self._placed = False
        for place in self._places.values():
            while place.count():
                item = place.takeAt(0)
                widget = item.widget() if item is not None else None
                if widget is not None and widget is not self.editor:
                    widget.hide()
                    widget.deleteLater()

    def _place(self, part: str, record: Item, made: PlanRow) -> None:
        if self.editor is not None and self.editor.key == record.id:
            made.deleteLater()
            self._put_editor(part)
            return
        made.edit_asked.connect(self.edit)
        made.remove_asked.connect(self.remove_asked)
        made.state_asked.connect(self.state_asked)
        made.visits_asked.connect(self.visits_asked)
        made.step_asked.connect(self._step)
        made.focused.connect(self._focused)
        self.rows[record.id] = made
        self._places[part].addWidget(made)
        made.show()  # at once: only what is shown can take the cursor

    def _editing_new(self, kind: ItemKind, under: UUID | None) -> bool:
        new = self.editor is not None and self.editor.key is None and self.editor.kind == kind
        return new and self._under == under

    def _place_new(self, kind: ItemKind, part: str, under: UUID | None) -> None:
        if self._editing_new(kind, under):
            self._put_editor(part)

    def _put_editor(self, part: str) -> None:
        if self.editor is not None:
            self._places[part].addWidget(self.editor)
            self.editor.show()
            self._placed = True

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
        item = self.item(key)
        if item is not None and self._sheet is not None:
            self._open(item_editor(kind_of(item), item, self._sheet, self._teams, self._today()))

    def add(self, kind: ItemKind) -> None:
        """A new row of a kind, at the end; an action under the outcome that has the cursor."""
        if kind == "action":
            self.add_action()
        elif self._sheet is not None:
            here = self.item(self.current)
            under = self.current if kind == "outcome" and here is not None and kind_of(here) == "need" else None
            self._open(item_editor(kind, None, self._sheet, self._teams, self._today(), under))

    def resume(self, kind: ItemKind, key: UUID | None, values: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
        """What was being written before: over the row as it was seen then, so that a later change is told."""
        item = self.item(key)
        if self._sheet is None:
            return
        made = item_editor(kind, item, self._sheet, self._teams, self._today())
        made.new_key = kept.get("new") or made.new_key
        if item is not None:
            made.seen, made.base = kept.get("seen", made.seen), {**made.base, **kept.get("base", {})}
        elif key is not None:
            made.show_gone()
        made.form.set_values({name: value for name, value in values.items() if name in made.form.fields})
        self._open(made, values.get("outcome"))

    def add_outcome(self) -> None:
        self.add("outcome")

    def add_action(self) -> None:
        """A new action for the outcome that has the cursor."""
        if self._sheet is not None:
            under = self.outcome_here
            self._open(item_editor("action", None, self._sheet, self._teams, self._today(), under), under)

    def _open(self, editor: RowEditor, under: UUID | None = None) -> None:
        if self.editor is not None:
            same = (type(self.editor), self.editor.key, self.editor.kind) == (type(editor), editor.key, editor.kind)
            if same:
                editor.deleteLater()
                self.editor.take_focus()
                return
            self._next = editor  # opened when the one before has been saved or left
            self.editor.keep()
            return
        self.editor, self._under = editor, under
        editor.saved.connect(self.saved)
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
        self.editor_closed.emit()
        if self._next is not None:
            following, self._next = self._next, None
            self._open(following, self.outcome_here)

    def stay(self) -> None:
        """The editor stays open, because what is in it could not be saved."""
        if self._next is not None:
            self._next.deleteLater()
            self._next = None
