"""The deployment boards, reablement, district nursing and deliveries: one class, one shape (D1, D6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import ClassVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QWidget

from coordination.changes import Change
from coordination.clock import local_date
from coordination.deployment.model import Board, Step, Team
from coordination.values import TeamId
from ui import wording
from ui.commands import Command
from ui.deployment import words
from ui.deployment.acts import Acts
from ui.deployment.bars import BoardHead, BoardTools
from ui.deployment.board import DeploymentBoard
from ui.deployment.commands import MORE, board_commands
from ui.deployment.hooks import additions
from ui.deployment.live import Live
from ui.deployment.one_visit import OneVisit
from ui.deployment.outlook import Outlook
from ui.deployment.seeing import Seeing, seeing_commands
from ui.deployment.side import VisitSide
from ui.deployment.steps import chosen_after, with_steps
from ui.deployment.undo import UndoStack
from ui.deployment.visit_panel import VisitPanel
from ui.deployment.warning_bar import WarningBar
from ui.desk import Desk
from ui.in_order import InOrder
from ui.page import Page
from ui.undo_menu import history_menu
from ui.widgets import Busy, column, splitter

NOW_EVERY_MS = 30_000
_SOON = timedelta(minutes=15)


class DeploymentPage(OneVisit, Page):
    """A board of the teams of some services."""

    areas = frozenset({"deployment"})
    services: ClassVar[tuple[str, ...]] = ()

    shown = Signal()
    """another board is shown, or the same one anew"""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.team: TeamId | None = None
        self._asked: TeamId | None = None
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
        self._above = column(gap=0)
        self._additions = additions(self)
        made = [
            *board_commands(self),
            *seeing_commands(self),
            *(c for addition in self._additions for c in addition.commands),
        ]
        self._commands = {c.id.split(".")[1]: c for c in made}
        more = [*MORE, *(name for a in self._additions if a.in_more for name in ("", *a.in_more))]
        self.head = BoardHead(self.title, self._commands, [n for a in self._additions for n in a.in_head], more)
        self.tools = BoardTools(self._commands, self.day, lambda: local_date(self.desk.clock.now()))
        self.warnings = WarningBar()
        parts = splitter(self.board, self.panel, sizes=(900, 360), settings=self.desk.settings, name="deployment")
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 0)
        whole = column(self.head, self.tools.plane(), self.warnings.widget(), self._above, parts, gap=0)
        whole.setStretch(4, 1)
        self.setLayout(whole)
        Busy(self.board, self.desk.tasks, owner=self)
        self.seeing = Seeing(self, self.tools, self.warnings)
        self.live = Live(self)

    def _connect(self) -> None:
        board = self.board
        board.spot_changed.connect(self.panel.show_spot)
        board.spot_changed.connect(self.head.ask_again)
        board.spot_changed.connect(self.say_head)
        board.dropped.connect(self.acts.give)
        board.taken_back.connect(self.acts.take_back)
        board.refused.connect(self.refuse)
        board.undo_asked.connect(self.undo_stack.undo)
        board.opened.connect(lambda _spot: self.ask_who())
        board.menu_asked.connect(self._show_menu)
        board.proposed_changed.connect(self.seeing.show_warnings)
        self.undo_stack.changed.connect(lambda: self.head.show_undo(self.undo_stack))
        self.tools.team.chosen.connect(self.show_team)
        self.tools.day.changed.connect(lambda day: self.show_day(day) if day else None)

    @property
    def side(self) -> VisitSide:
        """The chosen visit, in the panel."""
        return self.panel.side

    @property
    def may_change(self) -> bool:
        """For the screen only; the database decides."""
        return self.desk.actor.role == "team_lead" and self.board.proposed is None

    def put_above(self, widget: QWidget) -> None:
        self._above.addWidget(widget)

    # ------------------------------------------------------------------ commands

    def commands(self) -> list[Command]:
        return list(self._commands.values())

    # ------------------------------------------------------------------ undo

    @property
    def can_take_back(self) -> bool:
        return self.undo_stack.can_undo and self.board.proposed is None

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
        own, now, asked = self.desk.actor.team_id, self.desk.clock.now(), self._asked

        def read() -> tuple[list[Team], Outlook | None]:
            teams = [t for t in service.teams() if t.service in wanted]
            near = [t for t in teams if not place or t.locality in (place, None) or t.id == asked]
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
        self.choose_asked()

    def _show_board(self, outlook: Outlook | None) -> None:
        self._show_now()
        board, before = outlook.board if outlook else None, self.board.board
        self.board.show_board(outlook)
        self.live.board_shown()
        self.live.flash(before, board)
        self.seeing.show_warnings()
        self.say_head()
        self._count_due(board)
        self.head.ask_again()
        self.shown.emit()

    def say_head(self) -> None:
        """Day of the week, workers, visits, rows: the date stands beneath."""
        board = self.board.board
        if board is None:
            self.head.say("No team here")
            return
        parts = [wording.weekday(self.day).split()[0], words.head(board, board.visits), self.seeing.rows_said]
        chosen = len({spot.visit for spot in self.board.selected})
        parts += [f"{chosen} chosen"] if chosen > 1 else []
        self.head.say(", ".join(part for part in parts if part))

    @property
    def newest_board(self) -> Board | None:
        """What is shown, or waits until a visit that is on its way is put down."""
        newest = self.board.newest
        return newest.board if newest is not None else None

    def show_outlook(self, outlook: Outlook) -> None:
        """The same board, in part read again."""
        self._show_board(outlook)

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        return super().changes_concern(changes) and not self.live.takes(changes)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show at once what this desk did: what is chosen stays chosen, where it is now. What was done on another day
        is gone to."""
        self.acts.know_own(steps)
        board = self.newest_board
        days = {(s.after.team_id, s.after.day) for s in steps}
        if board is None or (board.team.id, board.day) not in days:
            if steps and self.may_change:
                self.open(next(iter(days)))
            return
        self.panel.leave_form()
        chosen = self.board.spot
        self._show_board(Outlook.of(with_steps(board, steps), self.desk.clock.now(), self.board.newest))
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
        """A team and a day (``(team, day)``), with the visit that is to be chosen there (``(team, day, visit)``), or a
        day. A team of another locality is shown too."""
        self.key = key
        self._asked = key[0] if isinstance(key, tuple) else None
        if isinstance(key, tuple):
            self.team, self.day = key[:2]
        elif isinstance(key, date):
            self.day = key
        self.tools.day.set_value(self.day)
        self.refresh()

    def _locality_moved(self, locality: str) -> None:
        self._asked = None
        super()._locality_moved(locality)

    def step_day(self, days: int) -> None:
        self.show_day(self.day + timedelta(days=days))

    def go_today(self) -> None:
        self.show_day(local_date(self.desk.clock.now()))

    def _show_now(self) -> None:
        now = self.desk.clock.now()
        self.board.show_now(now if local_date(now) == self.day else None)
        if self.board.outlook is not None and self.board.tell_time(now):
            self.seeing.show_warnings()

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


class ReablementPage(DeploymentPage):
    """B1, B3: standard and complex reablement."""

    id, title, icon = "reablement", "Reablement", "person-simple-walk"
    services = ("reablement", "complex_reablement")


class NursingPage(DeploymentPage):
    id, title, icon = "nursing", "District nursing", "first-aid-kit"
    services = ("district_nursing",)


class DeliveriesPage(DeploymentPage):
    """D6: what is delivered, fitted and collected by the equipment team."""

    id, title, icon = "deliveries", "Deliveries", "truck"
    services = ("equipment",)
