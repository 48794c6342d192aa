"""The form of each kind of row on a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QLineEdit

from coordination.careplan.model import PlanSheet, TeamChoice
from coordination.careplan.rows import Item, ItemKind
from ui.careplan.item_words import KINDS, PARTIES
from ui.careplan.messages import STATES
from ui.careplan.row_editors import RowEditor
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

_SCALE: list[tuple[Any, str]] = [(None, "Not said"), *((n, str(n)) for n in range(1, 11))]


def item_editor(
    kind: ItemKind,
    item: Item | None,
    sheet: PlanSheet,
    teams: Sequence[TeamChoice],
    today: date,
    under: UUID | None = None,
) -> RowEditor:
    """A form for a row, or for a new one; a new action goes under an outcome, a new outcome under a need."""
    form = _FORMS[kind](sheet, teams)
    if kind == "action":
        form.set_values({"outcome": under, "state": "to_do", "team": None, "confidence": None})
    elif kind == "outcome":
        form.set_values({"need": under, "importance": None})
    elif kind == "agreement":
        form.set_values({"party": "person", "agreed": True, "agreed_on": today})
    made = RowEditor(item.id if item else None, item.revision if item else 0, form, kind=kind)
    made.setAccessibleName(KINDS[kind])
    if item is not None:
        made.begin_from(item)
    return made


def _need(_sheet: PlanSheet, _teams: Sequence[TeamChoice]) -> Form:
    form = Form()
    form.add("words", "What is hard?", TextArea(lines=2, most=8), help="As it was agreed together", required=True)
    return form


def _outcome(sheet: PlanSheet, _teams: Sequence[TeamChoice]) -> Form:
    form = Form(columns=3)
    area = TextArea(lines=2, most=8)
    form.add("words", "What do I want?", area, help="In the person’s own words", required=True, span=3)
    form.add("importance", "How important, 1 to 10", Choice(_SCALE))
    needs: list[tuple[Any, str]] = [(None, "No need in particular"), *((n.id, _short(n.words)) for n in sheet.needs)]
    form.add("need", "Answers the need", Choice(needs), span=2)
    return form


def _action(sheet: PlanSheet, teams: Sequence[TeamChoice]) -> Form:
    form = Form(columns=3)
    form.add("what", "What is to be done", TextArea(lines=1, most=6), required=True, span=3)
    form.add("team", "Team", Choice([(None, "No team"), *((t.id, t.name) for t in teams)]))
    form.add("who", "Who", QLineEdit(), help="A name, when it is no team or as well")
    form.add("due_on", "By", _no_date_yet())
    served: list[tuple[Any, str]] = [
        (None, "The plan as a whole"), *((o.id, _short(o.words)) for o in sheet.outcomes)
    ]  # fmt: skip
    form.add("outcome", "For", Choice(served), span=2)
    form.add("state", "State", Choice(list(STATES.items())))
    form.add("confidence", "How sure it will come about, 1 to 10", Choice(_SCALE))
    form.add("review_on", "Look at it again on", _no_date_yet())
    return form


def _contingency(_sheet: PlanSheet, _teams: Sequence[TeamChoice]) -> Form:
    form = Form()
    form.add("sign", "What is the first sign?", TextArea(lines=1, most=6))
    form.add("what_to_do", "What should happen?", TextArea(lines=2, most=10))
    form.add("whom_to_call", "Whom to call", QLineEdit(), help="In order, with the number if it is not known here")
    return form


def _equipment(_sheet: PlanSheet, _teams: Sequence[TeamChoice]) -> Form:
    form = Form(columns=3)
    form.add("what", "What", QLineEdit(), required=True)
    form.add("from_whom", "From whom", QLineEdit())
    form.add("state", "How far it is", QLineEdit(), help="Ordered, in place, on loan until …")
    return form


def _agreement(_sheet: PlanSheet, _teams: Sequence[TeamChoice]) -> Form:
    form = Form(columns=3)
    form.add("party", "With whom", Choice(list(PARTIES.items())))
    form.add("name", "Name", QLineEdit(), help="Of anybody but the person")
    form.add("agreed", "Did they agree?", Choice([(True, "Agreed"), (False, "Did not agree")]))
    form.add("agreed_on", "On", _no_date_yet())
    form.add("how", "How", QLineEdit(), help="At home, by telephone, in writing …", span=2)
    form.add("why_not", "If not, why not", TextArea(lines=1, most=6), span=3)
    return form


_FORMS: Mapping[ItemKind, Callable[[PlanSheet, Sequence[TeamChoice]], Form]] = {
    "need": _need,
    "outcome": _outcome,
    "action": _action,
    "contingency": _contingency,
    "equipment": _equipment,
    "agreement": _agreement,
}


def _no_date_yet() -> DateEdit:
    made = DateEdit()
    made.setPlaceholderText("No date yet")
    return made


def _short(words: str, most: int = 50) -> str:
    line = words.splitlines()[0]
    return line if len(line) <= most else line[: most - 1] + "…"
