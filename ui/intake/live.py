"""How the queue keeps itself true: all of it is read once, then only what has changed.

A change on another desk costs one query by key. The counts follow later and less often; everything is read again only
for another filter, when somebody asks for it, and after the line was down.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from coordination.changes import RESYNC, Change
from coordination.errors import DatabaseAway, TooBusy
from coordination.intake.queue import (
    QueueChoices,
    QueueCursor,
    QueueFilter,
    QueuePage,
    QueueRows,
    QueueView,
    ReferralRow,
)
from coordination.values import ReferralId
from ui.page import OnDesk
from ui.widgets.table_model import StableTableModel

MOST_AT_ONCE = 100  # changes in one burst: beyond, the list is read as a whole
MOST_ROWS = 1000  # of one reading; the others are brought up to date by key
COUNT_SOON_MS, COUNT_REST_MS = 1_000, 10_000  # after a change; and between two countings while changes keep coming
OWN_COUNT_MS = 300
COUNT_MS = 60_000  # time goes on, and things fall due, without anybody changing anything
SPREAD_MS = 600  # not all desks at the same moment


class ReadsQueue(OnDesk, Protocol):
    """What the reading asks of the page."""

    @property
    def asked(self) -> QueueFilter: ...
    def isVisible(self) -> bool: ...
    def own_filters(self) -> dict[str, QueueFilter]: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """What one reading brought: ``stay`` what no longer belongs here; ``choices`` and ``views`` with the first."""

    page: QueuePage
    stay: QueueRows | None = None
    choices: QueueChoices | None = None
    views: list[QueueView] | None = None


def filters_of(choices: QueueChoices) -> dict[str, QueueFilter]:
    """The views of one's own and those that others share, by their code."""
    return {str(view.id): view.filter for view in (*choices.own, *choices.shared)}


