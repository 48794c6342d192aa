"""Six weeks, reviews, what is due and what blocks the end (B2, B3). Pure; the database keeps the limits too.

Days are calendar days of the centre: a week over a clock change has seven of them like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from coordination.errors import BadValue, BadValues, Obstacle, obstacle
from coordination.reablement.model import (
    AIMS,
    BARRIERS,
    DECISIONS,
    OUTCOMES,
    SCORED,
    Aim,
    BarrierKind,
    EpisodeDraft,
    EpisodeRow,
    Outcome,
    PackageDraft,
    Review,
    ReviewDraft,
)
from coordination.values import is_storable

SIX_WEEKS = 42
LONGEST_GAP = 14
"""days at most between two reviews, and from the last to the planned end"""
FIRST_REVIEWS = (14, 28, 35)
LONGEST = 730
EARLIEST, LATEST = 60, 28
"""days back and ahead on which an episode may begin when it is recorded"""
SOON = 7
"""days before the planned end from which it is ending"""
LONGEST_REASON, LONGEST_NAME = 4000, 500

Standing = Literal["over", "ending", "running", "waiting", "ended"]


def latest_standard_end(started_on: date) -> date:
    """B2. The first day without standard reablement, at the latest."""
    return started_on + timedelta(days=SIX_WEEKS)


def day_of(started_on: date, today: date) -> int:
    """1 on the first day; 0 or less before it."""
    return (today - started_on).days + 1


def length(started_on: date, planned_end: date) -> int:
    """How many days are planned: the n of ``day 3 of n``."""
    return (planned_end - started_on).days


def standing(started_on: date, planned_end: date, today: date, ended_on: date | None = None) -> Standing:
    """How an episode stands on a day: ``over`` from its planned end on, ``ending`` in the week before."""
    if ended_on is not None:
        return "ended"
    if today < started_on:
        return "waiting"
    left = (planned_end - today).days
    return "over" if left <= 0 else "ending" if left <= SOON else "running"


def review_days(started_on: date, planned_end: date) -> tuple[date, ...]:
    """B2. Days 15, 29 and 36, then every fortnight, as far as they lie before the planned end."""
    days, at = list(FIRST_REVIEWS), FIRST_REVIEWS[-1] + LONGEST_GAP
    while at < length(started_on, planned_end):
        days.append(at)
        at += LONGEST_GAP
    return tuple(started_on + timedelta(days=d) for d in days if d < length(started_on, planned_end))


def reviews_to_plan(
    reviews: Sequence[Review], started_on: date, planned_end: date
) -> tuple[tuple[date, ...], tuple[Review, ...]]:
    """Which days a review is to be due on besides those that are there, and which of these fall away.

    Held reviews stay. Those to come stay as far as they lie before the planned end; where more than a fortnight would
    pass without one, the usual day within it is added, or else the last possible one."""
    dropped = tuple(r for r in reviews if not r.is_held and not started_on < r.due_on < planned_end)
    kept = sorted(r.due_on for r in reviews if r not in dropped and r.due_on < planned_end)
    usual = review_days(started_on, planned_end)
    added: list[date] = []
    at = started_on
    for mark in (*kept, planned_end):
        while (mark - at).days > LONGEST_GAP:
            last = at + timedelta(days=LONGEST_GAP)
            at = max((d for d in usual if at < d <= last), default=last)
            added.append(at)
        at = max(at, mark)
    return tuple(added), dropped


def due_on(row: EpisodeRow) -> date:
    """The first day on which something is due: the next review, or the planned end."""
    return row.planned_end if row.next_review_on is None else min(row.next_review_on, row.planned_end)


def urgency(row: EpisodeRow, today: date) -> tuple[bool, date, date, str]:
    """In this order a worklist stands: past its planned end on top, then whatever is due first."""
    return row.planned_end > today, due_on(row), row.planned_end, str(row.id)


def blocks(row: EpisodeRow, today: date) -> tuple[Obstacle, ...]:
    """What keeps an open episode from ending well, what is most pressing first.

    Codes: review_overdue (due), package_missing, package_not_offered, package_waits (offers), package_declined
    (offers), package_without_start (provider), package_starts_later (starts), barriers_open (number), no_start_scores,
    no_end_scores. Scores of the end are asked for in the last week only."""
    if row.ended_on is not None:
        return ()
    found: list[Obstacle] = []
    if row.next_review_on is not None and row.next_review_on < today:
        found.append(obstacle("review_overdue", due=row.next_review_on))
    if row.aim == "long_term_care":
        found += _package(row, today)
    if row.barriers and (row.package is None or not row.package.accepted_by):
        found.append(obstacle("barriers_open", number=row.barriers))
    if not row.has_start and today >= row.started_on:
        found.append(obstacle("no_start_scores"))
    if not row.has_end and (row.planned_end - today).days <= SOON:
        found.append(obstacle("no_end_scores"))
    return tuple(found)


def _package(row: EpisodeRow, today: date) -> list[Obstacle]:
    package = row.package
    if package is None:
        return [obstacle("package_missing")]
    if package.accepted_by:
        if package.starts_on is None:
            return [obstacle("package_without_start", provider=package.accepted_by)]
        late = package.starts_on > max(today, row.planned_end)
        return [obstacle("package_starts_later", starts=package.starts_on)] if late else []
    if package.waiting:
        return [obstacle("package_waits", offers=package.waiting)]
    if package.declined:
        return [obstacle("package_declined", offers=package.declined)]
    return [obstacle("package_not_offered")]


# ---------------------------------------------------------------- what was typed


def check_draft(draft: EpisodeDraft, today: date) -> EpisodeDraft:
    """Raises BadValues: started_on, planned_end, aim, complex_reason, past_six_weeks_reason."""
    problems: list[BadValue] = []
    if not -EARLIEST <= (draft.started_on - today).days <= LATEST:
        problems.append(BadValue("started_on", "too_far"))
    if draft.aim not in AIMS:
        problems.append(BadValue("aim", "not_in_list"))
    if draft.kind == "complex" and not draft.complex_reason.strip():
        problems.append(BadValue("complex_reason", "missing"))
    problems += check_end(draft.started_on, draft.planned_end, draft.kind, draft.past_six_weeks_reason)
    for name in ("complex_reason", "past_six_weeks_reason"):
        problems += _words(name, getattr(draft, name), LONGEST_REASON)
    _raise(problems)
    return draft


def check_end(started_on: date, planned_end: date, kind: str, reason: str) -> list[BadValue]:
    """B2, B3. Up to six weeks; past them only complex, and with a reason."""
    days = length(started_on, planned_end)
    if days < 1:
        return [BadValue("planned_end", "before_start")]
    if days > LONGEST:
        return [BadValue("planned_end", "too_far")]
    if days > SIX_WEEKS and kind != "complex":
        return [BadValue("planned_end", "past_six_weeks")]
    if days > SIX_WEEKS and not reason.strip():
        return [BadValue("past_six_weeks_reason", "missing")]
    return []


def check_review(draft: ReviewDraft, started_on: date, today: date) -> ReviewDraft:
    """Raises BadValues: held_on, decision, words, with_whom."""
    problems: list[BadValue] = []
    if draft.held_on > today:
        problems.append(BadValue("held_on", "in_the_future"))
    elif draft.held_on < started_on:
        problems.append(BadValue("held_on", "before_start"))
    if draft.decision not in DECISIONS:
        problems.append(BadValue("decision", "missing"))
    if not draft.words.strip():
        problems.append(BadValue("words", "missing"))
    problems += _words("words", draft.words, LONGEST_REASON) + _words("with_whom", draft.with_whom, LONGEST_NAME)
    _raise(problems)
    return ReviewDraft(draft.held_on, draft.decision, draft.words.strip(), draft.with_whom.strip())


def check_outcome(started_on: date, ended_on: date, outcome: Outcome, words: str, today: date) -> str:
    """The words, cleaned. Raises BadValues: ended_on, outcome, words."""
    problems: list[BadValue] = []
    if ended_on > today:
        problems.append(BadValue("ended_on", "in_the_future"))
    elif ended_on < started_on:
        problems.append(BadValue("ended_on", "before_start"))
    if outcome not in OUTCOMES:
        problems.append(BadValue("outcome", "missing"))
    elif outcome not in SCORED and not words.strip():
        problems.append(BadValue("words", "missing"))
    problems += _words("words", words, LONGEST_REASON)
    _raise(problems)
    return words.strip()


def check_aim(aim: Aim) -> None:
    if aim not in AIMS:
        raise BadValues((BadValue("aim", "not_in_list"),))


def check_reason(field: str, words: str) -> str:
    """Raises BadValues(field)."""
    problems = _words(field, words, LONGEST_REASON)
    if not words.strip():
        problems.append(BadValue(field, "missing"))
    _raise(problems)
    return words.strip()


def check_barrier(kind: BarrierKind, words: str, done: str, resolved_on: date | None, today: date) -> None:
    """Raises BadValues: kind, words, done, resolved_on."""
    problems: list[BadValue] = []
    if kind not in BARRIERS:
        problems.append(BadValue("kind", "missing"))
    if not words.strip():
        problems.append(BadValue("words", "missing"))
    problems += _words("words", words, 2000) + _words("done", done, LONGEST_REASON)
    if resolved_on is not None and not done.strip():
        problems.append(BadValue("done", "missing"))
    if resolved_on is not None and resolved_on > today:
        problems.append(BadValue("resolved_on", "in_the_future"))
    _raise(problems)


def check_package(draft: PackageDraft) -> PackageDraft:
    """Raises BadValues: minutes_a_week, calls_a_day, workers_a_call, tasks."""
    problems: list[BadValue] = []
    for name, least, most in (("minutes_a_week", 15, 20160), ("calls_a_day", 1, 12), ("workers_a_call", 1, 2)):
        if not least <= getattr(draft, name) <= most:
            problems.append(BadValue(name, "out_of_range"))
    if not draft.tasks.strip():
        problems.append(BadValue("tasks", "missing"))
    problems += _words("tasks", draft.tasks, LONGEST_REASON)
    _raise(problems)
    return draft


def _words(name: str, words: str, longest: int) -> list[BadValue]:
    if not is_storable(words):
        return [BadValue(name, "has_unstorable_character")]
    return [BadValue(name, "too_long")] if len(words) > longest else []


def _raise(problems: Iterable[BadValue]) -> None:
    found = tuple(problems)
    if found:
        raise BadValues(found)
