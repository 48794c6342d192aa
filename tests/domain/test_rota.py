"""From rotas to shifts: cycles, exceptions, nights, and both clock changes of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clock import LONDON, at_local
from coordination.errors import BadValues
from coordination.values import TeamId, Window, WorkerId, new_id
from coordination.workforce import rules
from coordination.workforce.model import AbsenceDraft, Assignment, Rota, RotaException, Spell, WorkShift
from coordination.workforce.rota import (
    Pattern,
    Plan,
    check_rota,
    hours,
    overlapping,
    plan,
    spells_on,
    wall,
    week_in_cycle,
)

MONDAY = date(2026, 1, 5)
WORKER = WorkerId(7)
FORWARD, BACK = date(2027, 3, 28), date(2026, 10, 25)  # Sundays on which the clocks change


def rota(*spells: Spell, weeks: int = 1) -> Rota:
    return Rota(UUID(int=1), TeamId(1), "Earlies", weeks, MONDAY, spells)


def pattern(
    of: Rota, start: date = MONDAY, offset: int = 0, exceptions: tuple[RotaException, ...] = (),
    shifts: tuple[WorkShift, ...] = (), place: bool = True,
) -> Pattern:  # fmt: skip
    to = Assignment(UUID(int=2), WORKER, of.id, start, None, offset)
    return Pattern(WORKER, "Amina", place, (to,), exceptions, shifts)


def made(found: Plan, before: tuple[WorkShift, ...] = ()) -> tuple[WorkShift, ...]:
    """The shifts as they stand once the plan is carried out."""
    kept = [s for s in before if s not in found.remove]
    return (*kept, *(WorkShift(new_id(), WORKER, w.window, w.day) for w in found.add))


def run(of: Pattern, rotas: Rota, days: list[date]) -> Plan:
    return plan(of, {rotas.id: rotas}, days)


def some_days(first: date, number: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(number)]


# ---------------------------------------------------------------- the wall clock


@given(st.dates(date(2024, 1, 1), date(2031, 12, 31)), st.integers(0, 2879), st.integers(1, 600))
def test_later_on_the_wall_is_never_earlier_in_time(day: date, minute: int, later: int) -> None:
    assert wall(day, minute) <= wall(day, min(minute + later, 2880))


@given(st.dates(date(2024, 1, 1), date(2031, 12, 31)), st.integers(0, 1439))
def test_a_moment_shows_the_minute_it_was_asked_for_unless_the_clock_skips_it(day: date, minute: int) -> None:
    shown = wall(day, minute).astimezone(LONDON)
    if (shown.hour * 60 + shown.minute) != minute:
        assert 60 <= minute < 120 and (shown.hour, shown.minute) == (2, 0)


def test_both_clock_changes() -> None:
    # spring: a night is an hour shorter; what lies in the hour that is not there is told, not made
    assert hours(FORWARD - timedelta(days=1), 22 * 60, 7 * 60) == Window(
        datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 6, tzinfo=UTC)
    )
    assert hours(FORWARD, 70, 110) is None
    assert hours(FORWARD, 75, 150) == Window(
        datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    )
    # autumn: an hour longer, and the day after it begins as always
    night = hours(BACK - timedelta(days=1), 22 * 60, 7 * 60)
    assert night is not None and night.minutes == 10 * 60
    early = hours(BACK, 7 * 60, 15 * 60)
    assert early is not None and early.minutes == 8 * 60 and early.start == at_local(BACK, 7)
    gone = rota(Spell(0, 6, 70, 110))
    found = run(pattern(gone), gone, [FORWARD])
    assert found.add == () and [o.code for o in found.told] == ["not_on_the_clock"]


# ---------------------------------------------------------------- cycles


def test_a_cycle_comes_round_before_and_after_its_first_monday() -> None:
    four = rota(weeks=4)
    assert [week_in_cycle(four, MONDAY + timedelta(weeks=n)) for n in range(-2, 5)] == [2, 3, 0, 1, 2, 3, 0]
    assert week_in_cycle(four, MONDAY + timedelta(days=6), offset=3) == 3
    turns = rota(Spell(0, 0, 420, 900), Spell(1, 0, 840, 1320), weeks=2)
    assert [s.starts for s in spells_on(turns, MONDAY + timedelta(weeks=1))] == [840]


spells = st.builds(Spell, st.integers(0, 2), st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440)).filter(
    lambda s: s.starts != s.ends and s.minutes <= 14 * 60
)
rotas = st.lists(spells, max_size=8).map(lambda found: rota(*found, weeks=3))


@settings(max_examples=40)
@given(rotas)
def test_spells_overlap_exactly_when_some_minute_of_the_cycle_has_two(of: Rota) -> None:
    taken = [0] * (3 * 10080)
    for s in of.spells:
        first = (s.week * 7 + s.weekday) * 1440 + s.starts
        for minute in range(first, first + s.minutes):
            taken[minute % len(taken)] += 1
    found = any(overlapping(of.spells, 3))
    assert found == (max(taken, default=0) > 1)
    if found:
        with pytest.raises(BadValues) as told:
            check_rota(of)
        assert {p.reason for p in told.value.problems} == {"overlaps"}
    else:
        assert check_rota(of).spells == tuple(sorted(of.spells))


def test_what_cannot_be_a_rota_is_told_at_its_field() -> None:
    wrong = Rota(new_id(), TeamId(1), "  ", 2, MONDAY + timedelta(days=1), (Spell(2, 0, 1, 2), Spell(0, 3, 60, 60)))
    with pytest.raises(BadValues) as told:
        check_rota(wrong)
    assert [(p.field, p.reason) for p in told.value.problems] == [
        ("name", "nameless"),
        ("first_monday", "not_a_monday"),
        ("spells.2.0", "not_in_cycle"),
        ("spells.0.3", "no_hours"),
    ]
    with pytest.raises(BadValues):
        check_rota(replace(wrong, name="x", weeks=0))


# ---------------------------------------------------------------- rolling out

exceptions = st.lists(
    st.builds(
        lambda day, kind, start, long: RotaException(
            new_id(), WORKER, MONDAY + timedelta(days=day), kind,
            None if kind == "off" else start, None if kind == "off" else start + long,
        ),
        st.integers(0, 20), st.sampled_from(["off", "hours", "extra"]), st.integers(0, 900), st.integers(15, 500),
    ),
    max_size=6,
    unique_by=lambda e: e.day,
).map(tuple)  # fmt: skip
by_hand = st.lists(
    st.builds(
        lambda day, start, long: WorkShift(
            new_id(), WORKER, Window.of(wall(MONDAY + timedelta(days=day), start), long), None
        ),
        st.integers(0, 20), st.integers(0, 1300), st.integers(30, 600),
    ),
    max_size=3,
).filter(lambda found: not any(a.window.overlaps(b.window) for a in found for b in found if a is not b))  # fmt: skip


@settings(max_examples=60)
@given(rotas.filter(lambda r: not any(overlapping(r.spells, 3))), st.integers(0, 2), exceptions, by_hand.map(tuple))
def test_shifts_never_overlap_those_by_hand_stay_and_twice_is_as_once(
    of: Rota, offset: int, odd: tuple[RotaException, ...], hand: tuple[WorkShift, ...]
) -> None:
    days = some_days(MONDAY, 21)
    first = run(pattern(of, MONDAY, offset, odd, hand), of, days)
    stand = made(first, hand)
    assert set(hand) <= set(stand) and not first.remove
    windows = sorted((s.window for s in stand), key=lambda w: w.start)
    assert all(a.end <= b.start for a, b in pairwise(windows))
    again = run(pattern(of, MONDAY, offset, odd, stand), of, days)
    assert (again.add, again.remove) == ((), ()) and again.told == first.told
    assert len(again.keep) == len(first.add)
    # in two halves it comes to the same, and taking the exceptions back leaves what the rota says
    half = made(run(pattern(of, MONDAY, offset, odd, hand), of, days[:10]), hand)
    both = made(run(pattern(of, MONDAY, offset, odd, half), of, days[10:]), half)
    assert {s.window for s in both} == {s.window for s in stand}
    plain = made(run(pattern(of, MONDAY, offset, (), stand), of, days), stand)
    assert {s.window for s in plain} == {
        s.window for s in made(run(pattern(of, MONDAY, offset, (), hand), of, days), hand)
    }


def test_whoever_is_at_work_by_now_stays_until_the_end_unless_it_is_about_that_day() -> None:
    of, later = rota(Spell(0, 0, 420, 900)), rota(Spell(0, 0, 600, 1080))
    there = made(run(pattern(of), of, [MONDAY]))
    now = wall(MONDAY, 12 * 60)
    changed = pattern(later, shifts=there)
    assert plan(changed, {later.id: later}, [MONDAY], now) == Plan((), (), (), ())
    assert len(plan(changed, {later.id: later}, [MONDAY], wall(MONDAY, 360)).remove) == 1
    assert plan(pattern(of), {of.id: of}, [MONDAY], now).add == ()  # nobody has been who was not asked
    home = RotaException(new_id(), WORKER, MONDAY, "off")
    assert plan(pattern(of, exceptions=(home,), shifts=there), {of.id: of}, [MONDAY], now).remove == there


def test_what_stands_in_the_way_is_told() -> None:
    days = some_days(MONDAY, 7)
    of = rota(Spell(0, 0, 420, 900))
    none = Pattern(WORKER, "Amina", False)
    assert [o.code for o in run(none, of, days).told] == ["no_base", "no_rota"]
    ends = Pattern(WORKER, "Amina", True, (Assignment(new_id(), WORKER, of.id, MONDAY, MONDAY + timedelta(days=2)),))
    (told,) = run(ends, of, days).told
    assert (told.code, told.fact("first"), told.fact("last")) == ("no_rota_on", days[2], days[-1])
    extra = RotaException(new_id(), WORKER, MONDAY, "extra", 840, 1000)
    found = run(pattern(of, exceptions=(extra,)), of, days)
    assert [w.window for w in found.add] == [hours(MONDAY, 420, 900)] and [o.code for o in found.told] == [
        "over_another"
    ]


# ---------------------------------------------------------------- absence and what is typed


@settings(max_examples=40)
@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 40), st.booleans(), st.booleans(),
    st.integers(0, 1300), st.integers(30, 600),
)  # fmt: skip
def test_an_absence_covers_its_days_and_half_days_meet(
    first: date, more: int, from_midday: bool, to_midday: bool, start: int, long: int
) -> None:
    last = first + timedelta(days=more)
    draft = AbsenceDraft(new_id(), WORKER, "leave", first, last, "annual", from_midday, to_midday)
    if more == 0 and from_midday and to_midday:
        with pytest.raises(BadValues):
            rules.check_absence(draft)
        return
    rules.check_absence(draft)
    work = [Window.of(wall(day, start), long) for day in (first, last)]
    window = rules.absence_window(draft, work)
    if start + long < 1440:
        assert rules.days_of(window) == (first, last)
    else:  # a night belongs to the day on which it begins, and is away to its end
        assert window.end == (rules.midday(last, work) if to_midday else max(w.end for w in work))
    if from_midday:
        other = rules.absence_window(replace(draft, last=first, from_midday=False, to_midday=True), work)
        assert other.end == window.start
