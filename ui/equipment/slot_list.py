"""When somebody can come: the times that the team has, the soonest first. Enter agrees one."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.equipment.deliveries import FreeSlot, Offer
from ui.desk import Desk
from ui.equipment import words
from ui.widgets.basics import column, label
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel


class SlotList(QWidget):
    """``taken`` gives the slot that is chosen."""

    taken = Signal(object)

    def __init__(self, desk: Desk, offer: Offer) -> None:
        super().__init__()
        now = desk.clock.now()
        self.model = StableTableModel[FreeSlot](_columns(now), key=lambda s: (s.team_id, s.window.start))
        self.table = Table(self.model, settings=desk.settings, name="equipment-slots", title="Free times", inset=2)
        self.model.set_rows(offer.slots)
        self.table.selectRow(0)
        self.table.opened.connect(lambda _slot: self.take())
        rows = self.table.verticalHeader().defaultSectionSize() * (len(offer.slots) + 1) + 8
        self.table.setFixedHeight(rows)
        asked = offer.asked
        people = "Two people, " if asked.workers > 1 else ""
        said = label(asked.need, wrap=True, strong=True)
        long_ = label(f"{people}{asked.minutes} min at the door.", quiet=True, wrap=True)
        self.setLayout(column(said, long_, self.table, None, gap=2))

    def begin(self) -> None:
        self.table.setFocus()

    def take(self) -> None:
        chosen = self.table.current
        if chosen is not None:
            self.taken.emit(chosen)


def _columns(now: datetime) -> list[Column[FreeSlot]]:
    return [
        Column("when", "Free", lambda s: words.slot_words(s.window, now), sort=lambda s: s.window.start, strong=True,
               width=150),
        Column("team", "Team", lambda s: s.team, quiet=True, stretch=True, width=120),
    ]  # fmt: skip
