"""What a referral for an apartment must say (N4). Pure; the database holds the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

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
from coordination.reference.standing import ApartmentReason, DeclineReason, Standing

Listed = TypeVar("Listed", ApartmentReason, DeclineReason)
OTHER = "other"
"""The code that says nothing by itself."""


def in_force(standing: Standing, list_: str = LIST) -> tuple[ApartmentReason, ...]:
    """The reasons of one version of the list, in their order."""
    return _of_list(standing.apartment_reasons, list_)


def declines_in_force(standing: Standing, list_: str = LIST) -> tuple[DeclineReason, ...]:
    """Why an apartment cannot be offered, in one version of the list."""
    return _of_list(standing.decline_reasons, list_)


def _of_list(known: Iterable[Listed], list_: str) -> tuple[Listed, ...]:
    found = (r for r in known if r.list <= list_ and (r.retired_in is None or r.retired_in > list_))
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


def check_decline(way: WayBack, today: date, standing: Standing) -> WayBack:
    """As ``check_way_back``, with a code of the list in force; what there is to add may be left out where the code says
    it. Raises BadValues."""
    reason = next((r for r in declines_in_force(standing) if r.code == way.code), None)
    words = way.reason.strip()
    problems: list[BadValue] = []
    if reason is None:
        problems.append(BadValue("code", "decline_code_missing"))
    elif not words and reason.code == OTHER:
        problems.append(BadValue("reason", "decline_said_in_words"))
    try:
        way = check_way_back(way, today)
    except BadValues as error:
        problems += error.problems
    if problems or reason is None:
        raise BadValues(tuple(problems))
    return replace(way, reason=words or reason.words)


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
