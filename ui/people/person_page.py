"""One person: the banner, what is so now, everything that happened, and the rest, a tab each (R1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from coordination.changes import RESYNC, Change
from coordination.clock import local_date
from coordination.errors import NotFound
from coordination.people.record import PersonRecord
from coordination.values import PersonId
from ui import sentences
from ui.desk import Desk
from ui.people import words
from ui.people.glass import GlassActs
from ui.people.panel import RecordActs
from ui.people.person_acts import SHORT, TABS, PersonActs
from ui.people.sections import RecordSections
from ui.people.sharing_panel import SharingActs
from ui.people.tabs import AroundTab, CareTab, EntriesTab, PlacesTab, RecordTab
from ui.people.timeline import TimelineTab
from ui.people.twice import TwiceRegistered
from ui.presence import PresenceLine
from ui.shell.banner import PersonBanner
from ui.style import fonts
from ui.widgets.basics import ask_again, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import SidePanel, scrolling, splitter
from ui.widgets.table import Table

NOW, TIMELINE = 0, 1

WHO_ALONE = (
    "Your role sees who this is and who looked at the record, not their care. What stands empty below, and beside lead "
    "worker and carer above, may be there all the same."
)


class PersonPage(PersonActs):
    """The record of one person; ``open(person_id)`` shows it, and the view is noted on the audit trail (R4)."""

    id, title, icon = "person", "Person", "user"
    areas = frozenset(
        {"people", "intake", "assessment", "careplan", "deployment", "apartments", "safeguarding", "equipment"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.record: PersonRecord | None = None
        self._read_tabs: set[int] = set()
        self._came_by: object = None  # the id that was asked for, where a merge led to another
        self.banner = PersonBanner()
        self.panel = SidePanel("", width=420)
        self.panel.hide()
        self.acts = RecordActs(self, self._put, self._leave)
        self.glass = GlassActs(self, self._put, self._leave)
        self.sharing = SharingActs(self, self._put, self._leave)
        self._commands = self._make_commands()
        by = {command.id.removeprefix("person."): command for command in self._commands}
        self._buttons = [
            command_button(by[name], kind="main" if name == "contact" else "", words=said)
            for name, said in SHORT.items()
        ]
        self.here = PresenceLine(desk, wrap=False)
        self._bar = plane(row(*self._buttons, None, self.here, margins=(6, 1.5, 6, 1.5)), "surface", "below")
        self._make_tabs()
        self._body = QStackedWidget()
        self.twice = TwiceRegistered(self, self._body, self.acts, self._merged, self._bar)
        tabs = QWidget()
        said = label(WHO_ALONE, strong=True, wrap=True)
        told = plane(row(said, margins=(6, 2, 6, 2)), "surface", "below")
        without_care = [told] if desk.actor.role == "ig_lead" else []
        tabs.setLayout(column(*without_care, self._tab_bar, self._tabs, gap=0))
        self._body.addWidget(splitter(tabs, self.panel, sizes=(960, 420), settings=desk.settings, name="person-tabs"))
        for part in (self._bar, self.twice, self._tab_bar):
            part.hide()
        layout = column(self.banner, self.glass.bar, self._bar, self.twice, self._body, gap=0)
        layout.setStretch(4, 1)
        self.setLayout(layout)
        self.panel.closed.connect(self.activated)
        self.panel.closed.connect(self._say_here)
        desk.presence.watch(self, lambda: [] if self.record is None else [self.record.person.id])
        Busy(self._tabs, desk.tasks, owner=self)

    def _make_tabs(self) -> None:
        self._now = scrolling(EmptyState("No record is open", "Find a person with Ctrl+K.", icon="user"))
        self.timeline = TimelineTab(
            self.desk, lambda call, ok: self.run(call, ok, latest="timeline"), lambda: self._person_id
        )
        self.further: dict[int, RecordTab] = {
            2: EntriesTab(self.desk), 3: CareTab(self.desk), 4: PlacesTab(self.desk), 5: AroundTab(self.desk, self.add),
        }  # fmt: skip
        self._tabs = QStackedWidget()
        self._tab_bar = QTabBar()
        self._tab_bar.setExpanding(False)
        self._tab_bar.setUsesScrollButtons(True)
        self._tab_bar.setAccessibleName("Parts of the record")
        fonts.dress(self._tab_bar)
        for number, (title, tab) in enumerate(
            zip(TABS, (self._now, self.timeline, *self.further.values()), strict=True)
        ):
            self._tabs.addWidget(tab)
            self._tab_bar.addTab(title)
            self._tab_bar.setTabToolTip(number, f"{title}  (Ctrl+{number + 1})")
        self._tab_bar.currentChanged.connect(self._show_tab)

    @property
    def _person_id(self) -> PersonId | None:
        return self.record.person.id if self.record is not None else None

    def activated(self) -> None:
        if self.twice.merging is not None:
            self.twice.merging.focus()
            return
        (self._table or self._tabs.widget(self._tabs.currentIndex())).setFocus(Qt.FocusReason.OtherFocusReason)

    # ---------------------------------------------------------------- reading

    def open(self, key: object) -> None:
        """``key``: the id of the person."""
        if key is None:
            return
        if str(key) != str(self.key):
            self._leave()
            self.twice.close_comparison()
            self.timeline.clear()
            self.glass.show_record(None)
            self._read_tabs = set()
            self._came_by = None
            self._tab_bar.setCurrentIndex(NOW)
        self.key = key
        self.refresh()

    def refresh(self) -> None:
        if self.key is None:
            return
        person_id, people = PersonId(UUID(str(self.key))), self.desk.services.people
        self.run(lambda: people.open_record(person_id), self._show, self._failed, latest="record")

    @property
    def whose(self) -> UUID | None:
        return UUID(str(self.key)) if self.key is not None else None

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """What changes of this person, or of things of theirs that are shown: each reading is noted as a view."""
        if self.record is None or RESYNC in changes:
            return self.record is not None
        record = self.record
        ours = {str(record.person.id)} | self.timeline.keys()
        lists: tuple[Any, ...] = (record.visits, record.referrals, record.assessments, record.contacts, record.concerns)
        ours |= {str(found.id) for each in lists for found in each}
        ours |= {str(found.id) for found in record.equipment}
        ours |= {str(found.id) for found in (record.plan, record.stay) if found is not None}
        for tab in self.further.values():
            ours |= tab.keys()
        return any(change.area in self.areas and change.key in ours for change in changes)

    def come_forward(self, key: object = None) -> None:
        """A record is read each time it is looked at: what others did meanwhile need not have been of a known thing."""
        self._stale = self._stale or (key is None and self.key is not None)
        super().come_forward(key)

    def _show(self, record: PersonRecord) -> None:
        if str(record.person.id) != str(self.key):  # merged since: from now on it is the kept record that is open
            self._came_by, self.key = self.key, record.person.id
        self.record = record
        self.sharing.show_record(record)
        self.glass.show_record(record)
        self.here.show_record("people", record.person.id)
        self._say_here()
        now = self.desk.clock.now()
        self.banner.show_facts(words.banner_facts(record), local_date(now))
        parts: list[QWidget] = []
        if record.detail_hidden:
            said = "This person shares a summary only. Carers, assessments and plan are kept back by the database."
            parts.append(self.glass.beside(label(said, tone="amber", wrap=True)))
        parts.append(RecordSections(record, now, self.desk.go.to, self.add))
        self._swap(parts)
        self._bar.setVisible(self.twice.merging is None)
        self._tab_bar.show()
        ask_again(*self._buttons)
        self._read_tabs = set()
        self._show_tab(self._tab_bar.currentIndex())
        self.twice.show_record(record, self._came_by)

    def _swap(self, parts: list[QWidget]) -> None:
        at = self._now.verticalScrollBar().value()
        content = QWidget()
        content.setLayout(column(*parts, None, gap=2, margins=(6, 4, 6, 4)))
        self._now.setWidget(content)
        self._now.verticalScrollBar().setValue(at)

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, NotFound):
            self._empty()
            for part in (self._bar, self.twice, self._tab_bar):
                part.hide()
            self._tabs.setCurrentIndex(NOW)
            self.banner.show_facts(None, local_date(self.desk.clock.now()))
            self._swap([EmptyState("No such record", sentences.sentence(error), icon="lock-key")])
            return True
        return False

    def _empty(self) -> None:
        """Nothing of the person stays on the page, in front or behind."""
        self.record = None
        self.sharing.show_record(None)
        self.glass.show_record(None)
        self.desk.presence.leave(self)
        self.panel.hide()
        self.panel.set_content(QWidget())
        self.twice.close_comparison()
        self.timeline.clear()
        for tab in self.further.values():
            tab.clear()
        self._read_tabs = set()

    # ---------------------------------------------------------------- tabs

    def show_tab(self, number: int) -> None:
        """Go to a tab; it is read when it is first shown."""
        self._tab_bar.setCurrentIndex(number)
        self.activated()

    def _show_tab(self, number: int) -> None:
        self._tabs.setCurrentIndex(number)
        record = self.record
        if record is None or number in self._read_tabs or number == NOW:
            return
        self._read_tabs.add(number)
        if number == TIMELINE:
            self.timeline.read()
            return
        tab, people = self.further[number], self.desk.services.people
        person_id = record.person.id
        self.run(
            lambda: tab.call(people, person_id), lambda found: tab.show_found(found, record), latest=f"tab{number}"
        )

    @property
    def _table(self) -> Table | None:
        """The list that is in front: the one with the focus, or the first."""
        tables = [
            table
            for table in self._tabs.widget(self._tabs.currentIndex()).findChildren(Table)
            if table.isVisibleTo(self)
        ]
        return next((table for table in tables if table.hasFocus()), tables[0] if tables else None)

    # ---------------------------------------------------------------- merging

    def _merged(self, kept: PersonId) -> None:
        self.key, self._came_by = kept, None
