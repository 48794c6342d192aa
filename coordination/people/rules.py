"""What may be registered, who is responsible, and who may be the same person. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Literal, TypeVar, cast

from coordination.errors import BadValue, BadValues
from coordination.people.dates import read_birth_date
from coordination.people.model import (
    ALERT_KINDS,
    GENDERS,
    NHS_STATUSES,
    AlertDraft,
    AroundDraft,
    Gender,
    Match,
    NhsStatus,
    PersonDraft,
    PersonFields,
    Place,
    Responsibility,
)
from coordination.people.text import check_text
from coordination.values import NhsNumber, Postcode

T = TypeVar("T")

# The longest that each field may be. The database refuses the first three as well.
LIMITS = {
    "surname": 200,
    "given": 200,
    "address": 500,
    "title": 50,
    "known_as": 200,
    "phone": 50,
    "other_phone": 50,
    "email": 320,
    "language": 100,
    "communication": 2000,
    "access_notes": 2000,
}


def check(draft: PersonDraft, today: date) -> PersonFields:
    """The fields of a draft, ready to store. Names are kept exactly, apart from blanks around them.

    Raises BadValues with every problem there is, each at its field.
    """
    problems: list[BadValue] = []
    texts = {name: _text(name, getattr(draft, name), problems) for name in LIMITS}
    if not texts["surname"]:
        problems.append(BadValue("surname", "missing"))
    number = _collect(problems, lambda: _nhs_number(draft.nhs_number))
    born = _collect(problems, lambda: read_birth_date(draft.birth_date, today))
    died = _collect(problems, lambda: read_birth_date(draft.deceased_on, today, "deceased_on"))
    if born and died and died < born:
        problems.append(BadValue("deceased_on", "before_birth"))
    postcode = _collect(problems, lambda: Postcode(draft.postcode) if draft.postcode.strip() else None)
    if draft.gender not in GENDERS:
        problems.append(BadValue("gender", "not_in_list"))
    status = draft.nhs_status or ("not_traced" if number else "none_known")
    if status not in NHS_STATUSES:
        problems.append(BadValue("nhs_status", "not_in_list"))
    if problems:
        raise BadValues(tuple(problems))
    return PersonFields(
        **texts,
        birth_date=born,
        gender=cast(Gender, draft.gender),
        nhs_number=number,
        nhs_status=cast(NhsStatus, status),
        postcode=postcode,
        interpreter=draft.interpreter,
        practice_code=draft.practice_code.strip().upper() or None,
        deceased_on=died,
    )


def readable(draft: PersonDraft, today: date) -> PersonFields:
    """What can be read of an unfinished draft; a field with a problem counts as empty."""
    spoilt: dict[str, object] = {}
    while True:
        try:
            return check(replace(draft, **spoilt), today)  # type: ignore[arg-type]
        except BadValues as bad:
            spoilt |= {problem.field: _EMPTY.get(problem.field, "") for problem in bad.problems}


_EMPTY = {"gender": "not_known", "surname": "-"}  # no name folds to nothing, so a dash resembles nobody


def check_alert(draft: AlertDraft) -> AlertDraft:
    """Raises BadValues."""
    problems: list[BadValue] = []
    if draft.kind not in ALERT_KINDS:
        problems.append(BadValue("kind", "not_in_list"))
    if draft.kind == "other" and not draft.words.strip():
        problems.append(BadValue("words", "missing"))
    if draft.since and draft.until and draft.until < draft.since:
        problems.append(BadValue("until", "ends_before_it_starts"))
    if draft.kind == "key_safe" and re.search(r"\d{3,}", draft.words):
        problems.append(BadValue("words", "no_key_safe_code"))  # that there is one, and where; never how to open it
    words = _text("words", draft.words, problems, 500)
    if problems:
        raise BadValues(tuple(problems))
    return AlertDraft(draft.kind, words, draft.since, draft.until)


def check_around(draft: AroundDraft) -> AroundDraft:
    """Raises BadValues."""
    problems: list[BadValue] = []
    name = _text("name", draft.name, problems, 200)
    if not name:
        problems.append(BadValue("name", "missing"))
    relation = _text("relation", draft.relation, problems, 100)
    phone = _text("phone", draft.phone, problems, 50)
    if problems:
        raise BadValues(tuple(problems))
    return AroundDraft(name, relation, phone, draft.is_carer)


def responsible_for(side: str, responsibility: Responsibility) -> Place | None:
    """P2. Where a referral to a service of that side belongs; None where nobody in the city is responsible.

    What both run together goes by residence, and by practice for somebody who lives outside the city.
    """
    if side == "health":
        return responsibility.health
    if side == "social_care":
        return responsibility.social_care
    return responsibility.social_care or responsibility.health


def weigh(reasons: Iterable[Match]) -> Literal["same", "likely", "possible"] | None:
    """How likely two are one person. Name and birth date alone never decide it: in 600,000 people many share both."""
    found = {reason.field: reason.how for reason in reasons}
    against = "differs" in found.values()
    if found.get("nhs_number") == "exact":
        return "same"
    name = found.get("surname") in ("exact", "swapped") and found.get("given") in ("exact", "swapped", "prefix")
    nearly = found.get("surname") is not None and found.get("given") is not None
    born = found.get("birth_date") in ("exact", "swapped")
    place = found.get("postcode") == "exact" or found.get("phone") == "exact"
    if not against and ((name and born and place) or (nearly and born and place)):
        return "likely"
    if (name and born) or (nearly and place) or (born and place) or (nearly and born):
        return "possible"
    return None


def _text(name: str, value: str, problems: list[BadValue], longest: int | None = None) -> str:
    found = _collect(problems, lambda: check_text(name, value, LIMITS[name] if longest is None else longest))
    return found or ""


def _nhs_number(text: str) -> NhsNumber | None:
    return NhsNumber.parse(text) if text.strip() else None


def _collect(problems: list[BadValue], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except BadValue as problem:
        problems.append(problem)
        return None
