"""B2, B3: six weeks by the calendar, reviews every fortnight, what is due first and what blocks the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.clock import LONDON, at_local
from coordination.errors import BadValues
from coordination.reablement import rules
from coordination.reablement.model import (
    EpisodeDraft,
    EpisodeId,
    EpisodeRow,
    PackageDraft,
    PackageId,
    PackageLine,
    Review,
    ReviewDraft,
    ReviewId,
)
from coordination.values import PersonId, TeamId, new_id

CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Any day of the years around both clock changes.
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
LENGTHS = st.integers(1, rules.LONGEST)
NOW = date(2026, 11, 22)


def row(**of: Any) -> EpisodeRow:
    facts: dict[str, Any] = {
        "id": EpisodeId(new_id()), "person_id": PersonId(new_id()), "surname": "Ash", "given": "Ann", "title": "",
        "neighbourhood": "", "locality": "north", "team_id": TeamId(1), "team_name": "North", "kind": "standard",
        "aim": "independent", "started_on": NOW - timedelta(days=10), "planned_end": NOW + timedelta(days=32),
        "ended_on": None, "outcome": None, "lead_name": "", "next_review_on": None, "reviews_held": 0,
        "minutes_start": 0, "minutes_now": 0,
        "score_start": None, "score_end": None, "has_start": True, "has_end": False, "barriers": 0,
        "package": None, "revision": 1,
    }  # fmt: skip
    return EpisodeRow(**{**facts, **of})


def codes(found: EpisodeRow, today: date = NOW) -> list[str]:
    return [o.code for o in rules.blocks(found, today)]


def problems(call: Any, *args: Any) -> list[tuple[str, str]]:
    with pytest.raises(BadValues) as told:
        call(*args)
    return [(p.field, p.reason) for p in told.value.problems]


# ---------------------------------------------------------------- the limit


@CALM
@given(DAYS)
def test_six_weeks_are_42_days_of_the_calendar_over_any_clock_change(start: date) -> None:
    end = rules.latest_standard_end(start)
    assert [rules.day_of(start, start), rules.day_of(start, end - timedelta(days=1))] == [1, 42]
    assert rules.standing(start, end, end - timedelta(days=1)) == "ending"
    assert rules.standing(start, end, end) == "over"
    assert end.weekday() == start.weekday()
    assert not rules.check_end(start, end, "standard", "")
    assert rules.check_end(start, end + timedelta(days=1), "standard", "Why")[0].reason == "past_six_weeks"
    # The same time of day by the wall clock, though one of the days may have had 23 or 25 hours.
    assert at_local(end, 7).astimezone(LONDON).hour == 7


@CALM
@given(DAYS, LENGTHS)
def test_past_six_weeks_only_complex_with_a_reason(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    long = days > rules.SIX_WEEKS
    assert bool(rules.check_end(start, end, "standard", "Why")) == long
    assert bool(rules.check_end(start, end, "complex", " ")) == long
    assert not rules.check_end(start, end, "complex", "Why")


def test_what_a_draft_refuses() -> None:
    draft = EpisodeDraft(EpisodeId(new_id()), PersonId(new_id()), TeamId(1), NOW, NOW + timedelta(days=42))
    assert rules.check_draft(draft, NOW) == draft
    assert problems(rules.check_draft, replace(draft, started_on=NOW - timedelta(days=61)), NOW)[0] == (
        "started_on", "too_far",
    )  # fmt: skip
    assert problems(rules.check_draft, replace(draft, kind="complex"), NOW) == [("complex_reason", "missing")]
    assert problems(rules.check_draft, replace(draft, planned_end=NOW), NOW) == [("planned_end", "before_start")]
    assert problems(rules.check_draft, replace(draft, planned_end=NOW + timedelta(days=43)), NOW) == [
        ("planned_end", "past_six_weeks")
    ]
    assert problems(rules.check_draft, replace(draft, complex_reason="a\x00b"), NOW) == [
        ("complex_reason", "has_unstorable_character")
    ]
    assert problems(rules.check_review, ReviewDraft(NOW + timedelta(days=1), "end", " "), NOW, NOW) == [
        ("held_on", "in_the_future"), ("words", "missing"),
    ]  # fmt: skip
    assert problems(rules.check_outcome, NOW, NOW, "died", "", NOW) == [("words", "missing")]
    assert rules.check_outcome(NOW, NOW, "independent", " ok ", NOW) == "ok"
    assert problems(rules.check_barrier, "times", "x", " ", NOW, NOW) == [("done", "missing")]
    assert problems(rules.check_package, PackageDraft(PackageId(new_id()), 0, 13, " ")) == [
        ("minutes_a_week", "out_of_range"), ("calls_a_day", "out_of_range"), ("tasks", "missing"),
    ]  # fmt: skip


# ---------------------------------------------------------------- reviews


def gaps(start: date, end: date, due: list[date]) -> list[int]:
    marks = sorted({start, *(d for d in due if d < end), end})
    return [(b - a).days for a, b in pairwise(marks)]


@CALM
@given(DAYS, LENGTHS)
def test_no_fortnight_passes_without_a_review(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    due = list(rules.review_days(start, end))
    assert due == sorted(set(due)) and all(start < d < end for d in due)
    assert max(gaps(start, end, due)) <= rules.LONGEST_GAP
    if days == rules.SIX_WEEKS:
        assert [(d - start).days for d in due] == [14, 28, 35]


@CALM
@given(DAYS, LENGTHS, LENGTHS, st.sets(st.integers(1, 60)), st.data())
def test_whatever_the_planned_end_becomes_reviews_lie_within_it(
    start: date, before: int, after: int, extra: set[int], data: st.DataObject
) -> None:
    old = start + timedelta(days=before)
    days = {*rules.review_days(start, old), *(start + timedelta(days=n) for n in extra if n < before)}
    held = data.draw(st.sets(st.sampled_from(sorted(days)))) if days else set()
    reviews = [Review(ReviewId(new_id()), d, d if d in held else None) for d in sorted(days)]
    end = start + timedelta(days=after)
    added, dropped = rules.reviews_to_plan(reviews, start, end)
    assert not any(r.is_held for r in dropped), "what was held stays"
    left = [r.due_on for r in reviews if r not in dropped]
    assert all(r.is_held or r.due_on < end for r in reviews if r not in dropped)
    assert not set(added) & set(left) and all(start < d < end for d in added)
    assert max(gaps(start, end, [*left, *added])) <= rules.LONGEST_GAP
    if not dropped and max(gaps(start, end, left)) <= rules.LONGEST_GAP:
        assert not added, "nothing is asked that is not needed"


# ---------------------------------------------------------------- what is due, and what blocks the end


@CALM
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(-5, 40), st.none() | st.integers(-10, 40)), max_size=12))
def test_past_the_end_on_top_and_then_by_what_is_due_first(episodes: list[tuple[int, int, int | None]]) -> None:
    def day(n: int | None) -> date | None:
        return None if n is None else NOW + timedelta(days=n)

    rows = [
        row(started_on=NOW - timedelta(days=s), planned_end=NOW + timedelta(days=e), next_review_on=day(r))
        for s, e, r in episodes
    ]
    rows.sort(key=lambda r: rules.urgency(r, NOW))
    over = [r.planned_end <= NOW for r in rows]
    assert over == sorted(over, reverse=True)
    for group in (True, False):
        due = [rules.due_on(r) for r, o in zip(rows, over, strict=True) if o is group]
        assert due == sorted(due)


def test_what_blocks_the_end_is_named() -> None:
    assert codes(row()) == []
    assert codes(row(next_review_on=NOW - timedelta(days=1), has_start=False)) == ["review_overdue", "no_start_scores"]
    assert codes(row(next_review_on=NOW)) == [], "due today is not late"
    assert codes(row(planned_end=NOW + timedelta(days=7))) == ["no_end_scores"]
    care = row(aim="long_term_care", barriers=2)
    assert codes(care) == ["package_missing", "barriers_open"]

    def with_package(starts: date | None, waiting: int, declined: int, accepted: str) -> list[str]:
        return codes(replace(care, barriers=0, package=PackageLine(starts, waiting, declined, accepted)))

    assert with_package(None, 0, 0, "") == ["package_not_offered"]
    assert with_package(None, 2, 1, "") == ["package_waits"]
    assert with_package(None, 0, 1, "") == ["package_declined"]
    assert with_package(None, 0, 1, "Irwell Care") == ["package_without_start"]
    assert with_package(NOW + timedelta(days=40), 0, 0, "Irwell Care") == ["package_starts_later"]
    assert with_package(NOW + timedelta(days=5), 0, 0, "Irwell Care") == []
    assert codes(row(ended_on=NOW, has_end=False, has_start=False)) == []
