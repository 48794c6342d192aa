"""How a referral for an apartment says what it is for and what is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coordination.apartments.referrals_model import Declined, RequestDraft, Waiting
from coordination.apartments.schemes_model import Scheme
from ui import wording
from ui.apartments.messages import PURPOSE_WORDS
from ui.apartments.scheme_messages import CARE_NEEDS, DECLINES, QUESTIONS

FEATURE_WORDS = {"step_free": "step-free", "hoist": "hoist", "pets": "pets"}


def needs(request: RequestDraft) -> list[str]:
    """``step-free``, ``2 bedrooms``, ``care at night``."""
    found = [words for name, words in FEATURE_WORDS.items() if getattr(request, name)]
    if request.bedrooms:
        found.append(wording.count(request.bedrooms, "bedroom"))
    return found + [CARE_NEEDS.get(need, need).lower() for need in sorted(request.needs)]


def where(request: RequestDraft | None, schemes: Sequence[Scheme]) -> str:
    """Where they wish to be; empty: anywhere."""
    if request is None:
        return ""
    named = {scheme.id: scheme.name for scheme in schemes}
    return named.get(request.wanted_scheme or 0, "") or (request.wanted_locality or "").capitalize()


def purpose(waiting: Waiting) -> str:
    """What the apartment is for."""
    return PURPOSE_WORDS.get(waiting.request.reason, "") if waiting.request else "Not recorded yet"


def declined(one: Declined) -> str:
    """Why, in a few words: of the list, or as it was said where nobody chose."""
    return DECLINES.get(one.code, one.code) or one.reason


def because(one: Declined) -> str:
    """Of the list, and what was added to it."""
    listed = DECLINES.get(one.code, one.code)
    if not listed:
        return f"{one.reason} (no reason of the list yet)"
    return listed if listed == one.reason else f"{listed}. {one.reason}"


def short(waiting: Waiting) -> str:
    """What for, and what is needed, in a line; where nothing is recorded, the locality."""
    if waiting.request is None:
        return f"{(waiting.locality or '').capitalize() or 'Locality not known'}, needs not recorded"
    return ", ".join([PURPOSE_WORDS.get(waiting.request.reason, ""), *needs(waiting.request)])


def facts(waiting: Waiting, schemes: Sequence[Scheme], *, whole: bool = True) -> list[tuple[str, object | None]]:
    """What is recorded of a referral; ``whole``: with the answers to its questions, and who recorded it."""
    lives = waiting.home.neighbourhood or None
    request = waiting.request
    if request is None:
        return [("Lives in", lives), ("Needs", "Not recorded yet")]
    found: list[tuple[str, object | None]] = [
        ("For", PURPOSE_WORDS.get(request.reason, request.reason)),
        ("Needs", wording.listing(needs(request)) or "Nothing in particular"),
        ("Wishes to be", where(request, schemes) or "Anywhere"),
        ("Lives in", lives),
    ]
    if not whole:
        return found
    found += [(QUESTIONS.get(code, code), answer(words)) for code, words in request.answers.items()]
    if request.recorded_by_name:
        found.append(("Recorded by", f"{request.recorded_by_name}, {wording.day_time(request.recorded_at)}"))
    return found


def answer(words: str) -> str:
    """A day as it is written here; other words as they are."""
    try:
        return wording.day(date.fromisoformat(words))
    except ValueError:
        return words


def named_in(need: str) -> dict[str, bool]:
    """What the words of a referral name; the co-ordinator decides."""
    words = f" {need.lower()}"
    return {
        "step_free": "step-free" in words or "step free" in words or "wheelchair" in words,
        "hoist": "hoist" in words,
        "pets": any(pet in words for pet in (" dog", " cat", " pet")),
        "bedrooms": "two bedroom" in words or "2 bedroom" in words or "two-bedroom" in words,
    }
