"""When an assessment must be made (T5), the caseload of two weeks and what one more costs (T4), sums that hide (O3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from coordination.clock import LONDON, at_local, local_date
from coordination.transfer.caseload import Caseload, Hours, InRecovery, Unseen, Waiting, one_more
from coordination.transfer.hours import at_work, last_moment
from coordination.transfer.leaving import leaving
from coordination.transfer.model import RECOVERIES, AssessClock, TransferId
from coordination.transfer.report import DAILY, report
from coordination.values import PersonId, new_id
from tests.domain.test_transfer import DESTINATIONS, FIRST, REASONS, SITES, one, transfers

TODAY = date(2026, 11, 22)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
@example(at_local(SPRING, 1))
@example(at_local(SPRING, 8))
@example(at_local(AUTUMN, 1))
@example(at_local(AUTUMN, 22))
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
def test_what_falls_due_at_night_is_done_before_ten(due: datetime) -> None:
    latest = last_moment(due)
    assert latest <= due and due - latest <= timedelta(hours=11)  # the night in October has an hour more
    wall = latest.astimezone(LONDON)
    assert at_work(latest) or (wall.hour, wall.minute) == (22, 0)
    assert at_work(due) is (8 <= due.astimezone(LONDON).hour < 22)
    assert last_moment(latest) == latest
    if at_work(due):
        assert latest == due


def test_four_and_twenty_four_hours_over_midnight_weekends_and_both_changes() -> None:
    def due(start: datetime, hours: int) -> str:
        return f"{last_moment(start + timedelta(hours=hours)).astimezone(LONDON):%a %d %H:%M}"

    assert due(at_local(date(2026, 11, 20), 16), 4) == "Fri 20 20:00"
    assert due(at_local(date(2026, 11, 20), 21, 30), 4) == "Fri 20 22:00"  # 01:30: nobody works then
    assert due(at_local(date(2026, 11, 20), 17), 24) == "Sat 21 17:00"  # seven days
    assert due(at_local(date(2026, 11, 21), 3), 4) == "Fri 20 22:00"  # told at night, over before they open
    assert due(at_local(date(2026, 11, 22), 5), 4) == "Sun 22 09:00"
    assert due(at_local(SPRING, 0, 30), 4) == "Sat 28 22:00"
    assert due(at_local(SPRING - timedelta(days=1), 12), 24) == "Sun 29 13:00"  # hours are hours
    assert due(at_local(AUTUMN - timedelta(days=1), 12), 24) == "Sun 25 11:00"
    assert due(at_local(AUTUMN, 4, 30), 4) == "Sun 25 08:30"
    clock = AssessClock("assess_4h", at_local(TODAY, 9), at_local(TODAY, 13), "", at_local(TODAY, 11))
    assert clock.stands_still(at_local(TODAY, 10)) and clock.left(at_local(TODAY, 10)) == timedelta(hours=2)
    assert not clock.stands_still(at_local(TODAY, 11)) and clock.left(at_local(TODAY, 12)) == timedelta(hours=1)


def inside(until: int, kind: int = 0) -> InRecovery:
    return InRecovery(TransferId(new_id()), PersonId(new_id()), "A", RECOVERIES[kind], TODAY - timedelta(days=9),
                      TODAY + timedelta(days=until), False, "north", 1)  # fmt: skip


def waiting(wanted: int | None, kind: int = 0, ready: int = 0) -> Waiting:
    day = None if wanted is None else TODAY + timedelta(days=wanted)
    at = at_local(TODAY, 9) - timedelta(hours=ready)
    return Waiting(TransferId(new_id()), PersonId(new_id()), "B", RECOVERIES[kind], day, at, 3)


LOADS = st.builds(
    lambda most, ends, wants, lengths: Caseload(
        most, tuple(inside(*e) for e in ends), tuple(waiting(*w) for w in wants), 0, TODAY,
        dict(zip(RECOVERIES, lengths, strict=True)),
    ),
    st.integers(1, 6), st.lists(st.tuples(st.integers(-3, 20), st.integers(0, 1)), max_size=8),
    st.lists(st.tuples(st.one_of(st.none(), st.integers(-2, 16)), st.integers(0, 1), st.integers(0, 99)), max_size=8),
    st.tuples(st.integers(1, 42), st.integers(1, 42)),
)  # fmt: skip


@given(LOADS)
def test_nobody_begins_without_a_place_or_is_passed_over(load: Caseload) -> None:
    starts = load.starts
    assert len(starts) == len(load.waiting)
    for day in load.forecast:
        assert day.all == day.reablement + day.intermediate
        staying = sum(1 for p in load.in_recovery if p.is_late(TODAY) or day.day < p.until)
        assert day.all <= max(load.most, staying)  # the most is passed by nobody who begins
    for start in starts:
        assert start.on is None or start.on >= start.wanted >= TODAY
        if start.on is None or start.on > start.wanted:  # held back only while it is full
            held = [d for d in load.forecast if start.wanted <= d.day < (start.on or load.horizon)]
            assert all(d.all >= load.most for d in held)
    order = [s.on or load.horizon for s in starts]
    assert order == sorted(order) and load.now == sum(load.of(kind) for kind in RECOVERIES)


@given(LOADS, st.integers(0, 8))
def test_whom_a_desk_may_not_see_is_counted_all_the_same(load: Caseload, seen: int) -> None:
    """T4: two desks that see different people see the same numbers on every day."""
    hidden = tuple(
        Unseen("late" if p.is_late(TODAY) else "inside", p.recovery, max(p.until, TODAY), 1)
        for p in load.in_recovery[seen:]
    )
    other = replace(load, in_recovery=load.in_recovery[:seen], unseen=(*hidden, Unseen("told", "", None, 2)))
    assert [(d.reablement, d.intermediate, len(d.ending)) for d in other.forecast] == [
        (d.reablement, d.intermediate, len(d.ending)) for d in load.forecast
    ]
    assert (other.now, len(other.late), other.first_place) == (load.now, len(load.late), load.first_place)
    assert [s.on for s in other.starts] == [s.on for s in load.starts] and other.queued == load.queued + 2
    queued = tuple(Unseen("waiting", w.recovery, max(w.wanted or TODAY, TODAY), 1) for w in load.waiting[seen:])
    assert len(replace(load, waiting=load.waiting[:seen], unseen=queued).starts) == len(load.starts)


@given(LOADS, st.integers(0, 1), st.integers(0, 400), st.integers(0, 400))
def test_what_one_more_costs_is_what_it_makes_of_the_others(load: Caseload, kind: int, short: int, spare: int) -> None:
    who = waiting(None, kind)
    hours = [Hours(TODAY, short, spare)]
    cost = one_more(load, who, hours, 60)
    assert len(cost.days) == len(load.forecast) and cost.days_lost >= 0
    assert all((after.on or load.horizon) > (before.on or load.horizon) for before, after in cost.delayed)
    assert {d.day for d in cost.over} == {d.day for d in cost.days if d.load > load.most}
    first = cost.days[0]
    if who.recovery == "reablement":
        assert (first.short, first.added) == (short + max(0, 60 - spare), max(0, 60 - spare))
    else:
        assert first.short is None
    if not cost.over and all(s.on == s.wanted for s in load.starts):
        assert not cost.delayed


@settings(max_examples=40, deadline=None)
@given(st.lists(transfers(), max_size=12), st.integers(0, 8))
def test_what_leaves_the_centre_has_no_small_number_and_none_can_be_worked_out(people: list, length: int) -> None:  # type: ignore[type-arg]
    sites = report(people, FIRST, FIRST + timedelta(days=length), SITES, REASONS, DESTINATIONS)
    found = leaving(sites, {"NMGH": ("R0A", "Manchester"), "MRI": ("R0A", "Manchester")})
    assert list(found.orgs) == ["R0A", "NMGH", "MRI"]
    for org in found.orgs:
        for day in found.days:
            told = [found.shown(org, "daily", day, words) for words in DAILY]
            assert all(n is None or n == 0 or n >= 5 for n in told) and sum(n is None for n in told) != 1
        for table, columns in (("destinations", found.destinations), ("reasons", found.reasons)):
            for words in columns:
                numbers = [found.shown(code, table, "", words) for code in found.orgs]
                assert sum(n is None for n in numbers) != 1 and all(n is None or n == 0 or n >= 5 for n in numbers)


def test_a_report_that_is_large_enough_is_shown_whole() -> None:
    people = [one(at_local(FIRST, 9)) for _ in range(12)]
    found = leaving(report(people, FIRST, FIRST, SITES, REASONS, DESTINATIONS), {"NMGH": ("R0A", "M")})
    assert found.shown("R0A", "daily", FIRST, DAILY[0]) == 12 and not found.gone
    assert local_date(at_local(FIRST, 9)) == FIRST
