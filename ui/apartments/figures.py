"""What the apartments did (N5): how full, what was lost, how long, what it saved. A number opens to its stays (O2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from coordination.apartments.measures import GroupBy, Measures, StayFact, overlap
from coordination.clock import local_date
from coordination.errors import BadValue
from coordination.reference import standing
from coordination.values import DateRange
from ui import wording
from ui.apartments.messages import INSTEAD_WORDS, KIND_WORDS
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.widgets.basics import Choice, column, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

BY: tuple[tuple[GroupBy, str], ...] = (("", "All"), ("locality", "By locality"), ("scheme", "By scheme"))
# Which stays a figure opens to, in the order of the columns.
FIGURES = {
    "stay_days": "Days of stays",
    "held": "Held for hospital",
    "cleaning": "Cleaning",
    "inspection": "Inspection",
    "repair": "Repair",
    "offline": "Out of use",
    "ended": "Stays that ended",
    "discharge_days": "Hospital days avoided",
    "care_home_stays": "Care homes avoided",
    "past_six_weeks": "Past six weeks",
}
USUAL_DAYS = 91


class ApartmentFiguresPage(Page):
    """Of a time that can be chosen, in all, by locality or by scheme."""

    id, title, icon = "apartment_figures", "Apartment figures", "chart-bar"
    areas: ClassVar[frozenset[str]] = frozenset({"apartments"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._went = {each.code: each.name for each in standing.read().went_to}
        today = local_date(desk.clock.now())
        self.start, self.last = DateEdit(), DateEdit()
        self.start.set_value(today - timedelta(days=USUAL_DAYS - 1))
        self.last.set_value(today)
        self.by = SegmentedChoice(BY, "scheme", "Figures")
        self.model = StableTableModel[Measures](_columns(), key=lambda m: m.name)
        self.table = Table(
            self.model, settings=desk.settings, name="apartment-figures", title="Apartment figures",
            empty=EmptyState("No apartment is leased here", "Figures of every scheme stand here.", icon="chart-bar"),
        )  # fmt: skip
        self.figure = Choice(list(FIGURES.items()))
        self.figure.set_value("stay_days")
        self.figure.setAccessibleName("Which figure to open")
        self.stays_model = StableTableModel[StayFact](self._stay_columns(), key=lambda f: f.stay_id)
        self.stays = Table(
            self.stays_model, settings=desk.settings, name="apartment-figure-stays", title="Stays of a figure", inset=2,
            empty=EmptyState("No stays", "Nothing is behind this figure in these days.", icon="bed"),
        )  # fmt: skip
        self.problem = label("", tone="red")
        self.problem.hide()
        bar = plane(
            row(self.by, 3, label("From", quiet=True), self.start, label("to", quiet=True), self.last, self.problem,
                None, margins=(6, 1.5, 4, 1.5)), "surface", "below",
        )  # fmt: skip
        self.panel = SidePanel("What a figure is made of")
        holder = plane(column(self.figure, self.stays, gap=2))
        self.panel.set_content(holder)
        self.head = PageHead("Apartment figures", "", self.table.menu_button())
        whole = column(
            self.head, bar,
            splitter(self.table, self.panel, sizes=(840, 340), settings=desk.settings, name="apartment-figures"), gap=0,
        )  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.table.about = lambda: [self._said(), f"Locality: {self.desk.locality.value or 'all'}"]
        self.by.changed.connect(lambda _by: self.refresh())
        for each in (self.start, self.last):
            each.changed.connect(lambda _day: self.refresh())
        self.figure.chosen.connect(lambda _name: self._open_figure())
        self.table.current_changed.connect(lambda _row: self._open_figure())
        self.table.opened.connect(lambda _row: self.figure.setFocus())
        self.panel.closed.connect(self.panel.show)
        self.stays.opened.connect(lambda fact: self.desk.go.to("apartments", fact.stay_id))
        Busy(self.table, desk.tasks, owner=self)

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
        self.run(lambda: service.figures(days, by, locality), self._show, latest="figures")  # type: ignore[arg-type]

    def _show(self, found: list[Measures]) -> None:
        self.model.set_rows(found)
        self.head.say(self._said())
        if self.table.current is None and found:
            self.table.selectRow(0)
        self._open_figure()

    def _said(self) -> str:
        days = self.days()
        return "" if days is None else f"{wording.day(days.start)} to {wording.day(days.last)}"

    def _open_figure(self) -> None:
        chosen, days = self.table.current, self.days()
        name = self.figure.value or "stay_days"
        facts = chosen.of.get(name, ()) if chosen is not None and days is not None else ()
        self.stays_model.set_rows(list(facts))
        if chosen is not None:
            self.panel.set_title(f"{group_words(chosen)}: {FIGURES[name].lower()}")

    def _stay_columns(self) -> list[Column[StayFact]]:
        def inside(fact: StayFact) -> int:
            days = self.days()
            return 0 if days is None else overlap(fact.period, days)

        def day(value: date | None) -> str:
            return wording.day(value) if value is not None else ""

        return [
            Column("who", "Who", lambda f: f.who or KIND_WORDS.get(f.kind, "Not shared with you"), strong=True,
                   stretch=True, width=130),
            Column("flat", "Apartment", lambda f: f.apartment, quiet=True, width=84),
            Column("from", "From", lambda f: day(f.period.start if f.period else None), width=106,
                   sort=lambda f: f.period.start if f.period else None,
                   value=lambda f: f.period.start if f.period else None),
            Column("days", "Days", lambda f: str(inside(f)), sort=inside, value=inside, numeric=True, width=52),
            Column("went", "Went to", lambda f: self._went.get(f.went_to, ""), quiet=True, hidden=True, width=140),
            Column("instead", "Instead of", lambda f: INSTEAD_WORDS.get(f.instead_of, ""), quiet=True, hidden=True,
                   width=140),
        ]  # fmt: skip

    def activated(self) -> None:
        self.table.setFocus()

    def commands(self) -> list[Command]:
        return [
            Command("figures.which", "Choose which figure to open", self.figure.setFocus, "F8", group="Figures"),
            *self.table.commands("figures"),
        ]


def group_words(found: Measures) -> str:
    """A scheme's name, a locality's, or all."""
    return found.name[:1].upper() + found.name[1:] if found.name else "All apartments"


def _columns() -> list[Column[Measures]]:
    def number(name: str, title: str, figure: object, width: int = 76, help_: str = "") -> Column[Measures]:
        return Column(
            name, title, lambda m: f"{figure(m):,}", sort=figure, value=figure, numeric=True, width=width, help=help_  # type: ignore[operator, arg-type]
        )  # fmt: skip

    return [
        Column("name", "Apartments", group_words, strong=True, stretch=True, width=150),
        Column("full", "Occupied", lambda m: "" if m.occupancy is None else f"{m.occupancy:.0%}",
               sort=lambda m: m.occupancy, value=lambda m: m.occupancy, numeric=True, width=80,
               help="Days with somebody in it, of the days leased."),
        number("discharge", "Hospital days avoided", lambda m: m.discharge_days, 150,
               "Days of stays of people who would have been in a hospital bed."),
        number("care_home", "Care homes avoided", lambda m: m.care_home_stays, 136,
               "Stays in the place of a care home, whose person did not go to one."),
        number("long", "Past six weeks", lambda m: m.past_six_weeks, 104),
        Column("length", "Usual stay", lambda m: "" if m.usual_length is None else f"{m.usual_length:g} days",
               sort=lambda m: m.usual_length, value=lambda m: m.usual_length, numeric=True, width=92,
               help="The middle one of the stays that ended in this time."),
        number("home", "Went home", lambda m: sum(m.went.get(c, 0) for c in HOME), 82),
        number("days", "Days of stays", lambda m: m.stay_days, 104),
        number("vacant", "Vacant", lambda m: m.void_days["vacant"], 64, "Days leased and free."),
        number("cleaning", "Cleaning", lambda m: m.void_days["cleaning"] + m.void_days["inspection"], 72,
               "Cleaned and inspected after a stay."),
        number("repair", "Repair", lambda m: m.void_days["repair"] + m.void_days["offline"], 62,
               "Under repair or out of use."),
        number("held", "Held", lambda m: m.void_days["held"], 56, "Kept for somebody in hospital."),
    ]  # fmt: skip


HOME = frozenset(each.code for each in standing.read().went_to if each.counts_as == "home")
