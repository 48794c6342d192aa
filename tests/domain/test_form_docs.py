"""docs/forms.md says all there is: every key, type, place and kind; and the stranger's form uses every type."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import get_args

from coordination.assessment import form_reader as reader
from coordination.assessment import form_rules, forms
from coordination.assessment.model import PlanPlace, QuestionType, ScoreKind, SectionKind

HERE = Path(__file__).parents[2]
DOCS = (HERE / "docs" / "forms.md").read_text(encoding="utf-8")
STRANGER = HERE / "tests" / "forms" / "getting-out.toml"


def test_every_word_of_the_language_stands_in_the_docs() -> None:
    shapes = (
        reader._FORM,
        reader._SECTION,
        reader._QUESTION,
        reader._OPTION,
        reader._SCORE,
        reader._GOAL,
        reader._RANGE,
    )
    words = {key for shape in shapes for key in shape}
    words |= {*get_args(QuestionType), *get_args(SectionKind), *get_args(ScoreKind)} | set(get_args(PlanPlace))
    places = {"message." if place.startswith("message.") else place for place in form_rules.KNOWN_PLACES}
    words |= places | {"any", "all", "in", "equals", "at_least", "at_most", "of", "answered"}
    assert {word for word in words if word and not re.search(rf"\b{re.escape(word)}", DOCS)} == set()


def test_every_example_in_the_docs_is_toml() -> None:
    examples = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    assert len(examples) > 4
    for example in examples:
        if "…" not in example and not example.startswith("when ="):
            tomllib.loads(example)


def test_the_strangers_form_has_every_type_and_no_fault() -> None:
    form = forms.load(STRANGER.read_text(encoding="utf-8"))
    assert {q.type for q in form.questions()} == set(get_args(QuestionType))
    assert {s.kind for s in form.scores} == set(get_args(ScoreKind))
    assert forms.check([STRANGER]) == []
