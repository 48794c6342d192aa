"""What the list of the queue shows in words: its order, what is found in it or among all, what it says when empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from coordination.intake.model import MOVES
from coordination.intake.queue import QueueFilter, ReferralRow
from ui import wording
from ui.intake.filters import QueueFilters
from ui.intake.live import LiveQueue
from ui.intake.queue_beside import QueueBeside
from ui.widgets.empty import EmptyState

_ANY_STATE = frozenset(MOVES)
_ORDERS = {"time_left": "due", "due": "due", "waiting": "received", "received": "received", "urgency": "urgency"}
FOUND_MOST = 50  # people that a search among all referrals takes in


class QueueFinding(QueueBeside):
    """Whoever builds the page makes its ``filters``, ``live`` and the words of the empty list."""

    filters: QueueFilters
    live: LiveQueue
    _empty: EmptyState
    _foot: QWidget
    _more: QPushButton

    def _say_more(self) -> None:
        more = self.live.more is not None
        self._foot.setVisible(more)
        by, here = self.model.sorted_by, ""
        if by is not None and not self._paged_by(by):
            here = f", sorted here by {self.model.columns[by].title.lower()}"
        self._more.setText(f"The first {len(self.model.all_rows):,} are shown{here}. Show more")

    def about(self) -> list[str]:
        """What the list shows, for its print and its workbook."""
        where = self.desk.locality.value or "All localities"
        as_of = self.live.as_of
        said = [f"{self.filters.said}. {where}.", f"As at {wording.day_time(as_of)}." if as_of is not None else ""]
        if self.filters.find.text().strip():
            said.append(f"Only with the words “{self.filters.find.text().strip()}”.")
        if self.live.more is not None:
            said.append(f"The first {len(self.model.all_rows):,}; there are more.")
        if self.model.held:
            said.append(f"{self.model.held:,} new since are not in it.")
        return [" ".join(part for part in said if part)]

    def look(self) -> dict[str, Any]:
        """How the table looks, for a saved view."""
        return self.table.look()

    def _paged_by(self, column: int) -> bool:
        order = _ORDERS.get(self.model.columns[column].id)
        return order is not None and self.live.asked is not None and order == self.live.asked.order

    def _sorted(self, column: int, down: Qt.SortOrder) -> None:
        """An order that the server knows is that of all referrals; any other only of those that are shown."""
        order = _ORDERS.get(self.model.columns[column].id) if 0 <= column < len(self.model.columns) else "due"
        if order is not None and down == Qt.SortOrder.AscendingOrder:
            self.filters.set_order(order)  # type: ignore[arg-type]
        self._say_more()

    def _go_find(self) -> None:
        self.filters.find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.find.selectAll()

    def _find_shown(self, text: str) -> None:
        parts = text.casefold().split()
        columns = [column for column in self.model.columns if column.id not in ("time_left", "waiting", "age")]

        def fits(found: ReferralRow) -> bool:
            words = " ".join(column.text(found) for column in columns).casefold()
            return all(part in words for part in parts)

        self.model.set_filter(fits if parts else None)
        self._say_empty()
        if self.chosen is None and self.model.rowCount():
            self.table.selectRow(0)

    def _find_all(self, text: str) -> None:
        """Among all referrals, past ones too: by number, or by the people whom the words find."""
        services = self.desk.services
        if not text:
            self.table.setFocus()
            return
        digits = text.removeprefix("#").replace(",", "")
        if digits.isdigit() and len(digits) <= 9:
            self._show_found(text, QueueFilter(states=_ANY_STATE, number=int(digits)))
            return

        def found(people: Iterable[Any]) -> None:
            ids = frozenset(person.id for person in people)
            self._show_found(text, QueueFilter(states=_ANY_STATE, people=ids))

        self.run(lambda: services.people.find(text, FOUND_MOST), found, latest="find")

    def _show_found(self, text: str, asked: QueueFilter) -> None:
        self.filters.find.clear()
        self.filters.show_found(text, asked)
        self.table.setFocus()

    def _say_empty(self) -> None:
        named = self.filters.view_name
        if self.filters.find.text().strip() and self.model.all_rows:
            self._empty.say("Nothing that is shown has these words", "Enter looks among all referrals, past ones too.")
        elif self.filters.found is not None:
            looked_for = self.filters.found[0]
            self._empty.say(f"No referral of “{looked_for}”", "Look for a number, a name, a birth, a telephone.")
        elif self.filters.narrowed or self.filters.view != "open" or self.desk.locality.value:
            where = f" in {self.desk.locality.value}" if self.desk.locality.value else ""
            self._empty.say(f"Nothing under “{named}”{where}", "Take a filter off, or choose another view or locality.")
        else:
            self._empty.say("Nothing waits", "Referrals appear here by themselves. Ctrl+N takes a new contact.")
