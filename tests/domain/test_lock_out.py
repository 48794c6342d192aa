"""The rule of who is locked out until when: whatever the log says, in whatever order, and however the clock goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.governance import lock_out
from coordination.governance.lock_out import Limits, Lock, SignIns, Try

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMITS = Limits(tries=4, minutes=15)
LOGINS, ADDRESSES = ("ada", "ben"), ("10.0.0.1", "fd00::1")

tries = st.lists(
    st.builds(
        Try,
        entry=st.integers(0, 30).map(str),
        at=st.integers(-40 * 60, 10 * 60).map(lambda seconds: NOW + timedelta(seconds=seconds)),
        login=st.sampled_from(LOGINS),
        address=st.sampled_from(ADDRESSES),
        fitted=st.sampled_from((False, False, False, True)),
        known=st.sampled_from((True, True, False)),
    ),
    unique_by=lambda one: one.entry,
    max_size=30,
)
limits = st.builds(Limits, st.integers(1, 6), st.integers(1, 30), st.sampled_from((0, 0, 2, 3)))


def refused(
    count: int, *, login: str = "ada", address: str = "10.0.0.1", begin: float = -5, step: float = 0
) -> list[Try]:
    return [
        Try(f"{login}{address}{begin}.{n}", NOW + MINUTE * (begin + n * step), login, address) for n in range(count)
    ]


def heard(heard_tries: Sequence[Try], of: Limits = LIMITS, now: datetime = NOW) -> SignIns:
    made = SignIns(of)
    made.hear(heard_tries, now)
    return made


def test_the_login_is_locked_at_that_address_alone_and_as_long_as_was_said() -> None:
    made = heard(refused(4) + refused(3, login="ben") + refused(3, address="10.0.0.2"))
    assert made.locks(NOW) == [Lock("ada", "10.0.0.1", NOW + 10 * MINUTE)]
    assert made.locks(NOW + 9.9 * MINUTE) and not made.locks(NOW + 10 * MINUTE)
    made.hear(refused(1, begin=10.5), NOW + 11 * MINUTE)
    assert not made.locks(NOW + 11 * MINUTE), "what made a lock does not count once it is over"


def test_only_what_lies_close_together_counts_and_a_password_that_fits_ends_the_count() -> None:
    assert not heard(refused(4, begin=-16, step=5)).locks(NOW), "four within fifteen minutes, to the second"
    assert heard(refused(4, begin=-15, step=4.9)).locks(NOW)
    fits = Try("fits", NOW - 5 * MINUTE, "ada", "10.0.0.1", fitted=True)
    assert not heard([*refused(3), fits, *refused(3, begin=-4)]).locks(NOW)
    before = Try("fitted before", NOW - 6 * MINUTE, "ada", "10.0.0.1", fitted=True)
    assert not heard([*refused(3), *refused(3, begin=-4), fits, before]).locks(NOW)
    assert heard([before, *refused(4)]).locks(NOW)
    elsewhere = Try("fits", NOW, "ada", "10.0.0.2", fitted=True)
    assert heard([*refused(4), elsewhere]).locks(NOW), "from where it fitted, and nowhere else"


def test_of_many_the_latest_count_whatever_their_entries_are_called() -> None:
    late = [Try(f"a{n}", NOW - 5 * MINUTE, "ada", "10.0.0.1") for n in range(4)]
    early = [Try(f"z{n}", NOW - 25 * MINUTE, "ada", "10.0.0.1") for n in range(4)]
    assert heard(late + early).locks(NOW) == [Lock("ada", "10.0.0.1", NOW + 10 * MINUTE)]


def test_names_that_are_no_logins_lock_nobody_and_are_not_kept() -> None:
    made = heard([Try(str(n), NOW, f"made.up.{n % 5}", "10.0.0.1", known=False) for n in range(100)])
    assert made.locks(NOW) == [] and made.pairs == {}


def test_a_login_that_was_made_meanwhile_counts() -> None:
    absent = [Try(str(n), NOW, "new.one", "10.0.0.1", known=False) for n in range(2)]
    asked = Limits(tries=4, minutes=15, names=9)
    assert heard(absent + refused(2, login="new.one"), asked).locks(NOW)
    assert heard(refused(2, login="new.one") + absent, asked).locks(NOW)
    assert not heard(absent + refused(2, login="new.one")).locks(NOW), "without --names they are not kept"


def test_many_names_at_one_address_shut_it_out_where_that_was_asked_for() -> None:
    sprayed = [one for n in range(12) for one in refused(1, login=f"user.{n}")]
    assert heard(sprayed).locks(NOW) == []
    asked = Limits(tries=4, minutes=15, names=12)
    slowly = heard([one for n in range(12) for one in refused(1, login=f"user.{n}", begin=n - 12)], asked)
    assert slowly.locks(NOW) and slowly.locks(NOW + 13 * MINUTE), "to its end, though the first are long past"
    assert heard(sprayed, asked).locks(NOW) == [Lock("", "10.0.0.1", NOW + 10 * MINUTE)]
    assert heard(sprayed[:-1], asked).locks(NOW) == []
    assert heard(sprayed[:-1] * 5 + refused(3, login="user.0"), asked).locks(NOW) == [], "names, not tries"
    came_in = Try("fits", NOW, "user.3", "10.0.0.1", fitted=True)
    assert heard([*sprayed, came_in], asked).locks(NOW) == [], "whoever came in after all does not count"


def test_somebody_is_let_in_again_by_hand() -> None:
    made = heard(refused(4) + refused(4, login="ben") + refused(4, address="fd00::1"))
    assert made.release("ada", NOW) == 2
    assert [lock.login for lock in made.locks(NOW)] == ["ben"]
    made.hear(refused(4), NOW)
    assert [lock.login for lock in made.locks(NOW)] == ["ben"], "and what the log says of before is not heard again"
    assert made.release("10.0.0.1", NOW) == 2 and made.locks(NOW) == []
    assert made.release("nobody", NOW) == 0


def test_a_flood_of_pairs_does_not_fill_the_memory_and_does_not_hide_who_is_locked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lock_out, "MOST_PAIRS", 50)
    flood = [Try(f"f{n}", NOW, "ada", f"10.1.{n // 250}.{n % 250}") for n in range(1000)]
    made = heard(refused(4, begin=-10) + flood)
    assert len(made.pairs) == 50
    assert made.locks(NOW) == [Lock("ada", "10.0.0.1", NOW + 5 * MINUTE)]


@given(tries, limits, st.data())
def test_neither_order_nor_repetition_matters(of: list[Try], by: Limits, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(of + data.draw(st.lists(st.sampled_from(of), max_size=10)) if of else of))
    assert heard(of, by).locks(NOW) == heard(shuffled, by).locks(NOW)
    made = heard(of, by)
    made.hear(shuffled, NOW)
    assert made.locks(NOW) == heard(of, by).locks(NOW)


@given(tries, limits)
def test_nobody_is_locked_out_by_fewer_tries_than_the_limit(of: list[Try], by: Limits) -> None:
    for lock in heard(of, by).locks(NOW):
        late = [one for one in of if not one.fitted and one.at > NOW - by.counts and one.address == lock.address]
        if lock.login:
            assert len([one for one in late if one.login == lock.login]) >= by.tries
            assert any(one.known for one in of if (one.login, one.address) == (lock.login, lock.address))
        else:
            assert by.names and len({one.login for one in late}) >= by.names


@given(st.lists(st.tuples(tries, st.integers(-90, 90)), max_size=6), limits)
def test_every_lock_ends_however_the_clock_went(turns: list[tuple[list[Try], int]], by: Limits) -> None:
    made, now = SignIns(by), NOW
    for of, minutes in turns:
        now = NOW + MINUTE * minutes
        made.hear(of, now)
        for lock in made.locks(now):
            assert now < lock.until <= now + by.span
    assert made.locks(now + by.span) == []
    assert made.locks(now + by.counts) == [] and made.pairs == {}


@given(tries, limits, st.integers(1, 29))
def test_a_lock_stays_until_its_end_though_nothing_more_is_heard(of: list[Try], by: Limits, minutes: int) -> None:
    made = heard(of, by)
    begun, later = made.locks(NOW), NOW + MINUTE * minutes
    made.hear([], later)
    assert made.locks(later) == [lock for lock in begun if lock.until > later]


@pytest.mark.parametrize("bad", [{"tries": 0}, {"minutes": 0}, {"names": -1}])
def test_limits_that_are_none_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limits"):
        Limits(**bad)
