"""Deadlines of a referral and what pauses them: records and pure arithmetic (E3, T1, T2).

The database keeps the clocks; here is what a screen makes of them. Aware datetimes in UTC, lengths as timedelta.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NewType
from uuid import UUID

from coordination.errors import BadValue, BadValues
from coordination.intake.reference import PauseReason, clock_kinds, pause_reasons
from coordination.values import UserName

PauseId = NewType("PauseId", UUID)
RequestId = NewType("RequestId", UUID)
AskOf = Literal["sender", "person", "named"]
ASK_OF: tuple[AskOf, ...] = ("sender", "person", "named")
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock of a referral, the newest of its kind. ``due_at`` has the pauses in it, the one that goes on too: that
    it would end as planned. ``paused_until`` and ``paused_reason`` while this one stands still."""

    kind: str
    started_at: datetime
    due_at: datetime
    pausable: bool
    governs: bool
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_reason: str = ""
    paused_from: datetime | None = None
    paused_until: datetime | None = None
    paused_reason: str | None = None

    @property
    def runs(self) -> bool:
        """Neither met nor stopped; it may be paused."""
        return self.met_at is None and self.stopped_at is None

    def stands_still(self, now: datetime) -> bool:
        return self.runs and self.paused_until is not None and now < self.paused_until

    def left(self, now: datetime) -> timedelta:
        """Until it is due; below nothing when it is over. While it stands still, what will be left when it goes on."""
        if self.stands_still(now):
            assert self.paused_until is not None
            return self.due_at - self.paused_until
        return self.due_at - now


@dataclass(frozen=True, slots=True)
class Pause:
    """``until_at`` is when it ended or, while it goes on, when it will by itself (``planned_until``)."""

    id: PauseId
    reason: str
    words: str
    from_at: datetime
    planned_until: datetime
    until_at: datetime
    by: UserName
    by_name: str

    def goes_on(self, now: datetime) -> bool:
        return self.from_at <= now < self.until_at


@dataclass(frozen=True, slots=True)
class InformationRequest:
    """More information, asked of the sender, the person, or somebody named."""

    id: RequestId
    ask_of: AskOf
    named: str
    question: str
    reply_by: datetime
    asked_at: datetime
    asked_by: UserName
    asked_by_name: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """All deadlines of a referral in the order of ``in_order``, the pause that goes on, the request that is open."""

    deadlines: tuple[Deadline, ...] = ()
    pause: Pause | None = None
    request: InformationRequest | None = None


def paused_length(pauses: Iterable[tuple[datetime, datetime]], since: datetime) -> timedelta:
    """How long of ``pauses`` (begin, end; never two at once) lies after ``since``. Never negative."""
    return sum((max(_NOTHING, end - max(begin, since)) for begin, end in pauses), _NOTHING)


def due_with_pauses(base: datetime, started: datetime, pauses: Iterable[tuple[datetime, datetime]]) -> datetime:
    """When a clock is due that would be due at ``base`` without pauses. Never earlier than that."""
    return base + paused_length(pauses, started)


def waited(since: datetime, now: datetime) -> timedelta:
    """Never negative: two clocks differ a little, and a referral may be seconds old."""
    return max(_NOTHING, now - since)


def governing(deadlines: Sequence[Deadline]) -> Deadline | None:
    """The earliest of those that run: of what is promised to the person, else of the thresholds."""
    running = [each for each in deadlines if each.runs]
    return min(running, key=lambda each: (not each.governs, each.due_at, each.kind), default=None)


def in_order(deadlines: Sequence[Deadline]) -> tuple[Deadline, ...]:
    """The governing one first, then what runs by when it is due, then what was met or stopped, as in the file."""
    first, places = governing(deadlines), list(clock_kinds())

    def place(each: Deadline) -> tuple[bool, bool, bool, float, int]:
        known = places.index(each.kind) if each.kind in places else len(places)
        moment = each.due_at.timestamp() if each.runs else 0.0
        return each is not first, not each.runs, not each.governs, moment, known

    return tuple(sorted(deadlines, key=place))


Until = datetime | timedelta | None
"""when a pause ends: at a moment, after a length by the server's clock, or as its reason says"""


def pause_until(reason: PauseReason, until: Until, now: datetime, field: str = "until") -> datetime:
    """The end of a pause, or of what a request waits for. Raises BadValues(``in_the_past``, ``pause_too_long``)."""
    span = until if until is not None else timedelta(minutes=reason.minutes)
    wanted = now + span if isinstance(span, timedelta) else span
    if wanted <= now:
        raise BadValues((BadValue(field, "in_the_past"),))
    if wanted > now + timedelta(minutes=reason.longest_minutes):
        raise BadValues((BadValue(field, "pause_too_long"),))
    return wanted


def named_reason(code: str) -> PauseReason:
    """A clock pauses only for a named reason. Raises BadValues('reason', ``missing`` or ``not_in_list``)."""
    reason = pause_reasons().get(code)
    if reason is None or reason.for_request:
        raise BadValues((BadValue("reason", "not_in_list" if code else "missing"),))
    return reason


def reason_of_request(ask_of: str) -> PauseReason:
    """The pause that comes with asking. Raises BadValues('ask_of', …)."""
    reason = pause_reasons().get(f"information_{ask_of}")
    if ask_of not in ASK_OF or reason is None:
        raise BadValues((BadValue("ask_of", "not_in_list" if ask_of else "missing"),))
    return reason
