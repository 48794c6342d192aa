"""Who holds the plan together, and when it is looked at again: always in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.careplan.model import Plan
from coordination.governance.model import Account
from ui import wording
from ui.style import theme
from ui.widgets.basics import Choice, label, row
from ui.widgets.dates import DateEdit

# Others may read plans; these work with the person.
_LEADS = ("care_coordinator", "team_lead", "trusted_assessor", "placement_coordinator", "manager")


class LeadAndReview(QWidget):
    """Lead worker and review date."""

    lead_chosen = Signal(object)
    review_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lead = Choice(prompt="Nobody yet")
        self.lead.setMinimumWidth(theme.px(220))
        self.lead.setAccessibleName("Lead worker")
        self.review = DateEdit()
        self.review.setMaximumWidth(theme.px(150))
        self.review.setAccessibleName("Review date")
        self.review.setPlaceholderText("No date yet")
        self._quiet = False
        self.setLayout(
            row(label("Lead worker", quiet=True), self.lead, 2, label("Review on", quiet=True), self.review, gap=2)
        )
        self.lead.chosen.connect(lambda user: None if self._quiet else self.lead_chosen.emit(user))
        self.review.changed.connect(self.review_chosen)
        self.review.textEdited.connect(self._maybe_emptied)

    def _maybe_emptied(self, text: str) -> None:
        if not text.strip():
            self.review_chosen.emit(None)

    def set_colleagues(self, accounts: Sequence[Account]) -> None:
        """Everyone who may be chosen, with their role."""
        able = [a for a in accounts if a.active and a.role in _LEADS]
        self._quiet = True
        self.lead.set_items([(a.user_name, f"{a.display_name}, {wording.role(a.role).lower()}") for a in able])
        self._quiet = False

    def show_plan(self, plan: Plan) -> None:
        """Show what is saved; a date being typed stays."""
        self._quiet = True
        if plan.lead_worker is not None and self.lead.findData(plan.lead_worker) < 0:
            self.lead.addItem(plan.lead_worker_name, plan.lead_worker)  # somebody who has left, or changed roles
        self.lead.set_value(plan.lead_worker)
        self._quiet = False
        if not self.review.hasFocus() or not self.review.text():
            self.review.set_value(plan.review_on)
