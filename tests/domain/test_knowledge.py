"""Scripts and information beside the call: found by words; a faulty file is refused by file and entry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.errors import BadValue
from coordination.intake import knowledge
from coordination.intake.channels import check_details, is_link, is_sender
from coordination.intake.knowledge import (
    find_topics,
    read_scripts,
    read_topics,
    scripts_in,
    suggest,
    topics_for,
    topics_in,
)
from coordination.intake.model import CHANNEL_DETAILS, CHANNELS, ContactDraft, GivenAdvice
from coordination.intake.rules import check_contact
from coordination.reference.standing import BadReferenceFile

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SINGLE = sorted({(s.code, k) for s in read_scripts() if not s.channels for k in s.keywords})


def best(need: str, channel: str = "telephone") -> str:
    return suggest(channel, need)[0].script.code


@pytest.mark.parametrize(
    ("need", "code"),
    [
        ("She fell down the stairs and cannot get up", "fall"),
        ("Mum has FALLEN again", "fall"),
        ("Suddenly very confused, not making sense", "confusion"),
        ("I can’t cope any more, I am exhausted", "carer_breakdown"),
        ("blocked catheter since last night", "catheter"),
        ("bruises on her arms and she is afraid of her son", "safeguarding"),
        ("he is dying, the syringe driver has stopped", "end_of_life"),
        ("no heating, boiler broken, damp", "housing_warmth"),
    ],
)
def test_the_words_of_the_need_bring_up_its_script(need: str, code: str) -> None:
    assert best(need) == code


def test_without_a_word_the_channel_decides_and_others_stay_in_reach() -> None:
    assert best("") == "opening"
    assert best("", "ward") == "ward_discharge"
    assert best("", "ambulance") == "ambulance_referral"
    for channel in CHANNELS:
        codes = [one.script.code for one in suggest(channel, "")]
        assert "opening" in codes and len(codes) == len(set(codes))
        assert all(not s.channels or channel in s.channels for s in read_scripts() if s.code in codes)


@given(st.sampled_from(SINGLE), st.text(max_size=40), st.text(max_size=40))
def test_a_keyword_is_found_wherever_it_stands(entry: tuple[str, str], before: str, after: str) -> None:
    code, keyword = entry
    found = {s.script.code for s in suggest("telephone", f"{before} . {keyword.upper()} . {after}") if s.found}
    assert code in found


@given(st.text(max_size=400), st.sampled_from(CHANNELS))
def test_any_text_is_answered_with_every_script_once(need: str, channel: str) -> None:
    codes = [one.script.code for one in suggest(channel, need)]
    assert len(codes) == len(set(codes)) > 0
    assert (
        [t.code for t in topics_for(need)] == [t.code for t in topics_for(need.upper())] or "ı" in need or "ß" in need
    )


@given(st.text(max_size=60))
def test_a_search_never_fails_and_gives_each_topic_once(text: str) -> None:
    codes = [topic.code for topic in find_topics(text)]
    assert len(codes) == len(set(codes))


def test_a_word_holds_its_longer_forms_and_not_its_middle() -> None:
    assert "fall" in {s.script.code for s in suggest("telephone", "she falls often") if s.found}
    assert "safeguarding" not in {s.script.code for s in suggest("telephone", "a white kitchen") if s.found}  # no "hit"


def test_topics_are_found_by_the_beginning_of_a_word() -> None:
    assert find_topics("compl")[0].code == "complaints"
    assert find_topics("paying for")[0].code == "paying_for_care"
    assert find_topics("qqqq") == []
    assert len(find_topics(" ")) == len(read_topics())
    assert "falls_prevention" in [t.code for t in topics_for("She fell twice")]


def test_no_topic_names_a_number_or_an_address() -> None:
    """But 999 and 111, of which we are certain."""
    for topic in read_topics():
        digits = {word for word in topic.words.split() if any(c.isdigit() for c in word)}
        assert {word.strip(".,:;") for word in digits} <= {"999", "111", "18"}, topic.code
        assert "http" not in topic.words and "www" not in topic.words and "@" not in topic.words


def test_what_is_recorded_is_the_topic_in_the_words_of_that_day() -> None:
    topic = read_topics()[0]
    assert topic.given() == GivenAdvice(topic.code, topic.title, topic.words)
    draft = ContactDraft(need="x", advice=(topic.given(), topic.given()))
    assert [a.code for a in check_contact(draft, NOW).advice] == [topic.code]


# ---------------------------------------------------------------- faulty files

GOOD = """
[[script]]
code = "a"
title = "A"
keywords = ["x"]
first = true
[[script.question]]
ask = "Why?"
"""


def test_the_example_is_good() -> None:
    (script,) = scripts_in(GOOD)
    assert script.questions[0].ask == "Why?"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (('title = "A"', 'title = ""'), "title"),
        (('code = "a"', 'code = "A b"'), "code"),
        (('code = "a"', ""), "code"),
        (('keywords = ["x"]', 'keywords = ["x", "x"]'), "keywords"),
        (('keywords = ["x"]', 'keywords = ["--"]'), "keywords"),
        (('keywords = ["x"]', 'keywords = "x"'), "keywords"),
        (("first = true", 'channels = ["pigeon"]'), "channels"),
        (("first = true", "first = 1"), "first"),
        (("first = true", 'colour = "red"'), "colour"),
        (('ask = "Why?"', 'listen = "?"'), "question 1: ask"),
        (('ask = "Why?"', 'ask = "Why?"\nhear = "?"'), "question 1"),
        (('[[script.question]]\nask = "Why?"', ""), "question"),
    ],
)
def test_a_mistake_is_named_by_file_entry_and_field(change: tuple[str, str], field: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(BadReferenceFile) as told:
        scripts_in(GOOD.replace(*change))
    assert (told.value.file, told.value.table, told.value.row) == ("scripts.toml", "script", 1)
    assert told.value.field.endswith(field)


def test_double_codes_two_first_ones_and_no_toml_are_refused() -> None:
    for text in (GOOD + GOOD, GOOD + GOOD.replace('"a"', '"b"'), "[[script", "[[other]]\ncode = 'a'", ""):
        with pytest.raises(BadReferenceFile):
            scripts_in(text)
    with pytest.raises(BadReferenceFile) as told:
        topics_in('[[topic]]\ncode = "a"\ntitle = "A"\nkeywords = ["x"]\nwords = " "')
    assert told.value.field == "a: words"


def test_what_ships_can_be_read() -> None:
    knowledge.read_scripts.cache_clear()
    knowledge.read_topics.cache_clear()
    assert len(read_scripts()) >= 15 and len(read_topics()) >= 15


# ---------------------------------------------------------------- what a channel adds


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://example.org/post/1?x=2#y", True),
        ("http://social.example.org:8443/@ann", True),
        ("example.org/post", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://user:secret@example.org/", False),
        ("https://", False),
        ("see the post", False),
        ("https://example.org/a b", False),
        ("ftp://example.org", False),
        ("https://[broken", False),
        ("https://example.org:99999/", False),
    ],
)
def test_a_link_is_a_link(text: str, good: bool) -> None:
    assert is_link(text) is good


@given(st.text(max_size=80))
def test_anything_may_be_typed_where_a_link_belongs(text: str) -> None:
    is_link(text)
    is_sender(text)


def test_a_channel_keeps_its_own_and_nothing_of_another() -> None:
    everything = {name: "x" for names in CHANNEL_DETAILS.values() for name in names}
    everything |= {"link": "https://example.org/1", "conveyed": "no", "moft_at": "2026-11-22T08:00:00+00:00"}
    for channel in CHANNELS:
        problems: list[BadValue] = []
        kept = check_details(channel, everything, NOW, problems)
        assert (set(kept), problems) == (set(CHANNEL_DETAILS.get(channel, ())), [])


def test_what_cannot_be_is_said_at_its_field() -> None:
    problems: list[BadValue] = []
    check_details("social_media", {"link": "over there", "text": "y" * 20_001}, NOW, problems)
    check_details("ward", {"moft_at": "2026-11-22T12:00:00+00:00"}, NOW, problems)
    check_details("ambulance", {"conveyed": "perhaps"}, NOW, problems)
    assert [(p.field, p.reason) for p in problems] == [
        ("details.link", "not_a_link"),
        ("details.text", "too_long"),
        ("details.moft_at", "in_the_future"),
        ("details.conveyed", "not_in_list"),
    ]


def test_a_pasted_text_is_kept_whole() -> None:
    text = "First line\n\n  indented, with emoji 🌻 and “quotes”\n\tand a tab"
    assert check_details("social_media", {"text": text}, NOW, [])["text"] == text
