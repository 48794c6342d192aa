"""The caseload of up to 100 (T4): its next two weeks, who begins and ends on a day, and who is in it now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget

from coordination.clock import local_date
from coordination.transfer.caseload import Caseload, DayLoad, InRecovery, OneMore, Start, Waiting
from coordination.values import PersonId
from ui import wording
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.style.tokens import State
from ui.transfer import words
from ui.transfer.caseload_acts import CaseloadActs
from ui.transfer.messages import RECOVERY_WORDS
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

VIEWS = {"days": "Two weeks", "people": "In recovery", "queue": "Behind it"}


@dataclass(frozen=True, slots=True)
class OnDay:
    """Somebody behind the number of a day; no person: how many are not shared with this desk."""

    person_id: PersonId | None
    who: str
    what: str
    service: str


class CaseloadPage(Page):
    """A day opens to its people (O2); whoever waits opens to what taking them today costs."""

    id, title, icon = "caseload", "Caseload", "chart-bar"
    areas: ClassVar[frozenset[str]] = frozenset({"transfer", "reablement", "intake"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._load: Caseload | None = None
        self.model = StableTableModel[DayLoad](self._day_columns(), key=lambda d: d.day)
        self.table = self._table(self.model, "caseload", "Two weeks", "Nothing to show yet", "The next 14 days.")
        self.people_model = StableTableModel[InRecovery](self._people_columns(), key=lambda p: p.transfer_id)
        self.people = self._table(
            self.people_model, "caseload-people", "In recovery", "Nobody is in recovery",
            "Whoever leaves hospital with reablement or intermediate care is counted here.",
        )  # fmt: skip
        self.queue_model = StableTableModel[Start](_queue_columns(), key=lambda s: s.waiting.transfer_id)
        self.queue = self._table(
            self.queue_model, "caseload-queue", "Behind it", "Nobody waits", "Whoever is ready in hospital waits here."
        )
        self.stack = QStackedWidget()
        for table in (self.table, self.people, self.queue):
            self.stack.addWidget(table)
        self.view = SegmentedChoice(list(VIEWS.items()), "days", "Show")
        self.behind_model = StableTableModel[OnDay](_behind_columns(), key=lambda p: (p.person_id, p.what))
        self.behind = Table(
            self.behind_model, settings=desk.settings, name="caseload-day", title="Behind the day", inset=2,
            empty=EmptyState("Nobody", "Nobody begins, ends or is held back on this day.", icon="user"),
        )  # fmt: skip
        self._said = label("", wrap=True)
        inside = column(self._said, self.behind, None, gap=2)
        inside.setStretch(1, 100)
        self._beside = plane(inside, "", "")
        self.acts = CaseloadActs(self)
        self._commands = self._make_commands()
        self._by = {c.id.removeprefix("caseload."): c for c in self._commands}
        self.head = PageHead("Caseload", "", self.table.menu_button())
        self.panel = AskingPanel("Behind the day")
        bar = plane(row(self.view, None, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        whole = column(
            self.head, bar, splitter(self.stack, self.panel, sizes=(800, 370), settings=desk.settings, name="caseload"),
            gap=0,
        )  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.show_side()
        self.view.changed.connect(lambda _view: self._show_view())
        self.table.current_changed.connect(lambda _row: self._moved())
        self.people.current_changed.connect(lambda _row: self._moved())
        self.queue.current_changed.connect(lambda _row: self._moved())
        self.people.opened.connect(lambda p: desk.go.to("person", p.person_id))
        self.queue.opened.connect(lambda s: desk.go.to("transfer", s.waiting.transfer_id))
        self.behind.opened.connect(lambda p: desk.go.to("person", p.person_id) if p.person_id else None)
        Busy(self.stack, desk.tasks, owner=self)

    def _table(self, model: Any, name: str, title: str, empty: str, hint: str) -> Table:
        made = Table(
            model, settings=self.desk.settings, name=name, title=title, empty=EmptyState(empty, hint, icon="chart-bar")
        )
        made.about = lambda: [words.caseload_words(self._load)] if self._load else []
        return made

    def _day_columns(self) -> list[Column[DayLoad]]:
        def look(day: DayLoad) -> State | None:
            most = self._load.most if self._load else 100
            return State("red", "warning") if day.all > most else State("amber", "equals") if day.all == most else None

        def number(name: str, title: str, value: Callable[[DayLoad], int], width: int) -> Column[DayLoad]:
            return Column(name, title, lambda d: str(value(d)), sort=value, value=value, numeric=True, width=width)

        return [
            Column("day", "Day", lambda d: wording.weekday(d.day), sort=lambda d: d.day, value=lambda d: d.day,
                   strong=True, stretch=True, width=140),
            Column("all", "Of the most", lambda d: f"{d.all} of {self._load.most if self._load else 100}", width=100,
                   sort=lambda d: d.all, value=lambda d: d.all, badge=look),
            number("reablement", "Reablement", lambda d: d.reablement, 100),
            number("intermediate", "Intermediate care", lambda d: d.intermediate, 126),
            number("starting", "Begin", lambda d: len(d.starting), 66),
            number("ending", "Planned to end", lambda d: len(d.ending), 116),
            number("held", "Held back", lambda d: len(d.held_back), 84),
        ]  # fmt: skip

    def _people_columns(self) -> list[Column[InRecovery]]:
        def today() -> date:
            return local_date(self.desk.clock.now())

        return [
            Column("who", "Person", lambda p: p.who, strong=True, stretch=True, width=200),
            Column("service", "With", lambda p: RECOVERY_WORDS[p.recovery], width=140),
            Column("since", "Left hospital", lambda p: wording.day(p.since), sort=lambda p: p.since,
                   value=lambda p: p.since, width=112),
            Column("until", "Planned end", lambda p: wording.day(p.until), sort=lambda p: p.until,
                   value=lambda p: p.until, width=124,
                   badge=lambda p: State("amber", "clock") if p.is_late(today()) else None),
            Column("by", "Says", lambda p: "Episode of reablement" if p.by_episode else "Said on leaving", quiet=True,
                   width=160),
        ]  # fmt: skip

    # reading

    def refresh(self) -> None:
        self.run(self.desk.services.recovery.look, self._show, latest="load")

    def _show(self, load: Caseload) -> None:
        self._load = load
        late = f"; {len(load.late)} past the planned end" if load.late else ""
        self.head.say(words.caseload_words(load) + late)
        self.model.set_rows(list(load.forecast))
        self.people_model.set_rows(sorted(load.in_recovery, key=lambda p: p.until))
        self.queue_model.set_rows([s for s in load.starts if not s.waiting.hidden])
        for view, many in (("people", load.now), ("queue", len(load.behind))):
            self.view.set_words(view, f"{VIEWS[view]} {many}" if many else VIEWS[view])
        self._show_view()

    @property
    def shown(self) -> Table:
        """The table of the view."""
        return (self.table, self.people, self.queue)[self.stack.currentIndex()]

    def _show_view(self) -> None:
        self.stack.setCurrentIndex(list(VIEWS).index(str(self.view.value)))
        if self.shown.current is None and self.shown.model().rowCount():
            self.shown.selectRow(0)
        if not self.acts.asking:
            self.show_side()

    def _moved(self) -> None:
        if not self.acts.asking:
            self._describe()
        ask_again(*self.panel.buttons)

    def _describe(self) -> None:
        view = str(self.view.value)
        chosen = self.shown.current
        self.behind.setVisible(view == "days")
        unseen = self._unseen(view)
        guessed = self._load is not None and any(w.wanted is None for w in self._load.waiting)
        said = [unseen, "Whoever has no expected day is counted from today." if guessed else ""]
        self._said.setText("\n".join(filter(None, said)))
        self._said.setVisible(view != "days" or bool(guessed or unseen))
        if view == "days":
            self.panel.set_title(wording.weekday(chosen.day) if chosen else "Behind the day")
            self.behind_model.set_rows(_behind(chosen) if chosen else [])
        elif view == "people":
            self.panel.set_title(chosen.who if chosen else "In recovery")
            if chosen is not None:
                by = "of the episode of reablement" if chosen.by_episode else "as it was said on leaving"
                said = f"{RECOVERY_WORDS[chosen.recovery]}, planned until {wording.day(chosen.until)} {by}."
                self._said.setText("\n".join(filter(None, (said, unseen))))
        else:
            self.panel.set_title(chosen.waiting.who if chosen else "Behind it")
            if chosen is not None:
                self._said.setText("\n".join(filter(None, (_start_words(chosen), unseen))))

    def _unseen(self, view: str) -> str:
        """How many are counted whom nobody at this desk may see."""
        if self._load is None:
            return ""
        inside = len(self._load.inside) - len(self._load.in_recovery)
        behind = len(self._load.behind) - len(self._load.waiting)
        many = {"people": inside, "queue": behind}.get(view, inside + behind)
        return f"Counted too: {many} whose record is not shared with you." if many else ""

    # the side

    def show_side(self) -> None:
        names = {"people": ("plan", "end"), "queue": ("cost",)}.get(str(self.view.value), ())
        self.panel.stand(self._beside, *(command_button(self._by[name]) for name in names))
        self._moved()

    def show_cost(self, who: str, cost: OneMore) -> None:
        """In the words of the transfer page."""
        self.panel.set_title(f"If {who} is taken today")
        self._said.setText("\n".join(words.cost_words(cost)))

    def activated(self) -> None:
        self.shown.setFocus()

    def _make_commands(self) -> list[Command]:
        acts = self.acts

        def of(view: str) -> Callable[[], bool]:
            return lambda: not acts.asking and self.view.value == view and self.shown.current is not None

        def make(name: str, title: str, run: Any, key: str, when: Any, icon: str = "") -> Command:
            return Command(f"caseload.{name}", title, run, key, when, "Caseload", icon)

        return [
            make("plan", "Planned end", acts.plan, "E", of("people"), "pencil-simple"),
            make("end", "It has ended", acts.end, "D", of("people"), "check"),
            make("cost", "What one more costs", acts.cost, "O", of("queue"), "scales"),
            make("transfer", "Transfer", lambda: self.desk.go.to("transfer", None), "L", lambda: True, "arrow-right"),
            make("views", "Go to the views", self.view.setFocus, "F8", lambda: True),
            make("save", "Save what is typed", acts.save, "Ctrl+Return", lambda: acts.asking),
        ]

    def commands(self) -> list[Command]:
        return [*self._commands, *self.table.commands("caseload")]


def _start_words(start: Start) -> str:
    wanted = f"Expected to leave {wording.day(start.wanted)}." if start.waiting.wanted else "No expected day is known."
    if start.on is None:
        return f"{wanted} No place within two weeks."
    if start.on == start.wanted:
        return f"{wanted} There is a place from {wording.day(start.on)}."
    late = wording.count((start.on - start.wanted).days, "day")
    return f"{wanted} A place is free from {wording.day(start.on)}, {late} later."


def _behind(day: DayLoad) -> list[OnDay]:
    """Whom this desk may see one by one, the others as a number."""
    parts: tuple[tuple[str, list[Waiting] | list[InRecovery]], ...] = (
        ("Begins", [s.waiting for s in day.starting]),
        ("Planned to end", list(day.ending)),
        ("Held back", [s.waiting for s in day.held_back]),
    )
    found: list[OnDay] = []
    for what, people in parts:
        found += [OnDay(p.person_id, p.who, what, RECOVERY_WORDS[p.recovery]) for p in people if not p.hidden]
        hidden = sum(p.hidden for p in people)
        if hidden:
            found.append(OnDay(None, f"{hidden} not shared with you", what, ""))
    return found


def _behind_columns() -> list[Column[OnDay]]:
    return [
        Column("who", "Who", lambda p: p.who, strong=True, stretch=True, width=130),
        Column("what", "What", lambda p: p.what, width=104),
        Column("service", "With", lambda p: p.service, quiet=True, hidden=True, width=110),
    ]


def _queue_columns() -> list[Column[Start]]:
    return [
        Column("who", "Person", lambda s: s.waiting.who, strong=True, stretch=True, width=200),
        Column("service", "With", lambda s: RECOVERY_WORDS[s.waiting.recovery], width=140),
        Column("wanted", "Expected", lambda s: wording.day(s.waiting.wanted) if s.waiting.wanted else "Not known",
               sort=lambda s: s.waiting.wanted, value=lambda s: s.waiting.wanted, width=112),
        Column("on", "Place from", lambda s: wording.day(s.on) if s.on else "None in two weeks", width=150,
               sort=lambda s: s.on, value=lambda s: s.on,
               badge=lambda s: State("amber", "clock") if s.on != s.wanted else None),
    ]  # fmt: skip
