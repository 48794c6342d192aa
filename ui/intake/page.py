"""The queue: one list of what waits, for all three centres (E4, E5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from coordination.changes import Change
from coordination.intake.queue import QueueChoices, QueueFilter, QueueView, ReferralRow
from coordination.values import ReferralId
from ui import wording
from ui.commands import Command, menu
from ui.desk import Desk
from ui.intake.columns import queue_columns
from ui.intake.filters import VIEW_WORDS, QueueFilters
from ui.intake.live import LiveQueue, filters_of
from ui.intake.own_views import OwnViewsBar
from ui.intake.queue_finding import QueueFinding
from ui.intake.queue_moves import QueueMoves
from ui.intake.queue_table import QueueTable
from ui.intake.ward import WardMoves
from ui.widgets.basics import button, column, command_button, plane, row
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table_model import StableTableModel

TICK_MS = 15_000
DETAIL_AGAIN_MS = 1_000  # what is beside the list is read again when it has changed, not for each of many changes


class QueuePage(QueueFinding):
    """New rows wait behind "3 new", rows do not move under the pointer, and one that changed says so."""

    id, title, icon = "queue", "Queue", "tray"
    areas = frozenset({"intake", "people", "views"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted: ReferralId | None = None
        self.moves = QueueMoves(self)
        self.model = StableTableModel[ReferralRow](
            queue_columns(
                desk.clock.now, desk.actor.user_name, lambda r: desk.presence.of("intake", r.id),
                lambda r: r.id in self.model.left, self._on_duty,
            ),
            key=lambda r: r.id,
        )  # fmt: skip
        self.live = LiveQueue(self, self.model)
        self.live.read_ahead(self._within(QueueFilter()))
        self._empty = EmptyState("Nothing waits", "New referrals appear here by themselves.", icon="tray")
        self.table = QueueTable(self.model, settings=desk.settings, name="queue", title="Queue", empty=self._empty)
        self.table.about = self.about
        self.filters = QueueFilters()
        self.own_views = OwnViewsBar(self)
        self.filters.add_tools(self.own_views)
        self._look_before: dict[str, Any] | None = None
        self._new = button("", self.show_new, kind="quiet", icon="arrow-up")
        self._more = button("", self._show_more, kind="quiet", icon="caret-down")
        self.panel = SidePanel("Referral", width=400)
        self.ward = WardMoves(self, self.moves)
        self._commands = [
            *self.moves.commands(),
            *self.ward.commands,
            *self._own_commands(),
            *self.own_views.commands(),
        ]
        self._by_id = {command.id: command for command in self._commands}
        self._claim = command_button(self._by_id["queue.claim"], kind="main")
        self._bar = QWidget()  # at the head, where its coming moves no row under the pointer
        self._bar.setLayout(row(self._new))
        self._bar.hide()
        self.head = PageHead(
            "Queue",
            "",
            self._bar,
            self._claim,
            self.table.menu_button(),
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._foot = plane(row(self._more, None, margins=(4, 0.5, 4, 0.5)), "surface", "above")
        self._foot.hide()
        list_ = QWidget()
        list_.setLayout(column(self.table, self._foot, gap=0))
        split = splitter(list_, self.panel, sizes=(1000, 400), settings=self.desk.settings, name="queue")
        layout = column(self.head, self.filters, split, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.panel.hide()
        Busy(self.table, self.desk.tasks, owner=self)

    def _connect(self) -> None:
        if self.desk.duty is not None:
            self.desk.duty.watch.changed.connect(self._duty_changed)
        self.table.opened.connect(self.open_row)
        self.table.current_changed.connect(self._current_moved)
        self.table.customContextMenuRequested.connect(self._context_menu)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.filters.changed.connect(self._filter_changed)
        self.filters.find_changed.connect(self._find_shown)
        self.filters.find_all.connect(self._find_all)
        self.filters.view_left.connect(self._leave_view)
        self.own_views.left.connect(self.table.setFocus)
        self.live.shown.connect(self._show)
        self.live.moved.connect(self._rows_moved)
        self.live.counted.connect(self._show_counts)
        self.live.chosen_from.connect(self.take_choices)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._sorted)
        self.model.held_changed.connect(self._say_new)
        self.desk.presence.watch(self, lambda: [row.id for row in self.model.all_rows])
        self.desk.presence.changed.connect(self._others_moved)
        self.panel.closed.connect(self._panel_closed)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.model.repaint_all)
        self._tick.start()
        self._again = QTimer(self, singleShot=True, interval=DETAIL_AGAIN_MS)
        self._again.timeout.connect(self.show_detail_again)

    def commands(self) -> list[Command]:
        return self._commands

    def _own_commands(self) -> list[Command]:
        return [
            Command("queue.new_rows", "Show what is new", self.show_new, "N", lambda: self.model.held > 0, "Queue",
                    "arrow-up"),
            Command("queue.details", "Details beside the list", self.toggle_panel, "Space", group="Queue",
                    icon="columns"),
            Command("queue.open", "Open the person", lambda: self.open_row(self.chosen), group="Queue", icon="user",
                    enabled_when=lambda: self.chosen is not None),
            Command("queue.filter", "Filter", self.filters.open_menu, "F", lambda: self.filters.found is None, "Queue",
                    "funnel-simple", also="service urgency neighbourhood paused due order"),
            Command("queue.find", "Find in the list, or among all referrals", self._go_find, "/", group="Queue",
                    icon="magnifying-glass", also="number name past closed search"),
            Command("queue.next_view", "Next view", lambda: self.filters.step_view(1), "]", group="Queue",
                    icon="caret-right"),
            Command("queue.previous_view", "View before", lambda: self.filters.step_view(-1), "[", group="Queue",
                    icon="caret-left"),
            *self.table.commands("queue"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- reading

    @property
    def asked(self) -> QueueFilter:
        """What is to be shown: the filters, in the locality that the desk looks at."""
        return self._within(self.filters.asked)

    def _within(self, asked: QueueFilter) -> QueueFilter:
        locality = self.desk.locality.value.lower()
        return replace(asked, localities=frozenset({locality}) if locality else frozenset())

    def refresh(self) -> None:
        """Read again. The same filter keeps every row where it is; another one begins anew."""
        self.live.read()

    def _changes_came(self, changes: frozenset[Change]) -> None:
        """Only what has changed is read; out of sight nothing is."""
        if not self.changes_concern(changes):
            return
        if self.isVisible():
            self.live.changes_came(changes)
        else:
            self._stale = True

    def own_filters(self) -> dict[str, QueueFilter]:
        """The views of one's own, by their code."""
        return filters_of(self.filters.choices)

    def take_choices(self, choices: QueueChoices) -> None:
        """What can be filtered by, and one's own views, as they are now."""
        first = not self.filters.choices.services
        self.filters.set_choices(choices)
        self.own_views.show_buttons()
        if first:
            self.own_views.bring_over()
        else:
            self.live.count_soon(now=True)

    def _show(self, same: bool) -> None:
        """The rows have been read as a whole."""
        self._say_empty()
        if not same:
            self.table.scrollToTop()
        self._say_more()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.choose(wanted)
        if self.chosen is None and self.model.rowCount():
            self.table.selectRow(0)
        self._ask_buttons()
        self.table.fit()

    def _rows_moved(self, ids: frozenset[UUID]) -> None:
        """A few rows are as they are now; so is what is beside the list."""
        self._say_empty()
        self._ask_buttons()
        detail = self.detail
        if detail is not None and detail.referral.id in ids and self.panel.isVisible() and self.moves.form is None:
            known = self.model.by_key(detail.referral.id)
            if known is None or known.revision != detail.referral.revision:
                self._again.start()

    def _show_counts(self, views: list[QueueView]) -> None:
        self.filters.set_counts(views)
        counts = {view.code: view.count or 0 for view in views}
        self.desk.foot.set_due("queue", counts["due_soon"])
        said = [f"{wording.count(counts['open'], 'referral')} open"]
        if counts["unclaimed"]:
            said.append(f"{counts['unclaimed']:,} unclaimed")
        if counts["overdue"]:
            said.append(f"{counts['overdue']:,} overdue")
        self.head.say(", ".join(said))

    # ---------------------------------------------------------------- filters, order, finding

    def _filter_changed(self) -> None:
        self.own_views.show_buttons()
        own = self.filters.saved_view
        if own is not None and own.look and self._look_before is None and self.filters.found is None:
            self._look_before, self.table.borrowed = self.table.look(), True
            self.table.take_look(own.look)
        self.refresh()

    def _leave_view(self, _code: str) -> None:
        """A view of one's own may look otherwise; the others look as one left them."""
        if self._look_before is not None:
            before, self._look_before = self._look_before, None
            self.table.take_look(before)
            self.table.borrowed = False

    def _say_new(self, count: int) -> None:
        self._bar.setVisible(count > 0)
        self._new.setText(f"{count:,} new. Show {'it' if count == 1 else 'them'}  (N)")

    def show_new(self) -> None:
        """Let in what is new, put all in order, and let go of what no longer belongs here."""
        self._wanted = self.chosen.id if self.chosen else None
        self.live.begin_anew()

    def _show_more(self) -> None:
        """The next page; the rows that are there stay."""
        self.live.read_more()

    # ---------------------------------------------------------------- one referral

    def open(self, key: object) -> None:
        """``key``: the id of a referral to come to, or the code of a view."""
        self.key = key
        if isinstance(key, str) and key in VIEW_WORDS:
            self.filters.show_view(key)
        elif key is not None:
            self._wanted = ReferralId(key)  # type: ignore[arg-type]
            self._panel_wanted = True  # this once
            if self.filters.view != "open" or self.filters.narrowed:
                self.filters.show_view("open")
            else:
                self.refresh()

    def activated(self) -> None:
        self.table.setFocus()

    # ---------------------------------------------------------------- menus

    def _ask_buttons(self) -> None:
        """As the row stands now, at the head too."""
        super()._ask_buttons()
        self._claim.setEnabled(self._by_id["queue.claim"].enabled_when())

    def _context_menu(self, at: Any) -> None:
        wanted = [command for command in self._commands if command.enabled_when() and command.id != "queue.new_rows"]
        menu(wanted, self.table).popup(self.table.viewport().mapToGlobal(at))
