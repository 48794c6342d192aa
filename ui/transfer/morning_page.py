"""Criteria to reside: one list a hospital for the morning call, on screen and on one printed page (T6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from coordination.clock import local_date
from coordination.reference import standing
from coordination.transfer.reside import Line, SiteList
from ui import wording
from ui.asking_panel import AskingPanel
from ui.commands import Command
from ui.desk import Desk
from ui.governance.following import follow
from ui.governance.whose import people_of
from ui.page import Page
from ui.transfer import morning_words as words
from ui.transfer.morning_acts import MorningActs
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

SIDE = (("still", "Still so"), ("meets", "Meets"), ("no_longer", "No longer"))

OFFERED = {"no_longer": ("still", "meets"), "meets": ("still", "no_longer")}


class MorningPage(Page):
    """Single keys act on the person who is chosen."""

    id, title, icon = "morning", "Criteria to reside", "list-bullets"
    areas: ClassVar[frozenset[str]] = frozenset({"transfer", "intake", "messages"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: dict[str, SiteList] = {}
        self._names = {h.code: h.name for h in standing.read().hospitals}
        self.sites = SegmentedChoice(list(self._names.items()), next(iter(self._names)), "Hospital")
        self.model = StableTableModel[Line](self._columns(), key=lambda line: line.person_id)
        self.table = Table(
            self.model, settings=desk.settings, name="morning", title="Criteria to reside",
            empty=EmptyState(*words.EMPTY, icon="bed"),
        )  # fmt: skip
        self.acts = MorningActs(self)
        self._commands = self._make_commands()
        by = {c.id.removeprefix("morning."): c for c in self._commands}
        self._buttons = [
            command_button(by[name], words=said)
            for name, said in (("find", "Add somebody"), ("paper", "Print the list"))
        ]
        self._side = {name: (by[name], said) for name, said in SIDE}
        self._side_of = ""
        self._about = label("", wrap=True)
        self._beside = plane(column(self._about, None, margins=4), "", "")
        self.head = PageHead("Criteria to reside", "", *self._buttons, self.table.menu_button())
        self.panel = AskingPanel("Criteria to reside")
        bar = plane(row(self.sites, None, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        whole = column(
            self.head, bar, splitter(self.table, self.panel, sizes=(900, 270), settings=desk.settings, name="morning"),
            gap=0,
        )  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.show_side()
        self.table.about = lambda: [self._names[self.site], words.about(self.shown) if self.shown else ""]
        self.sites.changed.connect(lambda _site: self._show_site())
        self.table.current_changed.connect(lambda _row: self._moved())
        follow(desk, self.table, "criteria_to_reside")
        self.table.opened.connect(lambda line: desk.go.to("person", line.person_id))
        Busy(self.table, desk.tasks, owner=self)

    @property
    def site(self) -> str:
        """Code of the hospital that is shown."""
        return str(self.sites.value)

    @property
    def shown(self) -> SiteList | None:
        return self._found.get(self.site)

    def _columns(self) -> list[Column[Line]]:
        now = self.desk.clock.now
        return [
            Column("ward", "Ward", lambda x: x.ward, width=76),
            Column("person", "Person", lambda x: x.who, strong=True, width=184, tip=lambda x: x.who),
            Column("verdict", "Criteria", lambda x: words.VERDICTS[x.verdict], width=108,
                   badge=lambda x: words.LOOKS.get(x.verdict)),
            Column("waits", "Waits", lambda x: words.waits(x, now()), sort=lambda x: x.nights, value=lambda x: x.nights,
                   width=84),
            Column("why", "Why", words.why, stretch=True, width=150, tip=words.why),
            Column("still", "Still open", words.still, width=110, tip=words.still, quiet=True),
            Column("said", "Said by", lambda x: words.said(x, now()), width=140, badge=words.said_look,
                   tip=lambda x: words.said(x, now()), sort=lambda x: x.said_at),
            Column("expected", "Expected", lambda x: wording.day(x.expected_on) if x.expected_on else "", hidden=True,
                   sort=lambda x: x.expected_on, value=lambda x: x.expected_on, width=104),
        ]  # fmt: skip

    # reading

    def refresh(self) -> None:
        self.run(self.desk.services.reside.lists, self._show, latest="lists")

    def _show(self, found: Sequence[SiteList]) -> None:
        self._found = {each.hospital: each for each in found}
        for each in found:
            many = len(each.of("no_longer"))
            self.sites.set_words(each.hospital, f"{each.name} {many}" if many else each.name)
        self._show_site()

    def _show_site(self) -> None:
        found = self.shown
        self.head.say(words.about(found) if found else "")
        self.model.set_rows(list(found.lines) if found is not None else [])
        if self.table.current is None and self.model.rowCount():
            self.table.selectRow(0)
        self._moved()

    def _moved(self) -> None:
        line = self.table.current
        if not self.acts.asking:
            self.panel.set_title(line.who if line else "Criteria to reside")
        said = []
        if line is not None:
            now = self.desk.clock.now()
            said = [words.VERDICTS[line.verdict], words.why(line), words.said(line, now), line.note]
            if line.carried:
                said.append("Said on an earlier day. T says it again for today.")
            if line.transfer is not None:
                said.append(f"Still open: {words.still(line)}")
        self._about.setText("\n".join(part for part in said if part))
        if line is not None and not self.acts.asking:
            self._offer(line.verdict)
        ask_again(*self._buttons, *self.panel.buttons)

    def _offer(self, verdict: str) -> None:
        """What can be said of whoever is chosen."""
        if self._side_of != verdict or not self.panel.buttons:
            self._side_of = verdict
            first, second = OFFERED.get(verdict, ("meets", "no_longer"))
            buttons = [command_button(self._side[n][0], words=self._side[n][1]) for n in (first, second)]
            self.panel.stand(self._beside, *buttons)

    # the side

    def show_side(self) -> None:
        self.panel.stand(self._beside)
        self._side_of = ""
        self._moved()

    # paper

    def print_list(self) -> None:
        """This hospital's page, to look at, print and save."""
        found = self.shown
        if found is not None:
            self._paper([found], words.file_name(found, found.day))

    def print_all(self) -> None:
        """Every hospital, each on its page."""
        if self._found:
            self._paper(list(self._found.values()), words.file_name(None, local_date(self.desk.clock.now())))

    def _paper(self, lists: Sequence[SiteList], file: str) -> None:
        from ui.sheets.morning import morning_list
        from ui.sheets.window import PaperWindow

        papers = [words.paper(each) for each in lists]
        printed = f"Printed {wording.day_time(self.desk.clock.now())} by {self.desk.actor.display_name}"
        note = self.desk.services.looks.note_people
        people = people_of(line for each in lists for line in each.lines)
        said = " ".join(each.hospital for each in lists)
        self.paper = PaperWindow(
            self, self.desk, "Criteria to reside", file, lambda: morning_list(papers, printed)[0],
            lambda taken: note(taken, "criteria_to_reside", said, "paper" if taken == "print" else "pdf", people),
        )  # fmt: skip
        self.paper.show()

    def activated(self) -> None:
        self.table.setFocus()

    def _make_commands(self) -> list[Command]:
        acts = self.acts

        def chosen(*verdicts: str) -> Callable[[], bool]:
            return lambda: not acts.asking and self.table.current is not None and self.table.current.verdict in verdicts

        def make(name: str, title: str, run: Any, key: str, when: Any, icon: str = "") -> Command:
            return Command(f"morning.{name}", title, run, key, when, "Criteria to reside", icon)

        def steps() -> None:
            codes = [*self._names]
            self.sites.set_value(codes[(codes.index(self.site) + 1) % len(codes)])
            self._show_site()

        return [
            make("still", "Still so today", acts.still_so, "T", chosen("no_longer", "meets"), "check"),
            make("meets", "Meets the criteria to reside", acts.meets, "M", chosen("no_longer", "meets", ""),
                 "first-aid-kit"),
            make("no_longer", "No longer meets them: on to the transfer list", acts.no_longer, "R",
                 chosen("meets", ""), "bed"),
            make("gone", "Has gone", acts.gone, "Del", chosen("meets", ""), "x"),
            make("find", "Somebody else in this hospital", acts.find, "N", lambda: not acts.asking, "user-plus"),
            make("site", "Next hospital", steps, "H", lambda: not acts.asking),
            make("paper", "Print this hospital's list", self.print_list, "P", lambda: self.shown is not None,
                 "printer"),
            make("all", "Print all hospitals", self.print_all, "Shift+P", lambda: bool(self._found), "printer"),
            make("transfer", "Transfer", lambda: self.desk.go.to("transfer", _transfer(self.table.current)), "L",
                 chosen("no_longer"), "arrow-right"),
            make("save", "Save what is typed", acts.save, "Ctrl+Return", lambda: acts.asking),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return [*self._commands, *self.table.commands("morning")]


def _transfer(line: Line | None) -> Any:
    return line.transfer_id if line is not None else None
