"""Beside the form: referrals that are there already and look like what is being written, with why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from coordination.intake.alike import AlikeReferral, BeingWritten
from ui import wording
from ui.desk import Desk
from ui.intake import words
from ui.widgets.basics import LinkLabel, column, label, plane, row

WAIT_MS = 400
KEY = "F12"
_REASONS = {
    "same_service": "the same service",
    "same_words": "the same need in similar words",
    "same_phone": "the same telephone",
    "same_caller": "the same caller",
}


class AlikePanel(QWidget):
    """``written`` says what is written so far. ``chosen`` gives the open referral that it is about."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, written: Callable[[], BeingWritten]) -> None:
        super().__init__()
        self._desk, self._written = desk, written
        self._asked: BeingWritten | None = None
        self.found: list[AlikeReferral] = []
        self._lines = column(gap=1, margins=(3, 2, 3, 2))
        self.setLayout(column(plane(self._lines, "sunken", "left"), gap=0))
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._ask)
        self.hide()

    def written_more(self) -> None:
        """Something was typed or chosen."""
        self._wait.start()

    def take(self) -> None:
        """It is about the likeliest of the open ones."""
        found = self.open_one
        if found is not None:
            self.chosen.emit(found.found.referral)

    @property
    def open_one(self) -> AlikeReferral | None:
        return next((each for each in self.found if each.found.ended_at is None), None)

    def _ask(self) -> None:
        written = self._written()
        if written == self._asked:
            return
        self._asked = written
        known = written.person_id is not None or written.need.strip() or written.caller_phone.strip()
        if not known or not (written.services or written.need.strip()):
            self._desk.tasks.drop(self, "alike")
            self._show([])
            return
        intake = self._desk.services.intake
        self._desk.tasks.run(self, lambda: intake.alike(written), self._show, self._failed, latest="alike")

    def _failed(self, _error: Exception) -> bool:
        """A hint that does not come is no news: what is typed is asked again at the next word."""
        self._asked = None
        self._show([])
        return True

    def _show(self, found: list[AlikeReferral]) -> None:
        self.found = found
        while self._lines.count():
            item = self._lines.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        if found:
            self._lines.addWidget(label("There already, and it looks like this", strong=True, tone="amber"))
        for each in found:
            self._lines.addWidget(self._line(each))
        self.setVisible(bool(found))

    def _line(self, each: AlikeReferral) -> QWidget:
        referral, now = each.found.referral, self._desk.clock.now()
        state = words.STATES[referral.state].lower() + (f", {referral.holder}" if referral.holder else "")
        head = f"No. {referral.number}, {referral.service_name}: {state}"
        came = f"received {words.when(referral.received_at, now)}"
        why = [_REASONS[reason] for reason in each.reasons if reason in _REASONS]
        about = (
            "" if "same_person" in each.reasons else "Of somebody not known yet: " if not each.found.person_id else ""
        )
        reasons = f"{about}{wording.listing(why)}, {came}"
        said = label(reasons[:1].upper() + reasons[1:], quiet=True, wrap=True)
        if each.found.ended_at is None:
            key = f"  ({KEY})" if each is self.open_one else ""
            go = LinkLabel(f"It is about this{key}", lambda: self.chosen.emit(referral))
        else:
            go = LinkLabel("Show it", lambda: self._desk.go.to("queue", referral.id))
        top = row(label(head, wrap=True), go)
        top.setStretch(0, 1)
        made = QWidget()
        made.setLayout(column(top, said, gap=0))
        return made
