"""Forms are data: what a definition may say, and every fault named with its line and place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import resources
from coordination.assessment import conditions
from coordination.assessment.conditions import AllOf, Answered, AnyOf, CountOf, OneOf, holds
from coordination.assessment.faults import FormFaults, line_index
from coordination.assessment.forms import check, from_definition, load
from coordination.assessment.model import Form

SHIPPED = sorted((Path(resources.__file__).parent / "forms").glob("*.toml"))

GOOD = """\
id = "small"
version = 1
title = "Small"
intro = \"\"\"
One
paragraph.

[[section]] in text is no section.
\"\"\"

[[section]]
id = "talk"
title = "Talk"
kind = "conversation"

[[section.question]]
id = "well"
type = "yes_no"
text = "Are you well?"
required = true

[[section.question]]
id = "why"
type = "long_text"
text = "Why not?"
when = { question = "well", equals = false }

[[section]]
id = "scores"
title = "Scores"
kind = "scores"

[[section.question]]
id = "stairs"
type = "score"
text = "Stairs"
options = [{ value = "0", label = "No", points = 0 }, { value = "1", label = "Yes", points = 2 }]

[[score]]
id = "total"
title = "Total"
items = ["stairs"]
out_of = 2
"""


def faults_of(text: str) -> list[tuple[int, str]]:
    try:
        load(text, "small.toml")
    except FormFaults as found:
        assert all(f.file == "small.toml" and f.place for f in found.faults)
        return [(f.line, f.code) for f in found.faults]
    return []


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_shipped_forms_have_no_fault() -> None:
    assert {"reablement-start", "reablement-start-2", "strengths-conversation"} <= {path.stem for path in SHIPPED}
    assert check(SHIPPED) == []


def test_a_good_form_reads_whole() -> None:
    form = load(GOOD)
    assert form.intro == "One paragraph.\n\n[[section]] in text is no section."
    assert [s.kind for s in form.sections] == ["conversation", "scores"]
    assert form.question("why").when == OneOf("well", (False,))  # type: ignore[union-attr]
    assert form.scores[0].items == ("stairs",)


@pytest.mark.parametrize(
    ("was", "becomes", "at", "code"),
    [
        ('title = "Small"\n', "", "id", "key_missing"),
        ('title = "Small"', 'title = ""', "title", "key_empty"),
        ("version = 1", 'version = "1"', "version", "key_of_wrong_type"),
        ("version = 1", "version = true", "version", "key_of_wrong_type"),
        ("version = 1", "version = 0", "version", "version_below_one"),
        ('title = "Talk"', 'title = "Talk"\ncolour = "red"', "colour", "key_unknown"),
        ('kind = "conversation"', 'kind = "chat"', "kind", "word_unknown"),
        ('id = "talk"', 'id = "Talk!"', 'id = "Talk!"', "id_malformed"),
        ('id = "scores"', 'id = "talk"', 'id = "talk"\ntitle = "Scores"', "section_twice"),
        ('id = "why"', 'id = "well"', 'id = "well"\ntype = "long_text"', "question_twice"),
        ('type = "yes_no"', 'type = "smiley"', 'type = "smiley"', "word_unknown"),
        ('type = "yes_no"', 'type = "choice"', "[[section.question]]", "options_missing"),
        ('text = "Why not?"', 'text = "Why not?"\nunit = "kg"', "unit", "only_for_numbers"),
        ('question = "well"', 'question = "nobody"', "when", "branch_unknown_question"),
        ("equals = false", 'equals = "no"', "when", "branch_value_impossible"),
        ("equals = false", "is = false", "when", "branch_malformed"),
        ('question = "well", equals = false', 'question = "stairs", equals = "1"', "when", "branch_looks_ahead"),
        ('question = "well", equals = false', 'question = "why", equals = "x"', "when", "branch_on_words"),
        ('value = "1"', 'value = "0"', "options", "option_twice"),
        (", points = 2 }", " }", "options", "points_missing"),
        ("points = 2", "points = -2", "options", "points_below_zero"),
        ('items = ["stairs"]', 'items = ["lift"]', "items", "score_unknown_item"),
        ('items = ["stairs"]', 'items = ["well"]', "items", "score_over_non_score"),
        ('items = ["stairs"]', 'items = ["stairs", "stairs"]', "items", "score_item_twice"),
        ("out_of = 2", "out_of = 20", "out_of", "score_out_of_wrong"),
        ("required = true\n", "", 'kind = "scores"', "needs_before_conversation"),
        ('kind = "conversation"', 'kind = "needs"', 'kind = "needs"', "needs_before_conversation"),
        ('text = "Stairs"', 'text = "Stairs"\nplan = "action"', "plan", "no_words_for_plan"),
        ('text = "Stairs"', 'text = "Stairs"\nknown = "person.shoe_size"', "known", "place_unknown"),
        ('title = "Small"', 'title = "Small', 'title = "Small', "not_toml"),
    ],
)
def test_every_fault_has_its_line(was: str, becomes: str, at: str, code: str) -> None:
    text = GOOD.replace(was, becomes, 1)
    assert (line_of(text, at), code) in faults_of(text)


def test_branches_that_bite_their_own_tail() -> None:
    text = GOOD.replace('text = "Are you well?"', 'text = "Are you well?"\nwhen = { question = "calm", equals = true }')
    text = text.replace('id = "why"', 'id = "calm"').replace('type = "long_text"', 'type = "yes_no"')
    assert [code for _, code in faults_of(text)][:1] == ["branch_cycle"]
    itself = GOOD.replace('text = "Are you well?"', 'text = "?"\nwhen = { question = "well", equals = true }')
    assert "branch_cycle" in [code for _, code in faults_of(itself)]


def test_forms_are_checked_together(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD)
    (tmp_path / "b.toml").write_text(GOOD.replace('title = "Small"', 'title = "Small"\nafter = ["talk-first"]', 1))
    (tmp_path / "c.toml").write_bytes(b"\xff\xfe")
    found = [(f.file, f.code) for f in check([*sorted(tmp_path.glob("*.toml")), tmp_path / "none.toml"])]
    assert set(found) == {
        ("a.toml", "version_twice"),
        ("b.toml", "version_twice"),
        ("b.toml", "after_unknown"),
        ("c.toml", "unreadable"),
        ("none.toml", "unreadable"),
    }


def test_lines_are_found_past_long_text() -> None:
    lines = line_index(GOOD)
    assert lines["section", 0, "question", 1] == line_of(GOOD, '[[section.question]]\nid = "why"')
    assert lines["score", 0, "out_of"] == line_of(GOOD, "out_of")


# What anybody may have typed: nothing of it brings the checker down.

_PLAIN = st.one_of(st.text(max_size=8), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.none())
_KEYS = st.sampled_from(
    ["id", "version", "title", "section", "question", "type", "text", "options", "when", "value", "label", "points",
     "items", "out_of", "score", "after", "kind", "in", "equals", "any", "all", "required", "plan", "minimum",
     "goals", "words", "level", "ranges", "from", "to", "tools", "beside", "alone", "credit", "change_from",
     "real_change", "at_least", "at_most", "of", "answered"]
)  # fmt: skip
_ANYTHING = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=6)),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine making such a document takes its time
@given(st.dictionaries(_KEYS, _ANYTHING, max_size=8))
def test_any_document_is_a_form_or_has_faults(document: dict[str, object]) -> None:
    try:
        assert isinstance(from_definition(document), Form)
    except FormFaults as found:
        assert found.faults


@given(st.text(max_size=300))
def test_any_text_is_a_form_or_has_faults(text: str) -> None:
    assert faults_of(text)


@given(st.data())
def test_a_damaged_form_never_brings_the_checker_down(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    end = data.draw(st.integers(start, min(len(GOOD), start + 40)))
    faults_of(GOOD[:start] + data.draw(st.text(max_size=10)) + GOOD[end:])


# Branching

_QUESTIONS = ("a", "b", "c")
_VALUES: st.SearchStrategy[conditions.Plain] = st.one_of(st.sampled_from(["x", "y"]), st.booleans(), st.integers(0, 1))
_CONDITIONS: st.SearchStrategy[conditions.Condition] = st.recursive(
    st.builds(OneOf, st.sampled_from(_QUESTIONS), st.lists(_VALUES, min_size=1, max_size=3).map(tuple)),
    lambda inner: st.one_of(
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
_ANSWERS = st.dictionaries(
    st.sampled_from(_QUESTIONS), st.one_of(_VALUES, st.lists(st.sampled_from(["x", "y"]), max_size=2).map(tuple))
)


def as_table(condition: conditions.Condition) -> dict[str, object]:
    match condition:
        case CountOf(parts, least, None):
            return {"at_least": least, "of": [as_table(p) for p in parts]}
        case CountOf(parts, _, most):
            return {"at_most": most, "of": [as_table(p) for p in parts]}
        case Answered(question, given_):
            return {"question": question, "answered": given_}
        case OneOf(question, (only,)):
            return {"question": question, "equals": only}
        case OneOf(question, values):
            return {"question": question, "in": list(values)}
        case AnyOf(parts):
            return {"any": [as_table(p) for p in parts]}
        case AllOf(parts):
            return {"all": [as_table(p) for p in parts]}


@given(_CONDITIONS)
def test_conditions_read_back_as_they_were_written(condition: conditions.Condition) -> None:
    assert conditions.read(as_table(condition)) == condition


@given(_CONDITIONS, _ANSWERS)
def test_any_and_all_mean_what_they_say(condition: conditions.Condition, answers: dict[str, object]) -> None:
    assert holds(AnyOf((condition,)), answers) == holds(condition, answers) == holds(AllOf((condition,)), answers)
    assert holds(AnyOf((condition, OneOf("a", ("never",)))), answers) == holds(condition, answers)
    assert not holds(AllOf((condition, OneOf("a", ("never",)))), answers)


@given(_CONDITIONS)
def test_without_answers_nothing_holds(condition: conditions.Condition) -> None:
    assert not holds(condition, {})


def test_a_yes_is_not_the_number_one() -> None:
    assert not holds(OneOf("a", (1,)), {"a": True})
    assert not holds(OneOf("a", (True,)), {"a": 1})
    assert holds(OneOf("a", ("x",)), {"a": ("y", "x")})
