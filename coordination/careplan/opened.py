"""What the pages of a plan show when they are opened."""

from __future__ import annotations

from dataclasses import dataclass

from coordination.careplan.model import PlanChoices, PlanSheet
from coordination.careplan.version_model import PlanContent, PlanVersion
from coordination.people.record import PersonRecord


@dataclass(frozen=True)
class OpenedPlan:
    """One plan, whose it is, and whom it can name."""

    sheet: PlanSheet
    record: PersonRecord
    choices: PlanChoices


@dataclass(frozen=True)
class VersionsOfPlan:
    """Every version, the newest first, what stands now, and whose plan it is."""

    versions: tuple[PlanVersion, ...]
    now: PlanContent
    record: PersonRecord
