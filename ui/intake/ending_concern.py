"""E3. A safeguarding concern in a contact that ends without a referral: seen by the rules, or said by a human."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QScrollArea, QWidget

from coordination.safeguarding.model import ConcernFacts, ConcernId
from coordination.values import new_id
from ui.intake.concern_fields import ConcernFields
from ui.widgets.basics import button, column, label, row

NOTE = (
    "A safeguarding concern is never just queued: its path opens with you as its owner. What was seen or said is what "
    "is asked for above."
)


class EndingConcern(QWidget):
    """A box to tick, and what is said of the concern; ``facts`` None while it is not ticked."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.id = ConcernId(new_id())
        self._harm = label("", tone="amber", wrap=True)
        self._harm_line = QWidget()
        line = row(self._harm, button("Raise it  F8", self.raise_it, kind="quiet", icon="shield-warning"), gap=2)
        line.setStretch(0, 1)
        self._harm_line.setLayout(line)
        self.tick = QCheckBox("Safeguarding concern")
        self.tick.setToolTip("Opens a path of its own, which is yours  (F8)")
        self._note = label(NOTE, quiet=True, wrap=True)
        self.fields = ConcernFields(short=True)
        self.setLayout(column(self._harm_line, self.tick, self._note, self.fields, gap=1.5))
        self.tick.toggled.connect(lambda _on: self._show())
        self.tick.toggled.connect(lambda _on: self.edited.emit())
        self.fields.edited.connect(self.edited)
        self._show()

    def _show(self) -> None:
        on = self.tick.isChecked()
        self._note.setVisible(on)
        self.fields.setVisible(on)
        self._harm_line.setVisible(bool(self._harm.text()) and not on)

    def say_harm(self, said: str) -> None:
        """What the rules see in the words; empty when they see nothing."""
        self._harm.setText(said)
        self._show()

    def raise_it(self) -> None:
        """A human says that it is one, and goes on to what is asked of it."""
        self.tick.setChecked(True)
        self.fields.danger.setFocus(Qt.FocusReason.OtherFocusReason)
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:  # all of it into sight, as soon as it has its place
            QTimer.singleShot(0, self, lambda: area.ensureWidgetVisible(self))

    @property
    def facts(self) -> ConcernFacts | None:
        return self.fields.facts() if self.tick.isChecked() else None

    # ---------------------------------------------------------------- drafts

    def raw(self) -> dict[str, Any]:
        return {"id": self.id, "on": self.tick.isChecked(), "fields": self.fields.raw()}

    def restore(self, raw: Mapping[str, Any]) -> None:
        """Put back what ``raw`` gave; empty begins anew."""
        found = raw.get("id")
        self.id = ConcernId(found if isinstance(found, UUID) else new_id())
        self.fields.restore(raw.get("fields") or {})
        self.tick.setChecked(bool(raw.get("on")))
        self._show()
