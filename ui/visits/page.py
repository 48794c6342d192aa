"""The visits of one person: coming and past, what they recur by, and the form beside them (D1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.deployment.patterns import Change
from coordination.deployment.patterns_store import FromPlan, PatternRow, VisitRow
from coordination.people.record import PersonRecord
from coordination.values import PersonId
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.people.words import banner_facts
from ui.shell.banner import PersonBanner
from ui.visits import WRITERS, VisitsOf, reading, words
from ui.visits.editor import VisitEditor
from ui.visits.form import About
from ui.visits.proposals import ProposalStrip
from ui.visits.tables import pattern_columns, visit_columns
from ui.widgets.basics import ask_again, column, command_button, label
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import StableTableModel


class VisitsPage(Page):
    """``open`` takes a person's id, or a VisitsOf."""

    id, title, icon = "visits", "Visits", "calendar-check"
    areas = frozenset({"deployment", "careplan"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: reading.PersonVisits | None = None
        self._to_begin: VisitsOf | None = None
        self._undo: list[Change] = []
        self.banner = PersonBanner()
        self._now = desk.clock.now
        self.visits = StableTableModel[VisitRow](visit_columns(), key=lambda v: v.id)
        self.patterns = StableTableModel[PatternRow](pattern_columns(), key=lambda p: p.pattern.id)
        self.table = Table(
            self.visits, settings=desk.settings, name="visits", title="Visits",
            empty=EmptyState("No visit here", "N plans one visit, P visits that recur.", icon="calendar-check"),
        )  # fmt: skip
        self.recurring = Table(
            self.patterns, settings=desk.settings, name="visit-patterns", title="Recurring visits",
            empty=EmptyState("Nothing recurs", "P plans visits that recur; on the care plan, V does it for an action.",
                             icon="repeat"),
        )  # fmt: skip
        self.table.about = self._about
        self.when = SegmentedChoice([("coming", "Coming"), ("past", "Past four weeks")], "coming", "Which visits")
        self.when.changed.connect(lambda _when: self._show_rows())
        self.panel = SidePanel("", width=420)
        self.panel.hide()
        self.panel.closed.connect(self.table.setFocus)
        self.strip = ProposalStrip(self._follow, self._keep)
        self._commands = self._make_commands()
        by = {c.id.removeprefix("visits."): c for c in self._commands}
        self._buttons = [
            command_button(by[name], kind=kind, words=said)
            for name, kind, said in (
                ("visit", "", "New visit"), ("pattern", "main", "New recurring visits"), ("edit", "", "Change"),
                ("end", "", "End them"),
            )
        ]  # fmt: skip
        self.head = PageHead("Visits", "", *self._buttons, self.table.menu_button())
        self._lay_out()
        for table in (self.table, self.recurring):
            table.current_changed.connect(lambda _row: ask_again(*self._buttons))
            table.opened.connect(lambda _row: self.edit())
        Busy(self.table, desk.tasks, owner=self)

    def _lay_out(self) -> None:
        parts = []
        for title, table, beside in (
            ("Recurring", self.recurring, None), ("Visits", self.table, self.when),
        ):  # fmt: skip
            part = QWidget()
            head = PageHead(title, "", beside) if beside is not None else label(title, strong=True)
            top = column(head, margins=(0, 0, 0, 0) if beside is not None else (6, 2, 6, 1))
            part.setLayout(column(top, table, gap=0))
            parts.append(part)
        left = splitter(*parts, upright=True, sizes=(220, 460), settings=self.desk.settings, name="visits-lists")
        left.setStretchFactor(1, 1)
        body = splitter(left, self.panel, sizes=(940, 420), settings=self.desk.settings, name="visits")
        layout = column(self.banner, self.head, self.strip, body, gap=0)
        layout.setStretch(3, 1)
        self.setLayout(layout)

    # ------------------------------------------------------------------ reading

    @property
    def person(self) -> PersonId | None:
        key = self.key.person if isinstance(self.key, VisitsOf) else self.key
        return None if key is None else PersonId(UUID(str(key)))

    def open(self, key: object) -> None:
        if key is None:
            return
        if isinstance(key, VisitsOf):
            self._to_begin = key if key.begin or key.action else None
            key = key.person
        if str(key) != str(self.key):
            self.panel.hide()
            self._undo = []
        self.key = key
        self.refresh()

    def refresh(self) -> None:
        person, services = self.person, self.desk.services
        if person is not None:
            self.run(lambda: reading.load(services, person), self._show, latest="visits")

    def _show(self, found: reading.PersonVisits) -> None:
        self.found = found
        self.banner.show_facts(banner_facts(found.record), local_date(self._now()))
        self.patterns.set_rows(found.patterns)
        self.strip.show_proposals(found.proposals, may=self.may_write)
        self._show_rows()
        ask_again(*self._buttons)
        if self._to_begin is not None:
            wanted, self._to_begin = self._to_begin, None
            self._begin(wanted)

    def _show_rows(self) -> None:
        if self.found is None:
            return
        now, coming = self._now(), self.when.value == "coming"
        ahead = [r for r in self.found.rows if r.arrive.end > now and r.state == "planned"]
        past = [r for r in self.found.rows if r not in ahead]
        self.visits.set_rows(ahead if coming else past[::-1])
        alone = sum(1 for r in ahead if len(r.workers) < r.workers_needed)
        said = wording.count(len(ahead), "visit") + " to come in six weeks"
        self.head.say(said + (f", {alone} without all their workers" if alone else ""))

    def _about(self) -> list[str]:
        record = self.found.record if self.found else None
        if record is None:
            return []
        fields = record.person.fields
        which = "to come" if self.when.value == "coming" else "of the past four weeks"
        return [f"Visits to {wording.name(fields.surname, fields.given, fields.title)}, {which}"]

    def activated(self) -> None:
        if not self.panel.isVisible():
            self.table.setFocus()

    @property
    def may_write(self) -> bool:
        return self.desk.actor.role in WRITERS

    # ------------------------------------------------------------------ commands

    def _make_commands(self) -> list[Command]:
        def here() -> bool:
            return self.found is not None and self.may_write

        def chosen() -> bool:
            return here() and self._chosen() is not None

        def recurs() -> bool:
            row = self._chosen()
            return here() and isinstance(row, PatternRow) and not row.pattern.is_over

        def proposed() -> bool:
            return here() and bool(self.found and self.found.proposals)

        group = "Visits"
        return [
            Command("visits.visit", "Plan one visit", lambda: self._begin_new("visit"), "N", here, group,
                    "calendar-plus", also="new urgent"),
            Command("visits.pattern", "Plan visits that recur", lambda: self._begin_new("pattern"), "P", here, group,
                    "repeat", also="pattern weekly daily repeat"),
            Command("visits.edit", "Change this", self.edit, "E", chosen, group, "pencil-simple"),
            Command("visits.end", "End these recurring visits from today", self.end, "X", recurs, group, "calendar-x"),
            Command("visits.follow", "Do as the care plan says", self.strip.follow_all, "A", proposed, group, "check"),
            Command("visits.undo", "Undo", self.undo, "U", lambda: bool(self._undo), group, "arrow-u-up-left"),
            Command("visits.board", "Show it on the board", self.to_board, "B", lambda: self._row() is not None, group,
                    "squares-four"),
            Command("visits.record", "Open the person's record", self.to_record, "R", lambda: self.found is not None,
                    group, "user"),
            *self.table.commands("visits"),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return self._commands

    def _chosen(self) -> VisitRow | PatternRow | None:
        """What the list with the focus has chosen; the visit before the pattern."""
        if self.recurring.hasFocus() or self.table.current is None:
            found: VisitRow | PatternRow | None = self.recurring.current
            return found
        row: VisitRow = self.table.current
        return row

    def _row(self) -> VisitRow | None:
        row = self._chosen()
        return row if isinstance(row, VisitRow) else None

    @property
    def can_take_back(self) -> bool:
        return bool(self._undo)

    def take_back(self) -> None:
        self.undo()

    # ------------------------------------------------------------------ the form

    def _begin(self, wanted: VisitsOf) -> None:
        if wanted.action is not None:
            key, services, name = wanted.action, self.desk.services, self._name()
            self._ask(lambda: reading.of_action(services, services.visits.from_action(key), name))
        elif wanted.begin:
            self._begin_new(wanted.begin)

    def _begin_new(self, kind: Any) -> None:
        found, services = self.found, self.desk.services
        if found is None:
            return
        blank = About(kind, found.record.person.id, self._name(), self._usual_team(), local_date(self._now()))
        self._ask(lambda: reading.fresh(services, blank, found.record, tomorrow=kind == "pattern"))

    def _usual_team(self) -> Any:
        if self.found and self.found.patterns:
            return self.found.patterns[0].pattern.team_id
        return self.found.rows[-1].team_id if self.found and self.found.rows else self.desk.actor.team_id

    def _name(self) -> str:
        record: PersonRecord | None = self.found.record if self.found else None
        fields = record.person.fields if record else None
        return wording.name(fields.surname, fields.given, fields.title) if fields else ""

    def edit(self) -> None:
        """The form of what is chosen."""
        row, services, name = self._chosen(), self.desk.services, self._name()
        if isinstance(row, VisitRow):
            key = row.id
            if row.state != "planned":
                self.desk.notices.warn("That visit has an outcome. What has been is not changed.")
                return
            self._ask(lambda: reading.of_visit(services, key))
        elif row is not None:
            pattern = row.pattern.id
            self._ask(lambda: reading.of_pattern(services, pattern, name))

    def _ask(self, call: Callable[[], reading.Beginning]) -> None:
        self.run(call, self._open_form, latest="form")

    def _open_form(self, found: reading.Beginning) -> None:
        about = found.about
        editor = VisitEditor(self, about, found.teams, found.skills)
        editor.saved.connect(self._saved)
        editor.left.connect(self.panel.close_panel)
        one = "visit" if about.kind == "visit" else "recurring visits"
        self.panel.set_title(f"New {one}" if about.fresh else f"Change {one}")
        self.panel.set_content(editor)
        editor.setContentsMargins(0, 0, 0, 0)
        self.panel.set_actions()
        self.panel.show()
        editor.begin()

    @property
    def editor(self) -> VisitEditor | None:
        """The form that is open."""
        found = self.panel.area.widget()
        return found if isinstance(found, VisitEditor) and not self.panel.isHidden() else None

    def _saved(self, change: Change) -> None:
        self.panel.close_panel()
        self._did(change)
        self.refresh()

    # ------------------------------------------------------------------ doing and undoing

    def _did(self, change: Change) -> None:
        self._undo.append(change)
        self.desk.notices.say(words.happened(change), undo=self.undo)
        ask_again(*self._buttons)

    def undo(self) -> None:
        """Take back the last change, all of it."""
        if not self._undo:
            return
        change, visits = self._undo.pop(), self.desk.services.visits

        def done(back: Change) -> None:
            self.desk.notices.say("It is as it was." + words.freed(back.freed))
            self.refresh()

        self.run(lambda: visits.undo(change), done)

    def end(self) -> None:
        """No more visits of this pattern from today on; undone with U."""
        row, visits, day = self._chosen(), self.desk.services.visits, local_date(self._now())
        if isinstance(row, PatternRow):
            key, seen = row.pattern.id, row.pattern.revision
            self._do(lambda: visits.end_pattern(key, day, seen=seen))

    def _follow(self, asked: list[FromPlan]) -> None:
        visits = self.desk.services.visits
        self._do(lambda: visits.follow(asked))

    def _keep(self, asked: FromPlan) -> None:
        visits = self.desk.services.visits
        self.run(lambda: visits.keep_as_is(asked), lambda _done: self.refresh())

    def _do(self, call: Callable[[], Change]) -> None:
        def done(change: Change) -> None:
            self._did(change)
            self.refresh()

        self.run(call, done)

    # ------------------------------------------------------------------ elsewhere

    def to_board(self) -> None:
        row = self._row()
        if row is not None:
            named = row.team.lower()
            board = "nursing" if "nurs" in named else "deliveries" if "equipment" in named else "reablement"
            self.desk.go.to(board, (row.team_id, row.day, row.id))

    def to_record(self) -> None:
        if self.person is not None:
            self.desk.go.to("person", self.person)
