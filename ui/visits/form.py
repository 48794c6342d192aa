"""One form for a visit and for a pattern of visits, and its values as what the service takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from PySide6.QtWidgets import QLineEdit

from coordination.clock import LONDON
from coordination.deployment.model import Team, Visit, VisitDraft
from coordination.deployment.patterns import Pattern, Rule, Slot, moments
from coordination.errors import BadValue, BadValues
from coordination.values import PatternId, PersonId, TeamId, VisitId, new_id
from ui.visits import times, words
from ui.widgets.basics import Choice, TextArea
from ui.widgets.chips import FilterChips, SegmentedChoice
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

Kind = Literal["visit", "pattern"]
# What the service calls it, to what the form does.
_FIELDS = {"arrive": "times", "fixed": "times", "opens": "times", "closes": "times", "workers_needed": "workers"}
_WORKERS = [(1, "One"), (2, "Two together")]
_GENDERS = [("", "Anybody"), ("female", "A woman"), ("male", "A man")]
_PRIORITIES = [(1, "1, highest"), (2, "2"), (3, "3, usual"), (4, "4"), (5, "5, lowest")]
_CRITICAL = [(False, "Can move in it"), (True, "Is critical")]


@dataclass(frozen=True)
class About:
    """What the form begins with. ``visit`` or ``pattern`` when there is one already."""

    kind: Kind
    person: PersonId
    name: str
    team: TeamId | None = None
    day: date | None = None
    visit: Visit | None = None
    pattern: Pattern | None = None
    fresh: bool = True
    said: str = ""


class VisitForm(Form):
    """Fields named as those of Slot and Rule, except ``times``, ``workers``."""

    def __init__(self, about: About, teams: Sequence[Team], skills: Mapping[str, str], today: date) -> None:
        super().__init__(columns=2)
        self.about, self._today = about, today
        one = about.kind == "visit"
        self._id = about.visit.id if about.visit else VisitId(new_id())
        need = TextArea(lines=2, most=5)
        self.add("need", "What the worker does there", need, required=True, span=2)
        if one:
            self.add("day", "Day", DateEdit(today=lambda: today), required=True)
        self.add("times", "Time of day" if one else "Times of day", QLineEdit(), required=True,
                 help="8-10, or 18:00 for a fixed time" if one else times.HINT, span=1 if one else 2)  # fmt: skip
        if not one:
            self._add_days(today)
        self.add("minutes", "Minutes there", QLineEdit(), required=True)
        self.add("workers", "Workers", _narrow(Choice(_WORKERS)))
        self.add("time_critical", "The time", _narrow(Choice(_CRITICAL)))
        self.add("gender_asked", "Asked for", _narrow(Choice(_GENDERS)))
        self.add("priority", "Priority", _narrow(Choice(_PRIORITIES)))
        if about.fresh:
            self.add("team", "Team that goes", _narrow(Choice([(t.id, t.name) for t in teams])), span=2)
        by_name = sorted(skills.items(), key=lambda skill: skill[1])
        self.add("skills", "Skills it needs", FilterChips(by_name, "Skills it needs"), span=2)
        self.add("access_notes", "How to get in, for these visits", TextArea(lines=1, most=3), span=2,
                 help="Besides what the record says. A code never: it would not be printed.")  # fmt: skip
        self.set_values(self._begin())
        self._show_days()
        self.edited.connect(lambda name: self._show_days() if name == "unit" else None)

    def _add_days(self, today: date) -> None:
        self.add("unit", "On", SegmentedChoice([("day", "Days"), ("week", "Weekdays")], "day", "On which days"))
        self.add("every", "Every", QLineEdit(), help="1: every one, 2: every second")
        days = [(number, name) for number, name in enumerate(words.WEEKDAYS)]
        self.add("weekdays", "Weekdays", FilterChips(days, "Weekdays"), span=2)
        self.add("starts", "From", DateEdit(today=lambda: today), required=True)
        self.add("ends", "Last day", DateEdit(today=lambda: today), help="Empty: until somebody ends them")
        self.add("gap", "Gap from one visit's end to the next", QLineEdit(), span=2,
                 help="Such as 4 h, or 4-6 h; empty for none")  # fmt: skip

    def _show_days(self) -> None:
        if "unit" in self.fields:
            self.field("weekdays").setVisible(self.value("unit") == "week")

    # ------------------------------------------------------------------ what it begins with

    def _begin(self) -> dict[str, Any]:
        about = self.about
        if about.visit is not None:
            return self._of_visit(about.visit)
        if about.pattern is not None:
            return self._of_pattern(about.pattern)
        return {
            "day": about.day, "minutes": "30", "workers": 1, "priority": 3, "team": about.team, "unit": "day",
            "every": "1", "starts": about.day, "gender_asked": "", "time_critical": False,
        }  # fmt: skip

    @staticmethod
    def _shared(found: Visit | Slot) -> dict[str, Any]:
        return {
            "need": found.need,
            "workers": found.workers_needed,
            "skills": frozenset(found.skills),
            "time_critical": found.time_critical,
            "gender_asked": found.gender_asked or "",
            "priority": found.priority,
            "access_notes": found.access_notes,
        }

    def _of_visit(self, visit: Visit) -> dict[str, Any]:
        start, end = (moment.astimezone(LONDON).time() for moment in (visit.arrive.start, visit.arrive.end))
        at = times.one_words(start, None if visit.fixed else end)
        return {**self._shared(visit), "day": visit.day, "times": at, "minutes": str(visit.minutes)}

    def _of_pattern(self, pattern: Pattern) -> dict[str, Any]:
        found, usual = times.of_slots(pattern.slots)
        rule = pattern.rule
        return {
            **self._shared(pattern.slots[0]),
            "times": times.times_words(found),
            "minutes": str(usual),
            "unit": rule.unit,
            "every": str(rule.every),
            "weekdays": frozenset(rule.weekdays),
            "starts": rule.starts,
            "ends": rule.ends,
            "gap": times.gap_words(pattern.gap),
            "team": pattern.team_id,
        }

    # ------------------------------------------------------------------ what it comes to

    def read(self) -> dict[str, Any]:
        """Values with numbers, times and gap read. Raises BadValues by the names of the form."""
        problems: list[BadValue] = []
        try:
            values = self.values()
        except BadValues as error:
            problems, values = list(error.problems), {}
        for name, parse in (("times", times.parse_times), ("gap", times.parse_gap)):
            if name in self.fields:
                try:
                    values[name] = parse(self.value(name))
                except BadValue as problem:
                    problems.append(problem)
        for name in ("minutes", "every"):
            if name in self.fields:
                text = str(self.value(name)).strip()
                values[name] = int(text) if text.isdecimal() and len(text) < 5 else None
                if values[name] is None:
                    problems.append(BadValue(name, "not_a_number"))
        problems += [BadValue(n, "missing") for n in ("day", "starts") if n in values and values[n] is None]
        if "team" in self.fields and values.get("team", "") is None:
            problems.append(BadValue("team", "missing"))
        if self.about.kind == "visit" and len(values.get("times", ())) > 1:
            problems.append(BadValue("times", "one_only"))
        if problems:
            raise BadValues(tuple(problems))
        values["gender_asked"] = values["gender_asked"] or None
        values["skills"] = tuple(sorted(values["skills"]))
        values["workers_needed"] = values.pop("workers")
        return values

    def changes(self) -> dict[str, Any]:
        """Of a visit that is there: what is other than it was, as ``change_visit`` takes it."""
        values, was = self.read(), self.about.visit
        assert was is not None
        (at,) = values.pop("times")
        found = {**values, "opens": at.opens, "closes": at.closes, "minutes": at.minutes or values["minutes"]}
        start, end = (moment.astimezone(LONDON).time() for moment in (was.arrive.start, was.arrive.end))
        now = {"opens": start, "closes": None if was.fixed else end, "skills": tuple(sorted(was.skills))}
        return {n: v for n, v in found.items() if v != now.get(n, getattr(was, n, None))}

    def draft(self) -> VisitDraft:
        """A visit of its own."""
        values = self.read()
        (at,) = values["times"]
        arrive, fixed = moments(values["day"], at.opens, at.closes)
        names = ("need", "workers_needed", "skills", "time_critical", "gender_asked", "priority", "access_notes")
        return VisitDraft(
            self._id, self.about.person, values["team"], values["day"], arrive, at.minutes or values["minutes"],
            fixed=fixed, **{name: values[name] for name in names},
        )  # fmt: skip

    def pattern(self) -> Pattern:
        """The pattern as it shall be. What is told of all its times is given to each only where it was edited."""
        values, was = self.read(), self.about.pattern
        rule = Rule(
            values["starts"], values["ends"], values["unit"], values["every"],
            tuple(sorted(values["weekdays"])) if values["unit"] == "week" else (),
        )  # fmt: skip
        names = ("need", "workers_needed", "skills", "time_critical", "gender_asked", "priority", "access_notes")
        shared = {name: values[name] for name in names}
        first = was.slots[0] if was else None
        given = {n: v for n, v in shared.items() if first is None or v != getattr(first, n)}
        known = {(s.opens, s.closes): s for s in was.slots} if was else {}
        slots = []
        for number, at in enumerate(values["times"], 1):
            there = known.get((at.opens, at.closes))
            minutes = at.minutes or values["minutes"]
            if there is not None:
                slots.append(replace(there, minutes=minutes, **given))
            else:
                slots.append(Slot(number, at.opens, at.closes, minutes, **shared))
        if was is None:
            key = PatternId(UUID(str(self._id)))
            return Pattern(key, self.about.person, values["team"], rule, tuple(slots), values["gap"])
        team = values.get("team", was.team_id)
        return replace(was, rule=rule, slots=tuple(slots), gap=values["gap"], team_id=team)


def _narrow(choice: Choice) -> Choice:
    """As wide as the form gives it, however long its lines are."""
    choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(6)
    return choice


def by_field(error: BadValue | BadValues) -> BadValues:
    """What the service found, by the names of the form, each once."""
    problems = error.problems if isinstance(error, BadValues) else (error,)
    found = ((_FIELDS.get(p.field, p.field), p.reason) for p in problems)
    known = ((f, "over_500" if (f, r) == ("need", "too_long") else r) for f, r in found)
    return BadValues(tuple(BadValue(*one) for one in dict.fromkeys(known)))
