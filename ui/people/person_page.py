"""One person: the banner, what is in place, and everything that happened (R1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from coordination.assessment.model import AssessmentSheet
from coordination.assessment.model import Form as AssessmentForm
from coordination.changes import RESYNC, Change
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, NotFound
from coordination.people.model import ALERT_KINDS, AlertDraft, AroundDraft, Person, PersonRecord
from coordination.values import PersonId, new_id
from ui import sentences, wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.people import words
from ui.people.correct import CorrectPerson
from ui.people.sections import RecordSections
from ui.people.timeline import Timeline
from ui.safeguarding.opening import RaiseAbout
from ui.shell.banner import PersonBanner
from ui.style import theme
from ui.widgets.basics import Choice, ask_again, button, column, command_button, label, plane, row, rule
from ui.widgets.busy import Busy
from ui.widgets.dates import DateEdit
from ui.widgets.empty import EmptyState
from ui.widgets.fields import Form
from ui.widgets.panels import SidePanel, scrolling, splitter

WRITERS = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"})
ROOM_FOR_THREE = 1500  # pixels at 100 %: narrower, the panel takes the place of the timeline
ASSESSORS = frozenset({"trusted_assessor", "care_coordinator", "team_lead"})


class PersonPage(Page):
    """The record of one person; ``open(person_id)`` shows it, and the view is noted on the audit trail (R4)."""

    id, title, icon = "person", "Person", "user"
    areas = frozenset({"people", "intake", "assessment", "careplan", "deployment", "apartments"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.record: PersonRecord | None = None
        self._timeline_on: frozenset[str] = frozenset()
        self._timeline: Timeline | None = None
        self.banner = PersonBanner()
        self._commands = self._make_commands()
        self._left = scrolling(EmptyState("No record is open", "Find a person with Ctrl+K.", icon="user"))
        self._right = scrolling(QWidget())
        self.panel = SidePanel("", width=420)
        self.panel.hide()
        by = {command.id.removeprefix("person."): command for command in self._commands}
        kinds = {"contact": "main"}
        self._buttons = [
            command_button(by[name], kind=kinds.get(name, ""), words=said) for name, said in _SHORT.items()
        ]
        self._bar = plane(row(*self._buttons, None, margins=(6, 1.5, 6, 1.5)), "surface", "below")
        self._bar.hide()
        left, self._happened = plane(column(self._left), "surface", "right"), plane(column(self._right), "surface")
        split = splitter(left, self._happened, self.panel, sizes=(620, 500, 420), settings=desk.settings, name="person")
        layout = column(self.banner, self._bar, split, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.panel.closed.connect(self._panel_closed)
        Busy(self._left, desk.tasks, owner=self)

    def activated(self) -> None:
        self._left.setFocus()

    def _make_commands(self) -> list[Command]:
        def known() -> bool:
            return self.record is not None

        def writes() -> bool:
            return known() and self.desk.actor.role in WRITERS

        return [
            Command("person.contact", "New contact about this person", self.contact, "Ctrl+Shift+C",
                    writes, "Person", "phone"),
            Command("person.assess", "Start an assessment", self.assess, "Ctrl+Shift+S",
                    lambda: known() and self.desk.actor.role in ASSESSORS, "Person", "clipboard-text"),
            Command("person.plan", "Open the care plan", self.plan, "Ctrl+Shift+P", known, "Person",
                    "list-bullets"),
            Command("person.apartment", "Find an apartment", self.apartment, "Ctrl+Shift+F", known,
                    "Person", "buildings"),
            Command("person.correct", "Correct this record", self.correct, "Ctrl+E", writes, "Person", "pencil-simple",
                    also="edit change"),
            Command("person.concern", "Raise a safeguarding concern", self.raise_concern, group="Person",
                    icon="shield-warning", enabled_when=writes, also="abuse neglect"),
            Command("person.alert", "Add an alert", lambda: self.add("alert"), group="Person", icon="warning-circle",
                    enabled_when=writes),
            Command("person.around", "Add somebody around them", lambda: self.add("around"), group="Person",
                    icon="users", enabled_when=writes),
        ]  # fmt: skip

    def commands(self) -> list[Command]:
        return self._commands

    # ---------------------------------------------------------------- going on from here

    def contact(self) -> None:
        """A new contact about this person."""
        if self.record is not None:
            self.desk.go.to("contact", self.record.person.id)

    def raise_concern(self) -> None:
        """E3. A safeguarding concern about this person, with me as its owner."""
        if self.record is not None:
            fields = self.record.person.fields
            about = wording.name(fields.surname, fields.given, fields.title)
            self.desk.go.to("safeguarding", RaiseAbout(self.record.person.id, about))

    def assess(self) -> None:
        """Choose a form; one that is begun already is gone on with (A1: done once)."""
        if self.record is not None:
            self.run(self.desk.services.assessment.forms, self._offer_forms, latest="forms")

    def _offer_forms(self, forms: list[AssessmentForm]) -> None:
        record = self.record
        if record is None:
            return
        begun = {found.title: found for found in record.assessments if found.state == "draft"}
        parts: list[QWidget] = []
        for form in forms:
            draft = begun.get(form.title)
            said = f"Go on: begun {wording.day(local_date(draft.started_at))}" if draft else form.intro
            parts += [button(form.title, lambda form=form: self._start(form), icon="clipboard-text")]  # type: ignore[misc]
            parts += [label(said, quiet=True, wrap=True)] if said else []
        content = QWidget()
        content.setLayout(column(*parts, None, gap=2))
        self._put("Assess", content, self._leave_button())
        parts[0].setFocus()

    def _start(self, form: AssessmentForm) -> None:
        record, assessments = self.record, self.desk.services.assessment
        if record is None:
            return
        person_id, referral = record.person.id, (record.referrals[0].id if record.referrals else None)

        def begun(sheet: AssessmentSheet) -> None:
            self._leave()
            self.desk.go.to("assessment", sheet.assessment.id)

        self.run(lambda: assessments.start(person_id, form.id, referral), begun)

    def plan(self) -> None:
        """The person's one plan; a draft is begun when there is none (C1)."""
        record, plans = self.record, self.desk.services.careplan
        if record is None:
            return
        if record.plan is not None:
            self.desk.go.to("plan", record.plan.id)
        else:
            person_id = record.person.id
            self.run(lambda: plans.start(person_id), lambda sheet: self.desk.go.to("plan", sheet.plan.id))

    def apartment(self) -> None:
        """The stay of this person, the referral that waits for one, or the calendar."""
        record = self.record
        if record is None:
            return
        waiting = next((r.id for r in record.referrals if r.service == "neighbourhood_apartment"), None)
        self.desk.go.to("apartments", record.stay.id if record.stay else waiting)

    # ---------------------------------------------------------------- reading

    def open(self, key: object) -> None:
        """``key``: the id of the person."""
        if key is not None:
            if key != self.key:
                self._leave()
                self._timeline_on = frozenset()
            self.key = key
            self.refresh()

    def refresh(self) -> None:
        if self.key is None:
            return
        person_id, people = PersonId(UUID(str(self.key))), self.desk.services.people
        self.run(lambda: people.open_record(person_id), self._show, self._failed, latest="record")

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """What changes of this person, or of things of theirs that are shown: each reading is noted as a view."""
        if self.record is None or RESYNC in changes:
            return self.record is not None
        ours = {str(self.record.person.id)}
        ours |= {str(item.key) for item in self.record.timeline}
        ours |= {str(visit.id) for visit in self.record.visits}
        ours |= {str(found.id) for found in (*self.record.referrals, *self.record.assessments)}
        ours |= {str(found.id) for found in (self.record.plan, self.record.stay) if found is not None}
        return any(change.area in self.areas and change.key in ours for change in changes)

    def come_forward(self, key: object = None) -> None:
        """A record is read each time it is looked at: what others did meanwhile need not have been of a known thing."""
        self._stale = self._stale or (key is None and self.key is not None)
        super().come_forward(key)

    def _show(self, record: PersonRecord) -> None:
        self.record = record
        now = self.desk.clock.now()
        self.banner.show_facts(words.banner_facts(record), local_date(now))
        parts: list[QWidget] = []
        if record.detail_hidden:
            said = "This person shares a summary only. Carers, assessments and plan are kept back by the database."
            parts.append(label(said, tone="amber", wrap=True))
        parts.append(RecordSections(record, now, self.desk.go.to, self.add))
        self._swap(self._left, parts)
        if self._timeline is not None:
            self._timeline_on = self._timeline.on
        self._timeline = Timeline(record.timeline, now, self._timeline_on)
        self._swap(self._right, [label("What happened", strong=True), rule(), self._timeline])
        self._bar.show()
        ask_again(*self._buttons)

    @staticmethod
    def _swap(area: Any, parts: list[QWidget]) -> None:
        at = area.verticalScrollBar().value()
        content = QWidget()
        content.setLayout(column(*parts, None, gap=2, margins=(6, 4, 6, 4)))
        area.setWidget(content)
        area.verticalScrollBar().setValue(at)

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, NotFound):
            self.record = None
            self._bar.hide()
            self.banner.show_facts(None, local_date(self.desk.clock.now()))
            self._swap(self._left, [EmptyState("No such record", sentences.sentence(error), icon="lock-key")])
            self._swap(self._right, [])
            return True
        return False

    # ---------------------------------------------------------------- correcting

    def correct(self) -> None:
        """The person's own facts, to correct, beside the record."""
        if self.record is None:
            return
        form = CorrectPerson(self.desk, self.record.person)
        form.saved.connect(self._corrected)
        self._put("Correct this record", form, button("Save", form.save, kind="main"), self._leave_button())

    def _corrected(self, _person: Person) -> None:
        self._leave()
        self.desk.notices.say("Corrected.")
        self.refresh()

    # ---------------------------------------------------------------- adding

    def add(self, what: str) -> None:
        """``alert``, ``around``, or ``end:<id>:<revision>`` of an alert."""
        if what.startswith("end:"):
            _, alert_id, seen = what.split(":")
            self._end_alert(UUID(alert_id), int(seen))
        elif what == "alert":
            self._add_alert()
        else:
            self._add_around()

    def _end_alert(self, alert_id: UUID, seen: int) -> None:
        record, people = self.record, self.desk.services.people
        if record is None:
            return
        person_id = record.person.id
        ended = next((found for found in record.alerts if found.id == alert_id), None)

        def again() -> None:
            if ended is not None:
                draft = AlertDraft(ended.kind, ended.words, ended.since, ended.until)
                self.run(lambda: people.add_alert(person_id, draft, new_id()), lambda _a: self.refresh())

        def done(_nothing: None) -> None:
            self.desk.notices.say("The alert is no longer in force.", undo=again)
            self.refresh()

        self.run(lambda: people.end_alert(person_id, alert_id, seen), done)

    def _add_alert(self) -> None:
        form = Form()
        form.add("kind", "What kind", Choice([(kind, words.ALERTS[kind]) for kind in ALERT_KINDS]), required=True)
        form.add("words", "In words", QLineEdit(), help="What a worker must know. Never a key-safe code.")
        form.add("until", "Until", DateEdit(), help="Empty: until somebody says otherwise")
        people = self.desk.services.people
        self._add_with(form, "Add an alert", lambda person, v, new: people.add_alert(person, AlertDraft(**v), new))

    def _add_around(self) -> None:
        form = Form()
        form.add("name", "Name", QLineEdit(), required=True)
        form.add("relation", "Who they are", QLineEdit())
        form.add("phone", "Phone", QLineEdit())
        form.add("is_carer", "Carer", QCheckBox("Cares for this person"))
        people = self.desk.services.people
        self._add_with(form, "Add somebody", lambda person, v, new: people.add_around(person, AroundDraft(**v), new))

    def _add_with(self, form: Form, title: str, call: Any) -> None:
        if self.record is None:
            return
        person_id, made_id = self.record.person.id, new_id()

        def save() -> None:
            form.clear_problems()
            try:
                values = form.values()
            except BadValues as bad:
                form.set_problems(bad)
                return
            self.run(lambda: call(person_id, values, made_id), saved, failed)

        def saved(_made: object) -> None:
            self._leave()
            self.desk.notices.say("Added.")
            self.refresh()

        def failed(error: Exception) -> bool:
            return isinstance(error, BadValue | BadValues) and not form.set_problems(error)

        self._put(title, form, button("Add", save, kind="main"), self._leave_button())
        next(iter(form.fields.values())).editor.setFocus()

    def _leave_button(self) -> QWidget:
        return button("Leave it", self.panel.close_panel, kind="quiet")

    def _put(self, title: str, content: QWidget, *actions: QWidget) -> None:
        top = QWidget()  # keeps what is short at the top of the panel
        top.setLayout(column(content, None))
        self.panel.set_title(title)
        self.panel.set_content(top)
        self.panel.set_actions(*actions, None)
        self._happened.setVisible(self.width() >= theme.px(ROOM_FOR_THREE))
        self.panel.show()

    def _leave(self) -> None:
        """The panel is done with."""
        self.panel.hide()
        self._happened.show()

    def _panel_closed(self) -> None:
        self._happened.show()
        self._left.setFocus()


_SHORT = {
    "contact": "New contact",
    "assess": "Assess",
    "plan": "Care plan",
    "apartment": "Apartment",
    "correct": "Correct",
}
