"""What another part of the program adds to the boards; one line each in ``ui/deployment/hooks.py``.

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
from typing import Any, Protocol

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
    def put_above(self, widget: QWidget) -> None:
        """Something across the page, between its bars and the board; hidden until it is shown."""
        ...

    def open(self, key: object) -> None: ...


class WholePage(BoardPage, Protocol):
    """The same as its own parts see it: with its bars, its deeds, and what it says at its head."""

    @property
    def acts(self) -> Any: ...
    @property
    def seeing(self) -> Any: ...
    @property
    def areas(self) -> Any: ...
    def newest_board(self) -> Any: ...
    def show_outlook(self, *said: Any) -> Any: ...
    def say_head(self, *said: Any) -> Any: ...
    def refuse(self, *said: Any) -> Any: ...


@dataclass(frozen=True)
class Addition:
    """Commands, and where else they stand: by the last part of their ids."""

    commands: Sequence[Command] = ()
    in_menu: Sequence[str] = ()
    in_head: Sequence[str] = ()
    in_more: Sequence[str] = ()
