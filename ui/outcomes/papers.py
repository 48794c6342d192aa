"""Paper sheets: a worker's day entered late, by keyboard. What is left to enter stands at the left and empties."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.deployment.model import Team
from coordination.deployment.outcomes.model import Choices, PaperSheet, Pending, Worklist
from coordination.values import TeamId, VisitId, WorkerId
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.outcomes.grid import SheetGrid
from ui.outcomes.lines import Sheet
from ui.outcomes.paper_list import Key, PaperList
from ui.outcomes.paper_saving import DRAFT, SheetSaving, name_of, title_of
from ui.page import Page
from ui.widgets import (
    Busy,
    Choice,
    PageHead,
    ask_again,
    column,
    command_button,
    label,
    plane,
    row,
    splitter,
)

SERVICES = ("reablement", "complex_reablement", "district_nursing", "equipment")
_KEYS = "Enter agrees   D N X C M say how   0 to 9, ← → the time   W why   A the rest as planned   Ctrl+Enter saves"


class PapersPage(Page):
    """``open`` takes ``(team, day, worker)``; worker None for the visits that nobody was sent to."""

    id, title, icon = "papers", "Paper sheets", "files"
    areas = frozenset({"deployment"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.team: TeamId | None = None
        self.sheet: Sheet | None = None
        self.saving = SheetSaving(self)
        self._choices: Choices | None = None
        self._before = -1  # the line that is left when another is chosen
        self._commands = {c.id.split(".")[1]: c for c in self._made()}
        self.list = PaperList(desk)
        self.grid = SheetGrid(desk)
        self.team_choice = Choice(prompt="Team")
        self.team_choice.setAccessibleName("Team")
        self.why = QLineEdit()
        self.why.setAccessibleName("Why, in words")
        self.why.setPlaceholderText("Why, in words (W)")
        self._build()
        self._connect()
        desk.drafts.opened.connect(lambda _found: self.mark_stale())

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        made = self._commands
        self._buttons = [
            command_button(made["rest"], kind="quiet", words="The rest as planned"),
            command_button(made["save"], kind="main", words="Save the sheet"),
        ]
        self.head = PageHead(self.title, "", self.team_choice, *self._buttons)
        self._name = label("", strong=True)
        self._count = label("", quiet=True)
        self._of = label("", quiet=True, size="small")
        above = plane(row(self._name, None, self._count, margins=(6, 2, 6, 2)), "surface", "below")
        keys = label(_KEYS, quiet=True, size="small")
        below = plane(column(row(self._of, self.why, gap=2), keys, gap=1, margins=(6, 2, 6, 2)), "surface", "above")
        sheet = column(above, self.grid, below, gap=0)
        sheet.setStretch(1, 1)
        parts = splitter(self.list, plane(sheet, "surface", "left"), sizes=(320, 880), settings=self.desk.settings,
                         name="papers")  # fmt: skip
        parts.setStretchFactor(0, 0)
        parts.setStretchFactor(1, 1)
        whole = column(self.head, parts, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        Busy(self.grid, self.desk.tasks, owner=self)

    def _connect(self) -> None:
        self.team_choice.chosen.connect(self._show_team)
        self.list.chosen.connect(self._choose)
        self.grid.current_changed.connect(self._moved)
        self.grid.agreed.connect(self._agree)
        self.grid.digit.connect(lambda digit: self._on(lambda s, at: s.digit(at, digit)))
        self.grid.shifted.connect(lambda minutes: self._on(lambda s, at: s.shift(at, minutes)))
        self.grid.taken_back.connect(lambda: self._on(lambda s, at: s.back(at)))
        self.why.textEdited.connect(lambda text: self._on(lambda s, at: s.write(at, text)))
        self.why.returnPressed.connect(self._why_done)

    def _made(self) -> list[Command]:
        def one(name: str, title: str, run: Callable[[], object], keys: str, icon: str = "") -> Command:
            when = self._has_said if name == "save" else self._has_sheet
            return Command(f"papers.{name}", title, run, keys, when, "Paper sheets", icon)

        def say(outcome: Any) -> Callable[[], None]:
            return lambda: self._on(lambda s, at: s.say(at, outcome))

        return [
            one("done", "Done", say("done"), "D", "check"),
            one("no_access", "No access; again for the next reason", say("no_access"), "N", "warning"),
            one("declined", "Declined; again for the next reason", say("declined"), "X", "hand-palm"),
            one("cancelled", "Cancelled; again for the next reason", say("cancelled"), "C", "x"),
            one("missed", "Missed: nobody made it; again for the next reason", say("missed"), "M", "x-circle"),
            one("why", "Write why", self._to_why, "W", "pencil-simple"),
            one("clear", "Say nothing of it", lambda: self._on(lambda s, at: s.clear(at)), "Del", "eraser"),
            one("rest", "The rest was done as planned", self._rest, "A", "checks"),
            one("save", "Save the sheet", self.save, "Ctrl+Return", "check"),
            Command("papers.find", "Another worker's sheet", lambda: self.list.begin(), "F", group="Paper sheets",
                    icon="magnifying-glass"),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return list(self._commands.values())

    def _has_sheet(self) -> bool:
        return self.sheet is not None

    def _has_said(self) -> bool:
        return self.sheet is not None and self.sheet.said > 0

    # ------------------------------------------------------------------ reading

    def refresh(self) -> None:
        """Teams and worklist; the sheet that is open too, with what is being entered on it."""
        deployment, outcomes = self.desk.services.deployment, self.desk.services.outcomes
        wanted, own, known = self.team, self.desk.actor.team_id, self._choices
        place = self.desk.locality.value.lower()

        def read() -> tuple[list[Team], Worklist | None, TeamId | None, Choices]:
            teams = [t for t in deployment.teams() if t.service in SERVICES]
            teams = [t for t in teams if not place or t.locality in (place, None)]
            ids = [t.id for t in teams]
            team = wanted if wanted in ids else own if own in ids else ids[0] if ids else None
            return teams, outcomes.worklist(team) if team is not None else None, team, known or outcomes.choices()

        self.run(read, self._show, latest="worklist")
        if self.sheet is not None:
            self._read(self.sheet.sheet.team, self.sheet.sheet.day, self.sheet.sheet.worker)

    def _show(self, found: tuple[list[Team], Worklist | None, TeamId | None, Choices]) -> None:
        teams, work, self.team, self._choices = found
        self.team_choice.blockSignals(True)
        self.team_choice.set_items([(t.id, t.name) for t in teams])
        self.team_choice.set_value(self.team)
        self.team_choice.blockSignals(False)
        if work is None:
            self.head.say("No team here")
            return
        days = wording.count(len(work.open), "sheet")
        self.head.say(
            f"{wording.count(work.missing, 'visit')} without an outcome, {days} to enter" if work.open
            else "Every visit that is over has its outcome"
        )  # fmt: skip
        self.list.show_work(work, self._begun())

    def _begun(self) -> frozenset[Key]:
        """Sheets of this team of which a draft is kept here."""
        found = set()
        for entry in self.desk.drafts.of(DRAFT):
            kept = self.desk.drafts.take(DRAFT, entry.key)
            if kept is not None and kept["team"] == self.team:
                found.add((kept["day"], kept["worker"]))
        return frozenset(found)

    def _show_team(self, team: TeamId | None) -> None:
        if team is not None and team != self.team:
            self.team = team
            self.sheet = None
            self._show_sheet()
            self.refresh()

    def open(self, key: object) -> None:
        self.key = key
        if isinstance(key, tuple):
            self.team, day, worker = key
            self._read(self.team, day, worker)
        self.refresh()

    def _choose(self, pending: Pending) -> None:
        if self.team is not None:
            self._read(self.team, pending.day, pending.worker, begin=True)

    def _read(self, team: TeamId, day: date, worker: WorkerId | None, *, begin: bool = False) -> None:
        service, known = self.desk.services.outcomes, self._choices

        def read() -> tuple[PaperSheet, Choices]:
            return service.sheet(team, day, worker), known or service.choices()

        self.run(read, lambda found: self._open_sheet(*found, begin=begin), latest="sheet")

    def _open_sheet(self, found: PaperSheet, choices: Choices, *, begin: bool) -> None:
        self._choices = choices
        fresh = Sheet(found, choices)
        kept = self.desk.drafts.take(DRAFT, name_of(found))
        shown = self.sheet if self.sheet is not None and name_of(self.sheet.sheet) == name_of(found) else None
        errors = {line.id: line.error for line in shown.lines if line.error} if shown else {}
        if kept is not None:
            fresh.restore(kept["lines"])
            fresh.mark(errors)
        self.sheet = fresh
        if kept is not None:
            self._keep()  # a line that the database has by now is not a draft any more
        self._show_sheet()
        if begin:
            first = next((n for n, line in enumerate(fresh.lines) if not line.row.visit.is_over), 0)
            self.grid.go_to(first)
            self.grid.setFocus()

    # ------------------------------------------------------------------ what is shown

    def _show_sheet(self) -> None:
        sheet = self.sheet
        self.grid.table_model.set_rows(sheet.lines if sheet else [])
        self._name.setText(title_of(sheet.sheet) if sheet else "")
        if sheet is None:
            self._count.setText("")
        else:
            over = sum(line.row.visit.is_over for line in sheet.lines)
            parts = [wording.count(len(sheet.lines), "visit")]
            for number, what in ((over, "entered"), (sheet.said, "to save"), (sheet.left, "open")):
                parts += [f"{number} {what}"] if number else []
            self._count.setText(", ".join(parts))
        if sheet is None or not sheet.lines:
            self.desk.seen.saw_list("paper_lines", None, None)
        elif self.isVisible():
            self.desk.seen.saw_list("paper_lines", sheet.sheet.team, sheet.sheet.day, sheet.sheet.worker or 0)
        self._show_why()
        ask_again(*self._buttons)

    def _show_why(self) -> None:
        at = self.grid.at
        line = self.sheet.lines[at] if self.sheet is not None and 0 <= at < len(self.sheet.lines) else None
        self._of.setText(line.row.visit.person.listed if line else "")
        self.why.setEnabled(line is not None)
        if not self.why.hasFocus() or line is None or self.why.text() != line.words:
            self.why.setText(line.words if line else "")

    def _moved(self, _line: object) -> None:
        if self.sheet is not None and self._before != self.grid.at:
            if 0 <= self._before < len(self.sheet.lines) and self.sheet.lines[self._before].typed:
                self.sheet.leave(self._before)
                self._keep()
                self.grid.table_model.set_rows(self.sheet.lines)
            self._before = self.grid.at
        self._show_why()

    # ------------------------------------------------------------------ entering

    def _on(self, act: Callable[[Sheet, int], object]) -> None:
        """One key on the line that is chosen."""
        if self.sheet is not None and 0 <= self.grid.at < len(self.sheet.lines):
            act(self.sheet, self.grid.at)
            self._keep()
            self._show_sheet()

    def _agree(self) -> None:
        self._on(lambda s, at: s.agree(at))
        self.grid.go_to(self.grid.at + 1)

    def _to_why(self) -> None:
        self.why.setFocus()
        self.why.selectAll()

    def _why_done(self) -> None:
        self.grid.setFocus()
        self._agree()

    def _rest(self) -> None:
        if self.sheet is not None:
            self.sheet.agree_with_the_rest()
            self._keep()
            self._show_sheet()

    def _keep(self) -> None:
        """What is said so far, on this computer."""
        if self.sheet is not None:
            self.saving.keep(self.sheet)

    def save(self) -> None:
        """All lines of which something is said."""
        if self.sheet is not None and self.sheet.said:
            self.saving.save(self.sheet)

    def after_saving(self, sheet: Sheet, refused: Container[VisitId], left: int) -> None:
        """To the first line that was refused; else, when nothing is left, to the next name."""
        if self.sheet is sheet:
            self._show_sheet()
            first = next((n for n, line in enumerate(sheet.lines) if line.id in refused), None)
            if first is not None:
                self.grid.go_to(first)
            elif not left:
                self.list.begin()
        self.refresh()

    def activated(self) -> None:
        if self.sheet is None:
            self.list.search.setFocus()
        else:
            self.grid.setFocus()
