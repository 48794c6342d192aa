"""Beside the list of the queue: one referral in full, or the small form of a move about it."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from coordination.errors import AlreadyClaimed
from coordination.intake.detail import ReferralDetail
from coordination.intake.queue import ReferralRow
from coordination.presence.model import Doing
from coordination.values import ReferralId
from ui import wording
from ui.commands import Command, menu
from ui.desk import Desk
from ui.duty.watch import NO_MARK, Mark
from ui.intake.beside import known_name
from ui.intake.detail import HeldNote, ReferralView, row_name
from ui.intake.move_forms import MoveForm
from ui.intake.queue_moves import QueueMoves
from ui.intake.queue_table import QueueTable
from ui.intake.ward import WardMoves
from ui.page import Page
from ui.presence import PresenceLine
from ui.safeguarding.opening import OfReferral
from ui.widgets.basics import column, command_button, label, rule
from ui.widgets.panels import SidePanel
from ui.widgets.table_model import StableTableModel

_DETAILS = "queue/details"  # whether somebody wants them open: each referral that is shown is noted as a view
LOOK_MS = 250  # a referral is opened (and the view noted) when the selection rests on it


class QueueBeside(Page):
    """The panel of the queue. Whoever builds the page makes its ``table``, ``model``, ``panel`` and ``moves``."""

    table: QueueTable
    model: StableTableModel[ReferralRow]
    panel: SidePanel
    moves: QueueMoves
    ward: WardMoves

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.detail: ReferralDetail | None = None
        self._panel_wanted = str(desk.settings.value(_DETAILS, 0)) == "1"
        self._away_shown = ""
        self._by_id: dict[str, Command] = {}
        self._look = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._look.timeout.connect(self._read_detail)

    @property
    def chosen(self) -> ReferralRow | None:
        return self.table.current  # type: ignore[no-any-return]

    def _ask_buttons(self) -> None:
        """As the row stands now: under the details, which may have come before the row changed."""
        for made in self.panel.findChildren(QPushButton):
            command = self._by_id.get(str(made.property("command")))
            if command is not None:
                made.setEnabled(command.enabled_when())

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
