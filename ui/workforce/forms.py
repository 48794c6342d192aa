"""The forms of the workforce's pages: a worker, a skill, a person, leave and sickness, an exception, a rota."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit

from coordination.errors import BadValue, BadValues
from coordination.values import PersonId, WorkerId
from coordination.workforce import rules
from coordination.workforce.model import (
    CATEGORIES,
    Absence,
    AbsenceDraft,
    Assignment,
    HeldSkill,
    Rota,
    RotaException,
    WorkerHead,
    WorkerSheet,
)
from ui import wording
from ui.desk import Desk
from ui.intake.move_forms import MoveForm
from ui.people.finder import PersonFinder
from ui.trust.ticks import Ticks
from ui.widgets.basics import Choice, TextArea, label
from ui.widgets.chips import SegmentedChoice
from ui.widgets.dates import DateEdit, TimeEdit
from ui.workforce import messages, words

Do = Callable[[dict[str, Any]], object]
Leave = Callable[[], object]


def head_form(sheet: WorkerSheet, do: Do, leave: Leave) -> MoveForm:
    """The head fields of one worker."""
    head = sheet.head
    made = MoveForm(f"Change {head.name}", "Keep it", do, leave)
    form = made.form
    form.add("name", "Name", QLineEdit(), required=True)
    form.add("grade", "Grade", QLineEdit())
    form.add("contracted_minutes", "Hours a week", QLineEdit(), help="As 37.5 or 37:30")
    form.add("most_minutes", "Most hours with people a day", QLineEdit(), help="Left empty, there is no limit")
    form.add("travel", "Travels by", _choice(messages.TRAVEL))
    form.add("base", "Day begins at", _choice({"home": "Home", "base": "A base", "none": "Not known"}))
    form.add("base_name", "Name of the base", QLineEdit())
    form.add("postcode", "Postcode where the day begins", QLineEdit(),
             help="Looked up and not kept. Empty: the place stays as it is")  # fmt: skip
    form.add("languages", "Languages", QLineEdit(), help="With commas between them")
    near = Ticks([(str(n), name) for n, name in sheet.neighbourhoods_known.items()])
    form.add("neighbourhoods", "Neighbourhoods", near)
    form.add("agency", "Agency", QLineEdit(), help="Empty for our own")
    form.add("enhanced", "", QCheckBox("Enhanced officer for complex reablement"))
    form.add("active", "", QCheckBox("Works here"))
    form.set_values(head_values(head))
    return made


def head_values(head: WorkerHead) -> dict[str, Any]:
    """What the form shows of a head."""
    return {
        "name": head.name,
        "grade": head.grade,
        "travel": head.travel,
        "base": head.base if head.place else "none",
        "base_name": head.base_name,
        "contracted_minutes": words.as_hours(head.contracted_minutes),
        "most_minutes": words.as_hours(head.most_minutes),
        "languages": ", ".join(head.languages),
        "neighbourhoods": tuple(map(str, head.neighbourhoods)),
        "agency": head.agency,
        "enhanced": head.enhanced,
        "active": head.active,
    }


def head_changes(values: Mapping[str, Any], head: WorkerHead) -> dict[str, Any]:
    """What was changed, by field of the head; ``place`` follows where the postcode was looked up. Raises BadValues."""
    problems: list[BadValue] = []
    wanted: dict[str, Any] = {name: values[name] for name in ("name", "grade", "travel", "base_name", "agency")}
    for name in ("contracted_minutes", "most_minutes"):
        try:
            wanted[name] = words.parse_length(values[name], name)
        except BadValue as problem:
            problems.append(problem)
    wanted["languages"] = tuple(part.strip() for part in str(values["languages"]).split(",") if part.strip())
    wanted["neighbourhoods"] = tuple(int(n) for n in values["neighbourhoods"] or ())
    wanted["enhanced"], wanted["active"] = bool(values["enhanced"]), bool(values["active"])
    if values["base"] == "none":
        wanted["place"] = None
    else:
        wanted["base"] = values["base"]
        if head.place is None and not values["postcode"]:
            problems.append(BadValue("postcode", "missing"))
    try:
        clean = rules.check_head(wanted)
    except BadValues as error:
        raise BadValues((*problems, *error.problems)) from None
    if problems:
        raise BadValues(tuple(problems))
    return {name: value for name, value in clean.items() if value != getattr(head, name)}


def new_form(teams: Sequence[tuple[int, str]], team: int | None, do: Do, leave: Leave) -> MoveForm:
    """Somebody new."""
    made = MoveForm("A new worker", "Add them", do, leave)
    choice = Choice(teams)
    choice.setEditable(False)
    made.form.add("name", "Name", QLineEdit(), required=True)
    made.form.add("team", "Team", choice, required=True)
    made.form.add("gender", "Gender", _choice(messages.GENDERS))
    made.form.add("grade", "Grade", QLineEdit())
    made.form.add("travel", "Travels by", _choice(messages.TRAVEL))
    made.form.add("agency", "Agency", QLineEdit(), help="Empty for our own")
    made.form.set_values({"team": team, "gender": "not_known", "travel": "car"})
    return made


def skill_form(sheet: WorkerSheet, before: HeldSkill | None, today: date, do: Do, leave: Leave) -> MoveForm:
    """A skill, and the last day that it counts."""
    title = f"A skill of {sheet.head.name}" if before is None else f"{before.name}: {sheet.head.name}"
    made = MoveForm(title, "Keep it", do, leave)
    if before is None:
        held = {s.code for s in sheet.skills}
        left = [(code, name) for code, name in sheet.skills_known.items() if code not in held]
        choice = Choice(left, prompt="Choose a skill")
        made.form.add("skill", "Skill", choice, required=True)
    made.form.add("expires_on", "Last day that it counts", DateEdit(today=lambda: today),
                  help="Left empty, it does not run out")  # fmt: skip
    made.form.set_values({"expires_on": before.expires_on if before else None})
    return made


class PersonForm(MoveForm):
    """A person, found by name, and what is said of the two."""

    def __init__(self, desk: Desk, sheet: WorkerSheet, relation: str, do: Do, leave: Leave) -> None:
        name = sheet.head.name
        super().__init__(f"Somebody {name} knows, or is not to visit", "Keep it", self._with_person, leave)
        self._then = do
        self.person_id: PersonId | None = None
        self.relation = SegmentedChoice(list(messages.RELATIONS.items()), relation, "What is said")
        self.form.add("relation", "", self.relation)
        self.chosen = label("Nobody chosen yet", quiet=True)
        self.finder = PersonFinder(desk)
        self.finder.chosen.connect(self._take)
        self.form.add("person", "Person", self.finder.field, required=True)
        self.form.add_widget(self.finder)
        self.form.add_widget(self.chosen)
        self.form.add("reason", "Why not", TextArea(2, 4), help="Team leads and managers read it, nobody else")
        self.relation.changed.connect(lambda _value: self._ask_why())
        self._ask_why()

    def _ask_why(self) -> None:
        self.form.field("reason").setVisible(self.relation.value == "not_to")

    def _take(self, found: Any) -> None:
        self.person_id = found.id
        self.chosen.setText(wording.name(found.surname, found.given, found.title))
        self.finder.hide()
        target = self.form.field("reason").editor if self.relation.value == "not_to" else self.confirm
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _with_person(self, values: dict[str, Any]) -> None:
        if self.person_id is None:
            self.set_problems(BadValue("person", "missing"))
            return
        self._then({**values, "person": self.person_id})

    def start(self) -> None:
        self.finder.field.setFocus(Qt.FocusReason.OtherFocusReason)


def absence_form(name: str, before: Absence | None, kind: str, today: date, do: Do, leave: Leave) -> MoveForm:
    """Leave or sickness: from, to, half days, a category."""
    title = f"{name} is away" if before is None else f"Change: {words.absence_words(before)}"
    made = MoveForm(title, "Enter it", do, leave)
    what = SegmentedChoice(list(messages.KINDS.items()), before.kind if before else kind, "What")
    category = Choice([])
    category.setEditable(False)

    def offer() -> None:
        codes = CATEGORIES[what.value]  # type: ignore[index]
        category.set_items([("", "Not said"), *((code, messages.CATEGORIES[code]) for code in codes)])
        if category.value is None:
            category.set_value("")

    what.changed.connect(lambda _kind: offer())
    form = made.form
    form.add("kind", "", what)
    first, last = DateEdit(today=lambda: today), DateEdit(today=lambda: today)
    form.add("first", "First day", first, required=True)
    form.add("from_midday", "", QCheckBox("From the middle of that day"))
    form.add("last", "Last day", last, required=True)
    form.add("to_midday", "", QCheckBox("Until the middle of that day"))
    form.add("category", "Category", category, help="No diagnosis")
    if before is None:
        form.add("free", "", QCheckBox("Take back the visits they have been given meanwhile"))
    offer()
    form.set_values(_absence_values(before, today))

    def never_before(day: date | None) -> None:
        if day is not None and (not last.good or (last.value or day) < day):
            last.set_value(day)

    first.changed.connect(never_before)
    return made


def _absence_values(before: Absence | None, today: date) -> dict[str, Any]:
    if before is None:
        return {"first": today, "last": today, "category": ""}
    first, last = rules.days_of(before.window)
    starts, ends = wording.clock_time(before.window.start), wording.clock_time(before.window.end)
    return {"first": first, "last": last, "category": before.category, "from_midday": starts != "00:00",
            "to_midday": ends != "00:00"}  # fmt: skip


def absence_draft(values: Mapping[str, Any], key: UUID, worker: WorkerId) -> AbsenceDraft:
    """What the form holds. Raises BadValues."""
    missing = [BadValue(name, "required") for name in ("first", "last") if not values[name]]
    if missing:
        raise BadValues(tuple(missing))
    return AbsenceDraft(key, worker, values["kind"], values["first"], values["last"], values["category"] or "",
                        bool(values["from_midday"]), bool(values["to_midday"]))  # fmt: skip


def back_form(name: str, absence: Absence, today: date, do: Do, leave: Leave) -> MoveForm:
    """Back earlier than was entered."""
    made = MoveForm(f"{name} is back earlier: {words.absence_words(absence)}", "They are back", do, leave)
    made.form.add("back", "At work again on", DateEdit(today=lambda: today), required=True)
    made.form.add("midday", "", QCheckBox("From the middle of that day"))
    first, _last = rules.days_of(absence.window)
    made.form.set_values({"back": max(today, first)})
    return made


def exception_form(name: str, today: date, do: Do, leave: Leave) -> MoveForm:
    """One day that is not as the rota has it."""
    made = MoveForm(f"A day that is not as the rota has it: {name}", "Keep it", do, leave)
    kind = SegmentedChoice(list(messages.EXCEPTIONS.items()), "off", "What")
    made.form.add("kind", "", kind)
    made.form.add("day", "Day", DateEdit(today=lambda: today), required=True)
    made.form.add("starts", "From", TimeEdit())
    made.form.add("ends", "To", TimeEdit(), help="Earlier than From: on the next day")
    made.form.add("note", "Note", QLineEdit())
    made.form.set_values({"day": today})

    def offer() -> None:
        for field in ("starts", "ends"):
            made.form.field(field).setVisible(kind.value != "off")

    kind.changed.connect(lambda _kind: offer())
    offer()
    return made


def exception_draft(values: Mapping[str, Any], key: UUID, worker: WorkerId) -> RotaException:
    if not values["day"]:
        raise BadValue("day", "required")
    off = values["kind"] == "off"
    starts = None if off else _minute(values["starts"])
    ends = None if off else _minute(values["ends"]) or (1440 if isinstance(values["ends"], time) else None)
    return RotaException(key, worker, values["day"], values["kind"], starts, ends, str(values["note"]))


def _minute(value: Any) -> int | None:
    return value.hour * 60 + value.minute if isinstance(value, time) else None


def assign_form(sheet: WorkerSheet, rotas: Sequence[Rota], today: date, do: Do, leave: Leave) -> MoveForm:
    """Which rota from when, and how many weeks further on in its cycle."""
    made = MoveForm(f"{sheet.head.name} works to a rota", "Keep it", do, leave)
    choice = Choice([(r.id, f"{r.name} ({words.minutes_words(r.minutes_a_week)} a week)") for r in rotas if r.active],
                    prompt="Choose a rota")  # fmt: skip
    choice.setEditable(False)
    made.form.add("rota", "Rota", choice, required=True)
    made.form.add("start", "From", DateEdit(today=lambda: today), required=True)
    made.form.add("end", "Last day", DateEdit(today=lambda: today), help="Left empty, it goes on")
    offset = Choice([(0, "As it stands")])
    offset.setEditable(False)
    made.form.add("offset", "Weeks further on in its cycle", offset)

    def offer() -> None:
        weeks = next((r.weeks for r in rotas if r.id == choice.value), 1)
        offset.set_items([(0, "As it stands"), *((n, wording.count(n, "week")) for n in range(1, weeks))])
        if offset.value is None:
            offset.set_value(0)

    choice.chosen.connect(lambda _rota: offer())
    made.form.set_values({"start": today, "offset": 0})
    return made


def end_rota_form(name: str, today: date, do: Do, leave: Leave) -> MoveForm:
    """The last day of a rota."""
    made = MoveForm(f"{name} works to it no longer", "End it", do, leave)
    made.form.add("end", "Last day", DateEdit(today=lambda: today), required=True)
    made.form.set_values({"end": today})
    return made


def assignment_draft(values: Mapping[str, Any], key: UUID, worker: WorkerId) -> Assignment:
    if not values["rota"]:
        raise BadValue("rota", "missing")
    if not values["start"]:
        raise BadValue("start", "required")
    end = values["end"] + timedelta(days=1) if values["end"] else None
    return Assignment(key, worker, values["rota"], values["start"], end, int(values["offset"] or 0))


def _choice(items: Mapping[str, str]) -> Choice:
    made = Choice(list(items.items()))
    made.setEditable(False)
    return made
