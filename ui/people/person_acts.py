"""What can be done from a person's record: go on to a contact, an assessment, the plan; add, correct, merge."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QWidget

from coordination.assessment.model import AssessmentSheet
from coordination.assessment.model import Form as AssessmentForm
from coordination.clock import local_date
from coordination.people.merging import MERGERS
from coordination.people.record import PersonRecord
from coordination.people.sharing import MAY_CHANGE
from coordination.presence.model import Doing
from coordination.values import PersonId
from ui import wording
from ui.commands import Command
from ui.equipment.ordering import EquipmentOf
from ui.page import Page
from ui.people.glass import GlassActs
from ui.people.panel import RecordActs
from ui.people.sharing_panel import SharingActs
from ui.people.twice import TwiceRegistered
from ui.reablement.opening import OfPerson
from ui.safeguarding.opening import RaiseAbout
from ui.widgets.basics import button, column, label
from ui.widgets.panels import SidePanel
from ui.widgets.table import Table

WRITERS = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"})
ASSESSORS = frozenset({"trusted_assessor", "care_coordinator", "team_lead"})
TABS = ("Now", "Timeline", "Contacts and referrals", "Assessments and plan", "Visits and stays", "People around")
SHORT = {
    "contact": "New contact",
    "assess": "Assess",
    "plan": "Care plan",
    "visits": "Visits",
    "apartment": "Apartment",
    "correct": "Correct",
}
"""the commands that stand as buttons, and their words there"""


class PersonActs(Page):
    """Whoever builds the page makes its ``panel`` and those who act for it, and says which table is in front."""

    record: PersonRecord | None
    panel: SidePanel
    acts: RecordActs
    twice: TwiceRegistered
    glass: GlassActs
    sharing: SharingActs
    _commands: list[Command]

    @property
    def _table(self) -> Table | None:
        """The list that is in front."""
        raise NotImplementedError

    def show_tab(self, number: int) -> None:
        raise NotImplementedError

    def _of_table(self, what: str) -> None:
        table = self._table
        if table is not None:
            next(command for command in table.commands("person") if command.id == f"person.{what}")()

    def _make_commands(self) -> list[Command]:
        def known() -> bool:
            return self.record is not None

        def writes() -> bool:
            return known() and self.desk.actor.role in WRITERS

        def merges() -> bool:
            return known() and self.desk.actor.role in MERGERS and self.twice.merging is None

        def shows_table() -> bool:
            return known() and self._table is not None

        made = [
            Command("person.contact", "New contact about this person", self.contact, "Ctrl+Shift+C",
                    writes, "Person", "phone"),
            Command("person.assess", "Start an assessment", self.assess, "Ctrl+Shift+S",
                    lambda: known() and self.desk.actor.role in ASSESSORS, "Person", "clipboard-text"),
            Command("person.plan", "Open the care plan", self.plan, "Ctrl+Shift+P", known, "Person",
                    "list-bullets"),
            Command("person.visits", "Visits: coming, past, recurring", self.visits, "Ctrl+Shift+V", known, "Person",
                    "calendar-check", also="plan pattern"),
            Command("person.reablement", "Reablement: open it, or begin it", self.reablement, "Ctrl+Shift+B", known,
                    "Person", "person-simple-walk", also="episode six weeks review scores package"),
            Command("person.apartment", "Find an apartment", self.apartment, "Ctrl+Shift+F", known,
                    "Person", "buildings"),
            Command("person.equipment", "Equipment: what they have and what is ordered", self.equipment, "Ctrl+Shift+Q",
                    known, "Person", "package", also="order loan aid commode bed hoist rail"),
            Command("person.transfer", "Ready to go home: on the transfer list", self.transfer, "Ctrl+Shift+H", writes,
                    "Person", "bed", also="hospital moft criteria to reside dtoc"),
            Command("person.correct", "Correct this record", self.correct, "Ctrl+E", writes, "Person", "pencil-simple",
                    also="edit change"),
            Command("person.alert", "Add an alert", lambda: self.add("alert"), group="Person", icon="warning-circle",
                    enabled_when=writes),
            Command("person.around", "Add somebody around them", lambda: self.add("around"), group="Person",
                    icon="users", enabled_when=writes),
            Command("person.concern", "Raise a safeguarding concern", self.raise_concern, enabled_when=known,
                    group="Person", icon="shield-warning"),
            Command("person.merge", "Merge with another record", self.find_other, "Ctrl+Shift+M", merges, "Person",
                    "arrows-merge", also="duplicate same person twice"),
            *self.sharing.commands(), *self.glass.commands(),
            Command("person.table.export", "Export this list", lambda: self._of_table("export"), "Ctrl+Shift+E",
                    shows_table, "Person", "export", also="excel csv save timeline"),
            Command("person.table.print", "Print this list", lambda: self._of_table("print_table"), "Ctrl+P",
                    shows_table, "Person", "printer", also="timeline"),
        ]  # fmt: skip
        for number, title in enumerate(TABS):
            keys = f"Ctrl+{number + 1}"
            go = partial(self.show_tab, number)
            made.append(Command(f"person.tab{number + 1}", f"Show: {title}", go, keys, known, "Person"))
        return made

    def commands(self) -> list[Command]:
        return self._commands

    def contact(self) -> None:
        """A new contact about this person."""
        if self.record is not None:
            self.desk.go.to("contact", self.record.person.id)

    def equipment(self) -> None:
        """D6. All of it, and where more of it is ordered."""
        if self.record is not None:
            fields = self.record.person.fields
            who = wording.name(fields.surname, fields.given, fields.title)
            self.desk.go.to("equipment", EquipmentOf(self.record.person.id, who))

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

    def visits(self) -> None:
        """All visits of this person, to plan and to change."""
        if self.record is not None:
            self.desk.go.to("visits", self.record.person.id)

    def reablement(self) -> None:
        """The episode of this person that is open, the last that has ended, or the form that begins one."""
        if self.record is not None:
            fields = self.record.person.fields
            about = wording.name(fields.surname, fields.given, fields.title)
            self.desk.go.to("episode", OfPerson(self.record.person.id, about))

    def apartment(self) -> None:
        """The stay of this person, the referral that waits for one, or the calendar."""
        record = self.record
        if record is None:
            return
        waiting = next((r.id for r in record.referrals if r.service == "neighbourhood_apartment"), None)
        self.desk.go.to("apartments", record.stay.id if record.stay else waiting)

    def transfer(self) -> None:
        """On to the list of those who are ready to leave hospital, or to where they stand on it."""
        if self.record is not None:
            from ui.transfer.putting_on import PutOn

            fields = self.record.person.fields
            about = wording.name(fields.surname, fields.given, fields.title)
            self.desk.go.to("transfer", PutOn(self.record.person.id, about))

    def find_other(self) -> None:
        """Which other record is of the same person?"""
        if self.record is not None:
            self.acts.find_other(self.record, self.compare)

    def compare(self, other: object) -> None:
        """Two records side by side; this one is kept unless somebody says otherwise."""
        record = self.record
        if record is not None and str(other) != str(record.person.id):
            self._leave()
            self.twice.compare(record.person.id, PersonId(UUID(str(other))))

    def correct(self) -> None:
        """The person's own facts, to correct, beside the record."""
        if self.record is not None:
            self.acts.correct(self.record)

    def add(self, what: str) -> None:
        """What ``RecordActs.act`` does, ``part:<id>`` of a merging, and ``sharing``."""
        record = self.record
        if record is None:
            return
        if what == "sharing":
            (self.sharing.open if self.desk.actor.role in MAY_CHANGE else self.sharing.look)()
            return
        if what.startswith("part:"):
            merge = next((m for m in record.merges if str(m.id) == what[5:]), None)
            if merge is not None:
                self.acts.part(merge)
            return
        self.acts.act(record, what)

    def _put(self, title: str, content: QWidget, *actions: QWidget) -> None:
        top = QWidget()  # keeps what is short at the top of the panel
        top.setLayout(column(content, None))
        self.panel.set_title(title)
        self.panel.set_content(top)
        self.panel.set_actions(*actions, None)
        self.panel.show()
        self._say_here()

    def _say_here(self) -> None:
        """Who else opens this record is told: that it is open here, or that somebody writes in it."""
        if self.record is not None:
            doing: Doing = "editing" if self.panel.isVisibleTo(self) else "looking"
            self.desk.presence.say(self, "people", self.record.person.id, doing)

    def _leave(self) -> None:
        """The panel is done with."""
        self.panel.hide()
        self._say_here()

    def _leave_button(self) -> QWidget:
        return button("Leave it", self.panel.close_panel, kind="quiet")
