"""What can be done on the tracker: declared once, for menu, palette, keys and buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.commands import Command


def tracker_commands(page: Any) -> list[Command]:
    """``page``: the MoveOnPage."""
    acts = page.acts

    def on_row() -> bool:
        return page.table.current is not None and not acts.asking

    def on_task() -> bool:
        return on_row() and page.tasks.current is not None

    def open_task() -> bool:
        return on_task() and page.tasks.current.is_open

    def closed_task() -> bool:
        return on_task() and not page.tasks.current.is_open

    def inside() -> bool:
        return on_row() and page.table.current.hold_until is None

    def held() -> bool:
        return on_row() and page.table.current.hold_until is not None

    def make(name: str, title: str, run: Callable[[], object], key: str, when: Any, icon: str = "") -> Command:
        return Command(f"moveon.{name}", title, run, key, when, "Moving on", icon)

    return [
        make("done", "This step is done", acts.finish, "D", open_task, "check"),
        make("edit", "Change the step, or say what is in its way", acts.edit, "E", open_task, "pencil-simple"),
        make("not_needed", "This step is not needed", acts.not_needed, "N", open_task, "minus"),
        make("again", "Open the step again", acts.open_again, "R", closed_task, "arrow-counter-clockwise"),
        make("add", "Add a step for this stay", acts.add, "A", on_row, "plus"),
        make("longer", "Stays longer: another last day, and why", acts.stays_longer, "W", on_row, "calendar-plus"),
        make("hold", "Back in hospital: hold the apartment", acts.hold, "H", inside, "first-aid"),
        make("returned", "Back from hospital", acts.returned, "J", held, "house"),
        make("board", "Show the stay on the calendar", acts.to_board, "G", on_row, "calendar"),
        make("views", "Go to the views", page.view.setFocus, "F8", lambda: True),
        make("save", "Save what is typed", acts.save, "Ctrl+Return", lambda: acts.asking),
        *page.table.commands("moveon"),
    ]
