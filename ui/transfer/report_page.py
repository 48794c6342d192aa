"""The daily situation report, in the national columns; on screen by site, and as a workbook (T6)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QFileDialog, QStackedWidget

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.reference import standing
from coordination.transfer.disclosure import HIDDEN
from coordination.transfer.leaving import Leaving, leaving
from coordination.transfer.model import Transfer
from coordination.transfer.report import SiteReport
from coordination.transfer.workbook import Published
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.sentences import sentence
from ui.transfer import published
from ui.transfer.published import Compared
from ui.transfer.report_lines import Line, lines, too_small, too_small_lengths
from ui.transfer.workbook_file import NOT_KNOWN, write_file
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

PARTS = (
    ("daily", "Each day"), ("reasons", "Reasons"), ("lengths", "Length of stay"), ("destinations", "Where they went"),
    ("published", "Published"),
)  # fmt: skip
TRUST = "R0A"
USUAL_DAYS = 7


class SituationPage(Page):
    """Of some days, all sites beside each other. A line opens to its people (O2)."""

    id, title, icon = "sitrep", "Situation report", "table"
    areas: ClassVar[frozenset[str]] = frozenset({"transfer"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: list[SiteReport] = []
        today = local_date(desk.clock.now())
        self.start, self.last = DateEdit(), DateEdit()
        self.start.set_value(today - timedelta(days=USUAL_DAYS - 1))
        self.last.set_value(today)
        self.part = SegmentedChoice(PARTS, "daily", "Part of the report")
        self.problem = label("", tone="red")
        self.model = StableTableModel[Line](_columns(), key=lambda line: line.words)
        self.table = Table(
            self.model, settings=desk.settings, name="sitrep", title="Situation report",
            empty=EmptyState("Nothing to report", "Choose the days of the report.", icon="table"),
        )  # fmt: skip
        self.table.hides = self._hides
        self._gone: frozenset[object] = frozenset()
        self._least = 5
        self._published: tuple[Published, str] | None = None
        self.published_model = StableTableModel[Compared](published.columns(), key=lambda c: (c.table, c.words))
        self.published = Table(
            self.published_model, settings=desk.settings, name="sitrep-published", title="Published workbook",
            empty=EmptyState(
                "No workbook was opened", "A published workbook of any month, beside our own columns.", icon="table",
                action=("Open a workbook", self.ask_workbook),
            ),
        )  # fmt: skip
        self.tables = QStackedWidget()
        self.tables.addWidget(self.table)
        self.tables.addWidget(self.published)
        self.people_model = StableTableModel[Transfer](
            [
                Column("who", "Who", lambda t: t.who, strong=True, stretch=True, width=90, tip=lambda t: t.who),
                Column("site", "Hospital", lambda t: t.hospital, width=66),
                Column("ready", "Ready since", lambda t: wording.day(local_date(t.ready_at)),
                       sort=lambda t: t.ready_at, value=lambda t: t.ready_at, width=104),
                Column("nights", "Nights", lambda t: str(self._nights(t)), sort=self._nights, value=self._nights,
                       numeric=True, width=56),
            ],
            key=lambda t: t.id,
        )  # fmt: skip
        self.people = Table(
            self.people_model, settings=desk.settings, name="sitrep-behind", title="Behind the number", inset=2,
            empty=EmptyState("Nobody", "Nobody is behind this number.", icon="user"),
        )  # fmt: skip
        self.panel = SidePanel("Behind the number")
        self.panel.set_content(self.people)
        self.panel.closed.connect(self.panel.show)
        self._commands = self._make_commands()
        self._buttons = [
            command_button(self._commands[0], words="National workbook"),
            command_button(self._commands[1], words="Published"),
        ]
        self.head = PageHead(
            "Situation report", "",
            *self._buttons,
            self.table.menu_button(),
        )  # fmt: skip
        bar = plane(
            row(self.part, 3, label("From", quiet=True), self.start, label("to", quiet=True), self.last, self.problem,
                None, margins=(6, 1.5, 4, 1.5)), "surface", "below",
        )  # fmt: skip
        whole = column(
            self.head, bar,
            splitter(self.tables, self.panel, sizes=(820, 360), settings=desk.settings, name="sitrep-parts"), gap=0,
        )  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.table.about = lambda: [
            dict(PARTS)[str(self.part.value)], self._said(), f"Numbers below {self._least} are hidden: {HIDDEN}",
        ]  # fmt: skip
        self.published.about = lambda: [self._published_words()]
        self.part.changed.connect(lambda _part: self._show_part())
        for each in (self.start, self.last):
            each.changed.connect(lambda _day: self.refresh())
        self.table.current_changed.connect(lambda _row: self._open_line())
        self.people.opened.connect(lambda t: desk.go.to("person", t.person_id))
        Busy(self.table, desk.tasks, owner=self)

    def refresh(self) -> None:
        try:
            first, last = self.start.value, self.last.value
        except BadValue as error:
            self.problem.setText(sentence(error))
            return
        if first is None or last is None:
            self.problem.setText("Both days are needed.")
            return
        service = self.desk.services.transfer
        self.run(
            lambda: (service.report(first, last), service.small_number()), self._show, self._failed, latest="report"
        )

    def _failed(self, error: Exception) -> bool:
        if not isinstance(error, BadValues):
            return False
        self.problem.setText(sentence(error.problems[0]))
        return True

    def _show(self, read: tuple[list[SiteReport], int]) -> None:
        self.problem.setText("")
        self._found, self._least = read
        self.head.say(self._said())
        self._show_part()

    def _said(self) -> str:
        days = list(self._found[0].daily) if self._found else []
        return f"{wording.day(days[0])} to {wording.day(days[-1])}" if days else ""

    def _show_part(self) -> None:
        part = str(self.part.value)
        self.tables.setCurrentIndex(1 if part == "published" else 0)
        self.panel.setVisible(part != "published")
        ask_again(*self._buttons)
        if part == "published":
            self._show_published()
            return
        rows = lines(self._found, part)
        if part == "lengths" and self._found:
            self._gone = too_small_lengths(rows, self._leaving(), TRUST)
        else:
            self._gone = too_small(rows, self._least)
        self.model.set_rows(rows)
        if self.table.current is None and self.model.rowCount():
            self.table.selectRow(0)
        self._open_line()

    def _leaving(self) -> Leaving:
        """The report of these days as it leaves the centre (O3)."""
        trusts = {h.code: (h.trust, h.trust_name) for h in standing.read().hospitals}
        return leaving(self._found, trusts, self._least)

    def _open_line(self) -> None:
        line: Any = self.table.current
        self.people.show_column("nights", self.part.value == "reasons")
        self.people_model.set_rows(list(dict.fromkeys(line.people)) if line is not None else [])

    def _nights(self, one: Transfer) -> int:
        """How many of the nights of the chosen line were theirs."""
        line: Line | None = self.table.current
        return 0 if line is None else line.nights.get(one.id, 0)

    def _hides(self, line: Line, column_id: str) -> bool:
        return (line.words, column_id.removeprefix("site_")) in self._gone

    # what leaves the centre, and what comes from outside

    def ask_workbook(self) -> None:
        """Which published workbook?"""
        name, _ = QFileDialog.getOpenFileName(self, "Open a published workbook", "", "Excel workbook (*.xlsx)")
        if name:
            self.open_workbook(Path(name))

    def open_workbook(self, path: Path) -> None:
        def show(found: Published) -> None:
            self._published = (found, path.name)
            self.part.set_value("published")
            self._show_part()

        def failed(error: Exception) -> bool:
            if isinstance(error, BadValue):
                self.desk.notices.warn(sentence(error))
                return True
            return False

        self.run(lambda: published.read(path), show, failed, latest="workbook")

    def _show_published(self) -> None:
        rows = published.compare(self._published[0], TRUST, self._found) if self._published else []
        self.published_model.set_rows(rows)
        self.problem.setText(published.trouble_words(self._published[0]) if self._published else "")
        self.head.say(self._published_words())
        self.people_model.set_rows([])

    def _published_words(self) -> str:
        return published.about(*self._published, TRUST) if self._published else self._said()

    def save_workbook(self) -> None:
        """The report of these days in the national tables, as it leaves the centre (O3)."""
        offered = f"Discharge situation report {self._said()}.xlsx"
        name, _ = QFileDialog.getSaveFileName(self, "National workbook", offered, "Excel workbook (*.xlsx)")
        if name:
            self.write_workbook(Path(name) if Path(name).suffix else Path(f"{name}.xlsx"))

    def write_workbook(self, path: Path) -> None:
        found, said, note = self._leaving(), self._said(), self.desk.services.governance.note

        def work() -> None:
            note("export", "national workbook", said)
            write_file(path, found, said)

        def failed(error: Exception) -> bool:
            if isinstance(error, OSError):
                self.desk.notices.warn("It could not be written there. Choose another place, or make room.")
                return True
            return False

        self.run(work, lambda _none: self.desk.notices.say(f"Written to {path.name}."), failed)

    def activated(self) -> None:
        (self.published if self.tables.currentIndex() else self.table).setFocus()

    def _make_commands(self) -> list[Command]:
        return [
            Command("sitrep.national", "The national workbook of these days", self.save_workbook, "W",
                    lambda: bool(self._found), "Report", "export"),
            Command("sitrep.published", "Open a published workbook", self.ask_workbook, "P", lambda: True, "Report",
                    "folder-open"),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return [*self._commands, *self.table.commands("sitrep")]


def _shown(number: int | None) -> str:
    return NOT_KNOWN if number is None else f"{number:,}"


def _columns() -> list[Column[Line]]:
    def of(code: str, name: str) -> Column[Line]:
        def number(line: Line) -> int | None:
            return line.numbers.get(code, 0)

        return Column(
            f"site_{code}", code, lambda line: _shown(number(line)), sort=number, value=number, numeric=True, width=72,
            help=name,
        )  # fmt: skip

    every = Column[Line](
        "all", "All", lambda line: _shown(line.all), sort=lambda line: line.all, value=lambda line: line.all,
        numeric=True, width=64,
    )  # fmt: skip
    named = Column[Line]("words", "", lambda line: line.words, stretch=True, width=420, tip=lambda line: line.words)
    return [named, *(of(h.code, h.name) for h in standing.read().hospitals), every]
