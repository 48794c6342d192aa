"""Trusted (A3): who assesses for whom, under what, until when. States come from dates, never from a column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NewType, Protocol
from uuid import UUID

from coordination.errors import BadValue, BadValues
from coordination.values import UserName

AgreementId = NewType("AgreementId", UUID)
RecognitionId = NewType("RecognitionId", UUID)
HeldId = NewType("HeldId", UUID)

EVERY = "*"
SOON = timedelta(days=60)
"""what expires within it stands on top, and is said"""

Standing = Literal["not_begun", "in_force", "due_for_review", "ended"]
Validity = Literal["not_begun", "in_date", "expires_soon", "expired"]


@dataclass(frozen=True, slots=True)
class Competency:
    """What an assessor must be able to do. ``months``: how long it usually holds; None: it does not run out."""

    code: str
    name: str
    months: int | None


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """An agreement as it is written down. ``forms``, ``services``: codes, or ``('*',)`` for all. ``contact``: the user
    to whom a challenge goes; ``contact_words`` how else they are reached."""

    name: str
    assessing: str
    receiving: str
    services: tuple[str, ...]
    forms: tuple[str, ...]
    starts_on: date | None
    review_on: date | None
    competencies: tuple[str, ...] = ()
    needs: str = ""
    if_flawed: str = ""
    contact: UserName | None = None
    contact_words: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """``ends_on``: the last day on which it is in force. ``assessors``: how many are recognised under it today."""

    id: AgreementId
    name: str
    assessing: str
    receiving: str
    services: tuple[str, ...]
    forms: tuple[str, ...]
    competencies: tuple[str, ...]
    needs: str
    if_flawed: str
    contact: UserName | None
    contact_name: str
    contact_words: str
    starts_on: date
    review_on: date
    ends_on: date | None
    end_reason: str
    assessors: int
    revision: int

    def standing(self, day: date) -> Standing:
        """Due for review is in force: only an end ends it."""
        if self.ends_on is not None and self.ends_on < day:
            return "ended"
        if self.starts_on > day:
            return "not_begun"
        return "due_for_review" if self.review_on <= day + SOON else "in_force"


@dataclass(frozen=True, slots=True)
class RecognitionDraft:
    """Who is recognised under an agreement, for which forms, from the first day to the last, both in."""

    agreement: AgreementId
    user: UserName
    organisation: str
    forms: tuple[str, ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """A competency that somebody holds. ``last``: the last day that it holds; None: it does not run out."""

    id: HeldId
    user: UserName
    competency: str
    name: str
    gained_on: date
    last: date | None
    evidence: str
    revision: int

    def validity(self, day: date) -> Validity:
        return validity(self.gained_on, self.last, day)


@dataclass(frozen=True, slots=True)
class HeldDraft:
    user: UserName
    competency: str
    gained_on: date | None
    last: date | None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Assessor:
    """One recognition with what its holder can do. ``held`` is empty for whoever may not see it (``seen`` False)."""

    id: RecognitionId
    user: UserName
    name: str
    active: bool
    organisation: str
    agreement: AgreementId
    agreement_name: str
    agreement_starts: date
    agreement_ends: date | None
    required: tuple[str, ...]
    forms: tuple[str, ...]
    first: date | None
    last: date | None
    end_reason: str
    held: tuple[Held, ...]
    seen: bool
    revision: int

    def best(self, competency: str) -> Held | None:
        """Of what is held of it, that which holds longest."""
        mine = [h for h in self.held if h.competency == competency]
        return max(mine, key=lambda h: (h.last is None, h.last or h.gained_on), default=None)

    def lacking(self, day: date) -> tuple[str, ...]:
        """Required and not in date."""
        valid = {h.competency for h in self.held if h.validity(day) in ("in_date", "expires_soon")}
        return tuple(code for code in self.required if code not in valid)

    def may_sign(self, day: date) -> bool:
        """A3. Of whoever cannot be seen in full, nothing is said (False)."""
        in_force = self.agreement_starts <= day and (self.agreement_ends is None or day <= self.agreement_ends)
        return in_force and self.seen and self.validity(day) in ("in_date", "expires_soon") and not self.lacking(day)

    def validity(self, day: date) -> Validity:
        return validity(self.first, self.last, day)

    def next_end(self, day: date) -> date | None:
        """The day on which signing stops for want of something: the first end of what is needed. None: none is set."""
        needed = [self.best(code) for code in self.required]
        ends = [self.last, self.agreement_ends, *(h.last for h in needed if h is not None)]
        return min((e for e in ends if e is not None), default=None)

    def soon(self, day: date) -> bool:
        """Something that is needed ends within SOON, or lacks already, while the recognition still runs."""
        if self.validity(day) in ("expired", "not_begun") or not self.active:
            return False
        end = self.next_end(day)
        return bool(self.seen and self.lacking(day)) or (end is not None and end <= day + SOON)


@dataclass(frozen=True, slots=True)
class TrustScope:
    """What agreements and scopes are made of: forms, services and competencies, as (code, name)."""

    forms: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str], ...]
    competencies: tuple[Competency, ...]
    users: tuple[tuple[UserName, str], ...]

    def names(self, kind: Literal["forms", "services"], codes: Sequence[str]) -> list[str]:
        """Their names; ``['All']``-like words are the screen's."""
        known = dict(self.forms if kind == "forms" else self.services)
        return [known.get(code, code) for code in codes if code != EVERY]


