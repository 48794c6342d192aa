"""A team's month: workers down, days across; hours, leave and sickness, and whether the hours are enough (B4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from coordination.clock import local_date
from coordination.deployment.model import Team
from coordination.values import TeamId
from coordination.workforce.model import Month, MonthRow
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.style.tokens import State
from ui.widgets.basics import Choice, column, command_button, icon_button, label
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel
from ui.workforce.messages import WEEKDAYS

AHEAD = 3
"""Days after today that are in sight with it."""
_AWAY = {"leave": "L", "sickness": "S"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: its words by day of the month, 1 to 31, and what it adds up to."""

    key: str
    name: str
    says: tuple[str, ...]
    total: str
    kind: str


def lines_of(month: Month, today: date) -> list[Line]:
    """Weekdays, what is asked, what is there, what is short from today on; then a line a worker."""
    days = [month.first + timedelta(days=n) for n in range(month.days)]
    there = {d: sum(row.minutes.get(d, 0) for row in month.rows) for d in days}
    short = {d: max(0, month.asked.get(d, 0) - there[d]) if d >= today else 0 for d in days}
    asked = {d: month.asked.get(d, 0) for d in days}
    made = [Line("days", "", tuple(WEEKDAYS[d.weekday()][:2] for d in days), "", "head")]
    for key, name, minutes in (("asked", "Asked for, h", asked), ("there", "Hours there", there),
                               ("short", "Short, h", short)):  # fmt: skip
        made.append(Line(key, name, tuple(_whole(minutes[d]) for d in days), _whole(sum(minutes.values())), "sum"))
    made += [_worker(row, days) for row in month.rows]
    return made


def _worker(row: MonthRow, days: list[date]) -> Line:
    says = tuple(
        " ".join(p for p in (_AWAY.get(row.away.get(d, ""), ""), _hours(row.minutes.get(d, 0))) if p) for d in days
    )
    return Line(f"w{row.worker_id}", row.name, says, _hours(sum(row.minutes.values())), "worker")


def _whole(minutes: int) -> str:
    """Hours, rounded up: nothing looks enough that is not."""
    return f"{-(-minutes // 60):,}" if minutes else ""


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0") if minutes else ""


class MonthPage(Page):
    """To be read, printed and exported; hours are changed on the page of a worker."""

    id, title = "rota_month", "Month"
    icon: ClassVar[str] = "columns"
    areas = frozenset({"workforce"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.first = local_date(desk.clock.now()).replace(day=1)
        self._teams: list[Team] = []
        self._to_today = True
        self.model = StableTableModel[Line](self._columns(), key=lambda r: r.key)
        empty = EmptyState("No worker in this team", "Workers are added on their page.", icon="columns")
        self.table = Table(self.model, settings=desk.settings, name="rota_month", title="Month", empty=empty)
        self.table.about = self._about
        self.team = Choice([])
        self.team.setEditable(False)
        self.team.setAccessibleName("Team")
        self._commands = self._all_commands()
        by = {c.id.removeprefix("month."): c for c in self._commands}
        today = command_button(by["today"])
        before = icon_button("caret-left", "The month before  (,)", lambda: self.step(-1))
        after = icon_button("caret-right", "The next month  (.)", lambda: self.step(1))
        self.head = PageHead("Month", "", before, today, after, self.team, command_button(by["workers"]),
                             self.table.menu_button())  # fmt: skip
        legend = label("L on leave, S sick. Hours begin on the day they stand under.", quiet=True, size="small")
        legend.setContentsMargins(24, 4, 0, 4)
        layout = column(self.head, legend, self.table, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.team.chosen.connect(lambda _team: self.refresh())
        self.table.opened.connect(self._open)
        Busy(self.table, desk.tasks, owner=self)

    def _columns(self) -> list[Column[Line]]:
        def day(number: int) -> Column[Line]:
            def says(line: Line) -> str:
                return line.says[number] if number < len(line.says) else ""

            def today(line: Line) -> State | None:
                return State("accent", "") if line.kind == "head" and number + 1 == self._today_here else None

            return Column(f"d{number + 1}", str(number + 1), says, numeric=True, width=42, tip=says, badge=today)

        return [
            Column("name", "Worker", lambda r: r.name, strong=True, width=150, tip=lambda r: r.name),
            *(day(number) for number in range(31)),
            Column("total", "Sum", lambda r: r.total, numeric=True, width=60),
        ]

    @property
    def _today_here(self) -> int:
        """Which column is today's; 0 in another month."""
        today = local_date(self.desk.clock.now())
        return today.day if today.replace(day=1) == self.first else 0

    def go_today(self) -> None:
        """This month, with today in sight."""
        self.first, self._to_today = local_date(self.desk.clock.now()).replace(day=1), True
        self.refresh()

    def _mark_today(self) -> None:
        """Today's column in strong figures; come to once, and whenever it is asked for."""
        here = self._today_here
        for number in range(1, 32):
            column_, strong = self.model.columns[number], number == here
            if column_.strong != strong:
                self.model.columns[number] = replace(column_, strong=strong)
        self.model.repaint_all()
        if here and self._to_today and self.model.rowCount():
            self._to_today = False
            last = min(here + AHEAD, 31)
            self.table.scrollTo(self.model.index(0, last))
            self.table.scrollTo(self.model.index(0, here))

    def _about(self) -> list[str]:
        return [f"{self.team.currentText()}, {self._month_words()}"]

    def _month_words(self) -> str:
        return f"{wording.MONTHS[self.first.month - 1]} {self.first.year}"

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        return [
            Command("month.before", "The month before", lambda: self.step(-1), ",", group="Month", icon="caret-left"),
            Command("month.after", "The next month", lambda: self.step(1), ".", group="Month", icon="caret-right"),
            Command("month.today", "Today", self.go_today, "T", group="Month", icon="calendar-check"),
            Command("month.workers", "Workers", lambda: self.desk.go.to("workers"), "O", group="Month",
                    icon="identification-badge"),
            *self.table.commands("month"),
        ]  # fmt: skip

    def step(self, months: int) -> None:
        """Another month."""
        number = self.first.year * 12 + self.first.month - 1 + months
        self.first = date(number // 12, number % 12 + 1, 1)
        self.refresh()

    def _open(self, line: Line) -> None:
        if line.kind == "worker":
            self.desk.go.to("workers", line.key.removeprefix("w"))

    def refresh(self) -> None:
        team, first, services = self.team.value, self.first, self.desk.services
        days = ((first + timedelta(days=31)).replace(day=1) - first).days
        known, own = list(self._teams), self.desk.actor.team_id

        def read() -> tuple[list[Team], Month | None]:
            teams = known or services.deployment.teams()
            chosen = team if team is not None else own if own is not None else teams[0].id if teams else None
            return teams, services.rotas.month(TeamId(chosen), first, days) if chosen is not None else None

        self.run(read, self._take, latest="month")

    def _take(self, found: tuple[list[Team], Month | None]) -> None:
        teams, month = found
        if not self._teams:
            self._teams = teams
            self.team.set_items([(t.id, t.name) for t in teams])
        if month is None:
            return
        self.team.set_value(month.team.id)
        self.model.set_rows(lines_of(month, local_date(self.desk.clock.now())))
        self._mark_today()
        asked, there = sum(month.asked.values()), sum(sum(r.minutes.values()) for r in month.rows)
        said = [self._month_words(), wording.count(len(month.rows), "worker")]
        said += [f"{_whole(there)} h there, {_whole(asked)} h asked for"] if asked else []
        self.head.say(", ".join(said))

    def activated(self) -> None:
        self.table.setFocus()
