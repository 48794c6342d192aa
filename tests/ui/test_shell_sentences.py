"""Every foreseen error has a sentence; none has a code or an exception's name in it."""

import importlib.util
import logging
import pkgutil
from datetime import UTC, datetime

import pytest

import ui
from coordination import errors
from ui import sentences

SINCE = datetime(2026, 7, 1, 9, 5, tzinfo=UTC)
FORESEEN = [
    errors.BadValue("birth_date", "not_a_date"),
    errors.BadValue("hat_size", "too_flat"),
    errors.BadValues((errors.BadValue("surname", "required"), errors.BadValue("nhs_number", "check_digit_fails"))),
    errors.BadValues((errors.BadValue("surname", "required"),)),
    errors.NotFound("people", "x"),
    errors.Conflict("people", "x", 3, None),
    errors.AlreadyClaimed("x", "owen.assessor", "Owen Clarke", SINCE),
    errors.IllegalMove("referral", "closed", "claimed"),
    errors.Refused("place_visit", (errors.obstacle("worker_asleep", worker="Ruth"), errors.obstacle("no_key"))),
    errors.NotAllowed("sign"),
    errors.AlreadyExists("person_nhs_number_key"),
    errors.BrokenRule("stay_no_overlap"),
    errors.TooBusy(),
    errors.NoRoom(),
    errors.StandbyOnly(),
    errors.NoPassword(),
    errors.SignInFailed(),
    errors.LoginDisabled(),
    errors.PasswordMustChange(),
    errors.DatabaseAway(),
    errors.BackupDamaged("closed"),
    errors.BackupFailed("pg_dump", 1),
    errors.LockedOut(),
]


def test_all_errors_are_here():
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type)}
    foreseen = {kind for kind in kinds if issubclass(kind, errors.CoordinationError)} - {errors.CoordinationError}
    # CannotOpen is said by its kinds in db; see test_opening_words.py
    assert foreseen - {errors.CannotOpen} == {type(error) for error in FORESEEN}


@pytest.mark.parametrize("error", FORESEEN, ids=lambda error: type(error).__name__)
def test_a_sentence_for_each(error):
    words = sentences.sentence(error)
    assert words[0].isupper()
    assert words.endswith(".")
    assert "_" not in words
    assert type(error).__name__ not in words


def test_a_file_that_cannot_be_written_is_no_riddle():
    assert sentences.sentence(PermissionError(13, "denied", "/home/x/Emmeline Pankhurst.xlsx")).startswith("That file")


def test_who_has_it_and_since_when():
    words = sentences.sentence(FORESEEN[6])
    assert "Owen Clarke" in words
    assert "10:05" in words  # the centre's wall clock


def test_a_sentence_of_an_area_is_filled_with_the_facts(monkeypatch):
    monkeypatch.setitem(sentences.sentences(), "worker_busy", "{worker} is with another person until {until}.")
    refused = errors.Refused("place_visit", (errors.obstacle("worker_busy", worker="Ruth Ellis", until=SINCE),))
    assert sentences.sentence(refused).endswith("Ruth Ellis is with another person until 01-Jul-2026 10:05.")


def test_a_sentence_that_lacks_a_fact_is_still_said(monkeypatch, caplog):
    monkeypatch.setitem(sentences.sentences(), "worker_busy", "{worker} is busy until {until}.")
    words = sentences.obstacle_words(errors.obstacle("worker_busy", worker="Ruth"))
    assert "busy until" in words
    assert "lacks the facts" in caplog.text


def test_the_unforeseen_is_logged_without_its_words(caplog):
    with caplog.at_level(logging.ERROR):
        try:
            raise ValueError("Emmeline Pankhurst, 14-Jul-1945")
        except ValueError as error:
            words = sentences.sentence(error)
    assert "Pankhurst" not in caplog.text
    assert "Pankhurst" not in words
    assert "ValueError" in words
    assert all("Pankhurst" not in str(vars(record)) for record in caplog.records)


def test_sentences_of_all_areas_are_words():
    for code, words in sentences.sentences().items():
        assert words, code


# Said in two areas in words that fit both. One code means one thing: the area read in last would speak for the other.
SAID_TWICE = {
    "has_unstorable_character", "refused.answer", "why.too_long", "reason.missing", "need.missing", "until.in_the_past",
    "linked_referral.missing", "decision.missing",
}  # fmt: skip


def test_no_two_areas_say_one_code_in_other_words():
    said = {}
    for module in pkgutil.iter_modules(ui.__path__):
        if module.ispkg and importlib.util.find_spec(f"ui.{module.name}.messages") is not None:
            for code, words in importlib.import_module(f"ui.{module.name}.messages").SENTENCES.items():
                said.setdefault(code, set()).add(words)
    assert {code for code, words in said.items() if len(words) > 1} <= SAID_TWICE
