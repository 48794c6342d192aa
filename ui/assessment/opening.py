"""From what somebody asked for to what the page shows. Runs on a worker thread; no widgets."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from coordination.assessment.model import Assessment, AssessmentSheet, Form
from coordination.errors import NotFound, Obstacle
from coordination.people.model import PersonRecord
from coordination.services import Services
from coordination.values import AssessmentId, PersonId
from ui.assessment import CONVERSATION, NewAssessment


@dataclass(frozen=True)
class Loaded:
    """One assessment, whose it is, and why this login may not sign it."""

    sheet: AssessmentSheet
    record: PersonRecord
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class ToChoose:
    """A person whose conversation has been had: which form next?"""

    record: PersonRecord
    forms: list[Form]
    history: list[Assessment]


def load(services: Services, key: NewAssessment | UUID) -> Loaded | ToChoose:
    """``key``: one to begin, the id of one, or the id of a person. Raises NotFound."""
    if isinstance(key, NewAssessment):
        return _with_record(services, services.assessment.start(key.person, key.form, key.referral))
    try:
        return _with_record(services, services.assessment.open(AssessmentId(key)))
    except NotFound:
        return _of_person(services, PersonId(key))


def _with_record(services: Services, sheet: AssessmentSheet) -> Loaded:
    record = services.people.open_record(sheet.assessment.person)
    return Loaded(sheet, record, services.assessment.may_sign(sheet.form.id))


def _of_person(services: Services, person: PersonId) -> Loaded | ToChoose:
    """A2: the conversation first. Once it is there, whatever comes next is chosen."""
    record, history = services.people.open_record(person), services.assessment.history(person)
    if any(a.form.id == CONVERSATION and a.state == "signed" for a in history):
        return ToChoose(record, services.assessment.forms(), history)
    return _with_record(services, services.assessment.start(person, CONVERSATION))
