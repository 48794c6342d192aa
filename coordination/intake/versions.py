"""Two versions of a referral, field by field: as somebody saw it, and as it stands now, with who changed what. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from coordination.intake.model import Referral, ReferralEvent
from coordination.intake.queue import ReferralRow

Version: TypeAlias = ReferralRow | Referral

_HANDS = frozenset(
    {"claimed", "given", "taken_over", "handed_over", "released", "accepted", "declined", "closed", "reopened",
     "transferred", "responded", "taken_back"}
)  # fmt: skip
_ROUTE = frozenset({"triaged", "transferred", "taken_back"})
_STILL = frozenset(
    {"paused", "resumed", "pause_taken_back", "resume_taken_back", "asked", "answered", "asking_withdrawn",
     "asking_taken_back", "answer_taken_back"}
)  # fmt: skip
# What is told of a referral, in the order in which it is read, and which deeds change it.
FIELDS: Mapping[str, tuple[Callable[[Any], Any], frozenset[str]]] = {
    "state": (lambda r: r.state, _HANDS),
    "holder": (lambda r: r.holder_name if r.holder else None, _HANDS),
    "service": (lambda r: r.service_name, _ROUTE),
    "urgency": (lambda r: r.urgency, _ROUTE),
    "place": (lambda r: (r.neighbourhood, r.locality), _ROUTE),
    "due_at": (lambda r: r.due_at, _ROUTE | _STILL | {"moft", "moft_withdrawn", "responded", "assessed", "reopened"}),
    "paused": (lambda r: (r.paused_reason, r.paused_until) if r.paused_until else None, _STILL | _ROUTE | _HANDS),
    "asked_at": (lambda r: r.asked_at, _STILL),
    "moft_at": (lambda r: r.moft_at, frozenset({"moft", "moft_withdrawn", "taken_back"})),
    "responded_at": (lambda r: r.responded_at, frozenset({"responded", "taken_back"})),
    "person_id": (lambda r: r.person_id, frozenset()),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that differs: what was seen, what stands now, and the deed that made it so, as far as it is known."""

    field: str
    saw: Any
    now: Any
    event: ReferralEvent | None = None


def changed(saw: Version, now: Referral, events: Sequence[ReferralEvent] = ()) -> tuple[Changed, ...]:
    """What differs between two versions of one referral. ``events``: its history, the oldest first."""
    found = []
    for field, (value, kinds) in FIELDS.items():
        before, after = value(saw), value(now)
        if before != after:
            made = next((e for e in reversed(events) if e.kind in kinds), events[-1] if events else None)
            found.append(Changed(field, before, after, made))
    return tuple(found)
