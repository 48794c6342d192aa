"""One worker in full: who they are, what they can do, when they work, whom they know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, Protocol

from PySide6.QtWidgets import QLabel, QWidget

from coordination.workforce.model import Absence, Assignment, Given, HeldSkill, PersonSaid, RotaException, WorkerSheet
from ui import wording
from ui.widgets.badge import Badge
from ui.widgets.basics import button, column, label, row
from ui.widgets.panels import Facts, Section
from ui.workforce import words
from ui.workforce.messages import RELATIONS, TRAVEL
from ui.workforce.strip import DayStrip, cells


class Presses(Protocol):
    """What a press on a line of the sheet does. ``may_edit`` is whether there is anything to press."""

    @property
    def may_edit(self) -> bool: ...
    def change_skill(self, skill: HeldSkill) -> None: ...
    def remove_skill(self, skill: HeldSkill) -> None: ...
    def unsay(self, said: PersonSaid) -> None: ...
    def back(self, absence: Absence) -> None: ...
    def change_absence(self, absence: Absence) -> None: ...
    def remove_absence(self, absence: Absence) -> None: ...
    def remove_exception(self, exception: RotaException) -> None: ...
    def end_rota(self, assignment: Assignment) -> None: ...
    def unassign(self, assignment: Assignment) -> None: ...
    def free(self, given: Sequence[Given]) -> None: ...


class WorkerView(QWidget):
    """``stranded`` are visits that they have been given and could not be given now."""

    def __init__(self, sheet: WorkerSheet, today: date, stranded: Sequence[Given], presses: Presses) -> None:
        super().__init__()
        self._sheet, self._today, self._presses = sheet, today, presses
        self.worker = sheet.head.id
        head = sheet.head
        badges: list[QWidget | None] = []
        if head.enhanced:
            badges.append(Badge("Enhanced officer", "accent", "star"))
        if head.agency:
            badges.append(Badge(f"Agency: {head.agency}", "neutral", "buildings"))
        if not head.active:
            badges.append(Badge("Works here no longer", "neutral", "prohibit"))
        if head.place is None:
            badges.append(Badge("No base", "amber", "map-pin"))
        parts: list[Any] = [label(head.name, size="title", strong=True, wrap=True, selectable=True)]
        if badges:
            parts.append(row(*badges, None))
        if stranded:
            parts.append(self._open_visits(stranded))
        parts += [
            Facts(self._facts()), self._rota(), self._exceptions(), self._absences(), self._skills(), self._people(),
            None,
        ]  # fmt: skip
        self.setLayout(column(*parts, gap=4))

    def _facts(self) -> list[tuple[str, object | None]]:
        head, near = self._sheet.head, self._sheet.neighbourhoods_known
        most = words.minutes_words(head.most_minutes)
        return [
            ("Team", self._sheet.team.name),
            ("Grade", head.grade or None),
            ("Hours a week", words.minutes_words(head.contracted_minutes) or None),
            ("With people", f"at most {most} a day" if most else "No limit"),
            ("Travels by", TRAVEL[head.travel]),
            ("Day begins", words.base_words(head)),
            ("Languages", ", ".join(head.languages) or None),
            ("Neighbourhoods", ", ".join(near.get(n, str(n)) for n in head.neighbourhoods) or "All of the team's"),
        ]

    def _open_visits(self, stranded: Sequence[Given]) -> QWidget:
        count = wording.count(len(stranded), "visit")
        section = Section(f"{count} that {self._sheet.head.name} cannot take")
        for given in stranded[:8]:
            section.add(label(words.given_words(given), tone="amber", wrap=True))
        if len(stranded) > 8:
            section.add(label(f"and {len(stranded) - 8} more", quiet=True))
        if self._presses.may_edit:
            free = button(f"Take back {count}", lambda: self._presses.free(stranded), icon="arrow-u-up-left")
            section.add(_line(free, None))
        return section

    # ---------------------------------------------------------------- sections

    def _skills(self) -> QWidget:
        section = Section("Skills")
        for skill in self._sheet.skills:
            look = words.skill_look(skill, self._today)
            until = words.skill_until(skill, self._today)
            said: QWidget = Badge(until, look.tone, look.mark) if look else label(until, quiet=True)
            section.add(
                _line(label(skill.name, wrap=True), None, said, *self._buttons(
                    ("Change", partial(self._presses.change_skill, skill), f"Until when {skill.name} counts"),
                    ("Remove", partial(self._presses.remove_skill, skill), f"They no longer have {skill.name}"),
                ))
            )  # fmt: skip
        if not self._sheet.skills:
            section.add(label("No skill is recorded.", quiet=True))
        return section

    def _rota(self) -> QWidget:
        sheet = self._sheet
        section = Section("Rota and the next two weeks")
        for assignment in sheet.assignments:
            over = assignment.end is not None and assignment.end <= self._today
            if not over:
                section.add(
                    _line(label(words.assignment_words(assignment, sheet.rotas), wrap=True), None, *self._buttons(
                        ("End", partial(self._presses.end_rota, assignment), "A last day"),
                            ("Remove", partial(self._presses.unassign, assignment), "As if they had never worked to it")
                    ))
                )  # fmt: skip
        if not sheet.assignments:
            section.add(label("Works to no rota: no shifts are made for them.", tone="amber", wrap=True))
        section.add(DayStrip(cells(self._today, sheet.shifts, sheet.absences, sheet.exceptions)))
        return section

    def _exceptions(self) -> QWidget:
        section = Section("Days that are not as the rota has them")
        for exception in self._sheet.exceptions:
            day = wording.weekday(exception.day)
            section.add(
                _line(label(f"{day}: {words.exception_words(exception)}", wrap=True), None, *self._buttons(
                    ("Take back", partial(self._presses.remove_exception, exception), f"{day} as the rota has it")
                ))
            )  # fmt: skip
        if not self._sheet.exceptions:
            section.add(label("None.", quiet=True))
        return section

    def _absences(self) -> QWidget:
        section = Section("Leave and sickness")
        for absence in self._sheet.absences:
            said = f"{words.absence_words(absence)}, {words.absence_days(absence)}"
            section.add(label(said, wrap=True))
            buttons = self._buttons(
                ("Back early", partial(self._presses.back, absence), "At work again before that"),
                ("Change", partial(self._presses.change_absence, absence), "Other days or category"),
                ("Remove", partial(self._presses.remove_absence, absence), "Entered by mistake"),
            )
            if buttons:
                section.add(_line(*buttons, None))
        if not self._sheet.absences:
            section.add(label("Nothing entered from today on.", quiet=True))
        return section

    def _people(self) -> QWidget:
        section = Section("People")
        for said in self._sheet.people:
            look: QWidget = Badge(RELATIONS[said.relation], "red", "prohibit") if said.relation == "not_to" else (
                label(RELATIONS[said.relation], quiet=True)
            )  # fmt: skip
            section.add(
                _line(look, label(said.person, strong=True, wrap=True), None, *self._buttons(
                    ("Remove", partial(self._presses.unsay, said), f"No longer said of {said.person}")
                ))
            )  # fmt: skip
            by = f"{said.recorded_by}, {wording.day_time(said.recorded_at)}"
            why = said.reason if said.reason else "" if said.reason is not None else "The reason is for team leads."
            section.add(label(f"{why} ({by})" if why else by, quiet=True, size="small", wrap=True))
        if not self._sheet.people:
            section.add(label("Nobody they know, and nobody they are kept from.", quiet=True, wrap=True))
        return section

    def _buttons(self, *wanted: tuple[str, Callable[[], object], str]) -> list[QWidget]:
        if not self._presses.may_edit:
            return []
        return [button(title, do, kind="quiet", tip=tip) for title, do, tip in wanted]


def _line(*parts: QWidget | None) -> QWidget:
    """Side by side; words that wrap get the room that is left."""
    made = QWidget()
    words_ = next((p for p in parts if isinstance(p, QLabel) and p.wordWrap()), None)
    layout = row(*(p for p in parts if p is not None or words_ is None), gap=2)
    if words_ is not None:
        layout.setStretchFactor(words_, 1)
    made.setLayout(layout)
    return made
