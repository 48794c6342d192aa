"""Rules of trust (A3) and of relying on it (A4): what follows from dates, and what may follow what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.assessment import receipts, trust
from coordination.assessment.receipts import AskMore, Point, PointId, ReaskRow, Receipt, ReceiptId
from coordination.assessment.trust import Agreement, AgreementId, Assessor, Held, HeldId, RecognitionId
from coordination.errors import BadValue, BadValues
from coordination.values import AssessmentId, PersonId, TeamId, UserName, new_id
from tests.trust_kit import agreement_draft
from ui.trust.trust_forms import _months_on

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
dates = st.dates(date(2025, 1, 1), date(2028, 12, 31))
maybe = st.none() | dates


def agreement(**changes: Any) -> Agreement:
    made = Agreement(
        AgreementId(new_id()), "A", "Ward", "Team", ("*",), ("*",), (), "", "Corrected", None, "", "", DAY, DAY, None,
        "", 0, 1,
    )  # fmt: skip
    return replace(made, **changes)


def held(code: str, gained: date, last: date | None) -> Held:
    return Held(HeldId(new_id()), UserName("a"), code, code, gained, last, "", 1)


def assessor(**changes: Any) -> Assessor:
    made = Assessor(
        RecognitionId(new_id()), UserName("a"), "A", True, "Ward", AgreementId(new_id()), "A", date(2025, 1, 1), None,
        (), ("*",), date(2025, 1, 1), None, "", (), True, 1,
    )  # fmt: skip
    return replace(made, **changes)


@given(dates, dates, maybe, dates)
def test_an_agreement_is_what_its_dates_say(starts: date, review: date, ends: date | None, day: date) -> None:
    standing = agreement(starts_on=starts, review_on=review, ends_on=ends).standing(day)
    in_force = starts <= day and (ends is None or day <= ends)
    assert (standing in ("in_force", "due_for_review")) == in_force
    if standing == "due_for_review":
        assert review <= day + trust.SOON


@given(maybe, maybe, dates)
def test_both_days_are_in(first: date | None, last: date | None, day: date) -> None:
    holds = (first is None or first <= day) and (last is None or day <= last)
    assert (trust.validity(first, last, day) in ("in_date", "expires_soon")) == holds


@given(maybe, maybe, st.lists(st.tuples(st.sampled_from("ab"), dates, maybe), max_size=5), dates)
def test_who_may_sign_has_everything_in_date(
    first: date | None, last: date | None, has: list[tuple[str, date, date | None]], day: date
) -> None:
    """The same rule as the database's: of each that is required, one that holds today is enough."""
    kept = tuple(held(code, gained, end) for code, gained, end in has if end is None or gained <= end)
    one = assessor(first=first, last=last, held=kept, required=("a", "b"))
    if one.may_sign(day):
        for code in "ab":
            assert any(h.competency == code and h.validity(day) in ("in_date", "expires_soon") for h in kept)
    elif trust.validity(first, last, day) in ("in_date", "expires_soon"):
        assert one.lacking(day)


def test_what_ends_soon_is_said_while_it_runs() -> None:
    near, far = DAY + timedelta(days=60), DAY + timedelta(days=61)
    one = assessor(required=("a",), held=(held("a", date(2026, 1, 1), near),))
    assert one.soon(DAY) and one.next_end(DAY) == near
    assert not replace(one, held=(held("a", date(2026, 1, 1), far),)).soon(DAY)
    assert replace(one, held=()).soon(DAY) and replace(one, held=()).lacking(DAY) == ("a",)
    renewed = replace(one, held=(*one.held, held("a", DAY, None)))
    assert not renewed.soon(DAY) and renewed.next_end(DAY) is None
    assert not replace(one, last=DAY - timedelta(days=1)).soon(DAY)  # over already
    assert not replace(one, held=(), seen=False).may_sign(DAY)


def test_what_is_written_down_is_whole() -> None:
    trust.check_agreement(agreement_draft())
    with pytest.raises(BadValues) as empty:
        trust.check_agreement(
            agreement_draft(name="", services=(), forms=(), if_flawed="", contact=None, review_on=date(2020, 1, 1))
        )
    fields = {(p.field, p.reason) for p in empty.value.problems}
    assert {("name", "required"), ("services", "required"), ("contact", "required")} <= fields
    assert ("review_on", "before_start") in fields
    trust.check_end(DAY - timedelta(days=1), "At once", DAY)
    with pytest.raises(BadValues):
        trust.check_end(DAY - timedelta(days=2), "", DAY)
    with pytest.raises(BadValues) as ask:
        receipts.check_ask(AskMore("", " ", "why", DAY - timedelta(days=1)), DAY)
    assert [(p.field, p.reason) for p in ask.value.problems] == [("words", "required"), ("due_on", "in_the_past")]
    with pytest.raises(BadValue):
        receipts.check_words("reason", "x" * 11, 10)


def receipt(**changes: Any) -> Receipt:
    made = Receipt(
        ReceiptId(new_id()), AssessmentId(new_id()), PersonId(new_id()), TeamId(1), "Team", "referral", "", "waiting",
        NOW, "", NOW, UserName("a"), "A", None, None, "", (), True, False, 1,
    )  # fmt: skip
    return replace(made, **changes)


def point(**changes: Any) -> Point:
    made = Point(
        PointId(new_id()), "more", "", "Which?", "Why", DAY, NOW, "T", "", None, "", None, "", None, None, "", 1
    )  # fmt: skip
    return replace(made, **changes)


def test_each_side_is_offered_what_it_can_do() -> None:
    def offered(one: Receipt) -> set[str]:
        acts = ("accept", "ask", "challenge", "take_back", "reply", "uphold", "reopen")
        return {act for act in acts if one.may(act)}  # type: ignore[arg-type]

    assert offered(receipt()) == {"accept", "ask", "challenge"}
    assert offered(receipt(state="accepted")) == {"ask", "challenge", "take_back"}
    asked = receipt(state="asked", points=(point(),))
    assert offered(asked) == {"take_back"}
    ours = replace(asked, mine=False, ours=True)
    assert offered(ours) == {"reply"}
    assert offered(replace(ours, state="challenged", points=(point(kind="challenge"),))) == {"reply", "uphold"}
    assert offered(replace(ours, state="upheld", points=(point(kind="challenge", outcome="upheld"),))) == {"reopen"}
    assert offered(replace(asked, superseded_by=AssessmentId(new_id()))) == set()
    answered = receipt(points=(point(outcome="answered", reply="x"),))
    assert answered.answered and not receipt(points=(point(outcome="taken_back"),)).answered


def test_every_move_but_the_correction_leads_somewhere() -> None:
    for state, after in receipts.MOVES.items():
        assert after and state not in after and set(after) <= set(receipts.MOVES)


def test_a_rate_is_of_what_is_decided() -> None:
    row = ReaskRow(None, "", TeamId(1), "T", 5, 3, 1, 1, 0, 0, 1, 2)
    assert row.rate == 0.5
    assert replace(row, decided=0).rate is None


@given(dates, st.integers(1, 60))
def test_some_months_on_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    on = _months_on(day, months)
    assert (on.year * 12 + on.month) - (day.year * 12 + day.month) == months
    assert on.day == day.day or (on + timedelta(days=1)).day == 1
