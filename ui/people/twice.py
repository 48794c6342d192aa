"""Quiet lines above a record: that one came here by a record which was merged, and who may be the same person; from
there to the two records side by side."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from coordination.clock import local_date
from coordination.people.merging import MERGERS, Comparison
from coordination.people.model import LikelyDuplicate, Person
from coordination.people.record import PersonRecord
from coordination.values import PersonId
from ui import wording
from ui.page import Page
from ui.people import words
from ui.people.merging import MergeView
from ui.people.panel import RecordActs
from ui.widgets.basics import button, column, label, plane, row


class TwiceRegistered(QFrame):
    """The lines. ``merging`` is the comparison, while it is open in the ``body`` of the page."""

    def __init__(
        self, page: Page, body: QStackedWidget, acts: RecordActs, merged: Callable[[PersonId], object], aside: QWidget
    ) -> None:
        super().__init__()
        self._page, self._body, self._acts, self._tell = page, body, acts, merged
        self._bar = aside
        self._person: PersonId | None = None
        self.merging: MergeView | None = None
        self._lines = column(gap=1, margins=(6, 1.5, 6, 1.5))
        self.setLayout(column(plane(self._lines, "sunken", "below"), gap=0))

    def show_record(self, record: PersonRecord, came_by: object) -> None:
        """``came_by``: the id that was asked for, where a merge led from it to this record."""
        self._person, people = record.person.id, self._page.desk.services.people
        came = next((m for m in record.merges if str(m.merged_id) == str(came_by) and m.stands), None)
        lines: list[QWidget] = []
        if came is not None:
            when = wording.day(local_date(came.at))
            said = f"The record of {words.merge(came)} was merged into this one on {when} by {came.by_name}."
            lines.append(label(words.soft(said), wrap=True))
        self._say(lines)
        if self._page.desk.actor.role in MERGERS:
            self._page.run(
                lambda: people.duplicates_of(record),
                lambda found: self._say([*lines, *map(self._may_be, found)]) if found else None,
                latest="duplicates",
            )

    def _may_be(self, found: LikelyDuplicate) -> QWidget:
        compare = button("Compare", lambda: self._compare_with(found), kind="quiet")
        compare.setAccessibleName(f"Compare with {words.name(found.row)}")
        born = words.born(found.row, local_date(self._page.desk.clock.now()))
        who = f"{words.name(found.row)}, born {born}" if found.row.birth_date else words.name(found.row)
        why = words.why(found.reasons).lower()
        said = label(words.soft(f"May be the same as {who}: the same {why}."), wrap=True)
        made = QWidget()
        line = row(said, compare)
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def _say(self, lines: list[QWidget]) -> None:
        while self._lines.count():
            item = self._lines.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None and old not in lines:
                old.hide()
                old.deleteLater()
        for part in lines:
            self._lines.addWidget(part)
        self.setVisible(bool(lines) and self.merging is None)

    def _aside(self, *, hidden: bool) -> None:
        """What is done with one record has no place beside two."""
        self._bar.setVisible(not hidden)
        layout = self._page.layout()
        if layout is not None:
            layout.invalidate()  # what was hidden inside one turn of the loop leaves its room behind otherwise
            layout.activate()

    # ---------------------------------------------------------------- side by side

    def _compare_with(self, found: LikelyDuplicate) -> None:
        if self._person is not None:
            self.compare(self._person, found.row.id)

    def compare(self, kept: PersonId, merged: PersonId) -> None:
        people = self._page.desk.services.people
        self._page.run(lambda: people.compare(kept, merged), self._show, latest="compare")

    def _show(self, compared: Comparison) -> None:
        self.close_comparison()
        self.merging = view = MergeView(self._page.desk, compared)
        kept, merged = compared.kept.id, compared.merged.id
        view.merged.connect(self._merged)
        view.other_way.connect(lambda: self.compare(merged, kept))
        view.left.connect(self.leave)
        view.stale.connect(lambda: self._again(kept, merged))
        self._body.addWidget(view)
        self._body.setCurrentWidget(view)
        self.hide()
        self._aside(hidden=True)
        view.focus()

    def _again(self, kept: PersonId, merged: PersonId) -> None:
        self._page.desk.notices.warn("Somebody changed one of the two records. They are shown as they are now.")
        self.compare(kept, merged)

    def leave(self) -> None:
        """Back to the record, with nothing merged."""
        self.close_comparison()
        self._page.refresh()
        self._page.activated()

    def close_comparison(self) -> None:
        if self.merging is not None:
            self._body.removeWidget(self.merging)
            self.merging.deleteLater()
            self.merging = None
            self._aside(hidden=False)

    def _merged(self, merge_id: UUID, kept: Person) -> None:
        self.close_comparison()
        self._tell(kept.id)
        self._acts.merged(merge_id, kept)
        self._page.activated()
