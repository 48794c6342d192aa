"""When a referral is due, what a contact must say, which move may follow which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.clock import at_local, local_date
from coordination.errors import BadValue, BadValues
from coordination.intake import rules
from coordination.intake.model import CHANNEL_DETAILS, CHANNELS, MOVES, ContactDraft, NoAction, Refer, ReferralDraft
from coordination.intake.reference import URGENCIES, bands
from coordination.values import ReferralId, new_id

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
moments = st.integers(0, 6 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def test_the_bands_are_those_of_the_model_in_order() -> None:
    assert tuple(bands()) == URGENCIES


# E3
@pytest.mark.parametrize(("urgency", "hours"), [("two_hours", 2), ("24_hours", 24), ("72_hours", 72)])
def test_hours_are_hours_through_the_night(urgency: str, hours: int) -> None:
    assert rules.due_at(urgency, NOW) == NOW + timedelta(hours=hours)


def test_same_day_is_ten_at_night_and_never_at_once() -> None:
    assert rules.due_at("same_day", NOW) == at_local(local_date(NOW), 22)
    late = at_local(local_date(NOW), 21, 50)
    assert rules.due_at("same_day", late) == late + timedelta(hours=2)


def test_routine_is_a_week_on_the_centres_calendar() -> None:
    before_clocks_change = datetime(2026, 10, 21, 9, 0, tzinfo=UTC)
    assert rules.due_at("routine", before_clocks_change) == datetime(2026, 10, 28, 22, 0, tzinfo=UTC)


@given(moments, st.sampled_from(URGENCIES))
def test_due_is_always_later(received: datetime, urgency: str) -> None:
    assert rules.due_at(urgency, received) > received


@given(moments)
def test_more_urgent_is_never_later(received: datetime) -> None:
    due = [rules.due_at(urgency, received) for urgency in ("two_hours", "24_hours", "72_hours", "routine")]
    assert due == sorted(due)


def test_unknown_urgency() -> None:
    with pytest.raises(BadValue):
        rules.due_at("soon", NOW)


def test_a_claim_goes_stale_in_half_an_hour_until_it_is_accepted() -> None:
    then = NOW - timedelta(minutes=30)
    assert rules.is_stale(then, "claimed", NOW)
    assert not rules.is_stale(then + timedelta(seconds=1), "claimed", NOW)
    assert not rules.is_stale(then, "accepted", NOW)
    assert not rules.is_stale(None, "waiting", NOW)


def test_a_contact_is_checked_field_by_field() -> None:
    with pytest.raises(BadValues) as told:
        rules.check_contact(
            ContactDraft(
                channel="pigeon",
                need="x" * 20_001,
                caller_name="\0",
                received_at=NOW + timedelta(hours=1),
            ),
            NOW,
        )
    assert {(p.field, p.reason) for p in told.value.problems} == {
        ("channel", "not_in_list"),
        ("received_at", "in_the_future"),
        ("need", "too_long"),
        ("caller_name", "has_unstorable_character"),
    }


def test_what_a_channel_adds_is_checked_too() -> None:
    with pytest.raises(BadValues) as told:
        rules.check_contact(ContactDraft(channel="email", need="x", details={"text": "y" * 20_001}), NOW)
    assert [(p.field, p.reason) for p in told.value.problems] == [("details.text", "too_long")]


def test_a_contact_is_kept_as_typed() -> None:
    draft = ContactDraft(channel="ward", need=" She said: “<b>help</b>” 🌻 ", details={"ward": "A4", "consultant": " "})
    checked = rules.check_contact(draft, NOW)
    assert checked.need == "She said: “<b>help</b>” 🌻"
    assert checked.details == {"ward": "A4"}
    assert checked.received_at == NOW


def test_a_clock_a_little_ahead_is_no_future() -> None:
    assert rules.check_contact(ContactDraft(received_at=NOW + timedelta(minutes=5)), NOW).received_at == NOW


def test_every_channel_is_known_and_its_fields_are_named() -> None:
    assert set(CHANNEL_DETAILS) <= set(CHANNELS)
    assert "moft_at" in rules.detail_fields("ward")
    assert rules.detail_fields("telephone") == ()


# E2
def test_every_ending_says_what_it_must() -> None:
    with pytest.raises(BadValues) as told:
        rules.check_ending(NoAction(""), "need")
    assert told.value.problems[0].field == "no_action_reason"
    with pytest.raises(BadValues) as told:
        rules.check_ending(Refer(()), "need")
    assert told.value.problems[0].field == "service"
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "No hurry")
    with pytest.raises(BadValues) as told:
        rules.check_ending(Refer((draft,)), "")
    assert [(p.field, p.reason) for p in told.value.problems] == [("need", "missing")]
    ending = rules.check_ending(Refer((draft,)), "Stairs")
    assert isinstance(ending, Refer)
    assert ending.referrals[0].need == "Stairs"


def test_every_state_can_be_left_and_reached() -> None:
    assert all(MOVES[state] for state in MOVES)
    assert {state for moves in MOVES.values() for state in moves} == set(MOVES)
