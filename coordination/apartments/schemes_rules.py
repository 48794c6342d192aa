"""What a scheme and an apartment must be to be kept. Pure; the database holds the limits too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from coordination.apartments.rules import check_words
from coordination.apartments.schemes_model import (
    LONGEST_FLAT,
    LONGEST_HOURS,
    LONGEST_NEED_NOTE,
    LONGEST_NOTES,
    LONGEST_SCHEME,
    OLDEST,
    SCHEME_KINDS,
    YOUNGEST,
    Flat,
    FlatDraft,
    SchemeDraft,
    SchemeNeed,
)
from coordination.errors import BadValue, BadValues
from coordination.values import Postcode

LOCALITIES = ("north", "central", "south")
LONGEST_ADDRESS = 500
Draft = TypeVar("Draft", SchemeDraft, FlatDraft)


def check_scheme(draft: SchemeDraft, places: Sequence[tuple[int, str, str]]) -> SchemeDraft:
    """As it is kept: trimmed, the postcode in its form, the locality that of the neighbourhood. Raises BadValues."""
    draft = _trimmed(draft, "name", "address", "staff_hours", "notes", "postcode")
    problems = _words(
        draft, name=LONGEST_SCHEME, address=LONGEST_ADDRESS, staff_hours=LONGEST_HOURS, notes=LONGEST_NOTES
    )
    if not draft.name:
        problems.append(BadValue("name", "required"))
    if draft.kind not in SCHEME_KINDS:
        problems.append(BadValue("kind", "required"))
    if draft.postcode:
        try:
            draft = replace(draft, postcode=Postcode(draft.postcode).text)
        except BadValue as problem:
            problems.append(problem)
    if draft.neighbourhood_id is not None:
        draft = replace(draft, locality=next((p[2] for p in places if p[0] == draft.neighbourhood_id), draft.locality))
    if draft.locality not in LOCALITIES:
        problems.append(BadValue("locality", "required"))
    if draft.least_age is not None and not YOUNGEST <= draft.least_age <= OLDEST:
        problems.append(BadValue("least_age", "scheme_age"))
    if draft.local_connection == "neighbourhood" and draft.neighbourhood_id is None:
        problems.append(BadValue("neighbourhood_id", "scheme_connection_has_place"))
    if problems:
        raise BadValues(tuple(problems))
    return draft


def check_flat(draft: FlatDraft) -> FlatDraft:
    """Raises BadValues."""
    draft = _trimmed(draft, "name", "notes")
    problems = _words(draft, name=LONGEST_FLAT, notes=LONGEST_NOTES)
    if not draft.name:
        problems.append(BadValue("name", "required"))
    if not 0 <= draft.bedrooms <= 6:
        problems.append(BadValue("bedrooms", "flat_bedrooms"))
    if draft.lease_start is None:
        problems.append(BadValue("lease_start", "required"))
    if problems:
        raise BadValues(tuple(problems))
    return draft


def check_lease(flat: Flat, last_day: date | None) -> None:
    """Raises BadValues when the lease would end before it begins."""
    if last_day is not None and last_day < flat.lease_start:
        raise BadValues((BadValue("last_day", "lease_ends_before_it_begins"),))


def check_needs(needs: Sequence[SchemeNeed], known: frozenset[str]) -> tuple[SchemeNeed, ...]:
    """Raises BadValues; a note is at the field ``note``."""
    problems: list[BadValue] = []
    for need in needs:
        problems += check_words("note", need.note, LONGEST_NEED_NOTE)
        if need.need not in known:
            problems.append(BadValue("need", "unknown_choice"))
    if problems:
        raise BadValues(tuple(problems))
    return tuple(replace(need, note=need.note.strip()) for need in needs)


def _trimmed(draft: Draft, *names: str) -> Draft:
    return replace(draft, **{name: getattr(draft, name).strip() for name in names})


def _words(draft: SchemeDraft | FlatDraft, **longest: int) -> list[BadValue]:
    return [problem for name, most in longest.items() for problem in check_words(name, getattr(draft, name), most)]
