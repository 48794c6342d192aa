"""Who holds the plan together, and when it is looked at again: always in sight; and how it is with a lead worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coordination.careplan.model import Plan
from coordination.careplan.version_model import LeadStanding
from coordination.values import UserName
from ui import wording
from ui.style import theme
from ui.widgets.basics import Choice, label, row
from ui.widgets.dates import DateEdit

# Others may read plans; these work with the person.
LEADS = ("care_coordinator", "team_lead", "trusted_assessor", "placement_coordinator", "manager")


def able(colleagues: Sequence[LeadStanding]) -> list[LeadStanding]:
    """Who may lead a plan."""
    return [c for c in colleagues if c.active and c.role in LEADS]


def choice_words(colleague: LeadStanding) -> str:
    """``Cora Example (12 of 100 plans), care co-ordinator``, and what speaks against it."""
    most = f" of {colleague.most}" if colleague.most is not None else ""
    away = f"{away_words(colleague)}, " if colleague.away_kind else ""
    return f"{colleague.display_name} ({away}{colleague.plans}{most} plans), {wording.role(colleague.role).lower()}"


def away_words(standing: LeadStanding) -> str:
    """``on leave until 28-Nov-2026``."""
    how = "on leave" if standing.away_kind == "leave" else "off sick"
    return f"{how} until {wording.day(standing.away_until)}" if standing.away_until else how


def alarm_words(standing: LeadStanding | None) -> list[str]:
    """Each a sentence; the gravest first."""
    if standing is None:
        return []
    name = standing.display_name
    said = {
        "left": f"{name} does not work here any more.",
        "away": f"{name} is {away_words(standing)}.",
        "over_caseload": f"{name} holds {standing.plans} plans, {standing.most} is the most.",
    }
    return [said[alarm] for alarm in standing.alarms]


def alarm_badge(standing: LeadStanding) -> str:
    """The gravest in two words, for a list."""
    first = next(iter(standing.alarms), None)
    kinds = {"left": "Has left", "over_caseload": f"{standing.plans} plans"}
    if first is None:
        return ""
    return kinds.get(first) or ("On leave" if standing.away_kind == "leave" else "Off sick")


def best_other(colleagues: Sequence[LeadStanding], than: UserName | None, locality: str | None) -> LeadStanding | None:
    """Who could take it most easily: here, not full, a co-ordinator, of the locality, with the fewest plans."""

    def strain(c: LeadStanding) -> tuple[bool, bool, bool, float]:
        full = c.plans / c.most if c.most else float(c.plans)
        away = c.away_kind is not None
        return (away or full >= 1, c.role != "care_coordinator", c.locality not in (locality, None), full)

    others = [c for c in able(colleagues) if c.user != than]
    return min(others, key=strain, default=None)


class LeadAndReview(QWidget):
    """Lead worker and review date."""

    lead_chosen = Signal(object)
    review_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lead = Choice(prompt="Nobody yet")
        self.lead.setMinimumWidth(theme.px(220))
        self.lead.setMaximumWidth(theme.px(340))
        self.lead.setAccessibleName("Lead worker")
        self.review = DateEdit()
        self.review.setMaximumWidth(theme.px(150))
        self.review.setAccessibleName("Review date")
        self.review.setPlaceholderText("No date yet")
        self._quiet = False
        self._names: dict[UserName, str] = {}
        self.setLayout(
            row(label("Lead worker", quiet=True), self.lead, 2, label("Review on", quiet=True), self.review, gap=2)
        )
        self.lead.chosen.connect(lambda user: None if self._quiet else self.lead_chosen.emit(user))
        self.review.changed.connect(self.review_chosen)
        self.review.textEdited.connect(self._maybe_emptied)

    def _maybe_emptied(self, text: str) -> None:
        if not text.strip():
            self.review_chosen.emit(None)

    def set_colleagues(self, colleagues: Sequence[LeadStanding]) -> None:
        """Everyone who may be chosen, with their role and how many plans they hold."""
        self._names = {c.user: c.display_name for c in colleagues}
        self._quiet = True
        self.lead.set_items([(c.user, choice_words(c)) for c in able(colleagues)])
        self._quiet = False

    def said(self, field: str, value: Any) -> str:
        """A lead worker or a review date in words."""
        if field == "lead_worker":
            return self._names.get(value, str(value)) if value is not None else "nobody"
        return wording.day(value) if value is not None else "no date"

    def show_plan(self, plan: Plan) -> None:
        """Show what is saved; a date being typed stays."""
        self._quiet = True
        if plan.lead_worker is not None and self.lead.findData(plan.lead_worker) < 0:
            self.lead.addItem(plan.lead_worker_name, plan.lead_worker)  # somebody who has left, or changed roles
        self.lead.set_value(plan.lead_worker)
        self._quiet = False
        if not self.review.hasFocus() or not self.review.text():
            self.review.set_value(plan.review_on)
