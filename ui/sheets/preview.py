"""The sheets on screen before they are on paper: which sheets, of which day; print, save, calendars. No file is written
unless asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.deployment.sheets import SheetData
from coordination.values import TeamId, WorkerId
from ui import wording
from ui.sheets.files import file_name, write_calendars, write_file, write_sheets
from ui.sheets.window import Note, PaperWindow
from ui.widgets import SegmentedChoice, button

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.tasks import Progress

KINDS = {"worker": "This worker", "team": "Team list", "all": "Whole team"}
CALENDARS = "A calendar file a worker, for a telephone: when and where, no names"
NO_CALENDARS = "Calendars are made when the day has been published"
SCOPES = {"whole": "Whole day", "changes": "Only changes"}


def open_preview(page: QWidget, desk: Desk, team: TeamId, day: date, worker: WorkerId | None) -> SheetPreview:
    """A window of its own beside the board; it goes with the page."""
    shown = SheetPreview(page, desk, team, day, worker)
    shown.show()
    return shown


class SheetPreview(PaperWindow):
    """One team's day, or tomorrow's. ``worker`` is who was chosen on the board, if anybody."""

    saved: ClassVar[str] = "The sheets are saved."

    def __init__(self, parent: QWidget, desk: Desk, team: TeamId, day: date, worker: WorkerId | None) -> None:
        self.team, self.day, self.worker = team, day, worker
        self.data: SheetData | None = None
        kinds = [(k, w) for k, w in KINDS.items() if k != "worker" or worker is not None]
        self.kind = SegmentedChoice(kinds, "worker" if worker is not None else "all", "Which sheets")
        self.scope = SegmentedChoice(list(SCOPES.items()), "whole", "What is on them")
        self.days = SegmentedChoice(_days(local_date(desk.clock.now()), day), day, "Day")
        self._save_all = button("Save each", self.save_each, tip="One PDF a worker, and one for the team, in a folder")
        self._calendar = button("Calendars", self.save_calendars, icon="calendar-blank", tip=CALENDARS)
        super().__init__(
            parent, desk, "Deployment sheets", "", None, lambda _taken: None,
            choices=(self.days, 2, self.kind, 2, self.scope, 2), buttons=(self._calendar, self._save_all),
        )  # fmt: skip
        self.kind.changed.connect(lambda _kind: self._make())
        self.scope.changed.connect(lambda _scope: self._make())
        self.days.changed.connect(self._show_day)
        self._read()

    # ------------------------------------------------------------------ making

    def _show_day(self, day: object) -> None:
        self.day = cast("date", day)
        self._read()

    def _read(self) -> None:
        self.enable(False)
        service, team, day = self.desk.services.deployment, self.team, self.day
        self.desk.tasks.run(self, lambda: service.sheets(team, day), self._show_data, latest="data")

    def _show_data(self, data: SheetData) -> None:
        self.data = data
        self._make()

    def _make(self) -> None:
        """The PDF of what is chosen, on another thread."""
        if self.data is not None:
            data, kind, worker = self._chosen(self.data), str(self.kind.value), self.worker
            self.show_made(lambda: make_pdf(data, kind, worker))

    def _chosen(self, data: SheetData) -> SheetData:
        return data.changed() if self.scope.value == "changes" else data

    def enable(self, on: bool) -> None:
        """A calendar is made of a published day only."""
        super().enable(on)
        self._save_all.setEnabled(on)
        published = self.data is not None and self.data.edition is not None
        self._calendar.setEnabled(on and published)
        self._calendar.setToolTip(CALENDARS if published or self.data is None else NO_CALENDARS)

    # ------------------------------------------------------------------ files

    def save_each(self) -> None:
        """One PDF a worker and one for the team, in a folder that the person chooses."""
        if self.data is not None:
            self.ask_path("", "", self.save_each_to)

    def save_each_to(self, folder: Path) -> None:
        """Write all of them."""
        if self.data is None:
            return
        data, note = self._chosen(self.data), self.noted()

        def work(progress: Progress) -> int:
            written = write_sheets(data, folder, lambda done, of, _what: progress.say(done, of))
            note("export")
            return len(written)

        self._run(work, "sheet")

    def save_calendars(self) -> None:
        """A calendar of the chosen worker where the person chooses, or of everybody in a folder."""
        if self.data is None:
            return
        if self.kind.value == "worker":
            name = f"{file_name(self.data, self._of_whom())}.ics"
            self.ask_path(name, "Calendar (*.ics)", self.save_calendar_to)
        else:
            self.ask_path("", "", self.save_calendars_to)

    def save_calendar_to(self, path: Path) -> None:
        """Write the chosen worker's."""
        from coordination.deployment.calendars import calendar_of

        data, note = self.data, self.noted("ics")
        sheet = next((w for w in data.workers if w.worker_id == self.worker), None) if data else None
        if data is None or sheet is None:
            self.desk.notices.say("That worker has nothing that day, so there is no calendar to make.")
            return
        target = path if path.suffix.lower() == ".ics" else path.with_name(f"{path.name}.ics")

        def work(_progress: Progress) -> int:
            write_file(target, calendar_of(data, sheet))
            note("export")
            return 1

        self._run(work, "calendar")

    def save_calendars_to(self, folder: Path) -> None:
        """Write everybody's."""
        if self.data is None:
            return
        data, note = self.data, self.noted("ics")

        def work(_progress: Progress) -> int:
            written = write_calendars(data, folder)
            note("export")
            return len(written)

        self._run(work, "calendar")

    def _run(self, work: Callable[[Progress], int], what: str) -> None:
        self.desk.tasks.run(
            self, work, lambda n: self.desk.notices.say(f"{wording.count(n, what)} saved."), self.failed,
            progress="Saving",
        )  # fmt: skip

    # ------------------------------------------------------------------ inside

    def file(self) -> str:
        return file_name(self._chosen(self.data), self._of_whom()) if self.data is not None else ""

    def _of_whom(self) -> str:
        kind = str(self.kind.value)
        if kind == "worker" and self.data is not None:
            return next((w.name for w in self.data.workers if w.worker_id == self.worker), "worker")
        return {"team": "team"}.get(kind, "all sheets")

    def noted(self, form: str = "pdf") -> Note:
        """R4: who took what on paper, and whose visits stand on it. Identifiers only."""
        looks, kind = self.desk.services.looks, str(self.kind.value)
        whose = f" {self.worker}" if kind == "worker" else ""
        only = " changes" if self.scope.value == "changes" else ""
        record = f"sheets {self.team} {self.day.isoformat()} {kind}{whose}{only}"
        data = self._chosen(self.data) if self.data is not None else None
        if data is not None and kind == "worker" and self.worker is not None:
            data = data.of_worker(self.worker)
        visits = data.visits if data is not None else frozenset()
        return lambda taken: looks.note_visits(
            taken, "deployment", record, "paper" if taken == "print" else form, visits
        )


def _days(today: date, day: date) -> list[tuple[date, str]]:
    """Today and tomorrow, and the board's own day when it is another."""
    known = {today: "Today", today + timedelta(days=1): "Tomorrow"}
    known.setdefault(day, wording.day(day))
    return sorted(known.items())


def make_pdf(data: SheetData, kind: str, worker: WorkerId | None) -> bytes:
    """The PDF of a kind; ReportLab is imported here, on the thread that makes it."""
    from ui.sheets import pdf

    if kind == "worker" and worker is not None:
        return pdf.worker_sheets(data.of_worker(worker))
    return pdf.team_sheet(data) if kind == "team" else pdf.whole_team(data)
