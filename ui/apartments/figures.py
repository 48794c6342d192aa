"""What the apartments did (N5): how full, what was lost, how long, what it saved. A number opens to its stays (O2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget

from coordination.apartments.declines import DeclineFact, DeclineFigures
from coordination.apartments.measures import GroupBy, Measures, StayFact, overlap
from coordination.clock import local_date
from coordination.errors import BadValue
from coordination.values import DateRange
from ui import wording
from ui.apartments.figures_columns import (
    COLUMNS,
    EMPTY_WORDS,
    FIGURES,
    OPENS,
    PARTS,
    WENT,
    decline_columns,
    decline_fact_columns,
    declined_words,
    group_words,
)
from ui.apartments.messages import INSTEAD_WORDS, KIND_WORDS
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.widgets import tableio
from ui.widgets.basics import Choice, column, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

BY: tuple[tuple[GroupBy, str], ...] = (("", "All"), ("locality", "By locality"), ("scheme", "By scheme"))
USUAL_DAYS = 91
EMPTY = (
    ("No apartment is leased here", "Figures of every scheme stand here."),
    ("Nothing was declined", "Referrals for an apartment that were declined in these days stand here, by reason."),
)


class ApartmentFiguresPage(Page):
    """Of a time that can be chosen, in all, by locality or by scheme; in three parts."""

    id, title, icon = "apartment_figures", "Apartment figures", "chart-bar"
    areas: ClassVar[frozenset[str]] = frozenset({"apartments", "intake"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        today = local_date(desk.clock.now())
        self.start, self.last = DateEdit(), DateEdit()
        self.start.set_value(today - timedelta(days=USUAL_DAYS - 1))
        self.last.set_value(today)
        self.by = SegmentedChoice(BY, "scheme", "Figures")
        self.part = SegmentedChoice(list(PARTS.items()), "use", "Part")
        self.models: dict[str, StableTableModel[Any]] = {
            part: StableTableModel[Measures](columns, key=lambda m: m.name) for part, columns in COLUMNS.items()
        }
        self.models["declined"] = StableTableModel[DeclineFigures](decline_columns(), key=lambda d: d.code)
        self.tables: dict[str, Table] = {}
        self.lists = QStackedWidget()
        for part in self.models:
            self.tables[part] = self._make_table(part)
            self.lists.addWidget(self.tables[part])
        self.figure = Choice(list(FIGURES["use"].items()))
        self.figure.set_value("stay_days")
        self.figure.setAccessibleName("Which figure to open")
        self.stays_model = StableTableModel[StayFact](self._stay_columns(), key=lambda f: (f.flat, f.stay_id, f.period))
        self.stays = Table(
            self.stays_model, settings=desk.settings, name="apartment-figure-stays", title="Stays of a figure", inset=2,
            empty=EmptyState("No stays", "Nothing is behind this figure in these days.", icon="bed"),
        )  # fmt: skip
        self.declines_model = StableTableModel[DeclineFact](decline_fact_columns(), key=lambda f: (f.referral_id, f))
        self.declines = Table(
            self.declines_model, settings=desk.settings, name="apartment-figure-declines", title="Declined referrals",
            inset=2, empty=EmptyState("No referrals", "Nothing is behind this figure in these days.", icon="tray"),
        )  # fmt: skip
        self.behind = QStackedWidget()
        for table in (self.stays, self.declines):
            self.behind.addWidget(table)
        self.problem = label("", tone="red")
        self.problem.hide()
        bar = plane(
            row(self.part, 3, self.by, 3, label("From", quiet=True), self.start, label("to", quiet=True), self.last,
                self.problem, None, margins=(6, 1.5, 4, 1.5)), "surface", "below",
        )  # fmt: skip
        self.panel = SidePanel("What a figure is made of")
        self.sum = label("", quiet=True)
        holder = plane(column(self.figure, row(self.sum, margins=(4, 0, 4, 0)), self.behind, gap=2))
        self.panel.set_content(holder)
        self._menus = {part: table.menu_button() for part, table in self.tables.items()}
        self.head = PageHead("Apartment figures", "", *self._menus.values())
        whole = column(
            self.head, bar,
            splitter(self.lists, self.panel, sizes=(838, 342), settings=desk.settings, name="apartment-figures"), gap=0,
        )  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self._connect()
        self._show_part()

    def _make_table(self, part: str) -> Table:
        table = Table(
            self.models[part], settings=self.desk.settings, name=f"apartment-figures-{part}",
            title=f"Apartment figures: {PARTS[part].lower()}",
            empty=EmptyState(*EMPTY[part == "declined"], icon="chart-bar"),
        )  # fmt: skip
        table.about = lambda: [self._said(), f"Locality: {self.desk.locality.value or 'all'}"]
        table.current_changed.connect(lambda _row: self._open_figure())
        table.opened.connect(lambda _row: self.figure.setFocus())
        table.selectionModel().currentColumnChanged.connect(lambda now, _was: self._column_chosen(now.column()))
        return table

    def _connect(self) -> None:
        self.by.changed.connect(lambda _by: self.refresh())
        self.part.changed.connect(lambda _part: self._change_part())
        for each in (self.start, self.last):
            each.changed.connect(lambda _day: self.refresh())
        self.figure.chosen.connect(lambda _name: self._open_figure())
        self.panel.closed.connect(self.panel.show)
        self.stays.opened.connect(self._to_stay)
        self.declines.opened.connect(lambda fact: self.desk.go.to("placements", fact.referral_id))
        Busy(self.lists, self.desk.tasks, owner=self)

    @property
    def table(self) -> Table:
        """The part that is shown."""
        return self.tables[str(self.part.value)]

    @property
    def model(self) -> StableTableModel[Any]:
        return self.models[str(self.part.value)]

    @property
    def _declined(self) -> bool:
        """Whether referrals are counted, not days."""
        return self.part.value == "declined"

    def _change_part(self) -> None:
        self._show_part()
        self.refresh()

    def _show_part(self) -> None:
        part = str(self.part.value)
        self.lists.setCurrentWidget(self.tables[part])
        self.by.setEnabled(not self._declined)
        self.behind.setCurrentWidget(self.declines if self._declined else self.stays)
        for each, menu in self._menus.items():
            menu.setVisible(each == part)
        self.figure.set_items(list(FIGURES[part].items()))
        if self.figure.value is None:
            self.figure.set_value(next(iter(FIGURES[part])))
        if self.table.current is None and self.model.rowCount():
            self.table.selectRow(0)
        self._open_figure()

    def _column_chosen(self, number: int) -> None:
        """A number that is clicked, or come to with the arrows, opens to what it is made of."""
        columns = self.model.columns
        opens = OPENS.get(columns[number].id, columns[number].id) if 0 <= number < len(columns) else ""
        if opens in FIGURES[str(self.part.value)]:
            self.figure.set_value(opens)

    def _to_stay(self, fact: StayFact) -> None:
        if fact.stay_id is not None:
            self.desk.go.to("apartments", fact.stay_id)

    def days(self) -> DateRange | None:
        """The chosen time; None while it can't be, and the reason stands beside it."""
        try:
            start, last = self.start.value, self.last.value
            if start is None or last is None:
                raise BadValue("dates", "required")
            found = DateRange(start, last + timedelta(days=1))
        except BadValue as error:
            said = {"ends_before_it_starts": "The last day is before the first."}
            self.problem.setText(said.get(error.reason, "Both days are needed."))
            self.problem.show()
            return None
        self.problem.hide()
        return found

    def refresh(self) -> None:
        days, by = self.days(), self.by.value
        if days is None:
            return
        service, locality = self.desk.services.moveon, self.desk.locality.value.lower() or None
        if self._declined:
            self.run(lambda: service.declines(days, locality), self._show, latest="figures")
        else:
            self.run(lambda: service.figures(days, by, locality), self._show, latest="figures")  # type: ignore[arg-type]

    def _show(self, found: list[Any]) -> None:
        for part, model in self.models.items():
            if (part == "declined") == self._declined:
                model.set_rows(found)
        self.head.say(self._said())
        if self.table.current is None and found:
            self.table.selectRow(0)
        self._open_figure()

    def _said(self) -> str:
        days = self.days()
        return "" if days is None else f"{wording.day(days.start)} to {wording.day(days.last)}"

    def _open_figure(self) -> None:
        chosen, days = self.table.current, self.days()
        names = FIGURES[str(self.part.value)]
        name = self.figure.value or next(iter(names))
        facts = chosen.of.get(name, ()) if chosen is not None and days is not None else ()
        (self.declines_model if self._declined else self.stays_model).set_rows(list(facts))
        self.panel.set_title("What a figure is made of")
        if chosen is not None and name in names:
            of = declined_words(chosen) if self._declined else f"{group_words(chosen)}: {names[name].lower()}"
            self.panel.set_title(of)
        self.sum.setText(self._sum(facts, days) if days is not None and not self._declined else "")

    def _sum(self, facts: Sequence[StayFact], days: DateRange) -> str:
        """How many rows, and how many days they are together: the figure itself, or the days behind it."""
        if not facts:
            return ""
        stays = all(f.kind in ("stay", "held") for f in facts)
        many = wording.count(len(facts), "stay" if stays else "stretch", "stays" if stays else "stretches")
        return f"{many}, {wording.count(sum(days_of(f, days) for f in facts), 'day')}"

    def _stay_columns(self) -> list[Column[StayFact]]:
        def inside(fact: StayFact) -> int:
            days = self.days()
            return 0 if days is None else days_of(fact, days)

        def day(value: date | None) -> str:
            return wording.day(value) if value is not None else ""

        return [
            Column("who", "Who", who_words, tip=lambda f: f"{who_words(f)}, {f.apartment}", strong=True, stretch=True,
                   width=120),
            Column("flat", "Apartment", lambda f: f.apartment, quiet=True, hidden=True, width=76),
            Column("from", "From", lambda f: day(f.period.start if f.period else None), width=104,
                   sort=lambda f: f.period.start if f.period else None,
                   value=lambda f: f.period.start if f.period else None),
            Column("days", "Days", lambda f: str(inside(f)), sort=inside, value=inside, numeric=True, width=46),
            Column("scheme", "Scheme", lambda f: f.scheme, quiet=True, hidden=True, width=120),
            Column("went", "Went to", lambda f: WENT.get(f"went:{f.went_to}", ""), quiet=True, hidden=True, width=140),
            Column("instead", "Instead of", lambda f: INSTEAD_WORDS.get(f.instead_of, ""), quiet=True, hidden=True,
                   width=140),
        ]  # fmt: skip

    def activated(self) -> None:
        self.table.setFocus()

    def commands(self) -> list[Command]:
        def listed() -> str:
            return f"Apartment figures: {PARTS[str(self.part.value)].lower()}"

        def make(name: str, title: str, run: Callable[[], object], key: str, icon: str = "") -> Command:
            return Command(f"figures.{name}", title, run, key, group="Figures", icon=icon)

        return [
            make("which", "Choose which figure to open", self.figure.setFocus, "F8"),
            make("export", "Export the figures", lambda: tableio.export_table(self.table, listed()), "Ctrl+Shift+E",
                 "export"),
            make("print", "Print the figures", lambda: tableio.print_table(self.table, listed()), "Ctrl+P", "printer"),
        ]  # fmt: skip


def days_of(fact: StayFact, days: DateRange) -> int:
    """How many days of it are in the figure that it stands behind."""
    return overlap(fact.period, days) if fact.counted is None else fact.counted


def who_words(fact: StayFact) -> str:
    """Whose days they were; of empty ones that nobody had them."""
    if fact.kind == "stay" or fact.kind == "held":
        return fact.who or "Not shared with you"
    return KIND_WORDS.get(fact.kind) or EMPTY_WORDS.get(fact.kind, "")
