"""The two deployment boards, reablement and district nursing: one class, one shape (D1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import ClassVar

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.deployment.model import Board, Step, Team, Visit
from coordination.errors import Obstacle, Refused
from coordination.values import TeamId, WorkerId
from ui import wording
from ui.commands import Command, menu
from ui.deployment import words
from ui.deployment.acts import Acts
from ui.deployment.bars import HOURS, BoardHead, BoardTools
from ui.deployment.board import DeploymentBoard
from ui.deployment.commands import MENU, board_commands
from ui.deployment.history import history_menu
from ui.deployment.hooks import additions
from ui.deployment.in_order import InOrder
from ui.deployment.outlook import Outlook
from ui.deployment.side import VisitSide
from ui.deployment.steps import chosen_after, with_steps
from ui.deployment.undo import UndoStack
from ui.deployment.visit_panel import VisitPanel
from ui.deployment.warning_bar import WarningBar
from ui.desk import Desk
from ui.page import Page
from ui.widgets import Busy, column, splitter

NOW_EVERY_MS = 30_000
_SOON = timedelta(minutes=15)


class DeploymentPage(Page):
    """A board of the teams of some services."""

    areas = frozenset({"deployment"})
    services: ClassVar[tuple[str, ...]] = ()

    shown = Signal()
    """another board is shown, or the same one anew"""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.team: TeamId | None = None
        self.day: date = local_date(desk.clock.now())
        self._teams: list[Team] = []
        self.in_order = InOrder(self)
        self.undo_stack = UndoStack(self)
        self.acts = Acts(self)
        self.board = DeploymentBoard()
        self.board.may_drag = self.may_change
        self.panel = VisitPanel(self)
        self._build()
        self._connect()
        self._tick = QTimer(self, interval=NOW_EVERY_MS)
        self._tick.timeout.connect(self._show_now)
        self._tick.start()

    # ------------------------------------------------------------------ building

    def _build(self) -> None:
        self._additions = additions(self)
        made = [*board_commands(self), *(c for addition in self._additions for c in addition.commands)]
        self._commands = {c.id.split(".")[1]: c for c in made}
        self.head = BoardHead(self.title, self._commands, [n for a in self._additions for n in a.in_head])
        self.tools = BoardTools(self._commands, self.day, lambda: local_date(self.desk.clock.now()))
        self.warnings = WarningBar()
        parts = splitter(self.board, self.panel, sizes=(900, 360), settings=self.desk.settings, name="deployment")
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 0)
        whole = column(self.head, self.tools.plane(), self.warnings.widget(), parts, gap=0)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        Busy(self.board, self.desk.tasks, owner=self)

    def _connect(self) -> None:
        board = self.board
        board.spot_changed.connect(self.panel.show_spot)
        board.spot_changed.connect(self.head.ask_again)
        board.dropped.connect(self.acts.give)
        board.taken_back.connect(self.acts.take_back)
        board.refused.connect(self.refuse)
        board.undo_asked.connect(self.undo_stack.undo)
        board.opened.connect(lambda _spot: self.ask_who())
        board.menu_asked.connect(self._show_menu)
        self.undo_stack.changed.connect(lambda: self.head.show_undo(self.undo_stack))
        self.warnings.chips.changed.connect(lambda _on: self._filter_warned(choose=True))
        self.tools.team.chosen.connect(self.show_team)
        self.tools.day.changed.connect(lambda day: self.show_day(day) if day else None)
        self.tools.hours.changed.connect(lambda name: board.show_hours(HOURS[name]))

    @property
    def side(self) -> VisitSide:
        """The chosen visit, in the panel."""
        return self.panel.side

    @property
    def may_change(self) -> bool:
        """For the screen only; the database decides."""
        return self.desk.actor.role == "team_lead"

    # ------------------------------------------------------------------ commands

    def commands(self) -> list[Command]:
        return list(self._commands.values())

    def visit_is(self, state: str) -> bool:
        visit = self.board.visit
        return visit is not None and visit.state == state

    def is_over(self) -> bool:
        visit = self.board.visit
        return visit is not None and visit.is_over and visit.state != "moved"

    def held(self) -> object:
        visit, spot = self.board.visit, self.board.spot
        return visit.at_slot(spot.slot) if visit and spot else None

    def on(self, act: Callable[..., object], *how: object) -> None:
        """Do something to what is chosen."""
        if self.board.spot is not None:
            act(self.board.spot, *how)

    def on_all(self, act: Callable[..., object]) -> None:
        """Do something to all that is chosen."""
        if self.board.selected:
            act(*self.board.selected)

    def _show_menu(self, at: QPoint) -> None:
        made = self._commands
        names = [*MENU, *(name for a in self._additions for name in ("", *a.in_menu) if a.in_menu)]
        shown = menu([made[n] if n else None for n in names], self)
        shown.aboutToHide.connect(shown.deleteLater)
        shown.popup(at)

    # ------------------------------------------------------------------ undo

    @property
    def can_take_back(self) -> bool:
        return self.undo_stack.can_undo

    def take_back(self) -> None:
        self.undo_stack.undo()

    def show_history(self) -> None:
        """What was done here, the latest first; a line takes back everything down to it."""
        shown = history_menu(self.undo_stack, self)
        shown.aboutToHide.connect(shown.deleteLater)
        at = self.head.undo
        shown.popup(at.mapToGlobal(at.rect().bottomLeft()) if at.isVisible() else QCursor.pos())

    # ------------------------------------------------------------------ which board

    def refresh(self) -> None:
        """Teams and board in one go; a visit on its way and what is chosen are left alone."""
        self.run(self._read(self.team, self.day), self._show, latest="board")

    def _read(self, team: TeamId | None, day: date) -> Callable[[], tuple[list[Team], Outlook | None]]:
        service, wanted, place = self.desk.services.deployment, self.services, self.desk.locality.value.lower()
        own, now = self.desk.actor.team_id, self.desk.clock.now()

        def read() -> tuple[list[Team], Outlook | None]:
            teams = [t for t in service.teams() if t.service in wanted]
            near = [t for t in teams if not place or t.locality in (place, None)]
            known = [t.id for t in near]
            shown = team if team in known else own if own in known else known[0] if known else None
            return near, Outlook.of(service.board(shown, day), now) if shown is not None else None

        return read

    def _show(self, found: tuple[list[Team], Outlook | None]) -> None:
        self._teams, outlook = found
        choice = self.tools.team
        choice.blockSignals(True)
        choice.set_items([(t.id, t.name) for t in self._teams])
        if outlook is not None:
            self.team = outlook.board.team.id
            choice.set_value(self.team)
        choice.blockSignals(False)
        self._show_board(outlook)

    def _show_board(self, outlook: Outlook | None) -> None:
        self._show_now()
        board = outlook.board if outlook else None
        self.board.show_board(outlook)
        self.warnings.show(self.board.outlook)
        self._filter_warned()
        self.head.say(f"{wording.weekday(self.day)}, {words.head(board, board.visits)}" if board else "No team here")
        self._count_due(board)
        self.head.ask_again()
        self.shown.emit()

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show at once what this desk did: what is chosen stays chosen, where it is now. What was done on another day
        is gone to."""
        self.acts.know_own(steps)
        board = self.board.board
        days = {(s.after.team_id, s.after.day) for s in steps}
        if board is None or (board.team.id, board.day) not in days:
            if steps and self.may_change:
                self.open(next(iter(days)))
            return
        self.panel.leave_form()
        chosen = self.board.spot
        self._show_board(Outlook.of(with_steps(board, steps), self.desk.clock.now(), self.board.outlook))
        target = chosen_after(chosen, steps)
        if target is not None:
            self.board.choose(target)

    def show_team(self, team: TeamId | None) -> None:
        if team is not None and team != self.team:
            self.team = team
            self.board.choose(None)
            self.refresh()

    def show_day(self, day: date) -> None:
        if day != self.day:
            self.day = day
            self.tools.day.set_value(day)
            self.board.choose(None)
            self.refresh()

    def open(self, key: object) -> None:
        """A visit's id, a team and a day (``(team, day)``), or a day."""
        self.key = key
        if isinstance(key, tuple):
            self.team, self.day = key
        elif isinstance(key, date):
            self.day = key
        self.tools.day.set_value(self.day)
        self.refresh()

    def step_day(self, days: int) -> None:
        self.show_day(self.day + timedelta(days=days))

    def go_today(self) -> None:
        self.show_day(local_date(self.desk.clock.now()))

    def _show_now(self) -> None:
        now = self.desk.clock.now()
        self.board.show_now(now if local_date(now) == self.day else None)
        if self.board.outlook is not None and self.board.tell_time(now):
            self.warnings.show(self.board.outlook)

    # ------------------------------------------------------------------ what wants an eye

    def step_warned(self, step: int) -> None:
        """To the next visit (1), or the one before (-1), that has a warning: of the types that are on."""
        outlook = self.board.outlook
        spot = self.board.next_of(outlook.spots(self.warnings.kinds), step) if outlook is not None else None
        if spot is None:
            self.desk.notices.say("Nothing on this board wants an eye.")
        else:
            self.board.choose(spot)
            self.board.setFocus()

    def _filter_warned(self, *, choose: bool = False) -> None:
        """What has no warning of the types that are on steps back."""
        outlook, on = self.board.outlook, self.warnings.is_filtered
        spots = outlook.spots(self.warnings.kinds) if outlook is not None and on else None
        self.board.show_warned(spots)
        if choose and spots and self.board.spot not in spots:
            self.step_warned(1)

    def _count_due(self, board: Board | None) -> None:
        """Open visits that should begin within the next quarter of an hour, for the foot of the window."""
        now = self.desk.clock.now()
        if board is not None and local_date(now) == board.day:
            soon = sum(1 for v in board.unplaced if v.arrive.start <= now + _SOON and v.arrive.end >= now)
            self.desk.foot.set_due(self.id, soon)

    def activated(self) -> None:
        self.board.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panel.make_room(self.window().width())

    # ------------------------------------------------------------------ one visit

    def ask_who(self) -> None:
        """Open the panel and go to the list; Enter there gives the visit."""
        if self.visit_is("planned"):
            self.panel.ask_who()

    def ask_reason(self, outcome: str) -> None:
        """A form in the panel; the board stays in sight."""
        if self.board.visit is not None:
            self.panel.ask_reason(self.board.visit, outcome)

    def end(self, outcome: str) -> None:
        if self.board.visit is not None:
            self.acts.end(self.board.visit, outcome)

    def reopen(self) -> None:
        if self.board.visit is not None:
            self.acts.reopen(self.board.visit)

    def open_record(self) -> None:
        if self.board.visit is not None:
            self.desk.go.to("person", self.board.visit.person.id)

    def show_beside(self, title: str, widget: QWidget) -> None:
        """A panel in the place of the visit; it is deleted when the visit comes back."""
        self.panel.show_instead(title, widget)

    def leave_beside(self) -> None:
        self.panel.leave_form()

    def refuse(self, obstacles: tuple[Obstacle, ...]) -> None:
        """Say what is in the way."""
        self.desk.notices.warn(words.refusal(Refused("allocate", tuple(obstacles))))

    # ------------------------------------------------------------------ paper

    def print_sheets(self) -> None:
        """The day's sheets in a preview: one a worker, one for the team, or the whole team in one go."""
        from ui.sheets.preview import open_preview

        board = self.board.board
        if board is not None:
            open_preview(self, self.desk, board.team.id, board.day, self._worker_of(self.board.visit))

    def _worker_of(self, visit: Visit | None) -> WorkerId | None:
        spot = self.board.spot
        held = visit.at_slot(spot.slot) if visit and spot else None
        return held.worker_id if held else None


class ReablementPage(DeploymentPage):
    """B1, B3: standard and complex reablement."""

    id, title, icon = "reablement", "Reablement", "person-simple-walk"
    services = ("reablement", "complex_reablement")


class NursingPage(DeploymentPage):
    id, title, icon = "nursing", "District nursing", "first-aid-kit"
    services = ("district_nursing",)
