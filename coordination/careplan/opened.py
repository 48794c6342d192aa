"""What the page of a plan shows when it is opened."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.careplan.model import PlanChoices, PlanSheet
from coordination.people.model import PersonRecord


@dataclass(frozen=True)
class OpenedPlan:
    """One plan, whose it is, and whom it can name."""

    sheet: PlanSheet
    record: PersonRecord
    choices: PlanChoices
