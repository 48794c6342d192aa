"""Leave and sickness of a worker, and the visits that they leave open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coordination.errors import BadValue
from coordination.values import new_id
from coordination.workforce.model import Absence, Changed, Given
from ui import wording
from ui.workforce import forms, words
from ui.workforce.doing import DoingForWorkers


class AbsenceDeeds(DoingForWorkers):
    """Enter, change, end early, remove; take back what they cannot go to."""

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
