"""The rotas of a team: a cycle of weeks as a grid, and the shifts that are made from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from coordination.deployment.model import Team
from coordination.values import TeamId, new_id
from coordination.workforce.model import LONGEST_CYCLE, Rota
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.widgets.basics import Choice, ask_again, button, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.fields import Form
from ui.widgets.panels import PageHead, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel
from ui.workforce import words
from ui.workforce.rota_editing import RotaEditing
from ui.workforce.rota_grid import RotaGrid


class RotasPage(RotaEditing):
    """Team leads change rotas, everybody else reads them."""

    id, title = "rotas", "Rotas"
    icon: ClassVar[str] = "calendar-blank"
    areas = frozenset({"workforce"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.shown: Rota | None = None
        self._touched = False
        self._teams: Sequence[Team] = ()
        self.may_edit = desk.actor.role == "team_lead"
        self.model = StableTableModel[Rota](self._columns(), key=lambda r: r.id)
        empty = EmptyState(
            "No rota yet", "N begins one: hours of a week, or of several in turn.", icon="calendar-blank"
        )
        self.table = Table(self.model, settings=desk.settings, name="rotas", title="Rotas", empty=empty)
        self.team = Choice([])
        self.team.setEditable(False)
        self.team.setAccessibleName("Team")
        self.form = Form(columns=3)
        self.grid = RotaGrid()
        self._commands = self._all_commands()
        by = {c.id.removeprefix("rotas."): c for c in self._commands}
        self.moves = [command_button(by[n], words=w) for n, w in (("new", "New rota"), ("roll", "Make shifts"))]
        self.save_button = command_button(by["save"], kind="main", words="Keep it")
        self.conflict = column(gap=2)
        self._build()
        self.table.current_changed.connect(lambda _row: self._moved())
        self.team.chosen.connect(lambda _team: self._team_chosen())
        self.grid.changed.connect(self._edited)
        self.form.edited.connect(lambda _name: self._edited())
        self._show(None)

    def _build(self) -> None:
        self.head = PageHead("Rotas", "", self.team, *(self.moves if self.may_edit else []), self.table.menu_button())
        self.weeks = Choice([(n, wording.count(n, "week")) for n in range(1, LONGEST_CYCLE + 1)])
        self.weeks.setEditable(False)
        self.form.add("name", "Name", QLineEdit(), required=True)
        self.form.add("weeks", "Length of its cycle", self.weeks)
        self.form.add("first_monday", "Week 1 begins on", DateEdit(), help="A Monday, of any year")
        self.form.add("active", "", QCheckBox("In use"))
        self.weeks.chosen.connect(lambda weeks: self.grid.set_weeks(int(weeks)))
        says = (
            "Type 7-15, 07:30-15:00, 22-7 for a night, 7-11, 16-20 for two. Empty is off. Enter goes on, Ctrl+D "
            "repeats the day before, Ctrl+U the week above."
        )
        hint = label(says, quiet=True, size="small", wrap=True)
        self._told = column(gap=1)
        inside = QWidget()
        leave = button("Leave it", self.leave, kind="quiet", tip="As it was  (Esc)")
        actions = row(self.save_button, leave, None)
        self.question = label("", wrap=True, tone="amber")
        self.question.hide()
        self._mine = button("Keep mine", self._keep_mine, tip="Mine over theirs")
        self._theirs = button("Take theirs", self._take_theirs, tip="Theirs, mine is gone")
        self._both = plane(
            column(self.question, row(self._mine, self._theirs, None), margins=(3, 2, 3, 2)), "sunken", "all"
        )
        self._both.hide()
        self._actions = QWidget()
        self._actions.setLayout(actions)
        self._actions.setVisible(self.may_edit)
        inside.setLayout(column(self._both, self.form, hint, self.grid, self.grid.said, self._actions, self._told, None,
                                gap=3, margins=(4, 3, 4, 3)))  # fmt: skip
        self.area = scrolling(inside)
        split = splitter(self.table, plane(column(self.area), "surface", "left"), sizes=(430, 740),
                         settings=self.desk.settings, name="rotas")  # fmt: skip
        layout = column(self.head, split, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        Busy(self.table, self.desk.tasks, owner=self)

    def _columns(self) -> list[Column[Rota]]:
        return [
            Column("name", "Rota", lambda r: r.name, strong=True, stretch=True, width=210, tip=lambda r: r.name),
            Column("weeks", "Weeks", lambda r: str(r.weeks), sort=lambda r: r.weeks, numeric=True, width=64,
                   hidden=True),
            Column("hours", "A week", lambda r: words.as_hours(r.minutes_a_week), sort=lambda r: r.minutes_a_week,
                   numeric=True, width=70, help="Hours a week, on average over the cycle"),
            Column("workers", "Workers", lambda r: str(r.workers), sort=lambda r: r.workers, numeric=True, width=72),
            Column("use", "In use", lambda r: "Yes" if r.active else "No", quiet=True, width=64, hidden=True),
        ]  # fmt: skip

    # ------------------------------------------------------------------ what can be done

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        def lead() -> bool:
            return self.may_edit

        return [
            Command("rotas.new", "A new rota", self.begin_new, "N", lead, "Rotas", "file-plus"),
            Command("rotas.save", "Keep the rota", self.save, "Ctrl+Return", lambda: lead() and self._touched, "Rotas",
                    "check"),
            Command("rotas.grid", "Go to the hours", self.grid.start, "F8", group="Rotas"),
            Command("rotas.roll", "Make the shifts of the next four weeks", self.roll_out, "G", lead, "Rotas",
                    "calendar-plus", also="roll out shifts rota"),
            Command("rotas.remove", "Remove the rota", self.remove, "", lambda: lead() and self.shown is not None,
                    "Rotas", "trash"),
            Command("rotas.workers", "Workers", lambda: self.desk.go.to("workers"), "O", group="Rotas",
                    icon="identification-badge"),
            *self.table.commands("rotas"),
        ]  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._touched:
            self.leave()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------ reading

    def refresh(self) -> None:
        service, deployment, team = self.desk.services.rotas, self.desk.services.deployment, self.team.value
        known = bool(self._teams)

        def read() -> tuple[list[Team] | None, list[Rota]]:
            teams = None if known else deployment.teams()
            chosen = team if team is not None else self._own(teams or ())
            return teams, service.rotas(TeamId(chosen)) if chosen is not None else []

        self.run(read, self._take, latest="rotas")

    def _own(self, teams: Sequence[Team]) -> int | None:
        own = self.desk.actor.team_id
        return own if own is not None or not teams else int(teams[0].id)

    def _take(self, found: tuple[list[Team] | None, list[Rota]]) -> None:
        teams, rotas = found
        if teams is not None:
            self._teams = teams
            self.team.set_items([(t.id, t.name) for t in teams])
            self.team.set_value(self._own(teams))
        self.model.set_rows(rotas)
        self.head.say(wording.count(len(rotas), "rota") if rotas else "")
        if self._touched:
            return
        if self.shown is not None and self.table.select_key(self.shown.id):
            self._show(self.model.by_key(self.shown.id))
        elif rotas:
            self.table.selectRow(0)
        else:
            self._show(None)

    def _team_chosen(self) -> None:
        if not self._touched:
            self.shown = None
            self.refresh()

    def _moved(self) -> None:
        if not self._touched and self.table.current is not None:
            self._show(self.table.current)

    def _show(self, rota: Rota | None) -> None:
        self.shown, self._touched = rota, False
        self._both.hide()
        self.form.clear_problems()
        blank = Rota(new_id(), TeamId(0), "", 1, self._monday())
        at = rota or blank
        self.weeks.blockSignals(True)
        self.form.set_values({"name": at.name, "weeks": at.weeks, "first_monday": at.first_monday, "active": at.active})
        self.weeks.blockSignals(False)
        self.grid.set_spells(at.weeks, at.spells)
        locked = not self.may_edit or rota is None
        self.grid.lock(locked)
        for field in self.form.fields.values():
            field.setEnabled(not locked)
        ask_again(self.save_button)

    def activated(self) -> None:
        self.table.setFocus()
