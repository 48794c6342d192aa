"""What may be said of a visit, when it is missing, and the clocks of a case: over midnight and both clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.clock import LONDON, at_local
from coordination.deployment.model import PersonBrief
from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.model import Case, CaseId, CaseStep, Choices, Ending, Entry, ProtocolStep, Reason
from coordination.deployment.outcomes.reference import numbers
from coordination.errors import BadValues
from coordination.reference import standing
from coordination.values import PersonId, TeamId, VisitId, Window, new_id
from tests.domain.deployment_boards import DAY, at, visit, worker

CHOICES = Choices(
    (
        Reason("no_reply", "no_access", "No reply at the door"),
        Reason("other", "no_access", "Another reason", asks_words=True),
        Reason("managed", "declined", "Had managed alone"),
    ),
    (Ending("found_safe", "Found safe"), Ending("with_police", "With the police", True, True)),
)
STEPS = st.lists(
    st.builds(
        lambda code, minutes, share, only: ProtocolStep(code, code, "", "worker", minutes, int(minutes * share), only),
        st.text("abc", min_size=2, max_size=6), st.integers(0, 1440), st.floats(0, 1), st.booleans(),
    ),
    min_size=1, max_size=8,
)  # fmt: skip
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
CHANGES = [datetime(2026, 3, 29, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 0, 50, tzinfo=UTC)]


def case(since: datetime, steps: list[CaseStep], ended: datetime | None = None) -> Case:
    who = PersonBrief(PersonId(new_id()), "Adams", "Ann")
    return Case(
        CaseId(new_id()), VisitId(new_id()), who, TeamId(1), "Team", DAY, Window.of(since, 30), "Washing", (), since,
        False, None, "", "Tess", tuple(steps), ending="found_safe" if ended else None, ended_at=ended,
    )  # fmt: skip


def step(due: datetime, code: str = "ring", done: datetime | None = None) -> CaseStep:
    return CaseStep(code, code, "", "worker", due, done_at=done)


# ---------------------------------------------------------------- the protocol


@given(STEPS, MOMENTS)
def test_steps_are_due_so_many_minutes_after_and_sooner_when_it_presses(protocol, since) -> None:
    usual = dict(rules.schedule(protocol, since, urgent=False))
    urgent = dict(rules.schedule(protocol, since, urgent=True))
    assert set(usual) == {s for s in protocol if not s.only_urgent} and set(urgent) == set(protocol)
    for each, due in usual.items():
        assert due - since == timedelta(minutes=each.minutes) and urgent[each] <= due
        assert due.tzinfo is UTC


@pytest.mark.parametrize("since", [*CHANGES, datetime(2026, 11, 21, 23, 50, tzinfo=UTC)])
def test_an_hour_is_an_hour_at_midnight_and_when_the_clocks_change(since) -> None:
    hour = ProtocolStep("welfare", "", "", "team_lead", 60, 30, False)
    ((_, due),) = rules.schedule([hour], since, urgent=False)
    assert due - since == timedelta(hours=1)
    wall = due.astimezone(LONDON).replace(tzinfo=None) - since.astimezone(LONDON).replace(tzinfo=None)
    assert wall == {3: timedelta(hours=2), 10: timedelta(0)}.get(since.month, timedelta(hours=1))
    opened = case(since, [step(due)])
    assert rules.state_of(opened.steps[0], due - timedelta(minutes=16)) == "waiting"
    assert rules.state_of(opened.steps[0], due - timedelta(minutes=15)) == "due_soon"
    assert rules.state_of(opened.steps[0], due) == "overdue"


@given(MOMENTS, st.lists(st.tuples(st.integers(-600, 600), st.booleans()), max_size=8))
def test_what_is_counted_as_due_is_what_has_not_been_done(now, steps) -> None:
    made = [step(now + timedelta(minutes=m), f"s{n}", now if done else None) for n, (m, done) in enumerate(steps)]
    opened = case(now, made)
    open_ = [m for m, done in steps if not done]
    if open_:
        assert rules.due_within([opened], now) == sum(m <= 15 for m in open_)
        following = rules.next_step(opened)
        assert following is not None and following.due == now + timedelta(minutes=min(open_))
    else:
        assert rules.is_waiting_for_an_ending(opened) and rules.due_within([opened], now) == 1
    assert rules.due_within([replace(opened, ended_at=now, ending="found_safe")], now) == 0


def test_what_presses_most_comes_first() -> None:
    late, soon, done = at(9), at(10), at(8)
    cases = [case(at(7), [step(soon)]), case(at(8), [step(late)]), case(done, [step(late, done=late)])]
    assert [c.since for c in rules.in_order(cases)] == [done, at(8), at(7)]


def test_the_shipped_protocol_holds_together() -> None:
    found = standing.read()
    assert [s.minutes for s in found.no_access_steps] == [0, 10, 20, 30, 60]
    assert all(s.minutes_urgent <= s.minutes for s in found.no_access_steps)
    assert [s.code for s in found.no_access_steps if s.only_urgent] == ["welfare_check"]
    outcomes = {r.outcome for r in found.outcome_reasons}
    assert outcomes == {"no_access", "declined", "cancelled", "missed", "moved"}
    assert all(e.asks_words for e in found.no_access_endings if e.needs_all_steps)


# ---------------------------------------------------------------- steps and endings


def test_a_step_is_done_with_words_and_not_ahead_of_its_time() -> None:
    assert rules.check_step(" Rang twice ", None, at(9)) == "Rang twice"
    for words, done_at, expected in (
        (" ", None, ["came_of_it: missing"]),
        ("x" * 2001, None, ["came_of_it: too_long"]),
        ("", at(10), ["came_of_it: missing", "done_at: in_the_future"]),
    ):
        with pytest.raises(BadValues) as told:
            rules.check_step(words, done_at, at(9))
        assert [str(p) for p in told.value.problems] == expected


def test_an_ending_is_one_of_the_list_and_the_last_needs_every_step() -> None:
    opened, tried = case(at(9), [step(at(9))]), case(at(9), [step(at(9), done=at(9))])
    police, safe = CHOICES.ending("with_police"), CHOICES.ending("found_safe")
    assert rules.check_ending(safe, "", opened) == ""
    assert rules.check_ending(police, " Log 12 ", tried) == "Log 12"
    for ending, words, about, expected in (
        (None, "x", opened, "ending: unknown_choice"),
        (Ending("taken_back", ""), "x", opened, "ending: unknown_choice"),
        (police, "x", opened, "ending: steps_are_open"),
        (police, "", tried, "came_of_it: missing"),
    ):
        with pytest.raises(BadValues) as told:
            rules.check_ending(ending, words, about)
        assert [str(p) for p in told.value.problems] == [expected]


# ---------------------------------------------------------------- entries


def entry(outcome: str = "done", reason: str | None = None, **more: object) -> Entry:
    return Entry(VisitId(new_id()), 1, outcome, reason, **more)  # type: ignore[arg-type]


EVENING = at(20)


def problems(made: Entry, now: datetime = EVENING) -> list[str]:
    try:
        rules.check_entry(made, visit(start=(9, 0)), CHOICES, now)
    except BadValues as error:
        return [str(p) for p in error.problems]
    return []


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (entry(), []),
        (entry(began=at(9, 5), ended=at(9, 40)), []),
        (entry("no_access", "no_reply"), []),
        (entry("no_access", None, words="Curtains drawn"), []),
        (entry("no_access"), ["reason: missing"]),
        (entry("no_access", "managed"), ["reason: unknown_choice"]),
        (entry("done", "no_reply"), ["reason: unknown_choice"]),
        (entry("no_access", "other"), ["why: missing"]),
        (entry("lost"), ["outcome: unknown_choice"]),
        (entry("cancelled", None, words="x" * 2001), ["why: too_long"]),
        (entry("cancelled", None, words="x", began=at(9)), ["began: nobody_was_there"]),
        (entry(ended=at(9)), ["began: missing"]),
        (entry(began=at(9), ended=at(9)), ["ended: ends_before_it_starts"]),
        (entry(began=at(21)), ["began: in_the_future"]),
        (entry(began=at(19), ended=at(21)), ["ended: in_the_future"]),
        (entry(began=at(9, day=DAY - timedelta(days=1))), ["began: on_another_day"]),
    ],
)
def test_each_entry_says_what_is_wrong_with_it(made, expected) -> None:
    assert problems(made) == expected


def test_a_late_evening_runs_over_midnight_and_a_day_of_25_hours_ends() -> None:
    after = at_local(DAY + timedelta(days=1), 0, 30)
    assert problems(entry(began=after), after + timedelta(hours=1)) == []
    assert problems(entry(began=after + timedelta(hours=4)), after + timedelta(hours=9)) == ["began: on_another_day"]
    long_day = date(2026, 10, 25)
    began = at_local(long_day, 23, 45)
    made = replace(visit(), day=long_day, arrive=Window.of(at_local(long_day, 23), 60))
    rules.check_entry(
        entry(began=began, ended=began + timedelta(minutes=30)), made, CHOICES, began + timedelta(hours=2)
    )


@given(st.integers(-300, 300), st.booleans())
def test_a_visit_is_missing_half_an_hour_after_its_end(minutes, placed) -> None:
    amina = worker(1)
    made = visit(start=(9, 0), minutes=45, window=60, to=[(amina, (9, 30))] if placed else [])
    ends = at(10, 15) if placed else at(10, 45)
    assert rules.ends_at(made) == ends
    now = ends + timedelta(minutes=minutes)
    assert rules.is_missing(made, now) == (minutes >= numbers().missing_after)
    assert not rules.is_missing(replace(made, state="done"), now)


@given(st.lists(st.integers(0, 30), max_size=8))
def test_three_times_in_seven_days_is_often(days) -> None:
    today = date(2026, 11, 22)
    assert rules.declines_often([today - timedelta(days=d) for d in days], today) == (sum(d < 7 for d in days) >= 3)
