"""From what somebody asked for to what the page shows. Runs on a worker thread; no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from coordination.careplan.model import PlanSheet, TeamChoice
from coordination.errors import NotFound
from coordination.governance.model import Account
from coordination.people.model import PersonRecord
from coordination.services import Services
from coordination.values import PersonId, PlanId
from ui.careplan import PlanFor, PlanFrom


@dataclass(frozen=True)
class Loaded:
    """One plan, whose it is, and who can be named on it."""

    sheet: PlanSheet
    record: PersonRecord
    teams: list[TeamChoice]
    colleagues: list[Account]


@dataclass(frozen=True)
class NoPlan:
    """A person without a plan. ``begin``: how one would be, from their latest signed assessment if there is one."""

    record: PersonRecord
    begin: PlanFrom | PlanFor


def load(services: Services, key: PlanFrom | PlanFor | UUID) -> Loaded | NoPlan:
    """``key``: one to begin, the id of one, or the id of a person (which begins nothing). Raises NotFound."""
    if isinstance(key, PlanFrom):
        return _with_record(services, services.careplan.draft_from(key.assessment))
    if isinstance(key, PlanFor):
        return _with_record(services, services.careplan.start(key.person))
    try:
        return _with_record(services, services.careplan.open(PlanId(key)))
    except NotFound:
        return _of_person(services, PersonId(key))


def _with_record(services: Services, sheet: PlanSheet) -> Loaded:
    record = services.people.open_record(sheet.plan.person)
    return Loaded(sheet, record, services.careplan.teams(), services.governance.accounts())


def _of_person(services: Services, person: PersonId) -> Loaded | NoPlan:
    record, plan = services.people.open_record(person), services.careplan.head(person)
    if plan is not None:
        return _with_record(services, services.careplan.open(plan.id))
    signed = [a.id for a in services.assessment.history(person) if a.state == "signed"]
    return NoPlan(record, PlanFrom(signed[0]) if signed else PlanFor(person))
