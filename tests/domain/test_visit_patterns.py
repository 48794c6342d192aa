"""Visits that recur: days, wall clocks, gaps, and what a change comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.clock import LONDON, at_local, local_date
from coordination.deployment.model import PersonBrief, Visit, VisitDraft
from coordination.deployment.patterns import (
    Gap,
    Pattern,
    Rule,
    Slot,
    can_keep,
    difference,
    drafts,
    in_order,
    moments,
    numbered,
    with_values,
)
from coordination.deployment.patterns_rules import Reach, advice, check_pattern, check_visit
from coordination.errors import BadValue, BadValues
from coordination.values import PatternId, PersonId, TeamId, VisitId, Window, new_id
from ui.visits.times import TimeOfDay, gap_words, parse_gap, parse_times, times_words

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
clock = st.times(time(0), time(23, 50)).map(lambda t: t.replace(second=0, microsecond=0))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    starts = draw(days)
    ends = draw(st.none() | st.integers(0, 120).map(lambda n: starts + timedelta(days=n)))
    if draw(st.booleans()):
        return Rule(starts, ends, "day", draw(st.integers(1, 9)))
    weekdays = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1))))
    return Rule(starts, ends, "week", draw(st.integers(1, 5)), weekdays)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    opens = draw(st.lists(st.integers(7 * 4, 20 * 4), min_size=1, max_size=4, unique=True))
    slots = []
    for number, quarter in enumerate(sorted(opens), 1):
        at = time(quarter // 4, quarter % 4 * 15)
        long = draw(st.none() | st.integers(1, 4))
        closes = None if long is None else (datetime.combine(TODAY, at) + timedelta(minutes=15 * long)).time()
        slots.append(Slot(number, at, closes, draw(st.sampled_from([15, 30, 45])), "Washing"))
    rule = Rule(TODAY, None, "day", draw(st.integers(1, 3)))
    until = TODAY + timedelta(days=draw(st.integers(0, 20)))
    return Pattern(PatternId(new_id()), PersonId(new_id()), TeamId(1), rule, tuple(slots), rolled_until=until)


def visit(draft: VisitDraft, **more: object) -> Visit:
    names = (
        *("id", "team_id", "day", "arrive", "minutes", "need", "workers_needed", "skills", "time_critical"),
        *("gender_asked", "priority", "fixed", "access_notes", "pattern_id", "pattern_slot", "pattern_day"),
    )
    person = PersonBrief(draft.person_id, "Pankhurst", "Emmeline")
    return Visit(person=person, **{**{n: getattr(draft, n) for n in names}, **more})  # type: ignore[arg-type]


def made(pattern: Pattern) -> list[Visit]:
    assert pattern.rolled_until is not None
    return [visit(d) for d in drafts(pattern, TODAY, pattern.rolled_until)]


@given(rules(), days, st.integers(0, 90))
def test_days_are_those_that_counting_by_hand_gives(rule: Rule, first: date, long: int) -> None:
    last = first + timedelta(days=long)

    def named(day: date) -> bool:
        if day < rule.starts or (rule.ends and day > rule.ends):
            return False
        if rule.unit == "day":
            return (day - rule.starts).days % rule.every == 0
        week = (day - (rule.starts - timedelta(days=rule.starts.weekday()))).days // 7
        return day.weekday() in rule.weekdays and week % rule.every == 0

    every = (first + timedelta(days=n) for n in range(long + 1))
    assert rule.days(first, last) == [day for day in every if named(day)]


@given(days | st.sampled_from([SPRING, AUTUMN]), clock, st.none() | clock)
def test_a_window_is_on_its_day_and_never_empty(day: date, opens: time, closes: time | None) -> None:
    if closes is not None and closes <= opens:
        return
    window, fixed = moments(day, opens, closes)
    assert local_date(window.start) == day and window.start < window.end
    assert (fixed == window.start) == (closes is None)
    wall = window.start.astimezone(LONDON).time()
    assert wall == opens or (day == SPRING and opens.hour == 1 and wall.hour == 2)


def test_half_past_one_on_both_clock_changes() -> None:
    assert moments(SPRING, time(1, 30), time(2, 30))[0] == Window(
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC), datetime(2027, 3, 28, 2, 30, tzinfo=UTC)
    ), "half past two by the wall, for an hour"
    assert moments(AUTUMN, time(1, 30), None)[1] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two"
    daily = Pattern(
        PatternId(new_id()), PersonId(new_id()), TeamId(1), Rule(SPRING - timedelta(days=1)),
        (Slot(1, time(8), time(10), 30, "x"),),
    )  # fmt: skip
    found = drafts(daily, SPRING - timedelta(days=1), SPRING)
    assert [d.arrive.start.hour for d in found] == [8, 7], "eight o'clock stays eight o'clock"


@given(patterns(), st.data())
def test_following_changes_what_it_says_and_nothing_else(pattern: Pattern, data: st.DataObject) -> None:
    there = made(pattern)
    if not there:
        return
    chosen = data.draw(st.sampled_from(there))
    hand = data.draw(st.sets(st.sampled_from([v.id for v in there])))
    over = data.draw(st.sets(st.sampled_from([v.id for v in there])))
    there = [
        replace(v, modified=v.id in hand, minutes=99 if v.id in hand else v.minutes,
                state="done" if v.id in over else "planned")
        for v in there
    ]  # fmt: skip
    new = with_values(pattern, chosen.pattern_slot, {"need": "Other", "opens": time(7), "closes": time(7, 30)})
    assert chosen.pattern_day is not None
    first = chosen.pattern_day
    after = [v for v in there if v.pattern_day is not None and v.pattern_day >= first]
    for scope in ("following", "unmodified"):
        what = difference(pattern, new, after, first, scope, NOW)  # type: ignore[arg-type]
        assert not what.made and not what.dropped
        assert not any(v.is_over for v, _ in what.changed) and not any(v.is_over for v in what.stays)
        for was, is_now in what.changed:
            assert was.pattern_slot == chosen.pattern_slot and (is_now.need, is_now.minutes) == ("Other", was.minutes)
            assert is_now.arrive.start == at_local(was.day, 7) and is_now.fixed is None
            assert replace(was, need="Other", arrive=is_now.arrive, fixed=None) == is_now
        if scope == "unmodified":
            assert not any(v.modified for v, _ in what.changed) and all(v.modified for v in what.stays)
        else:
            assert what.stays == ()


@given(patterns(), rules(), st.integers(0, 20))
def test_another_rule_leaves_exactly_its_own_days(pattern: Pattern, rule: Rule, later: int) -> None:
    new = replace(pattern, rule=replace(rule, starts=TODAY))
    first = TODAY + timedelta(days=later)
    there = [v for v in made(pattern) if v.day >= first]
    what = difference(pattern, new, there, first, "following", NOW)
    dropped = {v.id for v in what.dropped}
    left = {(v.pattern_slot, v.day) for v in there if v.id not in dropped} | {
        (d.pattern_slot, d.day) for d in what.made
    }
    assert pattern.rolled_until is not None
    wanted = {(d.pattern_slot, d.day) for d in drafts(new, first, pattern.rolled_until)}
    past = {(v.pattern_slot, v.day) for v in there if v.arrive.end <= NOW}
    assert left - past == {key for key in wanted if key not in past} - _gone(new, wanted, past)
    twice = difference(new, new, [v for v in there if v.id not in dropped] + [visit(d) for d in what.made], first,
                       "following", NOW)  # fmt: skip
    assert (twice.made, twice.changed, twice.dropped) == ((), (), ())


def _gone(pattern: Pattern, wanted: set[tuple[int | None, date]], past: set[tuple[int | None, date]]) -> set[object]:
    """Times of today that have gone by: nobody plans them any more."""
    gone = set()
    for number, day in wanted - past:
        slot = pattern.slot(number or 0)
        assert slot is not None
        if moments(day, slot.opens, slot.closes)[0].end <= NOW:
            gone.add((number, day))
    return gone


def test_what_is_not_there_is_not_made_by_the_way_and_what_is_over_goes_with_its_pattern() -> None:
    slots = tuple(Slot(n, time(h), time(h + 2), 30, "x") for n, h in ((1, 10), (2, 14)))
    two = Pattern(
        PatternId(new_id()), PersonId(new_id()), TeamId(1), Rule(TODAY), slots, rolled_until=TODAY + timedelta(days=5)
    )
    there = [v for v in made(two) if (v.pattern_slot, v.day) != (1, TODAY + timedelta(days=2))]
    other = with_values(two, 2, {"minutes": 45})
    what = difference(two, other, there, TODAY, "following", NOW)
    assert (len(what.changed), what.made, what.dropped) == (6, (), ())
    one = replace(two, slots=two.slots[:1])
    kept = [replace(v, modified=True) if v.pattern_slot == 2 else v for v in there]
    assert len(difference(two, one, kept, TODAY, "unmodified", NOW).stays) == 6
    later = with_values(one, 1, {"need": "y"})
    assert difference(one, later, kept, TODAY, "following", NOW).dropped == (), "changed by hand and left: no stray"
    over = replace(one, rule=Rule(TODAY, TODAY - timedelta(days=1)))
    assert len(difference(one, over, kept, TODAY, "following", NOW).dropped) == len(kept)


@given(st.lists(clock, min_size=2, max_size=2), st.integers(0, 200), st.integers(5, 90), st.integers(0, 600), st.data())
def test_a_gap_can_be_kept_when_some_two_starts_keep_it(
    opens: list[time], wide: int, minutes: int, least: int, data: st.DataObject
) -> None:
    most = data.draw(st.none() | st.integers(least, 700))
    first, second = (Window.of(at_local(TODAY, t.hour, t.minute), wide + 1) for t in sorted(opens))
    ends = [at + timedelta(minutes=minutes) for at in (first.start, first.end)]
    longest, shortest = second.end - ends[0], second.start - ends[1]
    some = longest >= timedelta(minutes=least) and (most is None or shortest <= timedelta(minutes=most))
    assert can_keep(first, minutes, second, Gap(least, most)) == some


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rule": Rule(TODAY - timedelta(days=1))}, ("starts", "in_the_past")),
        ({"rule": Rule(TODAY, TODAY - timedelta(days=1))}, ("ends", "before_it_starts")),
        ({"rule": Rule(TODAY, None, "week")}, ("weekdays", "missing")),
        ({"rule": Rule(TODAY, None, "day", 0)}, ("every", "weeks_out_of_range")),
        ({"slots": ()}, ("times", "missing")),
        ({"slots": (Slot(1, time(23), None, 30, "x"),)}, ("times", "fixed_outside_hours")),
        ({"slots": (Slot(1, time(6), time(8), 30, "x"),)}, ("times", "outside_hours")),
        ({"slots": (Slot(1, time(8), time(9), 3, "x"),)}, ("minutes", "out_of_range")),
        ({"slots": (Slot(1, time(8), time(9), 30, " "),)}, ("need", "missing")),
        ({"gap": Gap(60)}, ("gap", "needs_two_times")),
    ],
)
def test_what_cannot_be_is_named_by_its_field(change: dict[str, object], problem: tuple[str, str]) -> None:
    good = Pattern(
        PatternId(new_id()), PersonId(new_id()), TeamId(1), Rule(TODAY), (Slot(1, time(8), time(9), 30, "x"),)
    )
    check_pattern(good, TODAY, fresh=True)
    with pytest.raises(BadValues) as told:
        check_pattern(replace(good, **change), TODAY, fresh=True)  # type: ignore[arg-type]
    assert BadValue(*problem) in told.value.problems


def test_a_gap_over_three_visits_is_refused_though_each_two_could_keep_it() -> None:
    slots = tuple(Slot(n, time(h), time(h + 2), 30, "x") for n, h in ((1, 8), (2, 10), (3, 12)))
    three = Pattern(PatternId(new_id()), PersonId(new_id()), TeamId(1), Rule(TODAY), slots, Gap(180))
    with pytest.raises(BadValues) as told:
        check_pattern(three, TODAY, fresh=True)
    assert told.value.problems == (BadValue("gap", "too_long"),)


def test_a_visit_whose_window_is_past_is_refused() -> None:
    person, team = PersonId(new_id()), TeamId(1)
    gone = VisitDraft(VisitId(new_id()), person, team, TODAY, Window.of(NOW - timedelta(hours=1), 60), 30, "x")
    with pytest.raises(BadValues) as told:
        check_visit(gone, NOW)
    assert told.value.problems == (BadValue("arrive", "in_the_past"),)


def test_what_nobody_in_the_team_could_take_is_named() -> None:
    reach = Reach("North", 450, {"insulin": 1}, {"female": 3}, {"insulin": "Insulin", "hoist": "Hoist"})
    slot = Slot(1, time(8), time(9), 460, "x", 2, ("hoist", "insulin"), gender_asked="male")
    found = advice([slot, slot], reach)
    assert [o.code for o in found] == [
        "longer_than_any_shift", "no_worker_has_skill", "too_few_with_skill", "nobody_of_gender",
    ]  # fmt: skip
    assert (found[0].fact("team"), found[0].fact("longest"), found[1].fact("skill")) == ("North", 450, "Hoist")
    assert [o.code for o in advice([slot], Reach("North", None, {"insulin": 2, "hoist": 2}, {"male": 2}))] == [
        "nobody_on_rota"
    ]


@given(st.lists(st.tuples(clock, clock, st.none() | st.integers(5, 480)), min_size=1, max_size=6))
def test_times_are_read_as_they_are_written(found: list[tuple[time, time, int | None]]) -> None:
    times = tuple(TimeOfDay(a, b if b > a else None, minutes) for a, b, minutes in found)
    assert parse_times(times_words(times)) == times


@given(st.text(max_size=30))
def test_any_text_is_times_or_a_problem_of_the_field(text: str) -> None:
    for parse in (parse_times, parse_gap):
        try:
            parse(text)
        except BadValue as bad:
            assert bad.field in ("times", "gap")


@given(st.integers(0, 900), st.none() | st.integers(0, 900))
def test_gaps_are_read_as_they_are_written(least: int, most: int | None) -> None:
    assert parse_gap(gap_words(Gap(least, most))) == Gap(least, most)


@given(patterns(), st.integers(0, 30))
def test_slots_keep_their_numbers_when_their_times_are_typed_again(pattern: Pattern, used: int) -> None:
    again = tuple(replace(s, number=0) for s in reversed(pattern.slots))
    assert numbered(again, pattern.slots, used) == in_order(pattern.slots)
    more = numbered((*again, Slot(0, time(21, 50), None, 30, "x")), pattern.slots, len(pattern.slots) + used)
    assert sorted(s.number for s in more)[-1] == len(pattern.slots) + used + 1
