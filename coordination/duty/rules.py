"""When a break is due, when a shift was forgotten, what of the outstanding comes first. Pure; all times aware UTC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Literal

from coordination.clock import LONDON, at_local, local_date
from coordination.duty.model import CHOICES, Break, Choice, DeskShift, HandoverDraft, Outstanding
from coordination.duty.reference import Norms, norms
from coordination.errors import BadValue, BadValues
from coordination.people.text import check_text

LONGEST_NOTE = 8_000
LONGEST_LINE = 1_000
LONGEST_REASON = 2_000
MOST_ITEMS = 500
Heap = Literal["concern", "overdue", "soon", "settle", "later", "undated"]
HEAPS: tuple[Heap, ...] = ("concern", "overdue", "soon", "settle", "later", "undated")
QUEUE_STATES = frozenset({"claimed", "accepted"})


# ---------------------------------------------------------------- shifts


def planned_end(start: datetime, until: time) -> datetime:
    """The next ``until`` on the centre's wall clock after ``start``: past midnight when the hour is earlier.

    In the night when the clocks change it is that wall time all the same; one that does not exist that night is the
    moment an hour later, one that comes twice is the first that is after ``start``.
    """
    day = local_date(start)
    for ahead in range(3):
        wall = datetime.combine(day + timedelta(days=ahead), until)
        for fold in (0, 1):
            moment = wall.replace(tzinfo=LONDON, fold=fold).astimezone(start.tzinfo)
            if moment > start:
                return moment
    raise AssertionError("three days hold every hour of the clock")


def usual_end(start: datetime, usual: Norms | None = None) -> datetime:
    """When a shift that starts now would be over, to the quarter of an hour."""
    end = start + (usual or norms()).length
    return _to_quarter(end)


def check_planned_end(start: datetime, end: datetime, usual: Norms | None = None) -> None:
    """Raises BadValues('planned_end', …)."""
    if end <= start:
        raise BadValues((BadValue("planned_end", "ends_before_it_starts"),))
    if end - start > (usual or norms()).longest:
        raise BadValues((BadValue("planned_end", "shift_too_long"),))


def is_forgotten(shift: DeskShift, now: datetime, usual: Norms | None = None) -> bool:
    """Open so long past its planned end that whoever it was has probably gone home."""
    return shift.is_open and now - shift.planned_end >= (usual or norms()).forgotten_after


def worked(shift: DeskShift, now: datetime) -> timedelta:
    """Time at the desk, breaks left out. Never negative."""
    until = shift.ended_at or now
    rest = sum(
        (_inside(b, shift.started_at, until) for b in shift.breaks),
        timedelta(),
    )
    return max(until - shift.started_at - rest, timedelta())


def _inside(pause: Break, start: datetime, end: datetime) -> timedelta:
    return max(min(pause.ended_at or end, end) - max(pause.started_at, start), timedelta())


def break_due(shift: DeskShift, usual: Norms | None = None) -> datetime | None:
    """When the next break is due: so long after the last that was long enough. None on a break, or near the end."""
    usual = usual or norms()
    if not shift.is_open or shift.on_break is not None:
        return None
    rested = [b.ended_at for b in shift.breaks if b.ended_at and b.ended_at - b.started_at >= usual.break_least]
    due = max([shift.started_at, *rested]) + usual.break_after
    return due if due <= shift.planned_end - usual.no_break_before_end else None


def check_times(
    started_at: datetime, ended_at: datetime | None, reason: str, now: datetime, around: Sequence[Break] = ()
) -> str:
    """A correction's reason, ready to store. Raises BadValues with a problem a field."""
    problems: list[BadValue] = []
    if started_at > now:
        problems.append(BadValue("started_at", "in_the_future"))
    if ended_at is not None and ended_at > now:
        problems.append(BadValue("ended_at", "in_the_future"))
    if ended_at is not None and ended_at < started_at:
        problems.append(BadValue("ended_at", "ends_before_it_starts"))
    elif ended_at is not None and any((b.ended_at or b.started_at) > ended_at for b in around):
        problems.append(BadValue("ended_at", "before_a_break"))
    if any(b.started_at < started_at for b in around):
        problems.append(BadValue("started_at", "after_a_break"))
    words = _words(problems, "reason", reason, LONGEST_REASON, needed=True)
    if problems:
        raise BadValues(tuple(problems))
    return words


