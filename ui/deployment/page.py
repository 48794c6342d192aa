"""The two deployment boards, reablement and district nursing: one class, one shape (D1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QResizeEvent

from coordination.clock import local_date
from coordination.deployment.model import Board, Step, Team, Visit
from coordination.errors import Obstacle, Refused
from coordination.values import TeamId, WorkerId
from ui import wording
from ui.commands import Command, menu
from ui.deployment import words
from ui.deployment.acts import Acts
from ui.deployment.board import DeploymentBoard
from ui.deployment.commands import MENU, board_commands
from ui.deployment.layout import Outlook, Spot
from ui.deployment.side import VisitSide
from ui.deployment.visit_panel import VisitPanel
from ui.desk import Desk
from ui.page import Page
from ui.style import theme
from ui.widgets import (
    Busy,
    Choice,
    DateEdit,
    PageHead,
    SegmentedChoice,
    ask_again,
    column,
    command_button,
    icon_button,
    plane,
    row,
    splitter,
)

HOURS = {"day": None, "morning": (7, 14), "afternoon": (12, 18), "evening": (16, 22)}
NOW_EVERY_MS = 30_000
_SOON = timedelta(minutes=15)


class DeploymentPage(Page):
    """A board of the teams of some services."""

    areas = frozenset({"deployment"})
    services: ClassVar[tuple[str, ...]] = ()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.team: TeamId | None = None
        self.day: date = local_date(desk.clock.now())
        self._teams: list[Team] = []
        self._asked: tuple[object, ...] = ()
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
        self._commands = {c.id.split(".")[1]: c for c in board_commands(self)}
        made = self._commands
        self.team_choice = Choice(prompt="Team")
        self.team_choice.setAccessibleName("Team")
        self.day_edit = DateEdit(self.day, today=lambda: local_date(self.desk.clock.now()))
        self.day_edit.setAccessibleName("Day")
        self.day_edit.setFixedWidth(theme.px(132))
        self.hours = SegmentedChoice([(n, n.capitalize()) for n in HOURS])
        self.hours.setAccessibleName("Hours shown")
        self._buttons = [
            command_button(made["place"], words="Who could take this?"),
            command_button(made["undo"], kind="quiet", words="Undo"),
            command_button(made["print"], kind="main", words="Print sheets"),
        ]
        before = icon_button("caret-left", f"Day before  ({made['earlier_day'].keys})", made["earlier_day"])
        after = icon_button("caret-right", f"Day after  ({made['later_day'].keys})", made["later_day"])
        today = command_button(made["today"], kind="quiet", words="Today")
        self.head = PageHead(self.title, "", *self._buttons)
        tools = row(
            self.team_choice, 2, before, self.day_edit, after, today, None, self.hours, gap=1, margins=(6, 1.5, 6, 1.5)
        )
        parts = splitter(self.board, self.panel, sizes=(900, 360), settings=self.desk.settings, name="deployment")
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 0)
        whole = column(self.head, plane(tools, "surface", "below"), parts, gap=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        Busy(self.board, self.desk.tasks, owner=self)

    def _connect(self) -> None:
        board = self.board
        board.spot_changed.connect(self.panel.show_spot)
        board.spot_changed.connect(lambda: ask_again(*self._buttons))
        board.dropped.connect(self.acts.give)
        board.taken_back.connect(self.acts.take_back)
        board.refused.connect(self.refuse)
        board.undo_asked.connect(lambda: self.acts.undo())
        board.opened.connect(lambda _spot: self.ask_who())
        board.menu_asked.connect(self._show_menu)
        self.team_choice.chosen.connect(self.show_team)
        self.day_edit.changed.connect(lambda day: self.show_day(day) if day else None)
        self.hours.changed.connect(lambda name: board.show_hours(HOURS[name]))

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

    def pass_on(self, step: int) -> None:
        if self.board.spot is not None and self.board.board is not None:
            self.acts.pass_on(self.board.spot, self.board.board, step)

    def _show_menu(self, at: QPoint) -> None:
        made = self._commands
        shown = menu([made[n] if n else None for n in MENU], self)
        shown.aboutToHide.connect(shown.deleteLater)
        shown.popup(at)

    # ------------------------------------------------------------------ which board

    def refresh(self) -> None:
        """Teams and board in one go; a visit on its way and what is chosen are left alone."""
        self.run(self._read(self.team, self.day), self._show, latest="board")

    def _read(self, team: TeamId | None, day: date) -> Callable[[], tuple[list[Team], Outlook | None]]:
        service, wanted, place = self.desk.services.deployment, self.services, self.desk.locality.value.lower()
        own = self.desk.actor.team_id

        def read() -> tuple[list[Team], Outlook | None]:
            teams = [t for t in service.teams() if t.service in wanted]
            near = [t for t in teams if not place or t.locality in (place, None)]
            known = [t.id for t in near]
            shown = team if team in known else own if own in known else known[0] if known else None
            return near, Outlook.of(service.board(shown, day)) if shown is not None else None

        return read

    def _show(self, found: tuple[list[Team], Outlook | None]) -> None:
        self._teams, outlook = found
        self.team_choice.blockSignals(True)
        self.team_choice.set_items([(t.id, t.name) for t in self._teams])
        if outlook is not None:
            self.team = outlook.board.team.id
            self.team_choice.set_value(self.team)
        self.team_choice.blockSignals(False)
        self._show_board(outlook)

    def _show_board(self, outlook: Outlook | None) -> None:
        self._show_now()
        board = outlook.board if outlook else None
        self.board.show_board(outlook)
        self.head.say(f"{wording.weekday(self.day)}, {words.head(board, board.visits)}" if board else "No team here")
        self._count_due(board)
        ask_again(*self._buttons)

    def show_step(self, step: Step, board: Board) -> None:
        """Show at once what this desk did: the visit stays chosen, where it is now."""
        self.panel.leave_form()
        self._show_board(Outlook.of(board))
        spots = [Spot(step.after.id, a.slot) for a in step.after.allocations]
        before = {(a.slot, a.worker_id, a.window) for a in step.before.allocations}
        fresh = [
            Spot(step.after.id, a.slot) for a in step.after.allocations if (a.slot, a.worker_id, a.window) not in before
        ]
        if self.board.spot is not None and self.board.spot.visit == step.after.id:
            target = next(iter(fresh or spots), None)
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
            self.day_edit.set_value(day)
            self.board.choose(None)
            self.refresh()

    def open(self, key: object) -> None:
        """A visit's id, a team and a day (``(team, day)``), or a day."""
        self.key = key
        if isinstance(key, tuple):
            self.team, self.day = key
        elif isinstance(key, date):
            self.day = key
        self.day_edit.set_value(self.day)
        self.refresh()

    def step_day(self, days: int) -> None:
        self.show_day(self.day + timedelta(days=days))

    def go_today(self) -> None:
        self.show_day(local_date(self.desk.clock.now()))

    def _show_now(self) -> None:
        now = self.desk.clock.now()
        self.board.show_now(now if local_date(now) == self.day else None)

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
