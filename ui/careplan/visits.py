"""From an action to visits: which days, when, how long, by how many (D1). The board of its team takes it from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.careplan.rows import PlanAction
from coordination.clock import at_local
from coordination.deployment.drafts import repeated
from coordination.deployment.model import VisitDraft
from coordination.errors import BadValue, BadValues
from coordination.values import DateRange, VisitId, Window, new_id
from ui.careplan.row_editors import RowEditor
from ui.widgets.basics import Choice, TextArea
from ui.widgets.chips import FilterChips
from ui.widgets.dates import DateEdit, TimeEdit
from ui.widgets.fields import Form

LONGEST_NEED = 500
MOST_DAYS = 42
# Fields of VisitDraft to those of the form.
_FIELDS = {"arrive": "until", "workers_needed": "workers"}


class VisitsEditor(RowEditor):
    """``saved`` gives the values; :meth:`drafts` makes visits of them. Saving again plans nothing twice."""

    def __init__(self, action: PlanAction, skills: Mapping[str, str], first: date) -> None:
        form = Form(columns=4)
        need = TextArea(lines=1, most=5)
        form.add("need", "What the worker does there", need, required=True, span=4)
        form.add("first", "From", DateEdit(), required=True)
        form.add("days", "Days, one after the other", QLineEdit(), required=True)
        form.add("minutes", "Minutes there", QLineEdit(), required=True)
        form.add("workers", "Workers", Choice([(1, "One"), (2, "Two together")]))
        form.add("after", "Arrive after", TimeEdit(), required=True)
        form.add("until", "and before", TimeEdit(), required=True)
        form.add("critical", "The time", Choice([(False, "Can move inside that"), (True, "Is critical")]), span=2)
        by_name = sorted(skills.items(), key=lambda skill: skill[1])
        form.add("skills", "Skills it needs", FilterChips(by_name, "Skills it needs"), span=4)
        form.set_values(
            {
                "need": action.what[:LONGEST_NEED],
                "first": first,
                "days": "7",
                "minutes": "30",
                "after": time(8),
                "until": time(10),
                "workers": 1,
                "critical": False,
            }
        )
        super().__init__(action.id, action.revision, form, words="Plan the visits")
        self.action = action
        self._id = VisitId(new_id())

    def keep(self) -> None:
        """Visits are planned by pressing the button, never by going elsewhere."""
        self.left.emit()

    def drafts(self, values: Mapping[str, Any]) -> list[VisitDraft]:
        """The visits. Raises BadValues by the names of the form."""
        numbers = {name: self._number(name, values) for name in ("days", "minutes")}
        missing = [name for name in ("first", "after", "until") if values[name] is None]
        bad = [BadValue(name, "required") for name in missing]
        bad += [BadValue(name, "not_a_number") for name, number in numbers.items() if number is None]
        days, minutes = numbers["days"], numbers["minutes"]
        if days is not None and not 1 <= days <= MOST_DAYS:
            bad.append(BadValue("days", "out_of_range"))
        if not missing and values["until"] <= values["after"]:
            bad.append(BadValue("until", "ends_before_it_starts"))
        if bad or days is None or minutes is None:
            raise BadValues(tuple(bad))
        assert self.action.team is not None
        first: date = values["first"]
        start, end = (at_local(first, values[name].hour, values[name].minute) for name in ("after", "until"))
        one = VisitDraft(
            self._id,
            self.action.person,
            self.action.team,
            first,
            Window(start, end),
            minutes,
            values["need"],
            workers_needed=values["workers"],
            skills=tuple(sorted(values["skills"])),
            time_critical=values["critical"],
            plan_action_id=self.action.id,
        )
        return repeated(one, DateRange(first, first + timedelta(days=days)))

    @staticmethod
    def _number(name: str, values: Mapping[str, Any]) -> int | None:
        text = str(values[name]).strip()
        return int(text) if text.isdecimal() and len(text) < 5 else None


def by_field(error: BadValue | BadValues) -> BadValues:
    """Problems of the visits (``3.minutes``) as problems of the form, each once."""
    problems = error.problems if isinstance(error, BadValues) else (error,)
    fields = ((problem.field.rpartition(".")[2], problem.reason) for problem in problems)
    return BadValues(tuple(BadValue(*one) for one in dict.fromkeys((_FIELDS.get(f, f), why) for f, why in fields)))
