"""What is said of a safeguarding concern when it is raised: what was seen or said, the danger, safety and consent."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.safeguarding.model import ConcernFacts
from ui.widgets.basics import Choice, TextArea, column
from ui.widgets.fields import Form

DANGERS = (("not_known", "Not known"), ("no", "No"), ("yes", "Yes, now"))
CONSENT_HINT = "Do they know of this call, what do they want, and can they decide it?"


class ConcernFields(QWidget):
    """Beside a referral (``short``) what was seen or said is its need; by itself it is asked for."""

    edited = Signal()

    def __init__(self, *, short: bool = False) -> None:
        super().__init__()
        self.form = Form(columns=4 if short else 1)
        lines = 1 if short else 2
        self.danger = Choice(DANGERS)
        if not short:
            self.form.add("seen_or_said", "What was seen or said, and by whom", TextArea(4, 12), required=True)
        self.form.add("danger", "In danger now", self.danger)
        consent = TextArea(lines, 6, CONSENT_HINT)
        self.form.add("consent", "What they know, want and can decide", consent, span=3 if short else 1)
        self.form.add("made_safe", "What was done at once", TextArea(1, 6), span=4 if short else 1)
        self.setLayout(column(self.form))
        self.danger.chosen.connect(lambda _code: self._show_safety())
        self.form.edited.connect(lambda _name: self.edited.emit())
        self._short = short
        self._show_safety()

    def _show_safety(self) -> None:
        """Beside a referral there is room for it only when it matters."""
        self.form.field("made_safe").setVisible(not self._short or self.danger.value == "yes")

    def facts(self) -> ConcernFacts:
        return ConcernFacts(**{name: str(value or "") for name, value in self.form.values().items()})

    def raw(self) -> dict[str, Any]:
        return {name: field.value for name, field in self.form.fields.items()}

    def restore(self, raw: dict[str, Any]) -> None:
        self.form.set_values({"danger": "not_known", "consent": "", "made_safe": "", **raw})
        self._show_safety()
