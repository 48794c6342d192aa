"""The plan to be given out: to the person, to a professional, to another system (C3, Z2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from coordination.assessment.model import AssessmentSheet
from coordination.careplan.model import Plan, PlanSheet
from coordination.careplan.version_model import Acknowledgement, PlanContent, VersionHead
from coordination.errors import NotFound
from coordination.people.record import PersonRecord
from coordination.values import PlanId, TeamId

if TYPE_CHECKING:
    from coordination.work import Begin, Work


@dataclass(frozen=True)
class PlanCopy:
    """Everything that a copy may say, as it stands at ``made_at``.

    ``content`` is the version that every team works by (``version``); of a draft, or of a plan from before there were
    versions, what stands on it now (``version`` None). ``changed``: something was changed since that version was
    issued. ``phones``: of the teams on the plan that have one. ``assessments``: the signed ones that it came from.
    """

    plan: Plan
    record: PersonRecord = field(repr=False)
    content: PlanContent
    version: VersionHead | None
    changed: bool
    phones: Mapping[TeamId, str]
    lead_team: TeamId | None
    assessments: tuple[AssessmentSheet, ...] = ()
    made_at: datetime = field(kw_only=True)
    made_by_name: str = field(kw_only=True, repr=False)

    @property
    def acknowledged(self) -> tuple[Acknowledgement, ...]:
        return self.version.acknowledged if self.version is not None else ()

    @property
    def phone(self) -> str:
        """Of the lead worker's team; empty when they have none, or it has none."""
        return self.phones.get(self.lead_team, "") if self.lead_team is not None else ""


class PlanCopies:
    """Copies of plans. Giving one out is noted by whoever prints or saves it (R4)."""

    _begin: Begin

    def copy(self, plan: PlanId, *, assessments: bool = False) -> PlanCopy:
        """What a copy of this plan says; ``assessments``: with the signed assessments it came from.

        Raises NotFound.
        """
        with self._begin() as work:
            sheet, _, _ = work.careplan.sheet(plan)
            record = work.people.record(sheet.plan.person)
            if record is None:
                raise NotFound("plan", str(plan))
            content = _standing(work, sheet)
            return PlanCopy(
                sheet.plan,
                record,
                content,
                sheet.version,
                sheet.changed,
                work.careplan.phones([team.id for team in content.teams]),
                next((team.id for team in content.teams if team.leads), None),
                _signed(work, sheet) if assessments else (),
                made_at=work.now,
                made_by_name=work.actor.display_name,
            )


def _standing(work: Work, sheet: PlanSheet) -> PlanContent:
    if sheet.version is None:
        return sheet.content
    wanted = sheet.version.id
    return next(v.content for v in work.careplan.versions(sheet.plan.id) if v.head.id == wanted)


def _signed(work: Work, sheet: PlanSheet) -> tuple[AssessmentSheet, ...]:
    ids = dict.fromkeys([sheet.plan.assessment, *(source.assessment for source in sheet.sources)])
    found = [work.assessment.sheet(one) for one in ids if one is not None]
    return tuple(one for one in found if one.assessment.state == "signed")
