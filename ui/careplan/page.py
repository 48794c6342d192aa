"""The plan on one page, from strengths to what was agreed; who works by it at the right, its state at the foot (C1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from coordination.careplan import rules
from coordination.careplan.model import TEXT_FIELDS, Plan, PlanSheet, TeamChoice
from coordination.careplan.opened import OpenedPlan
from coordination.changes import RESYNC, Change
from coordination.clock import local_date
from coordination.presence.model import Doing
from ui.careplan import PlanFor, PlanFrom
from ui.careplan.bar import PlanBar
from ui.careplan.commands import plan_commands
from ui.careplan.copying import Copying
from ui.careplan.deeds import PlanDeeds
from ui.careplan.draft import KIND as DRAFT
from ui.careplan.draft import RowDraft
from ui.careplan.listing import PlanList
from ui.careplan.opening import NoPlan, load
from ui.careplan.round_deeds import RoundDeeds
from ui.careplan.saving import HeadSaver
from ui.careplan.suggestions import SuggestionPanel
from ui.careplan.texts import PlanText
from ui.careplan.who import LeadAndReview
from ui.careplan.writing import HeadWriting
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.people.words import banner_facts
from ui.presence import PresenceLine
from ui.shell.banner import PersonBanner
from ui.style import theme
from ui.visits.of_plan import PlanVisits
from ui.widgets.basics import button, column, icon_button, plane
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, scrolling

WIDTH = 860


class PlanPage(Page):
    """``open(plan id)``, ``open(PlanFrom(assessment))``, ``open(PlanFor(person))``, or ``open(person id)``: their plan,
    or how to begin one."""

    id = "plan"
    title = "Care plan"
    icon: ClassVar[str] = "target"
    areas = frozenset({"careplan"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.sheet: PlanSheet | None = None
        self._to_begin: PlanFrom | PlanFor | None = None
        self.banner = PersonBanner()
        self.who = LeadAndReview()
        self.here = PresenceLine(desk, wrap=False)
        desk.presence.watch(self, lambda: [] if self.sheet is None else [self.sheet.plan.id])
        rounds = button(
            "Who works by it", self.toggle_side, kind="quiet", icon="users-three", tip="Who works by it  (T)"
        )
        copies = icon_button("printer", "Copy for the person  (P)", lambda: self.copying.on_paper("person"))
        self.texts = {field: PlanText(field) for field in TEXT_FIELDS}
        self.writing = HeadWriting(self, desk, self.texts, self.who)
        self.head = PageHead("Care plan", "", self.here, self.writing.words, self.who, rounds, copies)
        self.head.setFixedHeight(theme.px(64))
        self.listing = PlanList(
            {str(field): text for field, text in self.texts.items()}, lambda: local_date(desk.clock.now())
        )
        self.teams: list[TeamChoice] = []
        self.suggestions = SuggestionPanel()
        self.side = SidePanel("Who works by it", width=352)
        self.side.hide()
        self.bar = PlanBar()
        self.deeds = PlanDeeds(self)
        self.draft = RowDraft(desk, self.listing)
        self.rounds = RoundDeeds(self)
        self.copying = Copying(self)
        self.visits = PlanVisits(self)
        self._connect()
        self._lay_out()
        Busy(self._area, desk.tasks, owner=self)

    def _connect(self) -> None:
        self.writing.saved.connect(self._head_saved)
        self.writing.refused.connect(self._show_head)
        self.writing.written.connect(self._say_presence)
        self.listing.saved.connect(self.deeds.save)
        self.listing.remove_asked.connect(self.deeds.remove)
        self.listing.state_asked.connect(self.deeds.move_on)
        self.listing.visits_asked.connect(self.deeds.plan_visits)
        self.listing.editor_opened.connect(self._bring_into_view)
        self.listing.editor_closed.connect(self._say_presence)
        self.side.closed.connect(self.hide_side)
        self.suggestions.accepted.connect(self.deeds.accept)
        self.suggestions.all_accepted.connect(self.deeds.accept_all)
        self.bar.jump_asked.connect(self.jump)
        self.bar.activate_asked.connect(self.rounds.activate)
        self.bar.end_asked.connect(self.rounds.ask_end)
        self.bar.acknowledge_asked.connect(self.rounds.acknowledge)
        self.bar.issue_asked.connect(self.rounds.ask_issue)
        self.bar.review_asked.connect(self.rounds.ask_review)
        self.bar.lead_asked.connect(self.choose_lead)

    def _lay_out(self) -> None:
        paper = QWidget()
        paper.setMaximumWidth(theme.px(WIDTH))
        paper.setLayout(column(self.listing, None))
        sheet = QHBoxLayout()
        sheet.setContentsMargins(theme.space(8), theme.space(5), theme.space(6), theme.space(8))
        sheet.addWidget(paper, 1)
        sheet.addStretch(0)
        self._area = scrolling(plane(sheet, "surface"))
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        words = "One plan, shared by every team: what the person wants, who does what, what if."
        self._empty = EmptyState("No care plan yet", words, icon="target", action=("Begin a plan", self.begin))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._area, 1)
        middle.addWidget(self._empty, 1)
        middle.addWidget(self.suggestions)
        middle.addWidget(self.side)
        self.suggestions.hide()
        self._empty.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        whole.addWidget(self.head)
        whole.addWidget(self.visits.strip)
        whole.addLayout(middle, 1)
        whole.addWidget(self.bar)
        for part in (self.who, self._area, self.bar):
            part.setEnabled(False)

    @property
    def saver(self) -> HeadSaver | None:
        """Of the plan that is shown."""
        return self.writing.saver

    # reading

    def open(self, key: object) -> None:
        """Show a plan; what was being typed in the one before is saved first."""
        self.writing.flush()
        if key != self.key:
            self.writing.stop()
            self.sheet, self.key = None, key
            self.listing.close_editor()
            self.hide_side()
        self.refresh()

    @property
    def whose(self) -> UUID | None:
        return self.sheet.plan.person if self.sheet is not None else None

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        return Change("careplan", str(self.key)) in changes or RESYNC in changes

    def refresh(self) -> None:
        if self.key is None:  # come to by way of what is not sent yet
            kept = self.desk.drafts.of(DRAFT)
            self.key = UUID(kept[0].key) if kept else None
        if self.key is None:
            return
        if self.sheet is not None:
            shown = self.sheet.plan.id
            self.run(lambda: self.desk.services.careplan.reread(shown), self.take, latest="sheet")
        else:
            key: Any = self.key
            self.run(lambda: load(self.desk.services, key), self._loaded, latest="sheet")

    def _loaded(self, found: OpenedPlan | NoPlan) -> None:
        self.banner.show_facts(banner_facts(found.record), local_date(self.desk.clock.now()))
        none = isinstance(found, NoPlan)
        for part in (self.head, self._area, self.bar):
            part.setHidden(none)
        self._empty.setVisible(none)
        if isinstance(found, NoPlan):
            self.suggestions.hide()
            self._to_begin = found.begin
        else:
            self._show(found)

    def begin(self) -> None:
        """A plan for a person who has none, from their latest signed assessment if there is one."""
        if self._to_begin is not None:
            self.open(self._to_begin)

    def _show(self, loaded: OpenedPlan) -> None:
        self.key = loaded.sheet.plan.id
        self.writing.begin(loaded.sheet.plan)
        self.teams = list(loaded.choices.teams)
        self.listing.set_teams(self.teams)
        self.who.set_colleagues(loaded.choices.colleagues)
        self.here.show_record("careplan", loaded.sheet.plan.id)
        for part in (self.who, self._area, self.bar):
            part.setEnabled(True)
        self.take(loaded.sheet)
        self.activated()
        self.draft.begin(loaded.sheet)

    def take(self, sheet: PlanSheet) -> None:
        """Show a fresh reading. What is being edited stays as it is."""
        if self.saver is None or sheet.plan.id != self.saver.plan.id:
            return
        self.saver.take(sheet.plan)
        self.sheet = sheet
        self.listing.show_sheet(sheet)
        self.suggestions.show_suggestions(sheet.suggestions, sheet.outcomes, self.desk.clock.now())
        self._show_head(self.saver.plan)
        self.rounds.refresh()
        self.visits.ask(sheet.plan.person)
        self._say_presence()

    # showing

    def show_side(self, title: str, content: QWidget, *actions: QWidget) -> None:
        """The panel at the right, in place of the suggestions."""
        self.side.set_title(title)
        self.side.set_content(content)
        self.side.set_actions(*actions, *((None,) if actions else ()))
        self.suggestions.covered = True
        self.suggestions.hide()
        self.side.show()

    def hide_side(self) -> None:
        """The suggestions are there again."""
        self.rounds.asking = None
        self.side.hide()
        self.suggestions.covered = False
        self.suggestions.setVisible(bool(self.suggestions.rows))

    def toggle_side(self) -> None:
        if not self.side.isHidden():
            self.hide_side()
        else:
            self.rounds.show()

    def _say_presence(self) -> None:
        """Others at this plan see that somebody has it open, or writes in it."""
        if self.sheet is not None:
            doing: Doing = "editing" if self.writing.busy or self.listing.editor is not None else "looking"
            self.desk.presence.say(self, "careplan", self.sheet.plan.id, doing)

    def _show_head(self, plan: Plan) -> None:
        if self.saver is None or self.sheet is None:
            return
        for field, text in self.texts.items():
            text.show_plan(plan, editing=self.saver.edited(field))
            text.show_sources(self.sheet.sources)
        self.who.show_plan(plan)
        self._show_lead(plan)
        open_ = plan.state != "ended"
        self.who.setEnabled(open_)
        today = local_date(self.desk.clock.now())
        obstacles = rules.obstacles_to_activation(plan, self.sheet.outcomes, self.sheet.actions, today)
        sheet = replace(self.sheet, plan=plan)
        self.bar.show_sheet(sheet, obstacles, self.desk.actor.team_id, self.desk.clock.now())
        version = f"Version {sheet.version.number}" if sheet.version else ""
        self.head.say({"draft": "Draft", "active": version, "ended": "Ended"}[plan.state])
        self.writing.show_saving()

    def _show_lead(self, plan: Plan) -> None:
        """The banner says who the lead worker is, here too."""
        facts = self.banner.facts
        if facts is not None and facts.lead_worker != plan.lead_worker_name:
            today = local_date(self.desk.clock.now())
            self.banner.show_facts(replace(facts, lead_worker=plan.lead_worker_name), today)

    def choose_lead(self) -> None:
        """One key, then the first letters of a name, or the arrow keys."""
        self.who.lead.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _head_saved(self, plan: Plan) -> None:
        before = self.sheet.plan.lead_worker if self.sheet is not None else None
        self._show_head(plan)
        if plan.lead_worker != before:
            self.refresh()  # how it is with the new one, and which team is on the plan through them

    # the page

    def jump(self, code: str) -> None:
        """Go to where something that is needed can be given."""
        jumps = {
            "plan_needs_outcome": self.listing.add_outcome,
            "plan_needs_action": self.listing.add_action,
            "plan_needs_lead_worker": self.who.lead.setFocus,
        }
        jumps.get(code, self.who.review.setFocus)()

    def _bring_into_view(self, widget: QWidget) -> None:
        """Once the layout has settled."""
        self._say_presence()
        QTimer.singleShot(0, widget, lambda: self._area.ensureWidgetVisible(widget, 0, theme.px(16)))

    def activated(self) -> None:
        self._say_presence()
        if self.suggestions.rows and not self.suggestions.isHidden():
            self.suggestions.take_focus()
        else:
            self.listing.take_focus(self.listing.current)

    def may_leave(self) -> bool:
        """What is open in the list is kept, and the head of the plan is saved."""
        if self.listing.editor is not None:
            self.listing.editor.keep()
        return self.writing.may_leave()

    def current_action(self) -> UUID | None:
        """The action that has the cursor."""
        key = self.listing.current
        return key if key is not None and self.listing.action(key) is not None else None

    def commands(self) -> list[Command]:
        return plan_commands(self)
