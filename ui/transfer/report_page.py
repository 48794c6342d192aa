"""The daily situation report, in the national columns; on screen by site, and as a workbook (T6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QFileDialog, QStackedWidget

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.reference import standing
from coordination.transfer.disclosure import HIDDEN, hidden
from coordination.transfer.leaving import leaving
from coordination.transfer.model import Transfer
from coordination.transfer.report import DAILY, SiteReport
from coordination.transfer.workbook import Published
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.sentences import sentence
from ui.transfer import published
from ui.transfer.published import Compared
from ui.transfer.workbook_file import write_file
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

PARTS = (
    ("daily", "Each day"), ("reasons", "Reasons"), ("destinations", "Where they went"), ("published", "Published"),
)  # fmt: skip
TRUST = "R0A"
USUAL_DAYS = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: its words, the number of each site by its code, and who is behind it."""

    words: str
    numbers: Mapping[str, int]
    people: tuple[Transfer, ...] = field(repr=False, default=())
    day: date | None = None

    @property
    def all(self) -> int:
        return sum(self.numbers.values())


def lines(found: list[SiteReport], part: str) -> list[Line]:
    """``daily``: the three columns of each day; ``reasons``: DTOC days; ``destinations``: people."""
    if not found:
        return []
    if part == "daily":
        return [
            Line(
                f"{wording.day(day)}  {column_}", {site.hospital: site.daily[day][column_] for site in found},
                tuple(p for site in found for p in site.people.get(column_, ()) if _on(p, day)), day,
            )
            for day in found[0].daily for column_ in DAILY
        ]  # fmt: skip
    by_site = {site.hospital: site.nights if part == "reasons" else site.destinations for site in found}
    made = [
        Line(words, {code: numbers[words] for code, numbers in by_site.items()}, _behind(found, words))
        for words in next(iter(by_site.values()))
    ]
    if part == "reasons":
        none = {site.hospital: site.unreasoned for site in found}
        made.append(Line("No reason was recorded", none, _behind(found, "unreasoned")))
    return made


def _too_small(rows: list[Line], least: int) -> frozenset[object]:
    """O3: cells that do not leave the centre; a row's sum, and a day's three columns, give none of them away."""
    counts: dict[object, int] = {}
    sums: list[list[object]] = []
    days: dict[date, list[Line]] = {}
    for line in rows:
        counts.update({(line.words, code): many for code, many in line.numbers.items()})
        counts[line.words, "all"] = line.all
        sums.append([(line.words, "all"), *((line.words, code) for code in line.numbers)])
        if line.day is not None:
            days.setdefault(line.day, []).append(line)
    for same in days.values():
        sums += [[(line.words, code) for line in same] for code in (*same[0].numbers, "all")]
    return hidden(counts, sums, least)


def _behind(found: list[SiteReport], words: str) -> tuple[Transfer, ...]:
    return tuple(person for site in found for person in site.people.get(words, ()))


def _on(one: Transfer, day: date) -> bool:
    return local_date(one.ready_at) <= day and (one.left_at is None or local_date(one.left_at) >= day)


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
                Column("who", "Who", lambda t: t.who, strong=True, stretch=True, width=140),
                Column("site", "Hospital", lambda t: t.hospital, width=80),
                Column("ready", "Ready since", lambda t: wording.day(local_date(t.ready_at)),
                       sort=lambda t: t.ready_at, value=lambda t: t.ready_at, width=104),
            ],
            key=lambda t: t.id,
        )  # fmt: skip
        self.people = Table(
            self.people_model, settings=desk.settings, name="sitrep-people", title="Behind the number", inset=2,
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
            self.head, bar, splitter(self.tables, self.panel, sizes=(860, 320), settings=desk.settings, name="sitrep"),
            gap=0,
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
        self._gone = _too_small(rows, self._least)
        self.model.set_rows(rows)
        if self.table.current is None and self.model.rowCount():
            self.table.selectRow(0)
        self._open_line()

    def _open_line(self) -> None:
        line: Any = self.table.current
        self.people_model.set_rows(list(dict.fromkeys(line.people)) if line is not None else [])

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
        trusts = {h.code: (h.trust, h.trust_name) for h in standing.read().hospitals}
        found, said, note = leaving(self._found, trusts, self._least), self._said(), self.desk.services.governance.note

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


def _columns() -> list[Column[Line]]:
    def of(code: str, name: str) -> Column[Line]:
        def number(line: Line) -> int:
            return line.numbers.get(code, 0)

        return Column(
            f"site_{code}", code, lambda line: str(number(line)), sort=number, value=number, numeric=True, width=72,
            help=name,
        )  # fmt: skip

    every = Column[Line](
        "all", "All", lambda line: str(line.all), sort=lambda line: line.all, value=lambda line: line.all, numeric=True,
        width=64,
    )  # fmt: skip
    named = Column[Line]("words", "", lambda line: line.words, stretch=True, width=420, tip=lambda line: line.words)
    return [named, *(of(h.code, h.name) for h in standing.read().hospitals), every]
