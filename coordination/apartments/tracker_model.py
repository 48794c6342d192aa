"""The tracker of stays (N4): day of stay, what is to be done before somebody can move on, and what is in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.apartments.rules import MARKS, SIX_WEEKS
from coordination.names import listed
from coordination.values import DateRange, PersonId, StayId, UserName

TaskState = Literal["to_do", "done", "not_needed"]
TrackerView = Literal["all", "due", "blocked", "limit", "held"]
TRACKER_VIEWS: tuple[TrackerView, ...] = ("all", "due", "blocked", "limit", "held")
LONGEST_HOLD = 28
DUE_WITHIN = 7


@dataclass(frozen=True, slots=True)
class MoveOnTask:
    """One thing to be done before somebody can move on. ``step`` None: of this stay only. ``blocked_by`` in words."""

    id: UUID
    stay_id: StayId
    step: str | None
    words: str = field(repr=False)
    due_on: date
    owner: UserName | None
    owner_name: str
    blocked_by: str = field(repr=False)
    state: TaskState
    note: str = field(repr=False)
    done_at: datetime | None
    done_by_name: str
    revision: int

    @property
    def is_open(self) -> bool:
        return self.state == "to_do"


@dataclass(frozen=True, slots=True)
class TrackerRow:
    """One person in an apartment. ``next_booking``: the first day that somebody else is booked from; ``began``: day 1,
    where the stay went on from another apartment."""

    stay_id: StayId
    revision: int
    person_id: PersonId
    surname: str
    given: str
    title: str
    apartment: str
    scheme: str
    locality: str
    period: DateRange
    purpose: str
    past_six_weeks_reason: str = field(repr=False)
    away_since: date | None
    hold_until: date | None
    next_booking: date | None
    booked_by_name: str
    tasks: tuple[MoveOnTask, ...] = ()
    began: date | None = None

    @property
    def first_day(self) -> date:
        """Day 1, in whichever apartment (N3)."""
        return self.began or self.period.start

    @property
    def who(self) -> str:
        return listed(self.surname, self.given, self.title)

    def day(self, today: date) -> int:
        """1 on the first day."""
        return (today - self.first_day).days + 1

    def mark(self, today: date) -> int | None:
        """The latest of day 28, 35 and 42 that is reached (N3)."""
        return max((mark for mark in MARKS if self.day(today) >= mark), default=None)

    def is_past_limit(self, today: date) -> bool:
        """Longer than six weeks (N3): the manager's list."""
        return self.day(today) > SIX_WEEKS

    def lacks_reason(self, today: date) -> bool:
        """Past six weeks, and nobody has said why (N3)."""
        return self.is_past_limit(today) and not self.past_six_weeks_reason

    def is_past_last_day(self, today: date) -> bool:
        """Still inside, though the stay was to be over: the next booking begins into it."""
        return today >= self.period.end

    @property
    def open_tasks(self) -> tuple[MoveOnTask, ...]:
        """What is still to be done, the earliest due first."""
        return tuple(sorted((t for t in self.tasks if t.is_open), key=lambda t: (t.due_on, t.words)))

    @property
    def next_task(self) -> MoveOnTask | None:
        return next(iter(self.open_tasks), None)

    @property
    def blocked(self) -> tuple[MoveOnTask, ...]:
        return tuple(t for t in self.open_tasks if t.blocked_by)

    def hold_days_left(self, today: date) -> int | None:
        """Of an apartment held for somebody in hospital; 0 on its last day, less when it is over. None: not held."""
        return None if self.hold_until is None else (self.hold_until - today).days


def shown_in(row: TrackerRow, view: TrackerView, today: date) -> bool:
    """Whether a row belongs to a view. ``due``: something is due within a week, or overdue."""
    match view:
        case "due":
            first = row.next_task
            return first is not None and (first.due_on - today).days <= DUE_WITHIN
        case "blocked":
            return bool(row.blocked)
        case "limit":
            return row.is_past_limit(today) or row.is_past_last_day(today)
        case "held":
            return row.hold_until is not None
    return True


def urgency(row: TrackerRow, today: date) -> tuple[int, date]:
    """What the list is ordered by: who is past a limit, then whose next step is due first."""
    past = row.is_past_limit(today) or row.is_past_last_day(today)
    hold = row.hold_days_left(today)
    first = row.next_task
    due = first.due_on if first is not None else row.period.end
    return (0 if past or (hold is not None and hold < 0) else 1, due)