def validity(first: date | None, last: date | None, day: date) -> Validity:
    """Of something that holds from the first day to the last, both in."""
    if first is not None and first > day:
        return "not_begun"
    if last is None:
        return "in_date"
    if last < day:
        return "expired"
    return "expires_soon" if last <= day + SOON else "in_date"


# ---------------------------------------------------------------- what may be written down


def check_agreement(draft: AgreementDraft) -> None:
    """Raises BadValues by the names of the fields."""
    problems = [
        BadValue(name, "required")
        for name in ("name", "assessing", "receiving", "services", "forms", "starts_on", "review_on", "if_flawed")
        if not getattr(draft, name)
    ]
    problems += too_long(draft, name=200, assessing=200, receiving=400, needs=2000, if_flawed=4000, contact_words=200)
    if draft.contact is None and not draft.contact_words:
        problems.append(BadValue("contact", "required"))
    if draft.starts_on and draft.review_on and draft.review_on < draft.starts_on:
        problems.append(BadValue("review_on", "before_start"))
    _raise(problems)


def check_recognition(draft: RecognitionDraft) -> None:
    """Raises BadValues by the names of the fields. A recognition has an end: nobody is trusted for good."""
    names = ("user", "organisation", "forms", "first", "last")
    problems = [BadValue(name, "required") for name in names if not getattr(draft, name)]
    problems += too_long(draft, organisation=200)
    if draft.first and draft.last and draft.last < draft.first:
        problems.append(BadValue("last", "before_start"))
    _raise(problems)


def check_held(draft: HeldDraft, today: date) -> None:
    """Raises BadValues by the names of the fields."""
    problems = [BadValue(name, "required") for name in ("competency", "gained_on") if not getattr(draft, name)]
    problems += too_long(draft, evidence=400)
    if draft.gained_on and draft.gained_on > today:
        problems.append(BadValue("gained_on", "in_the_future"))
    if draft.gained_on and draft.last and draft.last < draft.gained_on:
        problems.append(BadValue("last", "before_start"))
    _raise(problems)


def check_end(last: date | None, reason: str, first: date | None) -> None:
    """When and why something ends. The day before it began is an end as well: it never held."""
    problems = []
    if last is None:
        problems.append(BadValue("last", "required"))
    elif first is not None and last < first - timedelta(days=1):
        problems.append(BadValue("last", "before_start"))
    if not reason.strip():
        problems.append(BadValue("reason", "required"))
    _raise(problems)


def too_long(draft: object, **most: int) -> list[BadValue]:
    return [BadValue(name, "too_long") for name, limit in most.items() if len(getattr(draft, name)) > limit]


def _raise(problems: Iterable[BadValue]) -> None:
    found = tuple(problems)
    if found:
        raise BadValues(found)


class TrustStore(Protocol):
    """Agreements, assessors and competencies. A list is one query."""

    def scope(self) -> TrustScope: ...
    def agreements(self) -> list[Agreement]: ...
    def agreement(self, agreement: AgreementId) -> Agreement:
        """Raises NotFound."""
        ...

    def add_agreement(self, agreement: AgreementId, draft: AgreementDraft) -> bool:
        """False when the id is there already: the same create, sent again."""
        ...

    def change_agreement(self, agreement: AgreementId, seen: int, draft: AgreementDraft) -> bool: ...
    def end_agreement(self, agreement: AgreementId, seen: int, last: date | None, reason: str) -> bool: ...
    def drop_agreement(self, agreement: AgreementId, seen: int) -> bool: ...

    def assessors(self) -> list[Assessor]:
        """Every recognition, with what its holder can do as far as this login may see it."""
        ...

    def assessor(self, recognition: RecognitionId) -> Assessor: ...
    def recognise(self, recognition: RecognitionId, draft: RecognitionDraft) -> bool: ...
    def set_recognition(
        self, recognition: RecognitionId, seen: int, first: date | None, last: date | None, reason: str,
        forms: tuple[str, ...],
    ) -> bool: ...  # fmt: skip
    def drop_recognition(self, recognition: RecognitionId, seen: int) -> bool: ...

    def held(self, held: HeldId) -> Held: ...
    def add_held(self, held: HeldId, draft: HeldDraft) -> bool: ...
    def set_held(self, held: HeldId, seen: int, last: date | None) -> bool: ...
    def drop_held(self, held: HeldId, seen: int) -> bool: ...
