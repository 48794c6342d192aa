"""Two records of one person become one, and can be parted again. Nothing is deleted: the merged record stays as a shell
whose id, number, telephone and name lead to the record that was kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coordination.errors import BadValue, BadValues
from coordination.people.model import Person, PersonFields
from coordination.people.text import check_text

# The facts that are chosen one by one. Some bring others along: the number its status, the address postcode and ward,
# the language whether an interpreter is needed.
FACTS = (
    "surname", "given", "title", "known_as", "birth_date", "gender", "nhs_number", "address", "phone", "other_phone",
    "email", "language", "communication", "access_notes", "practice_code", "deceased_on",
)  # fmt: skip
SPARE_PHONE = "spare_phone"  # the telephone that was not chosen becomes the other telephone
MERGERS = frozenset({"care_coordinator", "team_lead", "ig_lead"})
LONGEST_REASON = 2_000
_TRUST = ("none_known", "not_traced", "traced", "verified")

Rows = Mapping[str, tuple[tuple[Any, ...], ...]]
"""Keys of rows by place, such as ``contact.person_id``: as the database gives them, to be handed back."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side. ``differing``: the facts in which they do not agree; ``taken``: those that are better
    taken from the merged one; ``moves``: table and how many rows go along; ``obstacles``: codes of what forbids it."""

    kept: Person
    merged: Person
    differing: tuple[str, ...]
    taken: frozenset[str]
    moves: tuple[tuple[str, int], ...]
    obstacles: tuple[str, ...]


def differing(kept: PersonFields, merged: PersonFields) -> tuple[str, ...]:
    """The facts in which two records do not agree, in the order of ``FACTS``."""
    return tuple(fact for fact in FACTS if _fact(kept, fact) != _fact(merged, fact))


def sensible(kept: Person, merged: Person) -> frozenset[str]:
    """What to take from the merged record unless somebody chooses otherwise: what the kept one lacks, and the NHS
    number that is trusted more. The telephone that is not chosen is kept as the other one where there is room."""
    mine, theirs = kept.fields, merged.fields
    taken = {fact for fact in FACTS if not _known(mine, fact) and _known(theirs, fact)}
    if theirs.nhs_number and _TRUST.index(theirs.nhs_status) > _TRUST.index(mine.nhs_status):
        taken.add("nhs_number")
    if mine.address and not mine.postcode and theirs.postcode:
        taken.add("address")
    spare = not mine.other_phone and not theirs.other_phone and mine.phone and theirs.phone
    if spare and mine.phone != theirs.phone:
        taken.add(SPARE_PHONE)
    return frozenset(taken)


def check_reason(reason: str) -> str:
    """Raises BadValues."""
    try:
        said = check_text("reason", reason, LONGEST_REASON)
    except BadValue as bad:
        raise BadValues((bad,)) from None
    if not said:
        raise BadValues((BadValue("reason", "missing"),))
    return said


def _fact(fields: PersonFields, fact: str) -> object:
    match fact:
        case "nhs_number":
            return (fields.nhs_number, fields.nhs_status if fields.nhs_number else None)
        case "address":
            return (fields.address, fields.postcode)
        case "language":
            return (fields.language, fields.interpreter)
    return getattr(fields, fact)


def _known(fields: PersonFields, fact: str) -> bool:
    match fact:
        case "gender":
            return fields.gender != "not_known"
        case "nhs_number":
            return fields.nhs_number is not None
        case "address":
            return bool(fields.address or fields.postcode)
        case "language":
            return bool(fields.language or fields.interpreter)
    return bool(getattr(fields, fact))
