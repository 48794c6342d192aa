"""Emergency access, "break glass" (R3): what it is, what is checked first, and what its reviewer sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.errors import BadValue, BadValues
from coordination.people.emergency import KINDS, Kind, Shut
from coordination.values import NhsNumber, PersonId, UserName

Outcome = Literal["appropriate", "inappropriate", "needs_action"]
OUTCOMES: tuple[Outcome, ...] = ("appropriate", "inappropriate", "needs_action")
Told = Literal["told", "not_yet", "not_told"]
TOLD: tuple[Told, ...] = ("told", "not_yet", "not_told")
ListState = Literal["awaiting", "reviewed", "all"]

MAY_BREAK = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"})
"""roles of direct care"""
MAY_READ = frozenset({"ig_lead", "manager", "team_lead"})
LEAST_WORDS, MOST_WORDS, LEAST_NOTE, MOST_NOTE, MOST_WHY = 10, 2000, 5, 2000, 500


@dataclass(frozen=True, slots=True)
class Look:
    """By what a hidden record is looked for: an NHS number, or surname, given name and date of birth together."""

    nhs_number: NhsNumber | None = None
    surname: str = ""
    given: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``nobody`` is registered like that; ``several`` are, and only a number tells which; ``shared``: it is
    ``person_id``, whose record is there without it; ``not_shared``: there is a record, of ``initials``."""

    look_id: UUID
    kind: Literal["nobody", "several", "shared", "not_shared"]
    person_id: PersonId | None = None
    initials: str = ""


@dataclass(frozen=True, slots=True)
class Reviewing:
    """One access in the list. For a team lead ``person_id`` is None, and initials and all words are empty.

    ``reviews``: how many there have been, ``outcome`` that of the last ("" where it awaits one). ``views``: views,
    prints and exports; ``changes``: what was written, while it lasted.
    """

    id: UUID
    person_id: PersonId | None
    initials: str
    by_user: UserName
    by_name: str
    by_role: str
    team: str
    shut: Shut
    kind: Kind
    words: str
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    in_force: bool
    due_at: datetime
    reviews: int
    outcome: str
    note: str
    told: str
    told_why: str
    reviewed_at: datetime | None
    reviewed_by_name: str
    views: int
    changes: int

    @property
    def awaits(self) -> bool:
        return self.outcome == ""

    @property
    def until(self) -> datetime:
        return self.ended_at or self.ends_at

    def overdue(self, now: datetime) -> bool:
        return self.awaits and self.due_at < now


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done under one access: an action, where, how often, and to which records (the first twenty)."""

    action: str
    area: str
    many: int
    records: tuple[str, ...]
    first_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What the reviewer says. ``told``: whether the person was told."""

    outcome: str = ""
    note: str = ""
    told: str = ""
    told_why: str = ""


def check_look(nhs_number: str, surname: str, given: str, birth_date: date | None) -> Look:
    """Exact, or nothing: a number, else both names and the day. Raises BadValues."""
    if nhs_number.strip():
        try:
            return Look(NhsNumber(nhs_number))
        except BadValue as bad:
            raise BadValues((BadValue("nhs_number", bad.reason),)) from None
    names = {"surname": surname.strip(), "given": given.strip()}
    missing = [BadValue(field, "missing") for field, value in names.items() if not value]
    if birth_date is None:
        missing.append(BadValue("birth_date", "missing"))
    if len(missing) == 3:
        missing = [BadValue("nhs_number", "emergency_look_by_something")]
    if missing:
        raise BadValues(tuple(missing))
    return Look(None, names["surname"], names["given"], birth_date)


def check_reason(kind: str, words: str) -> tuple[Kind, str]:
    """Raises BadValues by field."""
    clean = words.strip()
    problems = []
    if kind not in KINDS:
        problems.append(BadValue("kind", "missing"))
    if len(clean) < LEAST_WORDS:
        problems.append(BadValue("words", "missing" if not clean else "emergency_words_too_short"))
    elif len(clean) > MOST_WORDS:
        problems.append(BadValue("words", "too_long"))
    if problems:
        raise BadValues(tuple(problems))
    return next(k for k in KINDS if k == kind), clean


def check_review(draft: ReviewDraft) -> ReviewDraft:
    """Raises BadValues by field: a note where it was not simply right, a reason where the person is not to be told."""
    made = ReviewDraft(draft.outcome, draft.note.strip(), draft.told, draft.told_why.strip())
    problems = []
    if made.outcome not in OUTCOMES:
        problems.append(BadValue("outcome", "missing"))
    elif made.outcome != "appropriate" and len(made.note) < LEAST_NOTE:
        problems.append(BadValue("note", "emergency_note_missing"))
    if len(made.note) > MOST_NOTE:
        problems.append(BadValue("note", "too_long"))
    if made.told not in TOLD:
        problems.append(BadValue("told", "missing"))
    elif made.told == "not_told" and len(made.told_why) < LEAST_NOTE:
        problems.append(BadValue("told_why", "emergency_why_not_told"))
    if len(made.told_why) > MOST_WHY:
        problems.append(BadValue("told_why", "too_long"))
    if problems:
        raise BadValues(tuple(problems))
    return made
