"""A visit goes to another day: it ends there, another stands for it, and both go back together. Inside an open
transaction, with the visit itself held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from coordination.deployment.drafts import check_drafts
from coordination.deployment.model import Visit, VisitDraft
from coordination.errors import Refused, obstacle
from coordination.values import VisitId, Window

if TYPE_CHECKING:
    from coordination.work import Work


def carry(work: Work, before: Visit, day: date, arrive: Window, reason: str, new_visit: VisitId) -> None:
    """``before`` ends as moved, and frees its workers; ``new_visit`` is planned, unplaced. Raises BadValues."""
    draft = VisitDraft(
        new_visit,
        before.person.id,
        before.team_id,
        day,
        arrive,
        before.minutes,
        before.need,
        before.workers_needed,
        before.skills,
        before.time_critical,
        before.gender_asked,
        before.priority,
        before.plan_action_id,
        before.referral_id,
        access_notes=before.access_notes,
    )
    check_drafts([draft])
    work.deployment.remove_allocations(before.id, before.allocations)
    work.deployment.set_state(before.id, "moved", reason)
    work.deployment.add_visits([draft])
    work.outcomes.link(before.id, new_visit)


def turn(work: Work, stands_for: Visit) -> None:
    """The visit of the other day goes, while it is as it was made; or comes again. Raises Refused('undo', …) with
    ``successor_changed`` when somebody has given or changed it since: it would not be there any more."""
    if not work.deployment.hold_visit(stands_for.id, seen=stands_for.revision):
        raise Refused("undo", (obstacle("successor_changed", person=stands_for.person.listed, day=stands_for.day),))
    gone = stands_for.dropped
    work.visits.write([replace(stands_for, state="planned" if gone else "cancelled", dropped=not gone)])
