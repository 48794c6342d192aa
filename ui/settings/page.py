"""Settings: the numbers that the centre works by, each with its limits, who changed it and when."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.errors import BadValue, BadValues
from coordination.settings.model import Changed, Kind, Setting
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.settings import words
from ui.settings.words import Line
from ui.side_acts import SideActs
from ui.widgets.basics import ask_again, column, command_button, label
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.fields import Form
from ui.widgets.panels import Facts, PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel


class NumberForm(Form):
    """One field, whose refusal names the limits."""

    def __init__(self, kind: Kind, title: str, number: int | None) -> None:
        super().__init__()
        self._kind = kind
        self.add_widget(label(words.ABOUT[kind.name], quiet=True, wrap=True))
        edit = QLineEdit("" if number is None else str(number))
        self.add("number", title, edit, help=f"{words.limits(kind)}.", required=True)
        edit.selectAll()

    def number(self) -> int:
        """Raises BadValues for what is no whole number."""
        typed = str(self.value("number")).replace(",", "").strip()
        if not typed.isdecimal() or len(typed) > 6:
            raise BadValues((BadValue("number", "setting_not_whole"),))
        return int(typed)

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        self.clear_problems()
        self.fields["number"].set_problem(words.wrong(self._kind))
        self.fields["number"].editor.setFocus()
        return []


class SettingsPage(Page):
    """A line a number. Enter changes it; whoever is no administrator sees them."""

    id, title, icon = "settings", "Settings", "sliders-horizontal"
    areas: ClassVar[frozenset[str]] = frozenset({"settings"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.model = StableTableModel[Line](self._columns(), key=lambda line: line.key)
        empty = EmptyState("No settings", "The numbers that the centre works by stand here.", icon=self.icon)
        self.table = Table(self.model, settings=desk.settings, name="settings", title="Settings", empty=empty)
        self.acts = SideActs(self)
        self._commands = self._all_commands()
        self._change = command_button(self._commands[0])
        self.head = PageHead("Settings", "", self._change, self.table.menu_button())
        self.panel = AskingPanel("Setting")
        parts = splitter(self.table, self.panel, sizes=(800, 360), settings=desk.settings, name="settings")
        whole = column(self.head, parts, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.table.current_changed.connect(lambda _line: self._moved())
        self.table.opened.connect(lambda _line: self.change())
        Busy(self.table, desk.tasks, owner=self)
        self.show_side()

    @property
    def may_change(self) -> bool:
        """For the screen only; the database decides."""
        return self.desk.actor.role == "administrator"

    def _columns(self) -> list[Column[Line]]:
        return [
            Column("title", "What", lambda li: words.TITLES[li.setting.name], stretch=True, width=262,
                   tip=lambda li: words.ABOUT[li.setting.name]),
            Column("part", "Of", lambda li: words.PARTS.get(li.part, ""), width=178),
            Column("number", "Now", lambda li: words.number(li.setting.kind, li.number), numeric=True, strong=True,
                   width=152, value=lambda li: li.number, sort=lambda li: li.number or 0),
            Column("limits", "Limits", lambda li: words.bounds(li.setting.kind), quiet=True, width=94),
            Column("changed", "Changed", lambda li: words.changed_day(li.setting), quiet=True, width=104,
                   value=lambda li: li.setting.changed_at, tip=lambda li: words.who(li.setting)),
            Column("who", "By", lambda li: words.who(li.setting), quiet=True, width=140, hidden=True),
            Column("group", "For", lambda li: words.GROUPS[li.setting.kind.group], quiet=True, width=140, hidden=True),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        def can() -> bool:
            return self.may_change and self.table.current is not None and not self.acts.asking

        return [
            Command("settings.change", "Change this setting", self.change, "E", can, "Settings", "pencil-simple",
                    also="edit value limit number"),
            Command("settings.save", "Save the setting", self.acts.save, "Ctrl+Return", lambda: self.acts.asking,
                    "Settings", "check"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- reading

    def refresh(self) -> None:
        self.run(self.desk.services.settings.all, self._show, latest="settings")

    def _show(self, found: list[Setting]) -> None:
        self.model.set_rows(words.lines(found))
        self.head.say("" if self.may_change else "An administrator changes them")
        if self.table.current is None and found:
            self.table.selectRow(0)
        self._moved()

    def _moved(self) -> None:
        ask_again(self._change)
        if not self.acts.asking:
            self.show_side()

    # ---------------------------------------------------------------- the side

    def show_side(self) -> None:
        """What the chosen setting is for."""
        line = self.table.current
        if line is None:
            self.panel.set_title("Setting")
            self.panel.stand(label("Choose a setting.", quiet=True, wrap=True))
            return
        kind = line.setting.kind
        facts = Facts([
            ("Now", words.number(kind, line.number)), ("Limits", words.limits(kind)),
            ("Changed by", words.who(line.setting)), ("When", words.changed(line.setting) or "Never"),
        ])  # fmt: skip
        about = QWidget()
        about.setLayout(column(label(words.ABOUT[kind.name], wrap=True), facts, None, gap=3))
        self.panel.set_title(words.TITLES[kind.name])
        self.panel.stand(about)

    def change(self) -> None:
        """Ask for the number, keep it, say what it was, with an undo."""
        line = self.table.current
        if line is None or not self.may_change or self.acts.asking:
            return
        settings, setting, part = self.desk.services.settings, line.setting, line.part
        kind, before = setting.kind, line.number
        form = NumberForm(kind, words.PARTS.get(part, "Number"), before)

        def save() -> Changed:
            value = setting.with_number(part, form.number())
            return settings.change(setting.name, value, seen=setting.revision)

        def back(done: Changed) -> Any:
            return partial(settings.undo, done)

        self.acts.ask(words.TITLES[kind.name], form, "Save", save, "Changed. It holds for every desk at once.", back)
        form.fields["number"].editor.setFocus()

    def activated(self) -> None:
        self.table.setFocus()
