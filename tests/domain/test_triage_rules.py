"""E3. What the shipped rules suggest, and what a broken rules file says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.intake.model import Suggestion
from coordination.intake.reference import URGENCIES
from coordination.intake.triage import Asked, routes, suggest
from coordination.intake.triage_file import BadTriageFile, parse, rules
from coordination.reference import standing

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
SERVICES = {service.code for service in standing.read().services}


def of(need: str, at: datetime = NOON, **known: object) -> tuple[Suggestion, ...]:
    return suggest(Asked(need, at, **known), rules())  # type: ignore[arg-type]


def first(need: str, at: datetime = NOON, **known: object) -> tuple[str, str]:
    found = routes(of(need, at, **known))
    return (found[0].service, found[0].urgency) if found else ("", "")


UCR = ("urgent_community_response", "two_hours")


@pytest.mark.parametrize(
    ("need", "rule"),
    [
        ("On the floor since breakfast, not hurt, cannot get up", "ucr-fall"),
        ("She fell in the kitchen, no injury", "ucr-fall"),
        ("Frail, suddenly much weaker, not eating since yesterday", "ucr-frailty"),
        ("Cannot get out of bed since this morning", "ucr-function"),
        ("Palliative, in pain, syringe driver has run out", "ucr-end-of-life"),
        ("The hoist is broken and she is in bed", "ucr-equipment"),
        ("More confused since this morning, off food", "ucr-confusion"),
        ("Delirium?", "ucr-confusion"),
        ("Catheter not draining since last night", "ucr-catheter"),
        ("Diabetic, blood sugar very high, unwell", "ucr-diabetes"),
        ("His wife, who cares for him, was taken to hospital an hour ago", "ucr-carer"),
    ],
)
def test_the_conditions_of_the_two_hour_response(need: str, rule: str) -> None:
    found = next(made for made in of(need) if made.rule == rule)
    assert (found.service, found.urgency) == UCR
    assert found.reason.endswith(", 08:00–20:00")
    assert first(need) == UCR
    closed = next(made for made in of(need, NIGHT) if made.rule == rule)
    assert closed.service != "urgent_community_response"
    assert "08:00–20:00" not in closed.reason


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 19, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 20, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 7, 0, tzinfo=UTC), True),  # 08:00 in London
        (datetime(2026, 7, 1, 19, 0, tzinfo=UTC), False),  # 20:00 in London
        (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), True),  # a Sunday: seven days
    ],
)
def test_eight_to_eight_by_the_clock_in_london(at: datetime, open_: bool) -> None:
    assert (first("fell, no injury", at) == UCR) is open_


@pytest.mark.parametrize(
    "need",
    [
        "No fall. Asks for a bath board",
        "Falls asleep in the chair",
        "Lives in Fallowfield, asks for a bath board",
        "Is afraid of falling",
        "Neither falls nor confusion; bath board please",
        "Fell last year, now lonely",
        "Not confused. Would like a lunch club",
        "Confused about the letter from the council",
        "The catheter is due for a change next week",
        "Has diabetes, no problems with it. Lonely.",
        "Her carer is lovely",
    ],
)
def test_what_sounds_like_it_and_is_not(need: str) -> None:
    assert all(made.service != "urgent_community_response" for made in of(need)), of(need)


def test_a_child_is_not_for_the_two_hour_response_and_an_unknown_age_does_not_shut_it() -> None:
    assert first("fell, no injury", age=9) != UCR
    assert first("fell, no injury", age=18) == UCR
    assert first("fell, no injury", age=None) == UCR


def test_a_fall_with_an_injury_asks_first() -> None:
    found = of("Fell and hit her head, bleeding")
    assert found[0].ask == "Is an ambulance needed first?"
    assert all(made.rule != "ucr-fall" for made in found)


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        ("Cannot get in and out of the bath. Asks for an assessment.", ("therapy", "routine")),
        ("Leg ulcer, weekly compression", ("district_nursing", "72_hours")),
        ("Leg ulcer, dressing wet through since yesterday", ("district_nursing", "same_day")),
        ("Needs help to wash and dress for a while, lost confidence", ("reablement", "72_hours")),
        ("Asks for a commode", ("equipment", "routine")),
        ("Very lonely since her husband's death, would like a lunch club", ("community_links", "routine")),
        ("Son asks for a review of the care package", ("social_work", "72_hours")),
        ("Two providers have handed the care back", ("complex_reablement", "72_hours")),
        ("Heating failed, nobody else in the house", ("crisis_response", "same_day")),
        ("Being evicted on Friday", ("housing", "72_hours")),
        ("Wife is exhausted and needs a break, asks about the sitting service", ("carers_sitting", "72_hours")),
        ("", ("", "")),
        ("Rings to say thank you", ("", "")),
    ],
)
def test_the_ordinary_day(need: str, expected: tuple[str, str]) -> None:
    assert first(need) == expected


def test_a_ward_and_a_person_medically_optimised() -> None:
    ward = {"channel": "ward"}
    moft = {**ward, "details": {"moft_at": "2026-11-23T09:00:00+00:00"}}
    assert first("Ready to go home, washes with help", **moft) == ("reablement", "same_day")
    assert first("Ready to go home, washes with help", **ward) == ("reablement", "24_hours")
    assert first("Ready to go home, washes with help") == ("", "")


@pytest.mark.parametrize(
    ("need", "fires"),
    [
        ("Bruises on both arms, afraid of her son", True),
        ("Money missing from her purse again", True),
        ("No bruises, no money missing", False),
        ("Diabetes controlling is difficult, alcohol abuse in the past", False),
    ],
)
def test_a_concern_is_suggested_in_words_and_never_more(need: str, fires: bool) -> None:
    found = [made for made in of(need) if made.safeguarding]
    assert bool(found) is fires
    assert all(made.service == "" and made.reason for made in found)


def test_several_are_ranked_each_with_its_reason() -> None:
    found = routes(of("Confused and fell this morning, no injury. Also asks for a commode."))
    assert [made.rule for made in found] == ["ucr-fall", "ucr-confusion", "equipment"]
    assert len({made.reason for made in found}) == 3
    assert {made.version for made in found} == {rules().version}


@given(st.text(max_size=300), st.sampled_from([NOON, NIGHT]), st.none() | st.integers(0, 120))
def test_any_need_gives_a_sorted_answer_of_known_services(need: str, at: datetime, age: int | None) -> None:
    found = of(need, at, age=age)
    rank = {rule.id: rule.rank for rule in rules().rules}
    assert [rank[made.rule] for made in found] == sorted(rank[made.rule] for made in found)
    for made in found:
        assert bool(made.service) + bool(made.ask) + made.safeguarding == 1
        assert (made.service in SERVICES and made.urgency in URGENCIES) or not made.service
    assert found == of(need.upper() if need.upper().casefold() == need.casefold() else need, at, age=age)


def test_the_longest_need_is_no_trouble() -> None:
    need = ("She fell, not injured, no chest pain, falls or confusion in the house. " * 300)[:20_000]
    assert first(need) == UCR


# ---------------------------------------------------------------- a broken file

RULE = '[[rule]]\nid = "x-y"\nany = ["fall"]\nservice = "falls"\nurgency = "routine"\nreason = "why"\n'


def faults(text: str) -> list[tuple[int, str, str, str]]:
    with pytest.raises(BadTriageFile) as bad:
        parse(text, "triage.toml", SERVICES)
    assert all(fault.file == "triage.toml" for fault in bad.value.faults)
    return [(fault.line, fault.rule, fault.field, fault.reason) for fault in bad.value.faults]


def test_a_sound_file_is_read() -> None:
    made = parse(f'version = "1"\n{RULE}', "triage.toml", SERVICES)
    assert (made.version, [rule.id for rule in made.rules]) == ("1", ["x-y"])


@pytest.mark.parametrize(
    ("change", "field", "reason", "line"),
    [
        (('service = "falls"', 'service = "fools"'), "service", "unknown_service", 5),
        (('urgency = "routine"', 'urgency = "soon"'), "urgency", "unknown_urgency", 6),
        (('any = ["fall"]', 'any = ["fall*", "..."]'), "any", "not_a_phrase", 4),
        (('any = ["fall"]', "any = 7"), "any", "not_a_list_of_words", 4),
        (('any = ["fall"]', ""), "any", "always_true", 2),
        (('reason = "why"', ""), "reason", "missing", 2),
        (('reason = "why"', 'reason = "why"\nhours = "8-20"'), "hours", "not_hours", 8),
        (('reason = "why"', 'reason = "why"\nnever = true'), "never", "unknown_field", 8),
        (('reason = "why"', 'reason = "why"\nsafeguarding = true'), "service", "suggests_one_thing", 5),
        (
            ('reason = "why"', 'reason = "why"\nclosed_service = "falls"\nclosed_urgency = "routine"'),
            "hours",
            "missing",
            2,
        ),
        (('urgency = "routine"\n', ""), "urgency", "missing", 2),
        (('reason = "why"', 'reason = "why"\nchannels = ["pigeon"]'), "channels", "not_in_list", 8),
        (('reason = "why"', 'reason = "why"\nmin_age = "old"'), "min_age", "not_a_number", 8),
    ],
)
def test_every_fault_names_its_line_and_rule(change: tuple[str, str], field: str, reason: str, line: int) -> None:
    text = f'version = "1"\n{RULE}'.replace(*change)
    assert (line, "x-y", field, reason) in faults(text)


def test_all_faults_at_once_and_twice_the_same_id() -> None:
    told = faults(f'version = "1"\n{RULE}{RULE}{RULE.replace("falls", "fools")}')
    assert [(rule, field, reason) for _, rule, field, reason in told] == [
        ("x-y", "id", "twice"),
        ("x-y", "id", "twice"),
        ("x-y", "service", "unknown_service"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('version = "1"\n[[rule]\n', 2, "not_toml"),
        ('version = "1"\n', 1, "missing"),
        ("", 1, "missing"),
        (RULE, 1, "missing"),
    ],
)
def test_a_file_that_is_none(text: str, line: int, reason: str) -> None:
    assert (line, reason) in [(at, why) for at, _, _, why in faults(text)]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_no_value_of_any_field_breaks_the_reader(value: object) -> None:
    from coordination.intake.triage_file import _Reader

    row: Mapping[str, object] = {"id": "x-y", "any": ["fall"], "service": "falls", "urgency": "routine", "reason": "w"}
    for name in (*row, "hours", "rank", "safeguarding", "not_in", "tiers", "anything"):
        _Reader("", "triage.toml", SERVICES).read({"version": "1", "rule": [{**row, name: value}]})


def test_the_hour_is_that_of_when_it_was_received() -> None:
    late = NOON + timedelta(hours=9)
    assert first("fell, no injury", late)[0] == "crisis_response"
