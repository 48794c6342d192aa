"""Forecast: hours asked for against hours there, by neighbourhood, for two weeks ahead (B4); what ends when (B2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.deployment.forecast_model import CellRows, Forecast
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.reablement import forecast_words as words
from ui.reablement.forecast_grid import Chosen, ForecastGrid
from ui.reablement.forecast_side import rows_content, summary_content
from ui.reablement.words import hours, short_day
from ui.widgets import tableio
from ui.widgets.basics import Choice, ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.panels import PageHead, SidePanel, splitter

SERVICES = (
    ("reablement", "Reablement"),
    ("complex_reablement", "Complex reablement"),
    ("district_nursing", "District nursing"),
)
NUMBERS = (("balance", "Balance"), ("demand", "Asked for"), ("capacity", "There"))
VIEWS = (("days", "14 days"), ("hours", "Hours of a day"))
BOARDS = {"reablement": "reablement", "complex_reablement": "reablement", "district_nursing": "nursing"}


class ForecastPage(Page):
    """``open`` takes a service, or ``(service, day)``."""

    id, title, icon = "forecast", "Forecast", "chart-bar"
    areas: ClassVar[frozenset[str]] = frozenset({"deployment", "reablement"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.forecast: Forecast | None = None
        self.day: date = local_date(desk.clock.now()) + timedelta(days=1)
        self._opened: Chosen | None = None
        self.grid = ForecastGrid()
        self.grid.about = self._about
        self.service = Choice(list(SERVICES))
        self.service.setAccessibleName("Service")
        self.service.set_value("reablement")
        self.view = SegmentedChoice(VIEWS, "days", "Show")
        self.number = SegmentedChoice(NUMBERS, "balance", "Numbers")
        self._commands = self._all_commands()
        by = {c.id.removeprefix("forecast."): c for c in self._commands}
        self._moves = [command_button(by["open"], words="Open"), command_button(by["board"], words="Board")]
        self._moves.append(command_button(by["print"], kind="quiet", words="Print"))
        self.head = PageHead(self.title, "", *self._moves)
        self._day_words = label("", strong=True)
        before, after = (
            command_button(by[n], kind="quiet", words=w) for n, w in (("earlier", "Before"), ("later", "After"))
        )
        days = row(before, self._day_words, after, gap=1)
        self._moves += [before, after]
        self._days = QWidget()
        self._days.setLayout(days)
        tools = row(self.service, 2, self.view, self._days, None, self.number, gap=1, margins=(6, 1.5, 6, 1.5))
        self._said = label("", wrap=True)
        self._foot = plane(row(self._said, margins=(6, 2, 6, 2)), "surface", "above")
        left = QWidget()
        whole = column(row(self.grid, margins=(4, 0, 0, 0)), self._foot, gap=0)
        whole.setStretch(0, 1)
        left.setLayout(whole)
        self.panel = SidePanel("Hours short", width=340)
        parts = splitter(left, self.panel, sizes=(840, 330), settings=desk.settings, name="forecast")
        layout = column(self.head, plane(tools, "surface", "below"), parts, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._connect()

    def _connect(self) -> None:
        self.grid.opened.connect(self.open_cell)
        self.grid.moved.connect(self._say_cell)
        self.service.chosen.connect(lambda _service: self._again())
        self.view.changed.connect(lambda _view: self._show_grid())
        self.number.changed.connect(lambda _number: self._show_grid())
        self.panel.closed.connect(self._closed)
        Busy(self.grid, self.desk.tasks, owner=self)

    # ---------------------------------------------------------------- what can be done

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        def on_cell() -> bool:
            return self.grid.chosen is not None

        def by_hour() -> bool:
            return self.forecast is not None

        group = self.title
        return [
            Command("forecast.open", "Open what a number counts", self._open_current, "O", on_cell, group,
                    "list-bullets"),
            Command("forecast.hours", "The hours of this day", self.show_hours, "D", on_cell, group, "clock"),
            Command("forecast.days", "The fourteen days", self.show_days, "F", by_hour, group, "calendar-check"),
            Command("forecast.earlier", "Day before", lambda: self.step(-1), "[", by_hour, group, "caret-left"),
            Command("forecast.later", "Day after", lambda: self.step(1), "]", by_hour, group, "caret-right"),
            Command("forecast.number", "Balance, asked for, or there", self._next_number, "N", by_hour, group,
                    "chart-bar"),
            Command("forecast.board", "Open the board of this day", self._board, "B", by_hour, group,
                    "person-simple-walk"),
            Command("forecast.short", "Hours short, in words", self.show_short, "W", by_hour, group, "warning"),
            Command("forecast.print", "Print the forecast", lambda: tableio.print_table(self.grid, self._title()),
                    "Ctrl+P", by_hour, group, "printer"),
            Command("forecast.export", "Export the forecast", lambda: tableio.export_table(self.grid, self._title()),
                    "Ctrl+Shift+E", by_hour, group, "export", also="excel csv save"),
        ]  # fmt: skip

    def _title(self) -> str:
        service = dict(SERVICES)[str(self.service.value)]
        of = (
            short_day(self.day) if self.view.value == "hours" else f"{self.forecast.days if self.forecast else 14} days"
        )
        return f"Forecast {service} {of}"

    def _open_current(self) -> None:
        found = self.grid.chosen
        if found is not None:
            self.open_cell(found)

    def show_hours(self) -> None:
        day = self.grid.chosen_day
        if day is not None:
            self.day = day
        self.view.set_value("hours")

    def show_days(self) -> None:
        self.view.set_value("days")

    def step(self, days: int) -> None:
        """To another day, within what was read."""
        wanted = self.day + timedelta(days=days)
        if self.forecast is not None and wanted in self.forecast.dates:
            self.day = wanted
            self.view.set_value("hours")
            self._show_grid()

    def _next_number(self) -> None:
        codes = [code for code, _ in NUMBERS]
        self.number.set_value(codes[(codes.index(str(self.number.value)) + 1) % len(codes)])

    def _board(self) -> None:
        """The board of the first team that the forecast is about, on the chosen day."""
        day = self.grid.chosen_day or self.day
        if self.forecast is not None and self.forecast.teams:
            self.desk.go.to(BOARDS[str(self.service.value)], (self.forecast.teams[0].id, day))

    # ---------------------------------------------------------------- reading

    def open(self, key: object) -> None:
        self.key = key
        service = key[0] if isinstance(key, tuple) else key
        if isinstance(service, str) and service in BOARDS:
            self.service.set_value(service)
        if isinstance(key, tuple) and isinstance(key[1], date):
            self.day = key[1]
            self.view.set_value("hours")
        self.refresh()

    def _again(self) -> None:
        self._opened = None
        self.refresh()

    def refresh(self) -> None:
        service, locality = str(self.service.value), self.desk.locality.value.lower()
        look = self.desk.services.forecast.look
        self.run(lambda: look(service, locality), self._show, latest="forecast")

    def _show(self, forecast: Forecast) -> None:
        self.forecast = forecast
        if self.day not in forecast.dates:
            self.day = forecast.dates[min(1, len(forecast.dates) - 1)]
        short, none = forecast.short, len(forecast.unrostered)
        said = f"{hours(short)} short in the next {forecast.days} days" if short else "Nothing is short"
        if none:
            said += f", besides {wording.count(none, 'day')} without a rota"
        if not forecast.teams:
            said = "No team of this service here"
        if forecast.waiting:
            said += f"; {words.waiting(forecast.all_waiting)}"
        self.head.say(said)
        self._show_grid()
        if self._opened is None:
            self.show_short()
        else:
            self.open_cell(self._opened)
        ask_again(*self._moves)

    def _show_grid(self) -> None:
        if self.forecast is None:
            return
        by_hour = self.view.value == "hours"
        self._days.setVisible(by_hour)
        self._day_words.setText(short_day(self.day))
        self.grid.show_forecast(self.forecast, self.day if by_hour else None, str(self.number.value))

    def _say_cell(self, _found: Chosen | None) -> None:
        """The chosen cell in words, under the grid."""
        self._said.setText(f"{self.grid.said}." if self.grid.said else "")
        ask_again(*self._moves)

    # ---------------------------------------------------------------- beside the grid

    def show_short(self) -> None:
        """What is short, and what ends, in words."""
        if self.forecast is None:
            return
        self._opened = None
        today = local_date(self.desk.clock.now())
        self.panel.set_title("Hours short")
        self.panel.set_content(summary_content(self.forecast, today, self.go_to))
        self.panel.show()

    def go_to(self, day: date, neighbourhood: int | None, hour: int) -> None:
        """The grid of that day, with that hour chosen."""
        if self.forecast is None:
            return
        self.day = day
        self.view.set_value("hours")
        self._show_grid()
        found = enumerate(self.forecast.hours_of(day), start=1)
        across = next((n for n, h in found if wording.clock_time(h)[:2] == f"{hour:02d}"), 1)
        self.grid.choose(self.forecast.neighbourhoods.index(neighbourhood), across)
        self.grid.setFocus()

    def open_cell(self, found: Chosen) -> None:
        """O2. The visits and workers that a number counts."""
        if found.all_:
            self.desk.notices.say("Choose one neighbourhood: its number opens to its visits and workers.")
            return
        self._opened = found
        service, locality = str(self.service.value), self.desk.locality.value.lower()
        rows = self.desk.services.forecast.rows
        self.run(
            lambda: rows(service, locality, found.neighbourhood, found.reach),
            lambda got: self._show_rows(found, got),
            latest="rows",
        )

    def _show_rows(self, found: Chosen, rows: CellRows) -> None:
        self.panel.set_title(found.words)
        self.panel.set_content(rows_content(rows, self.desk.go.to))
        self.panel.show()

    def _closed(self) -> None:
        self._opened = None
        self.grid.setFocus()

    def _about(self) -> list[str]:
        """What stands on its print: which numbers, and what is short in words."""
        if self.forecast is None:
            return []
        number = next(said for code, said in NUMBERS if code == self.number.value)
        lines = [f"{number} in hours and minutes; short has a minus. Locality: {self.desk.locality.value or 'all'}"]
        day = self.day if self.view.value == "hours" else None
        short = [s for s in self.forecast.shortages if day in (None, s.day)]
        none = words.unrostered(tuple(d for d in self.forecast.unrostered if day in (None, d)))
        lines += [none] if none else []
        lines += [words.waiting(self.forecast.all_waiting)] if self.forecast.waiting else []
        lines += [words.shortage(self.forecast, s) for s in short[:12]]
        if len(short) > 12:
            lines.append(f"and {wording.count(len(short) - 12, 'more stretch', 'more stretches')} short")
        return lines

    def activated(self) -> None:
        self.grid.setFocus()
