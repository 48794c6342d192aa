"""The further tabs of a record, each of one query: contacts and referrals, assessments and plan, visits and stays,
people around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.people.record import (
    PersonRecord,
    RecordAction,
    RecordAround,
    RecordCare,
    RecordContact,
    RecordEntries,
    RecordPlaces,
    RecordReferral,
    RecordStay,
    RecordVisit,
)
from coordination.people.service import People
from coordination.values import PersonId
from ui import wording
from ui.desk import Desk
from ui.intake import words as intake_words
from ui.people import words
from ui.people.reading import Reading
from ui.people.sections import alerts_section, around_section, assessments_section, merges_section
from ui.style import theme, tokens
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, column, label, row
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts, Section, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

Go = Callable[[str, object], object]
Act = Callable[[str], object]


class RecordTab(QWidget):
    """One tab. ``keys`` are the ids of what it shows: a change of one of them is a reason to read again."""

    title = ""
    tables: tuple[Table, ...] = ()
    reading: Reading

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def call(self, people: People, person_id: PersonId) -> Any:
        """The one query of this tab, on a worker thread."""
        raise NotImplementedError

    def show_found(self, found: Any, record: PersonRecord) -> None:
        raise NotImplementedError

    def clear(self) -> None:
        """Nothing of the person stays here."""
        for table in self.tables:
            table.table_model.set_rows(())
        self.reading.clear()

    def keys(self) -> set[str]:
        return {str(row.id) for table in self.tables for row in table.table_model.all_rows}

    def _lists(self, *tables: tuple[str, Table], empty: str) -> Reading:
        """Two tables above each other, and what is chosen in full at the right."""
        self.tables = tuple(table for _title, table in tables)
        reading = Reading(empty)
        parts = []
        for title, table in tables:
            part = QWidget()
            head = column(label(title, strong=True), margins=(6, 2, 6, 1))
            part.setLayout(column(head, table, gap=0))
            parts.append(part)
            part.setMinimumHeight(theme.px(140))
        left = splitter(*parts, upright=True, sizes=(300, 300))
        left.setStretchFactor(1, 1)
        self.setLayout(column(splitter(left, reading, sizes=(900, 340))))
        return reading


class EntriesTab(RecordTab):
    """Contacts and referrals, ended ones too."""

    title = "Contacts and referrals"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        now = desk.clock.now
        self.referrals = StableTableModel[RecordReferral](
            [
                Column("number", "No.", lambda r: str(r.number), sort=lambda r: r.number, numeric=True, width=64),
                Column("received", "Received", lambda r: wording.near_time(r.received_at, now()),
                       sort=lambda r: r.received_at, width=135),
                Column("service", "Service", lambda r: r.service_name, strong=True, width=160),
                Column("state", "State", lambda r: intake_words.STATES[r.state], width=105,
                       badge=lambda r: tokens.state(r.state)),
                Column("need", "What is asked for", lambda r: r.need, stretch=True, width=115),
                Column("holder", "Who has it", lambda r: r.holder or "", quiet=True, width=110),
            ],
            key=lambda r: r.id,
        )  # fmt: skip
        self.contacts = StableTableModel[RecordContact](
            [
                Column("received", "Received", lambda r: wording.near_time(r.received_at, now()),
                       sort=lambda r: r.received_at, width=135),
                Column("channel", "By", lambda r: intake_words.CHANNELS[r.channel], width=115),
                Column("caller", "From", lambda r: r.caller_name, width=130),
                Column("need", "What was said", lambda r: r.need, stretch=True, width=130),
                Column("ending", "End", lambda r: intake_words.ENDINGS.get(r.ending or "", "Not ended"), quiet=True,
                       width=130),
            ],
            key=lambda r: r.id,
        )  # fmt: skip
        tables = [
            Table(self.referrals, settings=desk.settings, name="person-referrals", title="Referrals",
                  empty=EmptyState("No referral yet", "A contact can refer to one or more services.")),
            Table(self.contacts, settings=desk.settings, name="person-contacts", title="Contacts",
                  empty=EmptyState("No contact yet", "Calls, mails and forms about this person appear here.",
                                   icon="phone")),
        ]  # fmt: skip
        self.reading = self._lists(
            ("Referrals", tables[0]), ("Contacts", tables[1]), empty="Choose a line to read it in full."
        )
        tables[0].current_changed.connect(self._referral)
        tables[0].opened.connect(lambda r: desk.go.to("queue", r.id))
        tables[1].current_changed.connect(self._contact)

    def call(self, people: People, person_id: PersonId) -> RecordEntries:
        return people.entries(person_id)

    def show_found(self, found: RecordEntries, record: PersonRecord) -> None:
        self.referrals.set_rows(found.referrals)
        self.contacts.set_rows(found.contacts)

    def _referral(self, found: RecordReferral | None) -> None:
        if found is None:
            return
        facts: list[tuple[str, object | None]] = [
            ("Received", wording.day_time(found.received_at)), ("Due", wording.day_time(found.due_at)),
            ("State", intake_words.STATES[found.state]), ("Who has it", found.holder or "Nobody yet"),
        ]  # fmt: skip
        go = ("Show it in the queue", lambda: self.desk.go.to("queue", found.id))
        self.reading.say(f"No. {found.number}, {found.service_name}", facts, found.need, go)

    def _contact(self, found: RecordContact | None) -> None:
        if found is None:
            return
        who = " · ".join(part for part in (found.caller_name, found.caller_relation) if part)
        facts: list[tuple[str, object | None]] = [
            ("Received", wording.day_time(found.received_at)), ("By", intake_words.CHANNELS[found.channel]),
            ("From", who or None), ("End", intake_words.ENDINGS.get(found.ending or "", "Not ended")),
        ]  # fmt: skip
        said = "\n\n".join(part for part in (found.need, found.ending_reason) if part)
        self.reading.say("Contact", facts, said)


class PlacesTab(RecordTab):
    """Visits and stays, past and ahead."""

    title = "Visits and stays"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.visits = StableTableModel[RecordVisit](
            [
                Column("day", "Day", lambda v: wording.weekday(local_date(v.arrive.start)),
                       sort=lambda v: v.arrive.start, width=135),
                Column("time", "Between", lambda v: f"{wording.clock_time(v.arrive.start)}–"
                       f"{wording.clock_time(v.arrive.end)}", width=100),
                Column("team", "Team", lambda v: v.team, width=165),
                Column("need", "Need", lambda v: v.need, stretch=True, width=130),
                Column("who", "Who", lambda v: wording.listing(list(v.workers)) or "Nobody yet", width=130),
                Column("state", "State", lambda v: wording.words(v.state), width=110,
                       badge=lambda v: tokens.state(v.state)),
            ],
            key=lambda v: v.id,
        )  # fmt: skip
        self.stays = StableTableModel[RecordStay](
            [
                Column("from", "From", lambda s: wording.day(s.start), sort=lambda s: s.start, width=120),
                Column("to", "Until", lambda s: wording.day(s.end), sort=lambda s: s.end, width=120),
                Column("where", "Where", lambda s: f"{s.scheme}, {s.apartment}", stretch=True, width=130),
                Column("state", "State", lambda s: wording.words(s.state), width=120),
            ],
            key=lambda s: s.id,
        )  # fmt: skip
        tables = [
            Table(self.visits, settings=desk.settings, name="person-visits", title="Visits",
                  empty=EmptyState("No visit yet", "Visits by reablement and district nurses appear here.",
                                   icon="calendar-check")),
            Table(self.stays, settings=desk.settings, name="person-stays", title="Stays",
                  empty=EmptyState("No stay in an apartment", "", icon="buildings")),
        ]  # fmt: skip
        self.reading = self._lists(
            ("Visits", tables[0]), ("Stays", tables[1]), empty="Choose a line to read it in full."
        )
        tables[0].current_changed.connect(self._visit)
        tables[1].opened.connect(lambda s: desk.go.to("apartments", s.id))

    def call(self, people: People, person_id: PersonId) -> RecordPlaces:
        return people.places(person_id)

    def show_found(self, found: RecordPlaces, record: PersonRecord) -> None:
        self.visits.set_rows(found.visits)
        self.stays.set_rows(found.stays)

    def _visit(self, visit: RecordVisit | None) -> None:
        if visit is None:
            return
        day = wording.weekday(local_date(visit.arrive.start))
        facts: list[tuple[str, object | None]] = [
            ("Team", visit.team), ("Who", wording.listing(list(visit.workers)) or "Nobody yet"),
            ("Length", f"{visit.minutes} min"), ("State", wording.words(visit.state)),
        ]  # fmt: skip
        self.reading.say(f"{day}, {wording.clock_time(visit.arrive.start)}", facts, visit.need)


class _Scrolled(RecordTab):
    """A tab of sections that scrolls."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._area = scrolling(QWidget())
        self._keys: set[str] = set()
        self.setLayout(column(self._area))

    def _put(self, *parts: QWidget) -> None:
        at = self._area.verticalScrollBar().value()
        content = QWidget()
        content.setLayout(column(*parts, None, gap=6, margins=(6, 4, 6, 4)))
        self._area.setWidget(content)
        self._area.verticalScrollBar().setValue(at)

    def clear(self) -> None:
        self._keys = set()
        self._put()

    def keys(self) -> set[str]:
        return self._keys


