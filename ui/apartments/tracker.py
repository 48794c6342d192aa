"""Moving on: everybody in an apartment, the day of their stay, what is to be done and what is in the way (N3, N4)."""

from __future__ import annotations

from typing import Any, ClassVar

from coordination.apartments.tracker_model import TRACKER_VIEWS, MoveOnTask, TrackerRow, shown_in
from coordination.clock import local_date
from coordination.values import StayId
from ui import wording
from ui.apartments import tracker_words as words
from ui.apartments.messages import PURPOSE_WORDS
from ui.apartments.tracker_acts import TrackerActs
from ui.apartments.tracker_commands import tracker_commands
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.governance.following import follow
from ui.page import Page
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel


class MoveOnPage(Page):
    """The tracker. Single keys act on the person and the task that are chosen."""

    id, title, icon = "moveon", "Moving on", "path"
    areas: ClassVar[frozenset[str]] = frozenset({"apartments"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._rows: tuple[TrackerRow, ...] = ()
        self.model = StableTableModel[TrackerRow](self._columns(), key=lambda r: r.stay_id)
        self._empty = EmptyState(*words.EMPTY["all"], icon="path")
        self.table = Table(self.model, settings=desk.settings, name="moveon", title="Moving on", empty=self._empty)
        self.tasks_model = StableTableModel[MoveOnTask](self._task_columns(), key=lambda t: t.id)
        self.tasks = Table(
            self.tasks_model, settings=desk.settings, name="moveon-tasks", title="Before moving on", inset=2,
            empty=EmptyState("Nothing to do", "Tasks begin when somebody moves in.", icon="list-bullets"),
        )  # fmt: skip
        self.view = SegmentedChoice([(view, words.VIEWS[view]) for view in TRACKER_VIEWS], "all", "Show")
        self._about_task = label("", quiet=True, wrap=True)
        self._beside = plane(column(self.tasks, plane(row(self._about_task, margins=(4, 2, 4, 2)), "", "above"), gap=0))
        self.acts = TrackerActs(self)
        self._commands = tracker_commands(self)
        self._by = {c.id.removeprefix("moveon."): c for c in self._commands}
        self._buttons = [command_button(self._by[name], words=said) for name, said in words.HEAD_BUTTONS.items()]
        self.head = PageHead("Moving on", "", *self._buttons, self.table.menu_button())
        self.panel = AskingPanel("Before moving on")
        bar = plane(row(self.view, None, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        whole = column(
            self.head, bar,
            splitter(self.table, self.panel, sizes=(722, 458), settings=desk.settings, name="moveon"), gap=0,
        )  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.show_side()
        self.table.about = lambda: [
            words.VIEWS[str(self.view.value)],
            f"Locality: {self.desk.locality.value or 'all'}",
        ]
        self.view.changed.connect(lambda _view: self._show_view())
        self.table.current_changed.connect(lambda _row: self._moved())
        follow(desk, self.table, "stay")
        self.table.opened.connect(lambda r: self.desk.go.to("person", r.person_id))
        self.tasks.opened.connect(lambda _task: self.acts.edit())
        self.tasks.current_changed.connect(lambda _row: self._task_moved())
        Busy(self.table, desk.tasks, owner=self)

    def _today(self) -> Any:
        return local_date(self.desk.clock.now())

    def _columns(self) -> list[Column[TrackerRow]]:
        today = self._today
        return [
            Column("day", "Day", lambda r: words.day_words(r, today()), sort=lambda r: -r.day(today()),
                   value=lambda r: r.day(today()), badge=lambda r: words.day_look(r, today()), width=128,
                   tip=lambda r: words.day_tip(r, today())),
            Column("person", "Person", lambda r: r.who, strong=True, width=188, tip=lambda r: r.who),
            Column("next", "Next", words.next_words, badge=lambda r: words.next_look(r, today()),
                   sort=lambda r: r.next_task.due_on if r.next_task else r.period.end, stretch=True, width=140,
                   tip=lambda r: words.task_tip(r.next_task) if r.next_task else ""),
            Column("last", "Last day", lambda r: wording.day(r.period.last), sort=lambda r: r.period.last,
                   value=lambda r: r.period.last, badge=lambda r: words.last_look(r, today()), width=110,
                   tip=lambda r: words.last_tip(r, today())),
            Column("held", "Held", lambda r: words.held(r, today()), badge=lambda r: words.held_look(r, today()),
                   width=104),
            Column("apartment", "Apartment", lambda r: r.apartment, hidden=True, width=164),
            Column("blocked", "In the way", lambda r: "; ".join(t.blocked_by for t in r.blocked), width=150,
                   hidden=True),
            Column("why", "Why here", lambda r: PURPOSE_WORDS.get(r.purpose, ""), quiet=True, hidden=True, width=120),
            Column("past", "Past six weeks because", lambda r: r.past_six_weeks_reason, quiet=True, hidden=True,
                   width=160),
            Column("locality", "Locality", lambda r: r.locality.capitalize(), quiet=True, hidden=True, width=68),
        ]  # fmt: skip

    def _task_columns(self) -> list[Column[MoveOnTask]]:
        today = self._today
        return [
            Column("due", "By", lambda t: words.task_when(t, today()), sort=lambda t: (not t.is_open, t.due_on),
                   badge=lambda t: words.task_look(t, today()), width=116),
            Column("words", "What", lambda t: t.words, stretch=True, width=170, tip=words.task_tip),
        ]  # fmt: skip

    # reading

    def refresh(self) -> None:
        service, locality = self.desk.services.moveon, self.desk.locality.value.lower() or None
        self.run(lambda: service.rows(locality), self._show, latest="rows")

    def open(self, key: object) -> None:
        self.key = key
        self.refresh()

    def _show(self, rows: tuple[TrackerRow, ...]) -> None:
        self._rows = rows
        today = self._today()
        for view in TRACKER_VIEWS:
            many = sum(shown_in(r, view, today) for r in rows)
            self.view.set_words(view, f"{words.VIEWS[view]} {many}" if many else words.VIEWS[view])
        self._show_view()
        if self.key is not None:
            self.table.select_key(self.key)
            self.key = None

    def _show_view(self) -> None:
        view, today = self.view.value, self._today()
        self._empty.say(*words.EMPTY[str(view)])
        shown = [r for r in self._rows if shown_in(r, view, today)]  # type: ignore[arg-type]
        self.model.set_rows(shown)
        self.head.say(wording.count(len(shown), "person", "people") if shown else "")
        if self.table.current is None and shown:
            self.table.selectRow(0)
        self._moved()

    def _moved(self) -> None:
        chosen = self.table.current
        tasks = sorted(chosen.tasks, key=lambda t: (not t.is_open, t.due_on, t.words)) if chosen else []
        self.tasks_model.set_rows(tasks)
        if self.tasks.current is None and tasks:
            self.tasks.selectRow(0)
        if not self.acts.asking:
            self.panel.set_title(f"{chosen.who}: {chosen.apartment}" if chosen else "Before moving on")
        ask_again(*self._buttons)
        self._task_moved()

    def _task_moved(self) -> None:
        task = self.tasks.current
        self._about_task.setText(words.task_tip(task) if task is not None else "")
        ask_again(*self.panel.buttons)

    # the side

    def show_side(self) -> None:
        """The tasks of whoever is chosen."""
        buttons = [command_button(self._by[name], words=said) for name, said in words.TASK_BUTTONS.items()]
        self.panel.stand(self._beside, *buttons)
        self._moved()

    @property
    def stay(self) -> StayId | None:
        chosen = self.table.current
        return None if chosen is None else chosen.stay_id

    def activated(self) -> None:
        self.table.setFocus()

    def commands(self) -> list[Command]:
        return self._commands
