"""Referrals for an apartment: who waits and what each needs; who was declined, and when somebody looks again (N4)."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from coordination.apartments.referrals_model import Beside, Declined, Waiting
from coordination.apartments.schemes_model import Scheme
from coordination.clock import local_date
from ui import wording
from ui.apartments import request_words
from ui.apartments.messages import PURPOSE_WORDS
from ui.apartments.referrals_acts import ReferralActs
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.governance.following import follow
from ui.page import Page
from ui.style.tokens import State
from ui.widgets import tableio
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts, PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

VIEWS = (("waiting", "Waiting"), ("declined", "Declined"))
SIDE = {
    "waiting": (("board", "Find an apartment"), ("record", "Record"), ("decline", "Decline")),
    "declined": (("reopen", "Open again"), ("look", "Look again")),
}


class ReferralsPage(Page):
    """Single keys act on the referral that is chosen."""

    id, title, icon = "placements", "Apartment referrals", "tray"
    areas: ClassVar[frozenset[str]] = frozenset({"apartments", "intake"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.schemes: tuple[Scheme, ...] = ()
        self.waiting_model = StableTableModel[Waiting](self._waiting_columns(), key=lambda w: w.referral_id)
        self.waiting = Table(
            self.waiting_model, settings=desk.settings, name="placements-waiting", title="Waiting for an apartment",
            empty=EmptyState("Nobody waits for an apartment", "Referrals for an apartment stand here until a stay is "
                             "booked. They come in through the queue.", icon="house"),
        )  # fmt: skip
        self.declined_model = StableTableModel[Declined](self._declined_columns(), key=lambda d: d.referral_id)
        self.declined = Table(
            self.declined_model, settings=desk.settings, name="placements-declined", title="Declined for an apartment",
            empty=EmptyState("Nothing stands declined", "A referral that is declined (X) stays here with its next "
                             "step, until it is opened again.", icon="arrow-counter-clockwise"),
        )  # fmt: skip
        self.lists = QStackedWidget()
        for table in (self.waiting, self.declined):
            self.lists.addWidget(table)
        self.view = SegmentedChoice(VIEWS, "waiting", "Show")
        self._need = label("", wrap=True)
        self._facts = Facts()
        self._beside = QWidget()
        self._beside.setLayout(column(self._need, self._facts, None, gap=4))
        self.acts = ReferralActs(self)
        self._commands = self._make_commands()
        self._by = {c.id.removeprefix("placements."): c for c in self._commands}
        self._buttons = [command_button(self._by["person"], words="Record of the person")]
        self._menus = {"waiting": self.waiting.menu_button(), "declined": self.declined.menu_button()}
        self.head = PageHead("Apartment referrals", "", *self._buttons, *self._menus.values())
        self.panel = AskingPanel("Referral")
        bar = plane(row(self.view, None, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        whole = column(
            self.head, bar,
            splitter(self.lists, self.panel, sizes=(742, 438), settings=desk.settings, name="placements"), gap=0,
        )  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.show_side()
        for table in (self.waiting, self.declined):
            table.about = self._about
            table.current_changed.connect(lambda _row: self._moved())
            follow(desk, table, "referral")
        self.waiting.opened.connect(lambda _row: self.acts.to_board())
        self.declined.opened.connect(lambda _row: self.acts.to_person())
        self.view.changed.connect(lambda _view: self._show_view())
        Busy(self.lists, desk.tasks, owner=self)

    def _today(self) -> Any:
        return local_date(self.desk.clock.now())

    def _about(self) -> list[str]:
        return [dict(VIEWS)[str(self.view.value)], f"Locality: {self.desk.locality.value or 'all'}"]

    def _waiting_columns(self) -> list[Column[Waiting]]:
        now = self.desk.clock.now

        def late(w: Waiting) -> State | None:
            return State("red", "warning") if w.due_at < now() else None

        return [
            Column("due", "Due", lambda w: wording.time_left(w.due_at, now()), sort=lambda w: w.due_at,
                   value=lambda w: w.due_at, badge=late, width=162),
            Column("person", "Person", lambda w: w.who, strong=True, width=144),
            Column("reason", "For", request_words.purpose,
                   badge=lambda w: None if w.request else State("amber", "pencil-simple"), width=168),
            Column("needs", "Needs", lambda w: ", ".join(request_words.needs(w.request)) if w.request else "",
                   stretch=True, width=120),
            Column("where", "Wishes to be", lambda w: request_words.where(w.request, self.schemes), hidden=True,
                   width=120),
            Column("lives", "Lives in", lambda w: w.home.neighbourhood or "Not known", quiet=True,
                   hidden=True, width=150),
            Column("holder", "Whose", lambda w: w.holder_name or "Nobody yet", quiet=True, width=92),
            Column("number", "Referral", lambda w: f"No. {w.number}", sort=lambda w: w.number, quiet=True, hidden=True,
                   width=90),
        ]  # fmt: skip

    def _declined_columns(self) -> list[Column[Declined]]:
        today = self._today

        def look(d: Declined) -> State | None:
            return State("red", "warning") if d.is_due(today()) else None

        return [
            Column("look", "Look again", lambda d: wording.day(d.look_again_on), sort=lambda d: d.look_again_on,
                   value=lambda d: d.look_again_on, badge=look, width=124),
            Column("person", "Person", lambda d: d.who, strong=True, width=140),
            Column("age", "Declined for", lambda d: wording.count(d.age(today()), "day"), sort=lambda d: d.age(today()),
                   value=lambda d: d.age(today()), numeric=True, width=92),
            Column("reason", "Because", request_words.declined, stretch=True, width=140, tip=request_words.because,
                   badge=lambda d: None if d.code else State("amber", "question")),
            Column("next", "Next step", lambda d: d.next_step or "Not said", width=120, tip=lambda d: d.next_step),
            Column("owner", "Whose", lambda d: d.next_owner_name or "Nobody", width=96),
            Column("times", "Times declined", lambda d: str(d.times), sort=lambda d: d.times, numeric=True, hidden=True,
                   width=100),
            Column("number", "Referral", lambda d: f"No. {d.number}", sort=lambda d: d.number, quiet=True, hidden=True,
                   width=90),
        ]  # fmt: skip

    def _listed(self) -> str:
        return f"Referrals for an apartment: {dict(VIEWS)[str(self.view.value)].lower()}"

    # reading

    def refresh(self) -> None:
        service = self.desk.services.placements
        self.run(lambda: (service.beside(), service.declined()), self._show, latest="rows")

    def open(self, key: object) -> None:
        """``key``: a referral to come to."""
        self.key = key
        self.refresh()

    def _show(self, found: tuple[Beside, list[Declined]]) -> None:
        beside, declined = found
        self.schemes = beside.schemes
        locality, today = self.desk.locality.value.lower(), self._today()
        waiting = [w for w in beside.waiting if not locality or w.locality in (None, locality)]
        declined = [d for d in declined if not locality or d.locality in (None, locality)]
        self.waiting_model.set_rows(waiting)
        self.declined_model.set_rows(declined)
        for view, rows in (("waiting", waiting), ("declined", declined)):
            words = dict(VIEWS)[view]
            self.view.set_words(view, f"{words} {len(rows)}" if rows else words)
        due = sum(d.is_due(today) for d in declined)
        bare = sum(w.request is None for w in waiting)
        said = [f"{bare} without what is needed"] if bare else []
        said += [f"{due} declined to look at again"] if due else []
        self.head.say(", ".join(said))
        self._come_to_key(waiting)
        self._show_view()

    def _come_to_key(self, waiting: list[Waiting]) -> None:
        if self.key is None:
            return
        key, self.key = self.key, None
        self.view.set_value("waiting" if any(w.referral_id == key for w in waiting) else "declined")
        self._show_view()
        self.table.select_key(key)

    @property
    def table(self) -> Table:
        """The list that is shown."""
        return self.declined if self.view.value == "declined" else self.waiting

    def _show_view(self) -> None:
        self.lists.setCurrentWidget(self.table)
        for view, menu in self._menus.items():
            menu.setVisible(self.view.value == view)
        if self.table.current is None and self.table.model().rowCount():
            self.table.selectRow(0)
        if not self.acts.asking:
            self.show_side()

    def _moved(self) -> None:
        chosen = self.table.current
        self._need.setText(chosen.need if chosen is not None else "")
        facts: list[tuple[str, object | None]] = []
        if isinstance(chosen, Waiting):
            facts = request_words.facts(chosen, self.schemes)
        elif isinstance(chosen, Declined):
            facts = [
                ("For", PURPOSE_WORDS.get(chosen.purpose, "Not recorded")),
                ("Declined", f"{wording.day_time(chosen.declined_at)}, by {chosen.declined_by_name}"),
                ("Because", request_words.because(chosen)),
                ("Whose next", chosen.next_owner_name or "Nobody"),
                ("Next step", chosen.next_step or "Not said"),
                ("Look again", wording.day(chosen.look_again_on)),
                ("Times declined", chosen.times),
            ]
        self._facts.set(facts)
        if not self.acts.asking:
            self.panel.set_title(chosen.who if chosen is not None else "Referral")
        ask_again(*self._buttons, *self.panel.buttons)

    # the side

    def show_side(self) -> None:
        """What is known of the referral that is chosen."""
        names = SIDE[str(self.view.value)]
        buttons = [
            command_button(self._by[name], words=words, kind="main" if n == 0 else "")
            for n, (name, words) in enumerate(names)
        ]
        self.panel.stand(self._beside, *buttons)
        self._moved()

    def activated(self) -> None:
        self.table.setFocus()

    # commands

    def _make_commands(self) -> list[Command]:
        acts = self.acts

        def of(view: str) -> Any:
            return lambda: self.view.value == view and self.table.current is not None and not acts.asking

        def make(name: str, title: str, run: Any, key: str, when: Any, icon: str = "") -> Command:
            return Command(f"placements.{name}", title, run, key, when, "Apartment referrals", icon)

        def on_row() -> bool:
            return self.table.current is not None and not acts.asking

        return [
            make("board", "Find an apartment: matches on the calendar", acts.to_board, "G", of("waiting"), "calendar"),
            make("record", "Record what is needed", acts.record, "R", of("waiting"), "pencil-simple"),
            make("decline", "Decline, with a way back", acts.decline, "X", of("waiting"), "x"),
            make("reopen", "Open a declined referral again", acts.reopen, "O", of("declined"),
                 "arrow-counter-clockwise"),
            make("look", "Another next step or day to look again", acts.look_again, "E", of("declined"), "calendar"),
            make("person", "Open the person’s record", acts.to_person, "P", on_row, "user"),
            make("views", "Go to the views", self.view.setFocus, "F8", lambda: True),
            make("save", "Save what is typed", acts.save, "Ctrl+Return", lambda: acts.asking),
            make("export", "Export the referrals shown", lambda: tableio.export_table(self.table, self._listed()),
                 "Ctrl+Shift+E", lambda: True, "export"),
            make("print", "Print the referrals shown", lambda: tableio.print_table(self.table, self._listed()),
                 "Ctrl+P", lambda: True, "printer"),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return self._commands
