"""Deadlines and pauses: arithmetic that is never negative, the governing one, and ends of pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.clock import DeskClock
from coordination.errors import BadValues
from coordination.intake import clocks
from coordination.intake.clocks import Deadline
from coordination.intake.model import CHANNELS
from coordination.intake.reference import URGENCIES, bands, clock_kinds, pause_reasons

NOW = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # the night when clocks go back
minutes = st.integers(0, 3000)


def spans(steps: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    """Pauses after one another, never two at once."""
    made, at = [], NOW - timedelta(hours=10)
    for gap, length in steps:
        begin = at + timedelta(minutes=gap)
        at = begin + timedelta(minutes=length)
        made.append((begin, at))
    return made


pauses = st.lists(st.tuples(minutes, minutes), max_size=8).map(spans)


def deadline(kind: str = "response", due: int = 60, governs: bool = True, **of: object) -> Deadline:
    return Deadline(kind, NOW, NOW + timedelta(minutes=due), True, governs, **of)  # type: ignore[arg-type]


def test_the_files_name_what_there_is() -> None:
    kinds = clock_kinds()
    assert {kind.starts for kind in kinds.values() if kind.is_stage} == {"waiting", "claimed", "accepted", "responded"}
    for kind in kinds.values():
        assert set(kind.by_urgency) <= set(URGENCIES) and set(kind.channels) <= set(CHANNELS)
        assert kind.is_stage != (kind.starts in ("received", "moft"))
        assert kind.minutes is not None or kind.ends == "response"
    assert kinds["assess_24h"].minutes == 24 * 60 and kinds["assess_4h"].minutes == 4 * 60  # T1, T2
    assert all(reason.minutes <= reason.longest_minutes for reason in pause_reasons().values())
    assert {f"information_{whom}" for whom in clocks.ASK_OF} == {
        reason.code for reason in pause_reasons().values() if reason.for_request
    }
    assert not bands()["two_hours"].pausable


@given(pauses, minutes)
def test_a_pause_never_makes_it_due_sooner_and_moves_it_by_its_length(
    made: list[tuple[datetime, datetime]], allowed: int
) -> None:
    base = NOW + timedelta(minutes=allowed)
    due = clocks.due_with_pauses(base, NOW, made)
    assert due >= base
    after = [(begin, end) for begin, end in made if begin >= NOW]
    if len(after) == len(made):
        assert due - base == sum((end - begin for begin, end in made), timedelta())


@given(pauses, st.integers(0, 8), minutes)
def test_more_pauses_and_longer_ones_are_never_due_sooner(
    made: list[tuple[datetime, datetime]], shown: int, longer: int
) -> None:
    whole = clocks.due_with_pauses(NOW, NOW, made)
    assert clocks.due_with_pauses(NOW, NOW, made[:shown]) <= whole
    if made:
        last = (made[-1][0], made[-1][1] + timedelta(minutes=longer))
        assert clocks.due_with_pauses(NOW, NOW, [*made[:-1], last]) >= whole


@given(st.integers(-5000, 5000))
def test_nobody_waits_less_than_nothing(apart: int) -> None:
    assert clocks.waited(NOW + timedelta(minutes=apart), NOW) >= timedelta()


@given(st.integers(0, 600), st.integers(1, 600), st.integers(0, 599))
def test_while_it_stands_still_the_time_left_does(due: int, paused: int, later: int) -> None:
    until = NOW + timedelta(minutes=paused)
    each = deadline(due=due + paused, paused_from=NOW, paused_until=until, paused_reason="unreachable")
    now = NOW + timedelta(minutes=min(later, paused - 1))
    assert each.stands_still(now)
    assert each.left(now) == timedelta(minutes=due)
    assert not each.stands_still(until)
    assert each.left(until) == timedelta(minutes=due)  # and goes on from there


def test_the_earliest_promise_governs_and_a_threshold_only_when_nothing_is_promised() -> None:
    response, assess = deadline(due=90), deadline("assess_4h", due=60)
    stage, met = deadline("claim", due=5, governs=False), deadline("assess_24h", due=1, met_at=NOW)
    assert clocks.governing([stage, response, met, assess]) is assess
    assert clocks.governing([stage, met]) is stage
    assert clocks.governing([met]) is None
    assert clocks.in_order([stage, met, response, assess]) == (assess, response, stage, met)


def test_a_pause_ends_when_it_is_told_or_as_its_reason_says() -> None:
    reason = pause_reasons()["unreachable"]
    assert clocks.pause_until(reason, None, NOW) == NOW + timedelta(minutes=reason.minutes)
    assert clocks.pause_until(reason, timedelta(hours=1), NOW) == NOW + timedelta(hours=1)
    for wrong, code in (
        (NOW, "in_the_past"),
        (timedelta(), "in_the_past"),
        (timedelta(minutes=reason.longest_minutes, seconds=1), "pause_too_long"),
    ):
        with pytest.raises(BadValues) as told:
            clocks.pause_until(reason, wrong, NOW)
        assert [(p.field, p.reason) for p in told.value.problems] == [("until", code)]


def test_a_desk_whose_clock_is_wrong_goes_by_the_server() -> None:
    clock = DeskClock()
    clock.heard(datetime.now(UTC) + timedelta(hours=3))
    assert timedelta(hours=2) < clock.now() - datetime.now(UTC) < timedelta(hours=4)
    clock.heard(datetime.now(UTC))
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(hours=1)
