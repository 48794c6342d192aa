"""Which referrals look like the one about to be made. Pure: the store brings those that could, this weighs them.

A name, even with a telephone number, never decides it: there must be a reason in what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from coordination.people.record import RecordReferral
from coordination.people.resemblance import fold
from coordination.values import PersonId, phone_key

RECENT = timedelta(days=14)
"""closed or declined no longer ago than this, a referral is still shown"""
MOST = 4
_ALIKE, _MUCH_ALIKE = 0.34, 0.6  # of the words of the shorter text, how many are in the other
_LEAST_WORDS = 3
_WORD = re.compile(r"\w+")
# Words that say nothing about what is asked for.
_COMMON = frozenset(
    """
    a about after again all also am an and any are as ask asked asking asks at be because been before being but
    by call called calling calls came can cannot could did do does for from get gets go had has have he help her
    here him his how i if in into is it its just know like mr mrs ms my need needs no not now of on one or our
    out over please said say says she so some that the their them then there they this to today up us very want
    wants was we were what when which who will with would you your
    """.split()  # noqa: SIM905
)

Reason = Literal["same_person", "same_service", "same_words", "same_phone", "same_caller", "recent"]


@dataclass(frozen=True, slots=True)
class BeingWritten:
    """What a contact says so far. ``services``: those that are chosen to refer to."""

    person_id: PersonId | None = None
    services: frozenset[str] = frozenset()
    need: str = ""
    caller_name: str = ""
    caller_phone: str = ""


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral that is there, with who made the contact that it came from. ``ended_at`` None: it is open."""

    referral: RecordReferral
    person_id: PersonId | None
    caller_name: str
    caller_phone: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlikeReferral:
    """A referral that may be about the same, and why; ``likely`` or only ``possible``."""

    found: Referred
    reasons: tuple[Reason, ...]
    strength: Literal["likely", "possible"]


def alike(written: BeingWritten, there: Iterable[Referred], now: datetime, most: int = MOST) -> list[AlikeReferral]:
    """The likeliest first; open ones before those that have ended."""
    found: list[AlikeReferral] = []
    for each in there:
        reasons = why(written, each, now)
        strength = weigh(reasons, same_need=likeness(written.need, each.referral.need))
        if strength is not None:
            found.append(AlikeReferral(each, reasons, strength))
    found.sort(
        key=lambda a: (
            a.found.ended_at is not None,
            a.strength != "likely",
            -len(a.reasons),
            -a.found.referral.received_at.timestamp(),
        )
    )
    return found[:most]


def why(written: BeingWritten, there: Referred, now: datetime) -> tuple[Reason, ...]:
    """Everything that both have in common. None of a referral that is about another known person, or ended long ago."""
    about, theirs = written.person_id, there.person_id
    if about is not None and theirs is not None and about != theirs:
        return ()
    if there.ended_at is not None and now - there.ended_at > RECENT:
        return ()
    reasons: list[Reason] = []
    if about is not None and about == theirs:
        reasons.append("same_person")
    if there.referral.service in written.services:
        reasons.append("same_service")
    if likeness(written.need, there.referral.need) >= _ALIKE:
        reasons.append("same_words")
    if (key := phone_key(written.caller_phone)) and key == phone_key(there.caller_phone):
        reasons.append("same_phone")
    elif (name := fold(written.caller_name)) and name == fold(there.caller_name):
        reasons.append("same_caller")
    if reasons and now - there.referral.received_at <= RECENT:
        reasons.append("recent")
    return tuple(reasons)


def weigh(reasons: Iterable[Reason], same_need: float = 0.0) -> Literal["likely", "possible"] | None:
    """How likely two are one referral. Of nobody known, who calls or very much the same words must tie them."""
    found = set(reasons)
    asked = found & {"same_service", "same_words"}
    if not asked:
        return None
    if "same_person" in found:
        caller = found & {"same_phone", "same_caller"}
        return "likely" if len(asked) == 2 or (caller and "recent" in found) else "possible"
    if "recent" not in found:
        return None
    if "same_phone" in found:
        return "likely" if len(asked) == 2 else "possible"
    return "possible" if same_need >= _MUCH_ALIKE else None


def likeness(one: str, other: str) -> float:
    """How many of the telling words of the shorter text are in the other, 0 to 1; 0 when there are too few to say."""
    mine, theirs = _words(one), _words(other)
    shorter = min(len(mine), len(theirs))
    return len(mine & theirs) / shorter if shorter >= _LEAST_WORDS else 0.0


def _words(text: str) -> set[str]:
    """Folded, without common ones, and without the endings that change with the sentence."""
    found = {fold(word) for word in _WORD.findall(text)}
    return {_stem(word) for word in found if len(word) > 1 and word not in _COMMON}


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word[: -len(ending)]
    return word
