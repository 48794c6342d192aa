"""What may be entered of a visit, when it counts as missed, and how the steps of a case stand. Pure functions (D5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from coordination.clock import at_local
from coordination.deployment.model import OUTCOMES, Visit
from coordination.deployment.outcomes.model import (
    Case,
    CaseStep,
    Choices,
    Ending,
    Entry,
    ProtocolStep,
    StepState,
)
from coordination.deployment.outcomes.reference import numbers
from coordination.errors import BadValue, BadValues

SOON = timedelta(minutes=15)  # as the foot of the window counts
LONGEST_WORDS = 2000
LONGEST = timedelta(hours=12)
_SLACK = timedelta(minutes=5)  # a desk's clock may be a little ahead of the server's
_HOURS_AFTER_MIDNIGHT = 4  # a late evening may run over
_HAS_TIMES = ("done", "no_access", "declined")

T = TypeVar("T")


# ---------------------------------------------------------------- visits


def ends_at(visit: Visit) -> datetime:
    """When the visit should be over: as it is planned or, when nobody is sent, at the latest that it may."""
    if visit.allocations:
        return max(a.window.end for a in visit.allocations)
    return visit.arrive.end + timedelta(minutes=visit.minutes)


def is_missing(visit: Visit, now: datetime) -> bool:
    """It should have been over for half an hour, and nobody has said what happened."""
    return visit.state == "planned" and now >= ends_at(visit) + timedelta(minutes=numbers().missing_after)


def check_entry(entry: Entry, visit: Visit, choices: Choices, now: datetime) -> None:
    """Raises BadValues: outcome, reason, why (the words), began, ended."""
    problems = (*_of_reason(entry, choices), *_of_times(entry, visit, now))
    if problems:
        raise BadValues(tuple(problems))


def _of_reason(entry: Entry, choices: Choices) -> Iterator[BadValue]:
    if entry.outcome not in OUTCOMES:
        yield BadValue("outcome", "unknown_choice")
        return
    if len(entry.words) > LONGEST_WORDS:
        yield BadValue("why", "too_long")
    if entry.outcome == "done":
        if entry.reason is not None:
            yield BadValue("reason", "unknown_choice")
        return
    chosen = choices.reason(entry.reason)
    if entry.reason is not None and (chosen is None or chosen.outcome != entry.outcome):
        yield BadValue("reason", "unknown_choice")
    elif entry.reason is None and not entry.words.strip():
        yield BadValue("reason", "missing")
    elif chosen is not None and chosen.asks_words and not entry.words.strip():
        yield BadValue("why", "missing")


def _of_times(entry: Entry, visit: Visit, now: datetime) -> Iterator[BadValue]:
    if entry.began is None:
        if entry.ended is not None:
            yield BadValue("began", "missing")
        return
    if entry.outcome not in _HAS_TIMES:
        yield BadValue("began", "nobody_was_there")
    elif not at_local(visit.day, 0) <= entry.began < at_local(visit.day + timedelta(days=1), _HOURS_AFTER_MIDNIGHT):
        yield BadValue("began", "on_another_day")
    elif entry.began > now + _SLACK:
        yield BadValue("began", "in_the_future")
    if entry.ended is None:
        return
    if entry.ended <= entry.began:
        yield BadValue("ended", "ends_before_it_starts")
    elif entry.ended - entry.began > LONGEST:
        yield BadValue("ended", "too_long")
    elif entry.ended > now + _SLACK:
        yield BadValue("ended", "in_the_future")


def said(entry: Entry, choices: Choices) -> str:
    """The reason in words, for the visit itself: ``No reply at the door: curtains drawn``."""
    chosen, words = choices.reason(entry.reason), entry.words.strip()
    return ": ".join(part for part in (chosen.name if chosen else "", words) if part)


# ---------------------------------------------------------------- nobody was found


def schedule(
    protocol: Iterable[ProtocolStep], since: datetime, *, urgent: bool
) -> tuple[tuple[ProtocolStep, datetime], ...]:
    """Which steps there are and when each is due, for a visit at which nobody was found ``since`` then. The lengths run
    on through midnight and a change of the clocks. The database does the same when a case opens."""
    return tuple(
        (step, since + timedelta(minutes=step.minutes_urgent if urgent else step.minutes))
        for step in protocol
        if urgent or not step.only_urgent
    )


def state_of(step: CaseStep, now: datetime) -> StepState:
    """``due_soon`` within a quarter of an hour, ``overdue`` from the minute on which it was due."""
    if step.done_at is not None:
        return "done"
    if step.due <= now:
        return "overdue"
    return "due_soon" if step.due <= now + SOON else "waiting"


def next_step(case: Case) -> CaseStep | None:
    """The step that is due first of those that are not done; None in a case that has ended."""
    undone = (step for step in case.steps if step.done_at is None) if case.is_open else iter(())
    return min(undone, key=lambda step: step.due, default=None)


def is_waiting_for_an_ending(case: Case) -> bool:
    """Every step is done, and nobody has said where the person is."""
    return case.is_open and next_step(case) is None


def due_within(cases: Iterable[Case], now: datetime, span: timedelta = SOON) -> int:
    """How many open steps fall due within ``span``, those that are overdue too; a case that has all its steps done and
    no ending counts as one."""
    count = 0
    for case in cases:
        if is_waiting_for_an_ending(case):
            count += 1
        elif case.is_open:
            count += sum(1 for step in case.steps if step.done_at is None and step.due <= now + span)
    return count


def in_order(cases: Iterable[Case]) -> list[Case]:
    """What presses most first: a case with nothing left but its ending, then by what is due next."""

    def presses(case: Case) -> tuple[datetime, datetime]:
        step = next_step(case)
        return (step.due if step is not None else case.since, case.since)

    return sorted(cases, key=presses)


def check_step(words: str, done_at: datetime | None, now: datetime) -> str:
    """The words of a step that is done. Raises BadValues (came_of_it, done_at)."""
    said_ = words.strip()
    problems = []
    if not said_:
        problems.append(BadValue("came_of_it", "missing"))
    elif len(said_) > LONGEST_WORDS:
        problems.append(BadValue("came_of_it", "too_long"))
    if done_at is not None and done_at > now + _SLACK:
        problems.append(BadValue("done_at", "in_the_future"))
    if problems:
        raise BadValues(tuple(problems))
    return said_


def check_ending(ending: Ending | None, words: str, case: Case) -> str:
    """The words of an ending. Raises BadValues (ending, came_of_it)."""
    said_ = words.strip()
    if ending is None or ending.code == "taken_back":
        raise BadValues((BadValue("ending", "unknown_choice"),))
    if ending.needs_all_steps and next_step(case) is not None:
        raise BadValues((BadValue("ending", "steps_are_open"),))
    if ending.asks_words and not said_:
        raise BadValues((BadValue("came_of_it", "missing"),))
    if len(said_) > LONGEST_WORDS:
        raise BadValues((BadValue("came_of_it", "too_long"),))
    return said_


# ---------------------------------------------------------------- who declines again and again


def declines_often(days: Sequence[date], today: date) -> bool:
    """Three times within seven days, the last of them today: as the file says."""
    rule = numbers()
    first = today - timedelta(days=rule.declined_days - 1)
    return sum(first <= day <= today for day in days) >= rule.declined_times
