"""A paper sheet while it is entered: what each key does, and that a draft comes back as it was."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coordination.deployment.outcomes.model import Choices, PaperSheet, Reason, SheetRow
from coordination.local import wire
from coordination.values import TeamId, WorkerId
from tests.domain.deployment_boards import DAY, at, visit, worker
from ui.outcomes import words
from ui.outcomes.lines import Sheet

AMINA = worker(1, "Amina")
CHOICES = Choices(
    (
        Reason("no_reply", "no_access", "No reply"), Reason("out", "no_access", "Is out"),
        Reason("managed", "declined", "Had managed"), Reason("ill", "missed", "Worker ill"),
        Reason("hospital", "cancelled", "In hospital"),
    ), (),
)  # fmt: skip


def sheet(hours: tuple[int, ...] = (9, 10, 11), now: int = 20) -> Sheet:
    visits = [visit(f"P{h}", start=(h, 0), minutes=30, to=[(AMINA, (h, 0))]) for h in hours]
    rows = tuple(SheetRow(v, v.allocations[0].window) for v in visits)
    return Sheet(PaperSheet(TeamId(1), DAY, WorkerId(1), "Amina", rows, at(now)), CHOICES)


def test_nothing_is_said_of_a_visit_until_a_key_says_it() -> None:
    s = sheet()
    assert s.entries() == [] and s.left == 3
    s.agree(0)
    assert [(e.outcome, e.began) for e in s.entries()] == [("done", None)], "as planned: no time is made up"
    assert s.agree_with_the_rest() == 2 and s.left == 0 and s.said == 3
    s.clear(1)
    assert s.said == 2


def test_a_key_again_goes_on_to_the_next_reason() -> None:
    s = sheet()
    reasons = []
    for _ in range(3):
        s.say(0, "no_access")
        reasons.append(s.lines[0].reason.code)
    assert reasons == ["no_reply", "out", "no_reply"]
    s.say(0, "declined")
    assert s.lines[0].reason.code == "managed"


def test_digits_are_a_time_and_four_more_its_end() -> None:
    s = sheet()
    for digit in "0905":
        s.digit(0, digit)
    assert (s.lines[0].began, s.lines[0].ended) == (at(9, 5), at(9, 35)), "as long as planned"
    for digit in "0950":
        s.digit(0, digit)
    assert s.lines[0].ended == at(9, 50) and words.times(s.lines[0]) == "09:05–09:50"
    for digit in "930":
        s.digit(1, digit)
    assert words.times(s.lines[1]) == "93:0_"
    s.agree(1)
    assert s.lines[1].began == at(9, 30), "three digits are a time too"
    s.digit(2, "9")
    s.leave(2)
    assert s.lines[2].began is None and s.lines[2].outcome == "done" and s.lines[2].error
    s.back(0)
    assert s.lines[0].began is None


def test_arrows_move_the_time_and_a_missed_visit_has_none() -> None:
    s = sheet()
    s.shift(0, 5)
    s.shift(0, 5)
    assert (s.lines[0].outcome, s.lines[0].began, s.lines[0].ended) == ("done", at(9, 10), at(9, 40))
    s.say(0, "missed")
    assert s.lines[0].began is None
    s.shift(0, 5)
    s.digit(0, "1")
    assert s.lines[0].began is None and not s.lines[0].typed


def test_what_is_still_to_come_is_not_agreed_with() -> None:
    s = sheet((9, 10, 15), now=12)
    assert s.agree_with_the_rest() == 2
    s.agree(2)
    assert not s.lines[2].is_said


def test_after_midnight_on_a_late_sheet_is_the_next_day() -> None:
    late = visit(start=(23, 30), minutes=30, to=[(AMINA, (23, 30))])
    s = Sheet(PaperSheet(TeamId(1), DAY, None, "", (SheetRow(late, late.allocations[0].window),), at(23)), CHOICES)
    for digit in "0010":
        s.digit(0, digit)
    assert s.lines[0].began == at(24, 10)


KEYS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from("dnxcmRLR0123459BAkw")), max_size=40
)  # fmt: skip


def press(s: Sheet, at_: int, key: str) -> None:
    outcomes = {"d": "done", "n": "no_access", "x": "declined", "c": "cancelled", "m": "missed"}
    if key in outcomes:
        s.say(at_, outcomes[key])  # type: ignore[arg-type]
    elif key.isdigit():
        s.digit(at_, key)
    elif key in "RL":
        s.shift(at_, 5 if key == "R" else -5)
    elif key == "B":
        s.back(at_)
    elif key == "A":
        s.agree(at_)
    elif key == "k":
        s.clear(at_)
    else:
        s.write(at_, "some words")


@given(KEYS)
def test_whatever_is_pressed_a_draft_comes_back_as_it_was(keys) -> None:
    s = sheet()
    for at_, key in keys:
        press(s, at_, key)
        for line in s.lines:
            words.times(line), words.why(line), words.outcome(line)
    kept = wire.decode_what_can_be(wire.encode_what_can_be(s.kept()))
    again = Sheet(s.sheet, CHOICES)
    again.restore(kept["lines"])
    assert [replace(line, error="") for line in again.lines] == [replace(line, error="") for line in s.lines]
    assert again.entries() == s.entries()
    for made in s.entries():
        assert made.began is None or made.ended is not None
        assert made.outcome not in ("cancelled", "missed") or made.began is None
