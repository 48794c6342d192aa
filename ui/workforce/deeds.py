"""What a team lead does with workers: each with its undo, and with what it leaves open said at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict
from coordination.values import TeamId, new_id
from coordination.workforce.model import (
    Absence,
    Assigned,
    Assignment,
    Changed,
    Given,
    HeldSkill,
    PersonSaid,
    RollOut,
    RotaException,
    WorkerDraft,
    WorkerRow,
    WorkerSheet,
)
from ui import wording
from ui.commands import Command
from ui.intake.move_forms import MoveForm
from ui.page import OnDesk
from ui.workforce import forms, words
from ui.workforce.head_deeds import HeadDeeds

_GROUP = "Workers"


class WorkersShown(OnDesk, Protocol):
    """What the deeds ask of the page."""

    @property
    def sheet(self) -> WorkerSheet | None: ...
    @property
    def rows(self) -> Sequence[WorkerRow]: ...
    def show_question(self, form: MoveForm) -> None: ...
    def close_question(self, form: MoveForm) -> None: ...
    def read_sheet(self) -> None: ...
    def go_to_worker(self, key: object) -> None: ...


class WorkerDeeds:
    """Only a team lead's commands are ever enabled; the database says so too."""

    def __init__(self, page: WorkersShown) -> None:
        self._page, self._desk = page, page.desk
        self.form: MoveForm | None = None
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

    @property
    def today(self) -> Any:
        return local_date(self._desk.clock.now())

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

    # ------------------------------------------------------------------ leave and sickness

    def enter_absence(self, kind: str) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return
        key, worker, service = new_id(), sheet.head.id, self._desk.services.absences

        def do(values: dict[str, Any]) -> None:
            self.run(lambda: service.enter(forms.absence_draft(values, key, worker), free=bool(values["free"])),
                     lambda done: self._absent(done, sheet.head.name))  # fmt: skip

        self.ask(forms.absence_form(sheet.head.name, None, kind, self.today, do, self.close_asking))

    def change_absence(self, absence: Absence) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return
        service, name = self._desk.services.absences, sheet.head.name

        def do(values: dict[str, Any]) -> None:
            def change() -> Changed:
                draft = forms.absence_draft(values, absence.id, absence.worker_id)
                return service.change(draft, seen=absence.revision)

            self.run(change, lambda done: self._absent(done, name))

        self.ask(forms.absence_form(name, absence, absence.kind, self.today, do, self.close_asking))

    def back(self, absence: Absence) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return
        service, name = self._desk.services.absences, sheet.head.name

        def do(values: dict[str, Any]) -> None:
            if not values["back"]:
                self.failed(BadValue("back", "required"))
                return
            self.run(lambda: service.back_on(absence, values["back"], midday=bool(values["midday"])),
                     lambda done: self._absent(done, name))  # fmt: skip

        self.ask(forms.back_form(name, absence, self.today, do, self.close_asking))

    def remove_absence(self, absence: Absence) -> None:
        sheet = self._page.sheet
        if sheet is not None:
            service, name = self._desk.services.absences, sheet.head.name
            self.run(lambda: service.remove(absence), lambda done: self._absent(done, name))

    def _absent(self, done: Changed, name: str) -> None:
        service = self._desk.services.absences
        self._said(words.changed_words(done, name), lambda: service.undo(done))

    def free(self, given: Sequence[Given]) -> None:
        """Take back what they cannot take any more, in one go."""
        service = self._desk.services.absences
        self.run(
            lambda: service.free(given),
            lambda steps: self._said(
                f"{wording.count(len(steps), 'visit')} taken back.", lambda: service.unfree(steps)
            ),
        )

    # ------------------------------------------------------------------ rota

    def assign(self) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return
        key, service = new_id(), self._desk.services.rotas

        def do(values: dict[str, Any]) -> None:
            def done(found: Assigned) -> None:
                self._said(words.rolled_words(found.rolled, "Kept."), lambda: service.undo_assign(found))

            self.run(lambda: service.assign(forms.assignment_draft(values, key, sheet.head.id)), done)

        self.ask(forms.assign_form(sheet, sheet.rotas, self.today, do, self.close_asking))

    def end_rota(self, assignment: Assignment) -> None:
        """A last day for what they work to."""
        sheet, service = self._page.sheet, self._desk.services.rotas
        if sheet is None:
            return

        def do(values: dict[str, Any]) -> None:
            if not values["end"]:
                self.failed(BadValue("end", "required"))
                return
            wanted = replace(assignment, end=values["end"] + timedelta(days=1))

            def done(found: Assigned) -> None:
                before = replace(assignment, revision=found.assignment.revision)
                self._said(words.rolled_words(found.rolled, "Kept."), lambda: service.assign(before))

            self.run(lambda: service.assign(wanted), done)

        self.ask(forms.end_rota_form(sheet.head.name, self.today, do, self.close_asking))

    def unassign(self, assignment: Assignment) -> None:
        service = self._desk.services.rotas
        self.run(
            lambda: service.unassign(assignment.id, assignment.worker_id, seen=assignment.revision),
            lambda done: self._said(
                words.rolled_words(done, "Removed."), lambda: service.assign(replace(assignment, revision=0))
            ),
        )

    def add_exception(self) -> None:
        sheet = self._page.sheet
        if sheet is None:
            return
        key, service = new_id(), self._desk.services.rotas

        def do(values: dict[str, Any]) -> None:
            def keep() -> tuple[RotaException, RollOut]:
                draft = forms.exception_draft(values, key, sheet.head.id)
                return draft, service.except_day(draft)

            def done(found: tuple[RotaException, RollOut]) -> None:
                made, rolled = found
                said = [words.rolled_words(rolled, "Kept."), *words.told_lines(rolled)]
                self._said(" ".join(said), lambda: service.remove_exception(replace(made, revision=1)))

            self.run(keep, done)

        self.ask(forms.exception_form(sheet.head.name, self.today, do, self.close_asking))

    def remove_exception(self, exception: RotaException) -> None:
        service = self._desk.services.rotas
        self.run(
            lambda: service.remove_exception(exception),
            lambda done: self._said(
                words.rolled_words(done, "Taken back."), lambda: service.except_day(replace(exception, revision=0))
            ),
        )

    # ------------------------------------------------------------------ how it is done

    def run(self, call: Callable[[], Any], done: Callable[[Any], object]) -> None:
        self._page.run(call, done, self.failed)

    def _said(self, words_: str, undo: Callable[[], object] | None, worker: object = None) -> None:
        """Done: the question is over, and it can be taken back."""
        self.close_asking()

        def back() -> None:
            self.run(undo, lambda _done: self._said("Taken back.", None))  # type: ignore[arg-type]

        self._desk.notices.say(words_, undo=back if undo is not None else None)
        self._page.refresh()
        if worker is None:
            self._page.read_sheet()
        else:
            self._page.go_to_worker(worker)

    def failed(self, error: Exception) -> bool:
        if self.form is not None:
            self.form.ready()
        if isinstance(error, BadValue | BadValues) and self.form is not None:
            return not self.form.set_problems(error)
        if isinstance(error, Conflict):
            self._page.refresh()
            self._page.read_sheet()
        return False

    def say_done(self, said: str, undo: Callable[[], object] | None) -> None:
        """For deeds that stand in files of their own."""
        self._said(said, undo)

    def ask(self, form: MoveForm) -> None:
        self.close_asking()
        self.form = form
        self._page.show_question(form)

    def close_asking(self) -> None:
        """The question is done with."""
        if self.form is not None:
            form, self.form = self.form, None
            self._page.close_question(form)


def _with_open(said: str, left: Sequence[Given]) -> str:
    return (
        f"{said} {wording.count(len(left), 'visit')} that they can't take any more: see the worker." if left else said
    )
