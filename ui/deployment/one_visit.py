"""What the page of a board does with the visit that is chosen, or with all that is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from coordination.deployment.model import Visit
from coordination.errors import Obstacle, Refused
from coordination.values import WorkerId
from ui.commands import Command, menu
from ui.deployment import words
from ui.deployment.acts import Acts
from ui.deployment.addition import Addition
from ui.deployment.board import DeploymentBoard
from ui.deployment.commands import MENU
from ui.deployment.layout import Spot
from ui.deployment.visit_panel import VisitPanel
from ui.desk import Desk


class OneVisit:
    """Part of the page: it has ``board``, ``panel``, ``acts`` and ``desk``."""

    desk: Desk
    key: object
    board: DeploymentBoard
    panel: VisitPanel
    acts: Acts
    _commands: dict[str, Command]
    _additions: list[Addition]

    # ------------------------------------------------------------------ what is chosen

    def choose_asked(self) -> None:
        """The visit that the page was opened for, once its board is there."""
        board, key = self.board.board, self.key
        if board is None or not isinstance(key, tuple) or (board.team.id, board.day) != key[:2]:
            return
        self.key = None
        visit = board.visit_by_id.get(key[2]) if len(key) > 2 else None
        spot = Spot(visit.id, next(iter(visit.free_slots), 1)) if visit is not None else None
        if self.board.laid is not None and self.board.laid.has(spot):
            self.board.choose(spot)

    def visit_is(self, state: str) -> bool:
        visit = self.board.visit
        return visit is not None and visit.state == state and self.board.proposed is None

    def is_over(self) -> bool:
        visit = self.board.visit
        over = visit is not None and visit.is_over and visit.state != "moved"
        return over and self.board.proposed is None

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

    def give_several(self) -> None:
        """All that is chosen to one worker, each at its own time."""
        from ui.deployment.give_panel import GivePanel

        spots = self.board.selected
        if spots:
            panel = GivePanel(self, spots)  # type: ignore[arg-type]
            self.show_beside(f"Give {words.visits(len(spots))}", panel)
            panel.begin()

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
