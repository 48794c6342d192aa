"""Assessments as this computer keeps them: there and back, whatever was answered, and what sending makes of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import given as cases
from hypothesis import strategies as st

from coordination.assessment.away import Begun, Given, Returned, SignedHere, blank_sheet
from coordination.assessment.external import ExternalScore
from coordination.assessment.forms import load
from coordination.assessment.model import FormKey, Told
from coordination.errors import BadValue, DatabaseAway, NotAllowed, obstacle
from coordination.local import assessments as local
from coordination.local import wire
from coordination.local.assessments import ALONG, ANSWER, SIGNATURE, Arrived, Kept, NotNow, NotTaken, Signature
from coordination.local.model import Drop, Entry, Put, apply
from coordination.values import AssessmentId, PersonId, ReferralId, UserName, new_id

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FORM = load(
    'id = "small"\nversion = 3\ntitle = "Small"\n[[section]]\nid = "a"\ntitle = "A"\nkind = "conversation"\n'
    '[[section.question]]\nid = "q"\ntype = "text"\ntext = "Well?"\nrequired = true\n'
    '[[section.question]]\nid = "c"\ntype = "yes_no"\ntext = "Really?"\n'
    '[[section.question]]\nid = "more"\ntype = "text"\ntext = "More?"\nwhen = { question = "c", equals = true }\n'
)
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
values = st.one_of(
    st.none(), words, st.booleans(), st.integers(-9999, 9999), st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.lists(words, max_size=4).map(tuple),
)  # fmt: skip
moments = st.floats(1.5e9, 2.2e9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
givens = st.builds(
    Given, words, values, st.integers(-1, 50), moments,
    st.builds(Told, st.sampled_from(["person", "carer", "professional", "record"]), words), st.booleans(), values,
)  # fmt: skip


def there_and_back(value: Any) -> Any:
    return wire.decode(json.loads(json.dumps(wire.encode(value))))


@cases(givens)
def test_an_answer_comes_back_as_it_was(one: Given) -> None:
    assert there_and_back(one) == one


@cases(st.dictionaries(words, st.integers(-1, 99), max_size=5), moments)
def test_a_signature_comes_back_as_it_was(seen: dict[str, int], at: datetime) -> None:
    why = (obstacle("assessment_signed", by="Asa", at=at), obstacle("conversation_first", form="x"))
    one = Signature(AssessmentId(new_id()), SignedHere(at, seen), True, why, ("q",), BadValue("q", "too_long"))
    assert there_and_back(one) == one


def test_a_form_and_a_score_of_a_tool_come_back_as_they_were() -> None:
    who = (UserName("asa"), "Asa")
    sheet = blank_sheet(AssessmentId(new_id()), PersonId(new_id()), FORM, ReferralId(new_id()), [], who, NOW)
    assert there_and_back(sheet) == sheet and there_and_back(sheet).form.key == FormKey("small", 3)
    begun = Begun(PersonId(new_id()), FORM.key, None, NOW)
    assert there_and_back(begun) == begun and isinstance(there_and_back(begun).form, FormKey)
    score = ExternalScore("cfs", "2.0", 5, date(2026, 11, 1), "Dr Amin")
    assert there_and_back(Given("q", score, 0, NOW)).value == score


@cases(st.lists(st.tuples(st.sampled_from(["q", "r", "s"]), values, moments), max_size=8), st.binary(max_size=30))
def test_what_another_version_wrote_costs_nothing_else(typed: list[tuple[str, Any, datetime]], noise: bytes) -> None:
    key = AssessmentId(UUID(int=7))
    entries: dict[Any, Entry] = {}
    last: dict[str, Given] = {}
    for question, value, at in typed:
        one = Given(question, value, 0, at)
        apply(entries, [Put(local.entry(ANSWER, local.answer_key(key, question), one, "x", at))])
        last[question] = one
    strange = {"$": "record", "of": "coordination.assessment.away:Gone", "v": {"x": noise.hex()}}
    apply(entries, [Put(Entry(ANSWER, f"{key}/z", {"value": strange}, NOW))])
    apply(entries, [Put(Entry(ANSWER, "no id/z", {"value": wire.encode(Given("z", 1, 0, NOW))}, NOW))])
    found = local.read(entries.values())
    assert {k: kept.answers for k, kept in found.items()} == ({key: last} if last else {})


def kept(*questions: str, signed: bool = False) -> Kept:
    key = AssessmentId(new_id())
    found = Kept(key, NOW, answers={q: Given(q, q, 0, NOW) for q in questions})
    if signed:
        found.signature = Signature(key, SignedHere(NOW, {}))
    return found


def returned(mine: Kept, state: str = "draft", **more: Any) -> Returned:
    sheet = blank_sheet(mine.id, PersonId(new_id()), FORM, None, [], (UserName("a"), "A"), NOW)
    return Returned(replace(sheet, assessment=replace(sheet.assessment, state=state)), **more)


def left(mine: Kept, outcome: Any) -> dict[Any, Entry]:
    entries: dict[Any, Entry] = {}
    apply(
        entries, [Put(local.entry(ANSWER, local.answer_key(mine.id, q), g, "x", NOW)) for q, g in mine.answers.items()]
    )
    if mine.signature is not None:
        apply(entries, [Put(local.entry(SIGNATURE, str(mine.id), mine.signature, "x", NOW))])
    apply(entries, local.after(mine, outcome, "x", NOW))
    return entries


def test_what_the_database_has_goes_and_what_it_would_not_have_stays() -> None:
    mine = kept("q", "r", signed=True)
    assert len(left(mine, NotNow(DatabaseAway()))) == 3
    assert left(mine, Arrived(returned(mine, "signed", saved=("q", "r")))) == {}
    part = left(
        mine, Arrived(returned(mine, saved=("q",), differing={"r": None}, missing=(BadValue("x", "required"),)))
    )
    found = local.read(part.values())[mine.id]
    assert list(found.answers) == ["r"] and found.signature is not None
    assert found.signature.came_back and found.signature.questions == ("r", "x") and not found.signature.is_waiting
    assert found.returning().signed is None
    refused = local.read(left(mine, NotTaken(NotAllowed("assessment"))).values())[mine.id]
    assert refused.signature is not None and refused.signature.refused == NotAllowed("assessment")
    assert list(refused.answers) == ["q", "r"]


def test_it_goes_on_in_what_somebody_else_had_begun() -> None:
    mine = kept("q", "r")
    other = kept()
    entries = left(mine, Arrived(returned(other, saved=("q",), differing={"r": None})))
    assert list(local.read(entries.values())) == [other.id]
    assert [e.kind for e in entries.values()] == [ANSWER] and ALONG not in {e.kind for e in entries.values()}
    assert Drop(ANSWER, local.answer_key(mine.id, "q")) in local.after(
        mine, Arrived(returned(other, saved=("q",))), "x", NOW
    )


def test_sending_tells_the_line_from_a_refusal() -> None:
    def raising(error: Exception) -> Any:
        def bring_back(_returning: object) -> Returned:
            raise error

        return bring_back

    mine = kept("q")
    assert isinstance(local.send(mine, raising(DatabaseAway())), NotNow)
    assert isinstance(local.send(mine, raising(NotAllowed("x"))), NotTaken)
    done = returned(mine)
    assert local.send(mine, lambda _returning: done) == Arrived(done)
