"""What can be done on a board: declared once, for keys, menu, palette and the shortcut sheet.

Alt with an arrow is the window's way back, so a visit is shifted with Shift: five minutes, or a worker up or down.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ui.commands import Command, always
from ui.deployment.acts import Acts
from ui.deployment.doing import BoardShown

# of the menu of a visit, by the last part of the id; "" is a line between
MENU = (
    *("place", "give_all", "take_back", "pin", "", "sooner", "later", "up", "down", ""),
    *("done", "no_access", "declined", "cancel", "another_day", "reopen", "", "record", "undo", "redo"),
)


# of the menu "More" at the top, before what others add
MORE = ("as_list", "copy", "", "find_rows", "hours", "close_rows", "", "undo", "redo", "history")


class BoardWithActs(BoardShown, Protocol):
    """What the commands ask of the page, beyond what the acts do."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def acts(self) -> Acts: ...
    @property
    def may_change(self) -> bool: ...
    @property
    def can_take_back(self) -> bool: ...
    def visit_is(self, state: str) -> bool: ...
    def is_over(self) -> bool: ...
    def held(self) -> object: ...
    def on(self, act: Callable[..., object], *how: object) -> None: ...
    def on_all(self, act: Callable[..., object]) -> None: ...
    def give_several(self) -> None: ...
    def show_history(self) -> None: ...
    def ask_who(self) -> None: ...
    def end(self, outcome: str) -> None: ...
    def ask_reason(self, outcome: str) -> None: ...
    def reopen(self) -> None: ...
    def open_record(self) -> None: ...
    def step_day(self, days: int) -> None: ...
    def go_today(self) -> None: ...
    def print_sheets(self) -> None: ...


def board_commands(page: BoardWithActs) -> list[Command]:
    """All of them, ids ``reablement.place`` and so on."""
    act, undo = page.acts, page.undo_stack

    def one(
        name: str, title: str, run: Callable[[], object], keys: str = "", when: Callable[[], bool] = always,
        icon: str = "",
    ) -> Command:  # fmt: skip
        return Command(f"{page.id}.{name}", title, run, keys, when, page.title, icon)

    def chosen() -> bool:
        return page.board.visit is not None

    def planned() -> bool:
        return page.visit_is("planned")

    def open_() -> bool:
        return page.may_change and planned()

    def held() -> bool:
        return open_() and page.held() is not None

    def over() -> bool:
        return page.may_change and page.is_over()

    def again() -> bool:
        return undo.can_redo and page.board.proposed is None

    return [
        one("place", "Who could take this?", page.ask_who, "P", planned, "user-focus"),
        one("give_all", "Give what is chosen to a worker", page.give_several, "G", open_, "users"),
        one("take_back", "Take back from the worker", lambda: page.on_all(act.take_back), "Del", held, "archive-tray"),
        one("pin", "Pin, or release", lambda: page.on_all(act.pin), "I", held, "push-pin"),
        one("sooner", "5 min sooner", lambda: page.on(act.shift, -5), "Shift+Left", held, "arrow-left"),
        one("later", "5 min later", lambda: page.on(act.shift, 5), "Shift+Right", held, "arrow-right"),
        one("sooner_15", "15 min sooner", lambda: page.on(act.shift, -15), "Alt+Shift+Left", held),
        one("later_15", "15 min later", lambda: page.on(act.shift, 15), "Alt+Shift+Right", held),
        one("up", "To the next worker up who can", lambda: page.on(act.pass_on, -1), "Shift+Up", held, "arrow-up"),
        one(
            "down", "To the next worker down who can", lambda: page.on(act.pass_on, 1), "Shift+Down", held, "arrow-down"
        ),
        one("done", "Done", lambda: page.end("done"), "D", open_, "check"),
        one("no_access", "No access", lambda: page.ask_reason("no_access"), "N", open_, "warning"),
        one("declined", "Declined", lambda: page.ask_reason("declined"), "", open_, "hand-palm"),
        one("cancel", "Cancel the visit", lambda: page.ask_reason("cancelled"), "", open_, "x"),
        one("another_day", "To another day", lambda: page.ask_reason("moved"), "", open_, "calendar-plus"),
        one("reopen", "Open it again", page.reopen, "", over, "arrow-u-up-left"),
        one("record", "Open the person's record", page.open_record, "R", chosen, "user"),
        one("undo", "Undo on the board", undo.undo, "U", lambda: page.can_take_back, "arrow-u-up-left"),
        one("redo", "Do again", undo.redo, "Ctrl+Y", again, "arrow-u-up-right"),
        one("redo_too", "Do again", undo.redo, "Ctrl+Shift+Z", again),
        one("history", "What was done here", page.show_history, "Shift+U", icon="clock-counter-clockwise"),
        one("mine", "Mine instead of theirs", act.do_mine, "Y", lambda: act.mine is not None, "arrows-left-right"),
        one("earlier_day", "Day before", lambda: page.step_day(-1), "[", icon="caret-left"),
        one("later_day", "Day after", lambda: page.step_day(1), "]", icon="caret-right"),
        one("today", "Today", page.go_today, "T", icon="calendar-check"),
        one("print", "Print sheets", page.print_sheets, "Ctrl+P", lambda: page.board.board is not None, "printer"),
    ]
