"""From what somebody asked for to what the page shows. Runs on a worker thread; no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from coordination.careplan.opened import OpenedPlan
from coordination.errors import NotFound
from coordination.people.record import PersonRecord
from coordination.services import Services
from coordination.values import PersonId
from ui.careplan import PlanFor, PlanFrom


@dataclass(frozen=True)
class NoPlan:
    """A person without a plan. ``begin``: how one would be, from their latest signed assessment if there is one."""

    record: PersonRecord
    begin: PlanFrom | PlanFor


def load(services: Services, key: PlanFrom | PlanFor | UUID) -> OpenedPlan | NoPlan:
    """``key``: one to begin, the id of one, or the id of a person (which begins nothing). Raises NotFound."""
    if isinstance(key, PlanFrom):
        return services.careplan.open_page(services.careplan.draft_from(key.assessment).plan.id)
    if isinstance(key, PlanFor):
        return services.careplan.open_page(services.careplan.start(key.person).plan.id)
    try:
        return services.careplan.open_page(key)
    except NotFound:
        return _without(services, PersonId(key))


def _without(services: Services, person: PersonId) -> NoPlan:
    record = services.people.open_record(person)
    signed = [a.id for a in services.assessment.history(person) if a.state != "draft"]
    return NoPlan(record, PlanFrom(signed[0]) if signed else PlanFor(person))
