"""One timeline: everything that happened around a person, newest first, a page at a time (R1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.people.record import (
    TIMELINE_KINDS,
    PersonRecord,
    TimelineCursor,
    TimelineItem,
    TimelineKind,
    TimelinePage,
)
from coordination.values import PersonId
from ui import wording
from ui.desk import Desk
from ui.people import words
from ui.people.reading import Reading
from ui.style.tokens import State
from ui.widgets.basics import button, column, label, plane, row
from ui.widgets.chips import FilterChips
from ui.widgets.empty import EmptyState
from ui.widgets.panels import splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

KINDS = {
    "contact": "Contacts",
    "made": "Contacts they made",
    "advice": "Advice",
    "referral": "Referrals",
    "safeguarding": "Safeguarding",
    "assessment": "Assessments",
    "plan": "Plan",
    "visit": "Visits",
    "stay": "Apartment",
    "alert": "Alerts",
    "message": "Messages",
    "record": "The record",
}
OPENS = {
    "referral": "queue",
    "assessment": "assessment",
    "plan": "plan",
    "stay": "apartments",
    "message": "imports",
    "safeguarding": "safeguarding",
}
"""Where a thing of that kind is opened."""
_LOOKS = {"safeguarding": State("plum", "shield-warning"), "alert": State("plum", "warning-circle")}
_EMERGENCY = State("amber", "lock-key-open")


def _look(item: TimelineItem) -> State | None:
    return _EMERGENCY if (item.what, item.state) == ("record", "emergency") else _LOOKS.get(item.what)


class TimelineTab(QWidget):
    """``ask`` reads a page: called with what to call on a worker thread and what to do with the answer."""

    title = "Timeline"

    def __init__(self, desk: Desk, ask: Callable[[Callable[[], TimelinePage], Callable[[TimelinePage], None]], object],
                 person: Callable[[], PersonId | None]) -> None:  # fmt: skip
        super().__init__()
        self._desk, self._ask, self._person = desk, ask, person
        self._more: TimelineCursor | None = None
        self._items: list[TimelineItem] = []
        self._now = desk.clock.now()
        self.chips = FilterChips(list(KINDS.items()), "Show")
        self.chips.changed.connect(lambda _on: self.read())
        self.model = StableTableModel[TimelineItem](self._columns(), key=lambda i: (i.part, i.what, i.state))
        self.table = Table(
            self.model, settings=desk.settings, name="person-timeline", title="Timeline",
            empty=EmptyState("Nothing has happened yet", "Contacts, referrals, visits and all else appear here."),
        )  # fmt: skip
        self.earlier = button("Show earlier", self.read_more, kind="quiet")
        self._said = label("", quiet=True)
        self.reading = Reading("Choose a line to read it in full.")
        self.table.current_changed.connect(self._read_current)
        self.table.opened.connect(self._open)
        self.table.verticalScrollBar().valueChanged.connect(self._at_the_end)
        foot = plane(row(self._said, self.earlier, None, margins=(6, 1, 6, 1)), "surface", "above")
        head = plane(column(self.chips, margins=(6, 2, 6, 2)), "surface", "below")
        left = QWidget()
        layout = column(head, self.table, foot, gap=0)
        layout.setStretch(1, 1)
        left.setLayout(layout)
        whole = column(splitter(left, self.reading, sizes=(900, 340), settings=desk.settings, name="person-timeline"))
        self.setLayout(whole)
        self._show_foot(0)

    def _columns(self) -> list[Column[TimelineItem]]:
        return [
            Column("when", "When", lambda i: self._when(i.at), sort=lambda i: i.at, width=140),
            Column("what", "What", words.happened, width=200, strong=True, badge=_look),
            Column("words", "In words", lambda i: i.words, stretch=True, width=150),
            Column("who", "Who", lambda i: i.who, width=125, quiet=True),
        ]

    def _when(self, at: datetime) -> str:
        """A time on a whole day, such as the day of an alert, is told as the day."""
        when = wording.clock_time(at)
        day = wording.near_time(at, self._now)
        if when == "00:00":
            apart = (local_date(at) - local_date(self._now)).days
            return {0: "Today", -1: "Yesterday"}.get(apart, wording.day(local_date(at)))
        return day

    # ---------------------------------------------------------------- reading

    def read(self) -> None:
        """The first page, of the kinds that are chosen; as long as what is shown already."""
        person = self._person()
        if person is None:
            return
        people, kinds, length = self._desk.services.people, self._kinds(), max(100, len(self._items))
        self._ask(lambda: people.timeline(person, kinds, None, length), self._show)

    def read_more(self) -> None:
        """The next page, below."""
        person, more = self._person(), self._more
        if person is None or more is None:
            return
        people, kinds = self._desk.services.people, self._kinds()
        self._ask(lambda: people.timeline(person, kinds, more), self._add)

    def clear(self) -> None:
        """Another person."""
        self._items, self._more = [], None
        self.model.set_rows([])
        self.reading.clear()
        self.chips.blockSignals(True)
        self.chips.set_value(frozenset())
        self.chips.blockSignals(False)

    def _kinds(self) -> tuple[TimelineKind, ...]:
        return tuple(kind for kind in TIMELINE_KINDS if kind in self.chips.value)

    def _show(self, page: TimelinePage) -> None:
        self._now = self._desk.clock.now()
        self._items = []
        self._add(page)
        if page.items and self.table.current is None:
            self.table.selectRow(0)

    def _add(self, page: TimelinePage) -> None:
        self._items += page.items
        self._more = page.more
        self.model.set_rows(self._items)
        self.chips.set_counts({**page.counts})
        self.chips.show_only(frozenset(page.counts) | self.chips.value)
        on = self._kinds()
        self._show_foot(sum(n for kind, n in page.counts.items() if not on or kind in on))

    def _show_foot(self, in_all: int) -> None:
        self.earlier.setVisible(self._more is not None)
        shown = len(self._items)
        self._said.setText(f"{shown} of {in_all}" if shown < in_all else wording.count(shown, "line"))

    def _at_the_end(self, at: int) -> None:
        if self._more is not None and at and at == self.table.verticalScrollBar().maximum():
            self.read_more()

    # ---------------------------------------------------------------- one line

    def _read_current(self, item: TimelineItem | None) -> None:
        if item is None:
            self.reading.clear()
            return
        facts: list[tuple[str, object | None]] = [("When", self._when(item.at))]
        facts += [("Who", item.who)] if item.who else []
        where = OPENS.get(item.what)
        open_it = ("Open it", lambda: self._open(item)) if where else None
        self.reading.say(words.happened(item), facts, item.words, open_it)

    def _open(self, item: TimelineItem) -> None:
        where = OPENS.get(item.what)
        if where:
            self._desk.go.to(where, item.key)

    def keys(self) -> set[str]:
        """Ids of what is shown."""
        return {str(item.key) for item in self._items}

    def show_record(self, _record: PersonRecord) -> None:
        self.read()
