"""Relied on (A4): what waits for my team, what is asked of me, and how often people are asked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from coordination.assessment.model import AssessmentSheet
from coordination.assessment.receipts import Receipt, ReceiptFilter, ReceiptId, ReceiptRow
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake.move_forms import MoveForm
from ui.page import Page
from ui.trust import words
from ui.trust.reask import ReaskView
from ui.trust.receipt_deeds import Act, ReceiptDeeds
from ui.trust.receipt_view import ReceiptView
from ui.widgets import tableio
from ui.widgets.basics import ask_again, column, command_button, label, plane
from ui.widgets.busy import Busy
from ui.widgets.chips import FlowBox, SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, scrolling, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

FOR_MY_TEAM, SETTLED, OF_ME, REASKED = "receiving", "settled", "assessing", "reasked"
_SHOWN = ((FOR_MY_TEAM, "For my team"), (SETTLED, "Accepted"), (OF_ME, "Asked of me"), (REASKED, "Asked again"))
_BESIDE: tuple[Act, ...] = ("accept", "ask", "challenge", "reply", "uphold", "take_back")
_EMPTY = {
    FOR_MY_TEAM: ("Nothing waits for your team", "Signed assessments come here with a referral, or sent by hand."),
    SETTLED: ("Nothing has been accepted yet", "What your team relies on stays here."),
    OF_ME: ("Nothing is asked of you", "Questions and challenges of the teams that rely on you come here."),
}


class ReliancePage(Page):
    """``open`` takes the id of a receipt."""

    id, title = "reliance", "Relied on"
    icon: ClassVar[str] = "handshake"
    areas = frozenset({"trust"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.receipt: Receipt | None = None
        self._sheet: AssessmentSheet | None = None
        self._wanted: ReceiptId | None = None
        self.deeds = ReceiptDeeds(self, "relying")
        self.model = StableTableModel[ReceiptRow](self._columns(), key=lambda r: r.id)
        self._empty = EmptyState(*_EMPTY[FOR_MY_TEAM], icon="handshake")
        self.table = Table(self.model, settings=desk.settings, name="reliance", title="Relied on", empty=self._empty)
        self.reask = ReaskView(self)
        first = OF_ME if desk.actor.role == "trusted_assessor" else FOR_MY_TEAM
        first = REASKED if desk.actor.role in ("manager", "ig_lead") else first
        self.shown = SegmentedChoice(_SHOWN, first, "Show")
        self._commands = [
            *self.deeds.commands(),
            Command("relying.open", "Open the assessment", self.open_assessment, "O", lambda: self.receipt is not None,
                    "Relied on", "clipboard-text"),
            Command("relying.export", "Export the list", lambda: tableio.export_table(self._table(), "Relied on"),
                    "Ctrl+Shift+E", group="Relied on", icon="export", also="excel csv save"),
            Command("relying.print", "Print the list", lambda: tableio.print_table(self._table(), "Relied on"),
                    "Ctrl+P", group="Relied on", icon="printer"),
        ]  # fmt: skip
        by = {command.id.removeprefix("relying."): command for command in self._commands}
        names: Mapping[str, str] = {"accept": "Accept", "ask": "One thing more", "challenge": "Challenge",
                                    "reply": "Answer", "uphold": "Uphold", "take_back": "Take back",
                                    "open": "Open"}  # fmt: skip
        self._moves = [
            command_button(by[name], words=said, kind="main" if name == "accept" else "")
            for name, said in names.items()
        ]
        self.head = PageHead("Relied on", "", self.shown, self.table.menu_button())
        self._asked_here = column(margins=(4, 3, 4, 3))
        self._asking = plane(self._asked_here, "sunken", "below")
        self._asking.hide()
        self._area = scrolling(QWidget())
        bar = plane(column(FlowBox(*self._moves), margins=(4, 1.5, 4, 1.5)), "surface", "below")
        right = plane(column(bar, self._asking, self._area, gap=0), "surface", "left")
        lists = splitter(self.table, right, sizes=(830, 340), settings=desk.settings, name="reliance")
        self._faces = QStackedWidget()
        self._faces.addWidget(lists)
        self._faces.addWidget(self.reask)
        layout = column(self.head, self._faces, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.table.current_changed.connect(self._current_moved)
        self.table.opened.connect(lambda _row: self.open_assessment())
        self.shown.changed.connect(lambda _shown: self._shown_changed())
        Busy(self.table, desk.tasks, owner=self)
        self._show_nothing()

    def _columns(self) -> list[Column[ReceiptRow]]:
        now = self.desk.clock.now
        return [
            Column("state", "State", words.state, badge=words.look, width=116),
            Column("age", "For", lambda r: wording.length(now() - r.since), sort=lambda r: r.since, numeric=True,
                   value=lambda r: r.since, width=78),
            Column("person", "Person", words.person, strong=True, width=176),
            Column("form", "Assessment", lambda r: r.form_title + (" (correction)" if r.correction else ""), width=140),
            Column("words", "What is asked", lambda r: " ".join(r.point_words.split()), stretch=True, width=120,
                   tip=lambda r: r.point_words),
            Column("due", "By", lambda r: wording.day(r.point_due) if r.point_due else "",
                   sort=lambda r: r.point_due, value=lambda r: r.point_due, width=92, hidden=True),
            Column("from", "Other side", self._other_side, tip=lambda r: r.from_team, width=130, quiet=True),
            Column("team", "At", lambda r: r.team_name, width=130, quiet=True, hidden=True),
            Column("signed", "Signed", lambda r: wording.near_time(r.signed_at, now()), sort=lambda r: r.signed_at,
                   value=lambda r: r.signed_at, hidden=True),
        ]  # fmt: skip

    def _other_side(self, row: ReceiptRow) -> str:
        """Who signed it; of what is asked of me, the team that asks."""
        return row.team_name if self.shown.value == OF_ME else row.signed_by_name

    def commands(self) -> list[Command]:
        return self._commands

    def _table(self) -> Table:
        return self.reask.table if self.shown.value == REASKED else self.table

    # reading

    def open(self, key: object) -> None:
        self.key = key
        if isinstance(key, UUID):
            self._wanted = ReceiptId(key)
            self._read(self._wanted)
        self.refresh()

    def _shown_changed(self) -> None:
        self.deeds.close_asking()
        self.receipt = None
        self._show_nothing()
        self.refresh()

    def refresh(self) -> None:
        shown = str(self.shown.value)
        self._faces.setCurrentIndex(1 if shown == REASKED else 0)
        if shown == REASKED:
            self.head.say("")
            self.reask.refresh()
            return
        asked = ReceiptFilter("assessing" if shown == OF_ME else "receiving", shown != SETTLED)
        service = self.desk.services.reliance
        self.run(lambda: service.rows(asked), self._show_rows, latest="rows")
        if self.receipt is not None:
            self._read(self.receipt.id)

    def _show_rows(self, rows: list[ReceiptRow]) -> None:
        shown = str(self.shown.value)
        if shown == REASKED:
            return
        self._empty.say(*_EMPTY[shown])
        self.model.set_rows(rows)
        waiting = sum(
            r.state == "waiting" if shown == FOR_MY_TEAM else r.state in ("asked", "challenged") for r in rows
        )
        said = {FOR_MY_TEAM: f"{waiting} to decide, {len(rows) - waiting} with the assessor",
                SETTLED: wording.count(len(rows), "assessment"),
                OF_ME: f"{waiting} to answer, {len(rows) - waiting} to correct"}[shown]  # fmt: skip
        self.head.say(said if rows else "")
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.table.select_key(wanted)
        elif self.table.current is None and rows:
            self.table.selectRow(0)
        elif self.receipt is None and self.table.current is not None:
            self._read(self.table.current.id)
        if not rows and self.receipt is None:
            self._show_nothing()

    def _current_moved(self, row: ReceiptRow | None) -> None:
        if row is not None and (self.receipt is None or row.id != self.receipt.id):
            self.deeds.close_asking()
            self._read(row.id)

    def _read(self, receipt: ReceiptId) -> None:
        """Another one is a view, on the audit trail; the same again is not."""
        service = self.desk.services.reliance
        if self.receipt is not None and self.receipt.id == receipt:
            self.run(lambda: service.get(receipt), self._show, lambda _error: self._gone(), latest="receipt")
            return
        self.run(
            lambda: service.open(receipt), lambda both: self._show(*both), lambda _error: self._gone(), latest="receipt"
        )

    def _gone(self) -> bool:
        self.receipt = None
        self._show_nothing("It is not there any more, or the person does not share it with your team.")
        return True

    def _show(self, receipt: Receipt, sheet: AssessmentSheet | None = None) -> None:
        self.receipt, self._sheet = receipt, sheet or self._sheet
        self._put(ReceiptView(receipt, self.desk.clock.now(), self.questions(), self._sheet))

    def _show_nothing(self, said: str = "Choose a line at the left.") -> None:
        self._put(label(said, quiet=True, wrap=True))

    def _put(self, content: QWidget) -> None:
        content.setContentsMargins(16, 12, 16, 12)
        old = self._area.takeWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._area.setWidget(content)
        for act, button in zip(_BESIDE, self._moves, strict=False):
            button.setVisible(self.receipt_for(act) is not None)
        self._moves[-1].setVisible(self.receipt is not None)
        ask_again(*self._moves)

    def open_assessment(self) -> None:
        if self.receipt is not None:
            self.desk.go.to("assessment", self.receipt.assessment)

    # what the deeds ask

    def receipt_for(self, act: Act) -> Receipt | None:
        if self.shown.value == REASKED or self.receipt is None or not self.receipt.may(act):
            return None
        return self.receipt

    def questions(self) -> Mapping[str, str]:
        same = self.receipt is not None and self._sheet is not None
        if not same or self._sheet is None or self.receipt is None:
            return {}
        if self._sheet.assessment.id != self.receipt.assessment:
            return {}
        return {q.id: q.text for q in self._sheet.form.questions()}

    def show_question(self, form: MoveForm) -> None:
        self._asked_here.addWidget(form)
        self._asking.show()
        form.start()

    def close_question(self, form: MoveForm) -> None:
        self._asked_here.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._asking.hide()

    def receipt_changed(self, receipt: Receipt) -> None:
        self._show(receipt)
        self.refresh()

    def activated(self) -> None:
        self._table().setFocus()