class LiveQueue(QObject):
    """Rows into the model, and what else a page shows of them."""

    shown = Signal(bool)
    """a whole reading is in the model; whether it was the same filter as before"""
    moved = Signal(frozenset)
    """these referrals (ids) are shown as they are now"""
    counted = Signal(list)
    """QueueView of every view"""
    chosen_from = Signal(object)
    """QueueChoices: what can be filtered by, and one's own views"""

    def __init__(self, page: ReadsQueue, model: StableTableModel[ReferralRow]) -> None:
        super().__init__(page if isinstance(page, QObject) else None)  # its timers go with the page
        self._page, self._model = page, model
        self._intake = page.desk.services.intake
        self.asked: QueueFilter | None = None
        """what the rows in the model were asked with; None: nothing, or to be asked anew"""
        self.more: QueueCursor | None = None
        self.as_of: Any = None
        self._choices: QueueChoices | None = None
        self._waiting: set[ReferralId] = set()
        self._ahead: QueueFilter | None = None
        self._reading = self._patching = False
        self._since_count = QElapsedTimer()
        self._count = self._timer(self.count)
        self._again = self._timer(self.read)
        self._choose = self._timer(self.read_choices)
        self._pulse = QTimer(self, interval=COUNT_MS + _spread(SPREAD_MS * 10))
        self._pulse.timeout.connect(self._time_went_on)
        self._pulse.start()

    def _timer(self, do: Callable[[], object]) -> QTimer:
        made = QTimer(self, singleShot=True)
        made.timeout.connect(do)
        return made

    # ---------------------------------------------------------------- all of it

    def read_ahead(self, asked: QueueFilter) -> None:
        """Ask for what the page will show first before its widgets are made. The first :meth:`read` of the same filter
        takes the answer over; nothing comes of it when there is none until then."""
        self._ahead = asked

        def come(found: _Found) -> None:
            if self._forget_ahead():
                self._show(asked, False, found)

        def failed(error: Exception) -> bool:
            return self._failed(error) if self._forget_ahead() else True

        self._page.run(lambda: self._first(asked), come, failed, latest="rows")

    def _forget_ahead(self) -> bool:
        """Whether somebody waits for it."""
        self._ahead = None
        return self._reading

    def read(self) -> None:
        """Read as a whole. The same filter keeps every row where it is; another one begins anew."""
        asked, intake = self._page.asked, self._intake
        wanted_ahead, self._reading = self._ahead == asked, True
        if wanted_ahead:
            return
        self._ahead = None
        first, same = self._choices is None, asked == self.asked
        known = frozenset(row.id for row in self._model.all_rows) if same else frozenset()
        upto = self.more if same else None
        limit = min(max(asked.limit, len(known)), MOST_ROWS)
        self._waiting.clear()

        def call() -> _Found:
            if first:
                return self._first(asked)
            page = intake.queue(replace(asked, limit=limit))
            gone = known - {row.id for row in page.rows}
            # A row that no longer belongs here stays, saying what became of it, until the list is asked for anew.
            return _Found(page, intake.rows_now(gone, asked, upto) if gone else None)

        self._page.run(call, lambda found: self._show(asked, same, found), self._failed, latest="rows")

    def _first(self, asked: QueueFilter) -> _Found:
        """With all that the page shows around the rows. On a worker thread."""
        choices = self._intake.choices()
        page = self._intake.queue(asked)
        try:
            views = self._intake.views(asked.localities, filters_of(choices))
        except (DatabaseAway, TooBusy):  # the rows are what matters
            views = None
        return _Found(page, None, choices, views)

    def _show(self, asked: QueueFilter, same: bool, found: _Found) -> None:
        self._reading = False
        page, stay = found.page, found.stay
        if found.choices is not None:
            self._adopt_choices(found.choices)
        further = same and len(self._model.all_rows) > max(len(page.rows), asked.limit)
        self.asked, self.as_of = asked, page.as_of
        self._page.desk.clock.heard(page.as_of)
        self.more = self.more if further else page.more
        rows = [*page.rows, *(stay.rows if stay is not None else ())]
        self._model.set_rows([self._newer(row) for row in rows], hold_new=same)
        if stay is not None:
            self._model.set_left(row.id for row in stay.rows if row.id not in stay.belong)
        self.shown.emit(same)
        if found.views is not None:
            self._since_count.start()
            self.counted.emit(found.views)
        elif same and self._since_count.isValid():  # after a move of one's own: the numbers follow at once
            self._count.start(OWN_COUNT_MS)
        else:
            self.count_soon(now=True)
        self._patch_waiting()

    def read_more(self) -> None:
        """The next page, behind what is shown."""
        asked, place = self.asked, self.more
        if asked is None or place is None:
            return

        def show(page: QueuePage) -> None:
            if self.asked == asked and self.more == place:
                self.more = page.more
                left = self._model.left
                self._model.set_rows([*self._model.all_rows, *page.rows])
                self._model.set_left(left)
                self.shown.emit(True)

        self._page.run(lambda: self._intake.queue(replace(asked, after=place)), show, latest="more")

    def begin_anew(self) -> None:
        """Let in what is new, put all in order, and let go of what no longer belongs here."""
        self.asked = None
        self.read()

    # ---------------------------------------------------------------- what has changed

    def changes_came(self, changes: frozenset[Change]) -> None:
        """While the page is in front. After the line was down everything is read, desk by desk."""
        if RESYNC in changes:
            if self.asked is None:
                self.read()
            elif not self._again.isActive():
                self._again.start(_spread(SPREAD_MS))
            return
        if any(change.area == "views" for change in changes) and not self._choose.isActive():
            self._choose.start(_spread(SPREAD_MS))
        people = {change.key for change in changes if change.area == "people"}
        ids = {ReferralId(key) for change in changes if change.area == "intake" and (key := _uuid(change.key))}
        if people:
            ids |= {row.id for row in self._model.all_rows if str(row.person_id) in people}
        if len(ids) > MOST_AT_ONCE:
            self._again.start(_spread(SPREAD_MS))
        elif ids:
            self.patch(ids)

    def patch(self, ids: Iterable[ReferralId]) -> None:
        """Read these again. One reading at a time: what comes meanwhile waits for it and goes together."""
        self._waiting |= set(ids)
        self._patch_waiting()

    def _patch_waiting(self) -> None:
        if self._reading or self._patching or not self._waiting or self.asked is None:
            return
        ids, asked, upto = frozenset(self._waiting), self.asked, self.more
        self._waiting.clear()
        self._patching = True
        self._page.run(
            lambda: self._intake.rows_now(ids, asked, upto),
            lambda found: self._patch(ids, asked, found),
            lambda error: self._not_patched(ids, error),
        )

    def _patch(self, ids: frozenset[ReferralId], asked: QueueFilter, found: QueueRows) -> None:
        self._patching = False
        if asked == self.asked:
            there = {row.id for row in found.rows}
            known = {row.id for row in self._model.all_rows}
            fresh = [row for row in found.rows if self._newer(row) is row]
            wanted = [row for row in fresh if row.id in known or row.id in found.belong]
            unwanted = {row.id for row in fresh} - {row.id for row in wanted}
            self._model.patch(wanted, (ids - there) | unwanted)
            over = {row.id for row in fresh if row.id in known and row.id not in found.belong}
            self._model.set_left((self._model.left - {row.id for row in fresh}) | over)
            self.as_of = found.as_of
            self.moved.emit(ids)
            self.count_soon()
        else:
            self._waiting |= ids
        self._patch_waiting()

    def _not_patched(self, ids: frozenset[ReferralId], error: Exception) -> bool:
        """The line is down or the database too busy: the foot of the window says so, and RESYNC or the pulse follow."""
        self._patching = False
        self._again.start(COUNT_REST_MS)
        return _line_is_to_blame(error)

    def _newer(self, row: ReferralRow) -> ReferralRow:
        """Two readings may overtake each other: what was seen at a later revision stays."""
        known = self._model.by_key(row.id) or self._model.held_row(row.id)
        return known if known is not None and known.revision > row.revision else row

    def _failed(self, _error: Exception) -> bool:
        self._reading = False
        return False

    # ---------------------------------------------------------------- counts and choices

    def count_soon(self, *, now: bool = False) -> None:
        """Count in a moment; the more changes, the longer the rest in between."""
        if now:
            self._count.stop()
            self.count()
        elif not self._count.isActive():
            rest = COUNT_REST_MS - self._since_count.elapsed() if self._since_count.isValid() else 0
            self._count.start(max(COUNT_SOON_MS, rest) + _spread(SPREAD_MS))

    def count(self) -> None:
        """How many referrals each view shows."""
        self._since_count.start()
        localities, own = self._page.asked.localities, self._page.own_filters()

        def show(views: list[QueueView]) -> None:
            self.counted.emit(views)

        self._page.run(lambda: self._intake.views(localities, own), show, _line_is_to_blame, latest="counts")

    def _time_went_on(self) -> None:
        """Things fall due by themselves: what is shown by time is read again."""
        if not self._page.isVisible():
            return
        asked = self.asked
        if asked is not None and (asked.overdue or asked.due_within is not None or asked.on_hold):
            self.read()
        self.count()

    def read_choices(self) -> None:
        """What can be filtered by, and one's own views, which may have been changed at another desk."""
        self._page.run(self._intake.choices, self._adopt_choices, _line_is_to_blame, latest="choices")

    def _adopt_choices(self, choices: QueueChoices) -> None:
        if choices != self._choices:
            self._choices = choices
            self.chosen_from.emit(choices)


def _line_is_to_blame(error: Exception) -> bool:
    """Nobody asked for this reading, and the foot of the window says already that the line is down."""
    return isinstance(error, DatabaseAway | TooBusy)


def _spread(most: int) -> int:
    return random.randint(most // 4, most)  # noqa: S311


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


__all__ = ["LiveQueue", "filters_of"]
