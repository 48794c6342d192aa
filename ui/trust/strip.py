"""On a signed assessment: who relies on it, each team with its state, and what can be done about it (A4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from coordination.assessment.model import AssessmentSheet
from coordination.assessment.receipts import Receipt, ReceiptId, TeamName
from coordination.changes import RESYNC, Change
from coordination.errors import BadValue
from coordination.values import TeamId, new_id
from ui.commands import Command
from ui.desk import Desk
from ui.intake.move_forms import MoveForm
from ui.style import theme
from ui.tasks import Failed
from ui.trust.receipt_deeds import ACTS, Act, ReceiptDeeds
from ui.trust.receipt_forms import send_form
from ui.trust.receipt_view import PointView, receipt_line
from ui.widgets.basics import button, column, label, plane, row
from ui.widgets.panels import scrolling

_MOST = 240  # pixels at 100 %: the assessment itself keeps the room


class RelianceStrip(QFrame):
    """Hidden until a signed assessment is shown. Its commands are those of the page that it stands on."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.sheet: AssessmentSheet | None = None
        self.receipts: list[Receipt] = []
        self._chosen: ReceiptId | None = None
        self.deeds = ReceiptDeeds(self, "reliance")
        self._commands = [
            *self.deeds.commands(),
            Command("reliance.send", "Send to a team", self.send, "T", lambda: self._is_latest(), "Relied on",
                    "paper-plane-tilt", also="rely receipt"),
        ]  # fmt: skip
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(theme.space(1))
        self.said = label("", quiet=True)
        self._send = button("Send to a team…", self.send, kind="quiet", icon="paper-plane-tilt",
                            tip="Send to a team  (T)")  # fmt: skip
        head = row(label("Relied on by", strong=True), self.said, None, self._send, gap=2)
        self._inside = QWidget()
        self._inside.setLayout(self._lines)
        self._area = scrolling(self._inside)
        self._asking_in = column(margins=(3, 2, 3, 2))
        self._asking = plane(self._asking_in, "sunken")
        self._asking.hide()
        body = plane(column(head, self._area, self._asking, gap=1, margins=(6, 1.5, 6, 1.5)), "surface", "above")
        self.setLayout(column(body, gap=0))
        self.setAccessibleName("Relied on by")
        self.hide()
        desk.changes.batch.connect(self._changes_came)

    # what the page asks

    def commands(self) -> list[Command]:
        return self._commands

    def show_sheet(self, sheet: AssessmentSheet | None) -> None:
        """Of a draft nothing is shown."""
        signed = sheet if sheet is not None and sheet.assessment.state == "signed" else None
        same = signed is not None and self.sheet is not None and signed.assessment.id == self.sheet.assessment.id
        newer = same and self.sheet is not None and signed != self.sheet
        self.sheet = signed
        if same and not newer:
            return
        if not same:
            self.receipts = []
            self.deeds.close_asking()
            self.hide()
        if signed is not None:
            self.refresh()

    def refresh(self) -> None:
        if self.sheet is None:
            return
        key, service = self.sheet.assessment.id, self._desk.services.reliance
        self.run(lambda: service.of_assessment(key), self._show, lambda _error: True, latest="receipts")

    def _changes_came(self, changes: frozenset[Change]) -> None:
        if self.sheet is None:
            return
        mine = {Change("trust", str(self.sheet.assessment.id)), RESYNC}
        mine |= {Change("trust", str(receipt.id)) for receipt in self.receipts}
        if changes & mine:
            self.refresh()

    # what the deeds ask

    @property
    def desk(self) -> Desk:
        return self._desk

    def run(
        self, call: Callable[..., Any], ok: Callable[[Any], object] | None = None, failed: Failed | None = None,
        latest: str | None = None,
    ) -> object:  # fmt: skip
        return self._desk.tasks.run(self, call, ok, failed, latest)

    def receipt_for(self, act: Act) -> Receipt | None:
        """The team whose button was pressed; by key, the first for which it can be done."""
        able = [r for r in self.receipts if r.may(act)]
        return next((r for r in able if r.id == self._chosen), able[0] if able else None)

    def questions(self) -> Mapping[str, str]:
        return {} if self.sheet is None else {q.id: q.text for q in self.sheet.form.questions()}

    def show_question(self, form: MoveForm) -> None:
        self._asking_in.addWidget(form)
        self._area.hide()  # the question needs its room
        self._asking.show()
        form.start()

    def close_question(self, form: MoveForm) -> None:
        self._asking_in.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._asking.hide()
        self._area.setVisible(bool(self.receipts))

    def receipt_changed(self, receipt: Receipt) -> None:
        self._show([receipt if r.id == receipt.id else r for r in self.receipts])

    # sending

    def _is_latest(self) -> bool:
        return self.sheet is not None and self.sheet.assessment.corrected_by is None

    def send(self) -> None:
        """To a team of one's choice; what can be chosen is asked of the database first."""
        if self.sheet is None:
            return
        key, service = self.sheet.assessment.id, self._desk.services.reliance
        self.run(lambda: service.teams(key), self._ask_team, latest="teams")

    def _ask_team(self, teams: list[TeamName]) -> None:
        if self.sheet is None:
            return
        if not teams:
            self._desk.notices.warn("Every team that the person shares this with has it already.")
            return
        key, service, made = self.sheet.assessment.id, self._desk.services.reliance, ReceiptId(new_id())

        def sent(receipt: Receipt) -> None:
            self.deeds.close_asking()
            self._desk.notices.say(
                f"Sent to {receipt.team_name}.", undo=lambda: self.run(lambda: service.unsend(made), self._unsent)
            )
            self.refresh()

        def failed(_error: Exception) -> bool:
            form.ready()
            return False

        def do(values: dict[str, Any]) -> None:
            team = TeamId(int(values["team"])) if values["team"] else None
            if team is None:
                form.set_problems(BadValue("team", "required"))
                return
            self.run(lambda: service.send(made, key, team, values["note"]), sent, failed)

        form = send_form(teams, do, self.deeds.close_asking)
        self.deeds.close_asking()
        self.deeds.form = form
        self.show_question(form)

    def _unsent(self, _none: object) -> None:
        self._desk.notices.say("Taken back.")
        self.refresh()

    # showing

    def _show(self, receipts: list[Receipt]) -> None:
        self.receipts = receipts
        while self._lines.count():
            item = self._lines.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        now, questions = self._desk.clock.now(), self.questions()
        for receipt in receipts:
            buttons = [self._button(act, receipt) for act in ACTS if receipt.may(act)]
            told = [p for p in receipt.points if p.reply or (p.is_open and (receipt.mine or receipt.ours))]
            self._lines.addWidget(receipt_line(receipt, now, *buttons, told=receipt.open_point in told))
            for point in told:
                view = PointView(point, now, questions)
                view.setContentsMargins(theme.space(3), 0, 0, theme.space(1))
                self._lines.addWidget(view)
        self.said.setText("" if receipts else "No team yet: it goes to those of the person's referrals, or by hand.")
        self._send.setVisible(self._is_latest())
        self._area.setVisible(bool(receipts) and self.deeds.form is None)
        self._inside.adjustSize()
        self._area.setFixedHeight(min(self._inside.sizeHint().height() + 2, theme.px(_MOST)))
        self.show()

    def _button(self, act: Act, receipt: Receipt) -> QWidget:
        title, icon, key = ACTS[act]
        command = next(c for c in self._commands if c.id == f"reliance.{act}")

        def press() -> None:
            self._chosen = receipt.id
            command()
            self._chosen = None

        tip = f"{title}  ({key})" if key else title
        return button(title, press, kind="main" if act in ("accept", "reply") else "", icon=icon, tip=tip)
