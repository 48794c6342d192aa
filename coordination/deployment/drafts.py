"""Visits to be planned: what a draft must hold, and the same visit on many days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid5

from coordination.clock import LONDON, local_date
from coordination.deployment.model import VisitDraft
from coordination.errors import BadValue, BadValues
from coordination.values import DateRange, VisitId, Window


def check_drafts(drafts: Sequence[VisitDraft]) -> None:
    """Raises BadValues with every problem of every draft."""
    several = len(drafts) > 1
    problems = [
        BadValue(f"{n}.{problem.field}" if several else problem.field, problem.reason)
        for n, draft in enumerate(drafts)
        for problem in _problems(draft)
    ]
    if problems:
        raise BadValues(tuple(problems))


def repeated(first: VisitDraft, days: DateRange) -> list[VisitDraft]:
    """The same visit at the same time by the centre's wall clock on every day of ``days``. Ids follow from the
    first one's and the day, so that repeating it again makes the same visits."""
    return [_on(first, day - first.day) for day in days]


def _on(first: VisitDraft, later: timedelta) -> VisitDraft:
    if not later:
        return first
    start = (first.arrive.start.astimezone(LONDON) + later).astimezone(first.arrive.start.tzinfo)
    arrive = Window(start, start + (first.arrive.end - first.arrive.start))
    day = first.day + later
    return replace(first, id=VisitId(uuid5(first.id, day.isoformat())), day=day, arrive=arrive)


def _problems(draft: VisitDraft) -> Iterator[BadValue]:
    if not draft.need.strip():
        yield BadValue("need", "missing")
    elif len(draft.need) > 500:
        yield BadValue("need", "too_long")
    if not 5 <= draft.minutes <= 480:
        yield BadValue("minutes", "out_of_range")
    if draft.workers_needed not in (1, 2):
        yield BadValue("workers_needed", "out_of_range")
    if not 1 <= draft.priority <= 5:
        yield BadValue("priority", "out_of_range")
    if local_date(draft.arrive.start) != draft.day:
        yield BadValue("arrive", "on_another_day")
