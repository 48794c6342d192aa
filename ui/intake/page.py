"""The queue: one list of what waits, for all three centres (E4, E5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from coordination.errors import AlreadyClaimed
from coordination.intake.model import MOVES, QueueFilter, QueueView, ReferralDetail, ReferralRow
from coordination.intake.model import QueuePage as Rows
from coordination.values import ReferralId
from ui import wording
from ui.commands import Command, menu
from ui.desk import Desk
from ui.intake.columns import queue_columns
from ui.intake.detail import HeldNote, ReferralView, row_name
from ui.intake.filters import VIEW_WORDS, QueueFilters
from ui.intake.move_forms import MoveForm
from ui.intake.queue_moves import QueueMoves
from ui.intake.queue_table import QueueTable
from ui.page import Page
from ui.widgets.basics import button, column, command_button, label, plane, row, rule
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table_model import StableTableModel

TICK_MS = 15_000
COUNT_MS = 60_000
LOOK_MS = 250  # a referral is opened (and the view noted) when the selection rests on it
_DETAILS = "queue/details"  # whether somebody wants them open: each referral that is shown is noted as a view
_ANY_STATE = frozenset(MOVES)


class QueuePage(Page):
    """New rows wait behind "3 new", rows do not move under the pointer, and one that changed says so."""

    id, title, icon = "queue", "Queue", "tray"
    areas = frozenset({"intake"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.detail: ReferralDetail | None = None
        self._asked_last: QueueFilter | None = None
        self._limit = QueueFilter().limit
        self._wanted: ReferralId | None = None
        self._panel_wanted = bool(int(str(desk.settings.value(_DETAILS, 0))))
        self.moves = QueueMoves(self)
        self.model = StableTableModel[ReferralRow](
            queue_columns(desk.clock.now, desk.actor.user_name), key=lambda r: r.id
        )
        self._empty = EmptyState("Nothing waits", "New referrals appear here by themselves.", icon="tray")
        self.table = QueueTable(self.model, settings=desk.settings, name="queue", title="Queue", empty=self._empty)
        self.filters = QueueFilters(desk.settings)
        self._new = button("", self.show_new, kind="quiet", icon="arrow-up")
        self._more = button("", self._show_more, kind="quiet", icon="caret-down")
        self.panel = SidePanel("Referral", width=400)
        self._commands = [*self.moves.commands(), *self._own_commands()]
        self._by_id = {command.id: command for command in self._commands}
        self._claim = command_button(self._by_id["queue.claim"], kind="main")
        self.head = PageHead(
            "Queue",
            "",
            self._claim,
            self.table.menu_button(),
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._bar = plane(row(self._new, None, margins=(4, 0.5, 4, 0.5)), "surface", "below")
        self._foot = plane(row(self._more, None, margins=(4, 0.5, 4, 0.5)), "surface", "above")
        self._bar.hide()
        self._foot.hide()
        list_ = QWidget()
        list_.setLayout(column(self._bar, self.table, self._foot, gap=0))
        split = splitter(list_, self.panel, sizes=(1000, 400), settings=self.desk.settings, name="queue")
        layout = column(self.head, self.filters, split, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.panel.hide()
        Busy(self.table, self.desk.tasks, owner=self)

    def _connect(self) -> None:
        self.table.opened.connect(self.open_row)
        self.table.current_changed.connect(self._current_moved)
        self.table.customContextMenuRequested.connect(self._context_menu)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.filters.changed.connect(self.refresh)
        self.filters.saved.connect(self.refresh)
        self.model.held_changed.connect(self._say_new)
        self.panel.closed.connect(self._panel_closed)
        self._look = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._look.timeout.connect(self._read_detail)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.model.repaint_all)
        self._tick.start()
        self._count = QTimer(self, interval=COUNT_MS)
        self._count.timeout.connect(self._read_counts)
        self._count.start()
        self.run(self.desk.services.intake.services, self.filters.set_services, latest="services")

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
        ]  # fmt: skip

    # ---------------------------------------------------------------- reading

    @property
    def asked(self) -> QueueFilter:
        """What is to be shown: the filters, in the locality that the desk looks at."""
        locality = self.desk.locality.value.lower()
        asked = self.filters.asked
        return replace(asked, localities=frozenset({locality}) if locality else frozenset(), limit=self._limit)

    @property
    def chosen(self) -> ReferralRow | None:
        return self.table.current  # type: ignore[no-any-return]

    def refresh(self) -> None:
        """Read again. The same filter keeps every row where it is; another one begins anew."""
        asked, intake = self.asked, self.desk.services.intake
        same = asked == self._asked_last
        shown = frozenset(row.id for row in self.model.all_rows) if same else frozenset()
        own = self.filters.own.all()
        localities = asked.localities

        def read() -> tuple[Rows, list[ReferralRow], list[QueueView]]:
            page = intake.queue(asked)
            gone = shown - {row.id for row in page.rows}
            # A row that no longer belongs here stays, saying what became of it, until the list is asked for anew.
            stay = intake.queue(QueueFilter(states=_ANY_STATE, ids=gone)).rows if gone else ()
            return page, [*page.rows, *stay], intake.views(localities, own)

        self.run(read, lambda found: self._show(asked, same, *found), latest="rows")

    def _show(
        self, asked: QueueFilter, same: bool, page: Rows, rows: list[ReferralRow], views: list[QueueView]
    ) -> None:  # fmt: skip
        self._asked_last = asked
        self._say_empty()
        self.model.set_rows(rows, hold_new=same)
        if not same:
            self.table.scrollToTop()
        self._foot.setVisible(page.more is not None)
        self._more.setText(f"The first {len(page.rows):,} are shown. Show more")
        self._show_counts(views)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.choose(wanted)
        if self.chosen is None and rows:
            self.table.selectRow(0)
        self._ask_buttons()
        self.table.fit()

    def _read_counts(self) -> None:
        localities, own = self.asked.localities, self.filters.own.all()
        self.run(lambda: self.desk.services.intake.views(localities, own), self._show_counts, latest="counts")

    def _show_counts(self, views: list[QueueView]) -> None:
        self.filters.set_counts(views)
        counts = {view.code: view.count for view in views}
        self.desk.foot.set_due("queue", counts["due_soon"])
        said = [f"{wording.count(counts['open'], 'referral')} open"]
        if counts["unclaimed"]:
            said.append(f"{counts['unclaimed']:,} unclaimed")
        if counts["overdue"]:
            said.append(f"{counts['overdue']:,} overdue")
        self.head.say(", ".join(said))

    def _say_empty(self) -> None:
        named = VIEW_WORDS.get(self.filters.view, (self.filters.view,))[0]
        if self.filters.narrowed or self.filters.view != "open" or self.desk.locality.value:
            where = f" in {self.desk.locality.value}" if self.desk.locality.value else ""
            self._empty.say(f"Nothing under “{named}”{where}", "Take a filter off, or choose another view or locality.")
        else:
            self._empty.say("Nothing waits", "Referrals appear here by themselves. Ctrl+N takes a new contact.")

    def _say_new(self, count: int) -> None:
        self._bar.setVisible(count > 0)
        self._new.setText(f"{count:,} new. Show {'it' if count == 1 else 'them'}  (N)")

    def show_new(self) -> None:
        """Let in what is new, put all in order, and let go of what no longer belongs here."""
        self._asked_last = None
        self._wanted = self.chosen.id if self.chosen else None
        self.refresh()

    def _show_more(self) -> None:
        self._limit += QueueFilter().limit
        self.show_new()

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

    def choose(self, referral_id: ReferralId) -> None:
        """Go to a row; one that is not in the list (closed, another locality) opens in the panel alone."""
        if not self.table.select_key(referral_id):
            self._open_detail(referral_id)

    def open_row(self, chosen: ReferralRow | None) -> None:
        """Enter: the person's record, or the details while nobody knows the person."""
        if chosen is None:
            return
        if chosen.person_id is not None:
            self.desk.go.to("person", chosen.person_id)
        else:
            self.toggle_panel(True)

    def _current_moved(self, chosen: ReferralRow | None) -> None:
        self._ask_buttons()
        if self.moves.form is None and chosen is not None and self._panel_wanted:
            self._look.start()

    def toggle_panel(self, on: bool | None = None) -> None:
        """Details beside the list, or the list alone."""
        self._want_panel((not self.panel.isVisible()) if on is None else on)
        if self._panel_wanted:
            self._read_detail()
        else:
            self.panel.close_panel()

    def _want_panel(self, wanted: bool) -> None:
        self._panel_wanted = wanted
        self.desk.settings.setValue(_DETAILS, int(wanted))

    def _panel_closed(self) -> None:
        self._want_panel(False)
        self.moves.form = None
        self.table.setFocus()
        self.table.fit()

    def _read_detail(self) -> None:
        if self.chosen is not None:
            self._open_detail(self.chosen.id)

    def _open_detail(self, referral_id: ReferralId) -> None:
        self.run(lambda: self.desk.services.intake.open_referral(referral_id), self._show_detail, latest="detail")

    def show_detail_again(self) -> None:
        """After a move: what the panel shows has changed."""
        if self.panel.isVisible() and self.detail is not None:
            self._open_detail(self.detail.referral.id)

    def _show_detail(self, detail: ReferralDetail) -> None:
        self.detail = detail
        self.model.seen(detail.referral.id)
        known = self.model.by_key(detail.referral.id)
        name = row_name(known) if known is not None else "Not in the list shown"
        view = ReferralView(
            detail, name, self.desk.clock.now(), self.desk.actor.user_name,
            lambda person: self.desk.go.to("person", person), lambda original: self.desk.go.to("imports", original),
        )  # fmt: skip
        buttons, more = self.moves.for_panel(detail)
        self._put(f"No. {detail.referral.number}", view, self._panel_buttons(buttons, more))

    def _panel_buttons(self, ids: list[str], more: list[str]) -> list[QWidget | None]:
        if self.chosen is None or self.detail is None or self.chosen.id != self.detail.referral.id:
            return []
        made: list[QWidget | None] = [
            command_button(self._by_id[name], kind="main" if not place and name != "queue.take_over" else "")
            for place, name in enumerate(ids)
        ]
        if more:
            behind = QPushButton("More")
            behind.setMenu(menu([self._by_id[name] for name in more], behind))
            made += [behind]
        return [*made, None]

    def _put(self, title: str, content: QWidget, actions: list[QWidget | None]) -> None:
        self.panel.set_title(title)
        self.panel.set_content(content)
        self.panel.set_actions(*actions)
        self.panel.show()
        self.table.fit()

    def show_form(self, form: MoveForm) -> None:
        """A small form in the panel, above what is asked for."""
        content = QWidget()
        chosen = self.chosen
        need = label(chosen.need if chosen else "", wrap=True, quiet=True)
        content.setLayout(column(form, rule(), need, None, gap=4))
        self._put(f"No. {chosen.number}" if chosen else "Referral", content, [])

    def form_left(self) -> None:
        """The form is done with: the referral again, or nothing."""
        self.table.setFocus()
        if self._panel_wanted:
            self._read_detail()
        else:
            self.panel.hide()
            self.table.fit()

    def show_held(self, error: AlreadyClaimed) -> None:
        """E5: whoever claims second is told who has it, at the referral itself."""
        since = wording.near_time(error.since, self.desk.clock.now()).lower()
        note = HeldNote(error.by_name, since, self.moves.take_over, self.moves.claim_next)
        content = QWidget()
        chosen = self.chosen
        content.setLayout(column(note, label(chosen.need if chosen else "", wrap=True, quiet=True), None, gap=3))
        self._put(f"No. {chosen.number}" if chosen else "Referral", content, [])

    # ---------------------------------------------------------------- menus

    def _ask_buttons(self) -> None:
        """As the row stands now: at the head, and under the details, which may have come before the row changed."""
        for made in (self._claim, *self.panel.findChildren(QPushButton)):
            command = self._by_id.get(str(made.property("command")))
            if command is not None:
                made.setEnabled(command.enabled_when())

    def _context_menu(self, at: Any) -> None:
        wanted = [command for command in self._commands if command.enabled_when() and command.id != "queue.new_rows"]
        menu(wanted, self.table).popup(self.table.viewport().mapToGlobal(at))
