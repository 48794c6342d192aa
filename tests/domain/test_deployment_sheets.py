"""D4: what is on a sheet, and what never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.deployment.discretion import LEFT_OUT, discreet
from coordination.deployment.sheets import sheets
from tests.domain.deployment_boards import alert, at, board, person, visit, worker


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("Key safe left of door, code 1945C then press", f"Key safe left of door, code {LEFT_OUT} then press"),
        ("4521 is the key safe number", f"{LEFT_OUT} is the key safe number"),
        ("Keysafe 4-5-1-2 / backup 9921", f"Keysafe {LEFT_OUT} / backup {LEFT_OUT}"),
        ("key safe: one nine four five", f"key safe: {LEFT_OUT}"),
        ("Flat 101, keysafe C1234Y; ring 0161 496 0000", f"Flat 101, keysafe {LEFT_OUT}; ring 0161 496 0000"),
        ("code 4512 0161 496 0000", f"code {LEFT_OUT}"),
        ("Key safe by 09:30, flat 12", "Key safe by 09:30, flat 12"),
        ("Postcode M9 4AB, flat 1204", "Postcode M9 4AB, flat 1204"),
        ("NHS 943 476 5919, two cats", f"NHS {LEFT_OUT}, two cats"),
        ("Ring\n\n  twice", "Ring twice"),
    ],
)
def test_codes_and_nhs_numbers_are_left_out_and_the_rest_is_not(words: str, printed: str) -> None:
    assert discreet(words) == printed


@given(st.text(max_size=30), st.sampled_from(["key safe", "Keysafe", "door code", "PIN"]), st.integers(1000, 99999999))
def test_no_code_after_the_word_survives(before: str, word: str, code: int) -> None:
    assert str(code) not in discreet(f"{before} {word} {code}")


@given(st.text(max_size=2000))
def test_what_is_printed_is_one_line_and_short(words: str) -> None:
    found = discreet(words, 100)
    assert len(found) <= 100 and "\n" not in found


def test_a_sheet_holds_every_visit_of_its_worker_and_the_team_those_nobody_has() -> None:
    amina, bola, off = worker(1, "Amina"), worker(2, "Bola"), worker(3, "Off", hours=[])
    mine, both = visit("Davies", to=[(amina, (8, 0))]), visit(to=[(amina, (9, 0)), (bola, (9, 0))], workers_needed=2)
    nobodys, half = visit("Open"), visit("Half", start=(11, 0), to=[(bola, (11, 0))], workers_needed=2)
    data = sheets(board([amina, bola, off], [mine, both, nobodys, half]), at(6), "Tess Example")
    assert [w.name for w in data.workers] == ["Amina", "Bola"]
    assert [[line.name for line in w.lines] for w in data.workers] == [
        ["DAVIES, Emmeline", "PANKHURST, Emmeline"],
        ["PANKHURST, Emmeline", "HALF, Emmeline"],
    ]
    assert data.workers[0].lines[1].with_whom == ("Bola",) and data.workers[1].lines[1].second_missing
    assert [line.name for line in data.unplaced] == ["OPEN, Emmeline"]
    assert data.visits == {v.id for v in (mine, both, nobodys, half)}
    alone = data.of_worker(bola.id)
    assert [w.name for w in alone.workers] == ["Bola"] and alone.unplaced == ()


def test_alerts_that_tell_of_an_illness_or_of_abuse_stand_without_their_words() -> None:
    alerts = (
        alert("infection", "MRSA in wound"),
        alert("safeguarding", "Son takes her pension"),
        alert("key_safe", "By the door, 1945"),
        alert("do_not_visit_alone", "Dog bites"),
        alert("allergy", "Latex"),
    )
    amina = worker(1)
    who = person(alerts=alerts, access_notes="Key safe 1945")
    data = sheets(board([amina], [visit(who=who, to=[(amina, (9, 0))])]), at(6), "Tess")
    (line,) = data.workers[0].lines
    assert {r.kind: r.words for r in line.risks} == {
        "infection": "",
        "safeguarding": "",
        "key_safe": "",
        "do_not_visit_alone": "Dog bites",
        "allergy": "Latex",
    }
    assert "1945" not in repr(data) and "MRSA" not in repr(data)
