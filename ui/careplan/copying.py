"""Copies of the plan that is shown: for the person, for a professional, for another system (C3, Z2)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from coordination.careplan.copies import PlanCopy
from coordination.clock import local_date
from ui.careplan.deeds import PlanShown
from ui.commands import Command

GROUP = "Care plan"
Kind = Literal["person", "professional"]
TITLES: dict[Kind, str] = {"person": "Copy for the person", "professional": "Copy for a professional"}


class PlanOnPage(PlanShown, Protocol):
    """What copying asks of the page."""

    def window(self) -> QWidget: ...


class Copying:
    """The page's verbs about copies. What is copied is what every team works by: the version that stands."""

    def __init__(self, page: PlanOnPage) -> None:
        self._page = page

    def commands(self) -> list[Command]:
        def there() -> bool:
            return self._page.sheet is not None

        return [
            Command("plan.copy_person", "Copy for the person…", lambda: self.on_paper("person"), "P", there, GROUP,
                    "printer", also="large print plain words pdf easy"),
            Command("plan.copy_professional", "Copy for a professional…", lambda: self.on_paper("professional"),
                    "Shift+P", there, GROUP, "printer", also="two pages summary pdf"),
            Command("plan.copy_fhir", "Save as FHIR…", self.ask_fhir, "", there, GROUP, "floppy-disk",
                    also="export json bundle careplan"),
        ]  # fmt: skip

    def on_paper(self, kind: Kind) -> None:
        """In a window of its own, to look at, print and save."""
        self._read(lambda copy: self._show(kind, copy), assessments=False)

    def ask_fhir(self) -> None:
        """Where to."""
        sheet = self._page.sheet
        if sheet is None:
            return
        day = local_date(self._page.desk.clock.now()).isoformat()
        dialog = QFileDialog(self._page.window(), "Save the care plan as FHIR")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("FHIR (*.json)")
        dialog.selectFile(f"{day} care plan.json")
        dialog.fileSelected.connect(lambda chosen: self.save_fhir(Path(chosen)))
        dialog.open()

    def save_fhir(self, path: Path) -> None:
        """Write the Bundle, with the signed assessments that the plan came from."""
        page = self._page
        target = path if path.suffix.lower() == ".json" else path.with_name(f"{path.name}.json")

        def write(copy: PlanCopy) -> None:
            from coordination.messages.fhir_plan import bundle
            from ui.sheets.files import write_file

            write_file(target, bundle(copy).encode())
            self._note(copy, "export", "json")

        def written(_none: None) -> None:
            page.desk.notices.say("The care plan is saved as FHIR.")

        self._read(lambda copy: page.run(lambda: write(copy), written, self._not_written), assessments=True)

    def _not_written(self, error: Exception) -> bool:
        if isinstance(error, OSError):
            self._page.desk.notices.warn("It could not be written there. Choose another place, or make room.")
            return True
        return False

    def _read(self, then: Callable[[PlanCopy], object], *, assessments: bool) -> None:
        sheet = self._page.sheet
        if sheet is not None:
            plan, service = sheet.plan.id, self._page.desk.services.careplan
            self._page.run(lambda: service.copy(plan, assessments=assessments), then)

    def _show(self, kind: Kind, copy: PlanCopy) -> None:
        from ui.sheets.window import PaperWindow

        def make() -> bytes:
            if kind == "person":
                from ui.careplan import copy_person

                return copy_person.pdf(copy)
            from ui.careplan import copy_professional

            return copy_professional.pdf(copy)

        file = f"{local_date(copy.made_at).isoformat()} care plan, {TITLES[kind].lower()}"
        page = self._page
        window = PaperWindow(page.window(), page.desk, TITLES[kind], file, make, lambda taken: self._note(copy, taken))
        window.show()

    def _note(self, copy: PlanCopy, taken: Literal["print", "export"], form: str = "pdf") -> None:
        """R4: who took the plan away on paper or as a file."""
        form = "paper" if taken == "print" else form
        looks = self._page.desk.services.looks
        looks.note_people(taken, "care_plan", str(copy.plan.id), form, [copy.plan.person])
