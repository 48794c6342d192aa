"""What is known of the chosen row; of a thing with a serial number, every place where it ever was."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from coordination.equipment.stock_model import Item, Stretch
from ui import wording
from ui.desk import Desk
from ui.equipment.list_kind import ListKind
from ui.equipment.messages import PLACE_WORDS
from ui.widgets.basics import column, label
from ui.widgets.panels import Facts


class Beside:
    """``content`` stands in the panel. What a list does not say is asked when a row is chosen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.facts = Facts()
        self.heading = label("Where it was", strong=True)
        self.history = Facts()
        self.content = QWidget()
        self.content.setLayout(column(self.facts, self.heading, self.history, None, gap=3))
        self._shown: object = None
        self._of(None)

    def show_row(self, kind: ListKind, chosen: Any) -> None:
        self.facts.set(kind.facts(chosen, self._desk.clock.now()) if chosen is not None else [])
        self._of(chosen if isinstance(chosen, Item) else None)

    def _of(self, item: Item | None) -> None:
        key = None if item is None else (item.id, item.revision)
        self.heading.setVisible(item is not None)
        if key == self._shown:
            return
        self._shown = key
        self.history.set([])
        self.history.setVisible(False)
        if item is not None:
            service, wanted = self._desk.services.equipment, item.id
            self._desk.tasks.run(
                self.content, lambda: service.whereabouts(wanted), lambda found: self._show(key, found),
                latest="whereabouts",
            )  # fmt: skip

    def _show(self, key: object, found: tuple[Stretch, ...]) -> None:
        if key == self._shown:
            self.history.set([(_when(each), _where(each)) for each in found])
            self.history.setVisible(True)


def _when(each: Stretch) -> str:
    return wording.day_time(each.since)


def _where(each: Stretch) -> str:
    """Until when is said by the line above."""
    return f"{PLACE_WORDS[each.place]}, {each.store}"
