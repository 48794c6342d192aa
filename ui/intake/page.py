"""The queue: one list of what waits, for all three centres (E4, E5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from coordination.changes import Change
from coordination.errors import AlreadyClaimed
from coordination.intake.model import MOVES, QueueChoices, QueueFilter, QueueView, ReferralDetail, ReferralRow
from coordination.presence.model import Doing
from coordination.values import ReferralId
from ui import wording
from ui.commands import Command, menu
from ui.desk import Desk
from ui.duty.watch import NO_MARK, Mark
from ui.intake.beside import known_name
from ui.intake.columns import queue_columns
from ui.intake.detail import HeldNote, ReferralView, row_name
from ui.intake.filters import VIEW_WORDS, QueueFilters
from ui.intake.live import LiveQueue, filters_of
from ui.intake.move_forms import MoveForm
from ui.intake.own_views import OwnViewsBar
from ui.intake.queue_moves import QueueMoves
from ui.intake.queue_table import QueueTable
from ui.intake.ward import WardMoves
from ui.page import Page
from ui.presence import PresenceLine
from ui.safeguarding.opening import OfReferral
from ui.widgets.basics import button, column, command_button, label, plane, row, rule
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, SidePanel, splitter
from ui.widgets.table_model import StableTableModel

TICK_MS = 15_000
DETAIL_AGAIN_MS = 1_000  # what is beside the list is read again when it has changed, not for each of many changes
LOOK_MS = 250  # a referral is opened (and the view noted) when the selection rests on it
_DETAILS = "queue/details"  # whether somebody wants them open: each referral that is shown is noted as a view
_ANY_STATE = frozenset(MOVES)
_ORDERS = {"time_left": "due", "due": "due", "waiting": "received", "received": "received", "urgency": "urgency"}
FOUND_MOST = 50  # people that a search among all referrals takes in


class QueuePage(Page):
    """New rows wait behind "3 new", rows do not move under the pointer, and one that changed says so."""

    id, title, icon = "queue", "Queue", "tray"
    areas = frozenset({"intake", "people", "views"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.detail: ReferralDetail | None = None
        self._wanted: ReferralId | None = None
        self._panel_wanted = bool(int(str(desk.settings.value(_DETAILS, 0))))
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
        self._away_shown = ""
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
        self._look = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._look.timeout.connect(self._read_detail)
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

    @property
    def chosen(self) -> ReferralRow | None:
        return self.table.current  # type: ignore[no-any-return]

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

    def _say_more(self) -> None:
        more = self.live.more is not None
        self._foot.setVisible(more)
        by, here = self.model.sorted_by, ""
        if by is not None and not self._paged_by(by):
            here = f", sorted here by {self.model.columns[by].title.lower()}"
        self._more.setText(f"The first {len(self.model.all_rows):,} are shown{here}. Show more")

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
        if self.moves.form is None and (chosen is None or self.detail is None or chosen.id != self.detail.referral.id):
            self.desk.presence.leave(self)
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
        self.desk.presence.leave(self)
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
        """What the panel shows has changed. A form that somebody writes in stays, and says so itself."""
        if self.panel.isVisible() and self.detail is not None and self.moves.form is None:
            self._open_detail(self.detail.referral.id)

    def _show_detail(self, detail: ReferralDetail) -> None:
        if self.moves.form is not None:  # begun while this was on its way
            return
        self.detail = detail
        self.model.seen(detail.referral.id)
        known = self.model.by_key(detail.referral.id)
        name = row_name(known) if known is not None else known_name(detail) or "Not in the list shown"
        self._away_shown = self._away(detail.referral.holder)
        view = ReferralView(
            detail, name, self.desk.clock.now(), self.desk.actor.user_name,
            lambda person: self.desk.go.to("person", person), lambda original: self.desk.go.to("imports", original),
            lambda: self.desk.go.to("safeguarding", OfReferral(detail.referral.id, detail.referral.number)),
            self._away_shown, self.ward.section(detail),
        )  # fmt: skip
        buttons, more = self.moves.for_panel(detail)
        self._put(f"No. {detail.referral.number}", view, self._panel_buttons(buttons, more))
        self._say_here(detail.referral.id, "looking")

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

    def _say_here(self, referral_id: ReferralId, doing: Doing) -> None:
        self.desk.presence.say(self, "intake", referral_id, doing)

    def _others_moved(self, records: frozenset[UUID]) -> None:
        if any(self.model.number_of(record) is not None for record in records):
            self.model.repaint_all()

    def _put(self, title: str, content: QWidget, actions: list[QWidget | None]) -> None:
        shown = self.chosen if self.moves.form is not None or self.detail is None else self.detail.referral
        others = PresenceLine(self.desk)
        others.show_record("intake", shown.id if shown is not None else None)
        held = QWidget()
        layout = column(others, content, gap=1)
        layout.setStretch(1, 1)
        held.setLayout(layout)
        content = held
        self.panel.set_title(title)
        self.panel.set_content(content)
        self.panel.set_actions(*actions)
        self.panel.show()
        self.table.fit()

    def show_form(self, form: MoveForm) -> None:
        """A small form in the panel, above what is asked for."""
        content = QWidget()
        chosen = self.chosen if form.about_row else None
        need = label(chosen.need if chosen else "", wrap=True, quiet=True)
        content.setLayout(column(form, *((rule(), need) if chosen else ()), None, gap=4))
        self._put(f"No. {chosen.number}" if chosen else "Referral" if form.about_row else "Caseload", content, [])
        if chosen is not None:
            self._say_here(chosen.id, "editing")

    def form_left(self) -> None:
        """The form is done with: the referral again, or nothing."""
        self.desk.presence.leave(self)
        if self.may_take_focus(self.panel):
            self.table.setFocus()
        if self._panel_wanted:
            self._read_detail()
        else:
            self.panel.hide()
            self.table.fit()

    def _duty_changed(self) -> None:
        """Breaks begin and end: in the list, and beside it where its holder's did."""
        self.model.repaint_all()
        detail = self.detail
        shown = detail is not None and self.panel.isVisible() and self.moves.form is None
        if detail is not None and shown and self._away(detail.referral.holder) != self._away_shown:
            self._show_detail(detail)

    def _away(self, user: str | None) -> str:
        """``on a break until 10:15``, where it is known of a holder."""
        return self.desk.duty.watch.beside(user) if self.desk.duty is not None else ""

    def _on_duty(self, row: ReferralRow) -> Mark:
        """Whether its holder is on a break, or hands it over."""
        duty = self.desk.duty
        return duty.watch.mark(row.holder, row.id) if duty is not None else NO_MARK

    def show_held(self, error: AlreadyClaimed) -> None:
        """E5: whoever claims second is told who has it, at the referral itself."""
        since = wording.near_time(error.since, self.desk.clock.now()).lower()
        away = self._away(error.by)
        since = f"{since}, and is {away}" if away else since
        note = HeldNote(error.by_name, since, self.moves.take_over, self.moves.claim_next)
        content = QWidget()
        chosen = self.chosen
        content.setLayout(column(note, label(chosen.need if chosen else "", wrap=True, quiet=True), None, gap=3))
        self._put(f"No. {chosen.number}" if chosen else "Referral", content, [])

    def show_note(self, note: QWidget) -> None:
        """Something to be read before going on."""
        self._put("Caseload", note, [])

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
