"""What the page of the shift can show, as choices: mine, the handovers, and for who leads, colleagues and locality."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal

from ui.desk import Desk
from ui.duty import words
from ui.duty.shown import MINE, Shown
from ui.duty.watch import DutyWatch
from ui.style import theme
from ui.widgets.basics import Choice


class ShownChoice(Choice):
    """``words_of``: what is called what is shown, where it is none of the choices."""

    asked = Signal(object)
    """Shown: another than before"""

    def __init__(self, desk: Desk, watch: DutyWatch, words_of: Callable[[Shown], str]) -> None:
        super().__init__([(MINE, "What I hold")])
        self._desk, self._watch, self._words_of = desk, watch, words_of
        self._shown = MINE
        self.setAccessibleName("What is shown")
        self.setMinimumWidth(theme.px(260))
        self.chosen.connect(self._chosen)

    def offer(self, shown: Shown) -> None:
        """As it is now, and what is shown of it."""
        self._shown = shown
        items = self._items()
        if shown not in [each for each, _ in items]:
            items.append((shown, self._words_of(shown)))
        if [(self.itemData(n), self.itemText(n)) for n in range(self.count())] != items:
            self.set_items(items)
        self.blockSignals(True)
        self.set_value(shown)
        self.blockSignals(False)

    def _items(self) -> list[tuple[Shown, str]]:
        actor, now, there = self._desk.actor, self._desk.clock.now(), self._watch.there
        items: list[tuple[Shown, str]] = [(MINE, "What I hold")]
        items += [(Shown("handover", o.id), f"Handover of {words.offered(o, now)}") for o in there.offered]
        if actor.role in ("team_lead", "manager"):
            home = (actor.locality or "").lower()
            items.append((Shown("locality", home), f"Everything held in {words.place(home or None)}"))
            colleagues = [s for s in there.shifts if s.user != actor.user_name]
            items += [(Shown("colleague", s.user), f"What {s.user_name} holds") for s in colleagues]
        return items

    def _chosen(self, value: object) -> None:
        if isinstance(value, Shown) and value != self._shown:
            self.asked.emit(value)
