"""Assessments in the list of what is not sent yet: drafts, signatures that wait, and what was taken along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coordination.local.assessments import Kept
from coordination.names import listed
from coordination.values import AssessmentId
from ui import wording
from ui.local.assessing import Assessing

WHAT = "Assessment"


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One line. ``open`` is what the page of assessments is asked for; ``ids`` all that the line stands for."""

    open: UUID
    ids: tuple[AssessmentId, ...]
    title: str
    since: datetime
    state: str
    tone: str
    said: str
    is_unsent: bool


def rows(kept: Assessing, *, away: bool) -> list[AssessmentRow]:
    """What is not sent first; forms that were taken along and not begun are one line a person."""
    found = [_row(kept, one, away) for one in kept.all if not _is_blank(one)]
    blank: dict[UUID, list[Kept]] = {}
    for one in kept.all:
        if _is_blank(one) and one.along is not None:
            blank.setdefault(one.along.sheet.assessment.person, []).append(one)
    return found + [_blank(person, forms) for person, forms in blank.items()]


def _is_blank(one: Kept) -> bool:
    return one.along is not None and one.along.blank


def _row(kept: Assessing, one: Kept, away: bool) -> AssessmentRow:
    state, tone, said = _state(kept, one, away)
    return AssessmentRow(one.id, (one.id,), kept.title(one.id) or WHAT, one.at, state, tone, said, one.is_unsent)


def _state(kept: Assessing, one: Kept, away: bool) -> tuple[str, str, str]:
    if kept.is_sending(one.id):
        return "Being sent", "accent", ""
    signature = one.signature
    if signature is not None and signature.is_waiting:
        why = "No connection" if away else "It is tried again by itself"
        return "Signed, waits", "amber", f"Signed {wording.day_time(signature.signed.at)}. {why}"
    if signature is not None:
        return "Not taken", "red", "The signature was not taken. Open it: the reasons stand above its foot"
    if one.is_unsent:
        count = wording.count(len(one.answers), "answer") if one.answers else "Begun here"
        return "Draft", "neutral", f"{count} not in the database yet"
    return "Taken along", "neutral", "On this computer, to go on with where there is no connection"


def _blank(person: UUID, forms: list[Kept]) -> AssessmentRow:
    first = forms[0].along
    assert first is not None
    fields = first.record.person.fields
    said = f"{wording.count(len(forms), 'form')} to begin where there is no connection"
    name = listed(fields.surname, fields.given, fields.title)
    ids = tuple(one.id for one in forms)
    return AssessmentRow(person, ids, name, first.taken_at, "Taken along", "neutral", said, False)
