"""What a referral for an apartment must say (N4). Pure; the database holds the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from coordination.apartments.referrals_model import (
    LIST,
    LONGEST_ANSWER,
    LONGEST_STEP,
    MOST_BEDROOMS,
    RequestDraft,
    WayBack,
)
from coordination.apartments.rules import check_words
from coordination.errors import BadValue, BadValues
from coordination.reference.standing import ApartmentReason, Standing


def in_force(standing: Standing, list_: str = LIST) -> tuple[ApartmentReason, ...]:
    """The reasons of one version of the list, in their order."""
    found = (
        r for r in standing.apartment_reasons if r.list <= list_ and (r.retired_in is None or r.retired_in > list_)
    )
    return tuple(sorted(found, key=lambda r: r.position))


def check_request(draft: RequestDraft, standing: Standing) -> RequestDraft:
    """Trimmed, with the answers that the reason asks for and no others. Raises BadValues at ``reason`` and at the code
    of each question."""
    reason = next((r for r in in_force(standing) if r.code == draft.reason), None)
    if reason is None:
        raise BadValues((BadValue("reason", "apartment_reason_missing"),))
    kinds = {q.code: q.kind for q in standing.apartment_questions}
    answers = {code: draft.answers.get(code, "").strip() for code in reason.asks}
    problems: list[BadValue] = []
    for code, words in answers.items():
        if not words:
            problems.append(BadValue(code, "apartment_answer_missing"))
        elif kinds[code] == "date" and not _is_day(words):
            problems.append(BadValue(code, "not_a_date"))
        problems += check_words(code, words, LONGEST_ANSWER)
    if not 0 <= draft.bedrooms <= MOST_BEDROOMS:
        problems.append(BadValue("bedrooms", "flat_bedrooms"))
    if not draft.needs <= {n.code for n in standing.care_needs}:
        problems.append(BadValue("needs", "unknown_choice"))
    if draft.wanted_locality is not None and draft.wanted_scheme is not None:
        problems.append(BadValue("wanted", "unknown_choice"))
    if problems:
        raise BadValues(tuple(problems))
    return replace(draft, answers=answers)


def check_way_back(way: WayBack, today: date) -> WayBack:
    """A decline says what is done next and when somebody looks again, not before today. Raises BadValues."""
    step = way.next_step.strip()
    problems = check_words("next_step", step, LONGEST_STEP)
    if not step:
        problems.append(BadValue("next_step", "next_step_missing"))
    if way.look_again_on < today:
        problems.append(BadValue("look_again_on", "in_the_past"))
    if problems:
        raise BadValues(tuple(problems))
    return replace(way, next_step=step)


def _is_day(words: str) -> bool:
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True
