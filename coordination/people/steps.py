"""Steps that use cases of several areas share: each works inside a transaction that is already open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict, NotFound, Refused, obstacle
from coordination.people import rules
from coordination.people.model import (
    DraftCheck,
    LikelyDuplicate,
    Match,
    Person,
    PersonDraft,
    PersonFields,
    Responsibility,
)
from coordination.people.record import PersonRecord
from coordination.people.resemblance import resemblance
from coordination.values import PersonId

if TYPE_CHECKING:
    from coordination.work import Work

_RANK = {"same": 0, "likely": 1, "possible": 2}


def need(work: Work, person_id: PersonId) -> Person:
    """The person. Raises NotFound, also for one whom this desk may not see."""
    person = work.people.get(person_id)
    if person is None:
        raise NotFound("people", str(person_id))
    return person


def register(work: Work, draft: PersonDraft, person_id: PersonId) -> Person:
    """See ``People.register``."""
    fields = rules.check(draft, local_date(work.now))
    _refuse_unknown_practice(work, fields)
    known = work.people.get(person_id)
    if known is not None:
        return known
    _refuse_taken_number(work, fields, person_id)
    home = work.people.home(fields.postcode) if fields.postcode else None
    if not work.people.insert(person_id, fields, home.ward_code if home else None):
        # Taken by another desk a moment ago, or by somebody whom this desk may not see.
        _refuse_taken_number(work, fields, person_id)
        if work.people.get(person_id) is None:
            raise taken_unseen()
    return need(work, person_id)


def taken_unseen() -> Refused:
    """The NHS number belongs to a person whom this desk may not see: nobody is named."""
    return Refused("register", (obstacle("nhs_number_taken_unseen"),))


def update(work: Work, person_id: PersonId, seen: int, draft: PersonDraft) -> Person:
    """See ``People.update``."""
    fields = rules.check(draft, local_date(work.now))
    _refuse_unknown_practice(work, fields)
    _refuse_taken_number(work, fields, person_id)
    home = work.people.home(fields.postcode) if fields.postcode else None
    if not work.people.update(person_id, seen, fields, home.ward_code if home else None):
        present = need(work, person_id)
        if present.id != person_id:
            raise Refused("correct", (obstacle("merged_meanwhile", kept=present.id),))
        raise Conflict("people", str(person_id), seen, present)
    return need(work, person_id)


def likely_duplicates(work: Work, draft: PersonDraft, limit: int = 8) -> list[LikelyDuplicate]:
    """See ``People.likely_duplicates``. Fields of the draft that cannot be read count as empty."""
    return _alike(work, rules.readable(draft, local_date(work.now)))[:limit]


def _alike(work: Work, fields: PersonFields) -> list[LikelyDuplicate]:
    best: dict[PersonId, LikelyDuplicate] = {}
    for row, said in work.people.candidates(fields, 200):
        reasons = resemblance(fields, said)
        strength = rules.weigh(reasons)
        if strength is None or (row.id in best and _RANK[best[row.id].strength] <= _RANK[strength]):
            continue
        merged = (Match("merged_record", "exact"),) if said is not row else ()
        best[row.id] = LikelyDuplicate(row, (*reasons, *merged), strength)
    found = list(best.values())
    found.sort(key=lambda d: (_RANK[d.strength], -sum(r.how in ("exact", "swapped") for r in d.reasons), str(d.row.id)))
    return found


def duplicates_of(work: Work, record: PersonRecord, limit: int) -> list[LikelyDuplicate]:
    """See ``People.duplicates_of``."""
    person = record.person
    apart = {each for merge in record.merges for each in (merge.kept_id, merge.merged_id)}
    found = _alike(work, person.fields)
    return [one for one in found if one.row.id != person.id and one.row.id not in apart][:limit]


def check_draft(work: Work, draft: PersonDraft) -> DraftCheck:
    """See ``People.check``."""
    today = local_date(work.now)
    problems: list[tuple[str, str]] = []
    try:
        fields = rules.check(draft, today)
    except BadValues as bad:
        problems = [(problem.field, problem.reason) for problem in bad.problems]
        fields = rules.readable(draft, today)
    warnings: list[tuple[str, str]] = []
    home = work.people.home(fields.postcode) if fields.postcode else None
    if fields.postcode and home is None:
        warnings.append(("postcode", "postcode_not_in_city_table"))
    practice = work.people.practice(fields.practice_code) if fields.practice_code else None
    if fields.practice_code and practice is None:
        problems.append(("practice_code", "unknown_practice"))
    if fields.nhs_number and work.people.with_nhs_number(fields.nhs_number):
        problems.append(("nhs_number", "taken"))
    residence = home.place if home else None
    responsibility = Responsibility(practice.place if practice else residence, residence)
    return DraftCheck(tuple(problems), tuple(warnings), responsibility)


def _refuse_unknown_practice(work: Work, fields: PersonFields) -> None:
    if fields.practice_code and work.people.practice(fields.practice_code) is None:
        raise BadValues((BadValue("practice_code", "unknown_practice"),))


def _refuse_taken_number(work: Work, fields: PersonFields, person_id: PersonId) -> None:
    if fields.nhs_number is None:
        return
    holder = work.people.with_nhs_number(fields.nhs_number)
    if holder is not None and holder.id != person_id:
        taken = obstacle("nhs_number_taken", who=holder, surname=holder.surname, given=holder.given)
        raise Refused("register", (taken,))
