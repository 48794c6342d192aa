"""What a team lead does with workers: each with its undo, and with what it leaves open said at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coordination.values import TeamId, new_id
from coordination.workforce.model import Given, HeldSkill, PersonSaid, WorkerDraft, WorkerSheet
from ui import wording
from ui.commands import Command
from ui.workforce import forms
from ui.workforce.absence_deeds import AbsenceDeeds
from ui.workforce.doing import WorkersShown
from ui.workforce.head_deeds import HeadDeeds
from ui.workforce.rota_deeds import RotaDeeds

_GROUP = "Workers"


class WorkerDeeds(AbsenceDeeds, RotaDeeds):
    """Only a team lead's commands are ever enabled; the database says so too."""

    def __init__(self, page: WorkersShown) -> None:
        super().__init__(page)
        self.head = HeadDeeds(self, page)

    @property
    def may_edit(self) -> bool:
        return self._desk.actor.role == "team_lead"

    def commands(self) -> list[Command]:
        def on() -> bool:
            return self.may_edit and self._page.sheet is not None

        return [
            Command("workers.change", "Change the worker", self.head.change, "E", on, _GROUP, "pencil-simple",
                    also="hours languages base agency neighbourhoods minutes"),
            Command("workers.skill", "Add a skill", self.add_skill, "K", on, _GROUP, "circle-wavy-check"),
            Command("workers.sick", "Sick", lambda: self.enter_absence("sickness"), "S", on, _GROUP, "thermometer",
                    also="sickness ill away"),
            Command("workers.leave", "Leave", lambda: self.enter_absence("leave"), "L", on, _GROUP, "calendar-x",
                    also="holiday annual away"),
            Command("workers.rota", "Works to a rota", self.assign, "R", on, _GROUP, "calendar-blank"),
            Command("workers.exception", "A day that is not as the rota has it", self.add_exception, "X", on, _GROUP,
                    "calendar-plus", also="exception off extra hours swap"),
            Command("workers.person", "Knows, or is not to visit", self.say, "P", on, _GROUP, "users",
                    also="person may not visit"),
            Command("workers.new", "A new worker", self.add_worker, "N", lambda: self.may_edit, _GROUP, "user-plus",
                    also="agency"),
        ]  # fmt: skip

    # ------------------------------------------------------------------ somebody new

    def add_worker(self) -> None:
        teams = sorted({(int(r.team_id), r.team) for r in self._page.rows}, key=lambda t: t[1])
        own = self._desk.actor.team_id
        request, service = new_id(), self._desk.services.workforce

        def do(values: dict[str, Any]) -> None:
            draft = WorkerDraft(request, TeamId(int(values["team"])), values["name"], values["gender"],
                                values["grade"], values["travel"], values["agency"])  # fmt: skip
            self.run(lambda: service.add(draft), lambda made: self._said(f"{draft.name} is on the team.", None, made))

        self.ask(forms.new_form(teams, own, do, self.close_asking))

    # ------------------------------------------------------------------ skills

    def add_skill(self) -> None:
        sheet = self._page.sheet
        if sheet is not None:
            self._ask_skill(sheet, None)

    def change_skill(self, skill: HeldSkill) -> None:
        sheet = self._page.sheet
        if sheet is not None:
            self._ask_skill(sheet, skill)

    def _ask_skill(self, sheet: WorkerSheet, before: HeldSkill | None) -> None:
        worker, service = sheet.head.id, self._desk.services.workforce

        def do(values: dict[str, Any]) -> None:
            code = before.code if before else str(values["skill"] or "")
            until = values["expires_on"] or None
            seen = before.revision if before else None

            def undo() -> object:
                if before is None:
                    return service.remove_skill(worker, code, seen=1)
                return service.set_skill(worker, code, before.expires_on, seen=before.revision + 1)

            self.run(lambda: service.set_skill(worker, code, until, seen=seen),
                     lambda left: self._said(_with_open("Kept.", left), undo))  # fmt: skip

        self.ask(forms.skill_form(sheet, before, self.today, do, self.close_asking))

    def remove_skill(self, skill: HeldSkill) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return
        worker, service = sheet.head.id, self._desk.services.workforce
        self.run(
            lambda: service.remove_skill(worker, skill.code, seen=skill.revision),
            lambda left: self._said(
                _with_open(f"{skill.name} removed.", left),
                lambda: service.set_skill(worker, skill.code, skill.expires_on, seen=None),
            ),
        )

    # ------------------------------------------------------------------ people

    def say(self) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return
        worker, service = sheet.head.id, self._desk.services.workforce

        def do(values: dict[str, Any]) -> None:
            who, relation = values["person"], values["relation"]
            before = next((p for p in sheet.people if p.person_id == who), None)
            reason = values["reason"] if relation == "not_to" else ""

            def undo() -> object:
                now = next((p for p in service.worker(worker, self.today).people if p.person_id == who), None)
                if now is not None and before is None:
                    service.unsay(worker, now)
                    return None
                seen = now.revision if now else None
                return before and service.say(worker, who, before.relation, before.reason or "", seen=seen)

            self.run(
                lambda: service.say(worker, who, relation, reason, seen=before.revision if before else None),
                lambda left: self._said(_with_open("Kept.", left), undo),
            )

        self.ask(forms.PersonForm(self._desk, sheet, "knows", do, self.close_asking))

    def unsay(self, said: PersonSaid) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return
        worker, service = sheet.head.id, self._desk.services.workforce
        self.run(
            lambda: service.unsay(worker, said),
            lambda _none: self._said(
                "Removed.", lambda: service.say(worker, said.person_id, said.relation, said.reason or "", seen=None)
            ),
        )


def _with_open(said: str, left: Sequence[Given]) -> str:
    return (
        f"{said} {wording.count(len(left), 'visit')} that they can't take any more: see the worker." if left else said
    )
