"""Which referrals look like the one about to be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coordination.intake.alike import BeingWritten, Referred, alike, likeness, weigh, why
from coordination.people.record import RecordReferral
from coordination.values import PersonId, ReferralId, new_id

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WHO = PersonId(new_id())
NEED = "Fell in the bathroom on Sunday, cannot wash or dress without help"


def referred(**changes: object) -> Referred:
    referral = RecordReferral(
        ReferralId(new_id()), 703, "reablement", "Reablement", "24_hours", "waiting", NEED, NOW - timedelta(days=2),
        NOW + timedelta(hours=3), None,
    )  # fmt: skip
    there = Referred(referral, WHO, "Sylvia Pankhurst", "0161 496 0009", None)
    inside = {name: changes.pop(name) for name in list(changes) if hasattr(referral, name)}
    return replace(there, referral=replace(referral, **inside), **changes)  # type: ignore[arg-type]


def test_the_same_service_and_similar_words_of_one_person_are_likely() -> None:
    written = BeingWritten(WHO, frozenset({"reablement"}), "She fell in the bathroom. Washing and dressing are hard.")
    (found,) = alike(written, [referred()], NOW)
    assert found.strength == "likely"
    assert found.reasons == ("same_person", "same_service", "same_words", "recent")


def test_a_caller_alone_decides_nothing() -> None:
    written = BeingWritten(WHO, frozenset(), "When does the library open?", "Sylvia Pankhurst", "0161 496 0009")
    assert alike(written, [referred()], NOW) == []
    assert "same_phone" in why(written, referred(), NOW)


def test_another_person_is_another_referral() -> None:
    written = BeingWritten(PersonId(new_id()), frozenset({"reablement"}), NEED, "Sylvia Pankhurst", "0161 496 0009")
    assert alike(written, [referred()], NOW) == []


def test_of_nobody_known_the_telephone_or_nearly_the_same_words_tie_them() -> None:
    service = frozenset({"reablement"})
    nobody = referred(person_id=None)
    (found,) = alike(BeingWritten(None, service, NEED, "", "+44 161 496 0009"), [nobody], NOW)
    assert (found.strength, "same_phone" in found.reasons) == ("likely", True)
    (found,) = alike(BeingWritten(None, frozenset(), NEED), [nobody], NOW)
    assert found.strength == "possible"
    assert alike(BeingWritten(None, service, "A bath board and a rail"), [nobody], NOW) == []


def test_ended_lately_is_shown_after_the_open_ones_and_long_ago_not_at_all() -> None:
    written = BeingWritten(WHO, frozenset({"reablement"}), NEED)
    lately = referred(state="closed", ended_at=NOW - timedelta(days=3))
    long_ago = referred(state="closed", ended_at=NOW - timedelta(days=15))
    found = alike(written, [long_ago, lately, referred()], NOW)
    assert [each.found.ended_at for each in found] == [None, lately.ended_at]


def test_an_old_open_referral_for_the_same_service_is_possible() -> None:
    old = referred(received_at=NOW - timedelta(days=40), need="Stairs")
    (found,) = alike(BeingWritten(WHO, frozenset({"reablement"}), NEED), [old], NOW)
    assert (found.strength, found.reasons) == ("possible", ("same_person", "same_service"))


def test_words_that_say_nothing_are_not_counted() -> None:
    assert likeness("Please can you help her now", "Please can you help him today") == 0
    assert likeness("falls washing stairs", "stairs and falls, washes") == 1.0
    assert likeness("", NEED) == 0


TEXTS = st.text(alphabet="abc éł, ", max_size=60)


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


REASONS = st.sets(st.sampled_from(["same_person", "same_service", "same_words", "same_phone", "same_caller", "recent"]))


@given(REASONS, st.floats(0, 1))
def test_without_a_reason_in_what_is_asked_for_nothing_is_shown(reasons: set[str], like: float) -> None:
    strength = weigh(reasons, like)  # type: ignore[arg-type]
    if not reasons & {"same_service", "same_words"}:
        assert strength is None
    if strength == "likely":
        assert reasons & {"same_person", "same_phone"}


@given(st.integers(0, 60), st.booleans(), st.sampled_from([WHO, None]), st.sampled_from(["", NEED]))
def test_weighing_never_fails_and_shows_few(days: int, ended: bool, person: PersonId | None, need: str) -> None:
    there = [
        referred(person_id=person, received_at=NOW - timedelta(days=days), ended_at=NOW if ended else None)
        for _ in range(9)
    ]
    assert len(alike(BeingWritten(WHO, frozenset({"reablement"}), need), there, NOW)) <= 4