def moment_before(now: datetime, at: time, not_before: datetime) -> datetime:
    """When the centre's clock showed ``at``, first after ``not_before``, else the last time. "I left at six"."""
    day = local_date(now)
    found = [at_local(day - timedelta(days=back), at.hour, at.minute) for back in range(8)]
    past = [moment for moment in found if moment <= now]
    minute = timedelta(minutes=1)  # what is typed has no seconds: 14:02 is not before a start at 14:02:30
    chosen = next((moment for moment in reversed(past) if moment > not_before - minute), past[0])
    return not_before if timedelta() < not_before - chosen < minute else chosen


def _to_quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


# ---------------------------------------------------------------- handovers


def heap_of(item: Outstanding, now: datetime, usual: Norms | None = None) -> Heap:
    """Where it stands on the screen. A safeguarding concern is never just queued: it stands first (E3)."""
    if item.kind == "concern":
        return "concern"
    if item.state == "declined":
        return "settle"
    if item.due_at is None:
        return "undated"
    if item.due_at < now:
        return "overdue"
    return "soon" if item.due_at - now <= (usual or norms()).next_hours else "later"


def in_order(items: Iterable[Outstanding], now: datetime) -> list[Outstanding]:
    """Concerns and what is overdue first, then what is due soon, what waits to be settled, the rest; each by time."""
    return sorted(items, key=lambda i: (HEAPS.index(heap_of(i, now)), i.due_at or i.since, str(i.id)))


def suggested(item: Outstanding, now: datetime, usual: Norms | None = None) -> Choice:
    """What is due before one is back goes to the next; what can wait, or is one's own to settle, stays."""
    if heap_of(item, now, usual) == "settle":
        return "stays"
    if item.due_at is None:
        return "next"
    return "stays" if item.due_at - now > (usual or norms()).stays_after else "next"


def may_choose(item: Outstanding) -> tuple[Choice, ...]:
    """Only a referral that is held can go back to the queue."""
    return CHOICES if item.kind == "referral" and item.state in QUEUE_STATES else ("stays", "next")


def is_lying(signed_at: datetime, now: datetime, usual: Norms | None = None) -> bool:
    """Not accepted for so long that it is shown in amber."""
    return now - signed_at >= (usual or norms()).amber


def check_draft(draft: HandoverDraft, me: str) -> HandoverDraft:
    """The draft, ready to store. Raises BadValues: ``note``, ``to_user``, ``items``, ``line.<id of item>``."""
    problems: list[BadValue] = []
    note = _words(problems, "note", draft.note, LONGEST_NOTE)
    items = tuple(
        replace(item, line=_words(problems, f"line.{item.id}", item.line, LONGEST_LINE)) for item in draft.items
    )
    if draft.to_user is not None and draft.to_user == (draft.from_user or me):
        problems.append(BadValue("to_user", "hands_over_to_self"))
    if len(items) > MOST_ITEMS:
        problems.append(BadValue("items", "too_many"))
    if any(i.choice not in CHOICES or (i.choice == "queue" and i.kind != "referral") for i in items):
        problems.append(BadValue("items", "not_in_list"))
    if problems:
        raise BadValues(tuple(problems))
    return replace(draft, note=note, items=items)


def check_reason(field: str, text: str) -> str:
    """A reason that must be given. Raises BadValues."""
    problems: list[BadValue] = []
    words = _words(problems, field, text, LONGEST_REASON, needed=True)
    if problems:
        raise BadValues(tuple(problems))
    return words


def _words(problems: list[BadValue], field: str, text: str, longest: int, *, needed: bool = False) -> str:
    try:
        words = check_text(field, text, longest)
    except BadValue as problem:
        problems.append(problem)
        return ""
    if needed and not words:
        problems.append(BadValue(field, "missing"))
    return words
