"""Which words a need says: whole words, whatever their case and accents, and nothing that is denied."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.intake.triage_file import rules
from coordination.intake.triage_words import Need, Phrase, phrase


def of(written: str) -> Phrase:
    found = phrase(written)
    assert found is not None
    return found


ALL = sorted({each.written for rule in rules().rules for each in (*rule.any, *rule.with_, *rule.unless)})
PLAIN = [written for written in ALL if "*" not in written and "..." not in written]


@pytest.mark.parametrize(
    "need",
    [
        "She fell in the kitchen",
        "FELL this morning",
        "Not managing since she fell",
        "No longer safe: fell twice",
        "No carer. Fell in the bath",
        "No injury, fell at home",
        "He is not eating and fell",
        "Not only confused, she fell",
        "cannot get up, fell",
        "denies pain but fell",
        "Lives alone (fell yesterday)",
        "never fallen before, fell today",
        "No one was there when she fell",
    ],
)
def test_said(need: str) -> None:
    assert Need(need).says(of("fell"))


@pytest.mark.parametrize(
    ("need", "words"),
    [
        ("no fall", "fall"),
        ("No recent falls", "falls"),
        ("has not fallen", "fallen"),
        ("hasn't fallen", "fallen"),
        ("hasn’t really fallen", "fallen"),
        ("She has never had a fall", "fall"),
        ("denies any falls", "falls"),
        ("denied having fallen", "fallen"),
        ("without a fall", "fall"),
        ("no evidence of a fall", "fall"),
        ("No chest pain or falls", "falls"),
        ("no chest pain, falls or confusion", "falls"),
        ("no chest pain, falls or confusion", "confus*"),
        ("neither falls nor confusion", "confus*"),
        ("Falls: none", "falls"),
        ("Falls? No", "falls"),
        ("fracture ruled out", "fracture"),
        ("injury was excluded", "injur*"),
        ("not confused", "confus*"),
        ("isn't confused", "confus*"),
        ("Nil falls", "falls"),
        ("she has not\nfallen", "fallen"),
    ],
)
def test_denied(need: str, words: str) -> None:
    assert not Need(need).says(of(words))
    assert Need(need).spans(of(words)), "it does stand there"


@pytest.mark.parametrize(
    ("need", "words"),
    [
        ("no fever and confused", "confus*"),
        ("no appetite, confused", "confus*"),
        ("not eating, confused since Monday", "confus*"),
        ("no food in the house confused and cold", "confus*"),
        ("not coping with his confusion", "confus*"),
        ("no change in confusion", "confus*"),
        ("Falls: no\nConfused", "confus*"),
    ],
)
def test_a_denial_reaches_no_further_than_it_should(need: str, words: str) -> None:
    assert Need(need).says(of(words))


@pytest.mark.parametrize(
    ("need", "words"),
    [
        ("Lives in Fallowfield", "fall"),
        ("Fellowship group", "fell"),
        ("a bath road flat", "bat"),
        ("She fell. Out of sugar", "fell out"),
        ("fell\nOut of sugar", "fell out"),
    ],
)
def test_whole_words_inside_one_sentence(need: str, words: str) -> None:
    assert not Need(need).says(of(words))


def test_stems_gaps_and_apostrophes() -> None:
    assert Need("He is confused; disorientated").said([of("confus*"), of("disorient*")]) == ["confus*", "disorient*"]
    assert Need("money from her purse is missing").says(of("money ... missing")) is False  # four words between
    assert Need("money from her purse missing").says(of("money ... missing"))
    assert Need("Can't get up").says(of("cant get up"))
    assert Need("CAN’T   GET UP!").says(of("can't get up"))
    assert Need("she fell asleep").said([of("fell")], [of("fell asleep")]) == []
    assert Need("she fell asleep, then fell").said([of("fell")], [of("fell asleep")]) == ["fell"]


@pytest.mark.parametrize(
    "written", ["", "   ", "...", "... up", "lift ...", "a ... ... b", "*", "a*", "b*d", "fall,", "!"]
)
def test_what_is_no_phrase(written: str) -> None:
    assert phrase(written) is None


@given(
    st.sampled_from(PLAIN), st.sampled_from(["no {}", "No {}.", "denies {}", "Without {}", "there was no {} or pain"])
)
def test_every_word_of_the_rules_can_be_denied(written: str, denial: str) -> None:
    assert not Need(denial.format(written)).says(of(written))


@given(st.sampled_from(PLAIN), st.sampled_from(["{}", "Since Monday {}, at home", "Rang: {}", "no pain but {}", "{}?"]))
def test_every_word_of_the_rules_is_found(written: str, need: str) -> None:
    assert Need(need.format(written)).says(of(written))


@given(st.sampled_from(PLAIN), st.booleans(), st.sampled_from(["", "\u0301", "\u0308"]))
def test_neither_case_nor_accents_matter(written: str, loud: bool, accent: str) -> None:
    typed = "".join(c + accent if c.isalpha() else c for c in written)
    typed = unicodedata.normalize("NFC", typed.upper() if loud else typed)
    assert Need(f"today {typed} at home").says(of(written))


@given(st.sampled_from([w for w in PLAIN if " " not in w and w.isalpha()]), st.sampled_from(["x", "q", "7"]))
def test_a_word_inside_another_word_is_not_it(written: str, more: str) -> None:
    assert not Need(f"{more}{written} {written}{more} {more}{written}{more}").says(of(written))


@given(st.text(max_size=400))
def test_nothing_that_is_typed_is_too_much(need: str) -> None:
    taken = Need(need)
    for written in ALL:
        assert taken.says(of(written)) in (True, False)


@given(st.text(min_size=1, max_size=30))
def test_a_phrase_is_found_as_it_is_written_or_it_is_none(written: str) -> None:
    found = phrase(written)
    if found is not None and not any(part.endswith("*") or part == "..." for part in found.words):
        assert Need(" ".join(written.split())).spans(found)
