"""No access: people whom nobody found, until somebody says where they are; and who declines again and again (D5)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.model import Case, CaseDetail, CaseId, Choices, DeclinedOften
from coordination.errors import NotFound
from ui import sentences, wording
from ui.commands import Command
from ui.desk import Desk
from ui.governance.following import follow
from ui.intake.move_forms import MoveForm
from ui.outcomes import words
from ui.outcomes.case_acts import CaseActs
from ui.outcomes.case_view import CaseView
from ui.outcomes.opening import OfPerson, OfVisit
from ui.outcomes.watch import BEAT_MS, whose
from ui.page import Page
from ui.widgets import (
    Busy,
    Column,
    EmptyState,
    PageHead,
    SegmentedChoice,
    StableTableModel,
    Table,
    ask_again,
    column,
    command_button,
    plane,
    row,
    scrolling,
    splitter,
)

SHOWN = (("open", "Open"), ("ended", "Ended"), ("declined", "Declined often"))
_EMPTY = {
    "open": ("Everybody was found", "A visit that ends with no access opens a case: what is to be done, and when."),
    "ended": ("No case has ended in two days", "Ended cases stand here for two days, with how each ended."),
    "declined": ("Nobody declines again and again", "Who declines three visits within seven days is named here."),
}  # fmt: skip


class NoAccessPage(Page):
    """``open`` takes the id of a case, ``OfVisit`` or ``OfPerson``."""

    id, title, icon = "no_access", "No access", "door"
    areas = frozenset({"outcomes", "deployment"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view: CaseView | None = None
        self.choices: Choices | None = None
        self._wanted: CaseId | None = None
        self.acts = CaseActs(self)
        self.model: StableTableModel[Case] = StableTableModel(self._columns(), key=lambda c: c.id)
        self._empty = EmptyState(*_EMPTY["open"], icon="check-circle")
        self.table = Table(self.model, settings=desk.settings, name="no_access", title="No access", empty=self._empty)
        self.table.setSortingEnabled(False)
        self.often: StableTableModel[DeclinedOften] = StableTableModel(self._often_columns(), key=lambda d: d.person_id)
        self.often_table = Table(
            self.often, settings=desk.settings, name="declined_often", title="Declined often",
            empty=EmptyState(*_EMPTY["declined"], icon="check-circle"),
        )  # fmt: skip
        self.shown = SegmentedChoice(SHOWN, "open", "Show")
        self.scope = SegmentedChoice([("team", "My team"), ("all", "All teams")], "team", "Whose")
        self.scope.setVisible(whose(desk)[0] is not None)
        self._made = self.acts.commands()
        self._build()
        self._connect()
        beat = QTimer(self, interval=BEAT_MS)
        beat.timeout.connect(self._time_passes)
        beat.start()

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        by = {c.id.removeprefix("no_access."): c for c in self._made}
        names = {"next": "Next step done…", "take_step": "I am on it", "end": "How it ended…", "take": "I have it",
                 "reopen": "Open again"}  # fmt: skip
        self._moves = [
            command_button(by[n], words=said, kind="main" if n == "next" else "") for n, said in names.items()
        ]
        self.head = PageHead(self.title, "", self.scope, self.shown)
        bar = plane(row(*self._moves, None, margins=(4, 1.5, 4, 1.5)), "surface", "below")
        self._asked_here = column(margins=(5, 3, 5, 3))
        self._asking = plane(self._asked_here, "sunken", "below")
        self._asking.hide()
        self._area = scrolling(QWidget())
        self._right = plane(column(bar, self._asking, self._area, gap=0), "surface", "left")
        self._split = splitter(self.table, self._right, sizes=(520, 800), settings=self.desk.settings, name="no_access")
        self.often_table.hide()
        layout = column(self.head, self._split, self.often_table, gap=0)
        layout.setStretch(1, 1)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._ask_again()

    def _connect(self) -> None:
        self.table.current_changed.connect(self._chosen)
        follow(self.desk, self.table, "no_access")
        self.often_table.opened.connect(lambda found: self.desk.go.to("person", found.person_id))
        self.shown.changed.connect(lambda _shown: self.refresh())
        self.scope.changed.connect(lambda _scope: self.refresh())
        Busy(self.table, self.desk.tasks, owner=self)

    def _columns(self) -> list[Column[Case]]:
        now = self.desk.clock.now
        return [
            Column("person", "Person", lambda c: c.person.listed, strong=True, width=132),
            Column("left", "Time left", lambda c: words.case_left(c, now()), badge=lambda c: words.case_look(c, now()),
                   width=134),
            Column("next", "Next", lambda c: words.case_next(c) or self._ending_name(c), width=84, stretch=True),
            Column("owner", "Has it", self._owner, width=92, quiet=True),
            Column("since", "Since", lambda c: wording.near_time(c.since, now()), width=104, quiet=True, hidden=True),
            Column("team", "Team", lambda c: c.team_name, width=150, hidden=True),
        ]  # fmt: skip

    def _often_columns(self) -> list[Column[DeclinedOften]]:
        me = self.desk.actor.user_name
        return [
            Column("person", "Person", lambda d: d.person, strong=True, width=220),
            Column("times", "Declined", lambda d: f"{len(d.days)} times", width=96),
            Column("days", "On", words.declined_days, width=280),
            Column("why", "Why", lambda d: "; ".join(d.reasons), width=200, stretch=True),
            Column("lead", "Lead worker", lambda d: "You" if d.lead_worker == me else d.lead_worker_name or "Nobody",
                   width=150),
            Column("team", "Team", lambda d: d.team_name, width=190, quiet=True),
        ]  # fmt: skip

    def _owner(self, case: Case) -> str:
        if case.owner == self.desk.actor.user_name:
            return "You"
        return case.owner_name or "Nobody"

    def _ending_name(self, case: Case) -> str:
        ending = self.choices.ending(case.ending or "") if self.choices else None
        return ending.name if ending else ""

    def commands(self) -> list[Command]:
        return self._made

    @property
    def case(self) -> Case | None:
        """The one that is shown."""
        return self.view.detail.case if self.view is not None else None

    # ------------------------------------------------------------------ reading

    def open(self, key: object) -> None:
        self.key = key
        service = self.desk.services.no_access
        if isinstance(key, OfVisit):
            self.run(lambda: service.of_visit(key.visit), self._found, latest="which")
        elif isinstance(key, OfPerson):
            self.run(lambda: service.of_person(key.person), self._found, latest="which")
        elif isinstance(key, UUID):
            self._go_to(CaseId(key))
        self.refresh()

    def _found(self, found: Case | CaseId | None) -> None:
        case = found.id if isinstance(found, Case) else found
        if case is None:
            self.desk.notices.warn("There is no case: somebody was found, or the visit did not end with no access.")
        else:
            self._go_to(case)

    def _go_to(self, case: CaseId) -> None:
        self._wanted = case
        if not self.table.select_key(case):
            self._read(case)

    def refresh(self) -> None:
        shown = str(self.shown.value)
        self._split.setVisible(shown != "declined")
        self.often_table.setVisible(shown == "declined")
        outcomes, service = self.desk.services.outcomes, self.desk.services.no_access
        if shown == "declined":
            self.run(outcomes.declined_often, self._show_often, latest="rows")
            return
        team, locality = whose(self.desk) if self.scope.value == "team" else (None, "")
        read, known = service.cases if shown == "open" else service.ended, self.choices

        def both() -> tuple[list[Case], Choices]:
            return read(team, locality), known or outcomes.choices()

        self.run(both, lambda got: self._show(*got), latest="rows")
        if self.case is not None and self.acts.form is None:
            self._read(self.case.id)

    def _show(self, cases: Sequence[Case], choices: Choices) -> None:
        self.choices = choices
        shown = str(self.shown.value)
        self._empty.say(*_EMPTY[shown])
        self.model.set_rows(cases)
        if shown == "open":
            due = rules.due_within(cases, self.desk.clock.now())
            said = [f"{wording.count(len(cases), 'open case')}, {due} due within 15 minutes"] if cases else []
            mine = len(self.desk.no_access.declined) if self.desk.no_access is not None else 0
            said += [f"{wording.count(mine, 'person', 'people')} whose plan you lead declined often"] if mine else []
            self.head.say("; ".join(said))
        else:
            self.head.say(f"{wording.count(len(cases), 'case')} ended in the last two days" if cases else "")
        if self._wanted is not None and self.table.select_key(self._wanted):
            self._wanted = None
        elif self.table.current is None and cases and (self.case is None or self.model.number_of(self.case.id) is None):
            if self._wanted is None:
                self.table.selectRow(0)
        elif not cases and self._wanted is None and self.acts.form is None:
            self._put(None)

    def _show_often(self, found: Sequence[DeclinedOften]) -> None:
        self.often.set_rows(found)
        mine = sum(d.lead_worker == self.desk.actor.user_name for d in found)
        lead = f", {mine} of whose plan you lead" if mine else ""
        people = wording.count(len(found), "person", "people")
        self.head.say(f"{people} declined three visits within seven days{lead}" if found else "")

    def _chosen(self, chosen: Case | None) -> None:
        if chosen is not None and (self.case is None or chosen.id != self.case.id):
            self.acts.close()
            self._read(chosen.id)

    def _read(self, case: CaseId) -> None:
        outcomes, service, known = self.desk.services.outcomes, self.desk.services.no_access, self.choices
        self.run(
            lambda: (service.open_case(case), known or outcomes.choices()), lambda got: self._show_detail(*got),
            self._not_there, latest="case",
        )  # fmt: skip

    def _not_there(self, error: Exception) -> bool:
        if isinstance(error, NotFound):
            self._put(None)
            self.desk.notices.warn(sentences.sentence(error))
            return True
        return False

    def _show_detail(self, detail: CaseDetail, choices: Choices) -> None:
        self.choices = choices
        same = self.case is not None and self.case.id == detail.case.id
        at = self._area.verticalScrollBar().value() if same else 0
        self._put(
            CaseView(
                detail, choices, self.desk.clock.now(), self.desk.actor.user_name, self.acts.act, self.open_record,
                may_act=self.acts.may_act,
            )
        )  # fmt: skip
        self._area.verticalScrollBar().setValue(at)

    def _put(self, view: CaseView | None) -> None:
        self.view = view
        content: QWidget = view or QWidget()
        content.setContentsMargins(20, 14, 20, 14)
        old = self._area.takeWidget()  # which may be what was clicked just now: it goes a moment later
        if old is not None:
            old.hide()
            old.deleteLater()
        self._area.setWidget(content)
        self._ask_again()

    def _ask_again(self) -> None:
        """Taking a case and opening it again are offered only where they can be done."""
        ask_again(*self._moves)
        for made in self._moves[3:]:
            made.setVisible(made.isEnabled())

    def _time_passes(self) -> None:
        """Words that depend on the hour, where nobody is writing."""
        if self.isVisible():
            self.table.viewport().update()
            if self.view is not None and self.choices is not None and self.acts.form is None:
                self._show_detail(self.view.detail, self.choices)

    # ------------------------------------------------------------------ for the acts

    def show_case(self, case: Case) -> None:
        """What was just done to it, with its path."""
        self._read(case.id)
        self.refresh()

    def show_question(self, form: MoveForm) -> None:
        self._clear_question()
        self._asked_here.addWidget(form)
        self._asking.show()

    def close_question(self) -> None:
        self._clear_question()
        self._asking.hide()
        if self.may_take_focus(self._asking):
            self.table.setFocus()

    def _clear_question(self) -> None:
        while (item := self._asked_here.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()

    def open_record(self) -> None:
        if self.case is not None:
            self.desk.go.to("person", self.case.person.id)

    def activated(self) -> None:
        (self.often_table if self.shown.value == "declined" else self.table).setFocus()
