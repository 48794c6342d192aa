"""The forms that come with the program: strengths first, the Care Act decision never made for anybody, A5, licences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from coordination.assessment import rules
from coordination.assessment.forms import load
from coordination.assessment.model import AnswerValue, Form
from tests.shared_data import shared

FORMS = {
    path.stem: load(path.read_text(encoding="utf-8"), path.name)
    for path in sorted((Path(resources.__file__).parent / "forms").glob("*.toml"))
}
ELIGIBILITY = FORMS["care-act-eligibility"]
UNABLE = ("assistance", "pain", "danger", "longer")


def asked(form: Form, values: dict[str, AnswerValue]) -> set[str]:
    return {q.id for q in rules.asked_questions(form, values)}


def test_every_form_that_was_asked_for_is_there() -> None:
    assert {form.id for form in FORMS.values()} == {
        "strengths-conversation", "core-assessment", "carers-assessment", "reablement-start", "reablement-end",
        "home-safety", "care-act-eligibility", "hospital-referral", "about-me", "health-gain",
    }  # fmt: skip
    for twice in ("reablement-start", "strengths-conversation"):
        assert {f.version for f in FORMS.values() if f.id == twice} == {1, 2}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_needs_come_after_a_conversation(name: str) -> None:
    """A2: in the form itself, or through the form that it comes after."""
    form = FORMS[name]
    kinds = [s.kind for s in form.sections]
    assert kinds[0] == "conversation"
    first = form.sections[0]
    assert first.when is None and any(q.required and q.when is None for q in first.questions)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_talks_like_people(name: str) -> None:
    """Short questions, and help where something could hurt or be misunderstood; British spelling."""
    form = FORMS[name]
    words = " ".join(
        f"{q.text} {q.help} {' '.join(o.label + ' ' + o.action for o in q.options)}" for q in form.questions()
    )
    for trade in ("patient", "client", "service user", "ADL", "mobilise", "toileting", "color", "behavior", "utilize"):
        assert trade not in words, trade
    for question in form.questions():
        assert len(question.text) <= 150, question.id


@pytest.mark.parametrize("name", sorted(FORMS))
def test_the_same_question_is_the_same_question(name: str) -> None:
    """The same id in two forms means the same: an answer can be carried, so it must fit."""
    for question in (q for q in FORMS[name].questions() if q.carry):
        for other in FORMS.values():
            twin = other.question(question.id)
            if twin is not None:
                assert twin.type == question.type, f"{other.id}.{question.id}"
                assert {o.value for o in twin.options} == {o.value for o in question.options}, question.id


def test_eligibility_has_the_ten_outcomes_in_the_words_of_the_regulations() -> None:
    said = json.loads(shared("assessments/scoring_rules.json").read_text(encoding="utf-8"))["care_act_eligibility"]
    texts = [q.text.replace("’", "'") for q in ELIGIBILITY.sections[2].questions]
    assert [t[0].lower() + t[1:] for t in texts[:10]] == said["outcomes"]
    decision = ELIGIBILITY.question("el_decision")
    assert decision is not None and decision.type == "choice" and not decision.known and not decision.carry
    assert len(decision.beside) == 12
    assert ELIGIBILITY.scores == ()
    reasons = ELIGIBILITY.question("el_reasons")
    assert reasons is not None and reasons.required


def outcomes(unable: int) -> dict[str, AnswerValue]:
    questions = ELIGIBILITY.sections[2].questions[:10]
    return {q.id: (UNABLE[n % 4],) if n < unable else ("achieves",) for n, q in enumerate(questions)}


@given(
    st.sampled_from(["eligible", "not_eligible", "not_decided"]),
    st.sampled_from(["yes", "no", "unclear"]),
    st.sampled_from(["yes", "no", "unclear"]),
    st.integers(0, 10),
)
def test_decision_and_answers_may_differ_and_then_only_the_reason_is_asked(
    decision: str, impairment: str, wellbeing: str, unable: int
) -> None:
    values: dict[str, AnswerValue] = {
        "el_decision": decision, "el_impairment": impairment, "el_wellbeing": wellbeing, **outcomes(unable),
    }  # fmt: skip
    shown = asked(ELIGIBILITY, values)
    against = decision == "eligible" and (impairment == "no" or wellbeing == "no" or unable < 2)
    for_it = decision == "not_eligible" and impairment == wellbeing == "yes" and unable >= 2
    assert ("el_differs_eligible" in shown) == against
    assert ("el_differs_not_eligible" in shown) == for_it
    # Whatever the answers are, the decision is the professional's: it is asked, and never filled in.
    assert "el_decision" in shown


def test_each_health_gain_prompt_is_a_question_a_few_words_and_an_offer() -> None:
    """A5."""
    form = FORMS["health-gain"]
    prompts = [s for s in form.sections if s.kind == "needs"]
    assert [s.id for s in prompts] == ["tobacco", "alcohol", "weight", "warmth", "falls", "loneliness"]
    for section in prompts:
        question, *rest = section.questions
        assert question.required and question.when is None
        talk = [q for q in rest if q.id.endswith("_talk")]
        offer = [q for q in rest if q.id.endswith("_next")]
        assert len(talk) == len(offer) == 1 and talk[0].when is not None and talk[0].when == offer[0].when
        assert offer[0].plan == "action" and any(o.service for o in offer[0].options)


def test_about_me_has_the_seven_headings_who_supported_it_and_the_date() -> None:
    headings = json.loads(shared("prsb/AboutMe.json").read_text(encoding="utf-8"))["dataset"][0]["concept"][0][
        "concept"
    ]
    names = [c["name"] for c in headings[0]["concept"]]
    texts = " / ".join(q.text for q in FORMS["about-me"].questions())
    for name in names[:7]:
        parts = ["Please do", "Please do not"] if name.startswith("Please") else [name]
        assert all(part in texts for part in parts), name
    assert "Supported to write this by" in texts and FORMS["about-me"].question("am_date") is not None
    assert "Professional Record Standards Body" in FORMS["about-me"].credit


def test_the_hospital_referral_has_the_headings_of_the_standard_and_none_of_its_text() -> None:
    standard = json.loads(shared("prsb/HospitalforCommunityCare.json").read_text(encoding="utf-8"))
    form = FORMS["hospital-referral"]
    words = " / ".join([*(s.title for s in form.sections), *(q.text for q in form.questions())]).lower()
    words = words.replace(",", "")
    # Identity, the council, and the notices are the record's and the messages' to say.
    elsewhere = {
        "Person demographics", "Local authority", "Assessment notice", "Discharge notice", "Withdrawal notice",
        "Notice receipt", "Additional support plans", "NHS CHC Assessment",
    }  # fmt: skip
    spelt = {
        "Alerts": "alerts", "Safeguarding": "safeguarding concerns", "Procedures and therapies": "procedures",
        "Treatments and interventions": "treatments",
        "Documents (including correspondence and images)": "documents",
    }  # fmt: skip
    for heading in standard["concept"]:
        if heading["name"] not in elsewhere:
            assert spelt.get(heading["name"], heading["name"]).lower() in words, heading["name"]
    descriptions = []

    def gather(part: dict[str, object]) -> None:
        descriptions.append(str(part.get("description", "")).strip())
        for inner in part.get("concept", []):  # type: ignore[attr-defined]
            gather(inner)

    gather(standard)
    text = " ".join(f"{q.text} {q.help}" for q in form.questions())
    assert not [d for d in descriptions if len(d) > 40 and d in text]
    assert "Professional Record Standards Body" in form.credit