class CareTab(_Scrolled):
    """Assessments, and the plan with its outcomes."""

    title = "Assessments and plan"

    def call(self, people: People, person_id: PersonId) -> RecordCare:
        return people.care(person_id)

    def show_found(self, found: RecordCare, record: PersonRecord) -> None:
        self._keys = {str(a.id) for a in found.assessments} | ({str(found.plan.id)} if found.plan else set())
        assessments = assessments_section(found.assessments, self.desk.go.to, hidden=record.detail_hidden)
        self._put(assessments, self._plan(found, record))

    def _plan(self, found: RecordCare, record: PersonRecord) -> Section:
        plan = found.plan
        section = Section("Care plan")
        if plan is None:
            section.add(label("Not shared with this desk." if record.detail_hidden else "None yet.", quiet=True))
        else:
            facts: list[tuple[str, object | None]] = [
                ("State", wording.words(plan.state)), ("Lead worker", plan.lead_worker_name or "Nobody yet"),
                ("Review", wording.day(plan.review_on) if plan.review_on else "No day set"),
            ]  # fmt: skip
            facts += [("What matters", words.soft(found.what_matters))] if found.what_matters else []
            section.add(Facts(facts))
            for outcome in found.outcomes:
                section.add(label(words.soft(outcome.words), wrap=True, strong=True))
                self._actions(section, outcome.actions)
            self._actions(section, found.other_actions)
            section.add(line(LinkLabel("Open the care plan", lambda: self.desk.go.to("plan", plan.id))))
        if found.plans_ended:
            section.add(label(f"{wording.count(found.plans_ended, 'earlier plan')} ended", quiet=True))
        return section

    @staticmethod
    def _actions(section: Section, actions: Sequence[RecordAction]) -> None:
        for action in actions:
            due = f"by {wording.day(action.due_on)}" if action.due_on else ""
            said = " · ".join(part for part in (action.who or "nobody yet", due) if part)
            head = row(label(words.soft(action.what), wrap=True), label(said, quiet=True), _action_badge(action))
            head.setStretch(0, 1)
            made = QWidget()
            made.setLayout(head)
            section.add(made)


