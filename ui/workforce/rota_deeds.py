"""The rota that a worker works to, and days that are not as it has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from coordination.errors import BadValue
from coordination.values import new_id
from coordination.workforce.model import Assigned, Assignment, RollOut, RotaException
from ui.workforce import forms, words
from ui.workforce.doing import DoingForWorkers


class RotaDeeds(DoingForWorkers):
    """Shifts to come follow each of these at once."""

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
