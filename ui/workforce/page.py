"""Workers: who is there today, what they can do, when they work, and whom they know (D1, B3)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.changes import RESYNC, Change
from coordination.clock import local_date
from coordination.values import TeamId, WorkerId
from coordination.workforce.model import Given, WorkerRow, WorkerSheet
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake.move_forms import MoveForm
from ui.page import Page
from ui.widgets.basics import Choice, ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import FilterChips, FlowBox
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel
from ui.workforce import words
from ui.workforce.deeds import WorkerDeeds
from ui.workforce.view import WorkerView

_SETTLE_MS = 120
_CHIPS = (
    ("work", "At work", "check-circle", "ok"),
    ("away", "Away", "calendar-x", "amber"),
    ("expiring", "Skills ending", "timer", "amber"),
    ("no_base", "No base", "map-pin", "amber"),
    ("left", "No longer here", "prohibit"),
)


class WorkersPage(Page):
    """Team leads change what is here, everybody else reads it."""

    id, title = "workers", "Workers"
    icon: ClassVar[str] = "identification-badge"
    areas = frozenset({"deployment", "workforce"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.sheet: WorkerSheet | None = None
        self._stranded: tuple[Given, ...] = ()
        self._wanted: WorkerId | None = None
        self.deeds = WorkerDeeds(self)
        self.model = StableTableModel[WorkerRow](self._columns(), key=lambda r: r.id)
        empty = EmptyState("No worker is like that", "Less of what you typed, or another team, finds more.",
                           icon="identification-badge")  # fmt: skip
        self.table = Table(self.model, settings=desk.settings, name="workers", title="Workers", empty=empty)
        self.typed = QLineEdit()
        self.typed.setPlaceholderText("Name, skill, language, neighbourhood, rota")
        self.typed.setAccessibleName("Find among the workers")
        self.typed.setClearButtonEnabled(True)
        self.team = Choice([(None, "All teams")])
        self.team.setEditable(False)
        self.team.setAccessibleName("Team")
        self.chips = FilterChips(_CHIPS)
        self._commands = self._all_commands()
        self._moves = {c.id.removeprefix("workers."): command_button(c, words=w) for c, w in self._buttons()}
        self._build()
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.read_sheet)
        self.table.current_changed.connect(lambda _row: self._moved())
        self.table.opened.connect(lambda _row: self._open())
        self.typed.textChanged.connect(lambda _text: self._filter())
        self.typed.returnPressed.connect(self._into_list)
        self.team.chosen.connect(lambda _team: self._filter())
        self.chips.changed.connect(lambda _chips: self._filter())
        self._show_sheet()

    # ------------------------------------------------------------------ how it looks

    def _build(self) -> None:
        people = [self._moves[n] for n in ("new",) if self.deeds.may_edit]
        self.head = PageHead("Workers", "", *people, self._moves["rotas"], self._moves["month"],
                             self.table.menu_button())  # fmt: skip
        bar = plane(
            column(row(self.typed, self.team, gap=3), self.chips, gap=1.5, margins=(6, 2, 4, 2)), "surface", "below"
        )
        left = QWidget()
        lay = column(bar, self.table, gap=0)
        lay.setStretch(1, 1)
        left.setLayout(lay)
        self._asked_here = column(None, margins=(4, 3, 4, 3))
        self._asking = scrolling(plane(self._asked_here, "sunken"))
        self._asking.hide()
        self._area = scrolling(QWidget())
        shown = [self._moves[n] for n in ("change", "sick", "leave", "skill", "rota", "exception", "person")]
        self._bar = plane(column(FlowBox(*shown), margins=(4, 1.5, 4, 1.5)), "surface", "below")
        self._bar.setVisible(self.deeds.may_edit)
        right = column(self._bar, self._asking, self._area, gap=0)
        right.setStretch(1, 1)
        right.setStretch(2, 1)
        split = splitter(left, plane(right, "surface", "left"), sizes=(650, 520), settings=self.desk.settings,
                         name="workers")  # fmt: skip
        layout = column(self.head, split, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        Busy(left, self.desk.tasks, owner=self)

    def _buttons(self) -> list[tuple[Command, str]]:
        said = {"change": "Change", "sick": "Sick", "leave": "Leave", "skill": "Skill", "rota": "Rota",
                "exception": "Exception", "person": "Person", "new": "New worker", "rotas": "Rotas",
                "month": "Month"}  # fmt: skip
        return [(c, said[name]) for c in self._commands if (name := c.id.removeprefix("workers.")) in said]

    def _columns(self) -> list[Column[WorkerRow]]:
        return [
            Column("state", "Today", words.state_words, badge=lambda r: words.LOOKS[r.state], width=128,
                   sort=lambda r: ("work", "sickness", "leave", "off").index(r.state)),
            Column("name", "Worker", lambda r: r.name, strong=True, width=160, stretch=True),
            Column("hours", "Hours", words.hours_of, width=108,
                   sort=lambda r: r.hours[0].start if r.hours else None),
            Column("expiring", "Skills ending", lambda r: words.expiring_words(r, self.today), width=200,
                   tip=lambda r: words.expiring_words(r, self.today),
                   badge=lambda r: words.expiring_look(r, self.today),
                   sort=lambda r: next((s.expires_on for s in words.expiring(r, self.today)), None)),
            Column("languages", "Languages", lambda r: ", ".join(r.languages), width=130),
            Column("near", "Neighbourhoods", lambda r: ", ".join(r.neighbourhoods), width=150, quiet=True,
                   tip=lambda r: ", ".join(r.neighbourhoods)),
            Column("rota", "Rota", lambda r: r.rota or "None", width=120, quiet=True),
            Column("team", "Team", lambda r: r.team, width=150, quiet=True),
            Column("grade", "Grade", lambda r: r.grade, width=150, quiet=True, hidden=True),
            Column("agency", "Agency", lambda r: r.agency, width=110, quiet=True, hidden=True),
            Column("skills", "Skills", lambda r: ", ".join(s.name for s in r.skills), width=240, quiet=True,
                   hidden=True),
        ]  # fmt: skip

    # ------------------------------------------------------------------ what can be done

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        return [
            *self.deeds.commands(),
            Command("workers.find", "Find among the workers", self.typed.setFocus, "F", group="Workers",
                    icon="magnifying-glass"),
            Command("workers.rotas", "Rotas", lambda: self.desk.go.to("rotas"), "O", group="Workers",
                    icon="calendar-blank", also="rota pattern cycle weeks"),
            Command("workers.month", "The month of a team", lambda: self.desk.go.to("rota_month"), "M",
                    group="Workers", icon="columns", also="rota leave coverage"),
            *self.table.commands("workers"),
        ]  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._area.hasFocus():
            self.table.setFocus()
        elif event.key() == Qt.Key.Key_Down and self.typed.hasFocus():
            self._into_list()
        else:
            super().keyPressEvent(event)

    def _into_list(self) -> None:
        """From what is typed to the first who is like that."""
        self.table.setFocus()
        if self.model.rows and (self.table.current is None or self.model.number_of(self.table.current.id) is None):
            self.table.selectRow(0)

    def _open(self) -> None:
        """Enter: the cursor goes to the worker; Esc comes back."""
        self.read_sheet()
        self._area.setFocus()

    # ------------------------------------------------------------------ reading

    @property
    def today(self) -> Any:
        return local_date(self.desk.clock.now())

    @property
    def rows(self) -> Sequence[WorkerRow]:
        return self.model.all_rows

    def open(self, key: object) -> None:
        self._wanted = WorkerId(int(str(key)))
        self.refresh()

    def refresh(self) -> None:
        today = self.today
        self.run(
            lambda: self.desk.services.workforce.workers(None, today, inactive=True), self._show_rows, latest="rows"
        )

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """Visits change all day; a worker's rows are named by a whole number."""
        return any(
            c == RESYNC or c.area == "workforce" or (c.area == "deployment" and c.key.isdigit()) for c in changes
        )

    def _show_rows(self, rows: list[WorkerRow]) -> None:
        first = not self.model.all_rows
        self.model.set_rows(rows)
        teams = sorted({(r.team_id, r.team) for r in rows}, key=lambda t: t[1])
        self.team.set_items([(None, "All teams"), *teams])
        own = self.desk.actor.team_id
        if first and any(team == own for team, _name in teams):
            self.team.set_value(own)
        elif self.team.value is None:
            self.team.setCurrentIndex(0)
        self._filter()
        if self._wanted is not None:
            self._go(self._wanted)
        elif self.sheet is not None:
            self.read_sheet()

    def _filter(self) -> None:
        typed, team, on = self.typed.text(), self.team.value, self.chips.value
        every = [r for r in self.model.all_rows if team is None or r.team_id == team]
        of_team = [r for r in every if r.active]
        counts: dict[Hashable, int] = {code: sum(self._has(r, code) for r in of_team) for code, *_rest in _CHIPS}
        counts["left"] = len(every) - len(of_team)
        self.chips.set_counts(counts)
        self.chips.show_only(frozenset(code for code, number in counts.items() if number or code in on))

        def wanted(r: WorkerRow) -> bool:
            return (
                (team is None or r.team_id == TeamId(team))
                and r.active is ("left" not in on)
                and words.matches(r, typed)
                and (not on or any(self._has(r, str(code)) for code in on))
            )

        self.model.set_filter(wanted)
        there = sum(r.state == "work" for r in of_team)
        self.head.say(f"{wording.count(len(of_team), 'worker')}, {there} at work today" if of_team else "")

    def _has(self, r: WorkerRow, code: str) -> bool:
        if code == "left":
            return not r.active
        if code == "away":
            return r.state in ("leave", "sickness")
        if code == "expiring":
            return bool(words.expiring(r, self.today))
        return not r.has_place if code == "no_base" else r.state == code

    # ------------------------------------------------------------------ one worker

    def go_to_worker(self, key: object) -> None:
        """Show this worker as soon as they are in the list."""
        self._wanted = WorkerId(int(str(key)))
        self.refresh()

    def _go(self, worker: WorkerId) -> None:
        if self.model.by_key(worker) is None:
            return
        if self.model.number_of(worker) is None:
            self.typed.clear()
            self.chips.set_value(frozenset())
            self.team.setCurrentIndex(0)
            self._filter()
        self._wanted = None
        self.table.select_key(worker)
        self.read_sheet()

    def _moved(self) -> None:
        current = self.table.current
        if current is None or (self.sheet is not None and self.sheet.head.id == current.id):
            return
        self._settle.start()  # a question that is open stays: it names whom it is about

    def read_sheet(self) -> None:
        current = self.table.current
        if current is None:
            return
        worker, today, service = current.id, self.today, self.desk.services.workforce

        def read() -> tuple[WorkerSheet, tuple[Given, ...]]:
            return service.worker(worker, today), service.stranded(worker)

        self.run(read, self._take_sheet, latest="sheet")

    def _take_sheet(self, found: tuple[WorkerSheet, tuple[Given, ...]]) -> None:
        self.sheet, self._stranded = found
        self._show_sheet()

    def _show_sheet(self) -> None:
        content: QWidget
        if self.sheet is None:
            content = QWidget()
            words_ = "Choose a worker at the left: what they can do, when they work, and whom they know."
            content.setLayout(column(label(words_, quiet=True, wrap=True), None))
        else:
            content = WorkerView(self.sheet, self.today, self._stranded, self.deeds)
        content.setContentsMargins(16, 12, 16, 12)
        scrolled = self._area.verticalScrollBar().value()
        old = self._area.takeWidget()
        same = isinstance(old, WorkerView) and self.sheet is not None and old.worker == self.sheet.head.id
        if old is not None:
            old.hide()
            old.deleteLater()
        self._area.setWidget(content)
        if same:
            QTimer.singleShot(0, self, lambda: self._area.verticalScrollBar().setValue(scrolled))
        ask_again(*self._moves.values())

    def show_question(self, form: MoveForm) -> None:
        self._asked_here.insertWidget(0, form)
        self._area.hide()
        self._asking.show()
        form.start()

    def close_question(self, form: MoveForm) -> None:
        self._asked_here.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._asking.hide()
        self._area.show()
        self.table.setFocus()

    def activated(self) -> None:
        self.table.setFocus()