def _action_badge(action: RecordAction) -> Badge:
    tone, mark = {"done": ("ok", "check"), "under_way": ("accent", "play")}.get(action.state, ("neutral", "circle"))
    return Badge(wording.words(action.state), tone, mark)


class AroundTab(_Scrolled):
    """Who is around the person, every alert there was, with whom they share, and what was merged."""

    title = "People around"

    def __init__(self, desk: Desk, act: Act) -> None:
        super().__init__(desk)
        self._act = act

    def call(self, people: People, person_id: PersonId) -> RecordAround:
        return people.people_around(person_id)

    def show_found(self, found: RecordAround, record: PersonRecord) -> None:
        today = local_date(self.desk.clock.now())
        lists: tuple[tuple[Any, ...], ...] = (found.around, found.alerts, found.merges)
        self._keys = {str(each.id) for each_list in lists for each in each_list}
        sharing = Section("Shares with")
        sharing.add(label(words.SHARING[record.person.sharing_level]))
        if found.teams:
            sharing.add(label(wording.listing(list(found.teams)), wrap=True, quiet=True))
        sharing.add(line(LinkLabel("What was agreed, and what a team sees", lambda: self._act("sharing"))))
        parts = [
            around_section(found.around, today, self._act, hidden=record.detail_hidden),
            alerts_section(found.alerts, today, self._act),
            sharing,
        ]
        parts += [merges_section(found.merges, record.person.id, self._act)] if found.merges else []
        self._put(*parts)


def line(*parts: QWidget | None) -> QWidget:
    made = QWidget()
    made.setLayout(row(*parts, *([] if None in parts else [None])))
    return made
