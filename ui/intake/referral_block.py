"""One referral of a contact: what for, how urgent, and why; the due time in words (E3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from coordination.intake import rules
from coordination.intake.model import ReferralDraft, ServiceKind
from coordination.values import ReferralId, new_id
from ui import wording
from ui.intake import words
from ui.widgets.basics import Choice, TextArea, button, column, label, row, set_tone
from ui.widgets.chips import SegmentedChoice
from ui.widgets.fields import Form

Clocks = Callable[[], tuple[datetime, datetime]]
"""the time now, and when the contact was received"""


class ReferralBlock(QWidget):
    """One service, how urgent, and why; the due time in words beneath."""

    edited = Signal()

    def __init__(self, services: Sequence[ServiceKind], clock: Clocks, remove: Callable[[QWidget], object]):
        super().__init__()
        self.id = ReferralId(new_id())
        self._clock = clock
        self.form = Form()
        self.service = Choice([(kind.code, kind.name) for kind in services], prompt="Choose a service")
        self.urgency = SegmentedChoice([("", "Not set"), *words.URGENCIES.items()], "", "Urgency")
        self.form.add("service", "Refer to", self.service, required=True)
        self.form.add("urgency", "Urgency", self.urgency, required=True)
        self.form.add("urgency_reason", "Why that urgent", TextArea(2, 6), required=True)
        self.safeguarding = QCheckBox("Safeguarding concern")
        self.hold = QCheckBox("I deal with it myself")
        self._due = label("", quiet=True)
        self._note = label("", tone="amber", wrap=True)
        self._note.hide()
        self.remove = button("Leave this one out", lambda: remove(self), kind="quiet", icon="x")
        self.setLayout(
            column(
                self.form, row(self.safeguarding, self.hold, None, self._due, gap=4), self._note, row(None, self.remove)
            )
        )
        self.form.edited.connect(lambda _name: self._changed())
        self.safeguarding.toggled.connect(self._concern)
        self.hold.toggled.connect(lambda _on: self.edited.emit())
        self.say_due()

    def _changed(self) -> None:
        self.say_due()
        self.edited.emit()

    def say_due(self) -> None:
        """The due time in words, by the clock of now."""
        urgency = str(self.urgency.value)
        if not urgency:
            self._due.setText("")
            return
        now, received = self._clock()
        due = rules.due_at(urgency, received)
        self._due.setText(f"Due {words.due(due, now)}")
        set_tone(self._due, "red" if due < now else "")

    def _concern(self, on: bool) -> None:
        """E3: a safeguarding concern is never just queued: whoever takes it holds it, and it is for today."""
        self.hold.setChecked(on or self.hold.isChecked())
        self.hold.setEnabled(not on)
        if on and self.urgency.value not in ("two_hours", "same_day"):
            self.urgency.set_value("same_day")
        self._note.setText("A safeguarding concern is never just queued: it is yours until you hand it over.")
        self._note.setVisible(on)
        self._changed()

    def draft(self) -> ReferralDraft:
        return ReferralDraft(
            self.id,
            str(self.service.value or ""),
            str(self.urgency.value),
            str(self.form.value("urgency_reason")),
            safeguarding=self.safeguarding.isChecked(),
            hold=self.hold.isChecked(),
        )

    def set_services(self, services: Sequence[ServiceKind]) -> None:
        """What can be chosen; what is chosen stays, also when it is not among these."""
        chosen = self.service.value
        self.service.set_items([(kind.code, kind.name) for kind in services])
        self._choose_service(chosen)

    def _choose_service(self, code: str | None) -> None:
        """A draft may come before the list does, or name a service that there is no more: it is not forgotten."""
        if code and self.service.findData(code) < 0:
            self.service.addItem(wording.words(code), code)
        self.service.set_value(code)

    def raw(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "service": self.service.value,
            "urgency": self.urgency.value,
            "reason": self.form.value("urgency_reason"),
            "safeguarding": self.safeguarding.isChecked(),
            "hold": self.hold.isChecked(),
        }

    def restore(self, raw: dict[str, Any]) -> None:
        self.id = raw["id"]
        self._choose_service(raw["service"])
        self.safeguarding.setChecked(raw["safeguarding"])
        self.hold.setChecked(raw["hold"])
        self.urgency.set_value(raw["urgency"])
        self.form.field("urgency_reason").set_value(raw["reason"])
        self.say_due()

    @property
    def is_empty(self) -> bool:
        return not (self.service.value or self.urgency.value or self.form.value("urgency_reason"))
