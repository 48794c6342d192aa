"""Shifts and breaks by the clock on the wall: past midnight, and in the nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.clock import LONDON, at_local
from coordination.duty import rules
from coordination.duty.model import Break, DeskShift, HandoverDraft, ItemDraft, Outstanding
from coordination.duty.reference import norms
from coordination.errors import BadValues
from coordination.values import UserName

NOW = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST, LAST = datetime(2026, 1, 1), datetime(2028, 1, 1)  # noqa: DTZ001 (the strategy adds the zone)
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)  # 01:00 becomes 02:00; 02:00 becomes 01:00


def shift(
    start: datetime = NOW, hours: float = 10, breaks: tuple[Break, ...] = (), ended: datetime | None = None
) -> DeskShift:
    return DeskShift(
        uuid4(), UserName("nadia.coordinator"), "Nadia Hussain", "care_coordinator", "north", start,
        start + timedelta(hours=hours), ended, "signed_off" if ended else None, None, 1, breaks,
    )  # fmt: skip


def pause(start: datetime, minutes: float | None, until: float = 30) -> Break:
    ended = None if minutes is None else start + timedelta(minutes=minutes)
    return Break(uuid4(), start, start + timedelta(minutes=until), ended)


def thing(kind: str = "referral", state: str = "claimed", due: timedelta | None = HOUR) -> Outstanding:
    return Outstanding(
        kind, uuid4(), 7, None, "", "", "", None, "Need", "Reablement", "same_day", state, "", NOW - HOUR,  # type: ignore[arg-type]
        None if due is None else NOW + due, UserName("nadia.coordinator"), "Nadia Hussain", "north", 1,
    )  # fmt: skip


# ---------------------------------------------------------------- when a shift ends


@given(MOMENTS, st.times())
def test_the_planned_end_is_the_next_such_time_on_the_wall(start: datetime, until: time) -> None:
    end = rules.planned_end(start, until.replace(second=0, microsecond=0))
    assert start < end <= start + timedelta(hours=26)
    wall = end.astimezone(LONDON).time().replace(tzinfo=None)
    gap = wall != until.replace(second=0, microsecond=0)
    if gap:  # only a time that the clocks left out that night: an hour later, then
        assert end.astimezone(LONDON).month == 3 and wall.hour == until.hour + 1


@pytest.mark.parametrize(
    ("day", "hour", "until", "length"),
    [
        (date(2026, 11, 22), 8, time(18), 10),
        (date(2026, 11, 22), 20, time(6), 10),  # past midnight
        (SPRING - timedelta(days=1), 20, time(6), 9),  # the night with 23 hours
        (AUTUMN - timedelta(days=1), 20, time(6), 11),  # the night with 25
        (date(2026, 11, 22), 8, time(8), 24),
    ],
)
def test_nights_are_as_long_as_they_are(day: date, hour: int, until: time, length: int) -> None:
    start = at_local(day, hour)
    assert rules.planned_end(start, until) - start == timedelta(hours=length)


def test_the_hour_that_comes_twice_and_the_one_that_does_not_come() -> None:
    before = at_local(AUTUMN, 0, 30)
    assert rules.planned_end(before, time(1, 30)) - before == HOUR
    second = rules.planned_end(before + 1.25 * HOUR, time(1, 30))  # 01:45 the first time: the second 01:30 is next
    assert second - before == 2 * HOUR
    assert rules.planned_end(at_local(SPRING, 0, 30), time(1, 30)).astimezone(LONDON).hour == 2


@given(MOMENTS)
def test_the_usual_end_can_be_planned(start: datetime) -> None:
    end = rules.usual_end(start)
    assert end.minute % 15 == 0
    rules.check_planned_end(start, end)


@given(MOMENTS, st.integers(-60 * 24, 60 * 48))
def test_a_shift_ends_after_it_began_and_is_not_endless(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    if 0 < minutes <= norms().longest.total_seconds() / 60:
        rules.check_planned_end(start, end)
    else:
        with pytest.raises(BadValues):
            rules.check_planned_end(start, end)


def test_a_shift_is_forgotten_some_time_after_its_planned_end_and_only_while_open() -> None:
    left = shift(NOW - 12 * HOUR, 10)
    assert rules.is_forgotten(left, NOW)
    assert not rules.is_forgotten(left, NOW - timedelta(minutes=1))
    assert not rules.is_forgotten(shift(NOW - 12 * HOUR, 10, ended=NOW - 2 * HOUR), NOW)


@given(MOMENTS, st.times(), st.integers(0, 60 * 24 * 5))
def test_when_somebody_left_is_in_the_past_and_after_the_start_if_it_can_be(now: datetime, at: time, ago: int) -> None:
    at, start = at.replace(second=0, microsecond=0), now - timedelta(minutes=ago)
    found = rules.moment_before(now, at, start)
    assert found <= now
    if ago >= 60 * 26:  # every hour of the clock came by since
        assert start <= found < start + timedelta(hours=26)


# ---------------------------------------------------------------- breaks


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 90)), max_size=6), st.integers(0, 1200))
def test_time_at_the_desk_and_on_breaks_make_up_the_shift(parts: list[tuple[int, int]], more: int) -> None:
    at, breaks = NOW, []
    for work, rest in parts:
        at += timedelta(minutes=work)
        breaks.append(pause(at, rest))
        at += timedelta(minutes=rest)
    now = at + timedelta(minutes=more)
    whole = shift(NOW, breaks=tuple(breaks))
    assert rules.worked(whole, now) == now - NOW - timedelta(minutes=sum(rest for _, rest in parts))


@given(MOMENTS, st.integers(0, 2000))
def test_time_at_the_desk_is_never_negative(start: datetime, minutes: int) -> None:
    running = shift(start, breaks=(pause(start, None),))
    assert rules.worked(running, start + timedelta(minutes=minutes)) == timedelta()
    assert rules.worked(shift(start), start - timedelta(minutes=minutes)) == timedelta()


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 60)), max_size=5), st.integers(1, 16))
def test_a_break_is_due_so_long_after_the_last_that_counts(parts: list[tuple[int, int]], hours: int) -> None:
    at, breaks, rested = NOW, [], NOW
    for work, rest in parts:
        at += timedelta(minutes=work)
        breaks.append(pause(at, rest))
        at += timedelta(minutes=rest)
        if timedelta(minutes=rest) >= norms().break_least:
            rested = at
    whole = shift(NOW, hours, tuple(breaks))
    due = rules.break_due(whole)
    wanted = rested + norms().break_after
    assert due == (wanted if wanted <= whole.planned_end - norms().no_break_before_end else None)


def test_no_break_is_due_on_a_break_or_after_the_shift() -> None:
    assert rules.break_due(shift(breaks=(pause(NOW + HOUR, None),))) is None
    assert rules.break_due(shift(ended=NOW + HOUR)) is None


def test_a_correction_keeps_within_what_was() -> None:
    def wrong(
        start: datetime, end: datetime | None, reason: str = "x", breaks: tuple[Break, ...] = ()
    ) -> list[tuple[str, str]]:
        with pytest.raises(BadValues) as told:
            rules.check_times(start, end, reason, NOW, breaks)
        return [(p.field, p.reason) for p in told.value.problems]

    rest = (pause(NOW - 3 * HOUR, 30),)
    assert rules.check_times(NOW - 9 * HOUR, NOW, " The screen froze ", NOW, rest) == "The screen froze"
    assert wrong(NOW - HOUR, NOW - 2 * HOUR) == [("ended_at", "ends_before_it_starts")]
    assert wrong(NOW - 9 * HOUR, NOW - 4 * HOUR, "x", rest) == [("ended_at", "before_a_break")]
    assert wrong(NOW - HOUR, None, "x", rest) == [("started_at", "after_a_break")]
    assert wrong(NOW + HOUR, None, "") == [("started_at", "in_the_future"), ("reason", "missing")]


# ---------------------------------------------------------------- what is outstanding


def test_what_presses_stands_on_top() -> None:
    items = [
        later := thing(due=20 * HOUR),
        contact := thing("contact", "open", None),
        settle := thing(state="declined", due=-90 * HOUR),
        soon := thing(due=2 * HOUR),
        worst := thing(due=-2 * HOUR),
        over := thing(due=-HOUR),
    ]
    assert rules.in_order(items, NOW) == [worst, over, soon, settle, later, contact]
    choices = [rules.suggested(i, NOW) for i in (worst, soon, settle, later, contact)]
    assert choices == ["next", "next", "stays", "stays", "next"]


@given(
    st.sampled_from(["claimed", "accepted", "declined", "open", "refused"]),
    st.sampled_from(["referral", "contact", "message", "concern", "request"]),
    st.one_of(st.none(), st.timedeltas(timedelta(days=-30), timedelta(days=30))),
)
def test_what_is_suggested_may_be_chosen(state: str, kind: str, due: timedelta | None) -> None:
    item = thing(kind, state, due)
    assert rules.suggested(item, NOW) in rules.may_choose(item)
    assert ("queue" in rules.may_choose(item)) == (kind == "referral" and state in ("claimed", "accepted"))


@given(st.text(max_size=1200), st.text(max_size=200))
def test_words_are_stored_as_typed_or_refused_by_field(line: str, note: str) -> None:
    item = ItemDraft(uuid4(), "contact", uuid4(), "next", 1, line)
    try:
        checked = rules.check_draft(HandoverDraft(uuid4(), (item,), note), "nadia.coordinator")
    except BadValues as told:
        assert {p.field for p in told.problems} <= {"note", f"line.{item.id}"}
        return
    assert len(checked.items[0].line) <= rules.LONGEST_LINE
    assert set(checked.note) <= set(note) and "\0" not in checked.items[0].line
