"""Emergency access, for those who answer for it: what awaits review, why it was, what was done, the outcome (R3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.governance.emergency import Deed, ListState, Reviewing
from ui import wording
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.governance import emergency_words as words
from ui.governance.emergency_acts import EmergencyActs
from ui.page import Page
from ui.people.glass_words import KINDS
from ui.people.words import soft
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts, PageHead, Section, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

SHOWN: tuple[tuple[ListState, str], ...] = (("awaiting", "To review"), ("reviewed", "Reviewed"), ("all", "All"))
_EMPTY = {
    "awaiting": ("Nothing awaits review", "When somebody opens a record in an emergency, it appears here."),
    "reviewed": ("Nothing has been reviewed yet", "What is reviewed stays here."),
    "all": ("There has been no emergency access", "When somebody opens a record in an emergency, it appears here."),
}


class EmergencyPage(Page):
    """The list; beside it the one that is chosen. A team lead sees those of their team, without detail."""

    id, title, icon = "emergency", "Emergency access", "lock-key-open"
    areas: ClassVar[frozenset[str]] = frozenset({"governance"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._reviews, self._lead = desk.actor.role == "ig_lead", desk.actor.role == "team_lead"
        self.model = StableTableModel[Reviewing](self._columns(), key=lambda r: r.id)
        self._empty = EmptyState(*_EMPTY["awaiting"], icon="lock-key")
        self.table = Table(
            self.model, settings=desk.settings, name="emergency", title="Emergency access", empty=self._empty
        )
        self.shown = SegmentedChoice(SHOWN, "awaiting", "Show")
        self.table.about = lambda: [dict(SHOWN)[self._state]]
        self.acts = EmergencyActs(self)
        self._commands = self._all_commands()
        by = {command.id.rpartition(".")[2]: command for command in self._commands}
        self._buttons = [command_button(by["review"], kind="main", words="Review")] if self._reviews else []
        if not self._lead:
            self._buttons.append(command_button(by["paper"], words="Print the list"))
        self.head = PageHead(self.title, "", *self._buttons, self.table.menu_button())
        bar = plane(row(self.shown, None, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        self.panel = AskingPanel(self.title, width=370)
        self._deeds: list[Deed] = []
        parts = splitter(self.table, self.panel, sizes=(800, 370), settings=desk.settings, name="emergency")
        layout = column(self.head, bar, parts, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.shown.changed.connect(lambda _shown: self.refresh())
        self.table.current_changed.connect(lambda _row: self._moved())
        if self._reviews:
            self.table.opened.connect(lambda _row: self._review())
        Busy(self.table, desk.tasks, owner=self)
        self.show_side()

    @property
    def _state(self) -> ListState:
        return next(code for code, _said in SHOWN if code == self.shown.value)

    def _columns(self) -> list[Column[Reviewing]]:
        def now() -> datetime:
            return self.desk.clock.now()

        found: list[Column[Reviewing]] = [
            Column("state", "Review", lambda r: words.state(r, now()), sort=lambda r: r.due_at, width=150,
                   badge=lambda r: words.look(r, now())),
            Column("when", "When", lambda r: wording.near_time(r.began_at, now()), sort=lambda r: r.began_at,
                   value=lambda r: r.began_at, width=142),
            Column("who", "Who", lambda r: r.by_name, strong=True, width=140),
            Column("kind", "Why", lambda r: KINDS[r.kind], stretch=True, width=140),
            Column("person", "Person", lambda r: " ".join(r.initials), width=66),
            Column("views", "Views", lambda r: str(r.views), sort=lambda r: r.views, numeric=True, width=60,
                   tip=lambda _r: "Views, prints and exports while it lasted"),
            Column("changes", "Changes", lambda r: str(r.changes), sort=lambda r: r.changes, numeric=True, width=78),
            Column("team", "Team", lambda r: r.team, quiet=True, width=130, hidden=True),
            Column("told", "Told", lambda r: words.TOLD.get(r.told, ""), quiet=True, width=150, hidden=True),
            Column("due", "Review by", lambda r: wording.day_time(r.due_at), sort=lambda r: r.due_at,
                   value=lambda r: r.due_at, quiet=True, width=140, hidden=True),
            Column("reviewer", "Reviewed by", lambda r: "" if r.awaits else r.reviewed_by_name, quiet=True,
                   width=130, hidden=True),
        ]  # fmt: skip
        return [each for each in found if not (self._lead and each.id == "person")]

    # ---------------------------------------------------------------- what can be done

    def _all_commands(self) -> list[Command]:
        def chosen(holds: bool = True, *, awaits: bool | None = None, in_force: bool = False) -> bool:
            found = self.table.current
            if not holds or not self._reviews or self.acts.asking or found is None:
                return False
            return (awaits is None or found.awaits == awaits) and (not in_force or found.in_force)

        def make(
            name: str, title: str, run: Callable[[], object], key: str, when: Callable[[], bool], icon: str
        ) -> Command:
            return Command(f"emergency.{name}", title, run, key, when, self.title, icon)

        return [
            make("review", "Review it", self._review, "V", lambda: chosen(awaits=True), "check"),
            make("withdraw", "Take the outcome back", self.acts.withdraw, "W", lambda: chosen(awaits=False),
                 "arrow-counter-clockwise"),
            make("end", "End this emergency access now", self.acts.end, "E", lambda: chosen(in_force=True), "lock-key"),
            make("paper", "Print the list", self.print_list, "P", lambda: not self._lead, "printer"),
            make("shown", "Next list: to review, reviewed, all", self._next_list, "L", lambda: not self.acts.asking,
                 ""),
            make("save", "Save what is typed", self.acts.save, "Ctrl+Return", lambda: self.acts.asking, ""),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return [*self._commands, *self.table.commands("emergency")]

    def _review(self) -> None:
        if self.table.current is not None and self.table.current.awaits:
            self.acts.review()

    def _next_list(self) -> None:
        codes = [code for code, _said in SHOWN]
        self.shown.set_value(codes[(codes.index(self._state) + 1) % len(codes)])
        self.refresh()

    def print_list(self) -> None:
        """What is shown, to look at, print and save."""
        from ui.governance.emergency_paper import emergency_list
        from ui.sheets.window import PaperWindow

        rows, now, shown = list(self.model.rows), self.desk.clock.now(), dict(SHOWN)[self._state]
        printed = f"Printed {wording.day_time(now)} by {self.desk.actor.display_name}"
        note = self.desk.services.governance.note
        self.paper = PaperWindow(
            self, self.desk, "Emergency access", f"Emergency access {wording.day(local_date(now))}.pdf",
            lambda: emergency_list(rows, shown, now, printed)[0], lambda taken: note(taken, "emergency access", shown),
        )  # fmt: skip
        self.paper.show()

    # ---------------------------------------------------------------- reading

    def refresh(self) -> None:
        state, service = self._state, self.desk.services.emergency
        self.run(lambda: service.accesses(state), self._show, latest="rows")

    def _show(self, rows: list[Reviewing]) -> None:
        self._empty.say(*_EMPTY[self._state])
        self.model.set_rows(rows)
        self.head.say(words.said(rows, self.desk.clock.now()) if self._state != "reviewed" else "")
        if self.table.current is None and rows:
            self.table.selectRow(0)
        if not self.acts.asking:
            self._moved()

    def activated(self) -> None:
        self.table.setFocus()

    # ---------------------------------------------------------------- beside

    def show_side(self) -> None:
        self._moved()

    def _moved(self) -> None:
        ask_again(*self._buttons)
        if self.acts.asking:
            return
        found, self._deeds = self.table.current, []
        self._beside(found)
        if found is not None and not self._lead:
            service = self.desk.services.emergency
            self.run(lambda: service.deeds(found.id), lambda deeds: self._say_deeds(found, deeds), latest="deeds")

    def _say_deeds(self, found: Reviewing, deeds: list[Deed]) -> None:
        if self.table.current is not None and self.table.current.id == found.id and not self.acts.asking:
            self._deeds = deeds
            self._beside(found)

    def _beside(self, found: Reviewing | None) -> None:
        content = QWidget()
        parts: list[QWidget] = []
        if found is None:
            parts.append(label("Choose a line to see why it was, and what was done.", quiet=True, wrap=True))
        else:
            parts.append(Facts(words.facts(found)))
            said = (found.words, found.note, found.told_why)
            parts += [label(soft(each), wrap=True, selectable=True) for each in said if each]
            parts.append(self._done(found))
        content.setLayout(column(*parts, None, gap=3))
        self.panel.set_title(found.by_name if found is not None else self.title)
        self.panel.stand(content)

    def _done(self, found: Reviewing) -> Section:
        section = Section("While it lasted")
        for deed in self._deeds:
            line = QWidget()
            ids = label(words.records(deed), quiet=True, wrap=True, selectable=True)
            line.setLayout(column(label(words.deed(deed), wrap=True), ids, gap=0))
            section.add(line)
        if not self._deeds:
            section.add(label(words.done(found), quiet=True))
        return section
