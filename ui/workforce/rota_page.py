"""The rotas of a team: a cycle of weeks as a grid, and the shifts that are made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from coordination.clock import local_date
from coordination.deployment.model import Team
from coordination.errors import BadValue, BadValues, Conflict
from coordination.values import DateRange, TeamId, new_id
from coordination.workforce.model import LONGEST_CYCLE, RollOut, Rota
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.widgets.basics import Choice, ask_again, button, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.fields import Form
from ui.widgets.panels import PageHead, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel
from ui.workforce import words
from ui.workforce.messages import WEEKDAYS
from ui.workforce.rota_grid import RotaGrid

AHEAD = 28  # days for which shifts are made on request


class RotasPage(Page):
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

    def may_leave(self) -> bool:
        if self._touched:
            self.desk.notices.warn("The rota is not kept yet: Ctrl+Enter keeps it, Esc leaves it as it was.")
        return not self._touched

    # ------------------------------------------------------------------ reading

    @property
    def today(self) -> date:
        return local_date(self.desk.clock.now())

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

    def _monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())

    # ------------------------------------------------------------------ writing

    def _edited(self) -> None:
        self._touched = True
        ask_again(self.save_button)

    def begin_new(self) -> None:
        """An empty week; what is typed is a rota of the team that is chosen."""
        if self.team.value is None or not self.may_leave():
            return
        self._show(Rota(new_id(), TeamId(self.team.value), "", 1, self._monday()))
        self._touched = True
        self.form.field("name").editor.setFocus(Qt.FocusReason.OtherFocusReason)
        ask_again(self.save_button)

    def leave(self) -> None:
        """As it was."""
        before = self.shown if self.shown is not None and self.shown.revision else self.table.current
        self._show(before)
        self.table.setFocus()

    def _typed(self) -> Rota:
        """What stands in the form. Raises BadValues."""
        assert self.shown is not None
        values = self.form.values()
        if not values["first_monday"]:
            raise BadValues((BadValue("first_monday", "required"),))
        return replace(
            self.shown, name=values["name"], weeks=int(values["weeks"]), first_monday=values["first_monday"],
            active=bool(values["active"]), spells=self.grid.spells(),
        )  # fmt: skip

    def save(self, over: int | None = None) -> None:
        """Ctrl+Enter. Shifts to come of whoever works to it follow at once. ``over``: a revision seen since."""
        before = self.shown
        if before is None:
            return
        try:
            wanted = self._typed()
        except BadValues as error:
            self._problems(error)
            return
        wanted = replace(wanted, revision=before.revision if over is None else over)
        service = self.desk.services.rotas

        def done(found: tuple[Rota, RollOut | None]) -> None:
            now, rolled = found
            self._kept(before, now, rolled)

        self.run(lambda: service.save(wanted), done, self._failed)

    def _kept(self, before: Rota, now: Rota, rolled: RollOut | None) -> None:
        service = self.desk.services.rotas

        def undo() -> None:
            def back() -> object:
                if before.revision == 0:
                    service.remove(now.id, seen=now.revision)
                    return None
                return service.save(replace(before, revision=now.revision))

            self.run(back, lambda _done: self._after("Taken back."))

        self._touched = False
        self.shown = now
        self._tell(rolled)
        self.desk.notices.say(words.rolled_words(rolled, f"{now.name} is kept."), undo=undo)
        self._after("")

    def _after(self, said: str) -> None:
        self._touched = False
        if said:
            self.shown = None
            self.desk.notices.say(said)
        self.refresh()

    def remove(self) -> None:
        rota, service = self.shown, self.desk.services.rotas
        if rota is None or not rota.revision:
            return

        def undo() -> None:
            self.run(lambda: service.save(replace(rota, revision=0)), lambda _done: self._after("It is back."))

        def done(_none: object) -> None:
            self._after("")
            self.desk.notices.say(f"{rota.name} is removed.", undo=undo)

        self.shown = None
        self.run(lambda: service.remove(rota.id, seen=rota.revision), done, self._failed)

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, BadValue | BadValues):
            return not self._problems(error)
        if isinstance(error, Conflict) and isinstance(error.current, Rota) and self._touched:
            self._show_both(error.current)
            return True
        return False

    def _problems(self, error: BadValue | BadValues) -> list[BadValue]:
        problems = error.problems if isinstance(error, BadValues) else (error,)
        left = self.grid.set_problems(problems)
        return self.form.set_problems(BadValues(tuple(left))) if left else []

    # ------------------------------------------------------------------ two leads at once

    def _show_both(self, current: Rota) -> None:
        """Theirs in words beside mine in the grid; either is a key away."""
        self._current = current
        lines = [f"Week {w + 1}: {_week_words(current, w)}" for w in range(current.weeks)]
        self.question.setText(f"A colleague kept this rota meanwhile, as “{current.name}”. {' '.join(lines)}")
        self.question.show()
        self._both.show()
        self._mine.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_mine(self) -> None:
        self._both.hide()
        self.save(self._current.revision)

    def _take_theirs(self) -> None:
        self._show(self._current)
        self.refresh()

    # ------------------------------------------------------------------ shifts

    def roll_out(self) -> None:
        """Shifts of the team for four weeks from today; what could not be made is said line by line."""
        team = self.team.value
        if team is None:
            return
        days, service = DateRange.of(self.today, AHEAD), self.desk.services.rotas

        def done(found: RollOut) -> None:
            self._tell(found)
            said = f"{wording.count(found.kept, 'shift')} stay as they are."
            self.desk.notices.say(words.rolled_words(found, said))

        self.run(lambda: service.roll_out(TeamId(team), days), done, progress=None)

    def _tell(self, done: RollOut | None) -> None:
        while self._told.count():
            item = self._told.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        lines = words.told_lines(done) if done is not None else []
        lines += [f"{g.worker}: {words.given_words(g)}" for g in done.stranded] if done is not None else []
        for line in lines[:40]:
            self._told.addWidget(label(line, tone="amber", wrap=True))
        if len(lines) > 40:
            self._told.addWidget(label(f"and {len(lines) - 40} more", quiet=True))

    def activated(self) -> None:
        self.table.setFocus()


def _week_words(rota: Rota, week: int) -> str:
    days = [(d, [s for s in rota.spells if s.week == week and s.weekday == d]) for d in range(7)]
    return ", ".join(f"{WEEKDAYS[d]} {words.hours_words(spells)}" for d, spells in days if spells) + "."
