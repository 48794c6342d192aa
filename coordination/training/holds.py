"""Referrals whose clocks stand still for a while, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from coordination.intake.reference import pause_reasons
from coordination.training.batches import Batch, Pile, later
from coordination.training.chance import Chance
from coordination.training.sources import source

_HELD = 0.09  # of the open ones that may stand still


@dataclass(frozen=True, slots=True)
class Hold:
    """What the history tells of it."""

    at: datetime
    by: str
    words: str
    kind: str
    details: dict[str, Any]


class Holds:
    """Makes pauses and requests for information. A response within two hours is never among them."""

    def __init__(self, chance: Chance, now: datetime) -> None:
        self._chance, self._now = chance, now
        self._pauses = Pile(
            "clock_pause", "id referral_id reason words request_id from_at planned_until until_at by_user"
        )
        self._requests = Pile(
            "information_request", "id referral_id ask_of named question reply_by asked_at asked_by state"
        )

    def consider(self, referral: str, urgency: str, state: str, since: datetime, by: str) -> Hold | None:
        """Perhaps hold this one, by whoever has it."""
        chance = self._chance
        age = int((self._now - since).total_seconds() // 60)
        if state not in ("waiting", "claimed", "accepted") or urgency == "two_hours" or age < 10:
            return None
        if not chance.happens(_HELD):
            return None
        kept = source("words")["hold"]
        case = chance.one_of(kept)
        reason = pause_reasons()[case["reason"]]
        begun = later(self._now, -chance.between(5, min(age - 3, reason.minutes - 20)))
        until = begun + timedelta(minutes=reason.minutes)
        request = chance.id() if reason.for_request else None
        if request is not None:
            of, named = case["reason"].removeprefix("information_"), case.get("named", "")
            self._requests.add(request, referral, of, named, case["words"], until, begun, by, "open")
        self._pauses.add(chance.id(), referral, case["reason"], case["words"], request, begun, until, until, by)
        details = {"reason": case["reason"], "until": until.isoformat()}
        if request is not None:
            details = {"of": of, "named": named, "until": until.isoformat()}
        return Hold(begun, by, case["words"], "asked" if request else "paused", details)

    def batches(self) -> Iterator[Batch]:
        """Requests first: pauses name them."""
        yield self._requests.take()
        yield self._pauses.take()
