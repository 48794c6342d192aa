"""What can be done on the equipment page: declared once, for menu, palette, keys and buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ui.commands import Command
from ui.widgets import tableio

# What one key does to a row, in whichever list it is: id, title, key, mark.
ON_A_ROW = (
    ("reserve", "Reserve it: put by what was ordered", "R", "package"),
    ("release", "Release it: free for others again", "Shift+R", "arrow-counter-clockwise"),
    ("slot", "Agree when somebody comes", "T", "calendar-check"),
    ("no_slot", "Give the time back", "Shift+T", "calendar-x"),
    ("van", "Into the van, or out of it", "V", "truck"),
    ("done", "Done: delivered, collected, service passed", "D", "check"),
    ("other", "Another one of it was brought", "Y", "barcode"),
    ("fitted", "Fitted", "F", "wrench"),
    ("failed", "It could not be done", "X", "x"),
    ("instead", "Something else instead", "S", "swap"),
    ("edit", "Change days, end or minimum", "E", "pencil-simple"),
    ("cancel", "Cancel the order, or call the collection off", "Del", "minus"),
    ("again", "Not cancelled, not delivered, not collected after all", "Shift+D", "arrow-u-up-left"),
    ("remind", "Reminded by telephone just now", "M", "bell"),
    ("remind_how", "Reminded in another way", "Shift+M", "bell"),
    ("collect", "Have it collected", "C", "archive-tray"),
    ("move", "Move it: cleaned, repaired, another store, lost", "W", "arrows-left-right"),
    ("service", "It was looked after", "L", "wrench"),
    ("visit", "Show the visit on the board", "G", "calendar"),
    ("exchange", "Another one for the later day: this one is free", "Shift+Y", "swap"),
)


def equipment_commands(page: Any) -> list[Command]:
    """``page``: the EquipmentPage."""
    deeds = page.deeds

    def make(name: str, title: str, run: Callable[[], object], key: str, when: Any, icon: str = "") -> Command:
        return Command(f"equipment.{name}", title, run, key, when, "Equipment", icon)

    on_rows = [
        make(name, title, partial(deeds.do_row, name), key, partial(deeds.can, name), icon)
        for name, title, key, icon in ON_A_ROW
    ]
    return [
        make("new", "Order equipment", lambda: deeds.orders.new(), "N", lambda: not deeds.asking, "plus"),
        *on_rows,
        make("add", "Take in what was bought", deeds.stores.take_in, "A", lambda: not deeds.asking, "plus"),
        make("board", "Deliveries", lambda: page.desk.go.to("deliveries", None), "B", lambda: True, "truck"),
        make("all", "Of everybody again", page.show_all, "Shift+A", lambda: page.of is not None),
        make("further", "Further rows of the list", page.read_further, "O", lambda: page.has_more, "caret-down"),
        make("views", "Go to the lists", page.view.setFocus, "F8", lambda: True),
        make("save", "Save what is typed", deeds.save, "Ctrl+Return", lambda: deeds.asking),
        make("take_instead", "Take what is offered instead", deeds.take_instead, "Ctrl+I", deeds.offers_instead),
        Command("equipment.export", "Export the list", lambda: tableio.export_table(page.table, page.kind.title),
                "Ctrl+Shift+E", group="Equipment", icon="export", also="excel csv save"),
        Command("equipment.print_table", "Print the list", lambda: tableio.print_table(page.table, page.kind.title),
                "Ctrl+P", group="Equipment", icon="printer"),
    ]  # fmt: skip
