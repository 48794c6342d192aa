"""Visits on the boards: change the chosen one, plan an urgent one, and see where care plans say otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.deployment.patterns import Change
from coordination.deployment.patterns_store import FromPlan
from coordination.errors import CoordinationError
from coordination.people.model import PersonRow
from ui import wording
from ui.commands import Command
from ui.people.finder import PersonFinder
from ui.visits import WRITERS, reading, words
from ui.visits.editor import VisitEditor
from ui.visits.form import About
from ui.visits.proposals import ProposalStrip
from ui.widgets.basics import column, label

if TYPE_CHECKING:
    from ui.deployment.addition import Addition, BoardPage


def visits_addition(page: BoardPage) -> Addition:
    """Commands of a board about the visits themselves."""
    from ui.deployment.addition import Addition

    deeds = BoardVisits(page)

    def chosen() -> bool:
        return deeds.may_write and page.board.visit is not None and page.board.visit.state == "planned"

    def one(
        name: str, title: str, run: Callable[[], object], keys: str, when: Callable[[], bool], icon: str
    ) -> Command:
        return Command(f"{page.id}.{name}", title, run, keys, when, page.title, icon)

    return Addition(
        commands=(
            one("edit_visit", "Change this visit", deeds.edit, "E", chosen, "pencil-simple"),
            one("new_visit", "Plan an urgent visit", deeds.plan, "V", lambda: deeds.may_write, "calendar-plus"),
            one("all_visits", "All visits of this person", deeds.show_all, "Shift+R",
                lambda: page.board.visit is not None, "calendar-check"),
            one("from_plans", "Where care plans say otherwise", deeds.show_proposals, "Shift+E",
                lambda: page.team is not None, "target"),
        ),
        in_menu=("edit_visit", "all_visits"),
        in_more=("new_visit", "from_plans"),
    )  # fmt: skip


class BoardVisits:
    """What these commands do, in the panel beside a board."""

    def __init__(self, page: BoardPage) -> None:
        self._page = page
        self._rolled: set[object] = set()
        page.shown.connect(self._roll_out)  # type: ignore[attr-defined]

    @property
    def may_write(self) -> bool:
        """For the screen only; the database decides."""
        return self._page.desk.actor.role in WRITERS

    # ------------------------------------------------------------------ made as the days go by

    def _roll_out(self) -> None:
        """Visits of patterns without an end, once a day and desk, after the board is there. Nothing is made twice."""
        day = local_date(self._page.desk.clock.now())
        if self.may_write and day not in self._rolled:
            self._rolled.add(day)
            self._roll_some((0, True))

    def _roll_some(self, done: tuple[int, bool]) -> None:
        """A few at a time, so that whatever somebody asks for meanwhile has its turn."""
        visits = self._page.desk.services.visits
        if done[1]:
            self._page.run(visits.roll_some, self._roll_some, lambda error: isinstance(error, CoordinationError))

    # ------------------------------------------------------------------ the form

    def edit(self) -> None:
        """Change the chosen visit, or with it those that follow."""
        visit, services = self._page.board.visit, self._page.desk.services
        if visit is not None:
            key = visit.id
            self._page.run(lambda: reading.of_visit(services, key), self._open, latest="form")

    def plan(self) -> None:
        """Find the person, then say what is to be done."""
        finder = PersonFinder(self._page.desk)
        finder.chosen.connect(self._plan_for)
        part = QWidget()
        part.setLayout(column(label("Whose visit is it?", strong=True), finder, margins=(4, 3, 4, 3)))
        self._page.show_beside("An urgent visit", part)
        finder.field.setFocus()

    def _plan_for(self, row: PersonRow) -> None:
        page, services = self._page, self._page.desk.services
        name = wording.name(row.surname, row.given, row.title)
        blank = About("visit", row.id, name, page.team, page.day)

        def ask() -> reading.Beginning:
            return reading.fresh(services, blank, services.people.open_record(row.id), tomorrow=False)

        page.run(ask, self._open, latest="form")

    def _open(self, found: reading.Beginning) -> None:
        about = found.about
        editor = VisitEditor(self._page, about, found.teams, found.skills)
        editor.saved.connect(self._saved)
        editor.left.connect(self._leave)
        self._page.show_beside(f"A visit to {about.name}" if about.fresh else "Change visit", editor)
        editor.begin()

    def _leave(self) -> None:
        self._page.leave_beside()
        self._page.board.setFocus()

    def _saved(self, change: Change) -> None:
        self._leave()
        self._did(change)

    def _did(self, change: Change) -> None:
        """Said, shown, and on the board's stack of what can be undone."""
        page, visits = self._page, self._page.desk.services.visits
        state = [change]

        def turn() -> Any:
            state[0] = visits.undo(state[0])

        about = (*change.after, *change.made)
        name = about[0].person.listed if about else ""
        label_ = f"visits to {name}" if len(about) != 1 else f"the visit to {name}"
        entry = page.undo_stack.push(f"change {label_}", turn, turn, {v.id for v in about})
        page.desk.notices.say(words.happened(change), undo=lambda: page.undo_stack.undo_entry(entry))
        page.refresh()

    def show_all(self) -> None:
        visit = self._page.board.visit
        if visit is not None:
            self._page.desk.go.to("visits", visit.person.id)

    # ------------------------------------------------------------------ care plans

    def show_proposals(self) -> None:
        """Recurring visits of the team that the care plan no longer asks for as they are."""
        page, visits, team = self._page, self._page.desk.services.visits, self._page.team

        def show(found: list[FromPlan]) -> None:
            if not found:
                page.desk.notices.say("The care plans and this team's recurring visits agree.")
                return
            strip = ProposalStrip(self._follow, self._keep)
            strip.show_proposals(found, may=self.may_write, named=True)
            page.show_beside("Care plans say otherwise", strip)

        page.run(lambda: visits.of_plans(team=team), show, latest="proposals")

    def _follow(self, asked: list[FromPlan]) -> None:
        visits = self._page.desk.services.visits
        self._page.run(lambda: visits.follow(asked), self._saved)

    def _keep(self, asked: FromPlan) -> None:
        visits = self._page.desk.services.visits
        self._page.run(lambda: visits.keep_as_is(asked), lambda _done: self.show_proposals())
