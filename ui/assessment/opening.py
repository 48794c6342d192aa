"""From what somebody asked for to what the page shows: from the database, or from this computer. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coordination.assessment.away import TakenAlong
from coordination.assessment.model import Assessment, Form
from coordination.errors import NotFound
from coordination.local.assessments import ALONG, entry
from coordination.local.model import Entry
from coordination.people.record import PersonRecord
from coordination.services import Services
from coordination.values import AssessmentId, PersonId
from ui.assessment import CONVERSATION, NewAssessment
from ui.local.assessing import Assessing, title_of


@dataclass(frozen=True)
class Loaded:
    """One assessment. ``entry``: as this computer keeps it, so that it can go on without a line; None for a signed
    one. ``here``: it came from this computer."""

    along: TakenAlong
    entry: Entry | None = None
    here: bool = False


@dataclass(frozen=True)
class ToChoose:
    """A person whose conversation has been had: which form next? ``here``: of those, what this computer has."""

    record: PersonRecord
    forms: list[Form]
    history: list[Assessment]
    here: bool = False


def load(services: Services, key: NewAssessment | UUID, now: datetime) -> Loaded | ToChoose:
    """``key``: one to begin, the id of one, or the id of a person. Runs on a worker thread. Raises NotFound."""
    if isinstance(key, NewAssessment):
        begun = services.assessment.start(key.person, key.form, key.referral)
        return _loaded(services.away.open(begun.assessment.id), now)
    try:
        return _loaded(services.away.open(AssessmentId(key)), now)
    except NotFound:
        return _of_person(services, PersonId(key), now)


def _loaded(along: TakenAlong, now: datetime) -> Loaded:
    if along.sheet.assessment.state == "signed":
        return Loaded(along)
    # Put into the form of the disk here, off the interface thread: a large form takes a while.
    return Loaded(along, entry(ALONG, str(along.id), along, title_of(along), now))


def _of_person(services: Services, person: PersonId, now: datetime) -> Loaded | ToChoose:
    """A2: the conversation first. Once it is there, whatever comes next is chosen."""
    record, history = services.people.open_record(person), services.assessment.history(person)
    if any(a.form.id == CONVERSATION and a.state == "signed" for a in history):
        return ToChoose(record, services.assessment.forms(), history)
    begun = services.assessment.start(person, CONVERSATION)
    return _loaded(services.away.open(begun.assessment.id), now)


def load_here(kept: Assessing, key: object) -> Loaded | ToChoose | None:
    """The same from what this computer has; None when that is not on it."""
    if isinstance(key, NewAssessment):
        mine = [along for along in kept.of_person(key.person) if along.sheet.form.id == key.form]
        begun = next((along for along in mine if not along.blank), None)
        if begun is None and mine:
            begun = kept.begin(mine[0])
        return None if begun is None else Loaded(begun, here=True)
    if not isinstance(key, UUID):
        return None
    found = kept.kept(AssessmentId(key))
    if found is not None and found.along is not None:
        along = found.along
        return Loaded(kept.begin(along) if along.blank else along, here=True)
    return _choose_here(kept.of_person(PersonId(key)))


def _choose_here(along: list[TakenAlong]) -> Loaded | ToChoose | None:
    if not along:
        return None
    begun = [one.sheet.assessment for one in along if not one.blank]
    forms = {one.sheet.form.id: one.sheet.form for one in along}
    return ToChoose(along[0].record, sorted(forms.values(), key=lambda form: form.title), begun, here=True)
