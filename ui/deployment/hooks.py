"""What other parts of the program add to the boards: one line each in :func:`additions`.

An addition is made once a page, of a :class:`BoardPage`:

    def planning(page: BoardPage) -> Addition:
        deeds = PlanningDeeds(page)
        return Addition(
            commands=(Command(f"{page.id}.plan", "Plan the rest", deeds.plan, "F4", group=page.title),),
            in_head=("plan",),     # buttons, by the last part of the id
            in_menu=("why_not",),  # of the menu of a visit
            in_more=("weights",),  # of the menu "More" at the top
        )

Of the page one may use: ``desk``, ``run``, ``refresh``; ``board`` (``.board`` the records, ``.visit`` and ``.spot``
what is chosen, ``.selected`` all that is chosen, ``.spot_changed``); ``in_order.do`` for what changes anything;
``undo_stack.push`` and ``.push_steps``; ``show_steps`` to show at once what this desk did; ``show_beside(title,
widget)`` for a panel in the place of the visit, ``leave_beside()`` to go back; ``shown``, a signal, after another
board is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from PySide6.QtWidgets import QWidget

from coordination.values import TeamId
from ui.commands import Command
from ui.deployment.board import DeploymentBoard
from ui.deployment.undo import ShowsSteps, UndoStack
from ui.deployment.warning_bar import WarningBar


class BoardPage(ShowsSteps, Protocol):
    """The page of a board, as others see it."""

    team: TeamId | None
    day: date

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def board(self) -> DeploymentBoard: ...
    @property
    def undo_stack(self) -> UndoStack: ...
    @property
    def may_change(self) -> bool: ...
    @property
    def warnings(self) -> WarningBar: ...
    def ask_reason(self, outcome: str) -> None: ...
    @property
    def shown(self) -> object:
        """A signal: another board is shown, or the same one anew."""
        ...

    def show_beside(self, title: str, widget: QWidget) -> None: ...
    def leave_beside(self) -> None: ...
    def open(self, key: object) -> None: ...


@dataclass(frozen=True)
class Addition:
    """Commands, and where else they stand: by the last part of their ids."""

    commands: Sequence[Command] = ()
    in_menu: Sequence[str] = ()
    in_head: Sequence[str] = ()
    in_more: Sequence[str] = ()


def additions(page: BoardPage) -> list[Addition]:
    """One line for each part that adds something."""
    from ui.deployment.map import map_addition
    from ui.deployment.planning_commands import planning
    from ui.deployment.published import published_addition
    from ui.outcomes.addition import outcomes_addition
    from ui.reablement.board import reablement_addition
    from ui.visits.board import visits_addition

    made: list[Addition] = [planning(page), map_addition(page), outcomes_addition(page), published_addition(page)]
    made += [visits_addition(page), reablement_addition(page)]
    return made
