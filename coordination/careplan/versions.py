"""Use cases of versions (C2), reviews, and the worklist of plans."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.careplan import item_rules
from coordination.careplan.items import editable
from coordination.careplan.opened import VersionsOfPlan
from coordination.careplan.version_model import (
    Acknowledgement,
    PlanAsked,
    PlanReview,
    PlanVersion,
    PlanWorklist,
    ReviewDraft,
)
from coordination.clock import local_date
from coordination.errors import BrokenRule, Conflict, IllegalMove, NotAllowed, NotFound, Refused, obstacle
from coordination.values import PlanId, new_id

if TYPE_CHECKING:
    from coordination.work import Begin


class PlanRounds:
    """What goes round the teams of a plan: versions to acknowledge, reviews that fall due."""

    _begin: Begin

    def issue(self, plan: PlanId, seen: int, note: str = "", *, key: UUID | None = None) -> PlanVersion:
        """Freeze the plan as it stands as its next version; every team is to acknowledge it again.

        Raises Refused('issue_plan') with ``nothing_changed``, Conflict with the present Plan, IllegalMove when the
        plan is not active, BadValue('why', …).
        """
        clean, new = item_rules.clean_text("why", note, item_rules.LONGEST_NOTE), key or new_id()
        try:
            with self._begin() as work:
                head = work.careplan.plan(plan, lock=True)
                if head.state != "active":
                    raise IllegalMove("plan", head.state, "issued")
                if head.revision != seen:
                    raise Conflict("plan", str(plan), seen, head)
                work.careplan.issue(new, plan, clean)
                return next(v for v in work.careplan.versions(plan) if v.head.id == new)
        except BrokenRule as error:
            if error.constraint != "plan_version_says_something_new":
                raise
            raise Refused("issue_plan", (obstacle("nothing_changed"),)) from error

    def versions(self, plan: PlanId) -> list[PlanVersion]:
        """Newest first, whole, and a view on the audit trail (R4)."""
        with self._begin() as work:
            found = work.careplan.versions(plan)
            if found:
                work.governance.note("view", "plan_version", str(plan), found[0].person)
            return found

    def versions_page(self, plan: PlanId) -> VersionsOfPlan:
        """Versions to be laid side by side, in three queries, one of them the view on the audit trail (R4).

        Raises NotFound, also where there is no version yet.
        """
        with self._begin() as work:
            found, now = work.careplan.versions_and_now(plan)
            record = work.people.record(found[0].person) if found else None
            if now is None or record is None:
                raise NotFound("version", str(plan))
            work.governance.note("view", "plan_version", str(plan), found[0].person)
            return VersionsOfPlan(tuple(found), now, record)

    def acknowledge(self, version: UUID) -> Acknowledgement:
        """C2: my team has read this version and works by it. Again is the same.

        Raises Refused('acknowledge_plan') with ``no_team``, ``not_on_plan``, ``newer_version``; NotFound; IllegalMove.
        """
        try:
            with self._begin() as work:
                team = work.actor.team_id
                if team is None:
                    raise Refused("acknowledge_plan", (obstacle("no_team"),))
                return work.careplan.acknowledge(version, team)
        except BrokenRule as error:
            if error.constraint == "plan_version_of_active_plan":
                raise IllegalMove("plan", "ended", "acknowledged") from error
            codes = {
                "plan_acknowledgement_of_latest": "newer_version",
                "plan_acknowledged_by_its_teams": "not_on_plan",
            }
            if error.constraint not in codes:
                raise
            raise Refused("acknowledge_plan", (obstacle(codes[error.constraint]),)) from error

    def take_back_acknowledgement(self, version: UUID) -> None:
        """Within the hour, by whoever said it. Raises NotAllowed."""
        with self._begin() as work:
            if work.actor.team_id is None or not work.careplan.take_back(version, work.actor.team_id):
                raise NotAllowed("take_back_acknowledgement")

    def record_review(self, plan: PlanId, draft: ReviewDraft, *, key: UUID | None = None) -> PlanReview:
        """A review was held; it sets the next. The same ``key`` again records nothing.

        Raises BadValues, NotFound, IllegalMove when the plan is not active.
        """
        with self._begin() as work:
            head = editable(work, plan)
            if head.state != "active":
                raise IllegalMove("plan", head.state, "reviewed")
            clean = item_rules.clean_review(draft, local_date(work.now))
            return work.careplan.add_review(key or new_id(), plan, clean)

    def take_back_review(self, review: UUID) -> None:
        """Within the hour, by whoever recorded it: the plan has its former review date again. Raises NotAllowed."""
        with self._begin() as work:
            if not work.careplan.remove_review(review):
                raise NotAllowed("take_back_review")

    def worklist(self, asked: PlanAsked) -> PlanWorklist:
        """Active plans: reviews due, to acknowledge, alarms, unagreed; a page, and how many in each view. One query."""
        with self._begin() as work:
            return work.careplan.worklist(replace(asked, days=max(0, min(asked.days, 366))))


def version_of(found: list[PlanVersion], number: int) -> PlanVersion:
    """Raises NotFound('version', …)."""
    for version in found:
        if version.head.number == number:
            return version
    raise NotFound("version", str(number))
