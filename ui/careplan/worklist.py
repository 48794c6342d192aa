"""Plans: reviews due and overdue, versions to acknowledge, lead workers' alarms, plans not agreed (C2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent

from coordination.careplan.version_model import PLAN_VIEWS, LeadStanding, PlanAsked, PlanRow, PlanWorklist
from coordination.changes import RESYNC, Change
from coordination.clock import local_date
from coordination.values import UserName
from ui import wording
from ui.careplan.rounds import age
from ui.careplan.who import able, alarm_badge, alarm_words, best_other, choice_words
from ui.commands import Command
from ui.desk import Desk
from ui.governance.following import follow
from ui.page import Page
from ui.style.tokens import State
from ui.widgets.basics import Choice, ask_again, button, column, command_button, label, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

VIEWS = {
    "reviews": "Reviews due",
    "overdue": "Overdue",
    "to_acknowledge": "To acknowledge",
    "alarms": "Lead worker",
    "unagreed": "Not agreed",
    "all": "All",
}
_EMPTY = {
    "reviews": ("No review is due in the next two weeks", "Reviews appear here by themselves, the earliest first."),
    "overdue": ("No review is overdue", "A plan whose review date has passed appears here."),
    "to_acknowledge": ("Your team has read every plan", "A plan that is issued again appears here for its teams."),
    "alarms": ("Every plan has a lead worker who is there", "Plans of somebody who left, is away or has too many."),
    "unagreed": ("Every plan is agreed", "Plans that nobody has agreed to yet, or that were declined."),
    "all": ("No active plan", "A plan is begun from a person’s record or their signed assessment."),
}
_WHOSE: tuple[tuple[Literal["", "mine", "team"], str], ...] = (
    ("", "Everybody’s"),
    ("mine", "Mine"),
    ("team", "My team’s"),
)


LATER_MS = 8_000
"""how soon plans that are not shown are counted again"""


class PlansPage(Page):
    """The worklist of active plans."""

    id, title, icon = "plans", "Plans", "target"
    areas: ClassVar[frozenset[str]] = frozenset({"careplan"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: PlanWorklist | None = None
        self._rows: tuple[PlanRow, ...] = ()
        self._giving: PlanRow | None = None
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self.mark_stale)
        self.model = StableTableModel[PlanRow](self._columns(), key=lambda r: r.id)
        self._empty = EmptyState(*_EMPTY["reviews"], icon="target")
        self.table = Table(self.model, settings=desk.settings, name="plans", title="Plans", empty=self._empty)
        self.view = SegmentedChoice([(view, VIEWS[view]) for view in PLAN_VIEWS], "reviews", "Show")
        self.theirs = SegmentedChoice(_WHOSE, "", "Whose")
        self._more = button("Show more", self._next_page, kind="quiet")
        self._more.hide()
        self._commands = self._all_commands()
        self._moves = [
            command_button(c) for c in self._commands if c.id in ("plans.open", "plans.give", "plans.acknowledge")
        ]
        self.head = PageHead("Plans", "", self._more, *self._moves, self.theirs, self.table.menu_button())
        bar = plane(row(self.view, None, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        self.lead = Choice()
        self.lead.setAccessibleName("New lead worker")
        self._asked = label("", wrap=True)
        give = button("Give it", self.give_now, kind="main", tip="Give it  (Enter)")
        asking = row(self._asked, self.lead, give, button("Leave it", self.leave), None, margins=(6, 2, 6, 2))
        self.asking = plane(asking, "sunken", "below")
        self.asking.hide()
        layout = column(self.head, bar, self.asking, self.table, gap=0)
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self.table.about = self._about
        self._connect()

    def _about(self) -> list[str]:
        """What stands on its print."""
        whose = next(words for value, words in _WHOSE if value == self.theirs.value)
        return [f"{VIEWS[str(self.view.value)]}, {whose.lower()}", f"Locality: {self.desk.locality.value or 'all'}"]

    def _connect(self) -> None:
        self.view.changed.connect(lambda _view: self._again())
        self.theirs.changed.connect(lambda _whose: self._again())
        self.table.opened.connect(lambda r: self.desk.go.to("plan", r.id))
        self.table.current_changed.connect(lambda _row: self._moved())
        follow(self.desk, self.table, "care_plan")
        Busy(self.table, self.desk.tasks, owner=self)

    def _columns(self) -> list[Column[PlanRow]]:
        now = self.desk.clock.now
        return [
            Column("review", "Review on", lambda r: wording.day(r.review_on), sort=lambda r: r.review_on,
                   value=lambda r: r.review_on, badge=lambda r: review_look(r, now()), width=120),
            Column("person", "Person", lambda r: wording.name(r.surname, r.given, r.title), strong=True, width=176),
            Column("born", "Born", lambda r: wording.day(r.birth_date), sort=lambda r: r.birth_date,
                   value=lambda r: r.birth_date, quiet=True, width=104),
            Column("lead", "Lead worker", lambda r: r.lead.display_name, width=136),
            Column("alarm", "Alarm", lambda r: alarm_badge(r.lead), badge=alarm_look, width=110,
                   tip=lambda r: " ".join(alarm_words(r.lead))),
            Column("version", "Version", lambda r: str(r.version), sort=lambda r: r.version, numeric=True, width=60,
                   tip=lambda r: f"Issued {wording.day_time(r.issued_at)}"),
            Column("waits", "Waits for", lambda r: ", ".join(r.waiting_for), stretch=True, width=120,
                   tip=lambda r: waits_words(r, now())),
            Column("since", "Since", lambda r: age(r.issued_at, now()) if r.waiting_for else "",
                   sort=lambda r: r.issued_at if r.waiting_for else None, quiet=True, width=96),
            Column("agreed", "Agreed", agreed_words, badge=agreed_look, tip=lambda r: r.why_not_agreed, width=94),
            Column("locality", "Locality", lambda r: (r.locality or "").capitalize(), quiet=True, width=68),
        ]  # fmt: skip

    # what can be done

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        def on_row() -> bool:
            return self.table.current is not None

        def mine_waits() -> bool:
            return self.table.current is not None and self.table.current.mine_to_acknowledge

        return [
            Command("plans.open", "Open the plan", self._open, "", on_row, "Plans", "target"),
            Command("plans.give", "Give it to another lead worker", self.ask_lead, "L", on_row, "Plans", "swap"),
            Command(
                "plans.acknowledge", "Acknowledge for my team", self.acknowledge, "K", mine_waits, "Plans", "check"
            ),
            Command("plans.views", "Go to the views", self.view.setFocus, "F8", group="Plans"),
            *self.table.commands("plans"),
        ]

    def _open(self) -> None:
        if self.table.current is not None:
            self.desk.go.to("plan", self.table.current.id)

    def acknowledge(self) -> None:
        """One acknowledges what one has read: the plan opens, and its key does it there."""
        self._open()

    def ask_lead(self) -> None:
        """Another lead worker for the plan that has the cursor; whoever could take it best is chosen already."""
        chosen = self.table.current
        if chosen is None:
            return

        def show(found: Any) -> None:
            best = best_other(found.colleagues, chosen.lead.user, chosen.locality)
            others = [c for c in _in_order(found.colleagues, best) if c.user != chosen.lead.user]
            self._giving = chosen
            self.lead.set_items([(c.user, choice_words(c)) for c in others])
            self.lead.set_value(best.user if best else None)
            who = wording.name(chosen.surname, chosen.given, chosen.title)
            self._asked.setText(f"Who leads the plan of {who}?")
            self.asking.show()
            self.lead.setFocus()

        self.run(self.desk.services.careplan.choices, show, latest="choices")

    def give_now(self) -> None:
        """Enter. Undo gives it back."""
        chosen, to = self._giving, self.lead.value
        if chosen is None or to is None:
            return
        service, was = self.desk.services.careplan, chosen.lead.user
        name = self.lead.currentText().partition(" (")[0]

        def undo_at(revision: int) -> None:
            self.run(lambda: service.set_lead_worker(chosen.id, UserName(was), revision), lambda _plan: self.refresh())

        def given(plan: Any) -> None:
            self.leave()
            self.desk.notices.say(f"{name} leads it now.", undo=lambda: undo_at(plan.revision))
            self.refresh()

        self.run(lambda: service.set_lead_worker(chosen.id, to, chosen.revision), given, self._not_given)

    def _not_given(self, _error: Exception) -> bool:
        self.refresh()  # somebody changed the plan: the row as it is now
        return False

    def leave(self) -> None:
        self._giving = None
        self.asking.hide()
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.asking.isHidden() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.give_now()
        elif not self.asking.isHidden() and event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    # reading

    @property
    def asked(self) -> PlanAsked:
        locality = self.desk.locality.value.lower()
        localities = frozenset({locality}) if locality and self.theirs.value == "" else frozenset()
        return PlanAsked(view=self.view.value, localities=localities, whose=self.theirs.value)  # type: ignore[arg-type]

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        """What is shown at once; other plans in a while: somebody in the city writes on one all the time."""
        if RESYNC in changes:
            return True
        plans = {change.key for change in changes if change.area == "careplan"}
        if not self.isVisible() or plans & {str(r.id) for r in self._rows}:
            return bool(plans)
        if plans and not self._later.isActive():
            self._later.start()
        return False

    def refresh(self) -> None:
        """From the top, as many as are shown now."""
        asked, many = self.asked, max(len(self._rows), PlanAsked().limit)
        service = self.desk.services.careplan
        whole = PlanAsked(asked.view, asked.localities, asked.whose, asked.days, None, many)
        self.run(lambda: service.worklist(whole), self._show, latest="rows")

    def _again(self) -> None:
        self._rows = ()
        self.refresh()

    def _next_page(self) -> None:
        if self._found is None or self._found.more is None:
            return
        a, service, before = self.asked, self.desk.services.careplan, self._rows
        following = PlanAsked(a.view, a.localities, a.whose, a.days, self._found.more, a.limit)

        def add(found: PlanWorklist) -> None:
            self._show(PlanWorklist((*before, *found.rows), found.counts, found.as_of, found.more))

        self.run(lambda: service.worklist(following), add, latest="rows")

    def _show(self, found: PlanWorklist) -> None:
        self._found, self._rows = found, found.rows
        self._empty.say(*_EMPTY[str(self.view.value)])
        self.model.set_rows(list(found.rows))
        counts = found.counts
        for view in PLAN_VIEWS:
            self._say_count(view, getattr(counts, view))
        of = getattr(counts, str(self.view.value))
        self.head.say(f"{wording.count(of, 'plan')}" if of else "")
        self._more.setVisible(found.more is not None)
        if self.table.current is None and found.rows:
            self.table.selectRow(0)
        ask_again(*self._moves)

    def _say_count(self, view: str, number: int) -> None:
        self.view.set_words(view, f"{VIEWS[view]} {number:,}" if number else VIEWS[view])

    def _moved(self) -> None:
        ask_again(*self._moves)

    def activated(self) -> None:
        self.table.setFocus()


def _in_order(colleagues: Any, best: LeadStanding | None) -> list[LeadStanding]:
    named = able(colleagues)
    return [c for c in named if c == best] + [c for c in named if c != best]


def review_look(r: PlanRow, now: datetime) -> State | None:
    """Overdue red, due within the week amber."""
    days = (r.review_on - local_date(now)).days
    if days < 0:
        return State("red", "warning")
    return State("amber", "clock") if days <= 7 else None


def alarm_look(r: PlanRow) -> State | None:
    return State("red" if "left" in r.lead.alarms else "amber", "warning") if r.lead.alarms else None


def agreed_words(r: PlanRow) -> str:
    if r.agreed:
        return "Agreed"
    return "Declined" if r.why_not_agreed else "Not yet"


def agreed_look(r: PlanRow) -> State | None:
    return None if r.agreed else State("amber", "handshake")


def waits_words(r: PlanRow, now: datetime) -> str:
    """``Version 2, issued 4 days ago. Waits for North reablement.``"""
    if not r.waiting_for:
        return f"Version {r.version} is acknowledged by every team." if r.teams else "No team is on it."
    return f"Version {r.version}, issued {age(r.issued_at, now)}. Waits for {', '.join(r.waiting_for)}."
