"""What narrows a view of the queue: taken from one menu, shown as chips that are taken off again one by one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from coordination.intake.queue import QueueChoices, QueueFilter, QueueOrder
from coordination.intake.views import PAST
from ui.intake import words

Item = tuple[str, Hashable]
"""A group and a value in it: ``("service", "reablement")``."""

ORDERS: dict[QueueOrder, str] = {
    "due": "First due first",
    "received": "Longest waiting first",
    "urgency": "Most urgent first",
}
CLOCKS: dict[Hashable, str] = {
    "overdue": "Overdue",
    timedelta(hours=1): "Due within an hour",
    timedelta(hours=4): "Due within 4 hours",
    timedelta(hours=24): "Due within a day",
    "on_hold": "Paused, or waiting for information",
    "safeguarding": "Safeguarding",
}
_SETS = {
    "service": "services",
    "neighbourhood": "neighbourhoods",
    "source": "sources",
    "colleague": "holders",
}
NO_CHOICES = QueueChoices((), (), (), ())


class Narrowing:
    """The filters that are on besides the view and the urgencies, in the order in which they were put on."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.order: QueueOrder | None = None

    def toggle(self, item: Item) -> None:
        """On or off. Of the holder, and of how soon something is due, one at a time."""
        if item in self.items:
            self.items.remove(item)
            return
        self.items = [other for other in self.items if not _excludes(item, other)]
        self.items.append(item)

    def clear(self) -> None:
        self.items, self.order = [], None

    def applied(self, asked: QueueFilter) -> QueueFilter:
        """A view, narrowed."""
        groups: dict[str, set[Any]] = {}
        for group, value in self.items:
            groups.setdefault(group, set()).add(value)
        changes: dict[str, Any] = {
            field: frozenset(groups[group]) for group, field in _SETS.items() if group in groups
        }  # fmt: skip
        clock = groups.get("clock", set())
        for value in clock:
            if isinstance(value, timedelta):
                changes["due_within"] = value
            else:
                changes[str(value)] = True
        for value in groups.get("holder", set()):
            changes["holder"] = value
        if self.order is not None and not asked.states <= PAST:
            changes["order"] = self.order
        return replace(asked, **changes)


def _excludes(item: Item, other: Item) -> bool:
    holders = {"holder", "colleague"}
    if item[0] in holders and other[0] in holders:
        return not (item[0] == other[0] == "colleague")
    due = (timedelta,)
    soon = item[0] == other[0] == "clock" and (isinstance(item[1], due) or item[1] == "overdue")
    return soon and (isinstance(other[1], due) or other[1] == "overdue")


def said(item: Item, choices: QueueChoices) -> str:
    """The words of a chip."""
    group, value = item
    if group == "clock":
        return CLOCKS[value]
    if group == "holder":
        return {"me": "I have it", "nobody": "Nobody has it"}[str(value)]
    if group == "source":
        return f"From: {words.source(str(value))}"
    known: dict[Any, str] = {
        "service": {kind.code: kind.name for kind in choices.services},
        "neighbourhood": dict(choices.neighbourhoods),
        "colleague": dict(choices.colleagues),
    }[group]
    return known.get(value, str(value))


def filter_menu(
    parent: QWidget, choices: QueueChoices, on: Narrowing, order: QueueOrder | None,
    toggle: Callable[[Item], object], set_order: Callable[[QueueOrder], object], clear: Callable[[], object],
) -> QMenu:  # fmt: skip
    """All that can be put on, with what is on ticked. ``order`` None: there is only one."""
    menu = QMenu(parent)
    groups: list[tuple[str, list[Item]]] = [
        ("Clock", [("clock", value) for value in CLOCKS]),
        ("Service", [("service", kind.code) for kind in choices.services]),
        ("Who has it", [("holder", "nobody"), ("holder", "me"), *(("colleague", n) for n, _ in choices.colleagues)]),
        ("Neighbourhood", [("neighbourhood", number) for number, _name in choices.neighbourhoods]),
        ("From", [("source", channel) for channel in words.CHANNELS]),
    ]  # fmt: skip
    for title, items in groups:
        part = menu.addMenu(title)
        for item in items:
            entry = part.addAction(said(item, choices))
            entry.setCheckable(True)
            entry.setChecked(item in on.items)
            entry.toggled.connect(lambda _on, item=item: toggle(item))
    if order is not None:
        part = menu.addMenu("In order")
        one = QActionGroup(part)
        for code, title in ORDERS.items():
            entry = part.addAction(title)
            entry.setCheckable(True)
            entry.setChecked(code == order)
            one.addAction(entry)
            entry.triggered.connect(lambda _on=False, code=code: set_order(code))
    if on.items or on.order is not None:
        menu.addSeparator()
        menu.addAction("Take all filters off", clear)
    return menu
